//! The translation rules: files, loader, linter.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod built_in;
mod compile;
pub mod evidence;
mod expression;
mod facts;
pub mod format;
pub mod functions;
pub mod lint;
mod loader;
mod mistake;
mod model;
mod packed;
mod problem;
pub mod reference;
pub mod schema;
mod spelling;
mod yaml;

pub use expression::{Comparator, Expression, Node};
pub use facts::{FurtherAction, Gap, Kind, Table};
pub use lint::lint;
pub use model::*;
pub use problem::{Problem, Severity};
pub use serde_json::Value;
pub use spelling::closest;

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
    /// EC2 actions without a rule, by name.
    pub further: BTreeMap<String, FurtherAction>,
    /// The files themselves: path below the rules folder, text.
    pub files: BTreeMap<String, String>,
}
