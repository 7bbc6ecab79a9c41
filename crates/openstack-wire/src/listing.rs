//! Where a thing that a call makes is found when the call's answer was lost.

use serde_json::Value;

use crate::{Call, Method};

/// Collections whose members are listed whole under another path.
const DETAILED: &[(&str, &str)] = &[
    ("compute", "/servers"),
    ("block-storage", "/volumes"),
    ("block-storage", "/snapshots"),
];

/// The call that lists what a creating call makes, with all members.
///
/// ```
/// use openstack_wire::{Call, Method, listing};
/// let made = Call::new(Method::Post, "compute", "/servers");
/// assert_eq!(listing::of(&made).path, "/servers/detail");
/// ```
#[must_use]
pub fn of(creating: &Call) -> Call {
    let mut path = creating.path.clone();
    if DETAILED.contains(&(creating.service.as_str(), path.as_str())) {
        path.push_str("/detail");
    }
    Call {
        microversion: creating.microversion.clone(),
        ..Call::new(Method::Get, creating.service.clone(), path)
    }
}

/// The things in the answer of a listing; Nova wraps key pairs once more.
pub fn things(answer: &Value) -> impl Iterator<Item = &Value> {
    let lists = answer.as_object().into_iter().flatten();
    lists
        .filter_map(|(_, member)| member.as_array())
        .flatten()
        .map(|thing| {
            match thing.as_object() {
                Some(one) if one.len() == 1 => one.values().find(|inner| inner.is_object()),
                _ => None,
            }
            .unwrap_or(thing)
        })
        .filter(|thing| thing.is_object())
}

/// Whether a listed thing has everything that was sent and that it shows under the same name.
#[must_use]
pub fn as_sent(sent: &Value, listed: &Value) -> bool {
    deep(sent, listed, 0)
}

fn deep(sent: &Value, listed: &Value, depth: usize) -> bool {
    if depth > 16 {
        return true;
    }
    match (sent, listed) {
        (Value::Null, _) | (_, Value::Null) => true,
        (Value::Object(sent), Value::Object(listed)) => sent.iter().all(|(name, value)| {
            listed
                .get(name)
                .is_none_or(|shown| deep(value, shown, depth + 1))
        }),
        (Value::Array(sent), Value::Array(listed)) => sent.iter().all(|one| {
            listed.is_empty() && one.is_object()
                || listed.iter().any(|other| deep(one, other, depth + 1))
        }),
        // Some members are shown in another form than they are taken in: `imageRef` and `image`.
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => true,
        (Value::String(sent), Value::String(listed)) => sent.eq_ignore_ascii_case(listed),
        (sent, listed) => plain(sent) == plain(listed),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_thing_is_known_by_what_was_sent() {
        let sent = json!({ "name": "a", "size": 1, "tags": ["x"], "metadata": { "k": "v" }, "networks": [{ "uuid": "n" }] });
        for (listed, same) in [
            (
                json!({ "id": "1", "name": "a", "size": 1, "tags": ["y", "x"], "metadata": { "k": "v", "l": "w" } }),
                true,
            ),
            (json!({ "name": "a", "size": "1" }), true),
            (json!({ "name": "a", "networks": [] }), true),
            (json!({ "name": "a", "networks": "public" }), true),
            (json!({ "name": null }), true),
            (json!({ "name": "b" }), false),
            (json!({ "tags": ["y"] }), false),
            (json!({ "metadata": { "k": "w" } }), false),
        ] {
            assert_eq!(as_sent(&sent, &listed), same, "{listed}");
        }
    }

    #[test]
    fn things_are_found_whatever_their_list_is_called() {
        let ids = |answer: Value| {
            things(&answer)
                .filter_map(|thing| thing["id"].as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            ids(
                json!({ "ports": [{ "id": "1", "name": "" }], "ports_links": [{ "rel": "next", "href": "h" }] })
            ),
            ["1"]
        );
        assert_eq!(
            ids(json!({ "keypairs": [{ "keypair": { "id": "k" } }] })),
            ["k"]
        );
        assert_eq!(ids(json!([])), Vec::<String>::new());
    }
}
