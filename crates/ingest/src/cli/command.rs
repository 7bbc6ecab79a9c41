//! The words of one command: program, service, command name, options with their values.

use std::collections::HashMap;
use std::sync::OnceLock;

use ec2_model::{Action, actions};

use super::mistakes::{find, flag_value, stray_word};
use super::options::{Means, Option_, Takes, globals, table};
use super::parameters::Parameters;
use super::program::is_program;
use super::waiters;
use crate::kebab::kebab;
use crate::prompt::is_prefix;
use crate::query::shortened;
use crate::suggest::nearest;
use crate::token::TokenKind;
use crate::word::Word;
use crate::{Desk, Span, url};

/// The action whose command has that name.
pub(crate) fn action_of(command: &str) -> Option<Action> {
    static COMMANDS: OnceLock<HashMap<String, Action>> = OnceLock::new();
    let commands = COMMANDS.get_or_init(|| {
        actions()
            .map(|action| (kebab(action.name()), action))
            .collect()
    });
    commands.get(command).copied()
}

/// Reads a command; `end` is the end of the text.
pub(crate) fn read(words: &[Word], end: usize, desk: &mut Desk) {
    let mut words = words.iter();
    let mut first = words.next();
    while let Some(word) = first.filter(|word| is_prefix(&word.text)) {
        desk.tokens.add(word.span.clone(), TokenKind::Client);
        first = words.next();
    }
    let Some(mut word) = first else { return };
    let mut rest = words.as_slice();
    let mut early = Vec::new();
    if is_program(&word.text) {
        desk.tokens.add(word.span.clone(), TokenKind::Program);
        (early, rest) = leading_globals(rest, desk);
        let Some((service, after)) = rest.split_first() else {
            return desk.remarks.error(
                end..end,
                "The command names no service.",
                "Write aws ec2 describe-instances, for example.",
            );
        };
        (word, rest) = (service, after);
    } else {
        desk.remarks.warning(
            word.span.start..word.span.start,
            "The command does not begin with aws.",
            "Write aws ec2 in front.",
        );
    }
    if word.text == "ec2" {
        desk.tokens.add(word.span.clone(), TokenKind::Program);
        let Some((command, after)) = rest.split_first() else {
            return desk.remarks.error(
                end..end,
                "The command names no action.",
                "Add describe-instances, for example.",
            );
        };
        (word, rest) = (command, after);
    } else if action_of(&word.text).is_none() {
        let near = nearest(&word.text, ["ec2"])
            .map_or("Only aws ec2 commands are read.".to_owned(), |near| {
                format!("Did you mean {near}?")
            });
        return desk.remarks.error(
            word.span.clone(),
            format!("{:?} is not ec2.", shortened(&word.text)),
            near,
        );
    }
    let Some((action, rest)) = action(word, rest, desk) else {
        return;
    };
    let place = word.span.clone();
    let mut parameters = Parameters::new(action);
    for (option, name, values) in early {
        apply(&option, name, values, &mut parameters, desk);
    }
    options(action, rest, &mut parameters, desk);
    parameters.finish(place, end, desk);
}

/// A use of an option: the option, where its name stands, its values.
type Use<'w> = (Option_, Span, Vec<Word>);

/// The options between `aws` and the service.
fn leading_globals<'w>(mut words: &'w [Word], desk: &mut Desk) -> (Vec<Use<'w>>, &'w [Word]) {
    let table = globals();
    let mut uses = Vec::new();
    while let Some((word, after)) = words.split_first() {
        let Some((name, inline)) = option_name(word, desk) else {
            break;
        };
        words = after;
        match table.iter().find(|option| option.name == name) {
            Some(option) => {
                let mut values: Vec<Word> = inline.into_iter().collect();
                if option.takes == Takes::One
                    && values.is_empty()
                    && let Some((value, after)) = words.split_first()
                {
                    values.push(value.clone());
                    words = after;
                }
                uses.push((option.clone(), name_span(word), values));
            }
            None => {
                let mend = nearest(&name, table.iter().map(|option| option.name.as_str())).map_or(
                    "Only options of the client may stand before ec2; move it behind the command."
                        .to_owned(),
                    |near| format!("Did you mean --{near}?"),
                );
                desk.remarks.error(
                    word.span.clone(),
                    format!("--{} is no option of aws.", shortened(&name)),
                    mend,
                );
            }
        }
    }
    (uses, words)
}

