//! Values of the rule language: small, copied freely, borrowed from documents or from the arena of one evaluation.

mod document;
mod origin;
mod read;
mod same;

pub use document::{Content, Doc, Source};
pub use origin::{Origin, place, places, sources};
pub use same::Same;

/// A value with what it was made from.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    /// The value itself.
    pub data: Data<'a>,
    /// What it was made from beside itself; always `None` while nothing is traced.
    pub origin: Option<&'a Origin<'a>>,
}

/// The value itself.
#[derive(Clone, Copy, Debug)]
pub enum Data<'a> {
    /// No value.
    Null,
    /// The null that a rule writes to have it sent.
    SentNull,
    /// Boolean.
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(&'a str),
    /// A node of a document.
    Node(&'a Doc, u32),
    /// A list made by a rule.
    List(&'a [Value<'a>]),
    /// An object made by a rule.
    Object(&'a [(&'a str, Value<'a>)]),
}

/// A value with documents and made values looking alike.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// No value.
    Null,
    /// Boolean.
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(&'a str),
    /// List.
    List(List<'a>),
    /// Object.
    Object(Object<'a>),
}

/// The items of a list.
#[derive(Clone, Copy, Debug)]
pub enum List<'a> {
    /// In a document: first node and count.
    Nodes(&'a Doc, u32, u32),
    /// Made.
    Made(&'a [Value<'a>]),
}

/// The members of an object.
#[derive(Clone, Copy, Debug)]
pub enum Object<'a> {
    /// In a document: first node and count.
    Nodes(&'a Doc, u32, u32),
    /// Made.
    Made(&'a [(&'a str, Value<'a>)]),
}

impl<'a> From<Data<'a>> for Value<'a> {
    fn from(data: Data<'a>) -> Self {
        Self { data, origin: None }
    }
}

impl<'a> Value<'a> {
    /// No value.
    pub const NULL: Self = Self {
        data: Data::Null,
        origin: None,
    };

    /// The root of a document.
    pub fn root(doc: &'a Doc) -> Self {
        Data::Node(doc, doc.root()).into()
    }

    /// The value with documents and made values looking alike.
    #[inline]
    pub fn kind(&self) -> Kind<'a> {
        match self.data {
            Data::Null | Data::SentNull => Kind::Null,
            Data::Bool(b) => Kind::Bool(b),
            Data::Int(i) => Kind::Int(i),
            Data::Float(f) => Kind::Float(f),
            Data::Str(s) => Kind::Str(s),
            Data::List(items) => Kind::List(List::Made(items)),
            Data::Object(members) => Kind::Object(Object::Made(members)),
            Data::Node(doc, node) => match doc.content(node) {
                Content::Null => Kind::Null,
                Content::Bool(b) => Kind::Bool(b),
                Content::Int(i) => Kind::Int(i),
                Content::Float(f) => Kind::Float(f),
                Content::Str(text) => Kind::Str(doc.text(text)),
                Content::List(first, count) => Kind::List(List::Nodes(doc, first, count)),
                Content::Object(first, count) => Kind::Object(Object::Nodes(doc, first, count)),
            },
        }
    }

    /// Whether there is no value.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self.kind(), Kind::Null)
    }

    /// JMESPath's truth: everything but null, false, and what is empty.
    pub fn is_true(&self) -> bool {
        match self.kind() {
            Kind::Null => false,
            Kind::Bool(b) => b,
            Kind::Int(_) | Kind::Float(_) => true,
            Kind::Str(s) => !s.is_empty(),
            Kind::List(list) => !list.is_empty(),
            Kind::Object(object) => object.len() > 0,
        }
    }

    /// The text, if it is one.
    #[inline]
    pub fn as_str(&self) -> Option<&'a str> {
        match self.kind() {
            Kind::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<List<'a>> {
        match self.kind() {
            Kind::List(list) => Some(list),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<Object<'a>> {
        match self.kind() {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self.kind() {
            Kind::Int(i) => Some(i as f64),
            Kind::Float(f) => Some(f),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind() {
            Kind::Int(i) => Some(i),
            Kind::Float(f) if f.fract() == 0.0 && f.abs() < 9e15 => Some(f as i64),
            _ => None,
        }
    }

    /// A scalar as text: `true`, `5`, `abc`.
    pub fn scalar_text(&self) -> Option<std::borrow::Cow<'a, str>> {
        match self.kind() {
            Kind::Str(s) => Some(s.into()),
            Kind::Bool(b) => Some(if b { "true" } else { "false" }.into()),
            Kind::Int(i) => Some(i.to_string().into()),
            Kind::Float(f) => Some(serde_json::Number::from_f64(f)?.to_string().into()),
            _ => None,
        }
    }

    /// Equality of JSON values; numbers by value.
    pub fn same(&self, other: &Self) -> bool {
        match (self.kind(), other.kind()) {
            (Kind::Null, Kind::Null) => true,
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Int(a), Kind::Int(b)) => a == b,
            (Kind::Str(a), Kind::Str(b)) => a == b,
            (Kind::Int(_) | Kind::Float(_), Kind::Int(_) | Kind::Float(_)) => {
                self.as_number() == other.as_number()
            }
            (Kind::List(a), Kind::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.same(&y))
            }
            (Kind::Object(a), Kind::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(k, x)| b.get(k).is_some_and(|y| x.same(&y)))
            }
            _ => false,
        }
    }

    /// As a JSON value in memory.
    pub fn to_json(self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self.kind() {
            Kind::Null => Json::Null,
            Kind::Bool(b) => Json::Bool(b),
            Kind::Int(i) => i.into(),
            Kind::Float(f) => serde_json::Number::from_f64(f).map_or(Json::Null, Json::Number),
            Kind::Str(s) => s.into(),
            Kind::List(list) => list.iter().map(|v| v.to_json()).collect(),
            Kind::Object(object) => Json::Object(
                object
                    .iter()
                    .map(|(k, v)| (k.to_owned(), v.to_json()))
                    .collect(),
            ),
        }
    }
}

