//! Joins without quadratic cost: an index per list and path, made at the first look-up.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use bumpalo::collections::Vec as ArenaVec;

use super::Eval;
use crate::hash::Fixed;
use crate::value::{Data, Kind, List, Value};

/// A dotted path in steps.
pub type Steps<'a> = &'a [&'a str];

/// Lists up to this length are looked through faster than an index is made.
const SHORT: usize = 8;

/// The indexes made so far, by the identity of the list and the path.
#[derive(Default)]
pub struct Index<'a> {
    paths: HashMap<&'a str, Steps<'a>, Fixed>,
    by_list: HashMap<(Identity, usize), Rc<Positions<'a>>, Fixed>,
}

/// Where each key stands in a list, as one chain of positions per key.
#[derive(Default)]
struct Positions<'a> {
    /// First and last link of a key's chain.
    chains: HashMap<Key<'a>, (u32, u32), Fixed>,
    /// A position in the list, and the next link of its chain.
    links: Vec<(u32, u32)>,
}

const END: u32 = u32::MAX;

impl<'a> Positions<'a> {
    fn add(&mut self, key: Key<'a>, position: u32) {
        let new = self.links.len() as u32;
        match self.chains.entry(key) {
            Entry::Vacant(place) => {
                place.insert((new, new));
            }
            Entry::Occupied(mut place) => {
                let (_, last) = place.get_mut();
                let Some(link) = self.links.get_mut(*last as usize) else {
                    return;
                };
                if link.0 == position {
                    return;
                }
                link.1 = new;
                *last = new;
            }
        }
        self.links.push((position, END));
    }

    fn of(&self, key: Key<'a>) -> impl Iterator<Item = u32> {
        let mut at = self.chains.get(&key).map_or(END, |(first, _)| *first);
        std::iter::from_fn(move || {
            let (position, next) = *self.links.get(at as usize)?;
            at = next;
            Some(position)
        })
    }
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

/// What tells one list from another while both are alive.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Identity {
    Nodes(usize, u32),
    Made(usize, usize),
}

fn identity(list: List<'_>) -> Identity {
    match list {
        List::Nodes(doc, first, _) => Identity::Nodes(std::ptr::from_ref(doc) as usize, first),
        List::Made(items) => Identity::Made(items.as_ptr() as usize, items.len()),
    }
}

impl<'a> Eval<'a> {
    /// Positions of the items whose path holds one of the values, in order, each once.
    pub fn positions(&self, list: List<'a>, path: &'a str, wanted: Value<'a>) -> ArenaVec<'a, u32> {
        let mut found = ArenaVec::new_in(self.arena);
        let several = wanted.as_list();
        self.look_up(list, path, wanted, &mut |position| {
            found.push(position);
            true
        });
        if several.is_some() {
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// The first of these positions.
    pub fn first_position(&self, list: List<'a>, path: &'a str, wanted: Value<'a>) -> Option<u32> {
        let mut least: Option<u32> = None;
        self.look_up(list, path, wanted, &mut |position| {
            least = Some(least.map_or(position, |known| known.min(position)));
            false
        });
        least
    }

    /// Tells the positions of each wanted value in order, until `each` has enough of that value.
    fn look_up(
        &self,
        list: List<'a>,
        path: &'a str,
        wanted: Value<'a>,
        each: &mut dyn FnMut(u32) -> bool,
    ) {
        if list.is_empty() {
            return;
        }
        let steps = self.steps(path);
        let index = (list.len() > SHORT).then(|| self.index(list, steps));
        let mut one = |value: Value<'a>| {
            let Some(key) = key(value) else { return };
            match &index {
                Some(index) => {
                    index.of(key).all(&mut *each);
                }
                None => self.scan(list, steps, key, each),
            }
        };
        match wanted.as_list() {
            Some(values) => values.iter().for_each(&mut one),
            None => one(wanted),
        }
    }

    fn scan(
        &self,
        list: List<'a>,
        steps: Steps<'a>,
        wanted: Key<'a>,
        each: &mut dyn FnMut(u32) -> bool,
    ) {
        for (at, item) in list.iter().enumerate() {
            let mut hit = false;
            self.follow(item, steps, &mut |value| hit |= key(value) == Some(wanted));
            if hit && !each(at as u32) {
                return;
            }
        }
    }

    fn index(&self, list: List<'a>, steps: Steps<'a>) -> Rc<Positions<'a>> {
        let name = (identity(list), steps.as_ptr() as usize);
        if let Some(known) = self.indexes.borrow().by_list.get(&name) {
            return known.clone();
        }
        let mut positions = Positions::default();
        positions.chains.reserve(list.len());
        positions.links.reserve(list.len());
        for (at, item) in list.iter().enumerate() {
            self.follow(item, steps, &mut |value| {
                if let Some(key) = key(value) {
                    positions.add(key, at as u32);
                }
            });
        }
        let positions = Rc::new(positions);
        let mut indexes = self.indexes.borrow_mut();
        indexes.by_list.insert(name, positions.clone());
        positions
    }

    /// A plain dotted path with `[]`, as `find` and `where` take it, in steps.
    pub fn steps(&self, path: &'a str) -> Steps<'a> {
        if let Some(known) = self.indexes.borrow().paths.get(path) {
            return known;
        }
        let mut steps = ArenaVec::new_in(self.arena);
        if !path.is_empty() {
            let path = path.strip_suffix('.').unwrap_or(path);
            steps.extend(
                path.split('.')
                    .map(|step| step.trim_end_matches("[]").trim_matches('"')),
            );
        }
        let steps: Steps<'a> = steps.into_bump_slice();
        self.indexes.borrow_mut().paths.insert(path, steps);
        steps
    }

    /// Follows a path; a list on the way gives all its items.
    pub fn follow(&self, value: Value<'a>, steps: Steps<'a>, found: &mut dyn FnMut(Value<'a>)) {
        let Some((name, rest)) = steps.split_first() else {
            return match value.as_list() {
                Some(list) => list.iter().for_each(found),
                None => found(value),
            };
        };
        let next = self.member(value, name);
        match next.as_list() {
            Some(list) => list.iter().for_each(|item| self.follow(item, rest, found)),
            None if next.is_null() => {}
            None => self.follow(next, rest, found),
        }
    }

    /// The item at a position, with the value it was found by.
    pub fn joined(&self, list: List<'a>, position: u32, by: Value<'a>) -> Value<'a> {
        let Some(item) = list.get(position as usize) else {
            return Value::NULL;
        };
        self.with_origin(item, self.origin(by))
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

/// The joins' memory.
pub type Indexes<'a> = RefCell<Index<'a>>;
