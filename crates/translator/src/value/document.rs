//! A JSON text as one flat list of nodes.
//!
//! The children of a node stand side by side, strings are spans of the text, so a reply of a thousand servers is two
//! allocations and the index of a node is its provenance.

use std::fmt::{self, Write as _};
use std::sync::OnceLock;

use serde::de::Error as _;

use super::read;

/// Where a document came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The EC2 request's parameters.
    Request,
    /// The context of the request.
    Context,
    /// The reply to a call, by its number in the trace.
    Reply(u32),
    /// A constant of a rule.
    Rule,
}

/// Kind and payload of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text: start and length in the text, or in the side buffer.
    Str(Text),
    /// First child and number of children.
    List(u32, u32),
    /// First child and number of children.
    Object(u32, u32),
}

/// A piece of text in a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Text {
    pub(super) start: u32,
    pub(super) len: u32,
    pub(super) side: bool,
}

pub(super) const NO_KEY: Text = Text {
    start: 0,
    len: 0,
    side: false,
};

#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) key: Text,
    pub(super) content: Content,
}

/// A parsed JSON text.
pub struct Doc {
    text: Box<str>,
    side: String,
    nodes: Vec<Node>,
    source: Source,
    parents: OnceLock<Vec<u32>>,
}

impl fmt::Debug for Doc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Doc({:?}, {} nodes)", self.source, self.nodes.len())
    }
}

impl Doc {
    /// Reads a JSON text.
    ///
    /// # Errors
    /// The text is no JSON, nests deeper than 128, or is longer than 4 GiB.
    pub fn parse(text: impl Into<Box<str>>, source: Source) -> Result<Self, serde_json::Error> {
        let text = text.into();
        if u32::try_from(text.len()).is_err() {
            return Err(serde_json::Error::custom("the text is longer than 4 GiB"));
        }
        let (nodes, side) = read::nodes(&text)?;
        Ok(Self {
            text,
            side,
            nodes,
            source,
            parents: OnceLock::new(),
        })
    }

    /// The document of a value that is already in memory.
    pub fn of(value: &serde_json::Value, source: Source) -> Self {
        Self::parse(value.to_string(), source).unwrap_or_else(|_| Self::null(source))
    }

    /// The document `null`.
    pub fn null(source: Source) -> Self {
        let nodes = vec![Node {
            key: NO_KEY,
            content: Content::Null,
        }];
        Self {
            text: "null".into(),
            side: String::new(),
            nodes,
            source,
            parents: OnceLock::new(),
        }
    }

    /// Length of the text it was read from, in bytes.
    pub fn bytes_read(&self) -> usize {
        self.text.len()
    }

    /// Where it came from.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The outermost node.
    pub fn root(&self) -> u32 {
        self.nodes.len() as u32 - 1
    }

    /// What a node holds.
    #[inline]
    pub fn content(&self, node: u32) -> Content {
        self.nodes
            .get(node as usize)
            .map_or(Content::Null, |n| n.content)
    }

    /// The text behind a string.
    pub fn text(&self, text: Text) -> &str {
        let whole: &str = if text.side { &self.side } else { &self.text };
        whole
            .get(text.start as usize..(text.start + text.len) as usize)
            .unwrap_or_default()
    }

    /// The key under which an object holds a node.
    pub fn key(&self, node: u32) -> &str {
        self.nodes
            .get(node as usize)
            .map_or("", |n| self.text(n.key))
    }

    /// The key under which an object holds a node, if it begins so.
    #[inline]
    pub fn key_with_prefix(&self, node: u32, prefix: &str) -> Option<&str> {
        let key = self.nodes.get(node as usize)?.key;
        let begins =
            key.len as usize >= prefix.len() && self.bytes(key).starts_with(prefix.as_bytes());
        begins.then(|| self.text(key))
    }

    /// The member of an object.
    pub fn member(&self, first: u32, count: u32, name: &str) -> Option<u32> {
        let children = self.nodes.get(first as usize..(first + count) as usize)?;
        let at = children.iter().position(|n| self.is(n.key, name))?;
        Some(first + at as u32)
    }

    /// The member of an object that may well be the one at this position.
    #[inline]
    pub fn member_near(&self, first: u32, count: u32, name: &str, near: u32) -> Option<u32> {
        if near < count {
            let node = self.nodes.get((first + near) as usize)?;
            if self.is(node.key, name) {
                return Some(first + near);
            }
        }
        self.member(first, count, name)
    }

