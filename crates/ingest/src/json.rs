//! JSON inside a word, with places. Depth is bounded, and every complaint says how to mend it.

use crate::Span;
use crate::diagnostic::Flaw;
use crate::node::{Entry, Node, Value};
use crate::word::Word;

/// EC2's deepest request has nine levels.
const DEEPEST: usize = 64;

/// Reads the whole word as one JSON value.
pub(crate) fn parse(word: &Word) -> Result<Node, Flaw> {
    let mut parser = Parser { word, at: 0 };
    let node = parser.value(0)?;
    parser.blanks();
    match parser.peek() {
        None => Ok(node),
        Some(c) => Err(parser.error(
            c,
            "The JSON value is complete, but more follows.",
            "Delete what follows, or put it in its own word.",
        )),
    }
}

struct Parser<'w> {
    word: &'w Word,
    at: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.word.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn blanks(&mut self) {
        self.at += self.rest().len()
            - self
                .rest()
                .trim_start_matches(crate::characters::blank)
                .len();
    }

    fn error(&self, c: char, message: &str, mend: &str) -> Flaw {
        self.error_at(self.at..self.at + c.len_utf8(), message, mend)
    }

    fn error_at(&self, part: Span, message: &str, mend: &str) -> Flaw {
        Flaw {
            span: self.word.source(part),
            message: message.to_owned(),
            mend: mend.to_owned(),
        }
    }

    fn ended(&self, missing: &str) -> Flaw {
        self.error_at(
            self.at..self.at,
            &format!("The JSON ends too early: {missing} is missing."),
            &format!("Add {missing} here."),
        )
    }

    fn value(&mut self, depth: usize) -> Result<Node, Flaw> {
        self.blanks();
        let start = self.at;
        let c = self.peek().ok_or_else(|| self.ended("a value"))?;
        if depth > DEEPEST {
            return Err(self.error(
                c,
                "The JSON is nested too deeply; no EC2 request is.",
                "Check the brackets before this place.",
            ));
        }
        match c {
            '{' => self.map(depth),
            '[' => self.list(depth),
            '"' => {
                let (text, span) = self.text()?;
                Ok(Node {
                    span,
                    value: Value::Text(text),
                })
            }
            '-' | '0'..='9' => {
                let length = self
                    .rest()
                    .bytes()
                    .take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
                    .count();
                self.at += length;
                let number = self.word.text.get(start..self.at).unwrap_or("").to_owned();
                match number.parse::<f64>() {
                    Ok(_) => Ok(Node {
                        span: self.word.source(start..self.at),
                        value: Value::Number(number),
                    }),
                    Err(_) => Err(self.error_at(
                        start..self.at,
                        "This is no JSON number.",
                        "Write digits, or put text in double quotes.",
                    )),
                }
            }
            '\'' => Err(self.error(
                c,
                "JSON strings are in double quotes.",
                "Write \" instead of ', and put the whole JSON in single quotes.",
            )),
            _ => {
                let length = self
                    .rest()
                    .bytes()
                    .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
                    .count();
                let word = self.rest().get(..length).unwrap_or("").to_owned();
                self.at += length;
                let span = self.word.source(start..self.at);
                let value = match word.as_str() {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "null" => Value::Null,
                    "True" | "False" | "None" => {
                        let json = if word == "None" { "null" } else { &word.to_ascii_lowercase() };
                        return Err(self.error_at(start..self.at, &format!("{word} is Python, not JSON."), &format!("Write {json}.")));
                    }
                    "" => {
                        self.at = start;
                        return Err(self.error(c, &format!("A JSON value is expected here, not {c:?}."), "Write a string in double quotes, a number, true, false, [ or {."));
                    }
                    _ => return Err(self.error_at(start..self.at, &format!("{word} is not in quotes."), &format!("Write \"{word}\"; inside a command line, put the whole JSON in single quotes."))),
                };
                Ok(Node { span, value })
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Node, Flaw> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() != Some(']') {
            loop {
                items.push(self.value(depth + 1)?);
                if self.separator(']')? {
                    break;
                }
            }
        }
        self.at += 1;
        Ok(Node {
            span: self.word.source(start..self.at),
            value: Value::List(items),
        })
    }

    fn map(&mut self, depth: usize) -> Result<Node, Flaw> {
        let start = self.at;
        self.at += 1;
        let mut entries = Vec::new();
        self.blanks();
        if self.peek() != Some('}') {
            loop {
                self.blanks();
                let (key, key_span) = match self.peek() {
                    Some('"') => self.text()?,
                    Some(c) => return Err(self.error(c, "A member name in double quotes is expected here.", "Write \"Name\": value; inside a command line, put the whole JSON in single quotes.")),
                    None => return Err(self.ended("\"")),
                };
                self.blanks();
                match self.peek() {
                    Some(':') => self.at += 1,
                    Some(c) => {
                        return Err(self.error(
                            c,
                            "A colon is expected after the member name.",
                            "Write : here.",
                        ));
                    }
                    None => return Err(self.ended(":")),
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
        self.at += 1;
        Ok(Node {
            span: self.word.source(start..self.at),
            value: Value::Map(entries),
        })
    }

    /// After a list item or member: `false` behind a comma, `true` in front of the closing bracket.
    fn separator(&mut self, close: char) -> Result<bool, Flaw> {
        self.blanks();
        match self.peek() {
            Some(',') => {
                let comma = self.at;
                self.at += 1;
                self.blanks();
                if self.peek() == Some(close) {
                    return Err(self.error_at(
                        comma..comma + 1,
                        &format!("A comma stands before {close}."),
                        "Delete the comma.",
                    ));
                }
                Ok(false)
            }
            Some(c) if c == close => Ok(true),
            Some(c) => Err(self.error(
                c,
                &format!("A comma or {close} is expected here, not {c:?}."),
                &format!("Write , or {close} here."),
            )),
            None => Err(self.ended(&close.to_string())),
        }
    }

    fn text(&mut self) -> Result<(String, Span), Flaw> {
        let open = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(self.error_at(
                    open..open + 1,
                    "This JSON string is never closed.",
                    "Add \" where it ends.",
                ));
            };
            let start = self.at;
            self.at += c.len_utf8();
            match c {
                '"' => return Ok((text, self.word.source(open + 1..start))),
                '\\' => {
                    let escape = self.peek();
                    self.at += escape.map_or(0, char::len_utf8);
                    match escape {
                        Some(c @ ('"' | '\\' | '/')) => text.push(c),
                        Some('n') => text.push('\n'),
                        Some('t') => text.push('\t'),
                        Some('r') => text.push('\r'),
                        Some('b') => text.push('\u{8}'),
                        Some('f') => text.push('\u{C}'),
                        Some('u') => text.push(self.unicode(start)?),
                        _ => {
                            return Err(self.error_at(
                                start..self.at,
                                "JSON does not know this escape.",
                                "Write \\\\ for a backslash.",
                            ));
                        }
                    }
                }
                c => text.push(c),
            }
        }
    }

    fn unicode(&mut self, start: usize) -> Result<char, Flaw> {
        let first = self.hex(start)?;
        let code = if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            let second = self.hex(start)?;
            0x10000 + ((first - 0xD800) << 10) + (second.wrapping_sub(0xDC00) & 0x3FF)
        } else {
            first
        };
        Ok(char::from_u32(code).unwrap_or('\u{FFFD}'))
    }

    fn hex(&mut self, start: usize) -> Result<u32, Flaw> {
        let digits = self
            .rest()
            .get(..4)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => Err(self.error_at(
                start..self.at,
                "Four hexadecimal digits must follow \\u.",
                "Write \\u00e9, for example.",
            )),
        }
    }
}
