//! Stories of EC2 requests that tell what an endpoint can do: their format, their engine, their report.
//!
//! The stories are data (`tests/scenarios`). [`run`] tells one to an endpoint through a [`Client`], which sends requests and
//! waits; it takes away what the story made, whatever became of it. Nothing is assumed of what stands behind the
//! endpoint: where that lacks what a story needs, the story does not judge it.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod check;
mod client;
mod depend;
mod exchange;
mod format;
mod leftovers;
mod load;
mod render;
mod report;
mod run;
mod schema;
mod seen;
mod undo;
mod values;

pub use client::{Ask, Client, Refusal, Reply};
pub use format::{
    Codes, Expected, Items, Matches, Need, Needs, OneOf, Scenario, Settle, Step, Try, Undo,
    UndoTable, Who,
};
pub use leftovers::clean;
pub use load::Suite;
pub use render::{junit, text};
pub use report::{Deviation, Kind, Outcome, Report, Told};
pub use run::{PREFIX, Settings, run};
pub use schema::schemas;
pub use seen::{ActionSeen, PartSeen, Seen, filter_names, merge, parameter_names};
pub use values::search;
