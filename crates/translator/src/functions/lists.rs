//! Joins and sets.

use std::collections::HashSet;

use super::jmespath::items;
use crate::eval::Eval;
use crate::hash::Fixed;
use crate::plan::Ex;
use crate::value::{Same, Value};

type Seen<'a> = HashSet<Same<'a>, Fixed>;

/// `find(list, path, value)`: the first item whose path holds the value.
pub fn find<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [list, path, value] = args else {
        return Value::NULL;
    };
    let (Some(list), Some(path)) = (list.as_list(), path.as_str()) else {
        return Value::NULL;
    };
    match eval.first_position(list, path, *value) {
        Some(at) => eval.joined(list, at, *value),
        None => Value::NULL,
    }
}

/// `position(list, path, value)`: the index of the first such item, from 0.
pub fn position<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [list, path, value] = args else {
        return Value::NULL;
    };
    let (Some(list), Some(path)) = (list.as_list(), path.as_str()) else {
        return Value::NULL;
    };
    match eval.first_position(list, path, *value) {
        Some(at) => eval.made(crate::value::Data::Int(i64::from(at)).into(), &[*value]),
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
    let positions = eval.positions(list, path, *value);
    eval.list(
        positions
            .into_iter()
            .map(|at| eval.joined(list, at, *value)),
    )
}

/// `except(list, others)`: what the second list lacks; an absent second list lacks everything.
///
/// The second list is often made of everything there is, so it is not made if there is no first one.
pub fn except<'a>(eval: &Eval<'a>, args: &'a [Ex], current: Value<'a>) -> Value<'a> {
    let [list, others] = args else {
        return Value::NULL;
    };
    let Some(list) = eval.ex(list, current).as_list() else {
        return Value::NULL;
    };
    let others: Seen<'a> = items(eval.ex(others, current)).map(Same::from).collect();
    eval.list(
        list.iter()
            .filter(|item| !item.is_null() && !others.contains(&Same::from(*item))),
    )
}

/// `unique(list, path?)`: the first item of each value.
pub fn unique<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(list) = args.first().filter(|list| list.as_list().is_some()) else {
        return Value::NULL;
    };
    let steps = args
        .get(1)
        .and_then(Value::as_str)
        .map(|path| eval.steps(path));
    let mut seen = Seen::default();
    let mut kept = Vec::new();
    for item in items(*list) {
        let mut by = item;
        if let Some(steps) = steps {
            by = Value::NULL;
            eval.follow(item, steps, &mut |value| by = value);
        }
        if !item.is_null() && seen.insert(Same::from(by)) {
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
