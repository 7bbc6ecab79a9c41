//! Packs the rules, so that the page carries no reader of rule files, and the facts of the actions that have a rule.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // The rules are in this script: when they change, it is built and run again.
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let rules = rules::Rules::built_in();
    fs::write(folder.join("rules.packed"), rules.pack())?;
    let names: Vec<&str> = rules.actions.keys().map(String::as_str).collect();
    let (table, names) = ec2_model::few(&names);
    fs::write(folder.join("facts.bin"), table)?;
    fs::write(folder.join("names.txt"), names)
}
