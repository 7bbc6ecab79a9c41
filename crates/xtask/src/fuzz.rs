//! `cargo xtask fuzz [TARGET...] [--seconds N]`: builds the targets in `tests/fuzz` with coverage and runs each for a while.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};

/// What libFuzzer needs of the compiler; a stable one takes all of it.
const FLAGS: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Runs the task.
///
/// # Errors
/// When a target does not build, or finds an input that makes it fail; the message names the file that holds the input.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let mut seconds = 10_u64;
    let mut wanted = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--seconds" => {
                let number = rest.next().context("--seconds wants a number")?;
                seconds = number
                    .parse()
                    .with_context(|| format!("--seconds wants a number, not \"{number}\""))?;
            }
            option if option.starts_with('-') => {
                bail!("fuzz knows --seconds N and target names, not \"{option}\"")
            }
            target => wanted.push(target.to_owned()),
        }
    }
    let folder = workspace_root().join("tests/fuzz");
    let targets = targets(&folder, wanted)?;
    let built = workspace_root().join("target/fuzz");
    build(&folder, &built)?;
    for target in targets {
        run_target(&folder, &built, &target, seconds)?;
    }
    Ok(())
}

/// The wanted targets, or all.
fn targets(folder: &Path, wanted: Vec<String>) -> anyhow::Result<Vec<String>> {
    let mut known = Vec::new();
    for entry in std::fs::read_dir(folder.join("targets")).context("reading tests/fuzz/targets")? {
        let path = entry?.path();
        known.extend(
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned()),
        );
    }
    known.sort();
    for target in &wanted {
        ensure!(
            known.contains(target),
            "no fuzz target \"{target}\"; targets: {}",
            known.join(", ")
        );
    }
    Ok(if wanted.is_empty() { known } else { wanted })
}

/// Naming the platform keeps the flags away from build scripts.
fn build(folder: &Path, built: &Path) -> anyhow::Result<()> {
    println!("building the fuzz targets (minutes the first time)");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--target", PLATFORM, "--target-dir"])
        .arg(built)
        .env("RUSTFLAGS", FLAGS)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(folder)
        .status()
        .context("starting cargo")?;
    ensure!(
        status.success(),
        "the fuzz targets do not build; libFuzzer wants a C++ compiler (apt-get install g++)"
    );
    Ok(())
}

#[cfg(target_arch = "aarch64")]
const PLATFORM: &str = "aarch64-unknown-linux-gnu";
#[cfg(not(target_arch = "aarch64"))]
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

fn run_target(folder: &Path, built: &Path, target: &str, seconds: u64) -> anyhow::Result<()> {
    println!("fuzzing {target} for {seconds} s");
    let output = workspace_root().join("tests/output/fuzz").join(target);
    let found = output.join("corpus");
    std::fs::create_dir_all(&found).with_context(|| format!("creating {}", found.display()))?;
    let log = output.join("log.txt");
    let mut command = Command::new(built.join(PLATFORM).join("debug").join(target));
    command
        .arg(format!("-max_total_time={seconds}"))
        .args([
            "-max_len=4096",
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
        ])
        .arg(format!("-dict={}", folder.join("dictionary.txt").display()))
        .arg(format!("-artifact_prefix={}/", output.display()))
        .arg(&found)
        .stderr(
            std::fs::File::create(&log).with_context(|| format!("creating {}", log.display()))?,
        );
    let seeds = folder.join("seeds").join(target);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    let status = command
        .status()
        .with_context(|| format!("starting {target}"))?;
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    ensure!(
        status.success(),
        "{target} fails on an input kept in {}; the last lines of {}:\n{}",
        output.display(),
        log.display(),
        last_lines(&text, 20)
    );
    let runs = text
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!(
        "{target}: {} inputs, nothing found",
        runs.unwrap_or("?").trim()
    );
    Ok(())
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(count)..)
        .unwrap_or_default()
        .join("\n")
}

fn workspace_root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .unwrap_or(manifest)
        .to_path_buf()
}
