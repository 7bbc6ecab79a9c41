//! The rules' tests and the page's examples: their format and their one runner.
//!
//! A file `tests/cases/<resource>/<what>.yaml` holds a request, what goes before it, and what is expected: every call with
//! its reply, the state of every parameter, the EC2 answer. [`Case::replay`] runs the translator alone with the replies of
//! the file; [`Case::record`] runs it against a cloud, which has to give the same calls, replies and answer. Clock,
//! seed and ids are fixed, so both give the same bytes everywhere. Nothing here reads or writes files.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod expectation;
mod file;
mod reference;
mod run;
mod simulated;
mod yaml;

use openstack_wire::{Call, Reply};

pub use file::{Case, Example, Fidelity, Given, Native, Real};
pub use run::{Recording, Report, START};
pub use simulated::Simulated;

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Who asks, as OpenStack names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Keystone project.
    pub project_id: String,
    /// Keystone user.
    pub user_id: String,
}

/// Something that answers OpenStack calls for the projects of a case.
pub trait Cloud {
    /// Who a project's requests come from.
    fn identity(&mut self, project: &str, now: i64) -> Identity;
    /// Answers a call of a project; `now` in milliseconds since the epoch.
    fn handle(&mut self, project: &str, call: &Call, now: i64) -> Reply;
}

/// Path below `tests/cases`, and text, of every case file.
pub fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// `key: value` as case files write it, with a line feed at the end.
///
/// ```
/// let ledger = serde_json::json!({ "Size": "mapped" });
/// assert_eq!(cases::written("ledger", &ledger), "ledger: { Size: mapped }\n");
/// ```
pub fn written(key: &str, value: &serde_json::Value) -> String {
    let mut out = String::new();
    yaml::entry(&mut out, 0, key, value);
    out
}

/// Every case, in the order of paths.
///
/// # Errors
/// A sentence for the first file that cannot be read.
pub fn all() -> Result<Vec<Case>, String> {
    FILES
        .iter()
        .map(|(path, text)| Case::read(path, text))
        .collect()
}
