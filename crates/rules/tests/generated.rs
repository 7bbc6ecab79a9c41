//! Generated files are as they would be generated now. `BLESS=1 cargo test -p rules --test generated` writes them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn agrees(path: &Path, text: &str) {
    if env::var_os("BLESS").is_some() {
        fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == text,
        "{} is not what would be generated; BLESS=1 cargo test -p rules --test generated",
        path.display()
    );
}

#[test]
fn schemas_are_current() {
    for (file, text) in rules::schema::schemas() {
        agrees(&folder().join("schema").join(file), &text);
    }
}

#[test]
fn the_readmes_reference_is_current() {
    let path = folder().join("README.md");
    let mut text = fs::read_to_string(&path).expect("the README");
    for (name, made) in [
        ("keys", rules::reference::keys()),
        ("functions", rules::reference::functions()),
    ] {
        let (begin, end) = (
            format!("<!-- {name}: generated -->\n"),
            format!("<!-- {name}: end -->\n"),
        );
        let from = text.find(&begin).expect("the beginning of a reference") + begin.len();
        let to = text.find(&end).expect("the end of a reference");
        text.replace_range(from..to, &(made + "\n"));
    }
    agrees(&path, &text);
}

#[test]
fn every_built_in_file_is_valid_by_its_schema() {
    let schemas: HashMap<&str, Value> = rules::schema::schemas()
        .into_iter()
        .map(|(file, text)| (file, serde_json::from_str(&text).expect("a schema is JSON")))
        .collect();
    for (path, text) in rules::Rules::built_in_files() {
        let file = match path.rsplit('/').next().unwrap_or(path) {
            "kinds.table.yaml" => "kinds.json",
            "faults.table.yaml" => "faults.json",
            "actions.yaml" => "actions.json",
            name if name.ends_with(".view.yaml") => "view.json",
            name if name.ends_with(".table.yaml") => "table.json",
            _ if path.contains("gaps/") => "gap.json",
            _ => "action.json",
        };
        let value: Value =
            serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        if let Err(why) = valid(&schemas[file], &schemas[file], &value) {
            panic!("{path} by {file}: {why}");
        }
    }
}

#[test]
fn the_schemas_refuse_what_the_loader_refuses() {
    let schemas = rules::schema::schemas();
    let action: Value = serde_json::from_str(&schemas[0].1).expect("a schema is JSON");
    for (text, why) in [
        ("action: A", ""),
        ("action: A\nansver: {}", "no key"),
        ("about: A", "needs"),
        ("action: A\ncalls: { c: { } }", "needs"),
        (
            "action: A\ncalls: { c: { request: r, reads: maybe } }",
            "type",
        ),
        (
            "action: A\ncalls: { c: { request: r, undo: { body: x } } }",
            "none of",
        ),
        ("action: A\nrefuse: { when: a }", "type"),
        (
            "action: A\nanswer: { X: [ { each: a in b, view: V } ] }",
            "",
        ),
    ] {
        let value: Value = serde_saphyr::from_str(text).expect("YAML");
        match valid(&action, &action, &value) {
            Ok(()) => assert!(why.is_empty(), "{text} is accepted"),
            Err(told) => assert!(!why.is_empty() && told.contains(why), "{text}: {told}"),
        }
    }
}

/// The part of JSON Schema that the schemas use.
fn valid(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(pointer) = schema["$ref"].as_str() {
        let inner = root
            .pointer(&pointer[1..])
            .ok_or_else(|| format!("{pointer} is not defined"))?;
        valid(root, inner, value)?;
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let failures: Vec<String> = choices
            .iter()
            .filter_map(|choice| valid(root, choice, value).err())
            .collect();
        if failures.len() == choices.len() {
            return Err(format!("{value} is none of: {}", failures.join("; ")));
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    if !kinds.is_empty()
        && !kinds
            .iter()
            .any(|known| *known == kind || (*known == "integer" && value.is_i64()))
    {
        return Err(format!(
            "{value} is of type {kind}, not {}",
            kinds.join(" or ")
        ));
    }
    for required in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if value.is_object() && value.get(required).is_none() {
            return Err(format!("{value} needs {required}"));
        }
    }
    for item in value
        .as_array()
        .into_iter()
        .flatten()
        .filter(|_| schema.get("items").is_some())
    {
        valid(root, &schema["items"], item)?;
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        match (
            schema["properties"].get(name),
            schema.get("additionalProperties"),
        ) {
            (Some(known), _) => valid(root, known, inner)?,
            (None, Some(Value::Bool(false))) => return Err(format!("there is no key {name}")),
            (None, Some(other)) => valid(root, other, inner)?,
            (None, None) => {}
        }
    }
    Ok(())
}
