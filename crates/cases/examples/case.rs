//! Runs case files that are named on the command line, without building them in first.
//!
//! `cargo run -p cases --example case -- [--bless] [--rules crates/rules/ec2] tests/cases/volume/*.yaml`
//!
//! Shows what each case does: its calls by rounds, the state of every parameter, the answer. `--bless` writes that into the
//! file as what is expected; without it, differences to the file are shown. `--rules` reads the rules from a folder
//! instead of those that are built in.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use cases::{Case, Simulated};
use rules::Rules;
use serde_json::Value;
use translator::Engine;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, String> {
    let (mut bless, mut folder, mut files) = (false, None, Vec::new());
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--bless" => bless = true,
            "--rules" => {
                folder = Some(PathBuf::from(
                    arguments.next().ok_or("--rules needs a folder")?,
                ));
            }
            _ => files.push(PathBuf::from(argument)),
        }
    }
    let engine = Engine::new(match &folder {
        None => Rules::built_in().clone(),
        Some(folder) => rules_of(folder)?,
    });
    let mut good = true;
    for path in &files {
        good &= one(path, bless, &engine)?;
    }
    Ok(good)
}

fn one(path: &Path, bless: bool, engine: &Engine) -> Result<bool, String> {
    let told = |error: io::Error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(told)?;
    let case = Case::read(&path.display().to_string(), &text)?;
    println!("== {}: {}", case.path, case.title);
    let recording = match case.record(engine, &mut Simulated::new()) {
        Ok(recording) => recording,
        Err(why) => {
            println!("   {why}");
            return Ok(false);
        }
    };
    show(&recording.expect);
    if bless {
        let text = case.with_expectation(&recording.expect);
        if text != case.text {
            fs::write(path, text).map_err(told)?;
        }
        return Ok(true);
    }
    let mut differences = case.compare(Ok(recording)).differences;
    if case.expect.is_some() && differences.is_empty() {
        differences = case.compare(case.replay(engine)).differences;
    }
    for difference in &differences {
        println!("{difference}");
    }
    Ok(differences.is_empty())
}

fn show(expect: &Value) {
    if let Some(request) = expect.get("request") {
        println!("   {request}");
    }
    for call in expect["calls"].as_array().into_iter().flatten() {
        let mut line = format!(
            "{}. {}: {}",
            call["round"],
            plain(&call["name"]),
            plain(&call["call"])
        );
        for part in ["query", "body", "status", "taken-as"] {
            if let Some(value) = call.get(part) {
                line.push_str(&format!("  {value}"));
            }
        }
        println!("   {line}");
    }
    println!("   {}", expect["ledger"]);
    match expect.get("error") {
        Some(error) => println!(
            "   {} {}: {}",
            error["status"],
            plain(&error["code"]),
            plain(&error["message"])
        ),
        None => println!("   {}", expect["answer"]),
    }
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn rules_of(folder: &Path) -> Result<Rules, String> {
    let mut files = Vec::new();
    collect(folder, folder, &mut files)
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    files.sort();
    let (rules, problems) = Rules::load(files);
    match problems.first() {
        None => Ok(rules),
        Some(_) => Err(problems
            .iter()
            .map(|problem| format!("{problem}\n"))
            .collect()),
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.strip_prefix(root).map_err(io::Error::other)?;
            files.push((
                name.to_string_lossy().replace('\\', "/"),
                fs::read_to_string(&path)?,
            ));
        }
    }
    Ok(())
}
