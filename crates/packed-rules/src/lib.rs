//! The rules that come with the program, read and parsed when it is built: what the page carries instead of rule files.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use rules::Rules;

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.packed"));

static FIRST: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/first-rules.packed"));
static FIRST_FACTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/first-facts.bin"));
static FIRST_NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/first-names.txt"));

static FACTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/facts.bin"));
static NAMES: &str = include_str!(concat!(env!("OUT_DIR"), "/names.txt"));

/// What EC2 says of the actions that have a rule, for [`ec2_model::use_facts`].
pub fn facts() -> (&'static [u8], &'static str) {
    (FACTS, NAMES)
}

/// The same of the actions of [`first`].
pub fn first_facts() -> (&'static [u8], &'static str) {
    (FIRST_FACTS, FIRST_NAMES)
}

/// The rules of the actions that people try first, for what can be told of a request before the first reply.
pub fn first() -> Rules {
    Rules::unpack(FIRST).unwrap_or_default()
}

/// All rules as bytes for [`Rules::unpack`].
pub fn packed() -> &'static [u8] {
    PACKED
}

/// The rules, without what only their readers want: texts, reasonings, columns.
///
/// ```
/// assert!(packed_rules::rules().actions.contains_key("RunInstances"));
/// ```
pub fn rules() -> Rules {
    // They were packed by the same program; the tests see that they are whole.
    Rules::unpack(PACKED).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_between_packing_and_unpacking() {
        let (packed, loaded) = (rules(), Rules::built_in());
        assert_eq!(packed.pack(), loaded.pack());
        assert_eq!(
            packed.actions.keys().collect::<Vec<_>>(),
            loaded.actions.keys().collect::<Vec<_>>()
        );
        for (name, action) in &packed.actions {
            let other = &loaded.actions[name];
            assert_eq!(action.reads, other.reads, "{name}");
            assert_eq!(action.calls.len(), other.calls.len(), "{name}");
            assert_eq!(
                (&action.at.file, action.at.line),
                (&other.at.file, other.at.line)
            );
        }
    }

    #[test]
    fn the_first_rules_are_some_of_all() {
        let (first, all) = (first(), rules());
        assert!(first.actions.len() > 10 && first.actions.len() < all.actions.len());
        assert!(
            first
                .actions
                .keys()
                .all(|name| all.actions.contains_key(name))
        );
        assert!(first.pack().len() * 3 < all.pack().len() * 2);
    }

    #[test]
    fn bytes_that_are_cut_or_changed_are_refused_or_read_but_never_a_fault() {
        for end in (0..PACKED.len()).step_by(499) {
            assert!(Rules::unpack(&PACKED[..end]).is_none(), "{end} bytes");
        }
        for at in (0..PACKED.len()).step_by(1_997) {
            let mut bytes = PACKED.to_vec();
            bytes[at] ^= 0x55;
            let _ = Rules::unpack(&bytes);
        }
    }
}
