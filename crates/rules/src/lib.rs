//! The translation rules: files, loader, linter.
#![deny(missing_docs)]

/// Every rule, view, table and gap, checked and ready to run.
pub struct Rules {}
