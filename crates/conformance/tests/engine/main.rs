//! The engine against an endpoint that answers by a table.

mod deviations;
mod stories;
mod support;
