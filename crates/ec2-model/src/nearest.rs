//! "Did you mean": the name that a mistyped one was most likely meant to be.

use crate::action::{Action, actions};

/// The action that `name` most likely means; `None` if nothing is near.
///
/// ```
/// assert_eq!(ec2_model::closest_action("DescribeInstance").unwrap().name(), "DescribeInstances");
/// assert_eq!(ec2_model::closest_action("run-instances").unwrap().name(), "RunInstances");
/// assert!(ec2_model::closest_action("Frobnicate").is_none());
/// ```
#[must_use]
pub fn closest_action(name: &str) -> Option<Action> {
    let names = actions().map(|action| (action.name(), action));
    nearest(name, names)
}

/// The candidate that `name` most likely means, by fewest edits, case and `-`/`_` not counted; `None` if nothing is near.
#[must_use]
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(
        name,
        candidates
            .into_iter()
            .map(|candidate| (candidate, candidate)),
    )
}

/// Longer names are no EC2 name mistyped; the bound keeps hostile text cheap.
const LONGEST: usize = 120;

fn nearest<'a, T>(name: &str, candidates: impl Iterator<Item = (&'a str, T)>) -> Option<T> {
    if name.len() > LONGEST {
        return None;
    }
    let wanted = plain(name);
    let allowed = (wanted.len() / 4).clamp(1, 6);
    let mut best: Option<(usize, T)> = None;
    for (candidate, value) in candidates {
        let bound = best.as_ref().map_or(allowed + 1, |(edits, _)| *edits);
        let known = plain(candidate);
        if known.len().abs_diff(wanted.len()) >= bound {
            continue;
        }
        let edits = edits(&wanted, &known);
        if edits < bound {
            best = Some((edits, value));
        }
    }
    best.map(|(_, value)| value)
}

fn plain(name: &str) -> Vec<u8> {
    name.bytes()
        .filter(|byte| !matches!(byte, b'-' | b'_'))
        .map(|byte| byte.to_ascii_lowercase())
        .collect()
}

/// Insertions, deletions and substitutions that turn `a` into `b`.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut left = i + 1;
        let mut diagonal = i;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let above = *cell;
            left = (diagonal + usize::from(x != y))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(a.len())
}
