//! Where the `botocore` package is, and its EC2 files.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use serde_json::Value;

/// The files of one `botocore` release that the facts are taken from.
pub struct Source {
    /// Release of the package, `1.44.5`.
    pub version: String,
    /// `service-2.json`.
    pub service: Value,
    /// `paginators-1.json`.
    pub paginators: Value,
}

/// EC2's folder inside the package.
const EC2: &str = "data/ec2/2016-11-15";

/// Reads the package at `given`, else the one that the test venv's Python or the system's Python imports.
pub fn find(given: Option<&Path>, root: &Path) -> anyhow::Result<Source> {
    let package = match given {
        Some(folder) => package_root(folder)?,
        None => ask_python(root)?,
    };
    let version = version(&package)?;
    let service = read_json(&package.join(EC2).join("service-2.json"))?;
    let paginators = read_json(&package.join(EC2).join("paginators-1.json"))?;
    Ok(Source {
        version,
        service,
        paginators,
    })
}

fn package_root(folder: &Path) -> anyhow::Result<PathBuf> {
    let folder = folder
        .canonicalize()
        .with_context(|| format!("opening {}", folder.display()))?;
    folder
        .ancestors()
        .find(|candidate| candidate.join(EC2).is_dir() && candidate.join("__init__.py").is_file())
        .map(Path::to_path_buf)
        .ok_or_else(|| {
            anyhow!(
                "{} is not inside a botocore package: no {EC2} there",
                folder.display()
            )
        })
}

fn ask_python(root: &Path) -> anyhow::Result<PathBuf> {
    let venv = root.join("tests/.venv/bin/python");
    let pythons = [venv, PathBuf::from("python3")];
    for python in &pythons {
        let asked = Command::new(python)
            .args([
                "-c",
                "import botocore, os; print(os.path.dirname(botocore.__file__))",
            ])
            .output();
        if let Ok(answer) = asked
            && answer.status.success()
        {
            return package_root(Path::new(String::from_utf8_lossy(&answer.stdout).trim()));
        }
    }
    bail!(
        "no Python package `botocore`; install it into the test venv \
         (python3 -m venv tests/.venv && tests/.venv/bin/pip install botocore) or give --botocore DIR"
    )
}

fn version(package: &Path) -> anyhow::Result<String> {
    let init = package.join("__init__.py");
    let text =
        std::fs::read_to_string(&init).with_context(|| format!("reading {}", init.display()))?;
    text.lines()
        .find_map(|line| line.strip_prefix("__version__ = "))
        .map(|quoted| quoted.trim().trim_matches(['\'', '"']).to_owned())
        .with_context(|| format!("{} names no __version__", init.display()))
}

fn read_json(path: &Path) -> anyhow::Result<Value> {
    let packed = path.with_extension("json.gz");
    let text = if packed.is_file() {
        let mut text = String::new();
        let file = std::fs::File::open(&packed)?;
        flate2::read::GzDecoder::new(file)
            .read_to_string(&mut text)
            .with_context(|| format!("unpacking {}", packed.display()))?;
        text
    } else {
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?
    };
    serde_json::from_str(&text).with_context(|| format!("parsing {}", path.display()))
}
