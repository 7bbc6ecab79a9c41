//! The request's parameters as they grow from options.

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ec2_model::{Action, Kind, Member, Shape};
use serde_json::{Map, Value as Json};

use super::options::{Means, Option_};
use super::{customised, shorthand};
use crate::kebab::kebab;
use crate::node::{self, Entry, Node, Value};
use crate::shell::Word;
use crate::{Desk, Span, json, query};

/// The parameters of one request, as written.
pub(crate) struct Parameters {
    pub action: Action,
    pub entries: Vec<Entry>,
    from_json: Vec<Entry>,
    used: HashSet<String>,
}

impl Parameters {
    pub fn new(action: Action) -> Self {
        Self { action, entries: Vec::new(), from_json: Vec::new(), used: HashSet::new() }
    }

    /// Whether an option was used.
    pub fn has(&self, option: &str) -> bool {
        self.used.contains(option)
    }

    /// Takes one use of an option that is not the client's own.
    pub fn take(&mut self, option: &Option_, name: Span, values: Vec<Word>, desk: &mut Desk) {
        if !self.used.insert(option.name.clone()) {
            let mend = match option.means {
                Means::Member(member) if member.shape().kind() == Kind::List => "Put all values behind one option, with spaces between.",
                _ => "Leave one of them out.",
            };
            desk.remarks.warning(name.clone(), format!("--{} is there twice; the client takes the last one only.", option.name), mend);
        }
        if pasted_files(&values, desk) {
            return;
        }
        match option.means {
            Means::Member(member) => {
                if let Some(node) = value(member.shape(), &values, desk) {
                    self.set(member, name, node);
                }
            }
            Means::Boolean(member, truth) => self.set(member, name.clone(), Node { span: name, value: Value::Bool(truth) }),
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
    fn attribute(&mut self, member: Member, truth: bool, name: Span, values: &[Word], desk: &mut Desk) {
        let written = match values.first() {
            None => None,
            Some(word) if word.text.eq_ignore_ascii_case("true") || word.text.eq_ignore_ascii_case("false") => {
                let option = kebab(member.name());
                let no = if word.text.eq_ignore_ascii_case("false") { "no-" } else { "" };
                desk.remarks.error(
                    word.span.clone(),
                    "The client refuses this word.",
                    format!("Write --{no}{option} alone, or Value={} behind it.", word.text.to_ascii_lowercase()),
                );
                Some(Node { span: word.inside(), value: Value::Bool(word.text.eq_ignore_ascii_case("true")) })
            }
            Some(_) => match value(member.shape(), values, desk) {
                Some(node) => return self.set(member, name, node),
                None => return,
            },
        };
        let inner = written.unwrap_or(Node { span: name.clone(), value: Value::Bool(truth) });
        let mut node = Node::map(inner.span.clone());
        if let Some(entries) = node.entries() {
            node::set(entries, "Value", name.clone(), inner);
        }
        self.set(member, name, node);
    }

    fn input_json(&mut self, values: &[Word], desk: &mut Desk) {
        let Some(word) = values.first() else { return };
        match json::parse(word) {
            Ok(mut node) => match node.entries() {
                Some(entries) => self.from_json.append(entries),
                None => desk.remarks.error(word.span.clone(), "The parameters must be a JSON object.", "Write {\"Name\": value}."),
            },
            Err(flaw) => desk.remarks.flaw(flaw),
        }
    }

    /// Makes the request; `place` is where the command's name stands.
    pub fn finish(mut self, place: Span, end: usize, desk: &mut Desk) {
        // Options win over the JSON, whatever their order.
        let own: HashSet<String> = self.entries.iter().map(|entry| entry.key.clone()).collect();
        self.entries.extend(std::mem::take(&mut self.from_json).into_iter().filter(|entry| !own.contains(&entry.key)));
        customised::finish(&mut self, &place, desk);
        let input = self.action.input();
        let mut object = Map::new();
        let mut places = Places::default();
        for entry in &mut self.entries {
            if let Some(member) = input.member(&entry.key) {
                shaped(member.shape(), &mut entry.node, desk);
            }
        }
        places.entries("", &self.entries, &mut object, desk);
        self.required(&object, &place, desk);
        let at = |pointer: &str| places.0.get(pointer).cloned().unwrap_or((None, None));
        let mut decoded = ec2_wire::from_parameters(self.action.name(), &Json::Object(object), at);
        decoded.request.version = Some(ec2_model::VERSION.to_owned());
        query::take(decoded, true, &(place.start..place.end.min(end)), desk);
    }

    fn required(&self, object: &Map<String, Json>, place: &Span, desk: &mut Desk) {
        // The client fills idempotency tokens by itself; a value that could not be read has its own remark.
        let needed = self.action.input().members().filter(|member| member.required() && !member.idempotency_token());
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

/// `file://…`: complains, and says whether the option must be left out.
fn pasted_files(values: &[Word], desk: &mut Desk) -> bool {
    let mut found = false;
    for word in values {
        for scheme in ["file://", "fileb://", "http://", "https://"] {
            // Further words of a list are not looked up by the client.
            if word.text.starts_with(scheme) && scheme.starts_with("file") {
                found = true;
                desk.remarks.error(
                    word.span.clone(),
                    format!("The value is in the file {}, which cannot be read here.", query::shortened(word.text.get(scheme.len()..).unwrap_or(""))),
                    "Paste the file's content in its place, in single quotes.",
                );
            }
        }
    }
    found
}

/// The value of a parameter from the words behind its option.
pub(crate) fn value(shape: Shape, words: &[Word], desk: &mut Desk) -> Option<Node> {
    let first = words.first()?;
    if shape.kind() != Kind::List {
        return item(shape, first, desk);
    }
    let item_shape = shape.item()?;
    if words.len() == 1 && first.text.trim_start().starts_with('[') {
        return structured(first, desk);
    }
    let nodes: Vec<Node> = words.iter().filter_map(|word| item(item_shape, word, desk)).collect();
    let last = words.last().unwrap_or(first);
    if item_shape.kind().is_scalar() {
        for word in words.iter().filter(|word| separated(&word.text)) {
            desk.remarks.warning(
                word.span.clone(),
                "This is one value with a comma in it; the client does not split it.",
                "Put spaces between the values of a list.",
            );
        }
    }
    Some(Node::list(first.span.start..last.span.end, nodes))
}

/// `i-1,i-2`: ids with commas between.
fn separated(text: &str) -> bool {
    let part = |part: &str| part.split_once('-').is_some_and(|(kind, rest)| !rest.is_empty() && kind.bytes().all(|b| b.is_ascii_lowercase()));
    text.contains(',') && text.split(',').all(part)
}

fn item(shape: Shape, word: &Word, desk: &mut Desk) -> Option<Node> {
    match shape.kind() {
        Kind::Structure | Kind::List | Kind::Map => {
            if word.text.trim_start().starts_with(['{', '[']) {
                return structured(word, desk);
            }
            if !word.text.contains('=') && only_value(shape) {
                let mut node = Node::map(word.inside());
                if let Some(entries) = node.entries() {
                    node::set(entries, "Value", word.inside(), Node::bare(&word.text, word.inside()));
                }
                return Some(node);
            }
            match shorthand::parse(word) {
                Ok(node) => Some(node),
                Err(mut flaw) => {
                    if !word.text.contains('=') {
                        let keys: Vec<String> = shape.members().take(4).map(|member| format!("{}=…", member.name())).collect();
                        flaw.mend = format!("Write {}, or JSON in single quotes.", keys.join(","));
                    }
                    desk.remarks.flaw(flaw);
                    None
                }
            }
        }
        _ => Some(Node::bare(&word.text, word.inside())),
    }
}

/// A structure of one text, which the client lets one write without `Value=`.
fn only_value(shape: Shape) -> bool {
    let mut members = shape.members();
    members.next().is_some_and(|only| only.name() == "Value" && only.shape().kind() == Kind::String) && members.next().is_none()
}

fn structured(word: &Word, desk: &mut Desk) -> Option<Node> {
    match json::parse(word) {
        Ok(node) => Some(node),
        Err(flaw) => {
            desk.remarks.flaw(flaw);
            None
        }
    }
}

/// Fits what was written to the model: one value where a list belongs, base64 where bytes belong.
fn shaped(shape: Shape, node: &mut Node, desk: &mut Desk) {
    match (shape.kind(), &mut node.value) {
        (Kind::List, Value::List(items)) => {
            if let Some(item) = shape.item() {
                items.iter_mut().for_each(|node| shaped(item, node, desk));
            }
        }
        (Kind::List, Value::Bare(_) | Value::Map(_)) => {
            let mut only = node.clone();
            if let Some(item) = shape.item() {
                shaped(item, &mut only, desk);
            }
            *node = Node::list(node.span.clone(), vec![only]);
        }
        (Kind::Structure, Value::Map(entries)) => {
            for entry in entries {
                if let Some(member) = shape.member(&entry.key) {
                    shaped(member.shape(), &mut entry.node, desk);
                }
            }
        }
        (Kind::Blob, Value::Bare(text) | Value::Text(text)) => *text = base64_of(text, &node.span, desk),
        (kind, Value::List(_)) if kind.is_scalar() => desk.remarks.error(
            node.span.clone(),
            "Several values stand where one belongs: a comma in shorthand separates values.",
            "Put the value in quotes inside the shell's quotes: \"Value='a,b'\".",
        ),
        _ => {}
    }
}

/// What the client makes of a text where bytes belong.
fn base64_of(text: &str, span: &Span, desk: &mut Desk) -> String {
    let compact: String = text.split_whitespace().collect();
    if !text.trim().contains(' ') && compact.len() >= 4 && STANDARD.decode(&compact).is_ok() {
        desk.remarks.note(span.clone(), "The value is base64 already and was taken so; version 1 of the client would encode it again.", "");
        return compact;
    }
    STANDARD.encode(text)
}

/// Where the value and the key of each JSON pointer stand.
#[derive(Default)]
struct Places(HashMap<String, (Option<Span>, Option<Span>)>);

impl Places {
    fn entries(&mut self, pointer: &str, entries: &[Entry], object: &mut Map<String, Json>, desk: &mut Desk) {
        for entry in entries {
            let escaped = entry.key.replace('~', "~0").replace('/', "~1");
            let json = self.node(format!("{pointer}/{escaped}"), &entry.node, &entry.key_span, desk);
            if object.insert(entry.key.clone(), json).is_some() {
                desk.remarks.warning(entry.key_span.clone(), format!("{} is there twice; the last one was taken.", query::shortened(&entry.key)), "Leave one of them out.");
            }
        }
    }

    fn node(&mut self, pointer: String, node: &Node, key: &Span, desk: &mut Desk) -> Json {
        let json = match &node.value {
            Value::Null => Json::Null,
            Value::Bool(truth) => Json::Bool(*truth),
            Value::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| Json::String(number.clone())),
            Value::Text(text) | Value::Bare(text) => Json::String(text.clone()),
            Value::List(items) => {
                let items = items.iter().enumerate();
                Json::Array(items.map(|(index, node)| self.node(format!("{pointer}/{index}"), node, key, desk)).collect())
            }
            Value::Map(entries) => {
                let mut object = Map::new();
                self.entries(&pointer, entries, &mut object, desk);
                Json::Object(object)
            }
        };
        let key = Some(key.clone()).filter(|key| *key != node.span);
        self.0.insert(pointer, (Some(node.span.clone()), key));
        json
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
