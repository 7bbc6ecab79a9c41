//! JMESPath's built-in functions: <https://jmespath.org/specification.html#built-in-functions>.

use crate::eval::Eval;
use crate::plan::Ex;
use crate::value::{Data, Kind, List, Value};

fn wrong<'a>(eval: &Eval<'a>, function: &str, value: Value<'a>) -> Value<'a> {
    if value.is_null() && !eval.strict() {
        return Value::NULL;
    }
    eval.fault(format!(
        "invalid-type: {function}() cannot take {}",
        type_name(value)
    ))
}

fn type_name(value: Value<'_>) -> &'static str {
    match value.kind() {
        Kind::Null => "null",
        Kind::Bool(_) => "boolean",
        Kind::Int(_) | Kind::Float(_) => "number",
        Kind::Str(_) => "string",
        Kind::List(_) => "array",
        Kind::Object(_) => "object",
    }
}

fn first<'a>(args: &[Value<'a>]) -> Value<'a> {
    args.first().copied().unwrap_or(Value::NULL)
}

fn second<'a>(args: &[Value<'a>]) -> Value<'a> {
    args.get(1).copied().unwrap_or(Value::NULL)
}

fn number<'a>(value: f64) -> Value<'a> {
    // JSON has one kind of number; whole ones are kept exact.
    if value.fract() == 0.0 && value.abs() < 9e15 {
        Data::Int(value as i64).into()
    } else {
        Data::Float(value).into()
    }
}

fn numeric<'a>(eval: &Eval<'a>, name: &str, value: Value<'a>, run: fn(f64) -> f64) -> Value<'a> {
    match value.kind() {
        Kind::Int(i) => eval.made(number(run(i as f64)), &[value]),
        Kind::Float(f) => eval.made(number(run(f)), &[value]),
        _ => wrong(eval, name, value),
    }
}

pub fn abs<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    numeric(eval, "abs", first(args), f64::abs)
}

pub fn ceil<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    numeric(eval, "ceil", first(args), f64::ceil)
}

pub fn floor<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    numeric(eval, "floor", first(args), f64::floor)
}

fn numbers(value: Value<'_>) -> Option<Vec<f64>> {
    value
        .as_list()?
        .iter()
        .map(|item| item.as_number())
        .collect()
}

pub fn sum<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match numbers(first(args)) {
        Some(numbers) => eval.made(number(numbers.iter().sum()), args),
        None => wrong(eval, "sum", first(args)),
    }
}

pub fn avg<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match numbers(first(args)) {
        Some(numbers) if numbers.is_empty() => Value::NULL,
        Some(numbers) => eval.made(
            number(numbers.iter().sum::<f64>() / numbers.len() as f64),
            args,
        ),
        None => wrong(eval, "avg", first(args)),
    }
}

pub fn contains<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let (subject, search) = (first(args), second(args));
    let found = match subject.kind() {
        Kind::List(list) => list.iter().any(|item| item.same(&search)),
        Kind::Str(text) => match search.as_str() {
            Some(search) => text.contains(search),
            None if search.is_null() && !eval.strict() => return Value::NULL,
            None => false,
        },
        _ => return wrong(eval, "contains", subject),
    };
    eval.made(Data::Bool(found).into(), args)
}

fn both_texts<'a>(
    eval: &Eval<'a>,
    name: &str,
    args: &[Value<'a>],
    test: fn(&str, &str) -> bool,
) -> Value<'a> {
    match (first(args).as_str(), second(args).as_str()) {
        (Some(text), Some(part)) => eval.made(Data::Bool(test(text, part)).into(), args),
        (None, _) => wrong(eval, name, first(args)),
        _ => wrong(eval, name, second(args)),
    }
}

pub fn starts_with<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    both_texts(eval, "starts_with", args, |text, part| {
        text.starts_with(part)
    })
}

pub fn ends_with<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    both_texts(eval, "ends_with", args, |text, part| text.ends_with(part))
}

