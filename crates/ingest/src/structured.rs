//! Parameters that have their structure already to a request.

use serde_json::{Map, Value as Json};

use crate::node::{Entry, Node, Value};
use crate::places::Places;
use crate::token::TokenKind;
use crate::{Desk, Span, query};

/// Puts the request on the desk; `place` is where the action is named, `required` complains of what is missing.
pub(crate) fn take(
    action: &str,
    entries: &[Entry],
    place: &Span,
    required: impl FnOnce(&Map<String, Json>, &mut Desk),
    desk: &mut Desk,
) {
    let mut object = Map::new();
    let mut places = Places::default();
    places.entries("", entries, &mut object, desk);
    required(&object, desk);
    let at = |pointer: &str| places.0.get(pointer).cloned().unwrap_or((None, None));
    let mut decoded = ec2_wire::from_parameters(action, &Json::Object(object), at);
    decoded.request.version = Some(ec2_model::VERSION.to_owned());
    query::take(decoded, true, place, desk);
}

/// Complains of required parameters that are not there, by the model's names.
///
/// Clients fill idempotency tokens by themselves.
pub(crate) fn required(
    action: &str,
    object: &Map<String, Json>,
    place: &Span,
    said: impl Fn(&str) -> String,
    desk: &mut Desk,
) {
    let Some(action) = ec2_model::action(action) else {
        return;
    };
    for member in action.input().members() {
        let name = member.name();
        if member.required() && !member.idempotency_token() && !object.contains_key(name) {
            desk.remarks.error(
                place.clone(),
                format!("{} needs the parameter {name}.", action.name()),
                said(name),
            );
        }
    }
}

/// Colours names and values.
pub(crate) fn colour(entries: &[Entry], desk: &mut Desk) {
    for entry in entries {
        desk.tokens.add(entry.key_span.clone(), TokenKind::Key);
        coloured(&entry.node, desk);
    }
}

fn coloured(node: &Node, desk: &mut Desk) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| coloured(item, desk)),
        Value::Map(entries) => colour(entries, desk),
        _ => desk.tokens.add(node.span.clone(), TokenKind::Value),
    }
}
