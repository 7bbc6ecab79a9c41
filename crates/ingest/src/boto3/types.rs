//! What boto3 makes of Python's values, and what it refuses.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ec2_model::{Action, Kind, Shape};

use crate::Desk;
use crate::node::{Entry, Node, Value};

/// Fits the values to the model, as the client does before it sends them.
pub(super) fn fit(action: Action, entries: &mut [Entry], desk: &mut Desk) {
    for entry in entries {
        // The client encodes user data, text or bytes, by itself.
        if action.name() == "RunInstances" && entry.key == "UserData" {
            if let Value::Text(text) = &entry.node.value {
                let compact = text.trim();
                let encoded = compact.len() >= 16
                    && STANDARD.decode(compact).is_ok_and(|bytes| bytes.is_ascii());
                if encoded {
                    desk.remarks.warning(
                        entry.node.span.clone(),
                        "The user data looks like base64; the client encodes it once more.",
                        "Write it as plain text.",
                    );
                }
                entry.node.value = Value::Text(STANDARD.encode(text));
                continue;
            }
            if matches!(entry.node.value, Value::Bytes(_)) {
                continue;
            }
        }
        if let Some(member) = action.input().member(&entry.key) {
            shaped(member.shape(), &mut entry.node, desk);
        }
    }
}

fn shaped(shape: Shape, node: &mut Node, desk: &mut Desk) {
    let wrong = |message: &str, mend: &str, desk: &mut Desk| {
        desk.remarks.error(node.span.clone(), message, mend);
    };
    match (shape.kind(), &mut node.value) {
        (_, Value::Null) => wrong(
            "boto3 refuses None as the value of a parameter.",
            "Leave the parameter out.",
            desk,
        ),
        (Kind::List, Value::List(items)) => {
            if let Some(item) = shape.item() {
                items.iter_mut().for_each(|node| shaped(item, node, desk));
            }
        }
        (Kind::List, Value::Text(text)) => {
            let mend = format!("Write ['{text}'].");
            if text.len() < 60 {
                wrong("boto3 takes a list here.", &mend, desk);
            } else {
                wrong("boto3 takes a list here.", "Write [ and ] around it.", desk);
            }
        }
        (Kind::Structure, Value::Map(entries)) => {
            for entry in entries {
                if let Some(member) = shape.member(&entry.key) {
                    shaped(member.shape(), &mut entry.node, desk);
                }
            }
        }
        (Kind::Blob, Value::Text(text)) => *text = STANDARD.encode(&*text),
        (Kind::String, Value::Number(number)) => {
            let mend = format!("Write '{number}'.");
            wrong("boto3 takes a text here, not a number.", &mend, desk);
        }
        (Kind::String, Value::Bool(truth)) => {
            let mend = format!("Write '{truth}'.");
            wrong("boto3 takes a text here, not a truth value.", &mend, desk);
        }
        (Kind::String, Value::Bytes(_)) => wrong(
            "boto3 takes a text here, not bytes.",
            "Write it without b.",
            desk,
        ),
        (Kind::Integer | Kind::Long | Kind::Float | Kind::Double, Value::Text(_)) => wrong(
            "boto3 takes a number here, not a text.",
            "Write it without quotes.",
            desk,
        ),
        (Kind::Boolean, Value::Text(_) | Value::Number(_)) => wrong(
            "boto3 takes True or False here.",
            "Write True or False, without quotes.",
            desk,
        ),
        _ => {}
    }
}
