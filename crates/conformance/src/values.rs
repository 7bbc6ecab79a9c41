//! `${…}` in parameters and expectations, and JMESPath over answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// Deepest parameter that is filled in.
const DEEPEST: usize = 32;

/// What an expression gives over a value.
///
/// ```
/// let answer = serde_json::json!({"Volumes": [{"Size": 1}, {"Size": 2}]});
/// assert_eq!(conformance::search("sum(Volumes[].Size)", &answer), Ok(3.into()));
/// assert!(conformance::search("Volumes[", &answer).is_err());
/// ```
///
/// # Errors
/// A sentence, if the expression is none or cannot be evaluated.
pub fn search(expression: &str, over: &Value) -> Result<Value, String> {
    let told = |why: &dyn std::fmt::Display| {
        let why = why.to_string();
        let first = why.lines().next().unwrap_or_default();
        format!("'{expression}': {first}")
    };
    let compiled = jmespath::compile(expression).map_err(|why| told(&why))?;
    let found = compiled.search(over).map_err(|why| told(&why))?;
    let found = serde_json::to_value(&*found).map_err(|why| told(&why))?;
    Ok(whole(found))
}

/// Sums and counts are floating point numbers to the library; `3.0` is `3`.
fn whole(value: Value) -> Value {
    match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 && number.abs() < 9e15 => {
            Value::from(number as i64)
        }
        _ => value,
    }
}

/// The value with every `${…}` replaced.
pub(crate) fn filled(value: &Value, known: &Value) -> Result<Value, String> {
    deep(value, known, 0)
}

/// Parameters with every `${…}` replaced; those that become null are left out.
pub(crate) fn filled_map(
    map: &Map<String, Value>,
    known: &Value,
) -> Result<Map<String, Value>, String> {
    let mut out = Map::new();
    for (key, value) in map {
        let value = filled(value, known)?;
        if !value.is_null() {
            out.insert(key.clone(), value);
        }
    }
    Ok(out)
}

fn deep(value: &Value, known: &Value, depth: usize) -> Result<Value, String> {
    if depth > DEEPEST {
        return Err("a parameter is too deep".to_owned());
    }
    Ok(match value {
        Value::String(text) => expanded(text, known)?,
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| deep(item, known, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(members) => {
            if let (1, Some(text)) = (members.len(), members.get("base64")) {
                let text = deep(text, known, depth + 1)?;
                return Ok(STANDARD.encode(plain(&text)).into());
            }
            Value::Object(
                members
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), deep(value, known, depth + 1)?)))
                    .collect::<Result<_, String>>()?,
            )
        }
        other => other.clone(),
    })
}

/// A text with its expressions replaced; one that is a single expression becomes that value.
fn expanded(text: &str, known: &Value) -> Result<Value, String> {
    let single = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .filter(|inner| !inner.contains('}'));
    if let Some(expression) = single {
        return found(expression, known);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let (expression, behind) = after
            .split_once('}')
            .ok_or_else(|| format!("'{text}': a ${{ is not closed"))?;
        out.push_str(&plain(&found(expression, known)?));
        rest = behind;
    }
    out.push_str(rest);
    Ok(out.into())
}

fn found(expression: &str, known: &Value) -> Result<Value, String> {
    let value = search(expression, known)?;
    if value.is_null() {
        return Err(format!("${{{expression}}} stands for nothing"));
    }
    Ok(value)
}

/// A text with its expressions replaced, as text.
pub(crate) fn filled_text(text: &str, known: &Value) -> Result<String, String> {
    Ok(plain(&expanded(text, known)?))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expressions_become_their_values() {
        let known = json!({"vpc": "vpc-1", "ids": ["i-1", "i-2"], "n": 3});
        for (written, meant) in [
            (json!("${vpc}"), Some(json!("vpc-1"))),
            (json!("${ids}"), Some(json!(["i-1", "i-2"]))),
            (json!("${ids[1]}"), Some(json!("i-2"))),
            (json!("${n}"), Some(json!(3))),
            (json!("10.${n}.0.0/${n}"), Some(json!("10.3.0.0/3"))),
            (json!({"a": ["<${vpc}>"]}), Some(json!({"a": ["<vpc-1>"]}))),
            (json!({"base64": "v ${n}"}), Some(json!("diAz"))),
            (json!("${nothing}"), None),
            (json!("a ${vpc"), None),
            (json!("${length(ids)}"), Some(json!(2))),
        ] {
            assert_eq!(filled(&written, &known).ok(), meant, "{written}");
        }
    }
}
