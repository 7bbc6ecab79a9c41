//! The pieces that every rule file is made of: known keys, words, expressions, texts.

use serde_json::Value;

use super::scan::{closing_brace, item_of, split_commas};
use crate::format::Form;
use crate::mistake::Mistake;
use crate::spelling::did_you_mean;
use crate::yaml::{Content, Scalar, Source, Yaml};
use crate::{At, Expression, Loop, Node, Piece, Problem, Text};

/// A file under reading, and what is wrong with it so far.
pub(super) struct Reader<'a> {
    pub source: Source<'a>,
    pub problems: Vec<Problem>,
}

/// The keys of one object.
pub(super) struct Fields<'y> {
    pub at: At,
    entries: Vec<(&'y Scalar, &'y Yaml)>,
}

impl<'y> Fields<'y> {
    pub fn get(&self, name: &str) -> Option<&'y Yaml> {
        self.entries
            .iter()
            .find(|(key, _)| key.text == name)
            .map(|(_, value)| *value)
    }

    pub fn key_at(&self, name: &str) -> At {
        self.entries
            .iter()
            .find(|(key, _)| key.text == name)
            .map_or_else(|| self.at.clone(), |(key, _)| key.at.clone())
    }
}

/// Which names an expression's plain names are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Scope,
    Value,
}

impl<'a> Reader<'a> {
    pub fn new(path: &str, text: &'a str) -> Self {
        Self {
            source: Source::new(path, text),
            problems: Vec::new(),
        }
    }

    pub fn error(&mut self, at: &At, message: impl Into<String>, mend: &str) {
        let mend = (!mend.is_empty()).then(|| mend.to_owned());
        self.problems
            .push(Problem::error(at.clone(), message).mend_if(mend));
    }

