//! "Did you mean": the nearest of some names.

/// Longer names are no name mistyped; the bound keeps hostile text cheap.
const LONGEST: usize = 120;

/// The candidate with the fewest edits from `name`, two letters in the wrong order being one edit; `None` if none is near.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let wanted = name.to_ascii_lowercase();
    let allowed = (name.len() / 3).clamp(1, 6);
    let near = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= allowed)
        .map(|candidate| {
            (
                edits(wanted.as_bytes(), candidate.to_ascii_lowercase().as_bytes()),
                candidate,
            )
        });
    near.filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (get(&row, j) + usize::from(x != y))
                .min(get(&row, j + 1) + 1)
                .min(get(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(get(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    get(&row, b.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_and_far() {
        let names = ["filters", "instance-ids", "max-results"];
        assert_eq!(nearest("filtres", names), Some("filters"));
        assert_eq!(nearest("Filter", names), Some("filters"));
        assert_eq!(nearest("instances-id", names), Some("instance-ids"));
        assert_eq!(nearest("owners", names), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), names), None);
    }
}
