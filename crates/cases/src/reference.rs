//! `${name.path[0].member}`: values of earlier answers in the text of a step.

use std::collections::BTreeMap;

use serde_json::Value;

/// Answers by the name of their step.
pub(crate) type Answers = BTreeMap<String, Value>;

/// The text with every reference replaced.
///
/// # Errors
/// A sentence that names the reference that stands for nothing.
pub(crate) fn resolved(text: &str, answers: &Answers) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((path, behind)) = after.split_once('}') else {
            return Err("a ${ is not closed".to_owned());
        };
        match look_up(path, answers) {
            Some(Value::String(value)) => out.push_str(value),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => out.push_str(&value.to_string()),
            _ => {
                return Err(format!(
                    "${{{path}}} stands for nothing; known are {}",
                    known(answers)
                ));
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

/// A JSON value with the references in its texts replaced.
pub(crate) fn resolved_value(value: &Value, answers: &Answers) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => Value::String(resolved(text, answers)?),
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| resolved_value(item, answers))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, value)| Ok((key.clone(), resolved_value(value, answers)?)))
                .collect::<Result<_, String>>()?,
        ),
        other => other.clone(),
    })
}

fn look_up<'a>(path: &str, answers: &'a Answers) -> Option<&'a Value> {
    let (name, mut rest) = match path.find(['.', '[']) {
        Some(end) => path.split_at(end),
        None => (path, ""),
    };
    let mut value = answers.get(name)?;
    while !rest.is_empty() {
        if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']')?;
            value = value.get(index.parse::<usize>().ok()?)?;
            rest = after;
        } else {
            let member = rest.strip_prefix('.')?;
            let end = member.find(['.', '[']).unwrap_or(member.len());
            let (member, after) = member.split_at(end);
            value = value.get(member)?;
            rest = after;
        }
    }
    Some(value)
}

fn known(answers: &Answers) -> String {
    answers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_paths_into_named_answers() {
        let answers = Answers::from([(
            "a".to_owned(),
            json!({"B": [{"C": "x"}, {"C": 2}], "N": null}),
        )]);
        for (text, meant) in [
            ("none", Ok("none")),
            ("<${a.B[0].C}|${a.B[1].C}>", Ok("<x|2>")),
            ("${a.B[2].C}", Err("${a.B[2].C} stands for nothing")),
            ("${a.N}", Err("stands for nothing")),
            ("${a.B}", Err("stands for nothing")),
            ("${b.c}", Err("known are a: ")),
            ("${a", Err("not closed")),
        ] {
            match (resolved(text, &answers), meant) {
                (Ok(found), Ok(meant)) => assert_eq!(found, meant),
                (Err(found), Err(meant)) => assert!(found.contains(meant), "{found}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }
}
