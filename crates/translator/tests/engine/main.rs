//! The engine against scripted clouds.

mod answers;
mod phases;
mod support;
