//! Blanks, comments, prompts, names and numbers.

use super::{Reader, Thing};
use crate::characters::{deceptive, named, zero_width};
use crate::diagnostic::Flaw;
use crate::node::{Node, Value};
use crate::token::TokenKind;

impl<'w> Reader<'w, '_> {
    /// Passes over what means nothing; line ends too if a bracket is open.
    pub(super) fn blanks(&mut self) {
        while let Some(c) = self.cursor.peek() {
            let start = self.cursor.at;
            match c {
                '\n' if self.open > 0 => self.line_end(),
                '\n' => return,
                '#' => {
                    let rest = self.cursor.rest();
                    self.cursor.at += rest.find('\n').unwrap_or(rest.len());
                    let span = self.cursor.source(start..self.cursor.at);
                    self.desk.tokens.add(span, TokenKind::Comment);
                }
                '\\' => {
                    let rest = self.cursor.rest().get(1..).unwrap_or("");
                    let line = rest.split('\n').next().unwrap_or("");
                    if !line.trim().is_empty() {
                        return;
                    }
                    self.cursor.at += 1 + line.len();
                    let span = self.cursor.source(start..start + 1);
                    self.desk.tokens.add(span, TokenKind::Punctuation);
                    if self.cursor.peek().is_some() {
                        self.line_end();
                    }
                }
                c if zero_width(c) || c.is_whitespace() => {
                    self.cursor.at += c.len_utf8();
                    let new = start >= self.seen;
                    self.seen = self.seen.max(self.cursor.at);
                    if new
                        && deceptive(c)
                        && self.call.is_none()
                        && !(start == 0 && c == '\u{FEFF}')
                    {
                        let span = self.cursor.source(start..self.cursor.at);
                        self.desk.remarks.warning(
                            span,
                            format!(
                                "This is not a plain space ({}); it was read as one.",
                                named(c)
                            ),
                            "Delete it, or type a plain space instead.",
                        );
                    }
                }
                _ => return,
            }
        }
    }

    /// Takes a line end, and the prompt that may begin the next line.
    pub(super) fn line_end(&mut self) {
        self.cursor.at += 1;
        self.prompt();
    }

    /// Passes over `>>> `, `... `, `In [1]: ` and `   ...: `.
    pub(super) fn prompt(&mut self) {
        let rest = self.cursor.rest();
        let inner = rest.trim_start_matches(' ');
        let blanks = rest.len() - inner.len();
        let marks = if inner.starts_with(">>>") || inner.starts_with("...") {
            if inner.starts_with("...:") { 4 } else { 3 }
        } else if inner.starts_with("In [") {
            let head: String = inner.chars().take(12).collect();
            head.find("]:").map_or(0, |at| at + 2)
        } else {
            0
        };
        let after = inner.get(marks..).unwrap_or("");
        if marks == 0 || !(after.is_empty() || after.starts_with([' ', '\r', '\n'])) {
            return;
        }
        let start = self.cursor.at + blanks;
        self.cursor.at = start + marks;
        let span = self.cursor.source(start..self.cursor.at);
        self.desk.tokens.add(span, TokenKind::Comment);
    }

    /// Goes to the end of this line.
    pub(super) fn leave_line(&mut self) {
        let rest = self.cursor.rest();
        self.cursor.at += rest.find('\n').unwrap_or(rest.len());
    }

    /// A name that stands next; not taken.
    pub(super) fn next_name(&self) -> &'w str {
        let rest = self.cursor.rest();
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return "";
        }
        let length = rest
            .char_indices()
            .find(|(_, c)| !(c.is_alphanumeric() || *c == '_'))
            .map_or(rest.len(), |(at, _)| at);
        rest.get(..length).unwrap_or("")
    }

    pub(super) fn number(&mut self) -> Result<Thing, Flaw> {
        let start = self.cursor.at;
        let mut last = b'0';
        while let Some(b) = self.cursor.rest().bytes().next() {
            let hexadecimal = self
                .cursor
                .word
                .text
                .get(start..self.cursor.at)
                .is_some_and(|text| text.starts_with("0x") || text.starts_with("0X"));
            let exponent = matches!(b, b'+' | b'-') && matches!(last, b'e' | b'E') && !hexadecimal;
            if !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_') || exponent) {
                break;
            }
            last = b;
            self.cursor.at += 1;
        }
        let written = self
            .cursor
            .word
            .text
            .get(start..self.cursor.at)
            .unwrap_or("");
        match decimal(&written.replace('_', "")) {
            Some(number) => Ok(Thing::Value(Node {
                span: self.cursor.source(start..self.cursor.at),
                value: Value::Number(number),
            })),
            None => Err(self.cursor.flaw(
                start..self.cursor.at,
                "This is no number.",
                "Write digits, or put text in quotes.",
            )),
        }
    }
}

/// A Python number as JSON writes it.
fn decimal(text: &str) -> Option<String> {
    let digits = |radix, text: &str| u64::from_str_radix(text, radix).ok().map(|n| n.to_string());
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("0x") {
        return digits(16, rest);
    }
    if let Some(rest) = lower.strip_prefix("0o") {
        return digits(8, rest);
    }
    if let Some(rest) = lower.strip_prefix("0b") {
        return digits(2, rest);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return (text == "0" || !text.starts_with('0')).then(|| text.to_owned());
    }
    let number = ec2_wire::decimal(text)?;
    let plain = text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let number = serde_json::Number::from_f64(number).filter(|_| plain)?;
    Some(number.to_string())
}