impl<'a> List<'a> {
    /// Number of items.
    pub fn len(&self) -> usize {
        match self {
            Self::Nodes(_, _, count) => *count as usize,
            Self::Made(items) => items.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at a position from 0.
    pub fn get(&self, at: usize) -> Option<Value<'a>> {
        match self {
            Self::Nodes(doc, first, count) => {
                (at < *count as usize).then(|| Data::Node(doc, first + at as u32).into())
            }
            Self::Made(items) => items.get(at).copied(),
        }
    }

    /// The items in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Value<'a>> + ExactSizeIterator {
        (0..self.len()).map(move |at| self.get(at).unwrap_or(Value::NULL))
    }
}

impl<'a> Object<'a> {
    /// Number of members.
    pub fn len(&self) -> usize {
        match self {
            Self::Nodes(_, _, count) => *count as usize,
            Self::Made(members) => members.len(),
        }
    }

    /// A member by its key.
    #[inline]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        match self {
            Self::Nodes(doc, first, count) => doc
                .member(*first, *count, name)
                .map(|node| Data::Node(doc, node).into()),
            Self::Made(members) => members
                .iter()
                .rfind(|(key, _)| *key == name)
                .map(|(_, value)| *value),
        }
    }

    /// The member at a position from 0.
    pub fn entry(&self, at: usize) -> Option<(&'a str, Value<'a>)> {
        match self {
            Self::Nodes(doc, first, count) => {
                let node = first + at as u32;
                (at < *count as usize).then(|| (doc.key(node), Data::Node(doc, node).into()))
            }
            Self::Made(members) => members.get(at).copied(),
        }
    }

    /// Keys that begin so, with their values, in order.
    pub fn with_prefix(self, prefix: &str) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        (0..self.len()).filter_map(move |at| match self {
            Self::Nodes(doc, first, _) => {
                let node = first + at as u32;
                let key = doc.key_with_prefix(node, prefix)?;
                Some((key, Data::Node(doc, node).into()))
            }
            Self::Made(members) => members
                .get(at)
                .copied()
                .filter(|(key, _)| key.starts_with(prefix)),
        })
    }

    /// Keys and values in order.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        (0..self.len()).filter_map(move |at| self.entry(at))
    }
}
