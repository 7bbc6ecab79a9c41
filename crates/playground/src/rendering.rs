//! A call as text in one of its four forms, with the places of its parts.

use std::ops::Range;

use openstack_wire::render::{Issued, Style};
use serde_json::Value;
use translator::trace::{LedgerRow, Phase, Place, TracedCall, origins};

use crate::highlight;
use crate::pretty::{Doc, Ink, Mark, Spot, json};
use crate::shared::Shared;
use crate::writing;

/// Nesting of a body beyond which its values are not looked for.
const DEEPEST: usize = 64;

/// A call written in a form, each value that the highlight knows as a spot.
pub fn layout(call: &TracedCall, style: Style) -> Doc {
    let text = writing::call(style, &call.call);
    let mut finder = Finder {
        text: &text,
        spots: Vec::new(),
    };
    finder.path_and_query(call);
    if let Some(body) = &call.call.body {
        finder.body(call.id, body);
    }
    let spots = finder.spots;
    let marks = inks(&text);
    Doc::new(text, marks, spots)
}

/// All calls that answered as one script; it says what of the request each value comes from.
pub fn script(calls: &[Shared<TracedCall>], ledger: &[LedgerRow], style: Style) -> String {
    let told: Vec<(&TracedCall, Vec<String>)> = calls
        .iter()
        .filter(|call| call.phase != Phase::Undo)
        .map(|call| (&**call, origins(call, ledger)))
        .collect();
    let issued: Vec<Issued<'_>> = told
        .iter()
        .map(|(call, origins)| Issued {
            name: &call.name,
            call: &call.call,
            reply: call.reply.as_ref(),
            origins,
        })
        .collect();
    writing::script(style, &issued)
}

struct Finder<'t> {
    text: &'t str,
    spots: Vec<Spot>,
}

impl Finder<'_> {
    fn path_and_query(&mut self, call: &TracedCall) {
        let path = self.text.find(call.call.path.as_str());
        for link in &call.links {
            let key = highlight::key(&link.to);
            match &link.to {
                Place::Path { span, .. } => {
                    let piece = call.call.path.get(span.clone()).unwrap_or_default();
                    match path {
                        Some(at) => self.push(at + span.start..at + span.end, key),
                        None => self.word(piece, 0, key),
                    }
                }
                Place::Query { index, .. } => {
                    let Some((name, value)) = call.call.query.get(*index) else {
                        continue;
                    };
                    let encoded: String = url_encoded(value);
                    let after = self
                        .text
                        .find(&format!("{name}={encoded}"))
                        .map(|at| at + name.len() + 1);
                    match after {
                        Some(at) => self.push(at..at + encoded.len(), key),
                        None => self.word(value, 0, key),
                    }
                }
                _ => {}
            }
        }
    }

    /// The body as JSON where it stands as such, else each value where it is written.
    fn body(&mut self, call: u32, body: &Value) {
        let prefix = format!("b{call}");
        let whole = [
            serde_json::to_string_pretty(body),
            serde_json::to_string(body),
        ];
        for written in whole.into_iter().flatten() {
            if let Some(at) = self.text.find(&written)
                && let Some((spots, _)) = json::scalars(&written, &prefix)
            {
                for spot in spots {
                    self.push(at + spot.span.start..at + spot.span.end, spot.key);
                }
                return;
            }
        }
        let mut leaves = Vec::new();
        scalars(body, prefix, 0, &mut leaves);
        let mut from = 0;
        for (key, value) in leaves {
            if let Some(end) = self.word_after(&value, from, key.clone()) {
                from = end;
            } else {
                self.word(&value, 0, key);
            }
        }
    }

    fn word(&mut self, value: &str, from: usize, key: String) {
        self.word_after(value, from, key);
    }

    /// The first free occurrence of a value that is not part of a longer word; its end.
    fn word_after(&mut self, value: &str, from: usize, key: String) -> Option<usize> {
        if value.is_empty() {
            return None;
        }
        let rest = self.text.get(from..)?;
        let inner = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '.';
        for (at, _) in rest.match_indices(value) {
            let span = from + at..from + at + value.len();
            let before = self.text.get(..span.start)?.chars().next_back();
            let after = self.text.get(span.end..)?.chars().next();
            let free = self
                .spots
                .iter()
                .all(|spot| spot.span.end <= span.start || span.end <= spot.span.start);
            if free && !before.is_some_and(inner) && !after.is_some_and(inner) {
                let end = span.end;
                self.push(span, key);
                return Some(end);
            }
        }
        None
    }

    fn push(&mut self, span: Range<usize>, key: String) {
        self.spots.push(Spot { span, key });
    }
}

