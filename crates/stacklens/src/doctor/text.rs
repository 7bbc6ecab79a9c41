//! A report for people.

use std::fmt::Write;

use super::finding::{Report, Status};

/// Width that lists of actions are broken at.
const WIDTH: usize = 100;

/// The report as text.
pub fn report(report: &Report, colour: bool) -> String {
    let mut out = String::new();
    let mut area = "";
    for finding in &report.findings {
        if finding.area != area {
            area = finding.area;
            let _ = writeln!(out, "{}{area}", if out.is_empty() { "" } else { "\n" });
        }
        let (word, paint) = match finding.status {
            Status::Fine => ("fine", "32"),
            Status::Note => ("note", "33"),
            Status::Missing => ("missing", "31"),
            Status::Unknown => ("unknown", "35"),
        };
        let word = format!("{word:<8}");
        let word = if colour {
            format!("\x1b[{paint}m{word}\x1b[0m")
        } else {
            word
        };
        let _ = writeln!(out, "  {word} {}", finding.says);
        if let Some(mend) = &finding.mend {
            let _ = writeln!(out, "           to mend: {mend}");
        }
        if !finding.actions.is_empty() {
            let names = if finding.actions.len() == report.actions {
                format!("all {} actions", report.actions)
            } else {
                finding
                    .actions
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            for (n, line) in broken(&names).into_iter().enumerate() {
                let lead = if n == 0 { "affects: " } else { "         " };
                let _ = writeln!(out, "           {lead}{line}");
            }
        }
    }
    let _ = writeln!(out, "\n{}", verdict(report));
    out
}

fn verdict(report: &Report) -> String {
    let missing = report
        .findings
        .iter()
        .filter(|finding| finding.status == Status::Missing)
        .count();
    match report.verdict {
        Some(Status::Unknown) | None => {
            format!("The cloud {:?} could not be looked at.", report.cloud)
        }
        Some(Status::Missing) => format!(
            "{missing} {} missing in the cloud {:?}; {} of {} actions are affected.",
            if missing == 1 {
                "thing is"
            } else {
                "things are"
            },
            report.cloud,
            report.affected.len(),
            report.actions
        ),
        _ => format!(
            "The cloud {:?} has what the {} actions need.",
            report.cloud, report.actions
        ),
    }
}

fn broken(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let full = lines
            .last()
            .is_some_and(|line| !line.is_empty() && line.len() + 1 + word.len() > WIDTH - 20);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
