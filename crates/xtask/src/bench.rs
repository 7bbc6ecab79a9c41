//! `cargo xtask bench [name ...]`: the benchmarks of the workspace, in the optimised profile.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::workspace;

/// Runs the named benchmarks, or all.
///
/// # Errors
/// When there is no such benchmark, or one fails.
pub fn run(wanted: &[String]) -> Result<()> {
    let known = benchmarks(&workspace::metadata()?);
    let names = || -> String {
        let names: Vec<&str> = known.iter().map(|(_, name)| name.as_str()).collect();
        names.join(", ")
    };
    for name in wanted {
        ensure!(
            known.iter().any(|(_, bench)| bench == name),
            "no benchmark \"{name}\"; benchmarks: {}",
            names()
        );
    }
    for (package, name) in &known {
        if !wanted.is_empty() && !wanted.contains(name) {
            continue;
        }
        println!("{name} ({package})");
        let status = workspace::cargo(&["bench", "--package", package, "--bench", name])
            .status()
            .context("starting cargo bench")?;
        if !status.success() {
            bail!("the benchmark {name} failed: {status}");
        }
    }
    Ok(())
}

/// Package and name of every benchmark.
fn benchmarks(metadata: &Value) -> Vec<(String, String)> {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for package in items(&metadata["packages"]) {
        for target in items(&package["targets"]) {
            if let (Some(package), Some(name), "bench") = (
                package["name"].as_str(),
                target["name"].as_str(),
                target["kind"][0].as_str().unwrap_or_default(),
            ) {
                found.push((package.to_owned(), name.to_owned()));
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_translator_is_measured() {
        let known = benchmarks(&workspace::metadata().unwrap());
        let translator = ("translator".to_owned(), "describe_instances".to_owned());
        assert!(known.contains(&translator), "{known:?}");
    }

    #[test]
    fn an_unknown_benchmark_is_named() {
        let error = run(&["nothing".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("describe_instances"), "{error}");
    }
}
