//! The official JMESPath compliance suite runs whole against the evaluator of the rules.

use std::path::Path;

use serde_json::Value;

/// Cases of the suite that do not hold here, each with the reason.
const DIFFERENT: &[(&str, &str)] = &[];

#[test]
fn the_compliance_suite_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jmespath-compliance");
    let (mut ran, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).expect("the suite is vendored") {
        let path = entry.expect("a folder entry").path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let groups: Vec<Value> = serde_json::from_str(&text).expect("the suite is JSON");
        for group in &groups {
            for case in group["cases"].as_array().expect("cases") {
                ran += 1;
                let expression = case["expression"].as_str().expect("an expression");
                let result = translator::query(expression, &group["given"]);
                let holds = match (&result, case.get("error"), case.get("result")) {
                    (Err(_), Some(_), _) => true,
                    (Ok(value), None, Some(expected)) => equal(value, expected),
                    // A case with neither is a benchmark: it has only to end.
                    (Ok(_), None, None) => true,
                    _ => false,
                };
                if !holds && !DIFFERENT.iter().any(|(known, _)| *known == expression) {
                    let name = path
                        .file_stem()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned();
                    wrong.push(format!(
                        "{name}: {expression}\n  expected {case}\n  found    {result:?}"
                    ));
                }
            }
        }
    }
    assert!(ran > 800, "only {ran} cases were found");
    assert!(
        wrong.is_empty(),
        "{} of {ran} fail:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Equality by value: JSON has one kind of number, and the order of keys does not count.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}
