//! Whether a text looks like Python.

use super::calls::action_of_method;
use crate::characters::blank;

/// As much of a text as tells.
const HEAD: usize = 20_000;

/// Whether the text, whose first line with something on it is `line`, looks like a program that calls boto3.
pub(crate) fn looks_like(text: &str, line: &str) -> bool {
    let mut line = line;
    for prompt in [">>>", "..."] {
        if let Some(rest) = line.strip_prefix(prompt) {
            line = rest.trim_start_matches(blank);
        }
    }
    if line.starts_with("In [") {
        line = line
            .split_once("]:")
            .map_or(line, |(_, rest)| rest.trim_start_matches(blank));
    }
    if ["import ", "from ", "def ", "async ", "with ", "\"\"\"", "@"]
        .iter()
        .any(|start| line.starts_with(start))
    {
        return calls(text);
    }
    let name = name(line);
    let first = line.get(..name).unwrap_or("");
    let rest = line.get(name..).unwrap_or("");
    let after = rest.trim_start_matches(blank);
    if first.is_empty() {
        return false;
    }
    if after.starts_with('(') {
        let method = first.rsplit('.').next().unwrap_or(first);
        return first.contains('.') || action_of_method(method).is_some() || calls(text);
    }
    if matches!(first, "for" | "if" | "return" | "await" | "try" | "while") {
        return calls(text);
    }
    // An assignment; a pair of a query has its value behind the sign.
    (after.starts_with('=') || after.starts_with(':') || after.starts_with(',')) && calls(text)
}

/// Bytes of a name with dots.
fn name(line: &str) -> usize {
    let length = line
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        .count();
    let starts = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts { length } else { 0 }
}

/// Whether something in the text is called as boto3's clients are.
fn calls(text: &str) -> bool {
    let end = text
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| *at >= HEAD)
        .unwrap_or(text.len());
    let head = text.get(..end).unwrap_or(text);
    if head.contains("boto3") {
        return true;
    }
    head.match_indices('(').any(|(at, _)| {
        let before = head.get(..at).unwrap_or("");
        let length = before
            .bytes()
            .rev()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        let (rest, method) = before.split_at(at - length);
        let known = matches!(
            method,
            "get_paginator" | "get_waiter" | "paginate" | "wait" | "client"
        );
        rest.ends_with('.') && (known || action_of_method(method).is_some())
    })
}
