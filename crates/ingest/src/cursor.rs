//! A place in a word or text that a reader of structured values moves along.

use crate::Span;
use crate::characters::{named, plain_quote};
use crate::diagnostic::Flaw;
use crate::word::Word;

/// EC2's deepest request has nine levels.
pub(crate) const DEEPEST: usize = 64;

/// Where a reader is.
pub(crate) struct Cursor<'w> {
    pub word: &'w Word,
    pub at: usize,
}

impl<'w> Cursor<'w> {
    pub fn new(word: &'w Word) -> Self {
        Self { word, at: 0 }
    }

    pub fn rest(&self) -> &'w str {
        self.word.text.get(self.at..).unwrap_or("")
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes one character.
    pub fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Takes that text if it is next.
    pub fn takes(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Takes bytes as long as they are wanted; only ASCII may be.
    pub fn run(&mut self, wanted: impl Fn(u8) -> bool) -> &'w str {
        let length = self
            .rest()
            .bytes()
            .take_while(|b| b.is_ascii() && wanted(*b))
            .count();
        let run = self.rest().get(..length).unwrap_or("");
        self.at += length;
        run
    }

    pub fn skip(&mut self, blank: fn(char) -> bool) {
        self.at += self.rest().len() - self.rest().trim_start_matches(blank).len();
    }

    /// Where a part of the word stands in the pasted text.
    pub fn source(&self, part: Span) -> Span {
        self.word.source(part)
    }

    pub fn flaw(&self, part: Span, message: impl Into<String>, mend: impl Into<String>) -> Flaw {
        Flaw {
            span: self.word.source(part),
            message: message.into(),
            mend: mend.into(),
        }
    }

    /// A flaw of the next character, or of the end.
    pub fn here(&self, message: impl Into<String>, mend: impl Into<String>) -> Flaw {
        let length = self.peek().map_or(0, char::len_utf8);
        self.flaw(self.at..self.at + length, message, mend)
    }

    pub fn ended(&self, missing: impl std::fmt::Display) -> Flaw {
        self.flaw(
            self.at..self.at,
            format!("The value ends too early: {missing} is missing."),
            format!("Add {missing}."),
        )
    }

    pub fn too_deep(&self) -> Flaw {
        self.here(
            "The value is nested too deeply; no EC2 request is.",
            "Check the brackets before this place.",
        )
    }
}

/// A character for a message, those that deceive the eye with their names.
pub(crate) fn shown(c: char) -> String {
    if plain_quote(c).is_some() || crate::characters::deceptive(c) {
        named(c)
    } else {
        format!("{c:?}")
    }
}
