//! Evaluation of a plan against what is known so far: pure, without a memory beyond one poll.

mod call_value;
mod index;
mod member;
mod open;
mod tree;

use std::cell::{Cell, RefCell};

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use ec2_wire::Ec2Error;
use rules::{Comparator, Rules};

use crate::filter::Filters;
use crate::plan::{Ex, Literal, Plan, SlotDef};
use crate::run::State;
use crate::value::{Data, Doc, Kind, List, Origin, Value};

use index::Indexes;
use member::Guesses;
use open::Open;

/// One evaluation: everything it computes lives in its arena and is gone after it.
pub struct Eval<'a> {
    /// Where computed values live.
    pub arena: &'a Bump,
    /// The linked rule.
    pub plan: &'a Plan,
    /// Tables and kinds.
    pub rules: &'a Rules,
    /// The request, the context and the replies.
    pub state: &'a State,
    /// Whether origins are kept.
    pub tracing: bool,
    /// The request's filters, while the answer is made.
    pub filters: Option<&'a Filters<'a>>,
    /// Items that passed the filters, and what each was made from.
    pub kept: Cell<usize>,
    /// Identities of what the kept items were made from, where somebody asks.
    pub subjects: Option<RefCell<Vec<Identity>>>,
    strict: bool,
    slots: Vec<Cell<Slot<'a>>>,
    stop: RefCell<Option<Ec2Error>>,
    indexes: Indexes<'a>,
    guesses: Guesses,
    open: Open<'a>,
    depth: Cell<u32>,
}

#[derive(Clone, Copy)]
enum Slot<'a> {
    Unset,
    Busy,
    Set(Value<'a>),
}

/// Deeper nesting than any rule that a person can read.
const DEEPEST: u32 = 200;

impl<'a> Eval<'a> {
    /// An evaluation with nothing computed yet.
    pub fn new(
        arena: &'a Bump,
        plan: &'a Plan,
        rules: &'a Rules,
        state: &'a State,
        tracing: bool,
    ) -> Self {
        Self {
            arena,
            plan,
            rules,
            state,
            tracing,
            filters: None,
            kept: Cell::new(0),
            subjects: None,
            strict: false,
            slots: vec![Cell::new(Slot::Unset); plan.slots.len()],
            stop: RefCell::new(None),
            indexes: Indexes::default(),
            guesses: Guesses::default(),
            open: Open::default(),
            depth: Cell::new(0),
        }
    }

    /// The same, with JMESPath's own strictness about the types of arguments.
    pub fn strictly(self) -> Self {
        Self {
            strict: true,
            ..self
        }
    }

    /// Whether JMESPath's functions refuse null.
    pub fn strict(&self) -> bool {
        self.strict
    }

