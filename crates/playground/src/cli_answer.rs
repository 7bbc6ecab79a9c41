//! The EC2 answer as the AWS CLI prints it, with `--output json`.

use ec2_model::{Kind, Shape};
use serde_json::Value;

use crate::pretty::{Doc, json};
use crate::session::AnswerView;

/// What the command prints for an answer of an action: JSON, or the line of an error. Values are spots with the same
/// keys as in the XML.
pub fn layout(action: &str, view: &AnswerView) -> Doc {
    let answer = &view.answer;
    if let Some(error) = &answer.error {
        return Doc::plain(format!(
            "An error occurred ({}) when calling the {action} operation: {}",
            error.code, error.message
        ));
    }
    let Some(model) = ec2_model::action(action) else {
        return Doc::default();
    };
    match ec2_wire::decode_response(model, &answer.xml) {
        Ok(mut value) => {
            printed(model.output(), &mut value, 0);
            // Actions that answer nothing but success print nothing.
            match value.as_object().is_some_and(serde_json::Map::is_empty) {
                true => Doc::default(),
                false => json::indented(&value.to_string(), "a", INDENT),
            }
        }
        Err(_) => Doc::default(),
    }
}

/// The command sets each level in by four blanks.
const INDENT: &str = "    ";
/// Deeper values stay as they are.
const DEEPEST: usize = 64;

/// Members in the order of the model and moments in the form of the command.
fn printed(shape: Shape, value: &mut Value, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Object(members) => {
            let mut found = std::mem::take(members);
            for member in shape.members() {
                if let Some(mut value) = found.remove(member.name()) {
                    printed(member.shape(), &mut value, depth + 1);
                    members.insert(member.name().to_owned(), value);
                }
            }
        }
        Value::Array(items) => {
            if let Some(item) = shape.item() {
                for value in items {
                    printed(item, value, depth + 1);
                }
            }
        }
        Value::String(text) if shape.kind() == Kind::Timestamp => {
            if let Some(moment) = text.strip_suffix('Z') {
                *text = format!("{}+00:00", moment.trim_end_matches(".000"));
            }
        }
        _ => {}
    }
}
