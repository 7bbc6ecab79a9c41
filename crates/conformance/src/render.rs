//! Reports for people, and for the machines that run jobs.

use std::fmt::Write as _;

use crate::report::{Outcome, Report, Told};

/// The report as tables.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} at {}, by {}\n",
        report.begun, report.endpoint, report.client
    );
    let _ = writeln!(out, "{:<34} {:>7} {:>9}  story", "", "seconds", "requests");
    for told in &report.scenarios {
        let _ = writeln!(
            out,
            "{:<34} {:>7.1} {:>9}  {}: {}",
            told.name,
            told.milliseconds as f64 / 1000.0,
            told.requests,
            told.outcome.word(),
            told.title
        );
        for line in whys(told) {
            let _ = writeln!(out, "    {line}");
        }
        for lack in &told.lacks {
            let _ = writeln!(out, "    lacks: {lack}");
        }
        for left in &told.left {
            let _ = writeln!(out, "    left behind: {left}");
        }
    }
    let _ = writeln!(
        out,
        "\n{:<34} {:>8} {:>8} {:>7}  parameters and filters: effect seen, of those sent",
        "action", "answered", "refused", "failed"
    );
    for (name, seen) in &report.actions {
        let parts = || seen.parameters.values().chain(seen.filters.values());
        let sent = parts()
            .filter(|part| part.sent > 0 || part.asserted > 0)
            .count();
        let asserted = parts().filter(|part| part.asserted > 0).count();
        let _ = writeln!(
            out,
            "{name:<34} {:>8} {:>8} {:>7}  {asserted} of {sent}",
            seen.answered,
            seen.refused.values().sum::<u32>(),
            seen.failed,
        );
    }
    let _ = writeln!(
        out,
        "\n{} stories: {} passed, {} failed, {} not applicable{}",
        report.scenarios.len(),
        report.count(Outcome::Passed),
        report.count(Outcome::Failed),
        report.count(Outcome::NotApplicable),
        match report.count(Outcome::Interrupted) {
            0 => String::new(),
            count => format!(", {count} interrupted"),
        }
    );
    out
}

/// Why a story has its verdict, and what else deviated.
fn whys(told: &Told) -> Vec<String> {
    let deviations = told.deviations.iter();
    let mut lines: Vec<String> = deviations
        .map(|one| format!("{}: {}", one.step, one.why))
        .collect();
    if let Some(why) = told.why.as_ref().filter(|why| !lines.contains(why)) {
        lines.push(why.clone());
    }
    lines
}

/// The report as JUnit XML: a test case for each story, and one for each action.
#[must_use]
pub fn junit(report: &Report) -> String {
    let bad_action = |failed: u32| failed > 0;
    let failures = report.count(Outcome::Failed);
    let errors = report.count(Outcome::Interrupted);
    let bad = report
        .actions
        .values()
        .filter(|seen| bad_action(seen.failed))
        .count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"stacklens conformance\" tests=\"{}\" failures=\"{}\" errors=\"{errors}\" time=\"{:.3}\">",
        report.scenarios.len() + report.actions.len(),
        failures + bad,
        seconds(report.milliseconds)
    );
    let _ = writeln!(
        out,
        "  <testsuite name=\"scenarios\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{}\" timestamp=\"{}\" hostname=\"{}\">",
        report.scenarios.len(),
        report.count(Outcome::NotApplicable),
        escaped(&report.begun),
        escaped(&report.endpoint)
    );
    for told in &report.scenarios {
        let _ = write!(
            out,
            "    <testcase classname=\"scenarios\" name=\"{}\" time=\"{:.3}\"",
            escaped(&told.name),
            seconds(told.milliseconds)
        );
        let why = escaped(told.why.as_deref().unwrap_or_default());
        let _ = match told.outcome {
            Outcome::Passed => writeln!(out, "/>"),
            Outcome::Failed => {
                let all = escaped(&whys(told).join("\n"));
                writeln!(
                    out,
                    "><failure message=\"{why}\">{all}</failure></testcase>"
                )
            }
            Outcome::NotApplicable => writeln!(out, "><skipped message=\"{why}\"/></testcase>"),
            Outcome::Interrupted => writeln!(out, "><error message=\"{why}\"/></testcase>"),
        };
    }
    out.push_str("  </testsuite>\n");
    let _ = writeln!(
        out,
        "  <testsuite name=\"actions\" tests=\"{}\" failures=\"{bad}\">",
        report.actions.len()
    );
    for (name, seen) in &report.actions {
        let _ = write!(
            out,
            "    <testcase classname=\"actions\" name=\"{}\"",
            escaped(name)
        );
        let _ = if bad_action(seen.failed) {
            writeln!(
                out,
                "><failure message=\"{} requests did not end as expected, in {}\"/></testcase>",
                seen.failed,
                escaped(&seen.by.join(", "))
            )
        } else {
            writeln!(out, "/>")
        };
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            // XML has no way to write the other control characters.
            c if c.is_control() && c != '\t' => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}
