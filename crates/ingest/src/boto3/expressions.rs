//! Expressions: literals in full, everything else as far as its end.

use super::{Reader, Thing, Unknown};
use crate::Span;
use crate::characters::plain_quote;
use crate::cursor::{DEEPEST, shown};
use crate::diagnostic::Flaw;
use crate::node::{Entry, Node, Value};

/// Bytes that variables may be copied for, in all.
const COPIES: usize = 4 << 20;

/// Operators whose result is not computed here, longer ones first.
const OPERATORS: [&str; 22] = [
    "**", "//", "<<", ">>", "<=", ">=", "==", "!=", ":=", "-", "*", "/", "%", "@", "&", "|", "^",
    "<", ">", "+", "~", "!",
];

/// Words that go on with an expression.
const WORDS: [&str; 6] = ["and", "or", "in", "is", "not", "if"];

impl Reader<'_, '_> {
    pub(super) fn expression(&mut self, depth: usize) -> Result<Thing, Flaw> {
        if depth > DEEPEST {
            return Err(self.cursor.too_deep());
        }
        self.blanks();
        let start = self.cursor.at;
        let mut thing = self.operand(depth)?;
        loop {
            let end = self.cursor.at;
            self.blanks();
            let rest = self.cursor.rest();
            let operator = OPERATORS
                .iter()
                .find(|operator| rest.starts_with(**operator));
            let word = self.next_name();
            if let Some(operator) = operator {
                self.cursor.at += operator.len();
                // `a += 1`, which gives nothing.
                if self.cursor.rest().starts_with('=') {
                    return Err(self
                        .cursor
                        .here("A value is expected here, not '='.", "Write the value."));
                }
                let right = self.operand(depth + 1)?;
                thing = self.computed(operator, thing, right, start);
            } else if WORDS.contains(&word) {
                self.cursor.at += word.len();
                self.operand(depth + 1)?;
                self.blanks();
                if word == "if" && self.cursor.takes("else") {
                    self.operand(depth + 1)?;
                }
                thing = self.unknown(start);
            } else if word == "else" {
                self.cursor.at += word.len();
                self.operand(depth + 1)?;
                thing = self.unknown(start);
            } else {
                if self.open == 0 {
                    self.cursor.at = end;
                }
                return Ok(thing);
            }
        }
    }

    fn unknown(&self, start: usize) -> Thing {
        Thing::Unknown(Unknown::new(
            self.cursor.source(start..self.cursor.at),
            "This is computed only when the program runs.",
            "Write the value itself.",
        ))
    }

    /// The sum of two texts or lists; nothing else is computed.
    fn computed(&mut self, operator: &str, left: Thing, right: Thing, start: usize) -> Thing {
        let (left, right) = (self.resolved(left), self.resolved(right));
        if let ("+", Ok(left), Ok(right)) = (operator, left, right) {
            let span = left.span.start..right.span.end.max(left.span.start);
            let value = match (left.value, right.value) {
                (Value::Text(mut left), Value::Text(right))
                    if left.len() + right.len() < COPIES =>
                {
                    left.push_str(&right);
                    Some(Value::Text(left))
                }
                (Value::List(mut left), Value::List(right)) => {
                    left.extend(right);
                    Some(Value::List(left))
                }
                _ => None,
            };
            if let Some(value) = value {
                let apart = left.span.end > right.span.start;
                // A variable may stand behind the place where it is used.
                let span = if apart {
                    self.cursor.source(start..self.cursor.at)
                } else {
                    span
                };
                return Thing::Value(Node { span, value });
            }
        }
        self.unknown(start)
    }

    /// A value that is known here, of a thing.
    pub(super) fn resolved(&mut self, thing: Thing) -> Result<Node, Unknown> {
        match thing {
            Thing::Value(node) => Ok(node),
            Thing::Unknown(unknown) => Err(unknown),
            Thing::Name(name, span) => match self.scope.get(&name) {
                Some(Thing::Value(node)) => {
                    self.copied = self.copied.saturating_add(size(node));
                    if self.copied > COPIES {
                        return Err(Unknown::new(
                            span,
                            "The variables of the text are too large together.",
                            "Paste the request alone.",
                        ));
                    }
                    Ok(node.clone())
                }
                Some(Thing::Unknown(unknown)) => Err(unknown.clone()),
                _ => Err(not_assigned(&name, span)),
            },
            Thing::Client { .. } | Thing::Asks(_) => Err(Unknown::new(
                self.cursor.source(self.cursor.at..self.cursor.at),
                "A client is no value of a parameter.",
                "Write the value itself.",
            )),
        }
    }

