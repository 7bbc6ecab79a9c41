//! What calls take from the replies to earlier ones.

use std::collections::BTreeMap;

use translator::trace::{Place, TracedCall};

use crate::highlight;
use crate::shared::Shared;

/// Values that one call takes from the reply to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The call that was replied to.
    pub from: u32,
    /// The call that takes them.
    pub to: u32,
    /// Each once: its name in the reply, `server.id`, and its key there.
    pub values: Vec<(String, String)>,
}

/// Everything that is carried, by taker and giver.
pub fn carried(calls: &[Shared<TracedCall>]) -> Vec<Carried> {
    let mut found: BTreeMap<(u32, u32), Vec<(String, String)>> = BTreeMap::new();
    for call in calls {
        for place in call.links.iter().flat_map(|link| &link.from) {
            let Place::Reply {
                call: from,
                pointer,
            } = place
            else {
                continue;
            };
            if *from == call.id {
                continue;
            }
            let values = found.entry((call.id, *from)).or_default();
            let name = name(pointer);
            if !values.iter().any(|(known, _)| *known == name) {
                values.push((name, highlight::key(place)));
            }
        }
    }
    let made = found.into_iter();
    made.map(|((to, from), values)| Carried { from, to, values })
        .collect()
}

/// The last two names of a pointer, without positions: `server.id`.
fn name(pointer: &str) -> String {
    let parts: Vec<String> = pointer
        .split('/')
        .filter(|part| !part.is_empty() && part.parse::<u32>().is_err())
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    match parts.as_slice() {
        [] => "the reply".into(),
        [.., owner, name] => format!("{owner}.{name}"),
        [name] => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use translator::trace::Phase;

    use super::*;
    use crate::session::Session;

    const NOW: i64 = 1_768_478_400_000;

    #[test]
    fn a_launch_carries_ids_forward_only() {
        let engine = translator::Engine::new(rules::Rules::built_in().clone());
        let session = Session::new(Rc::new(engine), NOW);
        let view = session.preview(&session.examples()[0], None, NOW, None);
        let result = view.result.unwrap();
        let carried = carried(&result.calls);
        assert!(
            carried
                .iter()
                .all(|one| one.from < one.to && !one.values.is_empty()),
            "{carried:?}"
        );
        let mut changes = result
            .calls
            .iter()
            .filter(|call| call.phase == Phase::Change);
        let launch = changes.next_back().unwrap();
        assert!(
            carried.iter().any(|one| one.to == launch.id
                && one
                    .values
                    .iter()
                    .any(|(name, key)| name.ends_with(".id") && key.starts_with('r'))),
            "{carried:?}"
        );
    }
}
