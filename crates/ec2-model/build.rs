//! Turns `data/*.txt` into string pool and record table, so that the crate looks things up in place and parses nothing.

#[path = "build/facts.rs"]
mod facts;
#[path = "build/pack.rs"]
mod pack;

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build");
    let read = |name: &str| {
        let path = Path::new("data").join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let (actions, shapes) = (read("actions.txt"), read("shapes.txt"));
    let facts = facts::parse(&actions, &shapes);
    let packed = pack::pack(&facts);
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);
    for (name, bytes) in [
        ("pool.txt", packed.pool.as_bytes()),
        ("table.bin", &packed.table),
        ("layout.rs", packed.layout.as_bytes()),
    ] {
        std::fs::write(out.join(name), bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
