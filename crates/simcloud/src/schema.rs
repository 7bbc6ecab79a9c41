//! The part of JSON Schema that Nova, Cinder and Glance describe their bodies with, and the words they refuse with.

use regex_lite::Regex;
use serde_json::{Map, Value};

use crate::{fault::Fault, ids, python};

/// Checks a body; the fault reads as Nova's and Cinder's do.
pub(crate) fn check(schema: &Value, body: &Value) -> Result<(), Fault> {
    check_named(schema, body, "")
}

/// Checks what stands under that name in a body.
pub(crate) fn check_named(schema: &Value, body: &Value, name: &str) -> Result<(), Fault> {
    match violation(schema, body, name, 0) {
        None => Ok(()),
        Some(found) if found.field.is_empty() => Err(Fault::bad(found.message)),
        Some(found) => Err(Fault::bad(format!(
            "Invalid input for field/attribute {}. Value: {}. {}",
            found.field,
            python::text(&found.value),
            found.message
        ))),
    }
}

/// One broken rule: the innermost field, its value, what is wrong.
pub(crate) struct Violation {
    pub(crate) field: String,
    pub(crate) value: Value,
    pub(crate) message: String,
}

/// The first broken rule, if any.
pub(crate) fn violation(
    schema: &Value,
    value: &Value,
    field: &str,
    depth: usize,
) -> Option<Violation> {
    let schema = schema.as_object()?;
    let fail = |message: String| {
        Some(Violation {
            field: field.to_owned(),
            value: value.clone(),
            message,
        })
    };
    if depth > 32 {
        return fail("The value is nested too deeply".to_owned());
    }
    if let Some(message) = wrong_type(schema, value) {
        return fail(message);
    }
    if let Some(options) = schema.get("anyOf").and_then(Value::as_array)
        && !options
            .iter()
            .any(|one| violation(one, value, field, depth + 1).is_none())
    {
        return fail(format!(
            "{} is not valid under any of the given schemas",
            python::repr(value)
        ));
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        let list = python::repr(&Value::Array(allowed.clone()));
        return fail(format!("{} is not one of {list}", python::repr(value)));
    }
    match value {
        Value::String(text) => wrong_text(schema, text)
            .or_else(|| out_of_range(schema, text.parse().ok()?))
            .and_then(fail),
        Value::Number(number) => out_of_range(schema, number.as_f64()?).and_then(fail),
        Value::Array(items) => {
            let limit = |key: &str| schema.get(key).and_then(Value::as_u64);
            if limit("minItems").is_some_and(|least| (items.len() as u64) < least) {
                return fail(format!("{} is too short", python::repr(value)));
            }
            if limit("maxItems").is_some_and(|most| items.len() as u64 > most) {
                return fail(format!("{} is too long", python::repr(value)));
            }
            if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
                let mut seen: Vec<&Value> = Vec::new();
                for item in items.iter().take(1000) {
                    if seen.contains(&item) {
                        return fail(format!("{} has non-unique elements", python::repr(value)));
                    }
                    seen.push(item);
                }
            }
            let inner = schema.get("items")?;
            items
                .iter()
                .enumerate()
                .find_map(|(n, item)| violation(inner, item, &n.to_string(), depth + 1))
        }
        Value::Object(map) => wrong_members(schema, map)
            .and_then(fail)
            .or_else(|| wrong_member(schema, map, depth)),
        _ => None,
    }
}

fn wrong_type(schema: &Map<String, Value>, value: &Value) -> Option<String> {
    let is = |name: &Value| match name.as_str().unwrap_or("") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match schema.get("type")? {
        Value::Array(names) if !names.iter().any(is) => {
            let names: Vec<String> = names.iter().map(python::repr).collect();
            Some(format!(
                "{} is not of type {}",
                python::repr(value),
                names.join(", ")
            ))
        }
        name @ Value::String(_) if !is(name) => Some(format!(
            "{} is not of type {}",
            python::repr(value),
            python::repr(name)
        )),
        _ => None,
    }
}