    fn operand(&mut self, depth: usize) -> Result<Thing, Flaw> {
        if depth > DEEPEST {
            return Err(self.cursor.too_deep());
        }
        self.blanks();
        let start = self.cursor.at;
        for word in ["await", "not"] {
            if self.next_name() == word {
                self.cursor.at += word.len();
                return self.operand(depth + 1);
            }
        }
        if self.next_name() == "lambda" {
            return Err(self.cursor.flaw(
                start..start + 6,
                "A function is no value of a parameter.",
                "Write the value itself.",
            ));
        }
        let sign = self.cursor.peek().filter(|c| matches!(c, '-' | '+' | '~'));
        if let Some(sign) = sign {
            self.cursor.at += 1;
            let operand = self.operand(depth + 1)?;
            return Ok(match operand {
                Thing::Value(Node {
                    value: Value::Number(number),
                    ..
                }) if sign != '~' => Thing::Value(Node {
                    span: self.cursor.source(start..self.cursor.at),
                    value: Value::Number(match number.strip_prefix('-') {
                        Some(plain) if sign == '-' => plain.to_owned(),
                        None if sign == '-' => format!("-{number}"),
                        _ => number,
                    }),
                }),
                _ => self.unknown(start),
            });
        }
        let primary = self.primary(depth)?;
        self.trailers(primary, start, depth)
    }

    fn primary(&mut self, depth: usize) -> Result<Thing, Flaw> {
        if self.at_string() {
            return self.strings();
        }
        let start = self.cursor.at;
        match self.cursor.peek() {
            None => Err(self.cursor.ended("a value")),
            Some('(') => self.sequence(')', depth),
            Some('[') => self.sequence(']', depth),
            Some('{') => self.braces(depth),
            Some('0'..='9' | '.') => self.number(),
            Some('<') => Err(self.cursor.here(
                "This is a placeholder, not a value.",
                "Write the value itself in quotes.",
            )),
            Some(c) => {
                let name = self.next_name();
                if name.is_empty() {
                    return Err(self.cursor.here(
                        format!("A value is expected here, not {}.", shown(c)),
                        "Write a text in quotes, a number, True, False, [ or {.",
                    ));
                }
                self.cursor.at += name.len();
                let span = self.cursor.source(start..self.cursor.at);
                let value = match name {
                    "True" => Value::Bool(true),
                    "False" => Value::Bool(false),
                    "None" => Value::Null,
                    _ => return Ok(Thing::Name(name.to_owned(), span)),
                };
                Ok(Thing::Value(Node { span, value }))
            }
        }
    }

    /// A list, a tuple, or an expression in parentheses.
    fn sequence(&mut self, close: char, depth: usize) -> Result<Thing, Flaw> {
        let start = self.cursor.at;
        self.enter();
        let mut items = Vec::new();
        let mut unknown = None;
        let mut commas = 0_usize;
        loop {
            self.blanks();
            if self.cursor.peek() == Some(close) {
                break;
            }
            let spread = self.cursor.takes("*");
            let thing = self.expression(depth + 1)?;
            if self.comprehension(start)? {
                unknown = Some(self.unknown(start));
                break;
            }
            if close == ')' && commas == 0 && !spread {
                self.blanks();
                if self.cursor.peek() == Some(')') {
                    self.leave();
                    return Ok(thing);
                }
            }
            match self.resolved(thing) {
                Ok(Node {
                    value: Value::List(inner),
                    ..
                }) if spread => items.extend(inner),
                Ok(node) => items.push(node),
                Err(reason) => unknown = self.refused(reason).or(unknown),
            }
            if !self.separator(close)? {
                break;
            }
            commas += 1;
        }
        self.leave();
        Ok(unknown.unwrap_or_else(|| {
            Thing::Value(Node::list(self.cursor.source(start..self.cursor.at), items))
        }))
    }

    /// A dictionary; a set is none.
    fn braces(&mut self, depth: usize) -> Result<Thing, Flaw> {
        let start = self.cursor.at;
        self.enter();
        let mut entries: Vec<Entry> = Vec::new();
        let mut unknown = None;
        loop {
            self.blanks();
            if self.cursor.peek() == Some('}') {
                break;
            }
            if self.cursor.takes("**") {
                let thing = self.expression(depth + 1)?;
                match self.resolved(thing) {
                    Ok(Node {
                        value: Value::Map(inner),
                        ..
                    }) => entries.extend(inner),
                    Ok(node) => unknown = self.refused(no_dictionary(node.span)).or(unknown),
                    Err(reason) => unknown = self.refused(reason).or(unknown),
                }
            } else {
                let key = self.expression(depth + 1)?;
                self.blanks();
                if !self.cursor.takes(":") {
                    return Err(match self.cursor.peek() {
                        Some(',' | '}') => self.cursor.flaw(
                            start..start + 1,
                            "This is a set, not a dictionary or a list.",
                            "Write [ and ] around the values of a list, or 'Name': value.",
                        ),
                        Some(c) => self.cursor.here(
                            format!("A colon is expected here, not {}.", shown(c)),
                            "Write : between name and value.",
                        ),
                        None => self.cursor.ended(":"),
                    });
                }
                let value = self.expression(depth + 1)?;
                if self.comprehension(start)? {
                    unknown = Some(self.unknown(start));
                    break;
                }
                match (self.key(key), self.resolved(value)) {
                    (Ok((key, key_span)), Ok(node)) => entries.push(Entry {
                        key,
                        key_span,
                        node,
                    }),
                    (Err(reason), _) | (_, Err(reason)) => {
                        unknown = self.refused(reason).or(unknown)
                    }
                }
            }
            if !self.separator('}')? {
                break;
            }
        }
        self.leave();
        Ok(unknown.unwrap_or_else(|| {
            Thing::Value(Node {
                span: self.cursor.source(start..self.cursor.at),
                value: Value::Map(entries),
            })
        }))
    }

