//! The action that parameters without one are for.

use std::collections::BTreeSet;

use ec2_model::{Action, actions};

use crate::node::Entry;
use crate::{Desk, Span};

/// More names than any action has parameters; the bound keeps hostile text cheap.
const MOST: usize = 100;

/// The only action that takes these parameters and needs no other; says what was found.
pub(super) fn action(entries: &[Entry], whole: &Span, desk: &mut Desk) -> Option<Action> {
    let names: BTreeSet<&str> = entries
        .iter()
        .take(MOST)
        .map(|entry| entry.key.as_str())
        .collect();
    let known = |action: Action| {
        names
            .iter()
            .filter(|name| action.input().member(name).is_some())
            .count()
    };
    let complete = |action: Action| {
        action.input().members().all(|member| {
            !member.required() || member.idempotency_token() || names.contains(member.name())
        })
    };
    let start = whole.start..(whole.start + 1).min(whole.end);
    if names.is_empty() {
        desk.remarks.error(
            start,
            "The object names no action.",
            "Add \"Action\": \"DescribeInstances\", for example.",
        );
        return None;
    }
    let fitting: Vec<Action> = actions()
        .filter(|action| known(*action) == names.len() && complete(*action))
        .collect();
    match fitting.as_slice() {
        [only] => {
            desk.remarks.note(
                start,
                format!(
                    "The object names no action; {} is the only one that takes these parameters.",
                    only.name()
                ),
                format!("Add \"Action\": \"{}\" to say so.", only.name()),
            );
            Some(*only)
        }
        [] => {
            let best = actions().max_by_key(|action| (known(*action), complete(*action)));
            let name = best
                .filter(|action| known(*action) > 0)
                .map_or("DescribeInstances", Action::name);
            desk.remarks.error(
                start,
                "The object names no action, and none takes just these parameters.",
                format!("Add \"Action\": \"{name}\", for example."),
            );
            None
        }
        several => {
            let names: Vec<&str> = several.iter().take(4).map(|action| action.name()).collect();
            desk.remarks.error(
                start,
                format!(
                    "The object names no action, and {} take these parameters: {}{}.",
                    several.len(),
                    names.join(", "),
                    if several.len() > names.len() {
                        " and others"
                    } else {
                        ""
                    }
                ),
                format!(
                    "Add \"Action\": \"{}\", for example.",
                    names.first().unwrap_or(&"DescribeInstances")
                ),
            );
            None
        }
    }
}
