//! A structured value as written, every part with its place.

use crate::Span;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub span: Span,
    pub value: Value,
}

/// The value itself.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// A JSON number as written.
    Number(String),
    /// A JSON string.
    Text(String),
    /// Text that any scalar type may be read from: a word, a part of shorthand.
    Bare(String),
    /// Bytes, as base64.
    Bytes(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One member of a map.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub key: String,
    pub key_span: Span,
    pub node: Node,
}

impl Node {
    pub fn bare(text: impl Into<String>, span: Span) -> Self {
        Self {
            span,
            value: Value::Bare(text.into()),
        }
    }

    pub fn map(span: Span) -> Self {
        Self {
            span,
            value: Value::Map(Vec::new()),
        }
    }

    pub fn list(span: Span, items: Vec<Node>) -> Self {
        Self {
            span,
            value: Value::List(items),
        }
    }

    /// The entries of a map; none for anything else.
    pub fn entries(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }
}

/// Sets a member, replacing what was there.
pub(crate) fn set(entries: &mut Vec<Entry>, key: &str, key_span: Span, node: Node) {
    match entries.iter_mut().find(|entry| entry.key == key) {
        Some(entry) => {
            *entry = Entry {
                key: key.to_owned(),
                key_span,
                node,
            }
        }
        None => entries.push(Entry {
            key: key.to_owned(),
            key_span,
            node,
        }),
    }
}

/// Takes a member out.
pub(crate) fn remove(entries: &mut Vec<Entry>, key: &str) -> Option<Entry> {
    let at = entries.iter().position(|entry| entry.key == key)?;
    Some(entries.remove(at))
}
