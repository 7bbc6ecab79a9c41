//! `lint` and `review`: rule files as an editor saved them, checked and tried on every case.

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use rules::{Problem, Rules, Severity};
use workshop::{Outcome, Side, Workshop};

use crate::arguments::RuleFiles;
use crate::translate::paint::Paint;

/// Where the rules lie in the repository.
const FOLDER: &str = workshop::RULES;

/// A file that was read: as the user names it, path below the rules folder, text.
struct Given {
    named: PathBuf,
    path: String,
    text: String,
}

/// `stacklens lint`: problems with place and mend. Exit status 1 if one is an error.
pub fn lint(options: &RuleFiles) -> Result<ExitCode> {
    let given = given(options)?;
    let mut rules = Rules::built_in().clone();
    let mut problems: Vec<Problem> = Vec::new();
    for file in &given {
        problems.append(&mut rules.replace(&file.path, &file.text));
    }
    problems.append(&mut rules::lint(&rules));
    let paint = Paint(std::io::stdout().is_terminal());
    let mut out = std::io::stdout().lock();
    for problem in &problems {
        let file = given.iter().find(|file| file.path == *problem.at.file);
        let named = file.map_or_else(
            || format!("{FOLDER}/{}", problem.at.file),
            |file| file.named.display().to_string(),
        );
        let place = paint.bold(&format!(
            "{named}:{}:{}:",
            problem.at.line, problem.at.column
        ));
        let mend = problem.mend.as_ref().map(|mend| format!(" ({mend})"));
        let message = format!("{}{}", problem.message, mend.unwrap_or_default());
        let message = match problem.severity {
            Severity::Error => paint.red(&message),
            Severity::Warning => paint.yellow(&message),
        };
        writeln!(out, "{place} {message}")?;
    }
    let errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    writeln!(
        out,
        "{} looked at: {errors} errors, {} warnings",
        files(given.len()),
        problems.len() - errors
    )?;
    Ok(ExitCode::from(u8::from(errors > 0)))
}

/// `stacklens review`: what the files change in the cases. Exit status 0 if nothing, 1 if something, 2 if they have errors.
pub fn review(options: &RuleFiles) -> Result<ExitCode> {
    let built_in = Rules::built_in_files().iter().copied();
    let mut workshop = Workshop::new(built_in, cases::files().iter().copied());
    for file in given(options)? {
        workshop.edit(&file.path, &file.text);
    }
    let checked = workshop.checked();
    let errors: Vec<String> = checked
        .remarks
        .iter()
        .filter(|remark| remark.error)
        .map(|remark| {
            format!(
                "{}:{}:{}: {}",
                remark.file, remark.line, remark.column, remark.message
            )
        })
        .collect();
    if !errors.is_empty() {
        bail!(
            "the rules have errors; 'stacklens lint' tells the mend\n{}",
            errors.join("\n")
        );
    }
    let paint = Paint(std::io::stdout().is_terminal());
    let mut out = std::io::stdout().lock();
    let concerned = workshop.concerned();
    let mut changed = 0;
    for case in &concerned {
        match workshop.run(&case.path).outcome {
            Outcome::Same => continue,
            Outcome::Fails { why } => {
                writeln!(
                    out,
                    "{}\n{}",
                    paint.bold(&case.path),
                    paint.red(&format!("cannot be run any more: {why}"))
                )?;
            }
            Outcome::Changed { sections } => {
                writeln!(
                    out,
                    "{}  {}",
                    paint.bold(&case.path),
                    paint.dim(&case.title)
                )?;
                for line in sections.iter().flat_map(|section| &section.lines) {
                    let line = match line.side {
                        Side::Both => format!("  {}", line.text),
                        Side::Old => paint.red(&format!("- {}", line.text)),
                        Side::New => paint.green(&format!("+ {}", line.text)),
                        Side::Between => paint.dim(&format!("  … {} lines", line.text)),
                    };
                    writeln!(out, "{line}")?;
                }
            }
        }
        changed += 1;
    }
    writeln!(out, "changes {changed} of {} cases", concerned.len())?;
    Ok(ExitCode::from(u8::from(changed > 0)))
}

fn files(count: usize) -> String {
    if count == 1 {
        "1 file".into()
    } else {
        format!("{count} files")
    }
}

/// The files that are meant: those named, or those of the rules folder where the program is run.
fn given(options: &RuleFiles) -> Result<Vec<Given>> {
    let mut paths = BTreeMap::new();
    let folder = PathBuf::from(FOLDER);
    let named = match options.files.as_slice() {
        [] if folder.is_dir() => std::slice::from_ref(&folder),
        [] => bail!("there is no folder {FOLDER} here; name rule files or their folder"),
        named => named,
    };
    for path in named {
        if path.is_dir() {
            collect(path, &mut paths)?;
        } else {
            paths.insert(path.clone(), ());
        }
    }
    paths
        .into_keys()
        .map(|named| {
            let text = fs::read_to_string(&named)
                .with_context(|| format!("reading {}", named.display()))?;
            let path = below_the_rules(&named)?;
            Ok(Given { named, path, text })
        })
        .collect()
}

fn collect(folder: &Path, paths: &mut BTreeMap<PathBuf, ()>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            paths.insert(path, ());
        }
    }
    Ok(())
}

/// Path below the rules folder: that of the built-in file with the same end, or for a new file its folder and name.
fn below_the_rules(path: &Path) -> Result<String> {
    let built_in = Rules::built_in_files().iter().map(|(known, _)| *known);
    if let Some(known) = built_in
        .filter(|known| path.ends_with(known))
        .max_by_key(|known| known.len())
    {
        return Ok(known.to_owned());
    }
    let names: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    match names.as_slice() {
        [.., resource, "gaps", name] => Ok(format!("{resource}/gaps/{name}")),
        [.., resource, name] => Ok(format!("{resource}/{name}")),
        _ => bail!(
            "{}: a rule file lies in the folder of its resource, as volume/CreateVolume.yaml does",
            path.display()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_the_end_of_its_path() {
        for (path, below) in [
            (
                "crates/rules/ec2/volume/CreateVolume.yaml",
                "volume/CreateVolume.yaml",
            ),
            ("/tmp/volume/CreateVolume.yaml", "volume/CreateVolume.yaml"),
            ("kinds.table.yaml", "kinds.table.yaml"),
            ("ec2/vpc/CreateNewThing.yaml", "vpc/CreateNewThing.yaml"),
            ("ec2/vpc/gaps/new-gap.yaml", "vpc/gaps/new-gap.yaml"),
        ] {
            assert_eq!(below_the_rules(Path::new(path)).unwrap(), below);
        }
        assert!(below_the_rules(Path::new("New.yaml")).is_err());
    }
}
