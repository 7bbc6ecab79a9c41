//! `cargo xtask model`: the EC2 facts in `crates/ec2-model/data`, taken from the service model in the `botocore` package.
//!
//! `--check` writes nothing and fails when the committed facts differ; `--botocore DIR` names the package's folder.

mod filters;
mod locate;
mod render;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Runs the task.
///
/// # Errors
/// When the package is not found or not of the expected form, and with `--check` when the committed facts are not what it gives.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let mut check = false;
    let mut botocore = None;
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--check" => check = true,
            "--botocore" => {
                botocore = Some(PathBuf::from(
                    rest.next().context("--botocore wants a folder")?,
                ));
            }
            other => bail!("model knows --check and --botocore DIR, not \"{other}\""),
        }
    }
    let root = workspace_root();
    let source = locate::find(botocore.as_deref(), &root)?;
    let files = render::render(&source)?;
    let data = root.join("crates/ec2-model/data");
    if check {
        compare(&data, &files, &source.version)
    } else {
        write(&data, &files)
    }
}

fn write(data: &Path, files: &[(&'static str, String)]) -> anyhow::Result<()> {
    std::fs::create_dir_all(data)?;
    for (name, text) in files {
        let path = data.join(name);
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        println!("wrote {} ({} lines)", path.display(), text.lines().count());
    }
    Ok(())
}

fn compare(data: &Path, files: &[(&'static str, String)], version: &str) -> anyhow::Result<()> {
    for (name, text) in files {
        let path = data.join(name);
        let committed = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}", path.display()))?;
        let difference = committed
            .lines()
            .zip(text.lines())
            .position(|(a, b)| a != b);
        let shorter = committed.lines().count().min(text.lines().count());
        if committed != *text {
            let line = difference.unwrap_or(shorter);
            bail!(
                "{}:{}: committed \"{}\", but botocore {version} gives \"{}\"; run `cargo xtask model` and commit the result",
                path.display(),
                line + 1,
                committed.lines().nth(line).unwrap_or("end of file"),
                text.lines().nth(line).unwrap_or("end of file"),
            );
        }
    }
    println!("crates/ec2-model/data is what botocore {version} gives");
    Ok(())
}

fn workspace_root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .unwrap_or(manifest)
        .to_path_buf()
}
