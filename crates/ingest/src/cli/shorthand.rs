//! The CLI's shorthand: `Key=value,Key=[a,b],Key={K=v}`, and `Key=a,b` for a list.

use crate::cursor::{Cursor, DEEPEST};
use crate::diagnostic::Flaw;
use crate::node::{Entry, Node, Value};
use crate::word::Word;

/// Reads the whole word as shorthand; the result is a map.
pub(crate) fn parse(word: &Word) -> Result<Node, Flaw> {
    let mut parser = Parser(Cursor::new(word));
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    loop {
        let entry = parser.entry(|parser| parser.values(0))?;
        if !seen.insert(entry.key.clone()) {
            return Err(Flaw {
                span: entry.key_span,
                message: format!("{} is there twice.", entry.key),
                mend: "Put a space, not a comma, between two structures, each a word of its own."
                    .to_owned(),
            });
        }
        entries.push(entry);
        parser.blanks();
        match parser.peek() {
            None => {
                return Ok(Node {
                    span: word.inside(),
                    value: Value::Map(entries),
                });
            }
            Some(',') => parser.at += 1,
            Some(c) => return Err(parser.unexpected(c)),
        }
        parser.blanks();
    }
}

struct Parser<'w>(Cursor<'w>);

impl<'w> std::ops::Deref for Parser<'w> {
    type Target = Cursor<'w>;

    fn deref(&self) -> &Cursor<'w> {
        &self.0
    }
}

