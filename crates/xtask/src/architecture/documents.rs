//! The documents name only what exists: paths and steps in backticks are looked up.

use std::path::Path;

use anyhow::{Context, Result};

/// Documents of the whole project.
const DOCUMENTS: &[&str] = &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
/// How a path of the project begins.
const PLACES: &[&str] = &["crates/", "tests/", "www/", ".ci/"];
/// What a build makes.
const MADE: &[&str] = &["www/dist", "tests/.venv", "tests/output"];

/// Paths that do not exist, tests that are not there, and documents that are missing.
///
/// # Errors
/// When a document cannot be read.
pub fn faults(root: &Path) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for name in DOCUMENTS {
        let path = root.join(name);
        if !path.is_file() {
            faults.push(format!("{name} is missing"));
            continue;
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
        for (number, line) in text.lines().enumerate() {
            for word in quoted(line) {
                if let Some(fault) = unknown(root, word) {
                    faults.push(format!("{name}:{}: {fault}", number + 1));
                }
            }
        }
    }
    Ok(faults)
}

/// What stands in backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Why a word names nothing. `crates/x/tests/y.rs::name` names a function of the file.
fn unknown(root: &Path, word: &str) -> Option<String> {
    let (path, function) = match word.split_once("::") {
        Some((path, function)) => (path, Some(function)),
        None => (word, None),
    };
    let concrete = !path.contains(['<', '*', ' ', '…', '{']);
    if !concrete
        || !PLACES.iter().any(|place| path.starts_with(place))
        || MADE.iter().any(|made| path.starts_with(made))
    {
        return None;
    }
    let full = root.join(path);
    if !full.exists() {
        return Some(format!("there is no {path}"));
    }
    let function = function?;
    let text = std::fs::read_to_string(full).unwrap_or_default();
    (!text.contains(&format!("fn {function}(")))
        .then(|| format!("{path} has no function {function}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn only_what_is_missing_is_told() {
        let root = workspace::root();
        for (word, told) in [
            ("crates/xtask/src/main.rs", None),
            (
                "crates/xtask/src/gone.rs",
                Some("there is no crates/xtask/src/gone.rs"),
            ),
            ("crates/xtask/src/main.rs::main", None),
            (
                "crates/xtask/src/main.rs::mean",
                Some("has no function mean"),
            ),
            ("crates/rules/ec2/<resource>/X.yaml", None),
            ("www/dist", None),
            ("cargo xtask test", None),
        ] {
            let found = unknown(&root, word);
            match told {
                None => assert_eq!(found, None, "{word}"),
                Some(told) => assert!(
                    found.as_deref().unwrap_or_default().contains(told),
                    "{word}: {found:?}"
                ),
            }
        }
    }

    #[test]
    fn backticks_come_in_pairs() {
        let line = "see `a/b` and `c`, not d";
        assert_eq!(quoted(line).collect::<Vec<_>>(), ["a/b", "c"]);
    }
}
