//! Calls, undos, faults, filters, notes.

use serde_json::Value;

use super::reader::{Fields, Over, Reader};
use super::tree::is_name;
use crate::format::{CALL, MEANING, PUSH, UNDO};
use crate::spelling::did_you_mean;
use crate::yaml::{Content, Scalar, Yaml};
use crate::{CallRule, FaultRow, Meaning, Push, RequestRule, Text, Undo};

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

impl Reader<'_> {
    pub(super) fn calls(&mut self, yaml: Option<&Yaml>) -> Vec<CallRule> {
        let Some(yaml) = yaml else { return vec![] };
        self.entries(yaml, "calls")
            .iter()
            .map(|(name, call)| self.call(name, call))
            .collect()
    }

    fn call(&mut self, name: &Scalar, yaml: &Yaml) -> CallRule {
        if !is_name(&name.text) {
            self.error(
                &name.at,
                format!("'{}' is no name", name.text),
                "letters, digits and _, not beginning with a digit",
            );
        }
        let fields = self.fields(yaml, &CALL);
        let call = CallRule {
            at: name.at.clone(),
            name: name.text.clone(),
            request: self.request(&fields),
            push: self.push(fields.get("push")),
            gives: fields.get("gives").map(|gives| self.tree(gives)),
            pages: self.optional_expression(&fields, "pages", Over::Value),
            when: self.optional_expression(&fields, "when", Over::Scope),
            loops: self.loops(&fields, "for"),
            reads: self.flag(&fields, "reads"),
            follows: self.optional_words(&fields, "follows"),
            until: self.optional_expression(&fields, "until", Over::Scope),
            fails: self.optional_expression(&fields, "fails", Over::Scope),
            within: self.seconds(&fields, "within"),
            undo: fields.get("undo").map(|undo| self.undo(undo)),
            faults: self.faults(fields.get("faults")),
            hide: self.word_list(&fields, "hide"),
        };
        for (key, needs) in [("fails", "until"), ("within", "until")] {
            if fields.get(key).is_some() && fields.get(needs).is_none() {
                self.error(
                    &fields.key_at(key),
                    format!("'{key}' stands beside '{needs}' only"),
                    "",
                );
            }
        }
        if call.until.is_some() && fields.get("within").is_none() {
            self.error(
                &fields.key_at("until"),
                "'until' needs an end",
                "add within: 60 s",
            );
        }
        call
    }

    fn request(&mut self, fields: &Fields<'_>) -> RequestRule {
        let line = fields.get("request");
        let (method, service, path) = match line {
            Some(yaml) => match self.scalar(yaml, "a request line") {
                Some(scalar) => self.request_line(scalar),
                None => Default::default(),
            },
            None => Default::default(),
        };
        RequestRule {
            at: line.map_or_else(|| fields.at.clone(), |yaml| yaml.at.clone()),
            method,
            service,
            path: path.unwrap_or_else(|| Text {
                at: fields.at.clone(),
                pieces: vec![],
            }),
            microversion: self.optional_words(fields, "microversion"),
            query: self.pairs(fields.get("query"), "query"),
            body: fields.get("body").map(|body| self.tree(body)),
        }
    }

    /// `METHOD service /path/{expression}`
    fn request_line(&mut self, scalar: &Scalar) -> (String, String, Option<Text>) {
        let text = &scalar.text;
        let mut words = text.split_whitespace();
        let (method, service, path) = (words.next(), words.next(), words.next());
        let (Some(method), Some(service), Some(path)) = (method, service, path) else {
            self.error(
                &scalar.at,
                "a request line has a method, a service type and a path",
                "GET compute /servers/{uuid(InstanceId)}",
            );
            return Default::default();
        };
        if !METHODS.contains(&method) {
            let mend =
                did_you_mean(method, METHODS.iter().copied()).unwrap_or_else(|| METHODS.join(", "));
            self.error(&scalar.at, format!("'{method}' is no method"), &mend);
        }
        let service_at = text.find(char::is_whitespace).unwrap_or_default();
        let service_at = service_at
            + text
                .get(service_at..)
                .and_then(|rest| rest.find(service))
                .unwrap_or_default();
        let after = service_at + service.len();
        let path_at = after
            + text
                .get(after..)
                .and_then(|rest| rest.find(path))
                .unwrap_or_default();
        if !path.starts_with('/') {
            let at = scalar.place(&self.source, path_at);
            self.error(
                &at,
                "a path begins with a slash",
                "GET compute /servers/detail",
            );
        }
        let path = self.text_from(scalar, path_at);
        for piece in &path.pieces {
            if let crate::Piece::Literal(literal) = piece {
                if let Some(found) = literal.find(['?', '#']) {
                    let place = scalar.place(
                        &self.source,
                        text.find(literal.as_str()).unwrap_or_default() + found,
                    );
                    self.error(&place, "a path holds no query", "query: { key: value }");
                } else if literal.contains(char::is_whitespace) {
                    self.error(&scalar.at, "a path holds no blanks outside { }", "");
                }
            }
        }
        (method.to_owned(), service.to_owned(), Some(path))
    }

    fn seconds(&mut self, fields: &Fields<'_>, name: &str) -> Option<u32> {
        let yaml = fields.get(name)?;
        let text = self.words(yaml);
        let (digits, unit) = text.split_at(
            text.find(|c: char| !c.is_ascii_digit())
                .unwrap_or(text.len()),
        );
        let factor = match unit.trim() {
            "" | "s" => 1,
            "min" => 60,
            _ => 0,
        };
        let seconds = digits
            .parse::<u32>()
            .ok()
            .and_then(|number| number.checked_mul(factor))
            .filter(|number| *number > 0);
        if seconds.is_none() {
            self.error(
                &yaml.at,
                format!("'{text}' is no duration"),
                "60 s, or 2 min",
            );
        }
        seconds
    }

    fn push(&mut self, yaml: Option<&Yaml>) -> Vec<Push> {
        let Some(yaml) = yaml else { return vec![] };
        self.entries(yaml, "push")
            .iter()
            .map(|(key, value)| {
                let fields = self.fields(value, &PUSH);
                Push {
                    at: key.at.clone(),
                    key: key.text.clone(),
                    filter: self.required_words(&fields, "filter"),
                    value: self.optional_expression(&fields, "as", Over::Scope),
                    many: self.flag(&fields, "many"),
                }
            })
            .collect()
    }

    fn undo(&mut self, yaml: &Yaml) -> Undo {
        match &yaml.content {
            Content::Scalar(scalar) if scalar.text == "none" => Undo::None,
            Content::Scalar(scalar) => {
                let (method, service, path) = self.request_line(scalar);
                let path = path.unwrap_or_else(|| Text {
                    at: scalar.at.clone(),
                    pieces: vec![],
                });
                let at = scalar.at.clone();
                let request = RequestRule {
                    at,
                    method,
                    service,
                    path,
                    microversion: None,
                    query: vec![],
                    body: None,
                };
                Undo::Request {
                    loops: vec![],
                    request: Box::new(request),
                }
            }
            _ => {
                let fields = self.fields(yaml, &UNDO);
                Undo::Request {
                    loops: self.loops(&fields, "for"),
                    request: Box::new(self.request(&fields)),
                }
            }
        }
    }

    /// Rows in the order they are tried: the most specific first, otherwise as written.
    pub(super) fn faults(&mut self, yaml: Option<&Yaml>) -> Vec<FaultRow> {
        let Some(yaml) = yaml else { return vec![] };
        let mut rows: Vec<FaultRow> = self
            .entries(yaml, "faults")
            .iter()
            .map(|(key, value)| self.fault(key, value))
            .collect();
        rows.sort_by_key(FaultRow::breadth);
        rows
    }

    fn fault(&mut self, key: &Scalar, value: &Yaml) -> FaultRow {
        let mut row = FaultRow {
            at: key.at.clone(),
            service: None,
            status: None,
            kind: None,
            pattern: None,
            meaning: self.meaning(value),
        };
        let (status, rest) = key
            .text
            .trim()
            .split_once(char::is_whitespace)
            .unwrap_or((key.text.trim(), ""));
        row.status = status
            .parse::<u16>()
            .ok()
            .filter(|status| (400..600).contains(status));
        if row.status.is_none() {
            self.error(
                &key.at,
                format!("'{status}' is no HTTP error status"),
                "404, 409 TypeOfError, or 409 \"*part of the message*\"",
            );
        }
        let mut rest = rest.trim();
        if !rest.is_empty() && !rest.starts_with('"') {
            let (kind, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            if is_name(kind) {
                row.kind = Some(kind.to_owned());
            } else {
                self.error(
                    &key.at,
                    format!("'{kind}' is no type of error"),
                    "a pattern on the message stands in double quotes",
                );
            }
            rest = after.trim();
        }
        if !rest.is_empty() {
            match rest
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
            {
                Some(pattern) if !pattern.is_empty() => row.pattern = Some(pattern.to_owned()),
                _ => self.error(
                    &key.at,
                    "a pattern on the message stands in double quotes",
                    "409 \"*part of the message*\"",
                ),
            }
        }
        row
    }

    fn meaning(&mut self, yaml: &Yaml) -> Meaning {
        if let Content::Scalar(_) = yaml.content {
            return meaning_of(self.words(yaml));
        }
        let fields = self.fields(yaml, &MEANING);
        Meaning::Error {
            code: self.required_words(&fields, "error"),
            message: fields.get("message").map(|message| self.text(message)),
            gap: self.optional_words(&fields, "gap"),
        }
    }
}

/// The short form of a meaning.
pub(super) fn meaning_of(word: String) -> Meaning {
    match word.as_str() {
        "nothing" => Meaning::Nothing,
        "fine" => Meaning::Fine,
        "not-found" => Meaning::NotFound,
        _ => Meaning::Error {
            code: word,
            message: None,
            gap: None,
        },
    }
}

impl FaultRow {
    /// How much the row takes in; the row that takes in least is tried first.
    pub(crate) fn breadth(&self) -> u8 {
        let part = |present: bool, weight: u8| if present { 0 } else { weight };
        part(self.status.is_some(), 8)
            + part(self.pattern.is_some(), 4)
            + part(self.kind.is_some(), 2)
            + part(self.service.is_some(), 1)
    }
}

/// A status written as a number, or nothing.
pub(super) fn status_of(value: &Value) -> Option<u16> {
    value
        .as_u64()
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| *status == 0 || (400..600).contains(status))
}
