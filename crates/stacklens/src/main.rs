//! stacklens
fn main() {}
