//! What the tasks need of the machine: looked for, and installed where that is allowed.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::{process, wasm, workspace};

/// Longest that a download may take.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// The compiler's libraries for wasm.
///
/// # Errors
/// When they are missing and rustup cannot add them.
pub fn wasm_target() -> Result<()> {
    let folder = Command::new("rustc")
        .current_dir(workspace::root())
        .args(["--print", "target-libdir", "--target", wasm::TARGET])
        .output()
        .context("starting rustc")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&folder.stdout).trim());
    if folder.is_dir() {
        return Ok(());
    }
    println!("installing the compiler's libraries for {}", wasm::TARGET);
    rustup(&["target", "add", wasm::TARGET]).with_context(|| {
        format!(
            "the page needs the Rust target {0}, which is not installed and could not be added; \
             with rustup: rustup target add {0}. A Rust from elsewhere brings it in a package of its own",
            wasm::TARGET
        )
    })
}

/// `cargo fmt` and `cargo clippy`.
///
/// # Errors
/// When one is missing and rustup cannot add it.
pub fn component(name: &str) -> Result<()> {
    let subcommand = name.trim_start_matches("rust");
    let there = workspace::cargo(&[subcommand, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if there {
        return Ok(());
    }
    rustup(&["component", "add", name]).with_context(|| {
        format!("{name} is not installed; with rustup: rustup component add {name}")
    })
}

fn rustup(arguments: &[&str]) -> Result<()> {
    process::run(
        Command::new("rustup")
            .current_dir(workspace::root())
            .args(arguments),
        PATIENCE,
    )
}

/// Programs that come with packages of the system.
///
/// # Errors
/// When one is missing and this user may not install it, with the command that would.
pub fn programs(wanted: &[&str], packages: &[&str]) -> Result<()> {
    let missing = || -> Vec<&str> {
        let absent = wanted.iter().filter(|program| !process::exists(program));
        absent.copied().collect()
    };
    if missing().is_empty() {
        return Ok(());
    }
    let by_hand = format!(
        "{} not found; on Debian: apt-get install --no-install-recommends {}",
        missing().join(", "),
        packages.join(" ")
    );
    ensure!(
        process::exists("apt-get"),
        "{by_hand}; elsewhere, the packages of the same programs"
    );
    ensure!(
        is_root()?,
        "{by_hand} (as root; this user may not install packages)"
    );
    println!("installing {}", packages.join(", "));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        process::run(&mut command, PATIENCE)
    };
    let install = [
        &["install", "--yes", "--quiet", "--no-install-recommends"],
        packages,
    ]
    .concat();
    apt(&["update", "--quiet"])
        .and_then(|()| apt(&install))
        .with_context(|| by_hand.clone())?;
    ensure!(missing().is_empty(), "{by_hand}");
    Ok(())
}

fn is_root() -> Result<bool> {
    let id = Command::new("id")
        .arg("-u")
        .output()
        .context("starting id")?;
    Ok(id.stdout.trim_ascii() == b"0")
}

/// The Python of the tests' own environment, `tests/.venv`, with the packages of `tests/clients/requirements.txt`.
///
/// # Errors
/// When the environment cannot be made.
pub fn python() -> Result<PathBuf> {
    let folder = workspace::root().join("tests/.venv");
    let requirements = workspace::root().join("tests/clients/requirements.txt");
    let wanted = std::fs::read(&requirements)
        .with_context(|| format!("reading {}", requirements.display()))?;
    let hash: String = Sha256::digest(&wanted)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mark = folder.join("requirements.sha256");
    let python = folder.join("bin/python");
    if python.exists() && std::fs::read_to_string(&mark).is_ok_and(|made| made == hash) {
        return Ok(python);
    }
    println!(
        "installing the Python packages of {} into {}",
        requirements.display(),
        folder.display()
    );
    make_venv(&folder)?;
    let mut install = Command::new(&python);
    install
        .args([
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar",
            "off",
        ])
        .arg("--requirement")
        .arg(&requirements);
    process::run(&mut install, PATIENCE).context("the Python packages could not be installed")?;
    std::fs::write(&mark, hash).with_context(|| format!("writing {}", mark.display()))?;
    Ok(python)
}

fn make_venv(folder: &std::path::Path) -> Result<()> {
    ensure!(
        process::exists("python3"),
        "python3 not found; the client tests need Python 3.11 or later"
    );
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(folder);
    if process::run(&mut make, PATIENCE).is_ok() {
        return Ok(());
    }
    // Debian's python3 comes without the module that makes environments.
    if process::exists("apt-get") && is_root()? {
        let mut install = Command::new("apt-get");
        install
            .args(["install", "--yes", "--quiet", "python3-venv"])
            .env("DEBIAN_FRONTEND", "noninteractive");
        process::run(&mut install, PATIENCE)?;
        return process::run(&mut make, PATIENCE);
    }
    bail!(
        "python3 -m venv {} failed; on Debian: apt-get install python3-venv",
        folder.display()
    )
}

/// The packages of a folder's `package-lock.json`, as npm installs them.
///
/// # Errors
/// When npm is missing or cannot install them.
pub fn node_packages(folder: &str) -> Result<()> {
    let folder = workspace::root().join(folder);
    let lock = std::fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("reading {}/package-lock.json", folder.display()))?;
    let mark = folder.join("node_modules/.installed");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    ensure!(process::exists("npm"), "npm not found; it comes with Node");
    println!("installing the packages of {}", folder.display());
    let mut install = Command::new("npm");
    install
        .current_dir(&folder)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    process::run(&mut install, PATIENCE).context("npm could not install them")?;
    std::fs::write(&mark, lock).with_context(|| format!("writing {}", mark.display()))
}

/// Node, which runs the wasm of the parity check.
///
/// # Errors
/// When it is missing or older than 20.
pub fn node() -> Result<()> {
    let output = Command::new("node").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let major = version
        .as_deref()
        .ok()
        .and_then(|version| version.trim_start_matches('v').split('.').next())
        .and_then(|major| major.parse::<u32>().ok());
    match (major, version) {
        (Some(20..), _) => Ok(()),
        (_, Ok(version)) => bail!("Node 20 or later is needed to run wasm; found {version}"),
        (_, Err(_)) => bail!("Node 20 or later is needed to run wasm; there is no program `node`"),
    }
}
