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
    let (mut wanted, mut known, mut row) = (Vec::new(), Vec::new(), Vec::new());
    plain(name, &mut wanted);
    let mut bound = (wanted.len() / 4).clamp(1, 6) + 1;
    let mut best = None;
    for (candidate, value) in candidates {
        plain(candidate, &mut known);
        if let Some(edits) = edits(&wanted, &known, bound, &mut row) {
            bound = edits;
            best = Some(value);
        }
    }
    best
}

fn plain(name: &str, out: &mut Vec<u8>) {
    out.clear();
    out.extend(
        name.bytes()
            .filter(|byte| !matches!(byte, b'-' | b'_'))
            .map(|byte| byte.to_ascii_lowercase()),
    );
}

/// Insertions, deletions and substitutions that turn `a` into `b`, if fewer than `bound`.
fn edits(a: &[u8], b: &[u8], bound: usize, row: &mut Vec<usize>) -> Option<usize> {
    if a.len().abs_diff(b.len()) >= bound {
        return None;
    }
    row.clear();
    row.extend(1..=b.len());
    let mut last = a.len();
    for (i, x) in a.iter().enumerate() {
        let (mut left, mut diagonal, mut least) = (i + 1, i, i + 1);
        for (y, cell) in b.iter().zip(row.iter_mut()) {
            let above = *cell;
            left = (diagonal + usize::from(x != y))
                .min(above + 1)
                .min(left + 1);
            least = least.min(left);
            diagonal = above;
            *cell = left;
        }
        if least >= bound {
            return None;
        }
        last = left;
    }
    Some(if a.is_empty() { b.len() } else { last }).filter(|edits| *edits < bound)
}
