//! What the response encoder asks of a value, and whom it tells what it wrote.

use std::fmt::Write;
use std::ops::Range;

use serde_json::Value;

/// A value tree that can be written as an answer without being copied into a [`Value`] first.
///
/// `Copy`, so usually a reference or an index with a reference.
pub trait Tree<'a>: Copy {
    /// Walks a list.
    type Items: Iterator<Item = Self>;
    /// Walks an object; names as boto3 has them. Fastest in the order of the model's members.
    type Entries: Iterator<Item = (&'a str, Self)>;

    /// What the value is.
    fn view(self) -> View<'a, Self::Items, Self::Entries>;
}

/// A value as the encoder sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum View<'a, I, E> {
    /// Absent.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// A list.
    List(I),
    /// Named values.
    Object(E),
}

impl<'a> Tree<'a> for &'a Value {
    type Items = std::slice::Iter<'a, Value>;
    type Entries = std::iter::Map<
        serde_json::map::Iter<'a>,
        fn((&'a String, &'a Value)) -> (&'a str, &'a Value),
    >;

    fn view(self) -> View<'a, Self::Items, Self::Entries> {
        match self {
            Value::Null => View::Null,
            Value::Bool(truth) => View::Boolean(*truth),
            Value::Number(number) => match number.as_i64() {
                Some(number) => View::Integer(number),
                None => View::Float(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => View::Text(text),
            Value::Array(items) => View::List(items.iter()),
            Value::Object(object) => {
                View::Object(object.iter().map(|(name, value)| (name.as_str(), value)))
            }
        }
    }
}

/// One step from the root of the answer to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// A member, as the value names it.
    Name(&'a str),
    /// An item, from 0.
    Index(usize),
}

impl Segment<'_> {
    /// Appends itself as one step of a JSON pointer.
    pub fn write_to(self, out: &mut String) {
        match self {
            Self::Name(name) if name.contains(['~', '/']) => {
                out.push('/');
                out.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
            Self::Name(name) => {
                out.push('/');
                out.push_str(name);
            }
            Self::Index(index) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "/{index}");
            }
        }
    }
}

/// The JSON pointer of a path.
#[must_use]
pub fn pointer(path: &[Segment<'_>]) -> String {
    let mut out = String::new();
    for segment in path {
        segment.write_to(&mut out);
    }
    out
}

/// Is told where every leaf of an answer stands in its XML.
///
/// `()` wants nothing and costs nothing; a `Vec<(Range<usize>, String)>` gathers ranges with JSON pointers.
pub trait Places<'a, T> {
    /// Whether paths are kept at all.
    const WANTED: bool = true;

    /// About how many bytes the answer will have.
    fn room(&self) -> usize {
        1024
    }

    /// The text of `value` was written to these bytes of the output.
    fn leaf(&mut self, range: Range<usize>, path: &[Segment<'a>], value: T);

    /// The model has no place for the value, so that it was left out.
    fn dropped(&mut self, path: &[Segment<'a>], value: T);
}

impl<'a, T> Places<'a, T> for () {
    const WANTED: bool = false;

    fn leaf(&mut self, _: Range<usize>, _: &[Segment<'a>], _: T) {}

    fn dropped(&mut self, _: &[Segment<'a>], _: T) {}
}

impl<'a, T> Places<'a, T> for Vec<(Range<usize>, String)> {
    fn leaf(&mut self, range: Range<usize>, path: &[Segment<'a>], _: T) {
        self.push((range, pointer(path)));
    }

    fn dropped(&mut self, _: &[Segment<'a>], _: T) {}
}