fn wrong_text(schema: &Map<String, Value>, text: &str) -> Option<String> {
    let shown = || python::repr(&Value::String(text.to_owned()));
    let length = text.chars().count() as u64;
    if let Some(least) = schema.get("minLength").and_then(Value::as_u64)
        && length < least
    {
        return Some(if least == 1 {
            format!("{} should be non-empty", shown())
        } else {
            format!("{} is too short", shown())
        });
    }
    if schema
        .get("maxLength")
        .and_then(Value::as_u64)
        .is_some_and(|most| length > most)
    {
        return Some(format!("{} is too long", shown()));
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && !matches(pattern, text)
    {
        return Some(format!(
            "{} does not match {}",
            shown(),
            python::repr(&Value::String(pattern.to_owned()))
        ));
    }
    let format = schema.get("format").and_then(Value::as_str)?;
    let good = match format {
        // The second is a UUID that the service's schema wraps into alternatives; its refusal reads so.
        "uuid" | "one uuid" => ids::is_uuid(text),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<std::net::Ipv6Addr>().is_ok(),
        "ip" => text.parse::<std::net::IpAddr>().is_ok(),
        "date-time" => crate::clock::parse(text).is_some(),
        _ => true,
    };
    let optional = format == "one uuid" || schema.get("type").is_some_and(Value::is_array);
    (!good).then(|| {
        if format.ends_with("uuid") && optional {
            // Such a field is one of several schemas there.
            format!("{} is not valid under any of the given schemas", shown())
        } else {
            format!("{} is not a '{format}'", shown())
        }
    })
}

fn out_of_range(schema: &Map<String, Value>, number: f64) -> Option<String> {
    if let Some(least) = schema.get("minimum").and_then(Value::as_f64)
        && number < least
    {
        return Some(format!("{number} is less than the minimum of {least}"));
    }
    let most = schema.get("maximum").and_then(Value::as_f64)?;
    (number > most).then(|| format!("{number} is greater than the maximum of {most}"))
}

fn wrong_members(schema: &Map<String, Value>, map: &Map<String, Value>) -> Option<String> {
    for name in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !map.contains_key(name) {
            return Some(format!("'{name}' is a required property"));
        }
    }
    if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
        return None;
    }
    let known = schema.get("properties").and_then(Value::as_object);
    let patterns: Vec<&str> = schema
        .get("patternProperties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(k, _)| k.as_str())
        .collect();
    let extra: Vec<&str> = map
        .keys()
        .map(String::as_str)
        .filter(|key| {
            !known.is_some_and(|p| p.contains_key(*key))
                && !patterns.iter().any(|p| matches(p, key))
        })
        .collect();
    if extra.is_empty() {
        return None;
    }
    let names: Vec<String> = extra
        .iter()
        .map(|key| python::repr(&Value::String((*key).to_owned())))
        .collect();
    let names = names.join(", ");
    if !patterns.is_empty() {
        let verb = if extra.len() == 1 { "does" } else { "do" };
        let patterns: Vec<String> = patterns.iter().map(|p| format!("'{p}'")).collect();
        return Some(format!(
            "{names} {verb} not match any of the regexes: {}",
            patterns.join(", ")
        ));
    }
    let verb = if extra.len() == 1 { "was" } else { "were" };
    Some(format!(
        "Additional properties are not allowed ({names} {verb} unexpected)"
    ))
}

fn wrong_member(
    schema: &Map<String, Value>,
    map: &Map<String, Value>,
    depth: usize,
) -> Option<Violation> {
    let known = schema.get("properties").and_then(Value::as_object);
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    map.iter().find_map(|(key, value)| {
        let named = known.and_then(|p| p.get(key));
        let patterned = || {
            patterns
                .into_iter()
                .flatten()
                .find(|(p, _)| matches(p, key))
                .map(|(_, s)| s)
        };
        let rest = || schema.get("additionalProperties").filter(|s| s.is_object());
        violation(
            named.or_else(patterned).or_else(rest)?,
            value,
            key,
            depth + 1,
        )
    })
}

/// Whether the text has the pattern somewhere; a pattern that does not compile matches nothing.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn refusals_read_as_the_services_write_them() {
        let metadata = json!({"type": "object", "additionalProperties": false,
            "patternProperties": {"^[a-zA-Z0-9-_:. ]{1,255}$": {"type": "string", "maxLength": 3}}});
        let server = json!({"type": "object", "properties": {"server": {"type": "object", "required": ["networks"],
            "properties": {"metadata": metadata, "count": {"type": ["integer", "string"], "minimum": 1}}}},
            "additionalProperties": false});
        let cases = [
            (json!({"server": {"networks": 1}}), None),
            (
                json!({"server": {"count": 1}}),
                Some(
                    "Invalid input for field/attribute server. Value: {'count': 1}. 'networks' is a required property",
                ),
            ),
            (
                json!({"x": 1}),
                Some("Additional properties are not allowed ('x' was unexpected)"),
            ),
            (
                json!({"server": {"networks": 1, "metadata": {"a/b": "c"}}}),
                Some(
                    "Invalid input for field/attribute metadata. Value: {'a/b': 'c'}. 'a/b' does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{1,255}$'",
                ),
            ),
            (
                json!({"server": {"networks": 1, "metadata": {"a": null}}}),
                Some(
                    "Invalid input for field/attribute a. Value: None. None is not of type 'string'",
                ),
            ),
            (
                json!({"server": {"networks": 1, "metadata": {"a": "long"}}}),
                Some("Invalid input for field/attribute a. Value: long. 'long' is too long"),
            ),
            (
                json!({"server": {"networks": 1, "count": "0"}}),
                Some(
                    "Invalid input for field/attribute count. Value: 0. 0 is less than the minimum of 1",
                ),
            ),
        ];
        for (body, wanted) in cases {
            assert_eq!(
                check(&server, &body)
                    .err()
                    .map(|fault| fault.message)
                    .as_deref(),
                wanted,
                "{body}"
            );
        }
    }
}
