//! Why an element of the EC2 answer is not filled, as far as the rules say: what they note of the parameter that sets it.

use rules::Rules;

/// A reason, and the gap that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// In a sentence.
    pub words: String,
    /// Id of the gap.
    pub gap: Option<String>,
}

/// What the rules note of the parameter that is called as the element, or as what holds it: the action's own note before
/// those of others. The closest name counts.
pub fn reason(rules: &Rules, action: &str, element: &str) -> Option<Reason> {
    let path: Vec<&str> = element
        .split('.')
        .map(|part| part.trim_end_matches("[]"))
        .filter(|part| !part.is_empty() && *part != "*")
        .collect();
    let own = rules.actions.get(action);
    let others = rules.actions.values();
    let folder = own.and_then(|rule| rule.at.file.rsplit_once('/').map(|(folder, _)| folder));
    let near = others.filter(|rule| {
        folder.is_some_and(|folder| rule.at.file.starts_with(folder)) && rule.action != action
    });
    let notes: Vec<_> = own
        .into_iter()
        .chain(near)
        .flat_map(|rule| &rule.parameters)
        // A note under a condition is about some requests only.
        .filter(|note| note.when.is_none())
        .collect();
    // The list that an answer is about, and the whole of an answer, are nobody's parameter.
    for depth in (0..path.len()).rev() {
        let name = path.get(depth)?;
        let rest = path.get(depth..)?.join(".");
        let same = |note: &&&rules::ParameterNote| {
            note.name == rest || note.name.rsplit('.').next() == Some(*name)
        };
        if let Some(note) = notes.iter().find(same) {
            return Some(Reason {
                words: note.reason.clone(),
                gap: note.gap.clone(),
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_launch_cannot_set_a_list_cannot_show() {
        let rules = rules::Rules::built_in();
        let of = |action: &str, element: &str| {
            reason(rules, action, element).and_then(|found| found.gap)
        };
        for action in ["RunInstances", "DescribeInstances"] {
            assert_eq!(
                of(action, "Reservations[].Instances[].CpuOptions.CoreCount").as_deref(),
                Some("cpu-options"),
                "{action}"
            );
        }
        assert_eq!(
            of("CreateVolume", "Iops").as_deref(),
            Some("iops-per-volume")
        );
        assert_eq!(reason(rules, "DescribeInstances", "NoSuchThing"), None);
    }
}
