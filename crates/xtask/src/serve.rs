//! `cargo xtask serve [options of stacklens serve]`: the page and the binary, built and started.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::{bundle, install, workspace};

/// Builds both and hands over to the binary.
///
/// # Errors
/// When a part does not build or the binary cannot start.
pub fn run(options: &[String]) -> Result<()> {
    let begun = Instant::now();
    let step = |what: &str| println!("[{:>4} s] {what}", begun.elapsed().as_secs());
    step("looking for the wasm target");
    install::wasm_target()?;
    step("building the page (wasm, optimised for size; minutes the first time)");
    bundle::bundle(true)?;
    step("building the release binary (minutes the first time)");
    let messages =
        workspace::build(&["--release", "--package", "stacklens", "--bin", "stacklens"])?;
    let binary = workspace::executables(&messages, "bin", "stacklens")
        .context("cargo built no binary named stacklens")?;
    step("starting");
    let options = match options {
        [first, rest @ ..] if first == "--" => rest,
        all => all,
    };
    become_program(Command::new(binary).arg("serve").args(options))
}

/// Puts the program in this one's place, so that signals reach it and its exit status is the one seen.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("starting stacklens")
}

/// Waits for the program; the terminal hands Ctrl-C to both.
#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<()> {
    let status = command.status().context("starting stacklens")?;
    std::process::exit(status.code().unwrap_or(1))
}
