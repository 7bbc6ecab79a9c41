//! What differs, line by line, for a person to read.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Lines shown around a difference.
const AROUND: usize = 3;

/// A part of a case that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// `calls`, `ledger`, `answer`, `error`, `request` or `context`.
    pub name: String,
    /// Lines taken away.
    pub removed: usize,
    /// Lines added.
    pub added: usize,
    /// The lines that differ, with a few around them.
    pub lines: Vec<Line>,
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which text it stands in.
    pub side: Side,
    /// The line, without its end.
    pub text: String,
}

/// Which of two texts a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Both.
    Both,
    /// The old one.
    Old,
    /// The new one.
    New,
    /// So many lines are left out here: the text is their number.
    Between,
}

/// What differs between two expectations, part by part, in the order of the file.
pub(crate) fn sections(before: &Value, after: &Value) -> Vec<Section> {
    let members = |value: &Value| -> Vec<String> {
        value
            .as_object()
            .map(|members| members.keys().cloned().collect())
            .unwrap_or_default()
    };
    let mut names = members(before);
    for name in members(after) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let text = |value: &Value, name: &str| {
        value
            .get(name)
            .map(|part| cases::written(name, part))
            .unwrap_or_default()
    };
    names
        .into_iter()
        .filter(|name| before.get(name) != after.get(name))
        .map(|name| {
            let lines = lines(&text(before, &name), &text(after, &name));
            let count = |side: Side| lines.iter().filter(|line| line.side == side).count();
            Section {
                removed: count(Side::Old),
                added: count(Side::New),
                lines,
                name,
            }
        })
        .collect()
}

/// The lines that differ between two texts, with a few around each.
pub(crate) fn lines(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    let mut shown = 0;
    let between = |lines: &mut Vec<Line>, left_out: Range<usize>| {
        if !left_out.is_empty() {
            lines.push(Line {
                side: Side::Between,
                text: left_out.len().to_string(),
            });
        }
    };
    for group in diff.grouped_ops(AROUND) {
        for op in &group {
            if shown < op.old_range().start {
                between(&mut lines, shown..op.old_range().start);
            }
            shown = op.old_range().end;
            lines.extend(diff.iter_changes(op).map(|change| Line {
                side: match change.tag() {
                    ChangeTag::Equal => Side::Both,
                    ChangeTag::Delete => Side::Old,
                    ChangeTag::Insert => Side::New,
                },
                text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
            }));
        }
    }
    between(&mut lines, shown..before.lines().count());
    lines
}

/// Line ends as line feeds.
pub(crate) fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