    /// The entries of an object, whatever its keys.
    pub fn entries<'y>(&mut self, yaml: &'y Yaml, what: &str) -> &'y [(Scalar, Yaml)] {
        match &yaml.content {
            Content::Map(entries) => entries,
            _ => {
                self.error(
                    &yaml.at,
                    format!("{what} is written as keys with values"),
                    "key: value",
                );
                &[]
            }
        }
    }

    /// The entries of a list.
    pub fn list<'y>(&mut self, yaml: &'y Yaml, what: &str) -> &'y [Yaml] {
        match &yaml.content {
            Content::List(entries) => entries,
            _ => {
                self.error(
                    &yaml.at,
                    format!("{what} is a list"),
                    "[ one, two ], or one line '- …' for each",
                );
                &[]
            }
        }
    }

    /// The keys of a form; unknown and missing ones are reported.
    pub fn fields<'y>(&mut self, yaml: &'y Yaml, form: &Form) -> Fields<'y> {
        let entries = self.entries(yaml, form.name);
        for (key, _) in entries {
            if form.keys.iter().all(|known| known.name != key.text) {
                let names = form.keys.iter().map(|known| known.name);
                let mend = did_you_mean(&key.text, names.clone()).unwrap_or_else(|| {
                    format!("its keys are {}", names.collect::<Vec<_>>().join(", "))
                });
                self.error(
                    &key.at,
                    format!("{} has no key '{}'", form.name, key.text),
                    &mend,
                );
            }
        }
        if matches!(yaml.content, Content::Map(_)) {
            for key in form.keys.iter().filter(|key| key.required) {
                if entries.iter().all(|(present, _)| present.text != key.name) {
                    self.error(
                        &yaml.at,
                        format!("{} needs the key '{}'", form.name, key.name),
                        key.about,
                    );
                }
            }
        }
        Fields {
            at: yaml.at.clone(),
            entries: entries.iter().map(|(key, value)| (key, value)).collect(),
        }
    }

    pub fn scalar<'y>(&mut self, yaml: &'y Yaml, what: &str) -> Option<&'y Scalar> {
        match &yaml.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => {
                self.error(&yaml.at, format!("{what} is expected here"), "");
                None
            }
        }
    }

    /// A word or sentence as it stands, not an expression.
    pub fn words(&mut self, yaml: &Yaml) -> String {
        let Some(scalar) = self.scalar(yaml, "a text") else {
            return String::new();
        };
        let text = scalar.text.trim();
        if text.is_empty() {
            self.error(&yaml.at, "a text is expected here", "");
        }
        text.to_owned()
    }

    pub fn optional_words(&mut self, fields: &Fields<'_>, name: &str) -> Option<String> {
        fields.get(name).map(|yaml| self.words(yaml))
    }

    pub fn required_words(&mut self, fields: &Fields<'_>, name: &str) -> String {
        self.optional_words(fields, name).unwrap_or_default()
    }

    /// A list of words; a single word is a list of one.
    pub fn word_list(&mut self, fields: &Fields<'_>, name: &str) -> Vec<String> {
        match fields.get(name) {
            None => vec![],
            Some(
                yaml @ Yaml {
                    content: Content::Scalar(_),
                    ..
                },
            ) => vec![self.words(yaml)],
            Some(yaml) => self
                .list(yaml, name)
                .iter()
                .map(|entry| self.words(entry))
                .collect(),
        }
    }

    pub fn flag(&mut self, fields: &Fields<'_>, name: &str) -> bool {
        let Some(yaml) = fields.get(name) else {
            return false;
        };
        match &yaml.content {
            Content::Scalar(scalar) if let Some(Value::Bool(value)) = scalar.constant() => value,
            _ => {
                self.error(&yaml.at, format!("'{name}' is true or false"), "");
                false
            }
        }
    }

    /// A YAML value as JSON, without expressions.
    pub fn constant(&mut self, yaml: &Yaml) -> Value {
        match &yaml.content {
            Content::Scalar(scalar) => scalar
                .constant()
                .unwrap_or_else(|| Value::String(scalar.text.clone())),
            Content::List(entries) => {
                Value::Array(entries.iter().map(|entry| self.constant(entry)).collect())
            }
            Content::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| (key.text.clone(), self.constant(value)))
                    .collect(),
            ),
        }
    }

    /// An expression; a wrong one is reported and stands for null.
    pub fn expression(&mut self, yaml: &Yaml, over: Over) -> Expression {
        match self.scalar(yaml, "an expression") {
            Some(scalar) => self.scalar_expression(scalar, over),
            None => null(&yaml.at, String::new()),
        }
    }

    pub fn optional_expression(
        &mut self,
        fields: &Fields<'_>,
        name: &str,
        over: Over,
    ) -> Option<Expression> {
        fields.get(name).map(|yaml| self.expression(yaml, over))
    }

    pub fn scalar_expression(&mut self, scalar: &Scalar, over: Over) -> Expression {
        match scalar.constant() {
            Some(Value::Null) => {
                self.error(&scalar.at, "an expression is expected here", "");
                null(&scalar.at, scalar.text.clone())
            }
            Some(constant) => Expression {
                text: scalar.text.clone(),
                at: scalar.at.clone(),
                root: Node::Literal(constant),
            },
            None => self.part(scalar, 0, scalar.text.len(), over),
        }
    }

    /// The expression in bytes `start..end` of a text.
    fn part(&mut self, scalar: &Scalar, start: usize, end: usize, over: Over) -> Expression {
        let whole = scalar.text.get(start..end).unwrap_or_default();
        let text = whole.trim();
        let start = start + (whole.len() - whole.trim_start().len());
        let at = scalar.place(&self.source, start);
        let compiled = match over {
            Over::Scope => Node::compile(text),
            Over::Value => Node::compile_over_value(text),
        };
        match compiled {
            Ok(root) => Expression {
                text: text.to_owned(),
                at,
                root,
            },
            Err(Mistake {
                offset,
                message,
                mend,
            }) => {
                let place = scalar.place(&self.source, start + offset);
                self.problems
                    .push(Problem::error(place, message).mend_if(mend));
                null(&at, text.to_owned())
            }
        }
    }

    /// Expressions, one or a list.
    pub fn expressions(&mut self, fields: &Fields<'_>, name: &str, over: Over) -> Vec<Expression> {
        match fields.get(name) {
            None => vec![],
            Some(Yaml {
                content: Content::List(entries),
                ..
            }) => entries
                .iter()
                .map(|entry| self.expression(entry, over))
                .collect(),
            Some(yaml) => vec![self.expression(yaml, over)],
        }
    }

    /// A text with expressions in braces.
    pub fn text(&mut self, yaml: &Yaml) -> Text {
        match self.scalar(yaml, "a text") {
            Some(scalar) => self.text_from(scalar, 0),
            None => Text {
                at: yaml.at.clone(),
                pieces: vec![],
            },
        }
    }

    /// The text from byte `start` on.
    pub fn text_from(&mut self, scalar: &Scalar, start: usize) -> Text {
        let mut pieces = Vec::new();
        let mut literal_from = start;
        let mut position = start;
        while let Some(found) = scalar.text.get(position..).and_then(|rest| rest.find('{')) {
            let open = position + found;
            let Some(length) = scalar.text.get(open + 1..).and_then(closing_brace) else {
                let at = scalar.place(&self.source, open);
                self.error(
                    &at,
                    "this { is not closed",
                    "a quote inside { } may be missing its partner",
                );
                break;
            };
            if open > literal_from {
                pieces.push(Piece::Literal(scalar.text[literal_from..open].to_owned()));
            }
            pieces.push(Piece::Expression(self.part(
                scalar,
                open + 1,
                open + 1 + length,
                Over::Scope,
            )));
            position = open + 1 + length + 1;
            literal_from = position;
        }
        if let Some(rest) = scalar.text.get(literal_from..)
            && !rest.is_empty()
        {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Text {
            at: scalar.place(&self.source, start),
            pieces,
        }
    }

    /// `x in list, y in f(x)`
    pub fn loops(&mut self, fields: &Fields<'_>, name: &str) -> Vec<Loop> {
        let Some(yaml) = fields.get(name) else {
            return vec![];
        };
        let Some(scalar) = self.scalar(yaml, "'name in list'") else {
            return vec![];
        };
        let mut loops: Vec<Loop> = Vec::new();
        for (start, end) in split_commas(&scalar.text) {
            let part = scalar.text.get(start..end).unwrap_or_default();
            let at = scalar.place(&self.source, start + (part.len() - part.trim_start().len()));
            let Some((item, list_at)) = item_of(part) else {
                self.error(
                    &at,
                    format!("'{name}' is written 'name in list'"),
                    "several are divided by commas",
                );
                continue;
            };
            if loops.iter().any(|earlier| earlier.name == item) {
                self.error(
                    &at,
                    format!("the name '{item}' is taken by an earlier loop"),
                    "choose another name",
                );
            }
            loops.push(Loop {
                name: item.to_owned(),
                list: self.part(scalar, start + list_at, end, Over::Scope),
            });
        }
        loops
    }
}

fn null(at: &At, text: String) -> Expression {
    Expression {
        text,
        at: at.clone(),
        root: Node::Literal(Value::Null),
    }
}
