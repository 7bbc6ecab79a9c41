//! Bodies, answers and views: every leaf is read, and an answer has the members and kinds of its EC2 shape.

use std::rc::Rc;

use ec2_model::{Kind, Shape};
use serde_json::Value;

use super::expressions::{fits, outcomes};
use super::types::Type;
use super::walker::{Binding, Frame, Walker};
use crate::spelling::did_you_mean;
use crate::{At, Block, Expression, Key, Tree};

impl<'r> Walker<'r> {
    /// What a tree makes. `expect` is the EC2 shape it has to have; `sent` says that all of it leaves the rule.
    pub fn tree(&mut self, tree: &'r Tree, expect: Option<Shape>, sent: bool) -> Type {
        match tree {
            Tree::Expression(expression) => {
                let value = self.expression(expression);
                if sent {
                    self.consume(&value);
                }
                if let Some(shape) = expect {
                    self.expression_fits(expression, &value, shape);
                }
                value
            }
            Tree::Constant(value, at) => {
                if let Some(shape) = expect {
                    self.literal_fits(value, shape, at);
                }
                match value {
                    Value::Bool(_) => Type::Boolean,
                    Value::Number(_) => Type::Number,
                    Value::Null => Type::Null,
                    _ => Type::Text,
                }
            }
            Tree::Object(members, at) => self.object(members, at, expect, sent),
            Tree::List(entries, at) => {
                let item = match expect {
                    Some(shape) if shape.kind() != Kind::List => {
                        self.problem(
                            at,
                            format!("EC2 has a {} here, not a list", word(shape)),
                            None,
                        );
                        None
                    }
                    Some(shape) => shape.item(),
                    None => None,
                };
                let mut types = Vec::new();
                for entry in entries {
                    let made = match entry {
                        Tree::Block(block) => self.block(block, item, sent, true),
                        other => self.tree(other, item, sent),
                    };
                    types.push(match made {
                        list @ Type::List(_) => list.item(),
                        Type::Input(shape, path) if shape.kind() == Kind::List => {
                            Type::Input(shape, path).item()
                        }
                        other => other,
                    });
                }
                Type::either(types).list_of()
            }
            Tree::Block(block) => self.block(block, expect, sent, false),
        }
    }

    fn object(
        &mut self,
        members: &'r [(Key, Tree)],
        at: &At,
        expect: Option<Shape>,
        sent: bool,
    ) -> Type {
        if let Some(shape) = expect
            && shape.kind() != Kind::Structure
        {
            self.problem(
                at,
                format!("EC2 has a {} here, not a structure", word(shape)),
                None,
            );
        }
        let structure = expect.filter(|shape| shape.kind() == Kind::Structure);
        let mut known = Vec::new();
        let mut complete = true;
        for (key, value) in members {
            match key {
                Key::Merge => {
                    complete = false;
                    self.tree(value, None, sent);
                }
                Key::Name(name) => {
                    let inner = structure.and_then(|shape| shape.member(name));
                    if let Some(shape) = structure
                        && inner.is_none()
                    {
                        let mend = did_you_mean(name, shape.members().map(|member| member.name()));
                        self.problem(
                            place(value),
                            format!("{} has no member '{name}'", shape.name()),
                            mend,
                        );
                    }
                    known.push((
                        name.clone(),
                        self.tree(value, inner.map(|member| member.shape()), sent),
                    ));
                }
            }
        }
        if complete {
            Type::Object(Rc::new(known))
        } else {
            Type::Unknown
        }
    }

    /// `inside` a list the shape expected is that of an item already.
    fn block(&mut self, block: &'r Block, expect: Option<Shape>, sent: bool, inside: bool) -> Type {
        let repeats = !block.each.is_empty() || block.group.is_some();
        let one = match expect {
            Some(shape) if !inside && shape.kind() == Kind::List => {
                if repeats || !matches!(block.item, Some(Tree::List(..))) {
                    shape.item()
                } else {
                    expect
                }
            }
            Some(shape) if !inside && repeats => {
                self.problem(
                    &block.at,
                    format!("EC2 has a {} here, not a list", word(shape)),
                    None,
                );
                None
            }
            other => other,
        };
        self.frames.push(Frame::default());
        if let Some((each, by)) = &block.group {
            let list = self.expression(&each.list);
            self.bind(&each.name, Binding::Known(list.item()));
            for by in by {
                self.expression(by);
            }
            self.bind("key", Binding::Known(Type::Unknown));
            self.bind("group", Binding::Known(list));
        }
        self.loops(&block.each);
        for one in &block.lets {
            self.bind(&one.name, Binding::Let(one, None));
        }
        if let Some(when) = &block.when {
            self.condition(when);
        }
        let made = match (&block.item, &block.view) {
            (Some(item), _) => self.tree(item, one, sent),
            (None, Some(view)) => self.view(block, view, one),
            (None, None) => Type::Unknown,
        };
        for one in &block.lets {
            self.name(&one.name, &one.at);
        }
        self.frames.pop();
        if repeats { made.list_of() } else { made }
    }

