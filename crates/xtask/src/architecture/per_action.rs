//! The generic crates name no EC2 action: what an action means is data, in the model and the rules.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::tidy;

/// Crates whose code is the same for every action.
const GENERIC: &[&str] = &[
    "ec2-model",
    "ec2-wire",
    "moment",
    "openstack-wire",
    "simcloud",
    "translator",
];

/// Quoted action names in the code of these crates; comments and tests may name them.
///
/// # Errors
/// When a file cannot be read, or the model lists no action.
pub fn faults(root: &Path) -> Result<Vec<String>> {
    let table = root.join("crates/ec2-model/data/actions.txt");
    let table =
        std::fs::read_to_string(&table).with_context(|| format!("reading {}", table.display()))?;
    let names = actions(&table);
    ensure!(
        !names.is_empty(),
        "crates/ec2-model/data/actions.txt lists no action"
    );
    let mut faults = Vec::new();
    for package in GENERIC {
        for path in tidy::rust_files(&root.join("crates").join(package).join("src"))? {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("reading {}", path.display()))?;
            let shown = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .display()
                .to_string();
            faults.extend(named(&shown, &text, &names));
        }
    }
    Ok(faults)
}

fn actions(table: &str) -> BTreeSet<&str> {
    let lines = table
        .lines()
        .filter_map(|line| line.strip_prefix("action "));
    lines.filter_map(|line| line.split(' ').next()).collect()
}

fn named(path: &str, text: &str, names: &BTreeSet<&str>) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines
        .flat_map(|(number, line)| line.split('"').skip(1).step_by(2).map(move |word| (number, word)))
        .filter(|(_, word)| names.contains(word))
        .map(|(number, word)| format!("{path}:{}: this crate treats all actions alike and must not name {word}; say it in a rule", number + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_quoted_names_outside_comments_and_tests_count() {
        let table = "# Generated\naction RunInstances RunInstancesRequest Reservation\npage a b c\naction CreateTags CreateTagsRequest -\n";
        let names = actions(table);
        assert_eq!(names, BTreeSet::from(["CreateTags", "RunInstances"]));
        let text = "//! \"RunInstances\"\nif action == \"RunInstances\" { x(\"RunInstancesRequest\") }\n#[cfg(test)]\nmod tests { \"CreateTags\" }\n";
        let faults = named("a.rs", text, &names);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("a.rs:2: ") && faults[0].contains("RunInstances"));
    }
}
