//! Versions of the rules: a link says which one it was made with.

include!(concat!(env!("OUT_DIR"), "/pins.rs"));

/// The version of an action's rule, of what it is written in: eight hexadecimal digits over the rule's file and the
/// views and tables that it uses.
pub fn version(action: &str) -> Option<&'static str> {
    let at = PINS
        .binary_search_by(|(name, _)| (*name).cmp(action))
        .ok()?;
    PINS.get(at).map(|(_, version)| *version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_version() {
        for action in rules::Rules::built_in().actions.keys() {
            assert!(
                version(action).is_some_and(|version| version.len() == 8),
                "{action}"
            );
        }
        assert_eq!(version("Nothing"), None);
        assert_ne!(version("RunInstances"), version("DescribeInstances"));
    }
}
