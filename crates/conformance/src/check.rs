//! Whether an answer says what is expected.

use indexmap::IndexMap;
use regex_lite::Regex;
use serde_json::Value;

use crate::format::Expected;
use crate::values::{filled, filled_text, search};

/// The first expectation that the answer does not fulfil, in words; none if it fulfils all.
pub(crate) fn differs(
    expectations: &IndexMap<String, Expected>,
    answer: &Value,
    known: &Value,
) -> Option<String> {
    expectations
        .iter()
        .find_map(|(expression, expected)| difference(expression, expected, answer, known).err())
}

fn difference(
    expression: &str,
    expected: &Expected,
    answer: &Value,
    known: &Value,
) -> Result<(), String> {
    let expression = filled_text(expression, known)?;
    let found = search(&expression, answer)?;
    let fails = |wanted: String| {
        Err(format!(
            "{expression} is {}, expected {wanted}",
            short(&found)
        ))
    };
    match expected {
        Expected::Value(value) => {
            let value = filled(value, known)?;
            if same(&found, &value) {
                Ok(())
            } else {
                fails(short(&value))
            }
        }
        Expected::OneOf(values) => {
            for value in &values.one_of {
                if same(&found, &filled(value, known)?) {
                    return Ok(());
                }
            }
            fails(format!("one of {}", short(&values.one_of.clone().into())))
        }
        Expected::Items(items) => {
            let items = filled(&items.items, known)?;
            match (&found, &items) {
                (Value::Array(found), Value::Array(wanted)) if same_items(found, wanted) => Ok(()),
                _ => fails(format!("the items {}", short(&items))),
            }
        }
        Expected::Matches(pattern) => {
            let regex = Regex::new(&pattern.matches)
                .map_err(|why| format!("'{}': {why}", pattern.matches))?;
            match &found {
                Value::String(text) if regex.is_match(text) => Ok(()),
                _ => fails(format!("a text that matches {}", pattern.matches)),
            }
        }
    }
}

/// Equal, with numbers by their value.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

fn same_items(left: &[Value], right: &[Value]) -> bool {
    let mut rest: Vec<&Value> = right.iter().collect();
    for item in left {
        match rest.iter().position(|other| same(item, other)) {
            Some(at) => {
                rest.swap_remove(at);
            }
            None => return false,
        }
    }
    rest.is_empty()
}

/// A value that fits into a line.
pub(crate) fn short(value: &Value) -> String {
    const LONGEST: usize = 240;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expectations_hold_or_say_what_they_found() {
        let answer = json!({"Volumes": [{"Size": 1, "Id": "vol-1"}, {"Size": 2, "Id": "vol-2"}]});
        let known = json!({"v": "vol-2"});
        for (written, told) in [
            (json!({"Volumes[0].Size": 1}), None),
            (
                json!({"Volumes[0].Size": 2}),
                Some("Volumes[0].Size is 1, expected 2"),
            ),
            (json!({"length(Volumes)": 2}), None),
            (json!({"Volumes[].Id": {"items": ["${v}", "vol-1"]}}), None),
            (
                json!({"Volumes[].Id": {"items": ["vol-1"]}}),
                Some("expected the items"),
            ),
            (json!({"Volumes[].Id": ["vol-1", "vol-2"]}), None),
            (json!({"Volumes[0].Id": {"matches": "^vol-[0-9]$"}}), None),
            (
                json!({"Volumes[0].Size": {"matches": "1"}}),
                Some("a text that matches"),
            ),
            (json!({"Volumes[0].Size": {"one-of": [5, 1]}}), None),
            (
                json!({"Volumes[0].Size": {"one-of": [5]}}),
                Some("one of [5]"),
            ),
            (json!({"Volumes[?Id=='${v}'].Size | [0]": 2}), None),
            (json!({"Volumes[9]": null}), None),
            (json!({"Volumes[": null}), Some("Volumes[")),
        ] {
            let expectations: IndexMap<String, Expected> =
                serde_json::from_value(written.clone()).unwrap();
            let found = differs(&expectations, &answer, &known);
            match told {
                None => assert_eq!(found, None, "{written}"),
                Some(told) => assert!(found.unwrap_or_default().contains(told), "{written}"),
            }
        }
    }
}
