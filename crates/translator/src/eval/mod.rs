//! Evaluation of a plan against what is known so far: pure, without a memory beyond one poll.

mod call_value;
mod expression;
mod index;
mod member;
mod open;
mod tree;

use std::cell::{Cell, RefCell};

use bumpalo::Bump;
use ec2_wire::Ec2Error;
use rules::Rules;

use crate::filter::Filters;
use crate::plan::{Literal, Plan, SlotDef};
use crate::run::State;
use crate::value::{Data, Doc, Origin, Value};

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
