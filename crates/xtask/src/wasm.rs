//! Packages of the workspace compiled for the browser's machine.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::workspace;

/// The target's name.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the libraries of packages together; the paths of the wasm files, in the same order.
///
/// # Errors
/// When one does not compile.
pub fn compile(packages: &[&str], profile: &str) -> Result<Vec<PathBuf>> {
    let mut arguments = vec!["--lib", "--target", TARGET, "--profile", profile];
    for package in packages {
        arguments.extend(["--package", package]);
    }
    let messages = workspace::build(&arguments).with_context(|| {
        format!(
            "{} does not compile for {TARGET}; if the target is missing: rustup target add {TARGET}",
            packages.join(" or ")
        )
    })?;
    packages
        .iter()
        .map(|package| {
            file(&messages, package)
                .with_context(|| format!("cargo named no wasm file of {package}"))
        })
        .collect()
}

/// The compiler says where it put the file; the target folder may be anywhere.
fn file(messages: &[Value], package: &str) -> Option<PathBuf> {
    let library = package.replace('-', "_");
    messages
        .iter()
        .filter(|message| message["target"]["name"] == library.as_str())
        .flat_map(|message| {
            message["filenames"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
        })
        .filter_map(|name| name.as_str().map(PathBuf::from))
        .find(|name| name.extension().is_some_and(|ending| ending == "wasm"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_library_is_found_though_its_name_has_no_hyphen() {
        let messages = [
            json!({ "target": { "name": "one" }, "filenames": ["/t/one.wasm"] }),
            json!({ "target": { "name": "one_more" }, "filenames": ["/t/x.rlib", "/t/one_more.wasm"] }),
        ];
        assert_eq!(file(&messages, "one-more"), Some("/t/one_more.wasm".into()));
        assert_eq!(file(&messages, "other"), None);
    }
}
