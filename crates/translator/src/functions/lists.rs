//! Joins and sets.

use std::collections::HashSet;

use super::jmespath::items;
use crate::eval::Eval;
use crate::value::{Kind, Value};

type Seen = HashSet<String, std::hash::BuildHasherDefault<std::hash::DefaultHasher>>;

fn key(value: Value<'_>) -> String {
    match value.kind() {
        Kind::Str(text) => text.to_owned(),
        _ => format!("\u{0}{}", value.to_json()),
    }
}

/// `find(list, path, value)`: the first item whose path holds the value.
pub fn find<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [list, path, value] = args else {
        return Value::NULL;
    };
    let (Some(list), Some(path)) = (list.as_list(), path.as_str()) else {
        return Value::NULL;
    };
    let positions = eval.positions(list, path, *value);
    let found = eval.joined(list, positions.get(..1).unwrap_or_default(), *value);
    items(found).next().unwrap_or(Value::NULL)
}

/// `position(list, path, value)`: the index of the first such item, from 0.
pub fn position<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [list, path, value] = args else {
        return Value::NULL;
    };
    let (Some(list), Some(path)) = (list.as_list(), path.as_str()) else {
        return Value::NULL;
    };
    match eval.positions(list, path, *value).first() {
        Some(at) => eval.made(crate::value::Data::Int(i64::from(*at)).into(), &[*value]),
        None => Value::NULL,
    }
}

/// `where(list, path, value)`: all items whose path holds the value, or one of the values.
pub fn where_<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [list, path, value] = args else {
        return Value::NULL;
    };
    let (Some(list), Some(path)) = (list.as_list(), path.as_str()) else {
        return Value::NULL;
    };
    eval.joined(list, &eval.positions(list, path, *value), *value)
}

/// `except(list, others)`: what the second list lacks; an absent second list lacks everything.
pub fn except<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [list, others] = args else {
        return Value::NULL;
    };
    let Some(_) = list.as_list() else {
        return Value::NULL;
    };
    let others: Seen = items(*others).map(key).collect();
    eval.list(items(*list).filter(|item| !item.is_null() && !others.contains(&key(*item))))
}

/// `unique(list, path?)`: the first item of each value.
pub fn unique<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(list) = args.first().filter(|list| list.as_list().is_some()) else {
        return Value::NULL;
    };
    let path = args.get(1).and_then(Value::as_str);
    let mut seen = Seen::default();
    let mut kept = Vec::new();
    for item in items(*list) {
        let mut by = item;
        if let Some(path) = path {
            by = Value::NULL;
            eval.follow(item, path, &mut |value| by = value);
        }
        if !item.is_null() && seen.insert(key(by)) {
            kept.push(item);
        }
    }
    eval.list(kept)
}

/// `given(list)`: the items that are not null.
pub fn given<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match args.first() {
        Some(list) if list.as_list().is_some() => {
            eval.list(items(*list).filter(|item| !item.is_null()))
        }
        _ => Value::NULL,
    }
}
