//! Rebuilds the binary when the bundle of the page changes; without this a stale one would stay embedded.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../www/dist");
}