fn action<'w>(word: &Word, rest: &'w [Word], desk: &mut Desk) -> Option<(Action, &'w [Word])> {
    let name = word.text.as_str();
    desk.tokens.add(word.span.clone(), TokenKind::Action);
    if name == "wait" {
        let Some((waiter, after)) = rest.split_first() else {
            desk.remarks.error(
                word.span.end..word.span.end,
                "The waiter's name is missing.",
                "Write aws ec2 wait instance-running, for example.",
            );
            return None;
        };
        desk.tokens.add(waiter.span.clone(), TokenKind::Action);
        let Some(action) = waiters::action(&waiter.text) else {
            let mend = nearest(&waiter.text, waiters::names())
                .map_or(String::new(), |near| format!("Did you mean {near}?"));
            desk.remarks.error(
                waiter.span.clone(),
                format!("{:?} is no EC2 waiter.", shortened(&waiter.text)),
                mend,
            );
            return None;
        };
        desk.remarks.note(
            waiter.span.clone(),
            format!(
                "The client sends {} again and again until the answer is as wanted.",
                action.name()
            ),
            "",
        );
        return Some((action, after));
    }
    if name == "help" || rest.first().is_some_and(|word| word.text == "help") {
        desk.remarks.error(
            word.span.clone(),
            "With help the client prints its manual and sends nothing.",
            "Leave help out.",
        );
        return None;
    }
    match action_of(name) {
        Some(action) => Some((action, rest)),
        None => {
            let names: Vec<String> = actions().map(|action| kebab(action.name())).collect();
            let mend = nearest(name, names.iter().map(String::as_str)).map_or(
                "Commands are EC2's actions with dashes: describe-instances.".to_owned(),
                |near| format!("Did you mean {near}?"),
            );
            desk.remarks.error(
                word.span.clone(),
                format!("{:?} is no command of aws ec2.", shortened(name)),
                mend,
            );
            None
        }
    }
}

/// The name behind the dashes and the value behind an equals sign, if the word is an option.
fn option_name(word: &Word, desk: &mut Desk) -> Option<(String, Option<Word>)> {
    if word.quoted {
        return None;
    }
    let text = word.text.as_str();
    let name = match text.strip_prefix("--") {
        Some(name) => name,
        None => {
            let name = text.strip_prefix(['\u{2014}', '\u{2013}'])?;
            let name = name
                .strip_prefix(['-', '\u{2014}', '\u{2013}'])
                .unwrap_or(name);
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return None;
            }
            let end = word.source(0..text.len() - name.len());
            desk.remarks.warning(
                end,
                "A typographic dash stands for the two dashes of an option.",
                "Write --.",
            );
            name
        }
    };
    if name.is_empty() {
        return None;
    }
    match name.find('=') {
        Some(equals) => {
            let value = word.tail(text.len() - name.len() + equals + 1);
            Some((name.get(..equals).unwrap_or("").to_owned(), Some(value)))
        }
        None => Some((name.to_owned(), None)),
    }
}

/// Where an option's name stands, its dashes included and its `=value` not.
fn name_span(word: &Word) -> Span {
    let end = word.text.find('=').unwrap_or(word.text.len());
    word.source(0..end)
}

fn options(action: Action, mut words: &[Word], parameters: &mut Parameters, desk: &mut Desk) {
    let table = table(action);
    let mut stray = 0_usize;
    while let Some((word, after)) = words.split_first() {
        words = after;
        let Some((name, inline)) = option_name(word, desk) else {
            stray += 1;
            if stray <= 5 {
                stray_word(word, &table, desk);
            }
            continue;
        };
        let follow = words
            .iter()
            .take_while(|word| option_name(word, &mut Desk::default()).is_none())
            .count();
        let Some(option) = find(&name, name_span(word), &table, action, desk) else {
            words = words.get(follow..).unwrap_or(&[]);
            continue;
        };
        let most = match option.takes {
            _ if inline.is_some() && option.takes != Takes::Many => 0,
            Takes::Nothing => 0,
            Takes::One | Takes::Optional => follow.min(1),
            Takes::Many => follow,
        };
        let (own, after) = words.split_at_checked(most).unwrap_or((words, &[]));
        words = after;
        let mut values: Vec<Word> = inline.into_iter().collect();
        values.extend(own.iter().cloned());
        if option.takes == Takes::Nothing && follow > 0 {
            words = flag_value(&option, &name, words, desk);
        }
        apply(&option, name_span(word), values, parameters, desk);
    }
}

/// Gives a use of an option to the parameters, or to the client.
fn apply(
    option: &Option_,
    name: Span,
    values: Vec<Word>,
    parameters: &mut Parameters,
    desk: &mut Desk,
) {
    let client = matches!(
        option.means,
        Means::Client | Means::Region | Means::Endpoint | Means::Unreadable(_)
    );
    desk.tokens.add(
        name.clone(),
        if client {
            TokenKind::Client
        } else {
            TokenKind::Key
        },
    );
    for value in &values {
        desk.tokens.add(
            value.span.clone(),
            if client {
                TokenKind::Client
            } else {
                TokenKind::Value
            },
        );
    }
    let needed = matches!(option.takes, Takes::One | Takes::Many);
    if needed && values.is_empty() {
        return desk.remarks.error(
            name.end..name.end,
            format!("--{} needs a value.", option.name),
            "Add the value behind it.",
        );
    }
    if option.takes == Takes::Nothing
        && let Some(value) = values.first()
    {
        desk.remarks.error(
            value.span.clone(),
            format!("--{} takes no value.", option.name),
            format!("Write --{} alone.", option.name),
        );
    }
    let first = values.first().map(|value| value.text.as_str());
    match option.means {
        Means::Client => {}
        Means::Region => desk.region = first.map(str::to_owned),
        Means::Endpoint => {
            if desk.region.is_none() {
                let host = first
                    .and_then(|url| url.split("//").nth(1))
                    .and_then(|rest| rest.split('/').next());
                desk.region = host.and_then(url::host_region);
            }
        }
        Means::Unreadable(mend) => desk.remarks.error(
            name,
            format!("--{} cannot be read here.", option.name),
            mend,
        ),
        _ => parameters.take(option, name, values, desk),
    }
}
