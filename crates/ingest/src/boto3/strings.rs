//! String and bytes literals.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Reader, Thing, Unknown};
use crate::Span;
use crate::characters::{named, plain_quote, zero_width};
use crate::diagnostic::Flaw;
use crate::node::{Node, Value};

/// One literal: `'…'`, `r"…"`, `b'''…'''`.
struct Literal {
    text: String,
    bytes: Vec<u8>,
    binary: bool,
    /// An f-string that holds values.
    holds: bool,
    inside: Span,
    whole: Span,
}

impl Reader<'_, '_> {
    /// Whether a literal begins here, with its prefix if it has one.
    pub(super) fn at_string(&self) -> bool {
        let rest = self.cursor.rest();
        let prefix = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let known = rest.get(..prefix).is_some_and(|prefix| {
            prefix.len() <= 2
                && prefix
                    .bytes()
                    .all(|b| b"rbuft".contains(&b.to_ascii_lowercase()))
        });
        let quote = rest.get(prefix..).and_then(|rest| rest.chars().next());
        known && quote.is_some_and(|c| c == '\'' || c == '"' || plain_quote(c).is_some())
    }

    /// Literals side by side are one.
    pub(super) fn strings(&mut self) -> Result<Thing, Flaw> {
        let first = self.literal()?;
        let mut all = first;
        let mut after = self.cursor.at;
        loop {
            self.blanks();
            if !self.at_string() {
                break;
            }
            let next = self.literal()?;
            if next.binary != all.binary {
                return Err(self.cursor.flaw(
                    next.whole,
                    "Text and bytes stand side by side.",
                    "Write both with b, or both without.",
                ));
            }
            all.text.push_str(&next.text);
            all.bytes.extend(next.bytes);
            all.holds |= next.holds;
            all.inside.end = next.inside.end;
            all.whole.end = next.whole.end;
            after = self.cursor.at;
        }
        if self.open == 0 {
            self.cursor.at = after;
        }
        if all.holds {
            return Ok(Thing::Unknown(Unknown::new(
                self.cursor.source(all.whole),
                "An f-string is put together only when the program runs.",
                "Write the text itself in plain quotes, without f.",
            )));
        }
        let value = if all.binary {
            Value::Bytes(STANDARD.encode(&all.bytes))
        } else {
            Value::Text(all.text)
        };
        Ok(Thing::Value(Node {
            span: self.cursor.source(all.inside),
            value,
        }))
    }

    fn literal(&mut self) -> Result<Literal, Flaw> {
        let start = self.cursor.at;
        let prefix = self
            .cursor
            .run(|b| b.is_ascii_alphabetic())
            .to_ascii_lowercase();
        let open = self.cursor.at;
        let opened = self.cursor.take().unwrap_or('"');
        let quote = plain_quote(opened).unwrap_or(opened);
        if quote != opened && self.call.is_none() {
            let span = self.cursor.source(open..self.cursor.at);
            self.desk.remarks.warning(
                span,
                format!(
                    "This is a typographic quote ({}); it was read as {quote}.",
                    named(opened)
                ),
                format!("Write {quote} instead."),
            );
        }
        let triple = quote == opened && self.cursor.rest().starts_with(&format!("{quote}{quote}"));
        if triple {
            self.cursor.at += 2;
        }
        let mut literal = Literal {
            text: String::new(),
            bytes: Vec::new(),
            binary: prefix.contains('b'),
            holds: false,
            inside: self.cursor.at..self.cursor.at,
            whole: start..start,
        };
        let raw = prefix.contains('r');
        let formatted = prefix.contains(['f', 't']);
        loop {
            let at = self.cursor.at;
            let Some(c) = self.cursor.take() else {
                return Err(self.unclosed(open, opened, triple));
            };
            let closes = c == quote || (opened != quote && plain_quote(c) == Some(quote));
            match c {
                _ if closes && !triple => {
                    literal.inside.end = at;
                    break;
                }
                _ if closes && self.cursor.rest().starts_with(&format!("{quote}{quote}")) => {
                    literal.inside.end = at;
                    self.cursor.at += 2;
                    break;
                }
                '\n' if !triple => return Err(self.unclosed(open, opened, triple)),
                // Python reads every line end as one character.
                '\r' if self.cursor.rest().starts_with('\n') => {}
                '\\' if raw => {
                    literal.push('\\');
                    if let Some(c) = self.cursor.take() {
                        literal.push(c);
                    }
                }
                '\\' => self.escape(at, &mut literal)?,
                '{' | '}' if formatted => {
                    if self.cursor.peek() == Some(c) {
                        self.cursor.at += 1;
                        literal.push(c);
                    } else {
                        literal.holds = true;
                    }
                }
                c if literal.binary && !c.is_ascii() => {
                    return Err(self.cursor.flaw(
                        at..self.cursor.at,
                        "Bytes are written in ASCII.",
                        "Write \\x and two hexadecimal digits for each byte.",
                    ));
                }
                c => {
                    if zero_width(c) && self.in_call {
                        let span = self.cursor.source(at..self.cursor.at);
                        self.desk.remarks.note(
                            span,
                            format!(
                                "The value holds an invisible character ({}); it was kept.",
                                named(c)
                            ),
                            "Delete it if it is not meant.",
                        );
                    }
                    literal.push(c);
                }
            }
        }
        literal.whole.end = self.cursor.at;
        Ok(literal)
    }

