//! Members of objects, found where they stood the last time.

use std::cell::Cell;

use super::Eval;
use crate::value::{Content, Data, Value};

/// Where each name stood in the last object it was looked up in: objects of one list have their members in one order.
///
/// A guess, never trusted without a look at the key, so that names may share a place.
pub struct Guesses(Box<[Cell<u32>]>);

const PLACES: usize = 256;

impl Default for Guesses {
    fn default() -> Self {
        Self(vec![Cell::new(0); PLACES].into())
    }
}

impl Guesses {
    /// Names of a rule stand where the rule was read to, so their place is as good as their text.
    fn of(&self, name: &str) -> Option<&Cell<u32>> {
        let place = name.as_ptr() as usize;
        self.0.get((place ^ place >> 8 ^ name.len()) % PLACES)
    }
}

impl<'a> Eval<'a> {
    /// A member of an object; what the object itself was found by goes along.
    #[inline]
    pub fn member(&self, of: Value<'a>, name: &str) -> Value<'a> {
        let found = match of.data {
            Data::Node(doc, node) => match doc.content(node) {
                Content::Object(first, count) => {
                    let guess = self.guesses.of(name);
                    let near = guess.map_or(0, Cell::get);
                    let Some(at) = doc.member_near(first, count, name, near) else {
                        return Value::NULL;
                    };
                    if let Some(guess) = guess {
                        guess.set(at - first);
                    }
                    Data::Node(doc, at).into()
                }
                _ => return Value::NULL,
            },
            Data::Object(members) => match members.iter().rfind(|(key, _)| *key == name) {
                Some((_, value)) => *value,
                None => return Value::NULL,
            },
            _ => return Value::NULL,
        };
        self.with_origin(found, of.origin)
    }
}