pub fn join<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(glue) = first(args).as_str() else {
        return wrong(eval, "join", first(args));
    };
    let Some(list) = second(args).as_list() else {
        return wrong(eval, "join", second(args));
    };
    let mut joined = String::new();
    for (at, item) in list.iter().enumerate() {
        let Some(text) = item.as_str() else {
            return wrong(eval, "join", item);
        };
        if at > 0 {
            joined.push_str(glue);
        }
        joined.push_str(text);
    }
    eval.made(eval.text(&joined), args)
}

pub fn keys<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match first(args).as_object() {
        Some(object) => eval.made(
            eval.list(object.iter().map(|(key, _)| Data::Str(key).into())),
            args,
        ),
        None => wrong(eval, "keys", first(args)),
    }
}

pub fn values<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match first(args).as_object() {
        Some(object) => eval.list(object.iter().map(|(_, value)| value)),
        None => wrong(eval, "values", first(args)),
    }
}

pub fn length<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let length = match first(args).kind() {
        Kind::List(list) => list.len(),
        Kind::Object(object) => object.len(),
        Kind::Str(text) => text.chars().count(),
        // A list that was not read has no items.
        Kind::Null if !eval.strict() => 0,
        _ => return wrong(eval, "length", first(args)),
    };
    eval.made(Data::Int(length as i64).into(), args)
}

pub fn merge<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let mut merged: Vec<(&'a str, Value<'a>)> = Vec::new();
    for arg in args {
        let Some(object) = arg.as_object() else {
            if arg.is_null() && !eval.strict() {
                continue;
            }
            return wrong(eval, "merge", *arg);
        };
        for (key, value) in object.iter() {
            match merged.iter_mut().find(|(known, _)| *known == key) {
                Some((_, place)) => *place = value,
                None => merged.push((key, value)),
            }
        }
    }
    eval.object(merged)
}

pub fn not_null<'a>(_: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    args.iter()
        .find(|arg| !arg.is_null())
        .copied()
        .unwrap_or(Value::NULL)
}

pub fn reverse<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match first(args).kind() {
        Kind::List(list) => eval.list(list.iter().rev()),
        Kind::Str(text) => eval.made(eval.text(&text.chars().rev().collect::<String>()), args),
        _ => wrong(eval, "reverse", first(args)),
    }
}

fn order(a: Value<'_>, b: Value<'_>) -> Option<std::cmp::Ordering> {
    match (a.kind(), b.kind()) {
        (Kind::Str(a), Kind::Str(b)) => Some(a.cmp(b)),
        (Kind::Int(a), Kind::Int(b)) => Some(a.cmp(&b)),
        (Kind::Int(_) | Kind::Float(_), Kind::Int(_) | Kind::Float(_)) => {
            a.as_number()?.partial_cmp(&b.as_number()?)
        }
        _ => None,
    }
}

/// Items with their keys in order; `None` if the keys are not all text or all numbers.
fn sorted<'a>(mut keyed: Vec<(Value<'a>, Value<'a>)>) -> Option<Vec<(Value<'a>, Value<'a>)>> {
    let (first, _) = *keyed.first()?;
    if keyed.iter().any(|(key, _)| order(first, *key).is_none()) {
        return None;
    }
    keyed.sort_by(|(a, _), (b, _)| order(*a, *b).unwrap_or(std::cmp::Ordering::Equal));
    Some(keyed)
}

fn keyed<'a>(
    eval: &Eval<'a>,
    name: &str,
    list: Value<'a>,
    by: Option<&'a Ex>,
) -> Result<Vec<(Value<'a>, Value<'a>)>, Value<'a>> {
    let Some(items) = list.as_list() else {
        return Err(wrong(eval, name, list));
    };
    if items.is_empty() {
        return Ok(Vec::new());
    }
    if let (Some(only), 1, false) = (items.get(0), items.len(), eval.strict()) {
        return Ok(vec![(Value::NULL, only)]);
    }
    let keyed = items
        .iter()
        .map(|item| (by.map_or(item, |by| eval.ex(by, item)), item))
        .collect();
    sorted(keyed).ok_or_else(|| {
        eval.fault(format!(
            "invalid-type: {name}() needs keys that are all text or all numbers"
        ))
    })
}

