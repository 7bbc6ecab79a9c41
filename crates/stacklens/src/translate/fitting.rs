//! JSON that uses the width it has: what fits on a line stays on one.

use serde_json::Value;

use super::paint::harmless;

/// Deepest nesting that is broken over lines.
const DEEPEST: usize = 24;

/// A value in lines of about `width` characters, the first one without indent.
pub fn json(value: &Value, indent: usize, width: usize) -> String {
    nested(value, indent, width, 0)
}

fn nested(value: &Value, indent: usize, width: usize, depth: usize) -> String {
    let flat = flat(value);
    if indent + flat.chars().count() <= width || depth > DEEPEST {
        return flat;
    }
    let inner = " ".repeat(indent + 2);
    let (open, close, lines): (char, char, Vec<String>) = match value {
        Value::Array(items) => {
            let lines = items
                .iter()
                .map(|item| format!("{inner}{}", nested(item, indent + 2, width, depth + 1)));
            ('[', ']', lines.collect())
        }
        Value::Object(members) => {
            let lines = members.iter().map(|(name, value)| {
                let name = harmless(&Value::from(name.as_str()).to_string());
                format!(
                    "{inner}{name}: {}",
                    nested(value, indent + 2, width, depth + 1)
                )
            });
            ('{', '}', lines.collect())
        }
        _ => return flat,
    };
    format!(
        "{open}\n{}\n{}{close}",
        lines.join(",\n"),
        " ".repeat(indent)
    )
}

fn flat(value: &Value) -> String {
    match value {
        Value::Array(items) if !items.is_empty() => {
            format!(
                "[{}]",
                items.iter().map(flat).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(name, value)| {
                format!(
                    "{}: {}",
                    harmless(&Value::from(name.as_str()).to_string()),
                    flat(value)
                )
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        leaf => harmless(&leaf.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_too_long_is_broken() {
        assert_eq!(
            json(&json!({"a": [1, 2], "b": {}}), 0, 40),
            "{ \"a\": [1, 2], \"b\": {} }"
        );
        assert_eq!(
            json(&json!({"first": {"x": 1}, "second": "long enough"}), 2, 30),
            "{\n    \"first\": { \"x\": 1 },\n    \"second\": \"long enough\"\n  }"
        );
    }
}
