//! What was seen to work on real clouds: which action, parameter, filter and error code, on which release, with which client, when.
//!
//! The file `evidence/openstack.json` is written by `cargo xtask openstack evidence` alone, from a run on a real cloud.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// Everything that was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What wrote the file.
    pub written_by: String,
    /// Runs on real clouds, one for each release.
    pub runs: Vec<Run>,
}

/// A whole run on a real cloud.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// OpenStack release: `2026.2`.
    pub release: String,
    /// Day of the run: `2026-11-23`.
    pub date: String,
    /// Versions of the services: `nova`, `34.0.0`.
    pub services: BTreeMap<String, String>,
    /// Versions of the clients: `boto3`, `1.44.5`.
    pub clients: BTreeMap<String, String>,
    /// What was seen of each action.
    pub actions: BTreeMap<String, Action>,
}

/// What was seen of an action.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The action itself.
    pub action: Seen,
    /// Parameters by boto3's names, without the numbers of lists.
    #[serde(default)]
    pub parameters: BTreeMap<String, Seen>,
    /// Filters by name, `tag:<key>` for those of any key.
    #[serde(default)]
    pub filters: BTreeMap<String, Seen>,
    /// Error codes that were answered where they were expected.
    #[serde(default)]
    pub errors: BTreeMap<String, Seen>,
}

/// How, by what and with which clients something was seen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// How far it was looked at.
    pub how: How,
    /// Some of the cases (`volume/create-plain`) and scenarios (`scenario paging`).
    pub by: Vec<String>,
    /// Names of the clients.
    pub clients: Vec<String>,
}

/// How far something was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It was part of a request that was answered as expected.
    Sent,
    /// Its effect was looked at and was there.
    Asserted,
}

/// Everything that was seen; nothing, if the file cannot be read.
pub fn all() -> &'static Evidence {
    static ALL: OnceLock<Evidence> = OnceLock::new();
    ALL.get_or_init(|| read(FILE).unwrap_or_default())
}

const FILE: &str = include_str!("../evidence/openstack.json");

fn read(text: &str) -> serde_json::Result<Evidence> {
    serde_json::from_str(text)
}

/// What was seen of an action, in each run that saw it.
///
/// ```
/// for (run, seen) in rules::evidence::of("CreateVolume") {
///     println!("{}: {} parameters", run.release, seen.parameters.len());
/// }
/// assert_eq!(rules::evidence::of("NoSuchAction").count(), 0);
/// ```
pub fn of(action: &str) -> impl Iterator<Item = (&'static Run, &'static Action)> {
    all()
        .runs
        .iter()
        .filter_map(move |run| Some((run, run.actions.get(action)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_names_what_there_is() {
        let evidence = read(FILE).unwrap();
        assert!(
            evidence
                .written_by
                .contains("cargo xtask openstack evidence")
        );
        assert!(!evidence.runs.is_empty());
        for run in &evidence.runs {
            let year = run.release.split_once('.').map(|(year, _)| year);
            assert!(year.is_some_and(|year| year.len() == 4), "{}", run.release);
            assert_eq!(run.date.len(), "2026-01-01".len(), "{}", run.date);
            for service in ["cinder", "glance", "keystone", "neutron", "nova"] {
                assert!(run.services.contains_key(service), "{service}");
            }
            assert!(run.clients.contains_key("boto3"));
            for (name, seen) in &run.actions {
                names(name, seen, run);
            }
        }
    }

    fn names(name: &str, seen: &Action, run: &Run) {
        let action = ec2_model::action(name).unwrap_or_else(|| panic!("EC2 has no {name}"));
        for parameter in seen.parameters.keys() {
            let mut shape = action.input();
            for part in parameter.split('.') {
                while let Some(item) = shape.item() {
                    shape = item;
                }
                let member = shape.member(part);
                shape = member
                    .unwrap_or_else(|| panic!("{name} has no {parameter}"))
                    .shape();
            }
        }
        let all = [&seen.parameters, &seen.filters, &seen.errors];
        let rows = all.into_iter().flat_map(|rows| rows.values());
        for row in rows.chain([&seen.action]) {
            assert!(!row.by.is_empty() && !row.clients.is_empty(), "{name}");
            for client in &row.clients {
                assert!(run.clients.contains_key(client), "{name}: {client}");
            }
        }
    }

    #[test]
    fn most_actions_with_a_rule_were_seen() {
        let rules = crate::Rules::built_in();
        let unseen: Vec<&str> = rules
            .actions
            .keys()
            .map(String::as_str)
            .filter(|action| of(action).next().is_none())
            .collect();
        assert!(unseen.len() < 10, "{unseen:?}");
    }
}
