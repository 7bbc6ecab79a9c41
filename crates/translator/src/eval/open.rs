//! Objects and lists while they are being made.
//!
//! What is inside is made before what is around it, so one stack serves all of them, and only what is complete goes to
//! the arena, without room that nothing fills.

use std::cell::RefCell;

use bumpalo::Bump;

use crate::value::{Data, Value};

/// Members and items of objects and lists that are not complete yet.
#[derive(Default)]
pub struct Open<'a> {
    members: RefCell<Vec<(&'a str, Value<'a>)>>,
    items: RefCell<Vec<Value<'a>>>,
}

impl<'a> Open<'a> {
    /// Begins an object; what it answers ends it.
    pub fn members(&self) -> usize {
        self.members.borrow().len()
    }

    /// Adds a member to the object begun last.
    pub fn member(&self, key: &'a str, value: Value<'a>) {
        self.members.borrow_mut().push((key, value));
    }

    /// The object of the members since it was begun.
    pub fn object(&self, from: usize, arena: &'a Bump) -> Value<'a> {
        Data::Object(take(&self.members, from, arena)).into()
    }

    /// Begins a list; what it answers ends it.
    pub fn items(&self) -> usize {
        self.items.borrow().len()
    }

    /// Adds an item to the list begun last.
    pub fn item(&self, value: Value<'a>) {
        self.items.borrow_mut().push(value);
    }

    /// The list of the items since it was begun.
    pub fn list(&self, from: usize, arena: &'a Bump) -> Value<'a> {
        Data::List(take(&self.items, from, arena)).into()
    }
}

fn take<'a, T: Copy>(open: &RefCell<Vec<T>>, from: usize, arena: &'a Bump) -> &'a [T] {
    let mut open = open.borrow_mut();
    let made: &'a [T] = arena.alloc_slice_copy(open.get(from..).unwrap_or_default());
    open.truncate(from);
    made
}
