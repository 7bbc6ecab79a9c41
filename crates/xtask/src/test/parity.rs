//! Native code and wasm give the same bytes for every case.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::{install, process, wasm, workspace};

/// Longest that all cases may take on one side.
const LIMIT: Duration = Duration::from_secs(5 * 60);
/// Bytes shown before and after the place where two lines part.
const AROUND: usize = 60;

/// Runs every case on both sides, as `tests/parity` writes them down, and compares.
pub fn check() -> Result<()> {
    install::wasm_target()?;
    install::node()?;
    let folder = workspace::root().join("tests/output/parity");
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;

    let native = folder.join("native.jsonl");
    let program = workspace::executable("bin", "parity")?;
    process::run(Command::new(program).arg(&native), LIMIT)?;

    // The profile of the page: what is compared is what people run.
    let compiled = wasm::compile(&["parity"], "wasm")?;
    let compiled = compiled.first().context("cargo named no wasm file")?;
    let module = bind(compiled, &folder)?;
    let wasm = folder.join("wasm.jsonl");
    let script = "require('fs').writeFileSync(process.argv[2], require(process.argv[1]).report())";
    let mut node = Command::new("node");
    node.args(["--eval", script]).arg(module).arg(&wasm);
    process::run(&mut node, LIMIT)?;

    let count = compare(&read(&native)?, &read(&wasm)?)?;
    println!("{count} lines agree");
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// Makes a module that Node can load; its path.
fn bind(file: &Path, folder: &Path) -> Result<PathBuf> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(file)
        .out_name("parity")
        .nodejs(true)?
        .typescript(false);
    bindgen
        .generate(folder)
        .context("binding wasm to JavaScript")?;
    Ok(folder.join("parity.js"))
}

/// The number of lines, if they are the same and there are any.
fn compare(native: &str, wasm: &str) -> Result<usize> {
    for (line, (one, other)) in native.lines().zip(wasm.lines()).enumerate() {
        if one != other {
            let same = one
                .bytes()
                .zip(other.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            bail!(
                "line {} differs from byte {same} on\nnative: {}\nwasm:   {}",
                line + 1,
                around(one, same),
                around(other, same)
            );
        }
    }
    let (left, right) = (native.lines().count(), wasm.lines().count());
    ensure!(left == right, "{left} lines natively, {right} as wasm");
    ensure!(left > 0, "there is no case to compare");
    for line in native.lines() {
        let line: Value = serde_json::from_str(line).context("reading the report")?;
        // Two equal errors would agree about nothing.
        if let Some(why) = line["outcome"]["error"].as_str() {
            bail!("{} does not run: {why}", line["case"]);
        }
    }
    Ok(left)
}

fn around(line: &str, byte: usize) -> String {
    let from = byte.saturating_sub(AROUND);
    let to = (byte + AROUND).min(line.len());
    String::from_utf8_lossy(line.as_bytes().get(from..to).unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_where_it_begins() {
        let lines = "{\"case\": 1}\n{\"case\": 2}\n";
        assert_eq!(compare(lines, lines).unwrap(), 2);
        let error = compare(lines, &lines.replace('2', "3"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("line 2 differs from byte 9"), "{error}");
        assert!(error.contains("native: {\"case\": 2}"), "{error}");
        assert!(compare(lines, "{\"case\": 1}\n").is_err());
        assert!(compare("", "").is_err());
        let broken = "{\"case\": \"a.yaml\", \"outcome\": {\"error\": \"no\"}}\n";
        let error = compare(broken, broken).unwrap_err().to_string();
        assert!(error.contains("\"a.yaml\" does not run: no"), "{error}");
    }
}