impl std::ops::DerefMut for Parser<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Parser<'_> {
    fn blanks(&mut self) {
        self.0.skip(char::is_whitespace);
    }

    fn unexpected(&self, c: char) -> Flaw {
        let mend = match c {
            '\'' | '"' => {
                "Put the whole value in quotes inside the shell's quotes: Value='it\\'s'."
            }
            ']' | '}' => "Delete it, or open it before.",
            _ => "Write a comma before the next Key=value.",
        };
        self.flaw(
            self.at..self.at + c.len_utf8(),
            format!("A comma or the end of the word is expected here, not {c:?}."),
            mend,
        )
    }

    /// `Key=…`
    fn entry(
        &mut self,
        value: impl FnOnce(&mut Self) -> Result<Node, Flaw>,
    ) -> Result<Entry, Flaw> {
        let start = self.at;
        let key_char = |b: u8| {
            b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'#' | b'/' | b':')
        };
        self.at += self.rest().bytes().take_while(|b| key_char(*b)).count();
        let key = self.word.text.get(start..self.at).unwrap_or("").to_owned();
        let key_span = self.word.source(start..self.at);
        self.blanks();
        if self.peek() == Some('@') {
            return Err(self.flaw(
                self.at..self.at + 1,
                "The value is to come from a file (@=), which cannot be read here.".to_owned(),
                "Write the file's content: Key=value.",
            ));
        }
        if self.peek() != Some('=') || key.is_empty() {
            let end = self.peek().map_or(self.at, |c| self.at + c.len_utf8());
            return Err(self.flaw(
                if key.is_empty() {
                    self.at..end
                } else {
                    start..self.at
                },
                "Key=value is expected here.".to_owned(),
                "Write Key=value,Key=value; put a value that holds commas or spaces in quotes.",
            ));
        }
        self.at += 1;
        self.blanks();
        Ok(Entry {
            key,
            key_span,
            node: value(self)?,
        })
    }

    fn values(&mut self, depth: usize) -> Result<Node, Flaw> {
        match self.peek() {
            Some('[') => self.list(depth),
            Some('{') => self.map(depth),
            _ => self.comma_list(),
        }
    }

    /// `a`, or `a,b,c` as far as no `Key=` follows.
    fn comma_list(&mut self) -> Result<Node, Flaw> {
        let start = self.at;
        let first = self.scalar(first_follow)?;
        self.blanks();
        let mut items = vec![first];
        while self.peek() == Some(',') {
            let comma = self.at;
            self.at += 1;
            self.blanks();
            if self.peek().is_none() {
                return Err(self.flaw(
                    comma..comma + 1,
                    "A comma ends the value.".to_owned(),
                    "Delete it, or add what is to follow.",
                ));
            }
            let begins = self
                .peek()
                .is_some_and(|c| starts(c) || matches!(c, '\'' | '"'))
                || self.rest().starts_with("\\,");
            let item = if begins {
                Some(self.scalar(second_follow)?)
            } else {
                None
            };
            self.blanks();
            match (item, self.peek()) {
                (Some(item), None | Some(',')) => items.push(item),
                _ => {
                    self.at = comma;
                    break;
                }
            }
        }
        match items.len() {
            1 => items.pop().ok_or_else(|| self.ended('=')),
            _ => Ok(Node::list(self.word.source(start..self.at), items)),
        }
    }

    /// Inside brackets: no bare comma lists.
    fn inner(&mut self, depth: usize) -> Result<Node, Flaw> {
        match self.peek() {
            Some('[') => self.list(depth),
            Some('{') => self.map(depth),
            _ => self.scalar(first_follow),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Node, Flaw> {
        let start = self.at;
        self.open(depth)?;
        let mut items = Vec::new();
        while self.peek() != Some(']') {
            items.push(self.inner(depth + 1)?);
            self.next(']')?;
        }
        self.at += 1;
        Ok(Node::list(self.word.source(start..self.at), items))
    }

    fn map(&mut self, depth: usize) -> Result<Node, Flaw> {
        let start = self.at;
        self.open(depth)?;
        let mut entries = Vec::new();
        while self.peek() != Some('}') {
            entries.push(self.entry(|parser| parser.inner(depth + 1))?);
            self.next('}')?;
        }
        self.at += 1;
        Ok(Node {
            span: self.word.source(start..self.at),
            value: Value::Map(entries),
        })
    }

    fn open(&mut self, depth: usize) -> Result<(), Flaw> {
        if depth >= DEEPEST {
            return Err(self.too_deep());
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    /// Behind an item: stands before the next one or before the closing bracket.
    fn next(&mut self, close: char) -> Result<(), Flaw> {
        self.blanks();
        match self.peek() {
            Some(',') => {
                self.at += 1;
                self.blanks();
                Ok(())
            }
            Some(c) if c == close => Ok(()),
            Some(c) => Err(self.unexpected(c)),
            None => Err(self.ended(close)),
        }
    }

    fn scalar(&mut self, follow: fn(char) -> bool) -> Result<Node, Flaw> {
        if let Some(quote @ ('\'' | '"')) = self.peek() {
            return self.quoted(quote);
        }
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            if self.rest().starts_with("\\,") {
                text.push(',');
                self.at += 2;
                continue;
            }
            let taken = if text.is_empty() {
                starts(c)
            } else {
                follow(c)
            };
            if !taken {
                break;
            }
            text.push(c);
            self.at += c.len_utf8();
        }
        text.truncate(text.trim_end().len());
        let raw = self
            .word
            .text
            .get(start..self.at)
            .unwrap_or("")
            .trim_end()
            .len();
        Ok(Node {
            span: self.word.source(start..start + raw),
            value: Value::Bare(text),
        })
    }

    fn quoted(&mut self, quote: char) -> Result<Node, Flaw> {
        let open = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            let start = self.at;
            self.at += c.len_utf8();
            if c == quote {
                return Ok(Node {
                    span: self.word.source(open + 1..start),
                    value: Value::Bare(text),
                });
            }
            let escaped = self
                .peek()
                .filter(|next| c == '\\' && (*next == quote || *next == '\\'));
            match escaped {
                Some(next) => {
                    text.push(next);
                    self.at += 1;
                }
                None => text.push(c),
            }
        }
        Err(self.flaw(
            open..open + 1,
            format!("This quote ({quote}) inside the value is never closed."),
            format!("Add {quote} where the value ends."),
        ))
    }
}

/// May begin a bare value.
fn starts(c: char) -> bool {
    c > ' ' && !matches!(c, '"' | '\'' | ',' | '=' | '[' | '{' | ']' | '}')
}

/// May go on in a key's first value.
fn first_follow(c: char) -> bool {
    !matches!(c, '"' | '\'' | ',' | ']' | '}')
}

/// May go on in a further value, where an equals sign would mean that it was a key.
fn second_follow(c: char) -> bool {
    !matches!(c, '"' | '\'' | ',' | '=')
}
