//! Single values: conditions, tables, encodings, time.

use base64::Engine as _;
use sha2::{Digest, Sha256};

use super::ids::hex;
use super::jmespath::items;
use crate::eval::{Eval, json};
use crate::filter::matches;
use crate::plan::Ex;
use crate::value::{Data, Kind, Value};

/// `if(condition, then, else?)`; only the chosen branch is evaluated.
pub fn if_<'a>(eval: &Eval<'a>, args: &'a [Ex], current: Value<'a>) -> Value<'a> {
    let Some((condition, branches)) = args.split_first() else {
        return Value::NULL;
    };
    let branch = if eval.ex(condition, current).is_true() {
        branches.first()
    } else {
        branches.get(1)
    };
    branch.map_or(Value::NULL, |branch| eval.ex(branch, current))
}

/// `table(name, key, key2?)`: the row of a table, else what it says for every other key.
pub fn table<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(name) = args.first().and_then(Value::as_str) else {
        return Value::NULL;
    };
    let Some(table) = eval.rules.tables.get(name) else {
        return eval.fault(format!("there is no table '{name}'"));
    };
    let part = |at: usize| args.get(at).and_then(Value::scalar_text);
    let (first, second) = match (part(1), args.len()) {
        (None, ..3) => return Value::NULL,
        (first, ..3) => (first.unwrap_or_default(), None),
        (first, _) => (
            first.unwrap_or("null".into()),
            Some(part(2).unwrap_or("null".into())),
        ),
    };
    let row = |first: &str, second: Option<&str>| {
        let found = table
            .rows
            .iter()
            .find(|(row, ..)| is_key(row, first, second));
        found.map(|(_, value, _)| value)
    };
    let any = || match first.split_once('/') {
        Some((first, _)) => row(first, Some("*")),
        None => second.as_ref().and_then(|_| row(&first, Some("*"))),
    };
    let found = row(&first, second.as_deref()).or_else(any);
    match found.or(table.otherwise.as_ref()) {
        Some(value) => eval.made(json(eval, value), args.get(1..).unwrap_or_default()),
        None => Value::NULL,
    }
}

/// Whether a row's key is `first`, or `first/second`.
fn is_key(row: &str, first: &str, second: Option<&str>) -> bool {
    match second {
        None => row == first,
        Some(second) => {
            row.len() == first.len() + 1 + second.len()
                && row.starts_with(first)
                && row.ends_with(second)
                && row.as_bytes().get(first.len()) == Some(&b'/')
        }
    }
}

/// `base64(x)`
pub fn base64<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match args.first().and_then(Value::as_str) {
        Some(text) => eval.made(
            eval.text(&base64::engine::general_purpose::STANDARD.encode(text)),
            args,
        ),
        None => Value::NULL,
    }
}

/// `unbase64(x)`: the text behind a Base64 text; null if it is none.
pub fn unbase64<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let decoded = args.first().and_then(Value::as_str).and_then(|text| {
        let dense: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        base64::engine::general_purpose::STANDARD.decode(dense).ok()
    });
    match decoded {
        Some(bytes) => eval.made(eval.text(&String::from_utf8_lossy(&bytes)), args),
        None => Value::NULL,
    }
}

/// `numbers(count)`: the numbers from 0 up to, not with, the count.
pub fn numbers<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    // More than any quota allows; a list of that length must not cost memory first.
    const MOST: i64 = 10_000;
    match args.first().and_then(Value::as_int) {
        Some(count) => eval.made(
            eval.list((0..count.clamp(0, MOST)).map(|n| Data::Int(n).into())),
            args,
        ),
        None => Value::NULL,
    }
}

/// `from_json(x)`: the value of a JSON text; null if it is none.
pub fn from_json<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let parsed = args
        .first()
        .and_then(Value::as_str)
        .and_then(|text| serde_json::from_str(text).ok());
    match parsed {
        Some(value) => eval.made(json(eval, eval.arena.alloc(value)), args),
        None => Value::NULL,
    }
}

/// `digest(x)`: 32 hexadecimal digits that stand for a text.
pub fn digest<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match args.first().and_then(Value::scalar_text) {
        Some(text) => eval.made(eval.text(&hex(&Sha256::digest(text.as_bytes()), 32)), args),
        None => Value::NULL,
    }
}

/// `ago(seconds)`: the time so many seconds before now, RFC 3339.
pub fn ago<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match args.first().and_then(Value::as_int) {
        Some(seconds) => {
            let at = eval.state.now.saturating_sub(seconds.saturating_mul(1000));
            eval.text(&crate::time::rfc3339_seconds(at))
        }
        None => Value::NULL,
    }
}

/// `ec2_time(time)`: a time of any service as EC2 writes it; null if it is none.
pub fn ec2_time<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match args.first().and_then(Value::as_str) {
        Some(text) => crate::time::ec2_time(text)
            .map_or(Value::NULL, |time| eval.made(eval.text(&time), args)),
        None => Value::NULL,
    }
}

/// `json_patch(before, after)`: Glance's PATCH body; a list of keys in second place removes them.
pub fn json_patch<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [before, after] = args else {
        return Value::NULL;
    };
    let path = |key: &str| eval.text(&format!("/{}", key.replace('~', "~0").replace('/', "~1")));
    let op = |name: &'static str| Value::from(Data::Str(name));
    match after.kind() {
        Kind::Object(after) => {
            let known = before.as_object();
            let changed = after.iter().filter(|(key, value)| {
                known
                    .and_then(|known| known.get(key))
                    .is_none_or(|old| !old.same(value))
            });
            eval.list(
                changed
                    .map(|(key, value)| {
                        eval.object([("op", op("add")), ("path", path(key)), ("value", value)])
                    })
                    .collect::<Vec<_>>(),
            )
        }
        Kind::List(keys) => eval.list(
            keys.iter()
                .filter_map(|key| {
                    Some(eval.object([("op", op("remove")), ("path", path(key.as_str()?))]))
                })
                .collect::<Vec<_>>(),
        ),
        _ => Value::NULL,
    }
}

/// `filter_allows(name, value)`: whether the request's filter of that name lets the value through.
pub fn filter_allows<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [name, value] = args else {
        return Value::NULL;
    };
    let (Some(name), Some(value)) = (name.as_str(), value.scalar_text()) else {
        return Value::NULL;
    };
    let filters = eval.member(Value::root(&eval.state.request), "Filters");
    let mut allowed = true;
    for filter in items(filters) {
        if eval.member(filter, "Name").as_str() == Some(name) {
            allowed &= items(eval.member(filter, "Values"))
                .any(|wanted| wanted.as_str().is_some_and(|w| matches(w, &value)));
        }
    }
    Data::Bool(allowed).into()
}
