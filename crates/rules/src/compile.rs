//! From JMESPath text to a tree that tells names of the scope from members of a value.

use jmespath::ast::{Ast, Comparator as AstComparator};
use jmespath::{ErrorReason, Variable};
use serde_json::Value;

use crate::mistake::{Mistake, explain};
use crate::{At, Comparator, Expression, Node, Problem};

/// Longest expression, in bytes.
const MAX_LENGTH: usize = 4096;
/// Deepest brackets. The parser recurses and rules are edited live, so depth is bounded before it runs.
const MAX_NESTING: usize = 32;
/// Most operators: every one may deepen the tree by one.
const MAX_OPERATORS: usize = 200;

impl Expression {
    /// Compiles an expression whose plain names are names of the scope.
    ///
    /// ```
    /// use rules::{At, Expression, Node};
    /// let name = Expression::parse("server.id", At::default()).unwrap();
    /// assert_eq!(name.root, Node::Member(Box::new(Node::Name("server".into())), "id".into()));
    /// ```
    pub fn parse(text: &str, at: At) -> Result<Self, Problem> {
        Self::parse_with(text, at, Node::compile)
    }

    /// Compiles an expression over one value: a list in a reply, a path in an EC2 shape, the order of a list. Its plain
    /// names are members of that value.
    ///
    /// ```
    /// use rules::{At, Expression, Node};
    /// let path = Expression::parse_over_value("State", At::default()).unwrap();
    /// assert_eq!(path.root, Node::Member(Box::new(Node::Current), "State".into()));
    /// ```
    pub fn parse_over_value(text: &str, at: At) -> Result<Self, Problem> {
        Self::parse_with(text, at, Node::compile_over_value)
    }

    fn parse_with(
        text: &str,
        at: At,
        compile: fn(&str) -> Result<Node, Mistake>,
    ) -> Result<Self, Problem> {
        match compile(text) {
            Ok(root) => Ok(Self {
                text: text.to_owned(),
                at,
                root,
            }),
            Err(mistake) => {
                let before = text.get(..mistake.offset).unwrap_or(text);
                let place = match before.rfind('\n') {
                    None => At {
                        column: at.column.saturating_add(count(before)),
                        ..at
                    },
                    Some(end) => At {
                        line: at.line.saturating_add(before.matches('\n').count() as u32),
                        column: count(before.get(end + 1..).unwrap_or_default()) + 1,
                        ..at
                    },
                };
                Err(Problem::error(place, mistake.message).mend_if(mistake.mend))
            }
        }
    }

