//! A JSON text into the nodes of a document.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::document::{Content, NO_KEY, Node, Text};
use crate::hash::Fixed;

/// The nodes of a text, the outermost last, and the strings that had to be unescaped.
pub(super) fn nodes(text: &str) -> Result<(Vec<Node>, String), serde_json::Error> {
    let mut builder = Builder {
        text,
        side: String::new(),
        nodes: Vec::with_capacity(text.len() / 16 + 1),
        stack: Vec::new(),
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let content = Seed(&mut builder).deserialize(&mut deserializer)?;
    deserializer.end()?;
    builder.nodes.push(Node {
        key: NO_KEY,
        content,
    });
    Ok((builder.nodes, builder.side))
}

/// Objects with more members than this are freed of repeated keys in one go.
const MANY: usize = 64;

struct Builder<'t> {
    text: &'t str,
    side: String,
    nodes: Vec<Node>,
    stack: Vec<Node>,
}

impl Builder<'_> {
    /// Text that stands unescaped in the input is kept as a span of it.
    fn borrowed(&mut self, text: &str) -> Text {
        let start = (text.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if start <= self.text.len() && start + text.len() <= self.text.len() {
            Text {
                start: start as u32,
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

    fn bytes(&self, text: Text) -> &[u8] {
        let whole: &str = if text.side { &self.side } else { self.text };
        let (start, len) = (text.start as usize, text.len as usize);
        whole.as_bytes().get(start..start + len).unwrap_or_default()
    }

    /// One of 64 bits; keys with different bits differ.
    fn bit(&self, key: Text) -> u64 {
        let bytes = self.bytes(key);
        let at = |at: usize| bytes.get(at).map_or(0, |byte| usize::from(*byte));
        let mixed = bytes.len() * 11 + at(bytes.len() / 2) * 5 + at(bytes.len().wrapping_sub(1));
        1 << (mixed % 64)
    }

    /// Takes out the member with this key, if the object that begins at `from` has one already.
    fn forget(&mut self, from: usize, key: Text) {
        let mut members = self.stack.iter().skip(from);
        let same =
            |member: &Node| member.key.len == key.len && self.bytes(member.key) == self.bytes(key);
        if let Some(at) = members.position(same) {
            self.stack.remove(from + at);
        }
    }

    /// Of members with the same key only the last one stays.
    fn forget_repeated(&mut self, from: usize) {
        let mut members = self.stack.split_off(from);
        let mut known = HashSet::<&[u8], Fixed>::default();
        let last: Vec<bool> = members
            .iter()
            .rev()
            .map(|member| known.insert(self.bytes(member.key)))
            .collect();
        let mut last = last.into_iter().rev();
        members.retain(|_| last.next().unwrap_or(true));
        self.stack.append(&mut members);
    }

    fn close(&mut self, from: usize) -> (u32, u32) {
        let first = self.nodes.len() as u32;
        let count = (self.stack.len() - from) as u32;
        self.nodes.extend_from_slice(&self.stack[from..]);
        self.stack.truncate(from);
        (first, count)
    }
}

struct Seed<'b, 't>(&'b mut Builder<'t>);

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Content;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
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
        let mut seen = 0;
        while let Some(key) = members.next_key_seed(KeySeed(self.0))? {
            let content = members.next_value_seed(Seed(self.0))?;
            let bit = self.0.bit(key);
            if seen & bit != 0 && self.0.stack.len() - from <= MANY {
                self.0.forget(from, key);
            }
            seen |= bit;
            self.0.stack.push(Node { key, content });
        }
        if self.0.stack.len() - from > MANY {
            self.0.forget_repeated(from);
        }
        let (first, count) = self.0.close(from);
        Ok(Content::Object(first, count))
    }
}

struct KeySeed<'b, 't>(&'b mut Builder<'t>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = Text;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_, '_> {
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
