//! What the name of a call stands for, from its replies.

use bumpalo::collections::Vec as ArenaVec;

use super::Eval;
use crate::plan::{CallPlan, Ex};
use crate::run::{Item, Progress, Settled};
use crate::value::{Data, Doc, Value};

impl<'a> Eval<'a> {
    /// The value of a call's name: null where it was not issued.
    pub fn call_value(&self, index: usize) -> Value<'a> {
        let (Some(call), Some(state)) = (self.plan.calls.get(index), self.state.calls.get(index))
        else {
            return Value::NULL;
        };
        if !matches!(state.progress, Progress::Issued | Progress::Done) {
            return Value::NULL;
        }
        if call.loops.is_empty() {
            return state
                .items
                .first()
                .map_or(Value::NULL, |item| self.item_value(call, item));
        }
        let mut values = ArenaVec::with_capacity_in(state.items.len(), self.arena);
        let mut items = state.items.iter();
        self.bindings(&call.loops, &mut |eval| {
            if let Some(item) = items.next() {
                let value = eval.item_value(call, item);
                if !value.is_null() {
                    values.push(value);
                }
            }
        });
        Data::List(values.into_bump_slice()).into()
    }

    /// Runs once for each combination of the loops, with their slots bound.
    pub fn bindings(&self, loops: &'a [(u32, Ex)], run: &mut dyn FnMut(&Self)) {
        let Some(((slot, list), rest)) = loops.split_first() else {
            return run(self);
        };
        let list = self.ex(list, Value::NULL);
        if list.is_null() {
            return;
        }
        for item in self.items(list).iter() {
            self.set(*slot, item);
            self.bindings(rest, run);
        }
    }

    /// What one issue of a call gives; its loop slots must be bound.
    pub fn item_value(&self, call: &'a CallPlan, item: &'a Item) -> Value<'a> {
        if item.settled != Settled::Reply {
            return Value::NULL;
        }
        let Some(first) = item.replies.first() else {
            return Value::NULL;
        };
        if let Some(pages) = &call.pages {
            let list = |doc: &'a Doc| self.ex(pages, Value::root(doc));
            if item.replies.len() == 1 {
                return list(first);
            }
            let mut all = ArenaVec::new_in(self.arena);
            for doc in &item.replies {
                all.extend(
                    list(doc)
                        .as_list()
                        .into_iter()
                        .flat_map(crate::value::List::iter),
                );
            }
            return Data::List(all.into_bump_slice()).into();
        }
        match &call.gives {
            Some(gives) => {
                self.set(call.reply, Value::root(first));
                let value = self.tree(gives);
                self.forget(call.reply);
                value
            }
            None => Value::root(first),
        }
    }
}
