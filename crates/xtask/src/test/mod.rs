//! `cargo xtask test [step ...] [--list]`: everything that must hold, as named steps.
//!
//! A step that fails does not stop the others. The run ends with a table and one line, `N passed, N failed`. A step that
//! this machine cannot do is told apart, `N not run`, unless it was asked for by name or this is CI: then it fails.

mod openstack;
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

/// The error of a step that this machine cannot do, with the reason.
#[derive(Debug)]
pub struct CannotRun(pub String);

impl std::fmt::Display for CannotRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CannotRun {}

/// What became of a step.
struct Done {
    name: &'static str,
    took: Duration,
    end: End,
}

/// How a step ended.
#[derive(Debug, PartialEq)]
enum End {
    Passed,
    NotRun(String),
    Failed(String),
}

impl End {
    /// `strict` takes no excuse for a step that cannot be done.
    fn of(outcome: Result<()>, strict: bool) -> Self {
        match outcome {
            Ok(()) => Self::Passed,
            Err(error) if error.is::<CannotRun>() && !strict => Self::NotRun(error.to_string()),
            Err(error) => Self::Failed(format!("{error:#}")),
        }
    }
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
    let strict = !arguments.is_empty() || std::env::var_os("CI").is_some_and(|ci| ci == "true");
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
        let end = End::of((step.check)(), strict);
        match &end {
            End::Passed => {}
            End::NotRun(reason) => println!("{} was not run: {reason}", step.name),
            End::Failed(error) => println!("{} failed: {error}", step.name),
        }
        done.push(Done {
            name: step.name,
            took: begun.elapsed(),
            end,
        });
    }
    print!("{}", summary(&done));
    Ok(!done.iter().any(|done| matches!(done.end, End::Failed(_))))
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
    let (mut passed, mut failed, mut not_run) = (0, 0, 0);
    for step in done {
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        let said = match &step.end {
            End::Passed => {
                passed += 1;
                "ok".to_owned()
            }
            End::NotRun(reason) => {
                not_run += 1;
                format!("not run: {}", first(reason))
            }
            End::Failed(error) => {
                failed += 1;
                format!("FAILED: {}", first(error))
            }
        };
        out += &format!(
            "{:<13} {:>7.1} s  {said}\n",
            step.name,
            step.took.as_secs_f32()
        );
    }
    out += &format!("{passed} passed, {failed} failed");
    if not_run > 0 {
        out += &format!(", {not_run} not run");
    }
    out + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_ends_with_the_counts() {
        let step = |name, end| Done {
            name,
            took: Duration::from_millis(1500),
            end,
        };
        let failed = || End::Failed("first line\nsecond line".to_owned());
        let text = summary(&[
            step("format", End::Passed),
            step("unit", failed()),
            step("fuzz", End::Passed),
        ]);
        assert_eq!(
            text,
            "\nformat            1.5 s  ok\nunit              1.5 s  FAILED: first line\nfuzz              1.5 s  ok\n2 passed, 1 failed\n"
        );
    }

    #[test]
    fn what_cannot_run_is_no_success_and_no_failure_unless_it_was_asked_for() {
        let cannot = || Err(CannotRun("no root".to_owned()).into());
        assert_eq!(End::of(cannot(), false), End::NotRun("no root".to_owned()));
        assert_eq!(End::of(cannot(), true), End::Failed("no root".to_owned()));
        let broken = End::of(Err(anyhow::anyhow!("broken")), false);
        assert_eq!(broken, End::Failed("broken".to_owned()));
        let text = summary(&[Done {
            name: "openstack",
            took: Duration::ZERO,
            end: End::of(cannot(), false),
        }]);
        assert!(text.contains("not run: no root"), "{text}");
        assert!(text.ends_with("0 passed, 0 failed, 1 not run\n"), "{text}");
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
