//! Which places light up together: a value, what it was made from and what was made of it.
//!
//! A place is written as a short key so that panes can look it up by prefix: `q/ImageId` (request), `b2/server/name`
//! (body of call 2), `u2/0` (its first query pair), `p2/9-45` (a piece of its path), `r2/server/id` (its reply),
//! `a/Instances/0/InstanceId` (EC2 answer), `c/region` (context).

use std::collections::{BTreeSet, VecDeque};

use translator::trace::{AnswerLeaf, Place, TracedCall};

pub use crate::lit::{Lit, name};

/// More lit places than anybody can look at; the search stops there.
const MOST: usize = 2_000;

/// The key of a place.
pub fn key(place: &Place) -> String {
    match place {
        Place::Request { pointer } => format!("q{pointer}"),
        Place::Path { call, span } => format!("p{call}/{}-{}", span.start, span.end),
        Place::Query { call, index } => format!("u{call}/{index}"),
        Place::Body { call, pointer } => format!("b{call}{pointer}"),
        Place::Reply { call, pointer } => format!("r{call}{pointer}"),
        Place::Context { name } => format!("c/{name}"),
        Place::Answer { pointer } => format!("a{pointer}"),
    }
}

/// Every derivation of a trace, indexed both ways.
#[derive(Debug, Default)]
pub struct Threads {
    /// Per derivation: what was made, and what it was made from.
    made: Vec<(String, Vec<String>)>,
    /// Derivations by the key made, sorted.
    by_to: Vec<u32>,
    /// (derivation, index of the source), sorted by source key.
    by_from: Vec<(u32, u32)>,
}

impl Threads {
    /// Indexes the links of all calls and the leaves of the answer.
    pub fn new<'t>(calls: impl IntoIterator<Item = &'t TracedCall>, answer: &[AnswerLeaf]) -> Self {
        let mut made = Vec::new();
        for call in calls {
            made.extend(
                call.links
                    .iter()
                    .map(|link| (key(&link.to), link.from.iter().map(key).collect::<Vec<_>>())),
            );
        }
        made.extend(answer.iter().map(|leaf| {
            (
                format!("a{}", leaf.pointer),
                leaf.from.iter().map(key).collect(),
            )
        }));
        let mut threads = Self {
            by_to: (0..made.len() as u32).collect(),
            by_from: Vec::new(),
            made,
        };
        for (index, (_, from)) in threads.made.iter().enumerate() {
            threads
                .by_from
                .extend((0..from.len()).map(|source| (index as u32, source as u32)));
        }
        let made = &threads.made;
        threads.by_to.sort_by(|a, b| to(made, *a).cmp(to(made, *b)));
        threads
            .by_from
            .sort_by(|a, b| from(made, *a).cmp(from(made, *b)));
        threads
    }

    /// Everything that lights up with a place.
    pub fn lit(&self, focus: &str) -> Lit {
        let mut keys = BTreeSet::from([focus.to_owned()]);
        // Backward: what the value was made from, through all calls.
        self.walk(focus, &mut keys, |place, found| {
            for derivation in overlapping(&self.by_to, place, |at| to(&self.made, at)) {
                found.extend(
                    self.made
                        .get(derivation as usize)
                        .into_iter()
                        .flat_map(|(_, from)| from.iter().map(String::as_str)),
                );
            }
        });
        // Forward: what was made of it.
        self.walk(focus, &mut keys, |place, found| {
            for at in overlapping(&self.by_from, place, |at| from(&self.made, at)) {
                found.push(to(&self.made, at.0));
            }
        });
        Lit {
            focus: focus.to_owned(),
            keys: keys.into_iter().collect(),
        }
    }

    fn walk<'s>(
        &'s self,
        focus: &str,
        keys: &mut BTreeSet<String>,
        step: impl Fn(&str, &mut Vec<&'s str>),
    ) {
        let mut due = VecDeque::from([focus.to_owned()]);
        let mut found = Vec::new();
        while let Some(place) = due.pop_front() {
            // Everything hangs on the project and the region; they end a thread.
            if place.starts_with("c/") {
                continue;
            }
            step(&place, &mut found);
            for next in found.drain(..) {
                if keys.len() >= MOST {
                    return;
                }
                if keys.insert(next.to_owned()) {
                    due.push_back(next.to_owned());
                }
            }
        }
    }
}

fn to(made: &[(String, Vec<String>)], at: u32) -> &str {
    made.get(at as usize).map_or("", |(to, _)| to.as_str())
}

fn from(made: &[(String, Vec<String>)], at: (u32, u32)) -> &str {
    made.get(at.0 as usize)
        .and_then(|(_, from)| from.get(at.1 as usize))
        .map_or("", String::as_str)
}

