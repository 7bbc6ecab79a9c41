//! A JMESPath expression of a rule, compiled once to a tree that can be shared between threads.
//!
//! Grammar: <https://jmespath.org/specification.html>. Where the specification says "the current node", a rule has two
//! cases: at the top of an expression the current node is the *scope* (request members, calls, `let`s, loop names), and
//! inside `a.b`, `[*]`, `[?…]` and `&…` it is a value. The two are told apart here, so that a name of the scope is
//! [`Node::Name`] and a member of a value is [`Node::Member`].

use serde_json::Value;

use crate::At;

/// An expression with its text and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// As written.
    pub text: String,
    /// Where it stands.
    pub at: At,
    /// The compiled tree.
    pub root: Node,
}

/// A node of a compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `@`: the current value; at the top of an expression the request's parameters.
    Current,
    /// A name of the scope: `InstanceIds`, `servers`, `context`.
    Name(String),
    /// A constant.
    Literal(Value),
    /// `left.name`, or `name` where the current node is a value (`left` is then [`Node::Current`]).
    Member(Box<Node>, String),
    /// `left | right` and `left.right` where the right side is not a plain member.
    Then(Box<Node>, Box<Node>),
    /// `left[n]`; negative counts from the end.
    Index(Box<Node>, i64),
    /// `left[start:stop:step]`, projected like every slice.
    Slice(Box<Node>, Option<i64>, Option<i64>, i64),
    /// `left[]`: one level flattened (not yet projected).
    Flatten(Box<Node>),
    /// `left.*`: values of an object (not yet projected).
    Values(Box<Node>),
    /// `left[*].right`: right for each item, nulls dropped; null if left is no list.
    Project(Box<Node>, Box<Node>),
    /// `left[?condition].right`.
    Filter(Box<Node>, Box<Node>, Box<Node>),
    /// `left == right` and its kin.
    Compare(Comparator, Box<Node>, Box<Node>),
    /// `left && right`.
    And(Box<Node>, Box<Node>),
    /// `left || right`.
    Or(Box<Node>, Box<Node>),
    /// `!left`.
    Not(Box<Node>),
    /// `[a, b]`; null on a null current value.
    List(Vec<Node>),
    /// `{a: b}`; null on a null current value.
    Object(Vec<(String, Node)>),
    /// `f(a, b)`.
    Call(String, Vec<Node>),
    /// `&expression`, an argument of `sort_by` and the like.
    Reference(Box<Node>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`, numbers only.
    Less,
    /// `<=`, numbers only.
    LessOrEqual,
    /// `>`, numbers only.
    Greater,
    /// `>=`, numbers only.
    GreaterOrEqual,
}
