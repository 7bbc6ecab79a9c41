//! JSON values as YAML that a reviewer reads: blocks where they are large, one line where they are small.

use std::fmt::Write as _;

use serde_json::Value;

/// Longest line that a list or object is written on.
const WIDTH: usize = 120;

/// Writes `key: value` at an indent, with a line feed at the end.
pub(crate) fn entry(out: &mut String, indent: usize, key: &str, value: &Value) {
    push_indent(out, indent);
    scalar(out, key);
    out.push(':');
    node(out, indent, value);
}

fn push_indent(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// What follows a colon.
fn node(out: &mut String, indent: usize, value: &Value) {
    let column = out.len() - out.rfind('\n').map_or(0, |end| end + 1);
    if let Some(line) = one_line(value, WIDTH.saturating_sub(column + 1)) {
        let _ = writeln!(out, " {line}");
        return;
    }
    match value {
        Value::Object(members) => {
            out.push('\n');
            for (key, value) in members {
                entry(out, indent + 2, key, value);
            }
        }
        Value::Array(items) => {
            out.push('\n');
            for value in items {
                item(out, indent + 2, value);
            }
        }
        Value::String(text) if is_block(text) => block(out, indent + 2, text),
        other => {
            out.push(' ');
            flow(out, other);
            out.push('\n');
        }
    }
}

/// `- value`
fn item(out: &mut String, indent: usize, value: &Value) {
    push_indent(out, indent);
    out.push('-');
    if let Some(line) = one_line(value, WIDTH.saturating_sub(indent + 2)) {
        let _ = writeln!(out, " {line}");
        return;
    }
    match value {
        Value::Object(members) => {
            for (index, (key, value)) in members.iter().enumerate() {
                if index == 0 {
                    out.push(' ');
                } else {
                    push_indent(out, indent + 2);
                }
                scalar(out, key);
                out.push(':');
                node(out, indent + 2, value);
            }
        }
        Value::Array(items) => {
            out.push('\n');
            for value in items {
                item(out, indent + 2, value);
            }
        }
        Value::String(text) if is_block(text) => block(out, indent + 2, text),
        other => {
            out.push(' ');
            flow(out, other);
            out.push('\n');
        }
    }
}

/// The value on one line, if it fits; an object of structures is easier to read in lines.
fn one_line(value: &Value, width: usize) -> Option<String> {
    if matches!(value, Value::String(text) if is_block(text)) || depth(value) > 2 {
        return None;
    }
    let mut line = String::new();
    flow(&mut line, value);
    let short =
        line.chars().count() <= width || !matches!(value, Value::Array(_) | Value::Object(_));
    short.then_some(line)
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn flow(out: &mut String, value: &Value) {
    match value {
        Value::Object(members) if members.is_empty() => out.push_str("{}"),
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(members) => {
            out.push_str("{ ");
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                scalar(out, key);
                out.push_str(": ");
                flow(out, value);
            }
            out.push_str(" }");
        }
        Value::Array(items) => {
            out.push('[');
            for (index, value) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                flow(out, value);
            }
            out.push(']');
        }
        Value::String(text) => scalar(out, text),
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

/// A text, plain where no reader of YAML could take it for something else.
fn scalar(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            plain @ (' '..='~' | '\u{a1}'..='\u{1fff}') => out.push(plain),
            other if (other as u32) < 0x1_0000 => {
                let _ = write!(out, "\\u{:04X}", other as u32);
            }
            other => {
                let _ = write!(out, "\\U{:08X}", other as u32);
            }
        }
    }
    out.push('"');
}

/// `adb19fad-f862-4864-80b3-029e6e41c9e7`, which no reader takes for a number.
fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let hexadecimal = |part: &&str| {
        part.bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(hexadecimal)
}

fn is_plain(text: &str) -> bool {
    if is_uuid(text) {
        return true;
    }
    let reserved = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity",
    ];
    text.len() <= 200
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_')
        && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '/')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./ ".contains(c))
        && !reserved.contains(&text.to_ascii_lowercase().as_str())
}

/// Several lines that a literal block keeps as they are.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && text.chars().all(|c| c == '\n' || (' '..='~').contains(&c))
        && text
            .lines()
            .all(|line| !line.ends_with(' ') && !line.starts_with(' '))
        && !text.ends_with("\n\n")
}

fn block(out: &mut String, indent: usize, text: &str) {
    out.push_str(if text.ends_with('\n') {
        " |\n"
    } else {
        " |-\n"
    });
    for line in text.lines() {
        if !line.is_empty() {
            push_indent(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn written(value: &Value) -> String {
        let mut out = String::new();
        entry(&mut out, 0, "value", value);
        out
    }

    #[test]
    fn small_things_share_a_line_and_large_ones_do_not() {
        for (value, text) in [
            (
                json!({"a": 1, "b": [1, "two"]}),
                "value: { a: 1, b: [1, two] }\n",
            ),
            (json!("no"), "value: \"no\"\n"),
            (
                json!("01234567-89ab-4cde-8f01-23456789abcd"),
                "value: 01234567-89ab-4cde-8f01-23456789abcd\n",
            ),
            (json!("2026-01-01"), "value: \"2026-01-01\"\n"),
            (json!(""), "value: \"\"\n"),
            (json!("a\nb\n"), "value: |\n  a\n  b\n"),
            (
                json!({"a": {"b": {"c": 1}}}),
                "value:\n  a: { b: { c: 1 } }\n",
            ),
            (
                json!([{"a": {"b": {"c": 1}}, "d": 2}]),
                "value:\n  - a: { b: { c: 1 } }\n    d: 2\n",
            ),
        ] {
            assert_eq!(written(&value), text);
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ -~\n]{0,40}".prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
            prop::sample::select(vec![
                "yes", "1e3", "0x1F", "~", "- a", "a: b", "#x", "null", "12:30:00", "<<", "="
            ])
            .prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec(("[ -~]{0,12}", inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in any_value()) {
            let text = written(&value);
            let read: Value = serde_saphyr::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(&read["value"], &value, "{}", text);
        }
    }
}
