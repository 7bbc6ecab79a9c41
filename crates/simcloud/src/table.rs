//! Rows in order of creation, found by id.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Anything that is kept in a [`Table`].
pub(crate) trait Row {
    /// The id that the service's API knows the row by.
    fn id(&self) -> &str;
}

/// Holes that are left to lie, however few rows there are.
const HOLES: usize = 16;

/// Rows in order of creation; what lookups and removals take hardly grows with how many there are.
///
/// Only the places are in a tree, which is the same for every type of row: the page carries one, not a dozen.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    /// A removed row leaves a hole.
    rows: Vec<Option<T>>,
    places: BTreeMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: BTreeMap::new(),
        }
    }
}

impl<T: Row> Table<T> {
    /// Adds a row, or replaces the one of the same id in its place.
    pub(crate) fn insert(&mut self, row: T) {
        let place = self.places.get(row.id()).copied();
        match place.and_then(|place| self.rows.get_mut(place)) {
            Some(old) => *old = Some(row),
            None => {
                self.places.insert(row.id().to_owned(), self.rows.len());
                self.rows.push(Some(row));
            }
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(*self.places.get(id)?)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(*self.places.get(id)?)?.as_mut()
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let place = self.places.remove(id)?;
        let row = self.rows.get_mut(place)?.take();
        // Each time as many holes go as rows stay, so a removal costs little on average.
        if self.rows.len() > 2 * self.places.len() + HOLES {
            self.rows.retain(Option::is_some);
            for (place, row) in self.rows.iter().enumerate() {
                if let Some(known) = row.as_ref().and_then(|row| self.places.get_mut(row.id())) {
                    *known = place;
                }
            }
        }
        row
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.iter().flatten()
    }

    pub(crate) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.rows.iter_mut().flatten()
    }
}

impl<T: Serialize> Serialize for Table<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().flatten())
    }
}

impl<'de, T: Row + Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vec::<T>::deserialize(deserializer)?;
        let mut table = Self::default();
        for row in rows {
            table.insert(row);
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, Table};

    impl Row for String {
        fn id(&self) -> &str {
            self
        }
    }

    #[test]
    fn rows_keep_their_order_and_stay_found_when_others_go() {
        let mut table = Table::default();
        let name = |number: usize| format!("row-{number:03}");
        for number in 0..200 {
            table.insert(name(number));
        }
        for number in (0..200).filter(|number| number % 7 != 0) {
            assert_eq!(table.remove(&name(number)), Some(name(number)));
            assert_eq!(table.remove(&name(number)), None);
            let row = name(number / 7 * 7);
            assert_eq!(table.get(&row), Some(&row));
        }
        table.insert(name(7));
        table.insert(name(3));
        let mut left: Vec<String> = (0..200).step_by(7).map(name).collect();
        left.push(name(3));
        assert!(table.iter().eq(&left));
        assert!(table.iter_mut().rev().eq(left.iter_mut().rev()));
        assert!(
            left.iter()
                .all(|row| table.contains(row) && table.get_mut(row) == Some(&mut row.clone()))
        );
        assert!(table.rows.len() <= 2 * left.len() + super::HOLES + 1);
    }
}
