//! Joins without quadratic cost: an index per list and path, made at the first look-up.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use super::Eval;
use crate::value::{Data, Kind, List, Value};

type Fixed = BuildHasherDefault<DefaultHasher>;
type Positions<'a> = HashMap<Key<'a>, Vec<u32>, Fixed>;

/// The indexes made so far, by the identity of the list and the path.
#[derive(Default)]
pub struct Index<'a> {
    by_list: HashMap<(usize, usize, String), std::rc::Rc<Positions<'a>>, Fixed>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    Text(&'a str),
    Int(i64),
    Bool(bool),
}

fn key(value: Value<'_>) -> Option<Key<'_>> {
    match value.kind() {
        Kind::Str(s) => Some(Key::Text(s)),
        Kind::Int(i) => Some(Key::Int(i)),
        Kind::Bool(b) => Some(Key::Bool(b)),
        _ => None,
    }
}

fn identity(list: List<'_>) -> (usize, usize) {
    match list {
        List::Nodes(doc, first, _) => (std::ptr::from_ref(doc) as usize, first as usize),
        List::Made(items) => (items.as_ptr() as usize, items.len() | 1 << 40),
    }
}

impl<'a> Eval<'a> {
    /// Positions of the items whose path holds one of the values, in order, each once.
    pub fn positions(&self, list: List<'a>, path: &str, wanted: Value<'a>) -> Vec<u32> {
        let mut found = Vec::new();
        let index = (list.len() > 8).then(|| self.index(list, path));
        let mut look_up = |value: Value<'a>| {
            let Some(key) = key(value) else { return };
            match &index {
                Some(index) => found.extend(index.get(&key).into_iter().flatten().copied()),
                None => found.extend(self.scan(list, path, key)),
            }
        };
        match wanted.as_list() {
            Some(values) => {
                values.iter().for_each(&mut look_up);
                found.sort_unstable();
                found.dedup();
            }
            None => look_up(wanted),
        }
        found
    }

    fn scan(&self, list: List<'a>, path: &str, wanted: Key<'a>) -> Vec<u32> {
        let mut found = Vec::new();
        for (at, item) in list.iter().enumerate() {
            let mut hit = false;
            self.follow(item, path, &mut |value| hit |= key(value) == Some(wanted));
            if hit {
                found.push(at as u32);
            }
        }
        found
    }

    fn index(&self, list: List<'a>, path: &str) -> std::rc::Rc<Positions<'a>> {
        let (doc, first) = identity(list);
        let name = (doc, first, path.to_owned());
        if let Some(known) = self.indexes().borrow().by_list.get(&name) {
            return known.clone();
        }
        let mut positions = Positions::default();
        for (at, item) in list.iter().enumerate() {
            self.follow(item, path, &mut |value| {
                if let Some(key) = key(value) {
                    let places: &mut Vec<u32> = positions.entry(key).or_default();
                    if places.last() != Some(&(at as u32)) {
                        places.push(at as u32);
                    }
                }
            });
        }
        let positions = std::rc::Rc::new(positions);
        self.indexes()
            .borrow_mut()
            .by_list
            .insert(name, positions.clone());
        positions
    }

    /// The items at these positions, each with the value it was found by.
    pub fn joined(&self, list: List<'a>, positions: &[u32], by: Value<'a>) -> Value<'a> {
        let by = self.origin(by);
        self.list(positions.iter().filter_map(|at| {
            let item = list.get(*at as usize)?;
            Some(Value {
                data: item.data,
                origin: self.both(item.origin, by),
            })
        }))
    }

    /// A list value, or one item as a list of one.
    pub fn items(&self, value: Value<'a>) -> List<'a> {
        match value.kind() {
            Kind::List(list) => list,
            Kind::Null => List::Made(&[]),
            _ => match self.list([value]).data {
                Data::List(items) => List::Made(items),
                _ => List::Made(&[]),
            },
        }
    }
}
