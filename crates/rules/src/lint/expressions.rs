//! Expressions: names, functions, and the two operators that mislead.

use ec2_model::Kind;
use serde_json::Value;

use super::types::{Type, innermost, joined};
use super::walker::Walker;
use crate::functions::{
    FUNCTIONS, Function, Gives, JMESPATH, PERMISSION_LEAVES, TAG_LEAVES, TAG_SPECIFICATION_LEAVES,
    Takes,
};
use crate::spelling::did_you_mean;
use crate::{At, Expression, Node, Piece, Text};

/// What an expression is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Value,
    Condition,
}

impl<'r> Walker<'r> {
    /// An expression whose value is used.
    pub fn expression(&mut self, expression: &Expression) -> Type {
        let current = self.top();
        self.node(&expression.root, &expression.at, &current, Use::Value)
    }

    /// An expression that is only asked whether it holds.
    pub fn condition(&mut self, expression: &Expression) {
        let current = self.top();
        self.node(&expression.root, &expression.at, &current, Use::Condition);
    }

    pub fn conditions<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expression>) {
        for expression in expressions {
            self.condition(expression);
        }
    }

    pub fn text(&mut self, text: &Text) {
        for piece in &text.pieces {
            if let Piece::Expression(expression) = piece {
                let value = self.expression(expression);
                self.consume(&value);
            }
        }
    }

    fn top(&self) -> Type {
        if self.views.is_empty() {
            Type::Request
        } else {
            Type::Unknown
        }
    }

    fn node(&mut self, node: &Node, at: &At, current: &Type, used: Use) -> Type {
        let value = |walker: &mut Self, node: &Node| walker.node(node, at, current, Use::Value);
        match node {
            Node::Current => current.clone(),
            Node::Name(name) => self.name(name, at),
            Node::Literal(value) => literal(value),
            Node::Member(left, name) => {
                if matches!(&**left, Node::Name(root) if root == "context") {
                    self.context_member(name, at);
                    return Type::Unknown;
                }
                let left = value(self, left);
                self.member(&left, name, at)
            }
            Node::Then(left, right) => {
                let left = value(self, left);
                self.node(right, at, &left, used)
            }
            Node::Index(left, _) => {
                let item = value(self, left).item();
                self.touched(item)
            }
            Node::Slice(left, ..) => value(self, left),
            Node::Flatten(left) => value(self, left).flattened(),
            Node::Values(left) => {
                value(self, left);
                Type::Unknown
            }
            Node::Project(left, right) => {
                let left = value(self, left);
                self.projected(left, right, at)
            }
            Node::Filter(left, condition, right) => {
                let left = value(self, left);
                self.node(condition, at, &left.item(), Use::Condition);
                self.projected(left, right, at)
            }
            Node::Compare(_, left, right) => {
                value(self, left);
                value(self, right);
                Type::Boolean
            }
            Node::Not(left) => {
                self.node(left, at, current, Use::Condition);
                Type::Boolean
            }
            Node::And(left, right) => {
                self.node(left, at, current, Use::Condition);
                let right = self.node(right, at, current, used);
                if used == Use::Value && !says_yes_or_no(node) {
                    let mend = "if(condition, value), which gives nothing when the condition does not hold";
                    self.problem(
                        at,
                        "&& gives its left side when that is false, and the false is sent",
                        Some(mend.into()),
                    );
                }
                Type::either(vec![Type::Boolean, right])
            }
            Node::Or(left, right) => {
                let first = self.node(left, at, current, used);
                let second = self.node(right, at, current, used);
                if used == Use::Value && first.is_boolean() && !says_yes_or_no(left) {
                    let mend = "not_null(value, `true`), which keeps a given false";
                    self.problem(at, "|| overrides a given false", Some(mend.into()));
                }
                Type::either(vec![first, second])
            }
            Node::List(items) => {
                let items: Vec<Type> = items.iter().map(|item| value(self, item)).collect();
                Type::either(items).list_of()
            }
            Node::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, one)| (key.clone(), value(self, one)))
                    .collect();
                Type::Object(std::rc::Rc::new(entries))
            }
            Node::Call(name, arguments) => self.call(name, arguments, at, current, used),
            Node::Reference(inner) => self.node(inner, at, &Type::Unknown, Use::Value),
        }
    }

    fn projected(&mut self, list: Type, right: &Node, at: &At) -> Type {
        if *right == Node::Current {
            return list;
        }
        let item = list.item();
        self.node(right, at, &item, Use::Value).list_of()
    }

    fn call(&mut self, name: &str, arguments: &[Node], at: &At, current: &Type, used: Use) -> Type {
        let Some(function) = Function::named(name) else {
            let names = FUNCTIONS
                .iter()
                .chain(JMESPATH)
                .map(|function| function.name);
            self.problem(
                at,
                format!("there is no function '{name}'"),
                did_you_mean(name, names),
            );
            for argument in arguments {
                self.node(argument, at, current, Use::Value);
            }
            return Type::Unknown;
        };
        let (least, most) = function.arity();
        if arguments.len() < least || most.is_some_and(|most| arguments.len() > most) {
            let message = format!("{name} is called with {} arguments", arguments.len());
            self.problem(at, message, Some(function.signature()));
        }
        let list = usize::from(name == "map");
        let mut types: Vec<Type> = arguments.iter().map(|_| Type::Unknown).collect();
        for (index, argument) in arguments.iter().enumerate() {
            if matches!(argument, Node::Reference(_)) {
                continue;
            }
            let branch = function.gives == Gives::Branch && index > 0;
            let kept = if function.takes == Takes::Condition && index == 0 {
                Use::Condition
            } else if branch {
                used
            } else {
                Use::Value
            };
            types[index] = self.node(argument, at, current, kept);
        }
        for (index, argument) in arguments.iter().enumerate() {
            if let Node::Reference(inner) = argument {
                let item = types.get(list).map_or(Type::Unknown, Type::item);
                types[index] = self.node(inner, at, &item, Use::Value);
            }
        }
        self.taken(function, arguments, &types, at);
        let first = || types.first().cloned().unwrap_or(Type::Unknown);
        match function.gives {
            Gives::Anything => Type::Unknown,
            Gives::Boolean => Type::Boolean,
            Gives::Number => Type::Number,
            Gives::Text => Type::Text,
            Gives::First => first(),
            Gives::ItemOfFirst => {
                let item = first().item();
                self.touched(item)
            }
            Gives::AnyOf => Type::either(types),
            Gives::Branch => Type::either(types.into_iter().skip(1).collect()),
            Gives::Mapped => first().list_of(),
        }
    }

    /// What a function reads of its arguments, and whether the names it is given exist.
    fn taken(&mut self, function: &Function, arguments: &[Node], types: &[Type], at: &At) {
        let text = |index: usize| match arguments.get(index) {
            Some(Node::Literal(Value::String(text))) => Some(text.as_str()),
            _ => None,
        };
        match function.takes {
            Takes::Values | Takes::Condition => {}
            Takes::Whole => types.iter().for_each(|one| self.consume(one)),
            Takes::Path => {
                if let (Some(path), Some(list)) = (text(1), types.first()) {
                    match Node::compile_over_value(path) {
                        Ok(path) => {
                            let item = list.item();
                            self.node(&path, at, &item, Use::Value);
                        }
                        Err(mistake) => self.problem(
                            at,
                            format!("'{path}' is no path: {}", mistake.message),
                            mistake.mend,
                        ),
                    }
                }
            }
            Takes::Permissions => {
                if matches!(types.first(), Some(Type::Request)) {
                    self.read_leaves("", PERMISSION_LEAVES);
                }
            }
            Takes::TagSpecifications => {
                if let Some(Type::Input(shape, path)) = types.first().cloned() {
                    self.read_leaves(&path, TAG_SPECIFICATION_LEAVES);
                    let known = innermost(shape)
                        .member("ResourceType")
                        .map(|member| member.shape());
                    if let (Some(kind), Some(known)) = (text(1), known)
                        && known.enum_values().len() > 0
                        && known.enum_values().all(|value| value != kind)
                    {
                        let mend = did_you_mean(kind, known.enum_values());
                        self.problem(at, format!("EC2 has no resource type '{kind}'"), mend);
                    }
                }
            }
            Takes::Tags => {
                if let Some(Type::Input(_, path)) = types.last().cloned() {
                    self.read_leaves(&path, TAG_LEAVES);
                }
            }
            Takes::Kind => {
                if let Some(kind) = text(0) {
                    self.kind(kind, at);
                }
            }
            Takes::Kinds => match arguments.get(1) {
                Some(Node::List(kinds)) => {
                    for kind in kinds {
                        if let Node::Literal(Value::String(kind)) = kind {
                            self.kind(kind, at);
                        }
                    }
                }
                Some(Node::Literal(Value::Array(kinds))) => {
                    for kind in kinds.iter().filter_map(Value::as_str) {
                        self.kind(kind, at);
                    }
                }
                _ => {}
            },
            Takes::Table => {
                if let Some(name) = text(0) {
                    self.table(name, types, at);
                }
            }
        }
    }

    fn read_leaves(&mut self, path: &str, leaves: &[&str]) {
        self.reads
            .extend(leaves.iter().map(|leaf| joined(path, leaf)));
    }

    fn kind(&mut self, kind: &str, at: &At) {
        if !self.rules.kinds.contains_key(kind) {
            let mend = did_you_mean(kind, self.rules.kinds.keys().map(String::as_str))
                .unwrap_or_else(|| "add the row to kinds.table.yaml".to_owned());
            self.problem(
                at,
                format!("the table of kinds has no row '{kind}'"),
                Some(mend),
            );
        }
    }

    fn table(&mut self, name: &str, types: &[Type], at: &At) {
        let Some(table) = self.rules.tables.get(name) else {
            let mend = did_you_mean(name, self.rules.tables.keys().map(String::as_str))
                .unwrap_or_else(|| format!("write {name}.table.yaml"));
            self.problem(at, format!("there is no table '{name}'"), Some(mend));
            return;
        };
        let two = table.rows.iter().any(|(key, ..)| key.contains('/'));
        match (two, types.len()) {
            (true, 2) => self.problem(
                at,
                format!("the table '{name}' has two keys"),
                Some(format!("table('{name}', key, key2)")),
            ),
            (false, 3) if !table.rows.is_empty() => {
                self.problem(
                    at,
                    format!("the table '{name}' has one key"),
                    Some(format!("table('{name}', key)")),
                );
            }
            _ => {}
        }
        let mut uses = self.uses.borrow_mut();
        uses.tables.insert(name.to_owned());
        if !self.in_push {
            let words = match types.get(1) {
                Some(Type::Input(shape, _)) => innermost(*shape).enum_values().collect(),
                _ => Vec::new(),
            };
            let (_, known) = uses
                .total
                .entry(name.to_owned())
                .or_insert_with(|| (at.clone(), Vec::new()));
            known.extend(words);
        }
    }
}

