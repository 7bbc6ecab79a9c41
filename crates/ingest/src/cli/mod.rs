//! An `aws ec2` command line.

mod command;
mod customised;
mod mistakes;
mod options;
mod parameters;
mod places;
mod prompt;
mod run_instances;
mod shorthand;
mod values;
mod waiters;
mod write;

pub(crate) use prompt::looks_like;
pub(crate) use write::write;

use crate::Desk;
use crate::diagnostic::Severity;
use crate::shell::{self, Item};
use crate::token::TokenKind;
use crate::word::Word;

/// Reads the first command of the text.
pub(crate) fn read(text: &str, desk: &mut Desk) {
    let start = prompt::start(text);
    for (span, kind) in start.before {
        desk.tokens.add(span, kind);
    }
    let items = shell::split(text, start.command, &mut desk.remarks);
    let words = first_command(items, text.len(), desk);
    if words.is_empty() {
        desk.remarks.error(
            start.command..start.command,
            "There is no command.",
            "Write aws ec2 describe-instances, for example.",
        );
        return;
    }
    command::read(&words, text.len(), desk);
}

fn first_command(items: Vec<Item>, end: usize, desk: &mut Desk) -> Vec<Word> {
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
                    span,
                    "The command ends here; what follows is the shell's and was not read.",
                    "",
                );
                return words;
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
    words
}

fn end_of(words: &[Word]) -> usize {
    words.last().map_or(0, |word| word.span.end)
}
