//! A request as a command line.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ec2_model::{Action, Kind, Member};
use ec2_wire::Ec2Request;
use serde_json::{Map, Value};

use super::options::{Means, Option_, table};
use crate::kebab::kebab;
use crate::quote::quoted;
use crate::write::Writer;

/// The request as an `aws ec2` command, one option on each line.
pub(crate) fn write(request: &Ec2Request, writer: Writer<'_>) -> String {
    let mut lines = vec![format!("aws ec2 {}", kebab(&request.action))];
    lines.extend(
        writer
            .region
            .map(|region| option("region", &quoted(region))),
    );
    let mut remarks = Vec::new();
    if let (Some(action), Value::Object(object)) =
        (ec2_model::action(&request.action), &request.parameters)
    {
        parameters(action, object, writer, &mut lines, &mut remarks);
    }
    for leaf in request.leaves.iter().filter(|leaf| leaf.pointer.is_none()) {
        remarks.push(format!(
            "# The command line does not know {}={:?}.",
            leaf.key, leaf.text
        ));
    }
    let mut text = lines.join(" \\\n  ");
    for remark in remarks {
        text.push('\n');
        text.push_str(&remark);
    }
    text
}

fn parameters(
    action: Action,
    object: &Map<String, Value>,
    writer: Writer<'_>,
    lines: &mut Vec<String>,
    remarks: &mut Vec<String>,
) {
    let table = table(action);
    let mut left = Map::new();
    let run = action.name() == "RunInstances";
    let count = |name: &str| object.get(name).filter(|_| run).and_then(Value::as_i64);
    let counts = count("MinCount")
        .zip(count("MaxCount"))
        .filter(|_| !writer.input_json);
    for (name, value) in object {
        let member = action.input().member(name);
        if counts.is_some() && name == "MaxCount" {
            continue;
        }
        if let Some((least, most)) = counts.filter(|_| name == "MinCount") {
            lines.push(if least == most {
                format!("--count {least}")
            } else {
                format!("--count {least}:{most}")
            });
            continue;
        }
        if run && name == "UserData" {
            match value.as_str().and_then(plain_user_data) {
                Some(text) => lines.push(option("user-data", &quoted(&text))),
                None => {
                    lines.push("--user-data fileb://user-data".to_owned());
                    remarks.push(format!(
                        "# The file user-data holds the bytes of the base64 text {value}."
                    ));
                }
            }
            continue;
        }
        let member = member.filter(|_| !writer.input_json);
        match member.and_then(|member| words(member, value, &table)) {
            Some(line) => lines.push(line),
            None => {
                left.insert(name.clone(), value.clone());
            }
        }
    }
    if !left.is_empty() {
        lines.push(option(
            "cli-input-json",
            &quoted(&Value::Object(left).to_string()),
        ));
    }
}

/// The text in user data that the client would encode to the same base64.
fn plain_user_data(base64: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(base64).ok()?).ok()?;
    let same = STANDARD.encode(&text) == base64;
    let readable = text
        .chars()
        .all(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    (same && readable && !text.starts_with("file")).then_some(text)
}

fn option(name: &str, word: &str) -> String {
    let glue = if word.trim_start_matches('\'').starts_with('-') {
        '='
    } else {
        ' '
    };
    format!("--{name}{glue}{word}")
}

/// The option with its values; `None` if the parameter has no option or no value that an option takes.
fn words(member: Member, value: &Value, table: &[Option_]) -> Option<String> {
    let named = |means: Means| {
        table
            .iter()
            .find(|option| option.means == means)
            .map(|option| option.name.as_str())
    };
    if let Value::Bool(truth) = value {
        return named(Means::Boolean(member, *truth)).map(|name| format!("--{name}"));
    }
    if let Some(truth) = value
        .as_object()
        .filter(|object| object.len() == 1)
        .and_then(|object| object.get("Value")?.as_bool())
        && let Some(name) = named(Means::Attribute(member, truth))
    {
        return Some(format!("--{name}"));
    }
    let name = named(Means::Member(member)).or_else(|| named(Means::Attribute(member, true)))?;
    let scalars = member
        .shape()
        .item()
        .is_some_and(|item| item.kind().is_scalar());
    match (member.shape().kind(), value) {
        (Kind::List, Value::Array(items)) if scalars => {
            let texts: Option<Vec<String>> = items.iter().map(scalar).collect();
            let texts = texts.filter(|texts| !texts.is_empty())?;
            let awkward = texts
                .iter()
                .any(|text| from_file(text) || text.starts_with(['-', '\u{2013}', '\u{2014}']));
            if awkward
                || texts
                    .first()
                    .is_some_and(|text| text.trim_start().starts_with('['))
            {
                return Some(option(name, &quoted(&value.to_string())));
            }
            let words: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            Some(option(name, &words.join(" ")))
        }
        (Kind::List, Value::Array(items)) => {
            let short: Option<Vec<String>> = items.iter().map(structure).collect();
            match short.filter(|short| !short.is_empty()) {
                Some(short) => Some(option(
                    name,
                    &short
                        .iter()
                        .map(|word| quoted(word))
                        .collect::<Vec<_>>()
                        .join(" "),
                )),
                None => Some(option(name, &quoted(&value.to_string()))),
            }
        }
        (Kind::Structure, Value::Object(_)) => {
            let word = structure(value).unwrap_or_else(|| value.to_string());
            Some(option(name, &quoted(&word)))
        }
        (Kind::Structure | Kind::List | Kind::Map, _) => None,
        _ => scalar(value)
            .filter(|text| !from_file(text))
            .map(|text| option(name, &quoted(&text))),
    }
}

fn from_file(text: &str) -> bool {
    text.starts_with("file://") || text.starts_with("fileb://")
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Shorthand for a structure, if no value of it needs quotes.
fn structure(value: &Value) -> Option<String> {
    let object = value.as_object().filter(|object| !object.is_empty())?;
    let members: Option<Vec<String>> = object
        .iter()
        .map(|(name, value)| match value {
            Value::Array(items)
                if items
                    .iter()
                    .all(|item| !item.is_object() && !item.is_array()) =>
            {
                let items: Option<Vec<String>> = items.iter().map(plain).collect();
                items
                    .filter(|items| !items.is_empty())
                    .map(|items| format!("{name}={}", items.join(",")))
            }
            value => inner(value, 0).map(|value| format!("{name}={value}")),
        })
        .collect();
    members.map(|members| members.join(","))
}

fn inner(value: &Value, depth: usize) -> Option<String> {
    match value {
        // Deeper than this, JSON is easier to read.
        Value::Array(_) | Value::Object(_) if depth >= 3 => None,
        Value::Array(items) if !items.is_empty() => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| inner(item, depth + 1)).collect();
            items.map(|items| format!("[{}]", items.join(",")))
        }
        Value::Object(object) if !object.is_empty() => {
            let members: Option<Vec<String>> = object
                .iter()
                .map(|(name, value)| inner(value, depth + 1).map(|value| format!("{name}={value}")))
                .collect();
            members.map(|members| format!("{{{}}}", members.join(",")))
        }
        value => plain(value),
    }
}

fn plain(value: &Value) -> Option<String> {
    let text = scalar(value)?;
    let safe = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '.' | '/' | ':' | '*' | '@' | '+' | '-' | ' ')
    };
    (!text.is_empty() && text.trim() == text && text.chars().all(safe)).then_some(text)
}
