//! Pairs to a request.

use ec2_model::{Action, Kind, Shape};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::hint::Hints;
use super::pairs::{Pair, is_protocol_key, split_query};
use super::tree::{Step, Tree};
use super::{Decoded, MAX_BYTES, MAX_DEPTH, MAX_KEYS, Severity};
use crate::{Ec2Error, Ec2Request, Leaf, Span, scalar};

/// Reads a form body or URL query; spans are byte ranges of `text`.
///
/// Never fails: what cannot be read is reported in [`Decoded::diagnostics`]. A service calls [`Decoded::strict`] on it.
///
/// ```
/// let decoded = ec2_wire::decode_query("Action=DescribeInstances&Filters.1.Values.1=on&MaxResults=abc");
/// assert!(decoded.request.leaves[0].note.as_ref().unwrap().contains("did you mean Filter.1.Value.1?"));
/// let error = decoded.strict().unwrap_err();
/// assert_eq!(error.code, "InvalidParameterValue");
/// assert!(error.message.contains("MaxResults"));
/// ```
#[must_use]
pub fn decode_query(text: &str) -> Decoded {
    if text.len() > MAX_BYTES {
        let mut decoded = empty();
        let message = format!(
            "The request has {} bytes; at most {MAX_BYTES} are read.",
            text.len()
        );
        let error = Ec2Error {
            status: 413,
            code: "RequestEntityTooLarge".to_owned(),
            message,
        };
        decoded.report(Severity::Error, "", Some(0..text.len()), error);
        return decoded;
    }
    let mut decoded = decode_pairs(split_query(text));
    for pair in split_query(text).filter(|pair| !is_utf8(text, pair)) {
        let message = format!(
            "The parameter {} is not UTF-8 text; escape it as UTF-8.",
            short(&pair.key)
        );
        let error = Ec2Error::client("MalformedQueryString", message);
        decoded.report(Severity::Error, &pair.key, pair.span, error);
    }
    decoded
}

/// Whether what the pair holds is what the client escaped: U+FFFD may stand for bytes that are no text.
fn is_utf8(text: &str, pair: &Pair<'_>) -> bool {
    let sound = |part: &str, span: &Option<Span>| {
        let escaped = || {
            span.clone()
                .and_then(|span| text.get(span))
                .unwrap_or_default()
        };
        !part.contains('\u{FFFD}') || percent_decode_str(escaped()).decode_utf8().is_ok()
    };
    sound(&pair.key, &pair.key_span) && sound(&pair.value, &pair.span)
}

/// Reads pairs that are split and unescaped already, `Action` and `Version` among them.
#[must_use]
pub fn decode_pairs<'a>(pairs: impl IntoIterator<Item = Pair<'a>>) -> Decoded {
    let mut decoded = empty();
    let mut parameters = Vec::new();
    let mut named = None;
    for (count, pair) in pairs.into_iter().enumerate() {
        if count >= MAX_KEYS {
            let message = format!("The request has more than {MAX_KEYS} parameters.");
            let error = Ec2Error::client("MalformedQueryString", message);
            decoded.report(Severity::Error, &pair.key, pair.key_span.clone(), error);
            break;
        }
        match pair.key.as_ref() {
            "Action" if named.is_none() => {
                decoded.request.action = pair.value.trim().to_owned();
                named = Some(pair);
            }
            "Version" if decoded.request.version.is_none() => {
                decoded.request.version = Some(pair.value.into_owned());
            }
            "Action" | "Version" => {
                let error = repeated(&pair.key);
                decoded.report(Severity::Error, &pair.key, pair.key_span, error);
            }
            key if is_protocol_key(key) => {}
            _ => parameters.push(pair),
        }
    }
    let action = find_action(&mut decoded, named.as_ref());
    fill(&mut decoded, action, parameters);
    decoded
}

pub(super) fn empty() -> Decoded {
    let parameters = Value::Object(Map::new());
    let request = Ec2Request {
        action: String::new(),
        version: None,
        parameters,
        leaves: Vec::new(),
    };
    Decoded {
        request,
        diagnostics: Vec::new(),
    }
}

/// The action that the request names; reports it if there is none.
pub(super) fn find_action(decoded: &mut Decoded, named: Option<&Pair<'_>>) -> Option<Action> {
    let name = decoded.request.action.as_str();
    if name.is_empty() {
        let message = "The request names no action; add Action=DescribeInstances, for example.";
        decoded.report(
            Severity::Error,
            "Action",
            None,
            Ec2Error::client("MissingAction", message),
        );
        return None;
    }
    let found = ec2_model::action(name);
    if found.is_none() {
        let mut message = format!(
            "The action {} is not valid for this web service.",
            short(name)
        );
        if let Some(near) = ec2_model::closest_action(name) {
            message.push_str(&format!(" Did you mean {}?", near.name()));
        }
        let span = named.and_then(|pair| pair.span.clone());
        decoded.report(
            Severity::Error,
            "Action",
            span,
            Ec2Error::client("InvalidAction", message),
        );
    }
    found
}

