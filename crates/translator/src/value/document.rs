//! A JSON text as one flat list of nodes.
//!
//! The children of a node stand side by side, strings are spans of the text, so a reply of a thousand servers is two
//! allocations and the index of a node is its provenance.

use std::fmt;
use std::sync::OnceLock;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

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
    start: u32,
    len: u32,
    side: bool,
}

const NO_KEY: Text = Text {
    start: 0,
    len: 0,
    side: false,
};

#[derive(Clone, Copy, Debug)]
struct Node {
    key: Text,
    content: Content,
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
        let mut builder = Builder {
            base: text.as_ptr() as usize,
            end: text.as_ptr() as usize + text.len(),
            side: String::new(),
            nodes: Vec::with_capacity(text.len() / 16 + 1),
            stack: Vec::new(),
        };
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        let content = Seed(&mut builder).deserialize(&mut deserializer)?;
        deserializer.end()?;
        builder.nodes.push(Node {
            key: NO_KEY,
            content,
        });
        let Builder { side, nodes, .. } = builder;
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

    /// Where it came from.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The outermost node.
    pub fn root(&self) -> u32 {
        self.nodes.len() as u32 - 1
    }

    /// What a node holds.
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

    /// The member of an object; the last one where a key stands twice.
    #[inline]
    pub fn member(&self, first: u32, count: u32, name: &str) -> Option<u32> {
        let children = self.nodes.get(first as usize..(first + count) as usize)?;
        let at = children
            .iter()
            .rposition(|n| n.key.len as usize == name.len() && self.text(n.key) == name)?;
        Some(first + at as u32)
    }

    /// The JSON pointer of a node.
    pub fn pointer(&self, node: u32) -> String {
        let parents = self.parents.get_or_init(|| self.find_parents());
        let mut steps = Vec::new();
        let mut at = node;
        while let Some(&parent) = parents.get(at as usize) {
            if parent == at {
                break;
            }
            match self.content(parent) {
                Content::List(first, _) => steps.push((at - first).to_string()),
                _ => steps.push(self.key(at).replace('~', "~0").replace('/', "~1")),
            }
            at = parent;
        }
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            pointer.push('/');
            pointer.push_str(step);
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

struct Builder {
    base: usize,
    end: usize,
    side: String,
    nodes: Vec<Node>,
    stack: Vec<Node>,
}

impl Builder {
    /// Text that stands unescaped in the input is kept as a span of it.
    fn borrowed(&mut self, text: &str) -> Text {
        let at = text.as_ptr() as usize;
        if at >= self.base && at + text.len() <= self.end {
            Text {
                start: (at - self.base) as u32,
                len: text.len() as u32,
                side: false,
            }
        } else {
            self.owned(text)
        }
    }

    fn owned(&mut self, text: &str) -> Text {
        let start = self.side.len() as u32;
        self.side.push_str(text);
        Text {
            start,
            len: text.len() as u32,
            side: true,
        }
    }

    fn close(&mut self, from: usize) -> (u32, u32) {
        let first = self.nodes.len() as u32;
        let count = (self.stack.len() - from) as u32;
        self.nodes.extend_from_slice(&self.stack[from..]);
        self.stack.truncate(from);
        (first, count)
    }
}

struct Seed<'b>(&'b mut Builder);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Content;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Int(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Content, E> {
        Ok(i64::try_from(value).map_or(Content::Float(value as f64), Content::Int))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Float(value))
    }
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Content, E> {
        Ok(Content::Str(self.0.borrowed(value)))
    }
    fn visit_str<E>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Str(self.0.owned(value)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let from = self.0.stack.len();
        while let Some(content) = items.next_element_seed(Seed(self.0))? {
            self.0.stack.push(Node {
                key: NO_KEY,
                content,
            });
        }
        let (first, count) = self.0.close(from);
        Ok(Content::List(first, count))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Content, A::Error> {
        let from = self.0.stack.len();
        while let Some(key) = members.next_key_seed(KeySeed(self.0))? {
            let content = members.next_value_seed(Seed(self.0))?;
            self.0.stack.push(Node { key, content });
        }
        let (first, count) = self.0.close(from);
        Ok(Content::Object(first, count))
    }
}

struct KeySeed<'b>(&'b mut Builder);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Text;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = Text;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Text, E> {
        Ok(self.0.borrowed(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Text, E> {
        Ok(self.0.owned(value))
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
    fn deep_nesting_is_an_error_not_a_crash() {
        assert!(Doc::parse("[".repeat(100_000), Source::Request).is_err());
    }
}
