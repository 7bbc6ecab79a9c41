//! An OpenStack call and its reply as plain values.
//!
//! Nothing here opens a connection: a [`Call`] says what would be sent, a [`Reply`] what came back. Whoever drives
//! the translator (the in-memory cloud, an HTTP client, a person typing a reply) turns one into the other.
//!
//! * [`Fault`]: what an error reply says, whichever service wrote it.
//! * [`paging`]: the call for the next page of a list.
//! * [`service`]: names, endpoints and microversion headers of the services.
//! * [`microversion`]: what a service offers, and what a call takes of it.
//! * [`auth`]: the Keystone requests that give a token.
//! * [`render`]: a call, or a sequence of calls, as HTTP, curl, `openstack` and openstacksdk.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod auth;
mod call;
mod fault;
pub mod listing;
pub mod microversion;
pub mod paging;
pub mod render;
pub mod service;

pub use call::{Call, Method, Reply};
pub use fault::{Fault, retry_after};
