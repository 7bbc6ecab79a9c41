//! Lists the stories, so that they are part of the program wherever it runs.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let root = manifest.join("../../tests/scenarios");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut list = String::from("static STORIES: &[(&str, &str)] = &[\n");
    let mut files = Vec::new();
    for entry in fs::read_dir(&root)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    for path in &files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let full = fs::canonicalize(path)?.display().to_string();
        writeln!(list, "    ({name:?}, include_str!({full:?})),").map_err(io::Error::other)?;
    }
    list.push_str("];\n");
    for (constant, file) in [("NEEDS", "needs.yaml"), ("UNDO", "undo.yaml")] {
        let path = root.join("setup").join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        let full = fs::canonicalize(path)?.display().to_string();
        writeln!(list, "static {constant}: &str = include_str!({full:?});")
            .map_err(io::Error::other)?;
    }
    fs::write(
        PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?).join("stories.rs"),
        list,
    )
}