fn pick<'a>(result: Result<Vec<(Value<'a>, Value<'a>)>, Value<'a>>, last: bool) -> Value<'a> {
    match result {
        Ok(items) if !last => items.first().map_or(Value::NULL, |(_, item)| *item),
        Ok(items) => {
            // Of several greatest ones the first counts.
            let Some((greatest, _)) = items.last() else {
                return Value::NULL;
            };
            items
                .iter()
                .find(|(key, _)| key.same(greatest))
                .map_or(Value::NULL, |(_, item)| *item)
        }
        Err(wrong) => wrong,
    }
}

pub fn max<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    pick(keyed(eval, "max", first(args), None), true)
}

pub fn min<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    pick(keyed(eval, "min", first(args), None), false)
}

pub fn sort<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match keyed(eval, "sort", first(args), None) {
        Ok(items) => eval.list(items.into_iter().map(|(_, item)| item)),
        Err(wrong) => wrong,
    }
}

/// The list and the `&expression` of a function that takes both.
fn by<'a>(
    eval: &Eval<'a>,
    name: &str,
    list: Option<&'a Ex>,
    by: Option<&'a Ex>,
    current: Value<'a>,
) -> Result<(Value<'a>, &'a Ex), Value<'a>> {
    match (list, by) {
        (Some(list), Some(Ex::Reference(by))) => Ok((eval.ex(list, current), by)),
        _ => Err(eval.fault(format!("invalid-type: {name}() takes an &expression"))),
    }
}

pub fn max_by<'a>(eval: &Eval<'a>, args: &'a [Ex], current: Value<'a>) -> Value<'a> {
    match by(eval, "max_by", args.first(), args.get(1), current) {
        Ok((list, by)) => pick(keyed(eval, "max_by", list, Some(by)), true),
        Err(wrong) => wrong,
    }
}

pub fn min_by<'a>(eval: &Eval<'a>, args: &'a [Ex], current: Value<'a>) -> Value<'a> {
    match by(eval, "min_by", args.first(), args.get(1), current) {
        Ok((list, by)) => pick(keyed(eval, "min_by", list, Some(by)), false),
        Err(wrong) => wrong,
    }
}

pub fn sort_by<'a>(eval: &Eval<'a>, args: &'a [Ex], current: Value<'a>) -> Value<'a> {
    let (list, by) = match by(eval, "sort_by", args.first(), args.get(1), current) {
        Ok(found) => found,
        Err(wrong) => return wrong,
    };
    match keyed(eval, "sort_by", list, Some(by)) {
        Ok(items) => eval.list(items.into_iter().map(|(_, item)| item)),
        Err(wrong) => wrong,
    }
}

pub fn map<'a>(eval: &Eval<'a>, args: &'a [Ex], current: Value<'a>) -> Value<'a> {
    let (list, by) = match by(eval, "map", args.get(1), args.first(), current) {
        Ok(found) => found,
        Err(wrong) => return wrong,
    };
    match list.as_list() {
        Some(items) => eval.list(
            items
                .iter()
                .map(|item| eval.ex(by, item))
                .collect::<Vec<_>>(),
        ),
        None => wrong(eval, "map", list),
    }
}

pub fn to_array<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let value = first(args);
    if value.as_list().is_some() {
        value
    } else {
        eval.list([value])
    }
}

pub fn to_number<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let value = first(args);
    match value.kind() {
        Kind::Int(_) | Kind::Float(_) => value,
        Kind::Str(text) => {
            let parsed = match text.parse::<i64>() {
                Ok(whole) => Some(Data::Int(whole).into()),
                Err(_) => serde_json::from_str::<f64>(text.trim())
                    .ok()
                    .map(|f| Data::Float(f).into()),
            };
            parsed.map_or(Value::NULL, |parsed| eval.made(parsed, args))
        }
        _ => Value::NULL,
    }
}

pub fn to_string<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let value = first(args);
    match value.kind() {
        Kind::Str(_) => value,
        Kind::Null if !eval.strict() => Value::NULL,
        _ => eval.made(eval.text(&value.to_json().to_string()), args),
    }
}

pub fn type_<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    eval.made(Data::Str(type_name(first(args))).into(), args)
}

/// Items of a list argument, or none.
pub fn items<'a>(value: Value<'a>) -> impl Iterator<Item = Value<'a>> {
    value.as_list().into_iter().flat_map(List::iter)
}