    #[inline]
    fn is(&self, text: Text, name: &str) -> bool {
        text.len as usize == name.len() && self.bytes(text) == name.as_bytes()
    }

    #[inline]
    fn bytes(&self, text: Text) -> &[u8] {
        let whole: &str = if text.side { &self.side } else { &self.text };
        let (start, len) = (text.start as usize, text.len as usize);
        whole.as_bytes().get(start..start + len).unwrap_or_default()
    }

    /// The JSON pointer of a node.
    pub fn pointer(&self, node: u32) -> String {
        let parents = self.parents.get_or_init(|| self.find_parents());
        let mut path = Vec::with_capacity(8);
        let mut at = node;
        while let Some(&parent) = parents.get(at as usize) {
            if parent == at {
                break;
            }
            path.push((parent, at));
            at = parent;
        }
        let mut pointer = String::with_capacity(path.len() * 16);
        for (parent, at) in path.into_iter().rev() {
            pointer.push('/');
            match self.content(parent) {
                // Writing to a String cannot fail.
                Content::List(first, _) => drop(write!(pointer, "{}", at - first)),
                _ => push_step(&mut pointer, self.key(at)),
            }
        }
        pointer
    }

    fn find_parents(&self) -> Vec<u32> {
        let mut parents: Vec<u32> = (0..self.nodes.len() as u32).collect();
        for (at, node) in self.nodes.iter().enumerate() {
            if let Content::List(first, count) | Content::Object(first, count) = node.content {
                for child in first..first + count {
                    if let Some(parent) = parents.get_mut(child as usize) {
                        *parent = at as u32;
                    }
                }
            }
        }
        parents
    }
}

/// A key as a step of a JSON pointer.
fn push_step(pointer: &mut String, key: &str) {
    if key.contains(['~', '/']) {
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_back_to_its_node() {
        let doc = Doc::parse(
            r#"{"a/b": [1, {"c~": "x\ny"}], "d": null}"#,
            Source::Request,
        )
        .unwrap();
        let Content::Object(first, count) = doc.content(doc.root()) else {
            panic!()
        };
        let list = doc.member(first, count, "a/b").unwrap();
        let Content::List(first, 2) = doc.content(list) else {
            panic!()
        };
        let Content::Object(inner, 1) = doc.content(first + 1) else {
            panic!()
        };
        assert_eq!(doc.pointer(inner), "/a~1b/1/c~0");
        let Content::Str(text) = doc.content(inner) else {
            panic!()
        };
        assert_eq!(doc.text(text), "x\ny");
        assert_eq!(doc.pointer(doc.root()), "");
    }

    #[test]
    fn whole_numbers_stay_exact_and_the_last_of_two_equal_keys_counts() {
        let doc = Doc::parse(
            r#"{"n": 9007199254740993, "k": 1, "k": 2}"#,
            Source::Request,
        )
        .unwrap();
        let Content::Object(first, count) = doc.content(doc.root()) else {
            panic!()
        };
        assert_eq!(
            doc.content(doc.member(first, count, "n").unwrap()),
            Content::Int(9_007_199_254_740_993)
        );
        assert_eq!(
            doc.content(doc.member(first, count, "k").unwrap()),
            Content::Int(2)
        );
    }

    #[test]
    fn of_equal_keys_the_last_stays_in_an_object_of_any_size() {
        for size in [2, 30, 64, 66, 500] {
            let mut text = String::from("{");
            for n in 0..size {
                let _ = write!(text, "\"key-{}\": {n}, ", n % (size / 2).max(1));
            }
            text.push_str("\"\": 0}");
            let doc = Doc::parse(text, Source::Request).unwrap();
            let Content::Object(first, count) = doc.content(doc.root()) else {
                panic!()
            };
            assert_eq!(count, size / 2 + 1);
            for n in 0..size / 2 {
                let node = doc.member(first, count, &format!("key-{n}")).unwrap();
                assert_eq!(doc.content(node), Content::Int(i64::from(n + size / 2)));
            }
        }
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_crash() {
        assert!(Doc::parse("[".repeat(100_000), Source::Request).is_err());
    }
}
