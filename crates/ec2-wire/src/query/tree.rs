//! The parameters while they are put together: keys come in any order, with any indices, and become dense lists.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;

use ec2_model::{Kind, Member, Shape};
use serde_json::{Map, Value};

use crate::Leaf;

/// One step of a key: `Filter`, or `.1`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Index(u64),
    Member(Member),
}

const FIRST: Step = Step::Index(0);

struct Node {
    shape: Shape,
    value: Option<Value>,
    leaf: Option<usize>,
}

/// Grows by one node per distinct prefix of a key, whatever the indices are.
pub(crate) struct Tree {
    nodes: Vec<Node>,
    children: BTreeMap<(usize, Step), usize>,
}

impl Tree {
    pub(crate) fn new(shape: Shape) -> Self {
        Self {
            nodes: vec![Node {
                shape,
                value: None,
                leaf: None,
            }],
            children: BTreeMap::new(),
        }
    }

    /// Puts a value; false if there is one already.
    pub(crate) fn put(&mut self, steps: &[(Step, Shape)], value: Value, leaf: usize) -> bool {
        let mut at = 0;
        for (step, shape) in steps {
            at = match self.children.entry((at, *step)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(free) => {
                    self.nodes.push(Node {
                        shape: *shape,
                        value: None,
                        leaf: None,
                    });
                    *free.insert(self.nodes.len() - 1)
                }
            };
        }
        match self.nodes.get_mut(at) {
            Some(node) if node.value.is_none() => {
                node.value = Some(value);
                node.leaf = Some(leaf);
                true
            }
            _ => false,
        }
    }

    /// The parameters; tells each leaf its pointer.
    pub(crate) fn finish(mut self, leaves: &mut [Leaf]) -> Value {
        self.build(0, &mut String::new(), leaves)
    }

    /// Recursion is as deep as the longest key, which the decoder bounds.
    fn build(&mut self, at: usize, path: &mut String, leaves: &mut [Leaf]) -> Value {
        let Some(node) = self.nodes.get_mut(at) else {
            return Value::Null;
        };
        let (kind, value) = (node.shape.kind(), node.value.take());
        if let Some(leaf) = node.leaf.and_then(|leaf| leaves.get_mut(leaf)) {
            leaf.pointer = Some(path.clone());
        }
        let children: Vec<(Step, usize)> = self
            .children
            .range((at, FIRST)..(at + 1, FIRST))
            .map(|((_, step), child)| (*step, *child))
            .collect();
        let length = path.len();
        match kind {
            Kind::Structure => {
                let mut object = Map::new();
                for (step, child) in children {
                    if let Step::Member(member) = step {
                        path.push('/');
                        path.push_str(member.name());
                        object.insert(member.name().to_owned(), self.build(child, path, leaves));
                        path.truncate(length);
                    }
                }
                Value::Object(object)
            }
            Kind::List => {
                let mut items = Vec::with_capacity(children.len());
                for (dense, (_, child)) in children.into_iter().enumerate() {
                    // Writing to a String cannot fail.
                    let _ = write!(path, "/{dense}");
                    items.push(self.build(child, path, leaves));
                    path.truncate(length);
                }
                Value::Array(items)
            }
            _ => value.unwrap_or_default(),
        }
    }
}
