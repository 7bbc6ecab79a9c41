//! `cargo xtask test [step ...] [--list]`: everything that must hold, as named steps.
//!
//! A step that fails does not stop the others. The run ends with a table and one line, `N passed, N failed`.

mod parity;
mod size;
mod steps;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use steps::STEPS;

/// What is checked, and how.
pub struct Step {
    /// The word on the command line.
    pub name: &'static str,
    /// What holds when it passes.
    pub about: &'static str,
    /// The check.
    pub check: fn() -> Result<()>,
}

/// What became of a step.
struct Done {
    name: &'static str,
    took: Duration,
    error: Option<String>,
}

/// Runs the chosen steps, or all; whether all passed.
///
/// # Errors
/// When a step does not exist.
pub fn run(arguments: &[String]) -> Result<bool> {
    if arguments.iter().any(|argument| argument == "--list") {
        for step in STEPS {
            println!("{:<13} {}", step.name, step.about);
        }
        return Ok(true);
    }
    let chosen = choose(arguments)?;
    let mut done = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        println!(
            "\n== {} ({} of {}): {}",
            step.name,
            index + 1,
            chosen.len(),
            step.about
        );
        let begun = Instant::now();
        let error = (step.check)().err().map(|error| format!("{error:#}"));
        if let Some(error) = &error {
            println!("{} failed: {error}", step.name);
        }
        done.push(Done {
            name: step.name,
            took: begun.elapsed(),
            error,
        });
    }
    print!("{}", summary(&done));
    Ok(done.iter().all(|done| done.error.is_none()))
}

/// The steps of these names in the order in which they run; all, if none is named.
fn choose(names: &[String]) -> Result<Vec<&'static Step>> {
    for name in names {
        ensure!(
            STEPS.iter().any(|step| step.name == name),
            "no step \"{name}\"; steps: {}",
            STEPS
                .iter()
                .map(|step| step.name)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    Ok(STEPS
        .iter()
        .filter(|step| names.is_empty() || names.iter().any(|name| name == step.name))
        .collect())
}

/// A line for each step, and the last line.
fn summary(done: &[Done]) -> String {
    let mut out = String::from("\n");
    let mut failed = 0;
    for step in done {
        let said = match &step.error {
            None => "ok".to_owned(),
            Some(error) => {
                failed += 1;
                format!("FAILED: {}", error.lines().next().unwrap_or_default())
            }
        };
        out += &format!(
            "{:<13} {:>7.1} s  {said}\n",
            step.name,
            step.took.as_secs_f32()
        );
    }
    out += &format!("{} passed, {failed} failed\n", done.len() - failed);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_ends_with_the_counts() {
        let step = |name, error: Option<&str>| Done {
            name,
            took: Duration::from_millis(1500),
            error: error.map(str::to_owned),
        };
        let text = summary(&[
            step("format", None),
            step("unit", Some("first line\nsecond line")),
            step("fuzz", None),
        ]);
        assert_eq!(
            text,
            "\nformat            1.5 s  ok\nunit              1.5 s  FAILED: first line\nfuzz              1.5 s  ok\n2 passed, 1 failed\n"
        );
    }

    #[test]
    fn steps_run_in_their_own_order_and_unknown_ones_are_named() {
        let names = |words: &[&str]| -> Result<Vec<&str>> {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            Ok(choose(&words)?.iter().map(|step| step.name).collect())
        };
        assert_eq!(names(&["unit", "format"]).unwrap(), ["format", "unit"]);
        assert_eq!(names(&[]).unwrap().len(), STEPS.len());
        let error = names(&["units"]).unwrap_err().to_string();
        assert!(
            error.contains("no step \"units\"; steps: architecture"),
            "{error}"
        );
    }

    #[test]
    fn every_step_has_one_name() {
        let mut names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