    /// Ends the evaluation with an EC2 error; the first one counts.
    pub fn stop(&self, error: Ec2Error) -> Value<'a> {
        self.stop.borrow_mut().get_or_insert(error);
        Value::NULL
    }

    /// Ends the evaluation because a rule asks for what cannot be computed: the rule's fault, not the caller's.
    pub fn fault(&self, message: impl Into<String>) -> Value<'a> {
        let message = format!(
            "The translation rule of {} failed: {}",
            self.plan.action.name(),
            message.into()
        );
        self.stop(Ec2Error {
            status: 500,
            code: "InternalError".into(),
            message,
        })
    }

    /// The error that ended the evaluation, if one did.
    pub fn stopped(&self) -> Option<Ec2Error> {
        self.stop.borrow_mut().take()
    }

    /// Binds a slot.
    pub fn set(&self, slot: u32, value: Value<'a>) {
        if let Some(cell) = self.slots.get(slot as usize) {
            cell.set(Slot::Set(value));
        }
    }

    /// Forgets what a slot held.
    pub fn forget(&self, slot: u32) {
        if let Some(cell) = self.slots.get(slot as usize) {
            cell.set(Slot::Unset);
        }
    }

    /// The value of a slot, computed at first use.
    pub fn slot(&self, slot: u32) -> Value<'a> {
        let Some(cell) = self.slots.get(slot as usize) else {
            return Value::NULL;
        };
        match cell.get() {
            Slot::Set(value) => value,
            Slot::Busy => self.fault("a name needs itself to be computed"),
            Slot::Unset => {
                let value = match self.plan.slots.get(slot as usize) {
                    None | Some(SlotDef::Bound) => return Value::NULL,
                    Some(SlotDef::Let(tree)) => {
                        cell.set(Slot::Busy);
                        self.tree(tree)
                    }
                    Some(SlotDef::Call(call)) => {
                        cell.set(Slot::Busy);
                        self.call_value(*call)
                    }
                };
                cell.set(Slot::Set(value));
                value
            }
        }
    }

    /// A text in the arena.
    pub fn text(&self, text: &str) -> Value<'a> {
        Data::Str(self.arena.alloc_str(text)).into()
    }

    /// A list in the arena.
    pub fn list(&self, items: impl IntoIterator<Item = Value<'a>>) -> Value<'a> {
        let from = self.open.items();
        items.into_iter().for_each(|item| self.open.item(item));
        self.open.list(from, self.arena)
    }

    /// An object in the arena.
    pub fn object(&self, members: impl IntoIterator<Item = (&'a str, Value<'a>)>) -> Value<'a> {
        let from = self.open.members();
        for (key, value) in members {
            self.open.member(key, value);
        }
        self.open.object(from, self.arena)
    }

    /// Two origins as one.
    pub fn both(
        &self,
        a: Option<&'a Origin<'a>>,
        b: Option<&'a Origin<'a>>,
    ) -> Option<&'a Origin<'a>> {
        match (a, b) {
            (Some(a), Some(b)) if !std::ptr::eq(a, b) => Some(self.arena.alloc(Origin::Both(a, b))),
            (a, b) => a.or(b),
        }
    }

    /// What a value was made from, itself included.
    pub fn origin(&self, value: Value<'a>) -> Option<&'a Origin<'a>> {
        if !self.tracing {
            return None;
        }
        match value.data {
            Data::Node(doc, node) => {
                let own: &'a Origin<'a> = self.arena.alloc(Origin::Node(doc, node));
                self.both(Some(own), value.origin)
            }
            Data::List(items) => items
                .iter()
                .take(32)
                .fold(value.origin, |o, item| self.both(o, self.origin(*item))),
            Data::Object(members) => members
                .iter()
                .take(32)
                .fold(value.origin, |o, (_, member)| {
                    self.both(o, self.origin(*member))
                }),
            _ => value.origin,
        }
    }

    /// A computed value with the values it was computed from.
    pub fn made(&self, value: Value<'a>, from: &[Value<'a>]) -> Value<'a> {
        if !self.tracing {
            return value;
        }
        let origin = from.iter().fold(value.origin, |origin, value| {
            self.both(origin, self.origin(*value))
        });
        Value {
            data: value.data,
            origin,
        }
    }

    /// A value with another origin beside its own.
    pub fn with_origin(&self, value: Value<'a>, origin: Option<&'a Origin<'a>>) -> Value<'a> {
        match origin {
            None => value,
            some => Value {
                data: value.data,
                origin: self.both(value.origin, some),
            },
        }
    }

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

/// The value of a constant.
pub fn constant(literal: &Literal) -> Value<'_> {
    match literal {
        Literal::Null => Data::Null,
        Literal::Bool(b) => Data::Bool(*b),
        Literal::Int(i) => Data::Int(*i),
        Literal::Float(f) => Data::Float(*f),
        Literal::Str(s) => Data::Str(s),
        Literal::Doc(doc) => node(doc),
    }
    .into()
}

fn node(doc: &Doc) -> Data<'_> {
    Data::Node(doc, doc.root())
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

/// A JSON value in memory as a value of the rule language.
pub fn json<'a>(eval: &Eval<'a>, value: &'a serde_json::Value) -> Value<'a> {
    use serde_json::Value as Json;
    match value {
        Json::Null => Value::NULL,
        Json::Bool(b) => Data::Bool(*b).into(),
        Json::Number(n) => match n.as_i64() {
            Some(whole) => Data::Int(whole).into(),
            None => Data::Float(n.as_f64().unwrap_or_default()).into(),
        },
        Json::String(text) => Data::Str(text).into(),
        Json::Array(items) => eval.list(
            items
                .iter()
                .map(|item| json(eval, item))
                .collect::<Vec<_>>(),
        ),
        Json::Object(members) => eval.object(
            members
                .iter()
                .map(|(key, value)| (key.as_str(), json(eval, value)))
                .collect::<Vec<_>>(),
        ),
    }
}

/// What tells one item from another: its place in a document or in the arena.
pub type Identity = (usize, usize);

/// The identity of a value; `None` for a scalar.
pub fn identity(value: Value<'_>) -> Option<Identity> {
    match value.data {
        Data::Node(doc, node) => Some((std::ptr::from_ref(doc) as usize, node as usize)),
        Data::Object(members) => Some((members.as_ptr() as usize, usize::MAX)),
        Data::List(items) => Some((items.as_ptr() as usize, usize::MAX - 1)),
        _ => None,
    }
}