fn fill(decoded: &mut Decoded, action: Option<Action>, pairs: Vec<Pair<'_>>) {
    let mut hints = Hints::default();
    let mut tree = action.map(|action| Tree::new(action.input()));
    let mut steps = Vec::new();
    for pair in pairs {
        let leaf = decoded.request.leaves.len();
        let (severity, error) = match (&mut tree, action) {
            (Some(tree), Some(action)) => {
                steps.clear();
                match read(action.input(), &pair, &mut steps, &mut hints) {
                    Ok(value) => {
                        let placed = tree.put(&steps, value, leaf);
                        (Severity::Error, (!placed).then(|| repeated(&pair.key)))
                    }
                    Err((severity, error)) => (severity, Some(error)),
                }
            }
            _ => (Severity::Warning, None),
        };
        let note = error.as_ref().map(|error| error.message.clone());
        if let Some(error) = error {
            decoded.report(
                severity,
                &pair.key,
                pair.key_span.clone().or_else(|| pair.span.clone()),
                error,
            );
        }
        decoded.request.leaves.push(Leaf {
            pointer: None,
            key: pair.key.into_owned(),
            text: pair.value.into_owned(),
            span: pair.span,
            key_span: pair.key_span,
            note,
        });
    }
    if let Some(tree) = tree {
        decoded.request.parameters = tree.finish(&mut decoded.request.leaves);
    }
}

/// The typed value of a pair and the way to it.
fn read(
    input: Shape,
    pair: &Pair<'_>,
    steps: &mut Vec<(Step, Shape)>,
    hints: &mut Hints,
) -> Result<Value, (Severity, Ec2Error)> {
    let mut shape = input;
    for (depth, part) in pair.key.split('.').enumerate() {
        if depth >= MAX_DEPTH {
            let message = format!(
                "The parameter {} is deeper than {MAX_DEPTH} parts.",
                short(&pair.key)
            );
            return Err((
                Severity::Error,
                Ec2Error::client("MalformedQueryString", message),
            ));
        }
        let step = match shape.kind() {
            Kind::Structure => shape
                .member_by_query(part)
                .map(|member| (Step::Member(member), member.shape())),
            Kind::List => index(part).and_then(|index| Some((Step::Index(index), shape.item()?))),
            _ => None,
        };
        let Some(step) = step else {
            return Err((Severity::Warning, unknown(input, pair, hints)));
        };
        steps.push(step);
        shape = step.1;
    }
    match shape.kind() {
        // Some clients send an empty list so.
        Kind::List if pair.value.is_empty() => Ok(Value::Array(Vec::new())),
        Kind::Structure | Kind::List | Kind::Map => {
            Err((Severity::Error, not_scalar(input, shape, pair, hints)))
        }
        _ => scalar::read(shape, &pair.value)
            .map_err(|expected| (Severity::Error, invalid(&pair.key, &pair.value, expected))),
    }
}

/// Indices are numbers: `01` is `1`. What exceeds 64 bits is no index.
fn index(part: &str) -> Option<u64> {
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    part.parse().ok()
}

fn unknown(input: Shape, pair: &Pair<'_>, hints: &mut Hints) -> Ec2Error {
    let mut message = format!("The parameter {} is not recognized", short(&pair.key));
    match hints.query(input, &pair.key) {
        Some(key) => message.push_str(&format!("; did you mean {key}?")),
        None => message.push('.'),
    }
    Ec2Error::client("UnknownParameter", message)
}

fn not_scalar(input: Shape, shape: Shape, pair: &Pair<'_>, hints: &mut Hints) -> Ec2Error {
    let expected = scalar::expected(shape.kind());
    let mut message = format!(
        "The parameter {} is {expected}, not a single value",
        short(&pair.key)
    );
    match hints.query(input, &pair.key) {
        Some(key) => message.push_str(&format!("; did you mean {key}?")),
        None => message.push('.'),
    }
    Ec2Error::client("InvalidParameterValue", message)
}

/// The error for a value of the wrong type.
pub(super) fn invalid(key: &str, value: &str, expected: &str) -> Ec2Error {
    let message = format!(
        "Value ({}) for parameter {} is invalid. Expected {expected}.",
        short(value),
        short(key)
    );
    Ec2Error::client("InvalidParameterValue", message)
}

fn repeated(key: &str) -> Ec2Error {
    let message = format!(
        "The parameter {} is given more than once; the first one counts.",
        short(key)
    );
    Ec2Error::client("InvalidParameterCombination", message)
}

/// At most 100 characters, so that a message stays a message.
pub(super) fn short(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}
