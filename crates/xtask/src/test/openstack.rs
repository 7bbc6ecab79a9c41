//! The tests of `tests/openstack`: a real OpenStack is brought up for them and taken down after.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::CannotRun;
use super::steps::forget_clouds;
use crate::openstack::{Cloud, obstacle};
use crate::{install, process, workspace};

/// Longest that the tests may run once the cloud is up.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Brings the cloud up and runs pytest; the tests start gateways of their own.
///
/// # Errors
/// `CannotRun` when this machine cannot run the cloud; else when it does not come up or a test fails.
pub fn check() -> Result<()> {
    if let Some(reason) = obstacle()? {
        return Err(CannotRun(reason).into());
    }
    let program = workspace::executable("bin", "stacklens")?;
    let python = install::python()?;
    let cloud = Cloud::up()?;
    cloud.wipe()?;
    let mut pytest = Command::new(python);
    forget_clouds(&mut pytest);
    pytest
        .current_dir(workspace::root())
        .args(["-m", "pytest", "-p", "no:cacheprovider", "--durations=10"])
        // Services on a busy machine miss a moment now and then; what fails twice fails. The report names both.
        .args(["--reruns", "1", "-r", "fER"])
        .arg("tests/openstack")
        .envs(cloud.variables()?)
        .env("STACKLENS_PROGRAM", program)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    process::run(&mut pytest, LIMIT)
}