    fn key(&mut self, thing: Thing) -> Result<(String, Span), Unknown> {
        if let Thing::Name(name, span) = &thing
            && !self.scope.contains_key(name)
        {
            return Err(Unknown::new(
                span.clone(),
                format!("The name {name} is not in quotes."),
                format!("Write '{name}'."),
            ));
        }
        let node = self.resolved(thing)?;
        match node.value {
            Value::Text(text) => Ok((text, node.span)),
            _ => Err(Unknown::new(
                node.span,
                "A name is a text.",
                "Write it in quotes.",
            )),
        }
    }

    /// Inside the call: says at once what is refused. Elsewhere: the whole is unknown for that reason.
    pub(super) fn refused(&mut self, unknown: Unknown) -> Option<Thing> {
        if self.in_call {
            self.desk
                .remarks
                .error(unknown.span, unknown.message, unknown.mend);
            return None;
        }
        Some(Thing::Unknown(unknown))
    }

    pub(super) fn enter(&mut self) {
        self.cursor.at += 1;
        self.open += 1;
    }

    /// Takes the closing bracket, which stands next.
    pub(super) fn leave(&mut self) {
        self.cursor.at += 1;
        self.open = self.open.saturating_sub(1);
    }

    /// Behind an item: true if another may follow, false in front of the closing bracket.
    pub(super) fn separator(&mut self, close: char) -> Result<bool, Flaw> {
        self.blanks();
        match self.cursor.peek() {
            Some(',') => {
                self.cursor.at += 1;
                Ok(true)
            }
            Some(c) if c == close => Ok(false),
            Some(c) => Err(self.cursor.here(
                format!("A comma or {close} is expected here, not {}.", shown(c)),
                if plain_quote(c).is_some() {
                    "Write plain quotes around the whole text.".to_owned()
                } else {
                    format!("Write , or {close} here.")
                },
            )),
            None => Err(self.cursor.ended(close)),
        }
    }

    /// `… for x in y]`: passes over it, up to the closing bracket.
    pub(super) fn comprehension(&mut self, start: usize) -> Result<bool, Flaw> {
        self.blanks();
        if !matches!(self.next_name(), "for" | "async") {
            return Ok(false);
        }
        let mut open = 0_usize;
        while let Some(c) = self.cursor.peek() {
            if self.at_string() {
                self.strings()?;
                continue;
            }
            match c {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' if open == 0 => return Ok(true),
                ')' | ']' | '}' => open -= 1,
                _ => {}
            }
            let name = self.next_name().len();
            self.cursor.at += name.max(c.len_utf8());
        }
        Err(self.cursor.flaw(
            start..start + 1,
            "This bracket is never closed.",
            "Close it where the value ends.",
        ))
    }
}

pub(super) fn no_dictionary(span: Span) -> Unknown {
    Unknown::new(
        span,
        "A dictionary is expected behind the two asterisks.",
        "Write **{'Name': value}.",
    )
}

fn not_assigned(name: &str, span: Span) -> Unknown {
    let python = match name {
        "true" => "True",
        "false" => "False",
        "null" | "undefined" | "nil" => "None",
        _ => {
            return Unknown::new(
                span,
                format!("{name} is a variable, and the text does not say its value."),
                format!("Write the value itself, or {name} = '…' on a line above."),
            );
        }
    };
    Unknown::new(
        span,
        format!("{name} is no Python."),
        format!("Write {python}."),
    )
}

/// About the bytes that a copy takes.
fn size(node: &Node) -> usize {
    64 + match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|entry| entry.key.len() + size(&entry.node))
            .sum(),
        Value::Number(text) | Value::Text(text) | Value::Bare(text) | Value::Bytes(text) => {
            text.len()
        }
        Value::Null | Value::Bool(_) => 0,
    }
}

/// How deep a value is nested.
pub(super) fn depth(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Map(entries) => {
            1 + entries
                .iter()
                .map(|entry| depth(&entry.node))
                .max()
                .unwrap_or(0)
        }
        _ => 0,
    }
}
