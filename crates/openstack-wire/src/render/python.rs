//! Python literals.

use serde_json::Value;

use super::capture::{Captures, Piece};

/// Longest line before a literal is broken over several.
const WIDTH: usize = 88;
/// Deepest nesting written out; below it a value is written as JSON text to be parsed.
const DEEPEST: usize = 100;

/// A text as a Python expression; ids of variables make it a name or an f-string.
pub(super) fn text(text: &str, captures: &Captures) -> String {
    let pieces = captures.split(text);
    match pieces.as_slice() {
        [Piece::Variable(name)] => (*name).to_owned(),
        [] | [Piece::Text(_)] => format!("\"{}\"", escaped(text)),
        pieces => {
            let mut out = String::from("f\"");
            for piece in pieces {
                match piece {
                    Piece::Text(text) => {
                        out.push_str(&escaped(text).replace('{', "{{").replace('}', "}}"))
                    }
                    Piece::Variable(name) => out.push_str(&format!("{{{name}}}")),
                }
            }
            out.push('"');
            out
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Line separators end a line in some editors; other controls cannot stand in source.
            c if c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c) => {
                let code = u32::from(c);
                out.push_str(&if code < 0x100 {
                    format!("\\x{code:02x}")
                } else {
                    format!("\\u{code:04x}")
                });
            }
            c => out.push(c),
        }
    }
    out
}

/// A JSON value as a Python literal, broken over lines indented by `indent` where it is long.
pub(super) fn value(value: &Value, captures: &Captures, indent: usize) -> String {
    nested(value, captures, indent, 0)
}

fn nested(value: &Value, captures: &Captures, indent: usize, depth: usize) -> String {
    if depth > DEEPEST {
        return format!("json.loads({})", text(&value.to_string(), captures));
    }
    let (open, close, items): (&str, &str, Vec<String>) = match value {
        Value::Null => return "None".into(),
        Value::Bool(true) => return "True".into(),
        Value::Bool(false) => return "False".into(),
        Value::Number(number) => return number.to_string(),
        Value::String(string) => return text(string, captures),
        Value::Array(items) => {
            let items = items
                .iter()
                .map(|item| nested(item, captures, indent + 4, depth + 1));
            ("[", "]", items.collect())
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                format!(
                    "{}: {}",
                    text(name, captures),
                    nested(value, captures, indent + 4, depth + 1)
                )
            });
            ("{", "}", members.collect())
        }
    };
    let length: usize = items.iter().map(|item| item.chars().count() + 2).sum();
    if length + indent <= WIDTH && !items.iter().any(|item| item.contains('\n')) {
        return format!("{open}{}{close}", items.join(", "));
    }
    let inner = " ".repeat(indent + 4);
    let lines: String = items
        .iter()
        .map(|item| format!("{inner}{item},\n"))
        .collect();
    format!("{open}\n{lines}{}{close}", " ".repeat(indent))
}

#[cfg(test)]
#[allow(
    clippy::disallowed_types,
    reason = "the test asks Python itself what it reads"
)]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// What Python reads, back as JSON.
    fn read_by_python(literals: &[String]) -> Vec<Value> {
        let program = "import ast, json, sys\nprint(json.dumps([ast.literal_eval(t) for t in json.load(sys.stdin)]))";
        let mut child = Command::new("python3")
            .args(["-c", program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        child
            .stdin
            .take()
            .unwrap()
            .write_all(json!(literals).to_string().as_bytes())
            .unwrap();
        serde_json::from_slice(&child.wait_with_output().unwrap().stdout)
            .expect("python3 read every literal")
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,12}|[ -~\n\t\r\u{0}\u{7f}\u{2028}]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("\\PC{0,8}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]
        #[test]
        fn python_reads_what_was_meant(values in prop::collection::vec(any_json(), 200)) {
            let literals: Vec<String> = values.iter().map(|v| value(v, &Captures::default(), 0)).collect();
            prop_assert_eq!(read_by_python(&literals), values);
        }
    }

    #[test]
    fn long_literals_are_broken() {
        let none = Captures::default();
        assert_eq!(
            value(&json!({"a": [1, null, true]}), &none, 0),
            "{\"a\": [1, None, True]}"
        );
        let long = json!({"name": "x".repeat(60), "other": "y".repeat(40)});
        assert_eq!(
            value(&long, &none, 4),
            format!(
                "{{\n        \"name\": \"{}\",\n        \"other\": \"{}\",\n    }}",
                "x".repeat(60),
                "y".repeat(40)
            )
        );
    }
}