    fn view(&mut self, block: &'r Block, name: &'r str, expect: Option<Shape>) -> Type {
        let Some(view) = self.rules.views.get(name) else {
            let mend = did_you_mean(name, self.rules.views.keys().map(String::as_str));
            self.problem(&block.at, format!("there is no view '{name}'"), mend);
            return Type::Unknown;
        };
        self.uses.borrow_mut().views.insert(name.to_owned());
        if self.views.contains(&name) {
            self.problem(&block.at, format!("the view '{name}' holds itself"), None);
            return Type::Unknown;
        }
        if self.views.is_empty() {
            self.answered.push((view, expect));
        }
        let seen = match &block.of {
            Some(of) => self.expression(of),
            None => match block.each.last() {
                Some(each) => self.name(&each.name, &block.at),
                None => {
                    self.problem(
                        &block.at,
                        format!("nothing says what is seen as {name}"),
                        Some("of: group".into()),
                    );
                    Type::Unknown
                }
            },
        };
        let mut names = Vec::new();
        let mut parts = vec![view];
        for used in &view.uses {
            match self.rules.views.get(used) {
                Some(used) => {
                    self.uses.borrow_mut().views.insert(used.view.clone());
                    parts.push(used);
                }
                None => {
                    let mend = did_you_mean(used, self.rules.views.keys().map(String::as_str));
                    self.problem(&view.at, format!("there is no view '{used}' to use"), mend);
                }
            }
        }
        for part in parts.iter().rev() {
            names.extend(
                part.lets
                    .iter()
                    .map(|one| (one.name.clone(), Binding::Let(one, None))),
            );
            names.push((part.of.clone(), Binding::Known(seen.clone())));
        }
        for one in &block.with {
            let value = self.tree(&one.value, None, false);
            names.push((one.name.clone(), Binding::Known(value)));
        }
        self.frames.push(Frame {
            names,
            barrier: true,
        });
        self.views.push(name);
        let made = self.tree(&view.fields, expect, true);
        for part in parts {
            for one in &part.lets {
                self.name(&one.name, &one.at);
            }
        }
        self.views.pop();
        self.frames.pop();
        if let Some(shape) = expect {
            self.filter_paths(&view.filters, shape);
        }
        made
    }

    fn expression_fits(&mut self, expression: &Expression, value: &Type, shape: Shape) {
        if let Some(name) = expression.plain_name()
            && let Some((one, keep)) = self.let_named(name)
            && !matches!(one.value, Tree::Expression(_) | Tree::Constant(..))
        {
            self.within(keep, |walker| walker.tree(&one.value, Some(shape), true));
            return;
        }
        let mut literals = Vec::new();
        outcomes(&expression.root, &mut literals);
        for literal in literals {
            self.literal_fits(literal, shape, &expression.at);
        }
        let plain = !matches!(shape.kind(), Kind::Structure | Kind::List | Kind::Map);
        let wrong = match value {
            Type::Boolean => plain && !matches!(shape.kind(), Kind::Boolean | Kind::String),
            Type::Number => shape.kind() == Kind::Boolean,
            Type::Text => shape.kind() == Kind::Boolean,
            Type::Input(given, _) => (given.kind() == Kind::Structure) && plain,
            Type::Object(_) | Type::List(_) => plain,
            _ => false,
        };
        if wrong {
            self.problem(
                &expression.at,
                format!("EC2 has a {} here", word(shape)),
                None,
            );
        }
    }

    fn literal_fits(&mut self, value: &Value, shape: Shape, at: &At) {
        if !fits(value, shape.kind()) {
            self.problem(
                at,
                format!("EC2 has a {} here, not {value}", word(shape)),
                None,
            );
        } else if let Some(text) = value.as_str()
            && !text.is_empty()
            && shape.enum_values().len() > 0
            // EC2 itself answers `windows` where its model says `Windows`.
            && shape.enum_values().all(|known| !known.eq_ignore_ascii_case(text))
            && !BEYOND_THE_MODEL.contains(&(shape.name(), text))
        {
            let mend = did_you_mean(text, shape.enum_values())
                .unwrap_or_else(|| shape.enum_values().take(12).collect::<Vec<_>>().join(", "));
            self.problem(
                at,
                format!("'{text}' is no {} of EC2", shape.name()),
                Some(mend),
            );
        }
    }
}

/// Words that EC2 answers although its model does not list them.
const BEYOND_THE_MODEL: &[(&str, &str)] = &[("AttachmentStatus", "available")];

fn word(shape: Shape) -> &'static str {
    match shape.kind() {
        Kind::Structure => "structure",
        Kind::List => "list",
        Kind::Map => "map",
        Kind::String => "text",
        Kind::Integer | Kind::Long => "whole number",
        Kind::Float | Kind::Double => "number",
        Kind::Boolean => "boolean",
        Kind::Timestamp => "time",
        Kind::Blob => "Base64 text",
    }
}

/// Where a tree begins.
pub(super) fn place(tree: &Tree) -> &At {
    match tree {
        Tree::Expression(expression) => &expression.at,
        Tree::Constant(_, at) | Tree::Object(_, at) | Tree::List(_, at) => at,
        Tree::Block(block) => &block.at,
    }
}
