//! Expressions: JMESPath's tree, walked over values of documents and of the arena.

use bumpalo::collections::Vec as ArenaVec;
use rules::Comparator;

use super::{Eval, constant};
use crate::plan::Ex;
use crate::value::{Data, Kind, List, Value};

/// Deeper nesting than any rule that a person can read.
const DEEPEST: u32 = 200;

impl<'a> Eval<'a> {
    /// The value of an expression.
    pub fn ex(&self, ex: &'a Ex, current: Value<'a>) -> Value<'a> {
        match ex {
            Ex::Current => current,
            Ex::Slot(slot) => self.slot(*slot),
            Ex::Member(left, name) => self.member(self.ex(left, current), name),
            Ex::Parameter(name) => self.member(Value::root(&self.state.request), name),
            Ex::Request => Value::root(&self.state.request),
            Ex::Context => Value::root(&self.state.context),
            Ex::Literal(literal) => constant(literal),
            Ex::Call(function, arguments) => self.call(function, arguments, current),
            deep => {
                if self.depth.get() > DEEPEST {
                    return self.fault("its expressions nest too deep");
                }
                self.depth.set(self.depth.get() + 1);
                let value = self.deep(deep, current);
                self.depth.set(self.depth.get() - 1);
                value
            }
        }
    }

    fn deep(&self, ex: &'a Ex, current: Value<'a>) -> Value<'a> {
        match ex {
            Ex::Then(left, right) => {
                let left = self.ex(left, current);
                self.ex(right, left)
            }
            Ex::Index(left, index) => {
                let left = self.ex(left, current);
                let Some(list) = left.as_list() else {
                    return Value::NULL;
                };
                let at = if *index < 0 {
                    list.len() as i64 + index
                } else {
                    *index
                };
                let item = usize::try_from(at).ok().and_then(|at| list.get(at));
                item.map_or(Value::NULL, |item| self.with_origin(item, left.origin))
            }
            Ex::Slice(left, start, stop, step) => {
                let left = self.ex(left, current);
                match left.as_list() {
                    Some(list) => self.slice(list, *start, *stop, *step),
                    None => Value::NULL,
                }
            }
            Ex::Flatten(left) => {
                let left = self.ex(left, current);
                let Some(list) = left.as_list() else {
                    return Value::NULL;
                };
                let mut flat = ArenaVec::with_capacity_in(list.len(), self.arena);
                for item in list.iter() {
                    match item.as_list() {
                        Some(inner) => {
                            flat.extend(inner.iter().map(|v| self.with_origin(v, item.origin)))
                        }
                        None => flat.push(item),
                    }
                }
                Value {
                    data: Data::List(flat.into_bump_slice()),
                    origin: left.origin,
                }
            }
            Ex::Values(left) => match self.ex(left, current).as_object() {
                Some(object) => self.list(object.iter().map(|(_, value)| value)),
                None => Value::NULL,
            },
            Ex::Project(left, right) => {
                let left = self.ex(left, current);
                let Some(list) = left.as_list() else {
                    return Value::NULL;
                };
                if matches!(**right, Ex::Current) && list.iter().all(|item| !item.is_null()) {
                    return left;
                }
                let mut out = ArenaVec::with_capacity_in(list.len(), self.arena);
                for item in list.iter() {
                    let value = self.ex(right, item);
                    if !value.is_null() {
                        out.push(value);
                    }
                }
                Value {
                    data: Data::List(out.into_bump_slice()),
                    origin: left.origin,
                }
            }
            Ex::Filter(left, condition, right) => {
                let left = self.ex(left, current);
                let Some(list) = left.as_list() else {
                    return Value::NULL;
                };
                let mut out = ArenaVec::new_in(self.arena);
                for item in list.iter() {
                    if self.ex(condition, item).is_true() {
                        let value = self.ex(right, item);
                        if !value.is_null() {
                            out.push(value);
                        }
                    }
                }
                Value {
                    data: Data::List(out.into_bump_slice()),
                    origin: left.origin,
                }
            }
            Ex::Compare(comparator, left, right) => {
                let (left, right) = (self.ex(left, current), self.ex(right, current));
                match compare(*comparator, left, right) {
                    Some(result) => self.made(Data::Bool(result).into(), &[left, right]),
                    None => Value::NULL,
                }
            }
            Ex::And(left, right) => {
                let left = self.ex(left, current);
                if left.is_true() {
                    self.ex(right, current)
                } else {
                    left
                }
            }
            Ex::Or(left, right) => {
                let left = self.ex(left, current);
                if left.is_true() {
                    left
                } else {
                    self.ex(right, current)
                }
            }
            Ex::Not(inner) => {
                let inner = self.ex(inner, current);
                self.made(Data::Bool(!inner.is_true()).into(), &[inner])
            }
            Ex::List(items, scope) => {
                if !scope && current.is_null() {
                    return Value::NULL;
                }
                let mut list = ArenaVec::with_capacity_in(items.len(), self.arena);
                for item in items {
                    list.push(self.ex(item, current));
                }
                Data::List(list.into_bump_slice()).into()
            }
            Ex::Object(members, scope) => {
                if !scope && current.is_null() {
                    return Value::NULL;
                }
                let mut list = ArenaVec::with_capacity_in(members.len(), self.arena);
                for (key, value) in members {
                    list.push((&**key, self.ex(value, current)));
                }
                Data::Object(list.into_bump_slice()).into()
            }
            // A reference is an argument; functions that take one look at the expression itself.
            Ex::Reference(_) => Value::NULL,
            plain => self.ex(plain, current),
        }
    }

    fn slice(&self, list: List<'a>, start: Option<i64>, stop: Option<i64>, step: i64) -> Value<'a> {
        let len = list.len() as i64;
        if step == 0 {
            return self.fault("a slice has a step of 0");
        }
        let clamp = |at: Option<i64>, missing: i64| match at {
            None => missing,
            Some(at) if at < 0 => (at.saturating_add(len)).max(if step < 0 { -1 } else { 0 }),
            Some(at) => at.min(if step < 0 { len - 1 } else { len }),
        };
        let (mut at, stop) = if step < 0 {
            (clamp(start, len - 1), clamp(stop, -1))
        } else {
            (clamp(start, 0), clamp(stop, len))
        };
        let mut out = ArenaVec::new_in(self.arena);
        while if step < 0 { at > stop } else { at < stop } {
            out.extend(usize::try_from(at).ok().and_then(|at| list.get(at)));
            at = at.saturating_add(step);
        }
        Data::List(out.into_bump_slice()).into()
    }

    fn call(
        &self,
        function: &'a crate::functions::Function,
        arguments: &'a [Ex],
        current: Value<'a>,
    ) -> Value<'a> {
        if self.depth.get() > DEEPEST {
            return self.fault("its expressions nest too deep");
        }
        self.depth.set(self.depth.get() + 1);
        let value = function.run(self, arguments, current);
        self.depth.set(self.depth.get() - 1);
        value
    }
}

fn compare(comparator: Comparator, left: Value<'_>, right: Value<'_>) -> Option<bool> {
    match comparator {
        Comparator::Equal => return Some(left.same(&right)),
        Comparator::NotEqual => return Some(!left.same(&right)),
        _ => {}
    }
    let order = match (left.kind(), right.kind()) {
        (Kind::Int(a), Kind::Int(b)) => a.cmp(&b),
        _ => left.as_number()?.partial_cmp(&right.as_number()?)?,
    };
    Some(match comparator {
        Comparator::Less => order.is_lt(),
        Comparator::LessOrEqual => order.is_le(),
        Comparator::Greater => order.is_gt(),
        _ => order.is_ge(),
    })
}