    /// The name, if the expression is nothing but a name of the scope.
    pub fn plain_name(&self) -> Option<&str> {
        match &self.root {
            Node::Name(name) => Some(name),
            _ => None,
        }
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// What a plain name stands for.
enum Current {
    /// A name of the scope.
    Scope,
    /// A member of this value.
    Value(Node),
}

impl Node {
    /// Compiles with the scope as current node.
    pub(crate) fn compile(text: &str) -> Result<Self, Mistake> {
        lower(&checked(text)?, Current::Scope)
    }

    /// Compiles with a value as current node.
    pub(crate) fn compile_over_value(text: &str) -> Result<Self, Mistake> {
        lower(&checked(text)?, Current::Value(Node::Current))
    }

    /// The nodes directly below, each with whether its plain members are read from another value than this node's own
    /// current one.
    pub fn children(&self) -> Vec<&Node> {
        match self {
            Node::Current | Node::Name(_) | Node::Literal(_) => vec![],
            Node::Member(left, _)
            | Node::Index(left, _)
            | Node::Slice(left, ..)
            | Node::Flatten(left)
            | Node::Values(left)
            | Node::Not(left)
            | Node::Reference(left) => vec![left],
            Node::Then(left, right)
            | Node::Project(left, right)
            | Node::Compare(_, left, right)
            | Node::And(left, right)
            | Node::Or(left, right) => vec![left, right],
            Node::Filter(left, condition, right) => vec![left, condition, right],
            Node::List(entries) | Node::Call(_, entries) => entries.iter().collect(),
            Node::Object(entries) => entries.iter().map(|(_, value)| value).collect(),
        }
    }
}

fn checked(text: &str) -> Result<Ast, Mistake> {
    if text.trim().is_empty() {
        return Err(Mistake::new(
            0,
            "an expression is expected here",
            "an empty text is written \"''\"",
        ));
    }
    if text.len() > MAX_LENGTH {
        return Err(Mistake::new(
            0,
            format!("the expression is longer than {MAX_LENGTH} bytes"),
            "name parts of it with let",
        ));
    }
    measure(text)?;
    jmespath::parse(text).map_err(|error| {
        let ErrorReason::Parse(reason) = &error.reason else {
            return Mistake::new(0, error.reason.to_string(), "");
        };
        explain(text, error.offset.min(text.len()), reason)
    })
}

/// Bounds what the parser will recurse into, without a parser: quotes are skipped, brackets and operators counted.
fn measure(text: &str) -> Result<(), Mistake> {
    let (mut depth, mut operators) = (0usize, 0usize);
    let mut quote = None;
    let mut escaped = false;
    for (offset, character) in text.char_indices() {
        if let Some(end) = quote {
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if character == end {
                quote = None;
            }
            continue;
        }
        match character {
            '\'' | '"' | '`' => quote = Some(character),
            '(' | '[' | '{' => {
                depth += 1;
                operators += 1;
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '.' | '!' | '&' | '|' | '<' | '>' | '=' | '*' => operators += 1,
            _ => {}
        }
        if depth > MAX_NESTING {
            return Err(Mistake::new(
                offset,
                format!("brackets are nested deeper than {MAX_NESTING}"),
                "name parts with let",
            ));
        }
        if operators > MAX_OPERATORS {
            return Err(Mistake::new(
                offset,
                format!("the expression has more than {MAX_OPERATORS} operators"),
                "name parts with let",
            ));
        }
    }
    Ok(())
}

fn lower(ast: &Ast, current: Current) -> Result<Node, Mistake> {
    Ok(match (ast, current) {
        (Ast::Identity { .. }, Current::Scope) => Node::Current,
        (Ast::Identity { .. }, Current::Value(base)) => base,
        (Ast::Field { name, .. }, Current::Scope) => Node::Name(name.clone()),
        (Ast::Field { name, .. }, Current::Value(base)) => {
            Node::Member(Box::new(base), name.clone())
        }
        (Ast::Index { idx, .. }, current) => {
            Node::Index(Box::new(base_of(current)), i64::from(*idx))
        }
        (
            Ast::Slice {
                start,
                stop,
                step,
                offset,
            },
            current,
        ) => {
            if *step == 0 {
                return Err(Mistake::new(*offset, "the step of a slice cannot be 0", ""));
            }
            let base = Box::new(base_of(current));
            Node::Slice(
                base,
                start.map(i64::from),
                stop.map(i64::from),
                i64::from(*step),
            )
        }
        (Ast::Flatten { node, .. }, current) => Node::Flatten(Box::new(lower(node, current)?)),
        (Ast::ObjectValues { node, .. }, current) => Node::Values(Box::new(lower(node, current)?)),
        (Ast::Projection { lhs, rhs, .. }, current) => {
            let left = Box::new(lower(lhs, current)?);
            match &**rhs {
                Ast::Condition {
                    predicate, then, ..
                } => Node::Filter(
                    left,
                    Box::new(over_value(predicate)?),
                    Box::new(over_value(then)?),
                ),
                right => Node::Project(left, Box::new(over_value(right)?)),
            }
        }
        (Ast::Subexpr { lhs, rhs, .. }, current) => {
            let left = lower(lhs, current)?;
            lower(rhs, Current::Value(left))?
        }
        (composite, Current::Value(base)) if base != Node::Current => {
            Node::Then(Box::new(base), Box::new(over_value(composite)?))
        }
        (composite, current) => {
            let again = |part: &Ast| match current {
                Current::Scope => lower(part, Current::Scope),
                Current::Value(_) => over_value(part),
            };
            match composite {
                Ast::Literal { value, .. } => Node::Literal(json(value)),
                Ast::Comparison {
                    comparator,
                    lhs,
                    rhs,
                    ..
                } => Node::Compare(
                    compared(comparator),
                    Box::new(again(lhs)?),
                    Box::new(again(rhs)?),
                ),
                Ast::And { lhs, rhs, .. } => {
                    Node::And(Box::new(again(lhs)?), Box::new(again(rhs)?))
                }
                Ast::Or { lhs, rhs, .. } => Node::Or(Box::new(again(lhs)?), Box::new(again(rhs)?)),
                Ast::Not { node, .. } => Node::Not(Box::new(again(node)?)),
                Ast::MultiList { elements, .. } => {
                    Node::List(elements.iter().map(again).collect::<Result<_, _>>()?)
                }
                Ast::MultiHash { elements, .. } => {
                    let mut entries: Vec<(String, Node)> = Vec::with_capacity(elements.len());
                    for pair in elements {
                        let value = again(&pair.value)?;
                        match entries.iter_mut().find(|(key, _)| *key == pair.key) {
                            Some(entry) => entry.1 = value,
                            None => entries.push((pair.key.clone(), value)),
                        }
                    }
                    Node::Object(entries)
                }
                Ast::Function { name, args, .. } => Node::Call(
                    name.clone(),
                    args.iter().map(again).collect::<Result<_, _>>()?,
                ),
                Ast::Expref { ast, .. } => Node::Reference(Box::new(over_value(ast)?)),
                Ast::Condition {
                    predicate, then, ..
                } => Node::And(Box::new(again(predicate)?), Box::new(again(then)?)),
                Ast::Identity { offset }
                | Ast::Field { offset, .. }
                | Ast::Index { offset, .. }
                | Ast::Slice { offset, .. }
                | Ast::Flatten { offset, .. }
                | Ast::ObjectValues { offset, .. }
                | Ast::Projection { offset, .. }
                | Ast::Subexpr { offset, .. } => {
                    return Err(Mistake::new(*offset, "this cannot stand here", ""));
                }
            }
        }
    })
}

fn over_value(ast: &Ast) -> Result<Node, Mistake> {
    lower(ast, Current::Value(Node::Current))
}

fn base_of(current: Current) -> Node {
    match current {
        Current::Scope => Node::Current,
        Current::Value(base) => base,
    }
}

fn compared(comparator: &AstComparator) -> Comparator {
    match comparator {
        AstComparator::Equal => Comparator::Equal,
        AstComparator::NotEqual => Comparator::NotEqual,
        AstComparator::LessThan => Comparator::Less,
        AstComparator::LessThanEqual => Comparator::LessOrEqual,
        AstComparator::GreaterThan => Comparator::Greater,
        AstComparator::GreaterThanEqual => Comparator::GreaterOrEqual,
    }
}

fn json(value: &Variable) -> Value {
    match value {
        Variable::Null | Variable::Expref(_) => Value::Null,
        Variable::Bool(value) => Value::Bool(*value),
        Variable::Number(value) => Value::Number(value.clone()),
        Variable::String(value) => Value::String(value.clone()),
        Variable::Array(values) => Value::Array(values.iter().map(|value| json(value)).collect()),
        Variable::Object(values) => Value::Object(
            values
                .iter()
                .map(|(key, value)| (key.clone(), json(value)))
                .collect(),
        ),
    }
}