    fn unclosed(&self, open: usize, opened: char, triple: bool) -> Flaw {
        let marks = opened.to_string().repeat(if triple { 3 } else { 1 });
        self.cursor.flaw(
            open..open + marks.len(),
            format!("This quote ({marks}) is never closed."),
            format!("Add {marks} where the value ends."),
        )
    }

    fn escape(&mut self, at: usize, literal: &mut Literal) -> Result<(), Flaw> {
        let Some(c) = self.cursor.take() else {
            return Ok(());
        };
        let (radix, most) = match c {
            'x' => (16, 2),
            'u' if !literal.binary => (16, 4),
            'U' if !literal.binary => (16, 8),
            '0'..='7' => {
                self.cursor.at -= 1;
                (8, 3)
            }
            _ => (0, 0),
        };
        if radix > 0 {
            let rest = self.cursor.rest();
            let digits = rest
                .char_indices()
                .take(most)
                .take_while(|(_, c)| c.is_digit(radix))
                .count();
            let code = rest
                .get(..digits)
                .and_then(|digits| u32::from_str_radix(digits, radix).ok());
            let code = code.filter(|_| radix == 8 || digits == most);
            self.cursor.at += digits;
            let Some(code) = code else {
                return Err(self.cursor.flaw(
                    at..self.cursor.at,
                    format!("{most} hexadecimal digits must follow \\{c}."),
                    format!("Write \\{c}{:0>most$}, for example.", "41"),
                ));
            };
            literal.code(code);
            return Ok(());
        }
        match c {
            '\n' => {}
            '\r' if self.cursor.peek() == Some('\n') => self.cursor.at += 1,
            'n' => literal.push('\n'),
            't' => literal.push('\t'),
            'r' => literal.push('\r'),
            'a' => literal.push('\u{7}'),
            'b' => literal.push('\u{8}'),
            'f' => literal.push('\u{C}'),
            'v' => literal.push('\u{B}'),
            '\\' | '\'' | '"' => literal.push(c),
            'N' if !literal.binary && self.cursor.peek() == Some('{') => {
                return Err(self.cursor.flaw(
                    at..self.cursor.at + 1,
                    "Characters by name (\\N) are not read here.",
                    "Write the character itself.",
                ));
            }
            c => {
                // What is no escape keeps its backslash.
                literal.push('\\');
                literal.push(c);
            }
        }
        Ok(())
    }
}

impl Literal {
    fn push(&mut self, c: char) {
        if self.binary {
            self.bytes
                .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            self.text.push(c);
        }
    }

    fn code(&mut self, code: u32) {
        if self.binary {
            self.bytes.push((code & 0xFF) as u8);
        } else {
            self.text.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
        }
    }
}
