//! Rules under edit: what is wrong with them, which cases they change, and the patch that proposes them.
//!
//! A [`Workshop`] holds the rule files and the cases as they are. [`Workshop::edit`] puts other texts in their place and
//! says what is wrong with them; [`Workshop::concerned`] lists the cases that could come out differently, and
//! [`Workshop::run`] runs one of them, so that a page can draw and listen in between. [`Workshop::patch`] writes the
//! edited rules, and the cases as they come out now, as a mail that `git am` takes.
//!
//! All that is handed out is plain data that serde can carry over a boundary.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod concerned;
mod difference;
mod outcome;
mod patch;
mod workshop;

pub use concerned::{Concerned, Part};
pub use difference::{Line, Section, Side};
pub use outcome::{Outcome, Ran};
pub use patch::{Letter, Patch};
pub use workshop::{Checked, Remark, Workshop};

/// Folder of the rule files in the repository.
pub const RULES: &str = "crates/rules/ec2";
/// Folder of the case files in the repository.
pub const CASES: &str = "tests/cases";
