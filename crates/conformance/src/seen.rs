//! What a run saw of actions, parameters, filters and error codes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What was seen, by action.
pub type Seen = BTreeMap<String, ActionSeen>;

/// What was seen of an action. Numbers are requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionSeen {
    /// Answered, not refused.
    pub answered: u32,
    /// Answered, and all that was expected of the answer was there.
    pub asserted: u32,
    /// Refused as expected, by code.
    #[serde(default)]
    pub refused: BTreeMap<String, u32>,
    /// Requests that did not end as expected.
    pub failed: u32,
    /// Parameters by boto3's names, without the numbers of lists: `BlockDeviceMappings.Ebs.VolumeSize`.
    #[serde(default)]
    pub parameters: BTreeMap<String, PartSeen>,
    /// Filters by name.
    #[serde(default)]
    pub filters: BTreeMap<String, PartSeen>,
    /// Stories or cases that did so.
    #[serde(default)]
    pub by: Vec<String>,
}

/// What was seen of a parameter or filter. Numbers are requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartSeen {
    /// Sent in a request that was answered.
    pub sent: u32,
    /// Its effect was looked at, and was there.
    pub asserted: u32,
    /// Stories or cases that looked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
}

/// Names of all parameters of a request that hold a scalar, and of the structures above them.
#[must_use]
pub fn parameter_names(parameters: &Map<String, Value>) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in parameters {
        collect(name, value, 0, &mut names);
    }
    names.sort();
    names.dedup();
    names
}

fn collect(name: &str, value: &Value, depth: usize, names: &mut Vec<String>) {
    if depth > 32 {
        return;
    }
    names.push(name.to_owned());
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match value {
            Value::Array(items) => rest.extend(items),
            Value::Object(members) => {
                for (member, value) in members {
                    collect(&format!("{name}.{member}"), value, depth + 1, names);
                }
            }
            _ => {}
        }
    }
}

/// Names of the filters of a request.
#[must_use]
pub fn filter_names(parameters: &Map<String, Value>) -> Vec<String> {
    let filters = parameters.get("Filters").and_then(Value::as_array);
    let names = filters
        .into_iter()
        .flatten()
        .filter_map(|filter| filter.get("Name")?.as_str());
    let mut names: Vec<String> = names
        .map(|name| match name.strip_prefix("tag:") {
            Some(_) => "tag:<key>".to_owned(),
            None => name.to_owned(),
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// One of these more, by somebody.
pub(crate) fn note(by: &mut Vec<String>, who: &str) {
    if let Err(at) = by.binary_search_by(|known| known.as_str().cmp(who)) {
        by.insert(at, who.to_owned());
    }
}

/// The sum of both.
pub fn merge(into: &mut Seen, from: &Seen) {
    for (action, more) in from {
        let all = into.entry(action.clone()).or_default();
        all.answered += more.answered;
        all.asserted += more.asserted;
        all.failed += more.failed;
        for (code, count) in &more.refused {
            *all.refused.entry(code.clone()).or_default() += count;
        }
        for (all, more) in [
            (&mut all.parameters, &more.parameters),
            (&mut all.filters, &more.filters),
        ] {
            for (name, part) in more {
                let all = all.entry(name.clone()).or_default();
                all.sent += part.sent;
                all.asserted += part.asserted;
                part.by.iter().for_each(|who| note(&mut all.by, who));
            }
        }
        more.by.iter().for_each(|who| note(&mut all.by, who));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_named_without_numbers() {
        let parameters = json!({
            "Size": 1,
            "Filters": [{"Name": "tag:a", "Values": ["x"]}, {"Name": "status", "Values": ["y", "z"]}],
        });
        let parameters = parameters.as_object().unwrap();
        assert_eq!(
            parameter_names(parameters),
            ["Filters", "Filters.Name", "Filters.Values", "Size"]
        );
        assert_eq!(filter_names(parameters), ["status", "tag:<key>"]);
    }
}
