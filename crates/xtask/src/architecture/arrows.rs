//! Which crate may use which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Every package of the workspace with the packages of the workspace that it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("ec2-model", &[]),
    ("moment", &[]),
    ("ec2-wire", &["ec2-model", "moment"]),
    ("openstack-wire", &[]),
    ("rules", &["ec2-model"]),
    ("packed-rules", &["ec2-model", "rules"]),
    (
        "translator",
        &[
            "ec2-model",
            "ec2-wire",
            "moment",
            "openstack-wire",
            "rules",
            "scrub",
        ],
    ),
    ("ingest", &["ec2-model", "ec2-wire"]),
    ("scrub", &[]),
    ("simcloud", &["moment", "openstack-wire"]),
    ("cases", LIBRARIES),
    ("workshop", &["cases", "ingest", "rules", "translator"]),
    ("documentation", &["ec2-model", "rules", "cases", "ingest"]),
    ("conformance", &["ec2-model"]),
    ("workshop-module", PROGRAMS),
    ("playground", PROGRAMS),
    ("stacklens", PROGRAMS),
    ("parity", PROGRAMS),
    ("browser-tests", &[]),
    // It looks at the others from outside, and builds while they do not.
    ("xtask", &[]),
];

const LIBRARIES: &[&str] = &[
    "ec2-model",
    "ec2-wire",
    "openstack-wire",
    "rules",
    "translator",
    "ingest",
    "simcloud",
];

const PROGRAMS: &[&str] = &[
    "conformance",
    "ec2-model",
    "ec2-wire",
    "openstack-wire",
    "rules",
    "packed-rules",
    "translator",
    "ingest",
    "scrub",
    "moment",
    "simcloud",
    "cases",
    "workshop",
    "documentation",
];

/// Two that must not see each other, on no way and not in tests: a shared misunderstanding has to show as a failing case.
const APART: [&str; 2] = ["translator", "simcloud"];

/// Arrows that must not be; `metadata` is what `cargo metadata --no-deps` says.
pub fn faults(metadata: &Value) -> Vec<String> {
    let arrows = arrows(metadata);
    let mut faults = Vec::new();
    for (package, used) in &arrows {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| name == package) else {
            faults.push(format!(
                "{package} is a new package; say in crates/xtask/src/architecture/arrows.rs what it may use"
            ));
            continue;
        };
        for other in used {
            if !allowed.contains(&other.as_str()) {
                faults.push(format!(
                    "{package} must not use {other}, in tests neither; it may use: {}",
                    if allowed.is_empty() {
                        "none of the workspace".to_owned()
                    } else {
                        allowed.join(", ")
                    }
                ));
            }
        }
    }
    for (one, other) in [(APART[0], APART[1]), (APART[1], APART[0])] {
        if reachable(one, &arrows).contains(other) {
            faults.push(format!("{one} reaches {other}; the two are kept apart"));
        }
    }
    faults
}

/// Package → packages of the workspace among its dependencies of any kind.
fn arrows(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let packages = metadata["packages"].as_array();
    let packages = packages.map(Vec::as_slice).unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let known: BTreeSet<String> = packages.iter().map(name).collect();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array();
            let used = dependencies.into_iter().flatten().map(name);
            let own = name(package);
            // A package may depend on itself, for the features of its tests.
            let used = used.filter(|other| known.contains(other) && *other != own);
            (own.clone(), used.collect())
        })
        .collect()
}

fn reachable(from: &str, arrows: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left = vec![from.to_owned()];
    while let Some(package) = left.pop() {
        for other in arrows.get(&package).into_iter().flatten() {
            if found.insert(other.clone()) {
                left.push(other.clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(packages: &[(&str, &[&str])]) -> Value {
        let packages: Vec<Value> = packages
            .iter()
            .map(|(name, used)| {
                let used: Vec<Value> = used
                    .iter()
                    .map(|other| json!({ "name": other, "kind": "dev" }))
                    .collect();
                json!({ "name": name, "dependencies": used })
            })
            .collect();
        json!({ "packages": packages })
    }

    #[test]
    fn an_arrow_that_is_not_in_the_table_is_a_fault() {
        for (packages, told) in [
            (
                metadata(&[("ec2-model", &["serde"]), ("ec2-wire", &["ec2-model"])]),
                None,
            ),
            (
                metadata(&[("ec2-model", &["ec2-wire"]), ("ec2-wire", &[])]),
                Some("ec2-model must not use ec2-wire"),
            ),
            (
                metadata(&[("translator", &["simcloud"]), ("simcloud", &[])]),
                Some("translator must not use simcloud"),
            ),
            (
                metadata(&[("simcloud", &["translator"]), ("translator", &[])]),
                Some("simcloud must not use translator"),
            ),
            (
                metadata(&[
                    ("translator", &["cases"]),
                    ("cases", &["simcloud"]),
                    ("simcloud", &[]),
                ]),
                Some("translator reaches simcloud"),
            ),
            (
                metadata(&[("stacklens", &["playground"]), ("playground", &[])]),
                Some("stacklens must not use playground"),
            ),
            (
                metadata(&[("novelty", &[])]),
                Some("novelty is a new package"),
            ),
        ] {
            let faults = faults(&packages).join("\n");
            match told {
                None => assert_eq!(faults, ""),
                Some(told) => assert!(faults.contains(told), "{faults}"),
            }
        }
    }
}
