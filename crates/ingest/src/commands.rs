//! The first of the commands in a text.

use crate::diagnostic::Severity;
use crate::shell::Item;
use crate::token::TokenKind;
use crate::word::Word;
use crate::{Desk, Span};

/// The words of a command and the operator that ends it.
pub(crate) struct Command {
    pub words: Vec<Word>,
    pub operator: Option<Span>,
}

/// The first command of a text; says that the rest was not read.
pub(crate) fn first_command(items: Vec<Item>, end: usize, desk: &mut Desk) -> Command {
    let mut words: Vec<Word> = Vec::new();
    let mut items = items.into_iter();
    for item in items.by_ref() {
        match item {
            Item::Word(word) => words.push(word),
            Item::Comment(span) => desk.tokens.add(span, TokenKind::Comment),
            Item::Continuation(span) => desk.tokens.add(span, TokenKind::Punctuation),
            Item::LineEnd if words.is_empty() => {}
            Item::LineEnd => break,
            Item::Operator(span) => {
                desk.tokens.add(span.start..end, TokenKind::Comment);
                desk.remarks.note(
                    span.clone(),
                    "The command ends here; what follows is the shell's and was not read.",
                    "",
                );
                return Command {
                    words,
                    operator: Some(span),
                };
            }
        }
    }
    let more = items.find_map(|item| match item {
        Item::Word(word) => Some(word.span),
        Item::Comment(span) => {
            desk.tokens.add(span, TokenKind::Comment);
            None
        }
        _ => None,
    });
    if let Some(span) = more {
        desk.tokens.add(span.start..end, TokenKind::Comment);
        desk.remarks.note(
            span,
            "Only the first command was read.",
            "Paste one command at a time, or end a line that goes on with a backslash.",
        );
        // What was cut off is not part of the request, so its remarks are not either.
        desk.remarks
            .keep(|remark| remark.span.start < end_of(&words) || remark.severity == Severity::Note);
    }
    Command {
        words,
        operator: None,
    }
}

fn end_of(words: &[Word]) -> usize {
    words.last().map_or(0, |word| word.span.end)
}