fn scalars(value: &Value, key: String, depth: usize, found: &mut Vec<(String, String)>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                scalars(value, format!("{key}/{name}"), depth + 1, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                scalars(value, format!("{key}/{index}"), depth + 1, found);
            }
        }
        Value::String(text) => found.push((key, text.clone())),
        Value::Null => {}
        value => found.push((key, value.to_string())),
    }
}

fn url_encoded(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Quoted texts and the first word of the first line, the same for every form.
fn inks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let first = text.find(' ').unwrap_or(text.len());
    if first > 0 {
        marks.push(Mark {
            span: 0..first,
            ink: Ink::Key,
        });
    }
    let mut open: Option<(usize, char)> = None;
    let mut escaped = false;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < first) {
        match open {
            _ if escaped => escaped = false,
            Some((_, quote)) if c == '\\' && quote == '"' => escaped = true,
            // A shell quote may run over lines; JSON inside it gets its own inks.
            Some((start, quote)) if c == quote => {
                if quote == '"' || !text.get(start..at).unwrap_or_default().contains('\n') {
                    marks.push(Mark {
                        span: start..at + 1,
                        ink: Ink::Text,
                    });
                }
                open = None;
            }
            Some((_, '\'')) if c == '"' => open = Some((at, '"')),
            None if c == '"' || c == '\'' => open = Some((at, c)),
            _ => {}
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use openstack_wire::{Call, Method};
    use translator::trace::{Link, RuleLine};

    fn call() -> TracedCall {
        let rule = RuleLine {
            file: "volume/CreateVolume.yaml".into(),
            line: 1,
        };
        let link = |to| Link {
            to,
            from: vec![],
            rule: rule.clone(),
        };
        TracedCall {
            id: 3,
            name: "attached".into(),
            round: 1,
            phase: Phase::Change,
            call: Call {
                method: Method::Post,
                service: "compute".into(),
                path: "/servers/6f1c9a1e-0000-4000-8000-000000000001/os-volume_attachments".into(),
                query: vec![("tags".into(), "a b".into())],
                microversion: Some("2.96".into()),
                body: Some(
                    serde_json::json!({"volumeAttachment": {"volumeId": "8d3b7a52-0000-4000-8000-000000000002", "device": "/dev/sdf"}}),
                ),
                content_type: None,
                headers: vec![],
            },
            reply: None,
            fault: None,
            links: vec![
                link(Place::Path {
                    call: 3,
                    span: 9..45,
                }),
                link(Place::Query { call: 3, index: 0 }),
            ],
            rule,
        }
    }

    #[test]
    fn values_are_found_in_every_form() {
        for style in Style::ALL {
            let doc = layout(&call(), style);
            let at = |key: &str| {
                doc.spots_of(&[key.into()])
                    .first()
                    .map(|spot| &doc.text[doc.spots[*spot].span.clone()])
            };
            let shown = at("p3/9-45");
            assert_eq!(
                shown,
                Some("6f1c9a1e-0000-4000-8000-000000000001"),
                "{style:?}: {}",
                doc.text
            );
            let shown = at("b3/volumeAttachment/volumeId").unwrap_or_default();
            assert!(
                shown.contains("8d3b7a52-0000-4000-8000-000000000002"),
                "{style:?}: {}",
                doc.text
            );
            let shown = at("b3/volumeAttachment/device").unwrap_or_default();
            assert!(shown.contains("/dev/sdf"), "{style:?}: {}", doc.text);
        }
    }

    #[test]
    fn query_values_are_found_encoded() {
        let doc = layout(&call(), Style::Http);
        let spot = doc.spots_of(&["u3/0".into()])[0];
        assert_eq!(
            &doc.text[doc.spots[spot].span.clone()],
            "a%20b",
            "{}",
            doc.text
        );
    }

    #[test]
    fn a_script_leaves_undo_out() {
        let mut undo = call();
        undo.phase = Phase::Undo;
        undo.name = "taken-back".into();
        let calls = [Shared::new(call()), Shared::new(undo)];
        let script = script(&calls, &[], Style::Curl);
        assert!(
            script.contains("attached") && !script.contains("taken-back"),
            "{script}"
        );
    }
}
