//! The order of lists.

use std::cmp::Ordering;

/// Sorts by a key; rows of equal keys stay in the order they were in.
///
/// Only the order of numbers is sorted here, by one function for rows and keys of every type: the compiler would make a
/// sort for each, and the page carries them all.
pub(crate) fn by_key<'a, T, K: Ord>(rows: &mut [&'a T], key: impl Fn(&'a T) -> K) {
    let old = rows.to_vec();
    let keys: Vec<K> = old.iter().map(|row| key(row)).collect();
    let order = places(keys.len(), &|a, b| keys.get(a).cmp(&keys.get(b)));
    for (row, place) in rows.iter_mut().zip(order) {
        if let Some(from) = old.get(place) {
            *row = from;
        }
    }
}

fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

#[cfg(test)]
mod tests {
    #[test]
    fn equal_keys_keep_their_order() {
        let words = ["pear", "fig", "plum", "apple", "nut"];
        let mut rows: Vec<&&str> = words.iter().collect();
        super::by_key(&mut rows, |word| word.len());
        let sorted: Vec<&str> = rows.into_iter().copied().collect();
        assert_eq!(sorted, ["fig", "nut", "pear", "plum", "apple"]);
        super::by_key::<u8, u8>(&mut [], |byte| *byte);
    }
}
