//! A text that is JSON: an action with its parameters, parameters alone, or a CloudTrail event.

use super::{cloudtrail, guess, parse};
use crate::characters::trimmed;
use crate::node::{Entry, Node, Value, remove};
use crate::token::TokenKind;
use crate::word::Word;
use crate::{Desk, Span, structured};

/// Reads the whole text.
pub(crate) fn read(text: &str, desk: &mut Desk) {
    let word = Word::whole(text, trimmed(text));
    let node = match parse(&word, &mut desk.remarks) {
        Ok(node) => node,
        Err(flaw) => return desk.remarks.flaw(flaw),
    };
    let whole = node.span.clone();
    let Some(mut entries) = object(node, desk) else {
        return desk.remarks.error(
            whole,
            "The text is JSON, but no object.",
            "Write {\"Action\": \"DescribeInstances\"}, for example.",
        );
    };
    // Whoever logs events wraps them.
    if let Some(Entry { node, .. }) = remove(&mut entries, "Records") {
        entries = object(node, desk).unwrap_or_default();
    }
    if entries.iter().any(|entry| entry.key == "eventName") {
        return event(entries, &whole, desk);
    }
    let named = ["Action", "action"]
        .iter()
        .find_map(|key| remove(&mut entries, key));
    let version = remove(&mut entries, "Version").and_then(|entry| {
        protocol(&entry, TokenKind::Protocol, desk);
        text_of(entry.node)
    });
    let (action, place) = match named {
        Some(entry) => {
            protocol(&entry, TokenKind::Action, desk);
            let place = entry.node.span.clone();
            let Some(action) = text_of(entry.node) else {
                return desk.remarks.error(
                    place,
                    "The action's name is no text.",
                    "Write \"Action\": \"DescribeInstances\", for example.",
                );
            };
            let inner = ["Parameters", "parameters"]
                .iter()
                .find_map(|key| remove(&mut entries, key));
            if let Some(inner) = inner {
                desk.tokens.add(inner.key_span, TokenKind::Protocol);
                entries = object(inner.node, desk).unwrap_or_default();
            }
            (action, place)
        }
        None => match guess::action(&entries, &whole, desk) {
            Some(action) => (action.name().to_owned(), whole),
            None => return structured::colour(&entries, desk),
        },
    };
    user_data(&action, &entries, desk);
    request(&action, &entries, &place, desk);
    if let (Some(request), Some(version)) = (&mut desk.request, version) {
        request.version = Some(version);
    }
}

/// The members of an object, or of the first object in a list.
fn object(node: Node, desk: &mut Desk) -> Option<Vec<Entry>> {
    match node.value {
        Value::Map(entries) => Some(entries),
        Value::List(items) => {
            let mut items = items.into_iter();
            let first = items.next()?;
            if let Some(second) = items.next() {
                desk.remarks.note(
                    second.span,
                    "Only the first request of the list was read.",
                    "Paste one request at a time.",
                );
            }
            match first.value {
                Value::Map(entries) => Some(entries),
                _ => None,
            }
        }
        _ => None,
    }
}

fn text_of(node: Node) -> Option<String> {
    match node.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn protocol(entry: &Entry, kind: TokenKind, desk: &mut Desk) {
    desk.tokens.add(entry.key_span.clone(), TokenKind::Protocol);
    desk.tokens.add(entry.node.span.clone(), kind);
}

/// `{"eventName": …, "requestParameters": …}`
fn event(mut entries: Vec<Entry>, whole: &Span, desk: &mut Desk) {
    let source = remove(&mut entries, "eventSource");
    if let Some((span, source)) =
        source.and_then(|entry| Some((entry.node.span.clone(), text_of(entry.node)?)))
        && source != "ec2.amazonaws.com"
    {
        desk.remarks.error(
            span,
            format!("The event is of {source}, not of EC2."),
            "Paste an event whose eventSource is ec2.amazonaws.com.",
        );
    }
    if let Some(entry) = remove(&mut entries, "awsRegion") {
        protocol(&entry, TokenKind::Client, desk);
        desk.region = text_of(entry.node);
    }
    let Some(name) = remove(&mut entries, "eventName") else {
        return;
    };
    protocol(&name, TokenKind::Action, desk);
    let place = name.node.span.clone();
    let action = text_of(name.node).unwrap_or_default();
    let given = remove(&mut entries, "requestParameters");
    let mut parameters = match given {
        Some(Entry { key_span, node, .. }) => {
            desk.tokens.add(key_span, TokenKind::Protocol);
            match node.value {
                Value::Map(entries) => entries,
                _ => Vec::new(),
            }
        }
        None => {
            desk.remarks.error(
                whole.clone(),
                "The event has no requestParameters.",
                "Paste the whole event record.",
            );
            return;
        }
    };
    desk.remarks.note(
        place.clone(),
        "This is a CloudTrail event; its names were read as those of the request that it records.",
        "",
    );
    if let Some(action) = ec2_model::action(&action) {
        parameters = cloudtrail::parameters(action, parameters, desk);
    }
    request(&action, &parameters, &place, desk);
}

fn request(action: &str, entries: &[Entry], place: &Span, desk: &mut Desk) {
    structured::colour(entries, desk);
    structured::take(
        action,
        entries,
        place,
        |object, desk| {
            let mend = |name: &str| format!("Add \"{name}\" and its value.");
            structured::required(action, object, place, mend, desk);
        },
        desk,
    );
}

/// EC2 takes user data as base64 only; the clients encode it, plain JSON does not.
fn user_data(action: &str, entries: &[Entry], desk: &mut Desk) {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    let plain = entries.iter().find(|entry| {
        entry.key == "UserData"
            && matches!(&entry.node.value, Value::Text(text) if engine.decode(text).is_err())
    });
    if let Some(entry) = plain.filter(|_| action == "RunInstances") {
        desk.remarks.warning(
            entry.node.span.clone(),
            "EC2 takes user data as base64, which this is not; clients encode it, here it was read as it stands.",
            "Write it as base64, or paste the client's command.",
        );
    }
}
