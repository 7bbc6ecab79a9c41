//! The translation rules: files, loader, linter.
#![deny(missing_docs)]

mod expression;
mod model;

pub use expression::{Comparator, Expression, Node};
pub use model::*;

use std::collections::BTreeMap;

/// Every rule, view, table and gap, loaded and ready to be linked by the translator.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Actions by name.
    pub actions: BTreeMap<String, ActionRule>,
    /// Views by name.
    pub views: BTreeMap<String, ViewRule>,
    /// Tables by name.
    pub tables: BTreeMap<String, Table>,
    /// Kinds of id by prefix.
    pub kinds: BTreeMap<String, Kind>,
    /// What unlisted HTTP errors mean, most specific first.
    pub faults: Vec<FaultRow>,
    /// Default microversion by service type.
    pub microversions: BTreeMap<String, String>,
    /// Gaps by id.
    pub gaps: BTreeMap<String, Gap>,
    /// The files themselves: path below the rules folder, text.
    pub files: BTreeMap<String, String>,
}
