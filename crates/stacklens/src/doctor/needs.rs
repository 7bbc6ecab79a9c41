//! Which actions need what, derived from the rules: the calls that each may make, and the table `needs` beside the rules.

use std::collections::{BTreeMap, BTreeSet};

use openstack_wire::Method;
use openstack_wire::microversion::Microversion;
use translator::{Engine, PlannedCall};

/// The calls of every action, and what the table says of them.
pub struct Needs {
    calls: BTreeMap<String, Vec<PlannedCall>>,
    /// Service and word of a call, with what the cloud must have for it.
    rows: Vec<(String, String, String)>,
}

impl Needs {
    /// Reads the rules.
    pub fn of(engine: &Engine) -> Self {
        let rules = engine.rules();
        let calls = rules
            .actions
            .keys()
            .map(|action| (action.clone(), engine.planned_calls(action)))
            .collect();
        let rows = rules.tables.get("needs").map(|table| {
            let row = |(key, value, _): &(String, rules::Value, rules::At)| {
                let (service, word) = key.split_once('/')?;
                Some((
                    service.to_owned(),
                    word.to_owned(),
                    value.as_str()?.to_owned(),
                ))
            };
            table.rows.iter().filter_map(row).collect()
        });
        Self {
            calls,
            rows: rows.unwrap_or_default(),
        }
    }

    /// Number of actions.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Every action.
    pub fn all(&self) -> BTreeSet<String> {
        self.calls.keys().cloned().collect()
    }

    /// The actions that make a call of a kind which they cannot do without.
    fn with(&self, fits: impl Fn(&PlannedCall) -> bool) -> BTreeSet<String> {
        let fitting = self
            .calls
            .iter()
            .filter(|(_, calls)| calls.iter().any(|call| !call.is_optional && fits(call)));
        fitting.map(|(action, _)| action.clone()).collect()
    }

    /// The actions that call a service.
    pub fn of_service(&self, service: &str) -> BTreeSet<String> {
        self.with(|call| call.service == service)
    }

    /// The actions that make a resource: a POST whose path ends with the collection.
    pub fn making(&self, service: &str, collection: &str) -> BTreeSet<String> {
        self.with(|call| {
            call.service == service
                && call.method == Method::Post
                && call.segments.last().is_some_and(|last| last == collection)
        })
    }

    /// Neutron's extensions that some action needs, each with those actions.
    pub fn extensions(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (service, word, extension) in &self.rows {
            if service != "network" {
                continue;
            }
            let actions = self.with(|call| {
                call.service == *service
                    && (call.segments.contains(word) || call.members.contains(word))
            });
            if !actions.is_empty() {
                found.entry(extension).or_default().extend(actions);
            }
        }
        found
    }

    /// The microversions of a service: the oldest that gives what the rules read, and the newest they ask for.
    pub fn microversions(&self, service: &str) -> Option<(Microversion, Microversion)> {
        let (_, _, least) = self
            .rows
            .iter()
            .find(|(of, word, _)| of == service && word == "microversion")?;
        let asked = self
            .calls
            .values()
            .flatten()
            .filter(|call| call.service == service)
            .filter_map(|call| Microversion::read(call.microversion.as_deref()?));
        Some((Microversion::read(least)?, asked.max()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_follow_from_the_rules() {
        let engine = Engine::new(rules::Rules::built_in().clone());
        let needs = Needs::of(&engine);
        assert_eq!(needs.len(), engine.rules().actions.len());
        let extensions = needs.extensions();
        let cases = [
            ("router", "CreateVpc", true),
            ("router", "CreateVolume", false),
            ("subnet_allocation", "CreateVpc", true),
            ("security-group", "AuthorizeSecurityGroupIngress", true),
            ("standard-attr-tag", "CreateTags", true),
            ("standard-attr-tag", "DescribeVolumes", false),
            ("allowed-address-pairs", "ModifyInstanceAttribute", true),
        ];
        for (extension, action, expected) in cases {
            assert_eq!(
                extensions[extension].contains(action),
                expected,
                "{extension} {action}"
            );
        }
        // Zones of Neutron are asked for and done without.
        assert!(!extensions.contains_key("availability_zone"));
        assert!(needs.of_service("block-storage").contains("AttachVolume"));
        assert_eq!(
            needs.making("compute", "servers"),
            ["RunInstances".to_owned()].into()
        );
        let (least, most) = needs.microversions("compute").unwrap();
        assert!(least <= most, "{least} {most}");
    }
}
