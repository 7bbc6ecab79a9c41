//! Where the workspace is, and cargo as it is called everywhere.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .unwrap_or(manifest)
        .to_path_buf()
}

/// A cargo command at the workspace's root.
pub fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root()).args(arguments);
    command
}

/// What `cargo metadata` says of the workspace's own packages.
///
/// # Errors
/// When cargo cannot read a manifest.
pub fn metadata() -> Result<Value> {
    let output = cargo(&["metadata", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed");
    }
    serde_json::from_slice(&output.stdout).context("reading what cargo metadata says")
}

/// Builds with cargo, whose progress and warnings are shown, and gives the messages that name what was built.
///
/// # Errors
/// When it does not compile.
pub fn build(arguments: &[&str]) -> Result<Vec<Value>> {
    let output = cargo(&["build", "--message-format", "json-render-diagnostics"])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .context("starting cargo")?;
    if !output.status.success() {
        bail!("cargo build {} failed", arguments.join(" "));
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}

/// Builds a binary or example of the workspace in the dev profile; its path.
///
/// # Errors
/// When it does not compile, or there is none of this name.
pub fn executable(kind: &str, name: &str) -> Result<PathBuf> {
    // Features are resolved over what is selected. With the whole workspace and an example selected they come out as in
    // `cargo test --workspace`, and nothing is compiled a second time.
    let selection = ["--workspace", "--example", "lint"];
    let flag = format!("--{kind}");
    let own: &[&str] = if (kind, name) == ("example", "lint") {
        &[]
    } else {
        &[flag.as_str(), name]
    };
    let messages = build(&[&selection, own].concat())?;
    executables(&messages, kind, name)
        .with_context(|| format!("cargo built no {kind} named {name}"))
}

/// The path of an executable among cargo's messages.
pub fn executables(messages: &[Value], kind: &str, name: &str) -> Option<PathBuf> {
    messages
        .iter()
        .filter(|message| message["target"]["name"] == name && message["target"]["kind"][0] == kind)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_root_holds_the_workspace_manifest() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"));
    }

    #[test]
    fn an_executable_is_found_by_kind_and_name() {
        let messages = [
            json!({ "target": { "name": "a", "kind": ["lib"] }, "executable": null }),
            json!({ "target": { "name": "a", "kind": ["bin"] }, "executable": "/t/a" }),
        ];
        assert_eq!(
            executables(&messages, "bin", "a"),
            Some(PathBuf::from("/t/a"))
        );
        assert_eq!(executables(&messages, "bin", "b"), None);
        assert_eq!(executables(&messages, "example", "a"), None);
    }
}
