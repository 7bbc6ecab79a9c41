//! Nodes to JSON, with a table of where each part stands.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::node::{Entry, Node, Value};
use crate::{Desk, Span, query};

/// Where the value and the key of each JSON pointer stand.
#[derive(Default)]
pub(crate) struct Places(pub HashMap<String, (Option<Span>, Option<Span>)>);

impl Places {
    /// Adds the members of a map, and puts them into `object`.
    pub fn entries(
        &mut self,
        pointer: &str,
        entries: &[Entry],
        object: &mut Map<String, Json>,
        desk: &mut Desk,
    ) {
        for entry in entries {
            let escaped = entry.key.replace('~', "~0").replace('/', "~1");
            let json = self.node(
                format!("{pointer}/{escaped}"),
                &entry.node,
                &entry.key_span,
                desk,
            );
            if object.insert(entry.key.clone(), json).is_some() {
                desk.remarks.warning(
                    entry.key_span.clone(),
                    format!(
                        "{} is there twice; the last one was taken.",
                        query::shortened(&entry.key)
                    ),
                    "Leave one of them out.",
                );
            }
        }
    }

    fn node(&mut self, pointer: String, node: &Node, key: &Span, desk: &mut Desk) -> Json {
        let json = match &node.value {
            Value::Null => Json::Null,
            Value::Bool(truth) => Json::Bool(*truth),
            Value::Number(number) => {
                serde_json::from_str(number).unwrap_or_else(|_| Json::String(number.clone()))
            }
            Value::Text(text) | Value::Bare(text) | Value::Bytes(text) => {
                Json::String(text.clone())
            }
            Value::List(items) => {
                let items = items.iter().enumerate();
                Json::Array(
                    items
                        .map(|(index, node)| {
                            self.node(format!("{pointer}/{index}"), node, key, desk)
                        })
                        .collect(),
                )
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
