//! Takes the examples of the page from the cases in `tests/cases/gallery`, which test them, and the versions of the rules
//! from their files.

#[path = "build/pins.rs"]
mod pins;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;

/// What the page reads of a case file.
#[derive(Deserialize)]
struct Case {
    title: String,
    example: Place,
    request: String,
}

#[derive(Deserialize)]
struct Place {
    task: String,
    order: u32,
}

/// What a case names by the answer of an earlier step, the page fills in from its own cloud.
const PLACEHOLDERS: [(&str, &str); 5] = [
    ("${images.Images[0].ImageId}", "{ami}"),
    ("${first.Instances[0].InstanceId}", "{i}"),
    ("${data.VolumeId}", "{vol}"),
    ("${groups.SecurityGroups[0].GroupId}", "{sg}"),
    ("${vpc.Vpc.VpcId}", "{vpc}"),
];

fn main() -> Result<(), Box<dyn Error>> {
    // Asked when it runs: a build script compiled for another clone may be the one that runs here.
    let folder_of_crate = env::var("CARGO_MANIFEST_DIR")?;
    let folder = Path::new(&folder_of_crate).join("../../tests/cases/gallery");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let mut cases = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            cases.push(read(&path)?);
        }
    }
    cases.sort_by_key(|case| case.example.order);
    let mut code = format!(
        "/// The examples; those of one task stand together. The first one is in the page before the program is.\npub const ALL: [Example; {}] = [\n",
        cases.len()
    );
    for case in &cases {
        writeln!(
            code,
            "    Example {{ task: {:?}, title: {:?}, request: {:?} }},",
            case.example.task, case.title, case.request
        )?;
    }
    code.push_str("];\n");
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("examples.rs"),
        code,
    )?;
    let rules = Path::new(&folder_of_crate).join("../rules/ec2");
    println!("cargo::rerun-if-changed={}", rules.display());
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("pins.rs"),
        pins::source(&rules)?,
    )?;
    Ok(())
}

fn read(path: &Path) -> Result<Case, Box<dyn Error>> {
    let mut case: Case = serde_saphyr::from_str(&fs::read_to_string(path)?)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    for (reference, placeholder) in PLACEHOLDERS {
        case.request = case.request.replace(reference, placeholder);
    }
    case.request.truncate(case.request.trim_end().len());
    match case.request.split_once("${") {
        None => Ok(case),
        Some((_, unknown)) => {
            let name = unknown.split('}').next().unwrap_or_default();
            Err(format!("{}: the page cannot fill in ${{{name}}}", path.display()).into())
        }
    }
}
