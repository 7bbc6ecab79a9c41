//! Options as people write them, and what to do about it.

use ec2_model::Action;

use super::options::Option_;
use super::parameters::flag_spelling;
use crate::kebab::kebab;
use crate::query::shortened;
use crate::suggest::nearest;
use crate::word::Word;
use crate::{Desk, Span};

/// `--flag true`, which people write and the client refuses.
pub(crate) fn flag_value<'w>(
    option: &Option_,
    name: &str,
    words: &'w [Word],
    desk: &mut Desk,
) -> &'w [Word] {
    let Some((word, after)) = words.split_first() else {
        return words;
    };
    let truth = match word.text.to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => return words,
    };
    let spelling = flag_spelling(option, truth).unwrap_or_else(|| format!("--{name}"));
    desk.remarks.error(
        word.span.clone(),
        format!("--{name} takes no value; the client refuses this word."),
        format!("Write {spelling} alone."),
    );
    after
}

/// A word that no option takes.
pub(crate) fn stray_word(word: &Word, table: &[Option_], desk: &mut Desk) {
    let bare = word.text.trim_start_matches('-');
    let mend = if table.iter().any(|option| option.name == bare) {
        format!("Write --{bare}.")
    } else if word.text.contains('=') {
        "Name the option it belongs to, --filters for example; a list goes behind one option, with spaces between.".to_owned()
    } else {
        "Name the option it belongs to, or put the value it is part of in quotes.".to_owned()
    };
    desk.remarks.error(
        word.span.clone(),
        format!("The word {:?} belongs to no option.", shortened(&word.text)),
        mend,
    );
}

/// The option of that name, or the only one whose name begins so.
pub(crate) fn find(
    name: &str,
    span: Span,
    table: &[Option_],
    action: Action,
    desk: &mut Desk,
) -> Option<Option_> {
    if let Some(option) = table.iter().find(|option| option.name == name) {
        return Some(option.clone());
    }
    let command = kebab(action.name());
    let mut starting = table.iter().filter(|option| option.name.starts_with(name));
    match (starting.next(), starting.next()) {
        (Some(option), None) => {
            desk.remarks.warning(
                span,
                format!(
                    "--{name} is short for --{}; version 2 of the client does not take it.",
                    option.name
                ),
                format!("Write --{}.", option.name),
            );
            Some(option.clone())
        }
        _ => {
            let mut mend = String::new();
            if desk.remarks.room() {
                let near = nearest(name, table.iter().map(|option| option.name.as_str()));
                mend = near.map_or_else(String::new, |near| format!("Did you mean --{near}?"));
            }
            desk.remarks.error(
                span,
                format!("{command} has no option --{}.", shortened(name)),
                mend,
            );
            None
        }
    }
}
