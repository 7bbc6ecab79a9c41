//! Packages of the workspace compiled for the browser's machine.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::workspace;

/// The target's name.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the library of a package; the path of the wasm file.
///
/// # Errors
/// When it does not compile.
pub fn compile(package: &str, profile: &str) -> Result<PathBuf> {
    let messages = workspace::build(&[
        "--package", package, "--lib", "--target", TARGET, "--profile", profile,
    ])
    .with_context(|| {
        format!("{package} does not compile for {TARGET}; if the target is missing: rustup target add {TARGET}")
    })?;
    // The compiler says where it put the file; the target folder may be anywhere.
    messages
        .iter()
        .filter(|message| message["target"]["name"] == package)
        .flat_map(|message| {
            message["filenames"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
        })
        .filter_map(|name| name.as_str().map(PathBuf::from))
        .find(|name| name.extension().is_some_and(|ending| ending == "wasm"))
        .context("cargo named no wasm file")
}
