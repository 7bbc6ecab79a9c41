//! From an EC2 request to OpenStack calls and back to the EC2 answer.
//!
//! Sans-IO: a [`Translation`] says which calls to issue and is handed the replies; it opens no connection, reads no
//! clock, draws no randomness and never panics on input. Whoever drives it (a gateway, a page, a test) brings the cloud.
//! What an action means stands in the rules ([`rules`]); nothing here knows one action from another.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod answer;
mod context;
mod engine;
mod eval;
mod fault;
mod filter;
mod functions;
mod hash;
mod needs;
mod plan;
mod provenance;
mod query;
mod request;
mod run;
pub mod scrub;
mod time;
pub mod trace;
mod value;

pub use context::{Context, DEFAULT_INSTANCE_TYPE, Fidelity, Outcome, Step, Tracing};
pub use engine::Engine;
pub use needs::PlannedCall;
pub use query::query;
pub use run::Translation;
