//! The engine against scripted clouds.

mod answers;
mod lost;
mod phases;
mod support;
