//! Structures of a rule: objects, lists, and blocks that repeat.

use std::collections::HashMap;

use rules::At;

use super::{Eval, constant, identity};
use crate::hash::Fixed;
use crate::plan::{BlockPlan, Ex, GroupPlan, Literal, Part, PiecePlan, Tree};
use crate::value::{Data, List, Origin, Same, Value};

impl<'a> Eval<'a> {
    /// The value of a structure; null where there is none.
    pub fn tree(&self, tree: &'a Tree) -> Value<'a> {
        match tree {
            Tree::Ex(ex, at) => self.row(self.ex(ex, Value::NULL), at),
            Tree::Constant(Literal::Null, at) => self.row(Data::SentNull.into(), at),
            Tree::Constant(literal, at) => self.row(constant(literal), at),
            Tree::Object(members) => {
                let from = self.open.members();
                for (key, tree) in members {
                    let value = self.tree(tree);
                    match key {
                        Some(_) if matches!(value.data, Data::Null) => {}
                        Some(key) => self.open.member(key, value),
                        None => self.merge(value),
                    }
                }
                self.open.object(from, self.arena)
            }
            Tree::List(entries) => {
                let from = self.open.items();
                for entry in entries {
                    self.entry(entry);
                }
                self.open.list(from, self.arena)
            }
            Tree::Block(block) => {
                let from = self.open.items();
                self.block(block);
                let made = self.open.list(from, self.arena);
                if block.each.is_empty() && block.group.is_none() {
                    made.as_list()
                        .and_then(|list| list.get(0))
                        .unwrap_or(Value::NULL)
                } else {
                    made
                }
            }
        }
    }

    /// Remembers the row that made a value.
    fn row(&self, value: Value<'a>, at: &'a At) -> Value<'a> {
        if !self.tracing || matches!(value.data, Data::Null) {
            return value;
        }
        Value {
            data: value.data,
            origin: Some(self.arena.alloc(Origin::Row(at, value.origin))),
        }
    }

    fn merge(&self, value: Value<'a>) {
        let row = value.origin;
        for (key, member) in value
            .as_object()
            .into_iter()
            .flat_map(|object| object.iter())
        {
            self.open.member(key, self.with_origin(member, row));
        }
    }

    fn entry(&self, entry: &'a Tree) {
        match entry {
            Tree::Block(block) => self.block(block),
            other => {
                let value = self.tree(other);
                match value.as_list() {
                    Some(list) if matches!(other, Tree::Ex(..) | Tree::List(_)) => {
                        for item in list.iter() {
                            self.open.item(self.with_origin(item, value.origin));
                        }
                    }
                    _ if matches!(value.data, Data::Null) => {}
                    _ => self.open.item(value),
                }
            }
        }
    }

    fn block(&self, block: &'a BlockPlan) {
        match &block.group {
            Some(group) => self.group(block, group),
            None => self.each(block, &block.each),
        }
    }

    fn each(&self, block: &'a BlockPlan, loops: &'a [(u32, Ex)]) {
        let Some(((slot, list), rest)) = loops.split_first() else {
            return self.item(block);
        };
        let list = self.ex(list, Value::NULL);
        let found_by = list.origin;
        let items = if list.as_list().is_some() || list.is_null() {
            list.as_list()
        } else {
            Some(self.items(list))
        };
        for item in items.into_iter().flat_map(List::iter) {
            self.set(
                *slot,
                Value {
                    data: item.data,
                    origin: self.both(item.origin, found_by),
                },
            );
            // What was named for the last item must not be seen for this one.
            block.lets.iter().for_each(|slot| self.forget(*slot));
            self.each(block, rest);
        }
    }

    fn group(&self, block: &'a BlockPlan, group: &'a GroupPlan) {
        let list = self.ex(&group.list, Value::NULL);
        let mut order: Vec<(Value<'a>, Vec<Value<'a>>)> = Vec::new();
        let mut known = HashMap::<Same<'a>, usize, Fixed>::default();
        for item in list.as_list().into_iter().flat_map(List::iter) {
            self.set(group.item, item);
            block.lets.iter().for_each(|slot| self.forget(*slot));
            let key = match group.by.as_slice() {
                [one] => self.ex(one, Value::NULL),
                several => self.list(
                    several
                        .iter()
                        .map(|by| self.ex(by, Value::NULL))
                        .collect::<Vec<_>>(),
                ),
            };
            let at = *known.entry(key.into()).or_insert(order.len());
            match order.get_mut(at) {
                Some((_, items)) => items.push(item),
                None => order.push((key, vec![item])),
            }
        }
        for (key, items) in order {
            self.set(group.key, key);
            if let Some(first) = items.first() {
                self.set(group.item, *first);
            }
            let items = self.list(items);
            self.set(group.group, items);
            block.lets.iter().for_each(|slot| self.forget(*slot));
            self.each(block, &block.each);
        }
    }

    fn item(&self, block: &'a BlockPlan) {
        if block.each.is_empty() && block.group.is_none() {
            block.lets.iter().for_each(|slot| self.forget(*slot));
        }
        if block
            .when
            .as_ref()
            .is_some_and(|when| !self.ex(when, Value::NULL).is_true())
        {
            return;
        }
        let mut subject = block
            .each
            .last()
            .map_or(Value::NULL, |(slot, _)| self.slot(*slot));
        if let Some((slot, of)) = &block.of {
            subject = self.ex(of, Value::NULL);
            if subject.is_null() {
                return;
            }
            self.set(*slot, subject);
        }
        let before = self.kept.get();
        let value = self.tree(&block.item);
        if matches!(value.data, Data::Null) {
            return;
        }
        if let Some(filters) = self.filters {
            let keep = match block.part {
                Part::Plain => true,
                Part::Item => filters.keep_item(self, value),
                Part::Holder => self.kept.get() > before && filters.keep_holder(self, value),
            };
            if !keep {
                return;
            }
        }
        if block.part == Part::Item {
            self.kept.set(self.kept.get() + 1);
            if let (Some(subjects), Some(identity)) = (&self.subjects, identity(subject)) {
                subjects.borrow_mut().push(identity);
            }
        }
        self.open.item(value);
    }

    /// A text with its expressions filled in, each encoded by `encode`.
    pub fn pieces(
        &self,
        pieces: &'a [PiecePlan],
        mut fill: impl FnMut(&mut String, Value<'a>),
    ) -> String {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                PiecePlan::Literal(literal) => text.push_str(literal),
                PiecePlan::Ex(ex) => fill(&mut text, self.ex(ex, Value::NULL)),
            }
        }
        text
    }

    /// A message with its expressions filled in as text.
    pub fn message(&self, pieces: &'a [PiecePlan]) -> String {
        self.pieces(pieces, |text, value| match value.scalar_text() {
            Some(scalar) => text.push_str(&scalar),
            None if value.is_null() => {}
            None => text.push_str(&value.to_json().to_string()),
        })
    }
}
