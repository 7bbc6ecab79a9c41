//! What was seen to work on real clouds.

use std::collections::BTreeMap;

use rules::evidence::{self, How, Seen};
use serde::Serialize;

/// What one run on a real cloud saw of the action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// OpenStack release: `2026.2`.
    pub release: String,
    /// Day of the run.
    pub date: String,
    /// `nova 34.0.0, neutron 29.0.0 …`.
    pub services: String,
    /// `boto3 1.44.5 …`, those that sent the action.
    pub clients: String,
    /// Parameters: `true` where the effect was looked at, not only the answer.
    pub parameters: BTreeMap<String, bool>,
    /// Filters, likewise.
    pub filters: BTreeMap<String, bool>,
    /// Error codes that were answered where they were expected.
    pub errors: Vec<String>,
}

/// The runs that saw the action.
pub fn of(action: &str) -> Vec<Proof> {
    evidence::of(action)
        .map(|(run, seen)| {
            let used = |name: &String| seen.action.clients.contains(name);
            let clients = run.clients.iter().filter(|(name, _)| used(name));
            Proof {
                release: run.release.clone(),
                date: run.date.clone(),
                services: versions(run.services.iter()),
                clients: versions(clients),
                parameters: looked_at(&seen.parameters),
                filters: looked_at(&seen.filters),
                errors: seen.errors.keys().cloned().collect(),
            }
        })
        .collect()
}

fn versions<'v>(versions: impl Iterator<Item = (&'v String, &'v String)>) -> String {
    let each: Vec<String> = versions
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    each.join(", ")
}

fn looked_at(seen: &BTreeMap<String, Seen>) -> BTreeMap<String, bool> {
    let each = seen.iter();
    each.map(|(name, seen)| (name.clone(), seen.how == How::Asserted))
        .collect()
}
