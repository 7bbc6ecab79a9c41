//! What a step needs of the steps before it, so that a story can go on after a deviation.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::format::{Expected, Step};

/// Names that steps speak of, with the step that spoiled them, as it is called in reports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoiled {
    /// Never obtained: whoever needs one cannot be sent.
    absent: BTreeMap<String, String>,
    /// Of things that a failed change or a vain wait was about: what deviates there says nothing of its own.
    doubtful: BTreeMap<String, String>,
}

impl Spoiled {
    /// The values that a step should have given are not there.
    pub fn lose(&mut self, step: &Step, by: &str) {
        for name in step.save.keys() {
            self.absent
                .entry(name.clone())
                .or_insert_with(|| by.to_owned());
        }
    }

    /// A value was obtained.
    pub fn found(&mut self, name: &str) {
        self.absent.remove(name);
        self.doubtful.remove(name);
    }

    /// What a step spoke of is not in the state that later steps count on.
    pub fn doubt(&mut self, step: &Step, known: &Map<String, Value>, by: &str) {
        for name in names(step) {
            if known.contains_key(&name) {
                self.doubtful.entry(name).or_insert_with(|| by.to_owned());
            }
        }
    }

    /// Why a step cannot be sent, if so.
    pub fn unreachable(&self, step: &Step) -> Option<String> {
        let (name, by) = first(&self.absent, step)?;
        Some(format!("not reached because {by} gave no '{name}'"))
    }

    /// The step because of which a deviation of this one says nothing.
    pub fn doubted(&self, step: &Step) -> Option<&str> {
        first(&self.doubtful, step).map(|(_, by)| by)
    }
}

fn first<'a>(spoiled: &'a BTreeMap<String, String>, step: &Step) -> Option<(String, &'a str)> {
    names(step).into_iter().find_map(|name| {
        let by = spoiled.get(&name)?;
        Some((name, by.as_str()))
    })
}

/// Every name in a `${…}` of a step.
fn names(step: &Step) -> Vec<String> {
    let mut names = Vec::new();
    step.with
        .values()
        .for_each(|value| in_value(value, 0, &mut names));
    for (expression, expected) in step.expect.iter().chain(&step.until).chain(&step.wish) {
        in_text(expression, &mut names);
        match expected {
            Expected::Value(value) => in_value(value, 0, &mut names),
            Expected::Items(items) => in_value(&items.items, 0, &mut names),
            Expected::OneOf(values) => values
                .one_of
                .iter()
                .for_each(|value| in_value(value, 0, &mut names)),
            Expected::Matches(_) => {}
        }
    }
    names
}

fn in_value(value: &Value, depth: usize, names: &mut Vec<String>) {
    if depth > 32 {
        return;
    }
    match value {
        Value::String(text) => in_text(text, names),
        Value::Array(items) => items
            .iter()
            .for_each(|item| in_value(item, depth + 1, names)),
        Value::Object(members) => members
            .values()
            .for_each(|member| in_value(member, depth + 1, names)),
        _ => {}
    }
}

fn in_text(text: &str, names: &mut Vec<String>) {
    for expression in text.split("${").skip(1) {
        let expression = expression.split('}').next().unwrap_or_default();
        let words =
            expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
        // Of `instances[0].Id` only the first word is a name of the story's.
        names.extend(
            words
                .filter(|word| !word.starts_with('.'))
                .filter_map(|word| word.split('.').next())
                .filter(|word| !word.is_empty())
                .map(str::to_owned),
        );
    }
}

/// Whether an action only looks.
pub(crate) fn looks(step: &Step) -> bool {
    let action = step.action.as_deref().unwrap_or_default();
    action.starts_with("Describe") || action.starts_with("Get")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_wherever_a_step_has_them() {
        let step: Step = serde_json::from_value(serde_json::json!({
            "do": "DescribeVpcs",
            "with": { "VpcIds": ["${vpc}", "${[a, b.c][]}"], "Filters": [{ "Values": ["x-${ids[0].Name}"] }] },
            "expect": { "Vpcs[?VpcId=='${d}']": { "items": "${e}" } },
            "until": { "x": { "one-of": ["${f}"] } },
            "wish": { "y": "${length(g)}" },
        }))
        .unwrap();
        assert_eq!(
            names(&step),
            ["vpc", "a", "b", "ids", "0", "d", "e", "f", "length", "g"]
        );
    }
}
