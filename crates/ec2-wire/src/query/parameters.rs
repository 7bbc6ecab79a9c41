//! Parameters that have their structure already, as boto3 and JSON write them, to a request.

use ec2_model::{Kind, Shape};
use serde_json::{Map, Value};

use super::decode::{empty, find_action, invalid, short};
use super::encode::extend;
use super::hint::Hints;
use super::{Decoded, MAX_DEPTH, MAX_KEYS, Severity};
use crate::{Ec2Error, Leaf, Span, scalar};

/// Types and checks parameters by the model: the number 5 and the text `5` are both 5 where the model says integer.
///
/// `spans` answers, for a JSON pointer into `parameters`, where value and key stand in the pasted text.
///
/// ```
/// use serde_json::json;
/// let parameters = json!({"MaxResults": "5", "InstanceId": ["i-1"]});
/// let decoded = ec2_wire::from_parameters("DescribeInstances", &parameters, |_| (None, None));
/// assert_eq!(decoded.request.parameters, json!({"MaxResults": 5}));
/// assert!(decoded.diagnostics[0].error.message.contains("did you mean InstanceIds?"));
/// ```
#[must_use]
pub fn from_parameters(
    action: &str,
    parameters: &Value,
    spans: impl Fn(&str) -> (Option<Span>, Option<Span>),
) -> Decoded {
    let mut decoded = empty();
    decoded.request.action = action.to_owned();
    let action = find_action(&mut decoded, None);
    let mut reader = Reader {
        decoded,
        spans,
        pointer: String::new(),
        key: String::new(),
        hints: Hints::default(),
        full: false,
    };
    match (action, parameters) {
        (Some(action), Value::Object(_)) => {
            let (value, _) = reader.typed(action.input(), parameters, 0, String::new());
            reader.decoded.request.parameters = value.unwrap_or_else(|| Value::Object(Map::new()));
        }
        (_, Value::Null) => {}
        (_, Value::Object(object)) if object.is_empty() => {}
        (_, Value::Object(_)) => reader.unknown(parameters, 0, None),
        _ => {
            let message = "The parameters are not an object of names and values.";
            let error = Ec2Error::client("InvalidParameterValue", message);
            reader
                .decoded
                .report(Severity::Error, "", (reader.spans)("").0, error);
        }
    }
    reader.decoded
}

struct Reader<S> {
    decoded: Decoded,
    spans: S,
    /// Where the reader is in the given parameters.
    pointer: String,
    /// The same place on the wire.
    key: String,
    hints: Hints,
    /// There are too many leaves; said once.
    full: bool,
}

impl<S: Fn(&str) -> (Option<Span>, Option<Span>)> Reader<S> {
    /// The typed value, if it could be read; `target` is its pointer in the result. The flag is false once there are too many leaves.
    fn typed(
        &mut self,
        shape: Shape,
        value: &Value,
        depth: usize,
        target: String,
    ) -> (Option<Value>, bool) {
        if depth > MAX_DEPTH {
            let message = format!(
                "The parameter {} is deeper than {MAX_DEPTH} levels.",
                short(&self.key)
            );
            self.leaf(
                None,
                text(value),
                Some((
                    Severity::Error,
                    Ec2Error::client("InvalidParameterValue", message),
                )),
            );
            return (None, true);
        }
        match (shape.kind(), value) {
            (_, Value::Null) => {
                let note = "null means that the parameter is absent.";
                self.leaf(
                    None,
                    text(value),
                    Some((
                        Severity::Warning,
                        Ec2Error::client("InvalidParameterValue", note),
                    )),
                );
                (None, true)
            }
            (Kind::Structure, Value::Object(object)) => {
                self.structure(shape, object, depth, &target)
            }
            (Kind::List, Value::Array(items)) => self.list(shape, items, depth, &target),
            (kind, Value::Array(_) | Value::Object(_))
            | (kind @ (Kind::Structure | Kind::List | Kind::Map), _) => {
                let error = invalid(&self.key, &text(value), scalar::expected(kind));
                self.leaf(None, text(value), Some((Severity::Error, error)));
                (None, self.within())
            }
            _ => {
                let text = text(value);
                match scalar::read(shape, &text) {
                    Ok(value) => {
                        self.leaf(Some(target), text, None);
                        (Some(value), self.within())
                    }
                    Err(expected) => {
                        let error = invalid(&self.key, &text, expected);
                        self.leaf(None, text, Some((Severity::Error, error)));
                        (None, self.within())
                    }
                }
            }
        }
    }

