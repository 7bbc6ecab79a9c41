//! JSON with places, inside a word or as the whole text. Depth is bounded, and every complaint says how to mend it.

mod cloudtrail;
mod guess;
mod reader;

pub(crate) use reader::read;

use crate::Span;
use crate::characters::{blank, named, plain_quote};
use crate::cursor::{Cursor, DEEPEST, shown};
use crate::diagnostic::{Flaw, Remarks};
use crate::node::{Entry, Node, Value};
use crate::word::Word;

/// Reads the whole word as one JSON value.
pub(crate) fn parse(word: &Word, remarks: &mut Remarks) -> Result<Node, Flaw> {
    let mut parser = Parser {
        cursor: Cursor::new(word),
        remarks,
    };
    let node = parser.value(0)?;
    parser.cursor.skip(blank);
    match parser.cursor.peek() {
        None => Ok(node),
        Some(_) => Err(parser.cursor.here(
            "The JSON value is complete, but more follows.",
            "Delete what follows, or put it in its own word.",
        )),
    }
}

struct Parser<'w, 'r> {
    cursor: Cursor<'w>,
    remarks: &'r mut Remarks,
}

impl Parser<'_, '_> {
    fn value(&mut self, depth: usize) -> Result<Node, Flaw> {
        self.cursor.skip(blank);
        let start = self.cursor.at;
        let c = self
            .cursor
            .peek()
            .ok_or_else(|| self.cursor.ended("a value"))?;
        if depth > DEEPEST {
            return Err(self.cursor.too_deep());
        }
        match c {
            '{' => self.map(depth),
            '[' => self.list(depth),
            c if double_quote(c) => {
                let (text, span) = self.text()?;
                Ok(Node {
                    span,
                    value: Value::Text(text),
                })
            }
            '-' | '0'..='9' => {
                let number = self
                    .cursor
                    .run(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'));
                let span = start..self.cursor.at;
                match ec2_wire::decimal(number) {
                    Some(_) => Ok(Node {
                        span: self.cursor.source(span),
                        value: Value::Number(number.to_owned()),
                    }),
                    None => Err(self.cursor.flaw(
                        span,
                        "This is no JSON number.",
                        "Write digits, or put text in double quotes.",
                    )),
                }
            }
            '\'' => Err(self.cursor.here(
                "JSON strings are in double quotes.",
                "Write \" instead of ', and put the whole JSON in single quotes.",
            )),
            _ => {
                let word = self.cursor.run(|b| b.is_ascii_alphanumeric() || b == b'_');
                let span = self.cursor.source(start..self.cursor.at);
                let value = match word {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "null" => Value::Null,
                    "True" | "False" | "None" => {
                        let json = if word == "None" { "null".to_owned() } else { word.to_ascii_lowercase() };
                        return Err(self.cursor.flaw(start..self.cursor.at, format!("{word} is Python, not JSON."), format!("Write {json}.")));
                    }
                    "" => {
                        self.cursor.at = start;
                        return Err(self.cursor.here(format!("A JSON value is expected here, not {}.", shown(c)), "Write a string in double quotes, a number, true, false, [ or {."));
                    }
                    _ => return Err(self.cursor.flaw(start..self.cursor.at, format!("{word} is not in quotes."), format!("Write \"{word}\"; inside a command line, put the whole JSON in single quotes."))),
                };
                Ok(Node { span, value })
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Node, Flaw> {
        let start = self.cursor.at;
        self.cursor.at += 1;
        let mut items = Vec::new();
        self.cursor.skip(blank);
        if self.cursor.peek() != Some(']') {
            loop {
                items.push(self.value(depth + 1)?);
                if self.separator(']')? {
                    break;
                }
            }
        }
        self.cursor.at += 1;
        Ok(Node {
            span: self.cursor.source(start..self.cursor.at),
            value: Value::List(items),
        })
    }

    fn map(&mut self, depth: usize) -> Result<Node, Flaw> {
        let start = self.cursor.at;
        self.cursor.at += 1;
        let mut entries = Vec::new();
        self.cursor.skip(blank);
        if self.cursor.peek() != Some('}') {
            loop {
                self.cursor.skip(blank);
                let (key, key_span) = match self.cursor.peek() {
                    Some(c) if double_quote(c) => self.text()?,
                    Some(_) => return Err(self.cursor.here("A member name in double quotes is expected here.", "Write \"Name\": value; inside a command line, put the whole JSON in single quotes.")),
                    None => return Err(self.cursor.ended("\"")),
                };
                self.cursor.skip(blank);
                match self.cursor.peek() {
                    Some(':') => self.cursor.at += 1,
                    Some(_) => {
                        return Err(self.cursor.here(
                            "A colon is expected after the member name.",
                            "Write : here.",
                        ));
                    }
                    None => return Err(self.cursor.ended(":")),
                }
                let node = self.value(depth + 1)?;
                entries.push(Entry {
                    key,
                    key_span,
                    node,
                });
                if self.separator('}')? {
                    break;
                }
            }
        }
        self.cursor.at += 1;
        Ok(Node {
            span: self.cursor.source(start..self.cursor.at),
            value: Value::Map(entries),
        })
    }

    /// After a list item or member: `false` behind a comma, `true` in front of the closing bracket.
    fn separator(&mut self, close: char) -> Result<bool, Flaw> {
        self.cursor.skip(blank);
        match self.cursor.peek() {
            Some(',') => {
                let comma = self.cursor.at;
                self.cursor.at += 1;
                self.cursor.skip(blank);
                if self.cursor.peek() == Some(close) {
                    return Err(self.cursor.flaw(
                        comma..comma + 1,
                        format!("A comma stands before {close}."),
                        "Delete the comma.",
                    ));
                }
                Ok(false)
            }
            Some(c) if c == close => Ok(true),
            Some(c) => Err(self.cursor.here(
                format!("A comma or {close} is expected here, not {}.", shown(c)),
                format!("Write , or {close} here."),
            )),
            None => Err(self.cursor.ended(close)),
        }
    }

    fn text(&mut self) -> Result<(String, Span), Flaw> {
        let open = self.cursor.at;
        let opened = self.cursor.take();
        let plain = opened == Some('"');
        let inside = self.cursor.at;
        if let Some(c) = opened.filter(|_| !plain) {
            self.remarks.warning(
                self.cursor.source(open..inside),
                format!(
                    "This is a typographic quote ({}); it was read as \".",
                    named(c)
                ),
                "Write \" instead.",
            );
        }
        let mut text = String::new();
        loop {
            let start = self.cursor.at;
            let Some(c) = self.cursor.take() else {
                return Err(self.cursor.flaw(
                    open..inside,
                    "This JSON string is never closed.",
                    "Add \" where it ends.",
                ));
            };
            match c {
                '"' => return Ok((text, self.cursor.source(inside..start))),
                c if !plain && double_quote(c) => {
                    return Ok((text, self.cursor.source(inside..start)));
                }
                '\\' => match self.cursor.take() {
                    Some(c @ ('"' | '\\' | '/')) => text.push(c),
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some('b') => text.push('\u{8}'),
                    Some('f') => text.push('\u{C}'),
                    Some('u') => text.push(self.unicode(start)?),
                    _ => {
                        return Err(self.cursor.flaw(
                            start..self.cursor.at,
                            "JSON does not know this escape.",
                            "Write \\\\ for a backslash.",
                        ));
                    }
                },
                c => text.push(c),
            }
        }
    }

    fn unicode(&mut self, start: usize) -> Result<char, Flaw> {
        let first = self.hex(start)?;
        let code = if (0xD800..0xDC00).contains(&first) && self.cursor.rest().starts_with("\\u") {
            self.cursor.at += 2;
            let second = self.hex(start)?;
            0x10000 + ((first - 0xD800) << 10) + (second.wrapping_sub(0xDC00) & 0x3FF)
        } else {
            first
        };
        Ok(char::from_u32(code).unwrap_or('\u{FFFD}'))
    }

    fn hex(&mut self, start: usize) -> Result<u32, Flaw> {
        let digits = self
            .cursor
            .rest()
            .get(..4)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.cursor.at += 4;
                Ok(code)
            }
            None => Err(self.cursor.flaw(
                start..self.cursor.at,
                "Four hexadecimal digits must follow \\u.",
                "Write \\u00e9, for example.",
            )),
        }
    }
}

fn double_quote(c: char) -> bool {
    c == '"' || plain_quote(c) == Some('"')
}
