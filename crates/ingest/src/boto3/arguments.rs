//! The arguments of a call.

use super::expressions::no_dictionary;
use super::{Reader, Thing, Unknown};
use crate::Span;
use crate::diagnostic::Flaw;
use crate::node::{Entry, Node, Value};

/// What stands between the parentheses, as far as it is known.
#[derive(Default)]
pub(super) struct Arguments {
    pub positional: Vec<Thing>,
    pub named: Vec<Entry>,
    /// Names whose values are not known, and why.
    pub unknown: Vec<(String, Unknown)>,
}

impl Arguments {
    /// The text that stands first.
    pub fn first_text(&self) -> Option<(&str, &Span)> {
        match self.positional.first()? {
            Thing::Value(Node {
                value: Value::Text(text),
                span,
            }) => Some((text, span)),
            _ => None,
        }
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        let entry = self.named.iter().find(|entry| entry.key == name)?;
        match &entry.node.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Reader<'_, '_> {
    /// Reads from the opening parenthesis to the closing one; what was read before a flaw stays.
    pub(super) fn arguments(&mut self, depth: usize, into: &mut Arguments) -> Result<(), Flaw> {
        self.enter();
        loop {
            self.blanks();
            if self.cursor.peek() == Some(')') {
                break;
            }
            if self.cursor.takes("**") {
                let thing = self.expression(depth + 1)?;
                match self.resolved(thing) {
                    Ok(Node {
                        value: Value::Map(entries),
                        ..
                    }) => into.named.extend(entries),
                    Ok(node) => into.unknown.push((String::new(), no_dictionary(node.span))),
                    Err(unknown) => into.unknown.push((String::new(), unknown)),
                }
            } else if self.cursor.takes("*") {
                let thing = self.expression(depth + 1)?;
                into.positional.push(thing);
            } else if let Some((key, key_span)) = self.keyword() {
                let thing = self.expression(depth + 1)?;
                match self.resolved(thing) {
                    Ok(node) => into.named.push(Entry {
                        key,
                        key_span,
                        node,
                    }),
                    Err(unknown) => into.unknown.push((key, unknown)),
                }
            } else {
                let start = self.cursor.at;
                let thing = self.expression(depth + 1)?;
                self.blanks();
                if let (Thing::Name(name, _), Some(':')) = (&thing, self.cursor.peek()) {
                    return Err(self.cursor.here(
                        "Python has = between name and value.",
                        format!("Write {name}=."),
                    ));
                }
                if self.comprehension(start)? {
                    break;
                }
                into.positional.push(thing);
            }
            if !self.separator(')')? {
                break;
            }
        }
        self.leave();
        Ok(())
    }

    /// `Name=`
    fn keyword(&mut self) -> Option<(String, Span)> {
        let name = self.next_name();
        if name.is_empty() {
            return None;
        }
        let start = self.cursor.at;
        let open = start + name.len();
        let rest = self.cursor.rest().get(name.len()..)?;
        let value = rest.trim_start_matches([' ', '\t']).strip_prefix('=')?;
        if value.starts_with('=') {
            return None;
        }
        self.cursor.at = start + self.cursor.rest().len() - value.len();
        Some((name.to_owned(), self.cursor.source(start..open)))
    }
}
