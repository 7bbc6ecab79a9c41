//! An OpenStack call and its reply as plain values.
//!
//! Nothing here opens a connection: a [`Call`] says what would be sent, a [`Reply`] what came back. Whoever drives
//! the translator (the in-memory cloud, an HTTP client, a person typing a reply) turns one into the other.
#![deny(missing_docs)]

mod call;

pub use call::{Call, Method, Reply};
