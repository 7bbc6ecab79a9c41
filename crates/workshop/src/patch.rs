//! The edited rules as a mail that `git am` takes.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use crate::{CASES, Outcome, Part, RULES, Workshop};

/// Columns of the graph in the list of files.
const GRAPH: usize = 40;
/// Cases named one by one in the message; more are counted.
const NAMED: usize = 20;
/// Most characters of one encoded word of a header, so that none is longer than 75 with its frame.
const WORD: usize = 15;

/// Who proposes the change, and in what words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The author's name.
    pub name: String,
    /// The author's mail address.
    pub address: String,
    /// When, as mail writes it: `Sun, 22 Nov 2026 23:20:00 +0000`.
    pub date: String,
    /// What is different for whoever uses it, in one line.
    pub subject: String,
    /// Why, in any number of lines.
    pub body: String,
    /// Leaves the cases out.
    #[serde(default)]
    pub rules_only: bool,
}

/// A mail with its file name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// `0001-refuse-volumes-without-a-zone.patch`.
    pub file: String,
    /// The mail.
    pub text: String,
    /// Paths of the changed files in the repository.
    pub files: Vec<String>,
}

impl Workshop {
    /// The edited rules as a patch. A rule and its cases go together, so the cases that come out differently are in it
    /// with their new expectations, unless the letter says otherwise; cases that cannot be run are named in the message.
    ///
    /// # Errors
    /// A sentence if nothing is edited, or if an edited rule has errors.
    pub fn patch(&mut self, letter: &Letter) -> Result<Patch, String> {
        let checked = self.look_at_all();
        if !checked.changed {
            return Err("No rule differs from what it was: there is nothing to propose.".into());
        }
        if let Some(error) = checked.remarks.iter().find(|remark| remark.error) {
            return Err(format!(
                "{}:{}:{}: {}. Mend it first.",
                error.file, error.line, error.column, error.message
            ));
        }
        let ran = self.run_all();
        let mut changes: Vec<(String, &str, &str)> = Vec::new();
        for (path, text) in self.edits() {
            let before = self.original(path).unwrap_or_default();
            changes.push((format!("{RULES}/{path}"), before, text));
        }
        if !letter.rules_only {
            for (path, text) in &self.renewed {
                let before = self.cases.iter().find(|known| known.path == path);
                let before = before.map_or("", |known| known.text);
                changes.push((format!("{CASES}/{path}"), before, text));
            }
        }
        let mut text = headers(letter);
        text.push_str(&message(&letter.body));
        text.push_str(&account(&ran));
        text.push_str("---\n");
        text.push_str(&statistics(&changes));
        text.push('\n');
        for (path, before, after) in &changes {
            text.push_str(&difference(path, before, after));
        }
        let _ = writeln!(text, "-- \nStacklens {}\n", env!("CARGO_PKG_VERSION"));
        Ok(Patch {
            file: file_name(&letter.subject),
            text,
            files: changes.into_iter().map(|(path, ..)| path).collect(),
        })
    }
}

fn headers(letter: &Letter) -> String {
    let or = |text: &str, other: &str| match one_line(text) {
        text if text.is_empty() => other.to_owned(),
        text => text,
    };
    let name = or(&letter.name, "Somebody");
    // What stands between the angle brackets is one word.
    let address: String = letter
        .address
        .chars()
        .filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | ','))
        .collect();
    let address = or(&address, "somebody@example.org");
    let subject = or(&letter.subject, "Change translation rules");
    let plain_name = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-');
    let name = match name.is_ascii() {
        true if plain_name => name,
        true => format!("\"{}\"", name.replace(['"', '\\'], "")),
        false => encoded(&name),
    };
    let subject = if subject.is_ascii() {
        subject
    } else {
        encoded(&subject)
    };
    format!(
        "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\nFrom: {name} <{address}>\nDate: {}\n\
         Subject: [PATCH] {subject}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n",
        one_line(&letter.date)
    )
}

/// A header's text as encoded words of RFC 2047, one a line.
fn encoded(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> = characters
        .chunks(WORD)
        .map(|part| {
            format!(
                "=?UTF-8?B?{}?=",
                STANDARD.encode(part.iter().collect::<String>())
            )
        })
        .collect();
    words.join("\n ")
}

fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let text: String = visible.collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The body; a line that a mail reader would take for the end of it, or for a patch, is set in by a blank.
fn message(body: &str) -> String {
    let body = crate::difference::with_line_feeds(body);
    let mut out = String::new();
    for line in body.trim().lines() {
        let ends = ["---", "diff -", "Index: ", "From ", ">From "]
            .iter()
            .any(|start| line.starts_with(start));
        if ends {
            out.push(' ');
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// What becomes of the cases, for the reviewer who reads the mail.
fn account(ran: &[(Part, crate::Ran)]) -> String {
    let mut out = String::new();
    let changed: Vec<&str> = ran
        .iter()
        .filter(|(_, ran)| matches!(ran.outcome, Outcome::Changed { .. }))
        .map(|(_, ran)| ran.path.as_str())
        .collect();
    let _ = writeln!(
        out,
        "Changes {} of {} concerned cases.",
        changed.len(),
        ran.len()
    );
    for path in changed.iter().take(NAMED) {
        let _ = writeln!(out, "* {path}");
    }
    if let Some(more) = changed.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let _ = writeln!(out, "* and {more} more");
    }
    for (_, ran) in ran {
        if let Outcome::Fails { why } = &ran.outcome {
            let _ = writeln!(
                out,
                "Cannot be run any more: {}: {}",
                ran.path,
                one_line(why)
            );
        }
    }
    out
}

fn statistics(changes: &[(String, &str, &str)]) -> String {
    let counts: Vec<(&str, usize, usize)> = changes
        .iter()
        .map(|(path, before, after)| {
            let diff = TextDiff::from_lines(*before, *after);
            let count = |tag: ChangeTag| {
                diff.iter_all_changes()
                    .filter(|one| one.tag() == tag)
                    .count()
            };
            (
                path.as_str(),
                count(ChangeTag::Insert),
                count(ChangeTag::Delete),
            )
        })
        .collect();
    let width = counts
        .iter()
        .map(|(path, ..)| path.len())
        .max()
        .unwrap_or(0);
    let most = counts
        .iter()
        .map(|(_, new, old)| new + old)
        .max()
        .unwrap_or(0);
    let digits = most.to_string().len();
    // Something is never drawn as nothing.
    let scaled = |count: usize| match count {
        0 => 0,
        count if most <= GRAPH => count,
        count => (count * GRAPH / most).max(1),
    };
    let mut out = String::new();
    for (path, new, old) in &counts {
        let _ = writeln!(
            out,
            " {path:width$} | {:digits$} {}{}",
            new + old,
            "+".repeat(scaled(*new)),
            "-".repeat(scaled(*old)),
        );
    }
    let sum = |pick: fn(&(&str, usize, usize)) -> usize| counts.iter().map(pick).sum::<usize>();
    let (new, old) = (sum(|one| one.1), sum(|one| one.2));
    let many = |count: usize, one: &str, more: &str| {
        format!("{count} {}", if count == 1 { one } else { more })
    };
    let _ = write!(out, " {} changed", many(counts.len(), "file", "files"));
    if new > 0 {
        let _ = write!(out, ", {}", many(new, "insertion(+)", "insertions(+)"));
    }
    if old > 0 {
        let _ = write!(out, ", {}", many(old, "deletion(-)", "deletions(-)"));
    }
    out.push('\n');
    out
}

fn difference(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let hunks = diff
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string();
    format!("diff --git a/{path} b/{path}\n{hunks}")
}

/// A name as `git format-patch` gives it.
fn file_name(subject: &str) -> String {
    let mut stem = String::new();
    for c in subject.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => stem.push(c.to_ascii_lowercase()),
            _ if !stem.is_empty() && !stem.ends_with('-') => stem.push('-'),
            _ => {}
        }
        if stem.len() >= 52 {
            break;
        }
    }
    let stem = stem.trim_end_matches('-');
    format!(
        "0001-{}.patch",
        if stem.is_empty() {
            "change-translation-rules"
        } else {
            stem
        }
    )
}