/// The entries whose key is the place, holds it, or lies inside it.
fn overlapping<'k, T: Copy>(sorted: &[T], place: &str, key: impl Fn(T) -> &'k str) -> Vec<T> {
    let mut found = Vec::new();
    let mut holder = place;
    loop {
        let start = sorted.partition_point(|entry| key(*entry) < holder);
        let rest = sorted.get(start..).unwrap_or_default().iter().copied();
        if holder.len() == place.len() {
            // Keys inside: `place/…` follow, but `place-…` may stand between.
            found.extend(
                rest.take_while(|entry| key(*entry).starts_with(holder))
                    .filter(|entry| {
                        let tail = key(*entry).get(holder.len()..).unwrap_or_default();
                        tail.is_empty() || tail.starts_with('/')
                    }),
            );
        } else {
            found.extend(rest.take_while(|entry| key(*entry) == holder));
        }
        match holder.rfind('/') {
            Some(at) => holder = holder.get(..at).unwrap_or_default(),
            None => return found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use translator::trace::{Link, Phase, RuleLine};

    fn rule() -> RuleLine {
        RuleLine {
            file: "volume/CreateVolume.yaml".into(),
            line: 3,
        }
    }

    fn request(pointer: &str) -> Place {
        Place::Request {
            pointer: pointer.into(),
        }
    }

    fn reply(call: u32, pointer: &str) -> Place {
        Place::Reply {
            call,
            pointer: pointer.into(),
        }
    }

    fn body(call: u32, pointer: &str) -> Place {
        Place::Body {
            call,
            pointer: pointer.into(),
        }
    }

    fn call(id: u32, links: Vec<(Place, Vec<Place>)>) -> TracedCall {
        TracedCall {
            id,
            name: "made".into(),
            round: id,
            phase: Phase::Change,
            call: openstack_wire::Call {
                method: openstack_wire::Method::Post,
                service: "compute".into(),
                path: "/servers".into(),
                query: vec![],
                microversion: None,
                body: None,
                content_type: None,
                headers: vec![],
            },
            reply: None,
            fault: None,
            links: links
                .into_iter()
                .map(|(to, from)| Link {
                    to,
                    from,
                    rule: rule(),
                })
                .collect(),
            rule: rule(),
        }
    }

    fn leaf(pointer: &str, from: Vec<Place>) -> AnswerLeaf {
        AnswerLeaf {
            pointer: pointer.into(),
            span: 0..1,
            from,
            rule: rule(),
        }
    }

    fn threads() -> Threads {
        let calls = [
            call(
                0,
                vec![(
                    Place::Path {
                        call: 0,
                        span: 9..45,
                    },
                    vec![request("/VolumeId")],
                )],
            ),
            call(
                1,
                vec![
                    (
                        body(1, "/volume/size"),
                        vec![request("/Size"), reply(0, "/volume/size")],
                    ),
                    (body(1, "/volume/metadata"), vec![request("/Tags")]),
                    (
                        body(1, "/volume/zone"),
                        vec![Place::Context {
                            name: "region".into(),
                        }],
                    ),
                ],
            ),
        ];
        let answer = [
            leaf("/Size", vec![reply(1, "/volume/size"), request("/Size")]),
            leaf("/Tags/0/Key", vec![reply(1, "/volume/metadata")]),
            leaf(
                "/Zone",
                vec![Place::Context {
                    name: "region".into(),
                }],
            ),
        ];
        Threads::new(&calls, &answer)
    }

    #[test]
    fn a_value_made_of_several_lights_all_of_them() {
        assert_eq!(
            threads().lit("b1/volume/size").keys,
            ["b1/volume/size", "q/Size", "r0/volume/size"]
        );
    }

    #[test]
    fn a_request_value_lights_forward_and_an_answer_backward() {
        assert_eq!(
            threads().lit("q/Size").keys,
            ["a/Size", "b1/volume/size", "q/Size"]
        );
        assert_eq!(
            threads().lit("a/Size").keys,
            ["a/Size", "q/Size", "r1/volume/size"]
        );
        assert_eq!(threads().lit("q/VolumeId").keys, ["p0/9-45", "q/VolumeId"]);
    }

    #[test]
    fn a_leaf_inside_a_linked_object_lights_and_so_does_the_object_around_a_linked_leaf() {
        assert_eq!(
            threads().lit("q/Tags/0/Key").keys,
            ["b1/volume/metadata", "q/Tags/0/Key"]
        );
        assert!(
            threads()
                .lit("r1/volume")
                .keys
                .contains(&"a/Size".to_owned())
        );
        assert!(
            threads()
                .lit("r1/volume")
                .keys
                .contains(&"a/Tags/0/Key".to_owned())
        );
        assert_eq!(threads().lit("q/Tagsy").keys, ["q/Tagsy"]);
    }

    #[test]
    fn the_context_ends_a_thread() {
        assert_eq!(threads().lit("a/Zone").keys, ["a/Zone", "c/region"]);
    }
}
