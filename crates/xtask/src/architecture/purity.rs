//! The crates without I/O, clock and chance: that each asks for the lints that say so, and depends on nothing that breaks it.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// The crates that get everything they know as arguments.
const PURE: &[&str] = &[
    "ec2-model",
    "ec2-wire",
    "moment",
    "openstack-wire",
    "rules",
    "packed-rules",
    "translator",
    "ingest",
    "simcloud",
    "cases",
    "workshop",
    "conformance",
];

/// What each of them says at its top; `clippy.toml` lists what is meant.
const DENIED: &str = "#![deny(clippy::disallowed_methods, clippy::disallowed_types)]";
/// What each library says at its top.
const DOCUMENTED: &str = "#![deny(missing_docs)]";

/// Packages that open connections, read clocks, or draw randomness, and have no place among the dependencies of a pure crate.
const FOREIGN: &[&str] = &[
    "async-std",
    "chrono",
    "fastrand",
    "getrandom",
    "hyper",
    "mio",
    "rand",
    "reqwest",
    "smol",
    "tempfile",
    "time",
    "tokio",
    "ureq",
    "web-time",
];

/// Libraries that do not ask for the lints, and foreign dependencies.
///
/// # Errors
/// When a library cannot be read.
pub fn faults(metadata: &Value) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let packages = metadata["packages"].as_array();
    for package in packages.into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let pure = PURE.contains(&name);
        if pure {
            faults.extend(foreign(name, package));
        }
        let Some(library) = library(package) else {
            if pure {
                faults.push(format!("{name} has no library"));
            }
            continue;
        };
        let text =
            std::fs::read_to_string(library).with_context(|| format!("reading {library}"))?;
        for line in [DOCUMENTED].into_iter().chain(pure.then_some(DENIED)) {
            if !asks(&text, line) {
                faults.push(format!("{library} lacks the line {line}"));
            }
        }
        if pure {
            let folder = Path::new(library).parent().unwrap_or(Path::new("."));
            faults.extend(excused(folder)?);
        }
    }
    Ok(faults)
}

fn library(package: &Value) -> Option<&str> {
    let targets = package["targets"].as_array()?;
    let is_library = |target: &&Value| {
        let kinds = target["kind"].as_array();
        kinds
            .into_iter()
            .flatten()
            .any(|kind| kind == "lib" || kind == "rlib")
    };
    targets.iter().find(is_library)?["src_path"].as_str()
}

fn asks(text: &str, line: &str) -> bool {
    text.lines().any(|found| found.trim() == line)
}

fn foreign(name: &str, package: &Value) -> Vec<String> {
    let dependencies = package["dependencies"].as_array();
    let used = dependencies.into_iter().flatten();
    used.filter(|dependency| dependency["kind"].is_null())
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|dependency| FOREIGN.contains(dependency))
        .map(|dependency| {
            format!("{name} does no I/O, reads no clock and draws no randomness; it must not depend on {dependency}")
        })
        .collect()
}

/// Places below a folder that switch the lints off again.
fn excused(folder: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            faults.extend(excused(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path)?;
            for (number, line) in text.lines().enumerate() {
                let switched = line.contains("allow(") || line.contains("expect(clippy");
                if switched && line.contains("clippy::disallowed") {
                    faults.push(format!(
                        "{}:{}: a pure crate makes no exception; take the value as an argument",
                        path.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::workspace;

    #[test]
    fn a_foreign_dependency_is_a_fault_outside_of_tests() {
        let package = json!({ "dependencies": [
            { "name": "serde", "kind": null },
            { "name": "rand", "kind": null },
            { "name": "tokio", "kind": "dev" },
        ] });
        let faults = foreign("rules", &package);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].contains("depend on rand"), "{faults:?}");
    }

    #[test]
    fn a_line_counts_only_by_itself() {
        assert!(asks("//! Text.\n#![deny(missing_docs)]\n", DOCUMENTED));
        assert!(!asks("//! #![deny(missing_docs)]\n", DOCUMENTED));
    }

    /// A package of one file beside the workspace's `clippy.toml`, with one use of everything that is banned.
    #[test]
    fn clippy_refuses_what_pure_crates_must_not_do() {
        let folder = std::env::temp_dir().join(format!("stacklens-planted-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(
            folder.join("Cargo.toml"),
            "[package]\nname = \"planted\"\nedition = \"2024\"\n[workspace]\n",
        )
        .unwrap();
        let uses: String = PLANTED
            .iter()
            .enumerate()
            .map(|(number, code)| format!("pub fn f{number}() {{ {code} }}\n"))
            .collect();
        std::fs::write(
            folder.join("src/lib.rs"),
            format!("#![allow(unused)]\n{DENIED}\n{uses}"),
        )
        .unwrap();
        let output = workspace::cargo(&[
            "clippy",
            "--quiet",
            "--offline",
            "--message-format",
            "short",
        ])
        .current_dir(&folder)
        .env("CLIPPY_CONF_DIR", workspace::root())
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{told}");
        assert!(
            !told.contains("clippy.toml"),
            "a line of clippy.toml is wrong:\n{told}"
        );
        for (number, code) in PLANTED.iter().enumerate() {
            let line = format!("src/lib.rs:{}:", number + 3);
            assert!(
                told.lines()
                    .any(|said| said.contains(&line) && said.contains("disallowed")),
                "clippy lets pass: {code}\n{told}"
            );
        }
    }

    const PLANTED: &[&str] = &[
        "std::env::var(\"HOME\").ok();",
        "std::env::var_os(\"HOME\");",
        "std::env::vars();",
        "std::env::args();",
        "std::env::current_dir().ok();",
        "std::fs::read(\"x\").ok();",
        "std::fs::read_to_string(\"x\").ok();",
        "std::fs::write(\"x\", \"\").ok();",
        "std::fs::read_dir(\".\").ok();",
        "std::fs::File::open(\"x\").ok();",
        "std::time::SystemTime::now();",
        "std::time::Instant::now();",
        "std::thread::sleep(std::time::Duration::ZERO);",
        "std::thread::spawn(|| ());",
        "std::process::exit(0);",
        "std::process::abort();",
        "std::process::Command::new(\"x\");",
        "std::net::TcpStream::connect(\"x:1\").ok();",
        "std::net::TcpListener::bind(\"x:1\").ok();",
        "std::net::UdpSocket::bind(\"x:1\").ok();",
        "std::io::stdin();",
        "std::io::stdout();",
        "std::io::stderr();",
        "std::hash::RandomState::new();",
    ];
}
