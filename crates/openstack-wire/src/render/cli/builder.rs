//! A command, built from what a call holds.

use serde_json::{Map, Value};

use crate::Call;

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    /// A word.
    Word(String),
    /// A file that holds a text, made by the shell.
    File { text: String, base64: bool },
}

/// How the command says a member of a body.
#[derive(Clone, Copy, Debug)]
pub(super) enum Say {
    /// `--option VALUE`
    Value(&'static str),
    /// `--yes` or `--no`
    Flag(&'static str, &'static str),
    /// `--option ITEM` for each item; the second clears what was there before (empty: there is no such option).
    Each(&'static str, &'static str),
    /// `--option key=value` for each member.
    Map(&'static str),
    /// `--option key=value,key=value` for each object of a list: (our member, its key); the last clears.
    Structs(
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
    ),
    /// The value alone.
    Positional,
    /// The command does it without being told.
    Implied,
}

/// How the command says a query key of a list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ask {
    /// `--option VALUE`
    Value(&'static str),
    /// `--option VALUE`, which may repeat.
    Each(&'static str),
    /// `--yes` for true, `--no` for false (empty: nothing to say).
    Flag(&'static str, &'static str),
}

/// A command under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    groups: Vec<Vec<Argument>>,
    positionals: Vec<String>,
    /// Parts of the call that the command does not say, as dotted paths.
    pub(super) unsaid: Vec<String>,
    /// It prints one thing, with a column `id`.
    pub(super) makes_one: bool,
    /// It prints a list, with a column `ID`.
    pub(super) lists: bool,
}

/// Paging and sorting, which every list command does by itself.
const PAGING: [&str; 7] = [
    "limit",
    "marker",
    "fields",
    "page_reverse",
    "sort_key",
    "sort_dir",
    "sort",
];

impl Command {
    /// Begins with the command's words: `server create`.
    pub(super) fn new(words: &str) -> Self {
        Self {
            groups: words
                .split(' ')
                .map(|word| vec![Argument::Word(word.to_owned())])
                .collect(),
            makes_one: words.ends_with("create") || words.ends_with("show"),
            lists: words.ends_with("list"),
            ..Self::default()
        }
    }

    /// The arguments, in groups that belong together.
    pub(super) fn words(&self) -> Vec<Vec<Argument>> {
        let mut groups = self.groups.clone();
        if self.positionals.iter().any(|text| text.starts_with('-')) {
            groups.push(vec![Argument::Word("--".into())]);
        }
        groups.extend(
            self.positionals
                .iter()
                .map(|text| vec![Argument::Word(text.clone())]),
        );
        groups
    }

    /// Adds an option without a value.
    pub(super) fn flag(mut self, option: &str) -> Self {
        self.push_flag(option);
        self
    }

    /// Adds an option with a value.
    pub(super) fn option(mut self, option: &str, value: &str) -> Self {
        self.push_option(option, value);
        self
    }

    /// Adds an option whose value is a file with this text.
    pub(super) fn file(mut self, option: &str, text: &str, base64: bool) -> Self {
        self.groups.push(vec![
            Argument::Word(option.into()),
            Argument::File {
                text: text.into(),
                base64,
            },
        ]);
        self
    }

    /// Adds a positional argument; they stand last.
    pub(super) fn positional(mut self, value: &str) -> Self {
        self.positionals.push(value.into());
        self
    }

    pub(super) fn push_flag(&mut self, option: &str) {
        self.groups.push(vec![Argument::Word(option.into())]);
    }

    pub(super) fn push_option(&mut self, option: &str, value: &str) {
        // A value that begins with a dash would be read as an option of its own.
        self.groups.push(if value.starts_with('-') {
            vec![Argument::Word(format!("{option}={value}"))]
        } else {
            vec![Argument::Word(option.into()), Argument::Word(value.into())]
        });
    }

    /// Says the members of an object by a table; what the table lacks is unsaid.
    pub(super) fn say(mut self, object: &Map<String, Value>, table: &[(&str, Say)]) -> Self {
        for (name, say) in table {
            if let Some(value) = object.get(*name)
                && !self.say_member(value, *say)
            {
                self.unsaid.push((*name).to_owned());
            }
        }
        self.unsaid.extend(
            object
                .keys()
                .filter(|name| !table.iter().any(|(known, _)| known == name))
                .cloned(),
        );
        self
    }

    fn say_member(&mut self, value: &Value, say: Say) -> bool {
        match say {
            Say::Implied => {}
            Say::Value(option) => match scalar(value) {
                Some(text) => self.push_option(option, &text),
                None => return false,
            },
            Say::Positional => match scalar(value) {
                Some(text) => self.positionals.push(text),
                None => return false,
            },
            Say::Flag(yes, no) => match value.as_bool() {
                Some(given) if !(if given { yes } else { no }).is_empty() => {
                    self.push_flag(if given { yes } else { no })
                }
                _ => return false,
            },
            Say::Each(option, clear) => {
                let Some(items) = value
                    .as_array()
                    .and_then(|items| items.iter().map(scalar).collect::<Option<Vec<_>>>())
                else {
                    return false;
                };
                self.say_list(option, clear, items);
            }
            Say::Map(option) => {
                let Some(members) = value.as_object() else {
                    return false;
                };
                let Some(pairs) = members
                    .iter()
                    .map(|(key, value)| Some(format!("{key}={}", scalar(value)?)))
                    .collect::<Option<Vec<_>>>()
                else {
                    return false;
                };
                for pair in pairs {
                    self.push_option(option, &pair);
                }
            }
            Say::Structs(option, keys, clear) => {
                let Some(items) = value.as_array().and_then(|items| {
                    items
                        .iter()
                        .map(|item| joined(item, keys))
                        .collect::<Option<Vec<_>>>()
                }) else {
                    return false;
                };
                self.say_list(option, clear, items);
            }
        }
        true
    }

    fn say_list(&mut self, option: &str, clear: &str, items: Vec<String>) {
        let changes = self
            .groups
            .iter()
            .any(|group| group.first() == Some(&Argument::Word("set".into())));
        if !clear.is_empty() && (changes || items.is_empty()) {
            self.push_flag(clear);
        }
        for item in items {
            self.push_option(option, &item);
        }
    }

    /// Says the query of a list by a table; what the table lacks is unsaid.
    pub(super) fn ask(mut self, call: &Call, table: &[(&str, Ask)]) -> Self {
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in &call.query {
            if PAGING.contains(&key.as_str()) {
                continue;
            }
            let repeats = seen.contains(&key.as_str());
            seen.push(key);
            let said = match table
                .iter()
                .find(|(known, _)| known == key)
                .map(|(_, ask)| *ask)
            {
                Some(Ask::Each(option)) => {
                    self.push_option(option, value);
                    true
                }
                Some(Ask::Value(option)) if !repeats => {
                    self.push_option(option, value);
                    true
                }
                Some(Ask::Flag(yes, no)) if !repeats => {
                    let option = if is_true(value) { yes } else { no };
                    if !option.is_empty() {
                        self.push_flag(option);
                    }
                    true
                }
                _ => false,
            };
            if !said && !self.unsaid.contains(key) {
                self.unsaid.push(key.clone());
            }
        }
        self
    }
}

/// The one id that a list is asked for, if it is asked for nothing else.
pub(super) fn only_id(call: &Call) -> Option<&str> {
    let mut asked = call
        .query
        .iter()
        .filter(|(key, _)| !PAGING.contains(&key.as_str()));
    match (asked.next(), asked.next()) {
        (Some((key, id)), None) if key == "id" && !id.contains([':', ',']) => Some(id),
        _ => None,
    }
}

/// Whether a call has no query beyond paging.
pub(super) fn asks_nothing(call: &Call) -> bool {
    call.query
        .iter()
        .all(|(key, _)| PAGING.contains(&key.as_str()))
}

/// The object that a body wraps in one member, if it holds nothing beside it.
pub(super) fn wrapped<'a>(call: &'a Call, member: &str) -> Option<&'a Map<String, Value>> {
    let body = call.body.as_ref()?.as_object()?;
    if body.len() == 1 {
        body.get(member)?.as_object()
    } else {
        None
    }
}

/// A text, number or boolean as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(given) => Some(given.to_string()),
        _ => None,
    }
}

/// An object as `key=value,key=value`; `None` if a member has no key or a value holds a comma.
pub(super) fn joined(item: &Value, keys: &[(&str, &str)]) -> Option<String> {
    let members = item.as_object()?;
    let mut pairs = Vec::new();
    for (name, key) in keys {
        if let Some(value) = members.get(*name) {
            let text = scalar(value).filter(|text| !text.contains(','))?;
            pairs.push(format!("{key}={text}"));
        }
    }
    (pairs.len() == members.len() && !pairs.is_empty()).then(|| pairs.join(","))
}

fn is_true(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "1" | "yes" | "t" | "on"
    )
}
