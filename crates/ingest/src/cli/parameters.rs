//! The request's parameters as they grow from options.

use std::collections::HashSet;

use ec2_model::{Action, Kind, Member};
use serde_json::{Map, Value as Json};

use super::customised;
use super::options::{Means, Option_};
use super::values::{pasted_files, shaped, value};
use crate::kebab::kebab;
use crate::node::{self, Entry, Node, Value};
use crate::word::Word;
use crate::{Desk, Span, json, structured};

/// The parameters of one request, as written.
pub(crate) struct Parameters {
    pub action: Action,
    pub entries: Vec<Entry>,
    from_json: Vec<Entry>,
    used: HashSet<String>,
}

impl Parameters {
    pub fn new(action: Action) -> Self {
        Self {
            action,
            entries: Vec::new(),
            from_json: Vec::new(),
            used: HashSet::new(),
        }
    }

    /// Whether an option was used.
    pub fn has(&self, option: &str) -> bool {
        self.used.contains(option)
    }

    /// Takes one use of an option that is not the client's own.
    pub fn take(&mut self, option: &Option_, name: Span, mut values: Vec<Word>, desk: &mut Desk) {
        if !self.used.insert(option.name.clone()) {
            let mend = match option.means {
                Means::Member(member) if member.shape().kind() == Kind::List => {
                    "Put all values behind one option, with spaces between."
                }
                _ => "Leave one of them out.",
            };
            desk.remarks.warning(
                name.clone(),
                format!(
                    "--{} is there twice; the client takes the last one only.",
                    option.name
                ),
                mend,
            );
        }
        let plain =
            matches!(option.means, Means::Member(member) if member.shape().kind() == Kind::String);
        if pasted_files(plain, &mut values, desk) {
            return;
        }
        match option.means {
            Means::Member(member) => {
                if let Some(node) = value(member.shape(), &values, desk) {
                    self.set(member, name, node);
                }
            }
            Means::Boolean(member, truth) => self.set(
                member,
                name.clone(),
                Node {
                    span: name,
                    value: Value::Bool(truth),
                },
            ),
            Means::Attribute(member, truth) => self.attribute(member, truth, name, &values, desk),
            Means::PageSize(member) | Means::StartingToken(member) => {
                if let Some(word) = values.first() {
                    self.set(member, name, Node::bare(&word.text, word.inside()));
                }
            }
            Means::InputJson => self.input_json(&values, desk),
            _ => customised::take(self, option, name, &values, desk),
        }
    }

    fn set(&mut self, member: Member, name: Span, node: Node) {
        node::set(&mut self.entries, member.name(), name, node);
    }

    /// `--ebs-optimized`, `--no-ebs-optimized`, `--ebs-optimized Value=true`.
    fn attribute(
        &mut self,
        member: Member,
        truth: bool,
        name: Span,
        values: &[Word],
        desk: &mut Desk,
    ) {
        let written = match values.first() {
            None => None,
            Some(word)
                if word.text.eq_ignore_ascii_case("true")
                    || word.text.eq_ignore_ascii_case("false") =>
            {
                let option = kebab(member.name());
                let no = if word.text.eq_ignore_ascii_case("false") {
                    "no-"
                } else {
                    ""
                };
                desk.remarks.error(
                    word.span.clone(),
                    "The client refuses this word.",
                    format!(
                        "Write --{no}{option} alone, or Value={} behind it.",
                        word.text.to_ascii_lowercase()
                    ),
                );
                Some(Node {
                    span: word.inside(),
                    value: Value::Bool(word.text.eq_ignore_ascii_case("true")),
                })
            }
            Some(_) => match value(member.shape(), values, desk) {
                Some(node) => return self.set(member, name, node),
                None => return,
            },
        };
        let inner = written.unwrap_or(Node {
            span: name.clone(),
            value: Value::Bool(truth),
        });
        let mut node = Node::map(inner.span.clone());
        if let Some(entries) = node.entries() {
            node::set(entries, "Value", name.clone(), inner);
        }
        self.set(member, name, node);
    }

    fn input_json(&mut self, values: &[Word], desk: &mut Desk) {
        let Some(word) = values.first() else { return };
        match json::parse(word, &mut desk.remarks) {
            Ok(mut node) => match node.entries() {
                Some(entries) => self.from_json.append(entries),
                None => desk.remarks.error(
                    word.span.clone(),
                    "The parameters must be a JSON object.",
                    "Write {\"Name\": value}.",
                ),
            },
            Err(flaw) => desk.remarks.flaw(flaw),
        }
    }

    /// Makes the request; `place` is where the command's name stands.
    pub fn finish(mut self, place: Span, end: usize, desk: &mut Desk) {
        // Options win over the JSON, whatever their order.
        let own: HashSet<String> = self.entries.iter().map(|entry| entry.key.clone()).collect();
        self.entries.extend(
            std::mem::take(&mut self.from_json)
                .into_iter()
                .filter(|entry| !own.contains(&entry.key)),
        );
        customised::finish(&mut self, &place, desk);
        let input = self.action.input();
        for entry in &mut self.entries {
            if let Some(member) = input.member(&entry.key) {
                shaped(member.shape(), &mut entry.node, desk);
            }
        }
        let place = place.start..place.end.min(end);
        structured::take(
            self.action.name(),
            &self.entries,
            &place,
            |object, desk| self.required(object, &place, desk),
            desk,
        );
    }

    fn required(&self, object: &Map<String, Json>, place: &Span, desk: &mut Desk) {
        // The client fills idempotency tokens by itself; a value that could not be read has its own remark.
        let needed = self
            .action
            .input()
            .members()
            .filter(|member| member.required() && !member.idempotency_token());
        for member in needed {
            let option = kebab(member.name());
            if !object.contains_key(member.name()) && !self.has(&option) {
                desk.remarks.error(
                    place.clone(),
                    format!("{} needs --{option}.", kebab(self.action.name())),
                    format!("Add --{option} and its value."),
                );
            }
        }
    }
}

/// How a flag is written to mean `truth`; for a boolean that is the option or its opposite.
pub(crate) fn flag_spelling(option: &Option_, truth: bool) -> Option<String> {
    let (member, sign) = match option.means {
        Means::Boolean(member, sign) | Means::Attribute(member, sign) => (member, sign),
        Means::PublicAddress(sign) => {
            let no = if sign == truth { "" } else { "no-" };
            return Some(format!("--{no}associate-public-ip-address"));
        }
        _ => return None,
    };
    if sign == truth {
        return Some(format!("--{}", kebab(member.name())));
    }
    Some(format!("--no-{}", kebab(member.name())))
}
