//! The words behind an option to a value of the shape that the model wants.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ec2_model::{Kind, Shape};

use super::shorthand;
use crate::node::{self, Node, Value};
use crate::word::Word;
use crate::{Desk, Span, json, query};

/// `file://…`: where a plain text is wanted, something stands in for what the file holds; elsewhere it complains, and says
/// that the option must be left out.
pub(crate) fn pasted_files(plain: bool, values: &mut [Word], desk: &mut Desk) -> bool {
    let mut found = false;
    for word in values {
        // Further words of a list are not looked up by the client.
        let path = ["file://", "fileb://"]
            .iter()
            .find_map(|scheme| word.text.strip_prefix(scheme));
        let Some(path) = path.map(|path| query::shortened(path).into_owned()) else {
            continue;
        };
        let mend = "Paste the file's content in its place, in single quotes.";
        if plain {
            desk.remarks.warning(
                word.span.clone(),
                format!("The value is in the file {path}, which cannot be read here; a line of text stands in for it."),
                mend,
            );
            word.text = format!("# the content of {path}");
        } else {
            found = true;
            desk.remarks.error(
                word.span.clone(),
                format!("The value is in the file {path}, which cannot be read here."),
                mend,
            );
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
    let nodes: Vec<Node> = words
        .iter()
        .filter_map(|word| item(item_shape, word, desk))
        .collect();
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
    let part = |part: &str| {
        part.split_once('-').is_some_and(|(kind, rest)| {
            !rest.is_empty() && kind.bytes().all(|b| b.is_ascii_lowercase())
        })
    };
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
                    node::set(
                        entries,
                        "Value",
                        word.inside(),
                        Node::bare(&word.text, word.inside()),
                    );
                }
                return Some(node);
            }
            match shorthand::parse(word) {
                Ok(node) => Some(node),
                Err(mut flaw) => {
                    if !word.text.contains('=') {
                        let keys: Vec<String> = shape
                            .members()
                            .take(4)
                            .map(|member| format!("{}=…", member.name()))
                            .collect();
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
    members
        .next()
        .is_some_and(|only| only.name() == "Value" && only.shape().kind() == Kind::String)
        && members.next().is_none()
}

fn structured(word: &Word, desk: &mut Desk) -> Option<Node> {
    match json::parse(word, &mut desk.remarks) {
        Ok(node) => Some(node),
        Err(flaw) => {
            desk.remarks.flaw(flaw);
            None
        }
    }
}

/// Fits what was written to the model: one value where a list belongs, base64 where bytes belong.
pub(crate) fn shaped(shape: Shape, node: &mut Node, desk: &mut Desk) {
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
        (Kind::Blob, Value::Bare(text) | Value::Text(text)) => {
            *text = base64_of(text, &node.span, desk)
        }
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
