//! Ids that a sequence of calls brings into the world, as variables of a script.

use serde_json::Value;

use super::Issued;
use crate::Method;

/// Deepest member looked at; replies of the services are far flatter.
const DEEPEST: usize = 32;

/// One id that a reply created and a later call uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Capture {
    /// Position of the call whose reply has it.
    pub(super) call: usize,
    /// Where it stands in the reply's body.
    pub(super) steps: Vec<Step>,
    /// The id.
    pub(super) value: String,
    /// Name in lower case: `server_id`.
    pub(super) name: String,
}

/// One step into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Item(usize),
}

/// A part of a text: as it stands, or the variable that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Variable(&'a str),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Captures {
    all: Vec<Capture>,
}

impl Captures {
    /// Finds every id that is first seen in a reply after something was changed and that a later call names.
    pub(super) fn of(calls: &[Issued<'_>]) -> Self {
        let written: Vec<String> = calls.iter().map(written).collect();
        let mut all: Vec<Capture> = Vec::new();
        let mut changed = false;
        for (position, issued) in calls.iter().enumerate() {
            changed |= !matches!(issued.call.method, Method::Get | Method::Head);
            let Some(reply) = issued
                .reply
                .filter(|reply| changed && (200..300).contains(&reply.status))
            else {
                continue;
            };
            let Ok(body) = serde_json::from_str::<Value>(&reply.body) else {
                continue;
            };
            let mut ids = Vec::new();
            find_ids(&body, &mut Vec::new(), &mut ids);
            for (steps, value) in ids {
                let known = all.iter().any(|capture| capture.value == value)
                    || written
                        .iter()
                        .take(position + 1)
                        .any(|text| text.contains(&value))
                    || calls
                        .iter()
                        .take(position)
                        .filter_map(|earlier| earlier.reply)
                        .any(|earlier| earlier.body.contains(&value));
                let used = written
                    .iter()
                    .skip(position + 1)
                    .any(|text| text.contains(&value));
                if used && !known {
                    let name = unused_name(&steps, &issued.call.path, &all);
                    all.push(Capture {
                        call: position,
                        steps,
                        value,
                        name,
                    });
                }
            }
        }
        Self { all }
    }

    /// The captures that the reply of a call gives.
    pub(super) fn kept_of(&self, position: usize) -> impl Iterator<Item = &Capture> {
        self.all
            .iter()
            .filter(move |capture| capture.call == position)
    }

    /// Cuts a text where the ids of variables stand in it.
    pub(super) fn split<'a>(&'a self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = vec![Piece::Text(text)];
        for capture in &self.all {
            pieces = pieces
                .into_iter()
                .flat_map(|piece| match piece {
                    Piece::Text(text) => {
                        let mut parts = Vec::new();
                        for (n, part) in text.split(capture.value.as_str()).enumerate() {
                            if n > 0 {
                                parts.push(Piece::Variable(&capture.name));
                            }
                            if !part.is_empty() {
                                parts.push(Piece::Text(part));
                            }
                        }
                        parts
                    }
                    variable => vec![variable],
                })
                .collect();
        }
        pieces
    }
}

fn written(issued: &Issued<'_>) -> String {
    let call = issued.call;
    let mut text = call.path.clone();
    for (key, value) in &call.query {
        text.extend(["\n", key, "\n", value]);
    }
    if let Some(body) = &call.body {
        text.push('\n');
        text.push_str(&body.to_string());
    }
    text
}

fn find_ids(value: &Value, at: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, String)>) {
    if at.len() > DEEPEST {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                at.push(Step::Member(name.clone()));
                match value {
                    Value::String(text) if is_id(name, text) => {
                        found.push((at.clone(), text.clone()))
                    }
                    value => find_ids(value, at, found),
                }
                at.pop();
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                at.push(Step::Item(position));
                find_ids(item, at, found);
                at.pop();
            }
        }
        _ => {}
    }
}

/// Short values would be found by accident inside other words.
fn is_id(name: &str, text: &str) -> bool {
    (name == "id" || name.ends_with("_id"))
        && text.len() >= 8
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn unused_name(steps: &[Step], path: &str, taken: &[Capture]) -> String {
    let members: Vec<&str> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Member(name) => Some(name.as_str()),
            Step::Item(_) => None,
        })
        .collect();
    let base = match members.as_slice() {
        [.., owner, "id"] => format!("{}_id", singular(owner)),
        [.., name] if *name != "id" => (*name).to_owned(),
        _ => format!(
            "{}_id",
            singular(
                path.trim_end_matches('/')
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
            )
        ),
    };
    let mut name: String = base
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.starts_with("os_") {
        name.insert_str(0, "new_");
    }
    let is_taken = |name: &str| taken.iter().any(|capture| capture.name == name);
    if !is_taken(&name) {
        return name;
    }
    (2..)
        .map(|n| format!("{name}_{n}"))
        .find(|name| !is_taken(name))
        .unwrap_or(name)
}

fn singular(name: &str) -> &str {
    name.strip_suffix('s').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Call, Reply};

    #[test]
    fn only_ids_that_the_sequence_makes_become_variables() {
        let old = "11111111-aaaa-4aaa-8aaa-111111111111";
        let made = "22222222-bbbb-4bbb-8bbb-222222222222";
        let unused = "33333333-cccc-4ccc-8ccc-333333333333";
        let read = Call::new(Method::Get, "network", "/v2.0/networks");
        let make = Call::new(Method::Post, "network", "/v2.0/ports")
            .with_body(json!({"port": {"network_id": old}}));
        let tag = Call::new(Method::Put, "network", format!("/v2.0/ports/{made}/tags"));
        let reply = |body: Value| Reply {
            status: 200,
            headers: vec![],
            body: body.to_string(),
        };
        let read_reply = reply(json!({"networks": [{"id": old}]}));
        let made_reply =
            reply(json!({"port": {"id": made, "network_id": old, "project_id": unused}}));
        let calls = [
            Issued {
                name: "networks",
                call: &read,
                reply: Some(&read_reply),
                origins: &[],
            },
            Issued {
                name: "port",
                call: &make,
                reply: Some(&made_reply),
                origins: &[],
            },
            Issued {
                name: "tags",
                call: &tag,
                reply: None,
                origins: &[],
            },
        ];
        let captures = Captures::of(&calls);
        assert_eq!(captures.all.len(), 1);
        assert_eq!(captures.all[0].name, "port_id");
        assert_eq!(
            captures.split(&tag.path),
            [
                Piece::Text("/v2.0/ports/"),
                Piece::Variable("port_id"),
                Piece::Text("/tags")
            ]
        );
    }
}
