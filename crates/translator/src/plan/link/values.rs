//! Expressions, texts and structures.

use rules::{At, Expression, Key, Node, Piece, Text};

use super::Linker;
use crate::functions;
use crate::plan::scope::Frame;
use crate::plan::{Ex, Literal, PiecePlan, RefusalPlan, Tree};
use crate::value::{Doc, Source};

impl<'r> Linker<'r> {
    pub(super) fn note(&mut self, when: &'r Expression) -> (u32, Ex) {
        self.frames.push(Frame::default());
        let item = self.bind("item");
        let when = self.expression(when);
        self.frames.pop();
        (item, when)
    }

    pub(super) fn refusal(&mut self, refusal: &'r rules::Refusal) -> RefusalPlan {
        RefusalPlan {
            at: refusal.at.clone(),
            when: self.expression(&refusal.when),
            error: refusal.error.clone(),
            message: refusal.message.as_ref().map(|text| self.text(text)),
            gap: refusal.gap.clone(),
            needs: 0,
            message_needs: 0,
        }
    }

    pub(super) fn text(&mut self, text: &'r Text) -> Vec<PiecePlan> {
        let mut pieces = Vec::new();
        for piece in &text.pieces {
            pieces.push(match piece {
                Piece::Literal(literal) => PiecePlan::Literal(literal.as_str().into()),
                Piece::Expression(expression) => PiecePlan::Ex(self.expression(expression)),
            });
        }
        pieces
    }

    pub(super) fn expression(&mut self, expression: &'r Expression) -> Ex {
        self.node(&expression.root, true, &expression.at)
    }

    /// An expression over a value: what would be a name of the scope is a member.
    pub(super) fn value_expression(&mut self, expression: &Expression) -> Ex {
        self.node(&expression.root, false, &expression.at)
    }

    pub(super) fn node(&mut self, node: &Node, scope: bool, at: &At) -> Ex {
        let one =
            |linker: &mut Self, node: &Node, scope: bool| Box::new(linker.node(node, scope, at));
        match node {
            Node::Current if scope => Ex::Request,
            Node::Current => Ex::Current,
            Node::Name(name) if scope => self.resolve(name, at).unwrap_or_else(|| {
                self.problem(
                    at,
                    &format!("nothing here is named '{name}'; for the text write \"'{name}'\""),
                );
                Ex::Literal(Literal::Null)
            }),
            Node::Name(name) => Ex::Member(Box::new(Ex::Current), name.as_str().into()),
            Node::Literal(value) => Ex::Literal(literal(value)),
            Node::Member(left, name) => Ex::Member(one(self, left, scope), name.as_str().into()),
            Node::Then(left, right) => Ex::Then(one(self, left, scope), one(self, right, false)),
            Node::Index(left, index) => Ex::Index(one(self, left, scope), *index),
            Node::Slice(left, start, stop, step) => {
                Ex::Slice(one(self, left, scope), *start, *stop, *step)
            }
            Node::Flatten(left) => Ex::Flatten(one(self, left, scope)),
            Node::Values(left) => Ex::Values(one(self, left, scope)),
            Node::Project(left, right) => {
                Ex::Project(one(self, left, scope), one(self, right, false))
            }
            Node::Filter(left, condition, right) => Ex::Filter(
                one(self, left, scope),
                one(self, condition, false),
                one(self, right, false),
            ),
            Node::Compare(comparator, left, right) => {
                Ex::Compare(*comparator, one(self, left, scope), one(self, right, scope))
            }
            Node::And(left, right) => Ex::And(one(self, left, scope), one(self, right, scope)),
            Node::Or(left, right) => Ex::Or(one(self, left, scope), one(self, right, scope)),
            Node::Not(inner) => Ex::Not(one(self, inner, scope)),
            Node::List(items) => Ex::List(
                items
                    .iter()
                    .map(|item| self.node(item, scope, at))
                    .collect(),
                scope,
            ),
            Node::Object(members) => Ex::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.as_str().into(), self.node(value, scope, at)))
                    .collect(),
                scope,
            ),
            Node::Reference(inner) => Ex::Reference(one(self, inner, false)),
            Node::Call(name, arguments) => {
                let arguments: Vec<Ex> = arguments
                    .iter()
                    .map(|argument| self.node(argument, scope, at))
                    .collect();
                match functions::find(name) {
                    Some(function) if function.takes(arguments.len()) => {
                        Ex::Call(function, arguments)
                    }
                    Some(function) => {
                        let takes = function.arity_text();
                        self.problem(
                            at,
                            &format!("{name}() takes {takes}, not {}", arguments.len()),
                        );
                        Ex::Literal(Literal::Null)
                    }
                    None => {
                        self.problem(at, &format!("there is no function '{name}'"));
                        Ex::Literal(Literal::Null)
                    }
                }
            }
        }
    }

    pub(super) fn tree(&mut self, tree: &'r rules::Tree, answer: bool) -> Tree {
        match tree {
            rules::Tree::Expression(expression) => {
                Tree::Ex(self.expression(expression), expression.at.clone())
            }
            rules::Tree::Constant(value, at) => Tree::Constant(literal(value), at.clone()),
            rules::Tree::Object(members, _) => {
                let mut linked = Vec::new();
                for (key, value) in members {
                    let key = match key {
                        Key::Name(name) => Some(name.as_str().into()),
                        Key::Merge => None,
                    };
                    linked.push((key, self.tree(value, answer)));
                }
                Tree::Object(linked)
            }
            rules::Tree::List(entries, _) => Tree::List(
                entries
                    .iter()
                    .map(|entry| self.tree(entry, answer))
                    .collect(),
            ),
            rules::Tree::Block(block) => Tree::Block(Box::new(self.block(block, answer))),
        }
    }
}

pub(super) fn literal(value: &serde_json::Value) -> Literal {
    use serde_json::Value as Json;
    match value {
        Json::Null => Literal::Null,
        Json::Bool(b) => Literal::Bool(*b),
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(i), _) => Literal::Int(i),
            (None, Some(f)) => Literal::Float(f),
            (None, None) => Literal::Null,
        },
        Json::String(s) => Literal::Str(s.as_str().into()),
        list_or_object => Literal::Doc(Box::new(Doc::of(list_or_object, Source::Rule))),
    }
}
