//! A shared value that compares by identity, so that an unchanged pane is not drawn again.

use std::ops::Deref;
use std::rc::Rc;

/// An `Rc` whose equality is "the same value in memory".
///
/// Component properties are compared at every key press; comparing a thousand-instance answer by content would cost
/// more than drawing it.
#[derive(Debug)]
pub struct Shared<T: ?Sized>(Rc<T>);

impl<T> Shared<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T: PartialEq> Shared<T> {
    /// The old value if the new one equals it, so that identity follows content.
    pub fn keep(old: Option<&Self>, new: T) -> Self {
        match old {
            Some(old) if **old == new => old.clone(),
            _ => Self::new(new),
        }
    }
}

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: ?Sized> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_identity_and_keep_makes_identity_follow_content() {
        let one = Shared::new(vec![1, 2]);
        assert_ne!(one, Shared::new(vec![1, 2]));
        assert_eq!(one, one.clone());
        assert_eq!(one, Shared::keep(Some(&one), vec![1, 2]));
        assert_ne!(one, Shared::keep(Some(&one), vec![3]));
    }
}