fn literal(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Number(_) => Type::Number,
        Value::String(_) => Type::Text,
        Value::Array(_) | Value::Object(_) => Type::Unknown,
    }
}

/// Whether an expression is true or false by its form, so that false is meant.
fn says_yes_or_no(node: &Node) -> bool {
    match node {
        Node::Compare(..) | Node::Not(_) | Node::Literal(Value::Bool(_)) => true,
        Node::And(left, right) | Node::Or(left, right) => {
            says_yes_or_no(left) && says_yes_or_no(right)
        }
        Node::Then(_, right) => says_yes_or_no(right),
        Node::Call(name, _) => {
            Function::named(name).is_some_and(|function| function.gives == Gives::Boolean)
        }
        _ => false,
    }
}

/// The literals that an expression may end in, for comparison with what EC2 allows.
pub(super) fn outcomes<'n>(node: &'n Node, found: &mut Vec<&'n Value>) {
    match node {
        Node::Literal(value) => found.push(value),
        Node::Or(left, right) => {
            outcomes(left, found);
            outcomes(right, found);
        }
        Node::Call(name, arguments) if name == "if" => arguments
            .iter()
            .skip(1)
            .for_each(|one| outcomes(one, found)),
        Node::Call(name, arguments) if name == "not_null" => {
            arguments.iter().for_each(|one| outcomes(one, found))
        }
        _ => {}
    }
}

/// Whether a literal can be a value of that kind.
pub(super) fn fits(value: &Value, kind: Kind) -> bool {
    match kind {
        Kind::Boolean => value.is_boolean() || value.is_null(),
        Kind::Integer | Kind::Long => value.is_i64() || value.is_null(),
        Kind::Float | Kind::Double => value.is_number() || value.is_null(),
        Kind::String | Kind::Timestamp | Kind::Blob => {
            !value.is_array() && !value.is_object() && !value.is_boolean()
        }
        Kind::List => value.is_array() || value.is_null(),
        Kind::Structure | Kind::Map => value.is_object() || value.is_null(),
    }
}
