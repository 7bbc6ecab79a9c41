//! The steps, cheap ones first.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::{Step, openstack, parity, size};
use crate::server::Server;
use crate::{architecture, bundle, fuzz, install, model, process, wasm, workspace};

/// Every step, in the order in which they run.
pub const STEPS: &[Step] = &[
    Step {
        name: "architecture",
        about: "only allowed dependencies between crates, tidy files, documents that name what exists",
        check: architecture,
    },
    Step {
        name: "format",
        about: "every Rust file as cargo fmt writes it",
        check: format,
    },
    Step {
        name: "lint",
        about: "no warning of the compiler or clippy, natively and for wasm",
        check: lint,
    },
    Step {
        name: "unit",
        about: "unit, property, integration and documentation tests of all crates",
        check: unit,
    },
    Step {
        name: "rules",
        about: "the rule files are sound; their schema and reference are current",
        check: rules,
    },
    Step {
        name: "cases",
        about: "every case gives its calls, ledger and answer, by itself and on the simulated cloud",
        check: cases,
    },
    Step {
        name: "model",
        about: "the EC2 facts are what botocore gives",
        check: model,
    },
    Step {
        name: "bundle",
        about: "the page builds and keeps its budget",
        check: bundle,
    },
    Step {
        name: "parity",
        about: "every case gives the same bytes natively and as wasm",
        check: parity::check,
    },
    Step {
        name: "clients",
        about: "boto3, the AWS CLI and the openstack command against a running server",
        check: clients,
    },
    Step {
        name: "browser",
        about: "the page in Chromium, from a running server",
        check: browser,
    },
    Step {
        name: "openstack",
        about: "the gateway on a real OpenStack: its stories, and what it does when services fail",
        check: openstack::check,
    },
    Step {
        name: "fuzz",
        about: "a short search for input that makes a reader fail",
        check: fuzz,
    },
];

/// Longest that a step's program may run: compiling everything on a slow machine, with some to spare.
const LIMIT: Duration = Duration::from_secs(25 * 60);
/// Seconds for each fuzz target.
const FUZZING: &str = "8";

fn cargo(arguments: &[&str]) -> Result<()> {
    process::run(&mut workspace::cargo(arguments), LIMIT)
}

fn architecture() -> Result<()> {
    let report = architecture::check()?;
    for note in &report.notes {
        println!("{note}");
    }
    ensure!(report.faults.is_empty(), "{}", report.faults.join("\n"));
    Ok(())
}

fn format() -> Result<()> {
    install::component("rustfmt")?;
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&[
        "fmt",
        "--all",
        "--check",
        "--manifest-path",
        "tests/fuzz/Cargo.toml",
    ])
}

fn lint() -> Result<()> {
    install::component("clippy")?;
    install::wasm_target()?;
    let deny = ["--", "-D", "warnings"];
    let native = ["clippy", "--workspace", "--all-targets"];
    cargo(&[&native[..], &deny].concat())?;
    let page = [
        "clippy",
        "--package",
        "playground",
        "--target",
        wasm::TARGET,
    ];
    cargo(&[&page[..], &deny].concat())
}

fn unit() -> Result<()> {
    cargo(&["test", "--workspace", "--no-fail-fast"])
}

fn rules() -> Result<()> {
    let linter = workspace::executable("example", "lint")?;
    process::run(&mut Command::new(linter), LIMIT)?;
    integration_tests("rules", "generated")
}

fn cases() -> Result<()> {
    let folder = workspace::root().join("tests/cases");
    ensure!(
        holds(&folder, &|name| name.ends_with(".yaml")),
        "there is no case in {}",
        folder.display()
    );
    integration_tests("cases", "cases")
}

/// Runs one file of integration tests. The whole workspace is selected for its features, which keeps what was compiled.
fn integration_tests(package: &str, name: &str) -> Result<()> {
    let file = format!("crates/{package}/tests/{name}.rs");
    ensure!(
        workspace::root().join(&file).is_file(),
        "{file} is missing: it holds this step's tests"
    );
    cargo(&["test", "--workspace", "--test", name])
}

fn model() -> Result<()> {
    let python = install::python()?;
    let ask = "import botocore, os; print(os.path.dirname(botocore.__file__))";
    let output = Command::new(python)
        .args(["-c", ask])
        .output()
        .context("starting the tests' Python")?;
    ensure!(
        output.status.success(),
        "the tests' Python has no botocore: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    model::run(&["--check".to_owned(), "--botocore".to_owned(), folder])
}

fn bundle() -> Result<()> {
    install::wasm_target()?;
    bundle::bundle(true)?;
    size::check(&workspace::root().join("www/dist"))
}

/// A fresh server. In the dev profile it reads the page from `www/dist` while it runs.
fn server() -> Result<Server> {
    Server::start(&workspace::executable("bin", "stacklens")?)
}

fn clients() -> Result<()> {
    let folder = workspace::root().join("tests/clients");
    ensure!(
        holds(&folder, &|name| name.starts_with("test_")
            && name.ends_with(".py")),
        "there is no client test in {}",
        folder.display()
    );
    let python = install::python()?;
    let server = server()?;
    let mut pytest = Command::new(python);
    pytest
        .current_dir(workspace::root())
        .args(["-m", "pytest", "-p", "no:cacheprovider", "--durations=5"])
        .arg(&folder)
        .env("STACKLENS_URL", &server.url)
        .env(
            "STACKLENS_PROGRAM",
            workspace::executable("bin", "stacklens")?,
        )
        .env("PYTHONDONTWRITEBYTECODE", "1");
    forget_clouds(&mut pytest);
    process::run(&mut pytest, LIMIT)
}

/// Whoever runs the tests may have a cloud of their own; no test may reach it.
pub fn forget_clouds(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("AWS_") || text.starts_with("OS_") {
            command.env_remove(&name);
        }
    }
}

fn browser() -> Result<()> {
    install::programs(
        &["chromium", "chromedriver"],
        &["chromium", "chromium-driver"],
    )?;
    install::node_packages("tests/browser")?;
    if !workspace::root().join("www/dist/index.html").is_file() {
        bundle()?;
    }
    let checks = workspace::executable("bin", "browser-tests")?;
    let server = server()?;
    let mut checks = Command::new(checks);
    checks
        .current_dir(workspace::root())
        .env("STACKLENS_URL", format!("{}/", server.url));
    process::run(&mut checks, LIMIT)
}

fn fuzz() -> Result<()> {
    if !process::exists("c++") && !process::exists("clang++") {
        install::programs(&["g++"], &["g++"])?;
    }
    fuzz::run(&["--seconds".to_owned(), FUZZING.to_owned()])
}

/// Whether a file of such a name lies in the folder or below.
fn holds(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            holds(&path, wanted)
        } else {
            path.file_name()
                .and_then(|name| name.to_str())
                .is_some_and(wanted)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_lies_below_it() {
        let root = workspace::root();
        assert!(holds(&root.join("crates/xtask"), &|name| name == "steps.rs"));
        assert!(!holds(&root.join("crates/xtask"), &|name| name == "no.rs"));
        assert!(!holds(&root.join("nowhere"), &|_| true));
    }

    #[test]
    fn a_missing_part_fails_its_step() {
        let error = integration_tests("rules", "nothing").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("crates/rules/tests/nothing.rs is missing")
        );
    }
}