    fn structure(
        &mut self,
        shape: Shape,
        object: &Map<String, Value>,
        depth: usize,
        target: &str,
    ) -> (Option<Value>, bool) {
        let mut result = Map::new();
        let mut last = None;
        for (name, value) in object {
            let (pointer, key) = (self.pointer.len(), self.key.len());
            push_pointer(&mut self.pointer, name);
            let going = match shape.member_after(last, name) {
                Some(member) => {
                    last = Some(member);
                    extend(&mut self.key, member.query_name());
                    let (value, going) = self.typed(
                        member.shape(),
                        value,
                        depth + 1,
                        format!("{target}/{}", member.name()),
                    );
                    if let Some(value) = value {
                        result.insert(member.name().to_owned(), value);
                    }
                    going
                }
                None => {
                    extend(&mut self.key, name);
                    let near = self.hints.member(shape, name);
                    self.unknown(value, depth + 1, near);
                    self.within()
                }
            };
            self.pointer.truncate(pointer);
            self.key.truncate(key);
            if !going {
                return (Some(Value::Object(result)), false);
            }
        }
        (Some(Value::Object(result)), true)
    }

    fn list(
        &mut self,
        shape: Shape,
        items: &[Value],
        depth: usize,
        target: &str,
    ) -> (Option<Value>, bool) {
        let mut result = Vec::with_capacity(items.len());
        let Some(item) = shape.item() else {
            return (None, true);
        };
        if items.is_empty() {
            self.leaf(Some(target.to_owned()), "[]".to_owned(), None);
        }
        for (at, value) in items.iter().enumerate() {
            let (pointer, key) = (self.pointer.len(), self.key.len());
            push_pointer(&mut self.pointer, &at.to_string());
            extend(&mut self.key, &(at + 1).to_string());
            let (value, going) =
                self.typed(item, value, depth + 1, format!("{target}/{}", result.len()));
            result.extend(value);
            self.pointer.truncate(pointer);
            self.key.truncate(key);
            if !going {
                return (Some(Value::Array(result)), false);
            }
        }
        (Some(Value::Array(result)), true)
    }

    /// Leaves for everything below a name that the model does not know.
    fn unknown(&mut self, value: &Value, depth: usize, near: Option<&str>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(object) if depth <= MAX_DEPTH => {
                object.iter().map(|(k, v)| (k.clone(), v)).collect()
            }
            Value::Array(items) if depth <= MAX_DEPTH => items
                .iter()
                .enumerate()
                .map(|(at, v)| (at.to_string(), v))
                .collect(),
            _ => Vec::new(),
        };
        if children.is_empty() {
            let known = ec2_model::action(&self.decoded.request.action).is_some();
            let error = known.then(|| {
                let mut message = format!("The parameter {} is not recognized", short(&self.key));
                match near {
                    Some(near) => message.push_str(&format!("; did you mean {near}?")),
                    None => message.push('.'),
                }
                (
                    Severity::Warning,
                    Ec2Error::client("UnknownParameter", message),
                )
            });
            self.leaf(None, text(value), error);
        }
        for (name, child) in children {
            if !self.within() {
                return;
            }
            let (pointer, key) = (self.pointer.len(), self.key.len());
            push_pointer(&mut self.pointer, &name);
            let wire = if value.is_array() {
                child_number(&name)
            } else {
                name
            };
            extend(&mut self.key, &wire);
            self.unknown(child, depth + 1, near);
            self.pointer.truncate(pointer);
            self.key.truncate(key);
        }
    }

    /// Whether more leaves may come.
    fn within(&mut self) -> bool {
        if !self.full && self.decoded.request.leaves.len() >= MAX_KEYS {
            self.full = true;
            let message = format!("The request has more than {MAX_KEYS} parameters.");
            let error = Ec2Error::client("MalformedQueryString", message);
            self.decoded.report(Severity::Error, "", None, error);
        }
        !self.full
    }

    fn leaf(&mut self, pointer: Option<String>, text: String, error: Option<(Severity, Ec2Error)>) {
        let (span, key_span) = (self.spans)(&self.pointer);
        let note = error.as_ref().map(|(_, error)| error.message.clone());
        if let Some((severity, error)) = error {
            let place = span.clone().or_else(|| key_span.clone());
            self.decoded.report(severity, &self.key, place, error);
        }
        let key = self.key.clone();
        self.decoded.request.leaves.push(Leaf {
            pointer,
            key,
            text,
            span,
            key_span,
            note,
        });
    }
}

fn child_number(index: &str) -> String {
    index
        .parse::<usize>()
        .map_or_else(|_| index.to_owned(), |index| (index + 1).to_string())
}

fn push_pointer(pointer: &mut String, part: &str) {
    pointer.push('/');
    pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
}

/// The value as the ledger shows it.
fn text(value: &Value) -> String {
    scalar::write(value).map_or_else(|| value.to_string(), std::borrow::Cow::into_owned)
}
