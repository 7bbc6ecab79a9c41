//! `cargo xtask openstack up|down|status|…`: a real OpenStack on loopback, by the harness in `tests/openstack`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::{install, process, workspace};

/// Exit status with which the harness says that this machine cannot run the cloud.
const CANNOT: i32 = 3;
/// Longest that all cases and scenarios may take, most of them by two clients.
const EVIDENCE: Duration = Duration::from_secs(2 * 60 * 60);

/// Hands the words to the harness; whether it succeeded. It says itself what failed.
///
/// # Errors
/// When there is no Python to run it.
pub fn run(words: &[String]) -> Result<bool> {
    if words == ["evidence"] {
        return evidence().map(|()| true);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let status = harness(&words)?
        .status()
        .context("starting the harness of tests/openstack")?;
    Ok(status.success())
}

/// Runs all cases and scenarios on the real cloud and writes what was seen to `crates/rules/evidence/openstack.json`.
fn evidence() -> Result<()> {
    let program = workspace::executable("bin", "stacklens")?;
    let python = install::python()?;
    let folder = workspace::root().join("tests/output/evidence");
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    // A copy, since somebody may build while this runs for long.
    let copy = folder.join("stacklens");
    std::fs::copy(&program, &copy).with_context(|| format!("copying {}", program.display()))?;
    // Everything is tried in projects of its own, so what others have in a running cloud may stay.
    let cloud = Cloud::up()?;
    let mut pytest = Command::new(&python);
    pytest
        .current_dir(workspace::root())
        .args(["-m", "pytest", "-p", "no:cacheprovider"])
        .args([
            "tests/openstack/test_scenarios.py",
            "tests/openstack/test_cases.py",
        ])
        .envs(cloud.variables()?)
        .env("STACKLENS_PROGRAM", copy)
        .env("STACKLENS_CASES", "all")
        .env("STACKLENS_EVIDENCE", &folder)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    // What differs is told; what was as expected is evidence all the same.
    let tested = process::run(&mut pytest, EVIDENCE);
    let mut write = Command::new(&python);
    write
        .arg(workspace::root().join("tests/openstack/evidence.py"))
        .arg(&folder);
    process::run(&mut write, EVIDENCE)?;
    tested
}

/// Why this machine cannot run the cloud; `None` when it can.
///
/// # Errors
/// When the harness cannot be asked.
pub fn obstacle() -> Result<Option<String>> {
    let Ok(mut check) = harness(&["check"]) else {
        return Ok(Some("there is no Python 3".to_owned()));
    };
    let output = check
        .output()
        .context("starting the harness of tests/openstack")?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    match output.status.code() {
        Some(0) => Ok(None),
        Some(CANNOT) => Ok(Some(said)),
        _ => bail!("{said}"),
    }
}

/// A running cloud. When dropped it is taken down, unless it was found running.
pub struct Cloud {
    found: bool,
}

impl Cloud {
    /// Brings it up, if it is not.
    ///
    /// # Errors
    /// When it does not come up; then what did is taken down.
    pub fn up() -> Result<Self> {
        let cloud = Self {
            found: harness(&["status"])?
                .output()
                .is_ok_and(|output| output.status.success()),
        };
        succeed("up")?;
        Ok(cloud)
    }

    /// Deletes what earlier runs left in it.
    ///
    /// # Errors
    /// When something cannot be deleted.
    pub fn wipe(&self) -> Result<()> {
        succeed("wipe")
    }

    /// What points programs at the cloud.
    ///
    /// # Errors
    /// When it is not up.
    pub fn variables(&self) -> Result<BTreeMap<String, String>> {
        let output = harness(&["status", "--format", "env"])?
            .output()
            .context("starting the harness of tests/openstack")?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(exports(&String::from_utf8_lossy(&output.stdout)))
    }
}

fn succeed(command: &str) -> Result<()> {
    ensure!(
        run(&[command.to_owned()])?,
        "openstack {command} failed, as told above"
    );
    Ok(())
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if self.found {
            return;
        }
        if let Err(error) = run(&["down".to_owned()]) {
            eprintln!("openstack down: {error:#}");
        }
    }
}

/// `export NAME=value` lines; a value in quotes has none inside.
fn exports(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect()
}

fn harness(words: &[&str]) -> Result<Command> {
    let mut command = Command::new(python()?);
    command
        .args(["-m", "harness"])
        .args(words)
        .env("PYTHONPATH", workspace::root().join("tests/openstack"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null());
    Ok(command)
}

/// Python 3.11 where it is, else the system's own, which then says what it lacks.
fn python() -> Result<PathBuf> {
    let works = |name: &&&str| {
        Command::new(name)
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if let Some(name) = ["python3.11", "python3"].iter().find(works) {
        return Ok(name.into());
    }
    install::programs(&["python3"], &["python3", "python3-venv"])?;
    ensure!(process::exists("python3"), "python3 not found");
    Ok("python3".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_become_variables() {
        let found = exports("export A=b\nexport FILE='/a b/c.yaml'\nnothing\n");
        assert_eq!(
            found,
            BTreeMap::from([
                ("A".to_owned(), "b".to_owned()),
                ("FILE".to_owned(), "/a b/c.yaml".to_owned()),
            ])
        );
    }
}
