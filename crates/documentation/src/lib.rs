//! The documentation of each translation, made from its rule: what is called, what becomes of every parameter, where
//! every element of the answer comes from, which filters and errors there are, what is lost.
//!
//! Nothing in it is written by hand beside the rule, so it cannot say anything else than what runs. [`document`] gives
//! the facts as data, [`page`] lays them out, [`html`] and [`markdown`] write them.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod answer;
mod blocks;
mod calls;
mod document;
mod errors;
mod examples;
mod filters;
mod html;
mod index;
mod markdown;
mod page;
mod parameters;
mod paths;
mod proof;
mod rows;
mod written;

pub use answer::Element;
pub use blocks::{Block, Row, Span, Text};
pub use calls::{Called, Phase, Undoing};
pub use document::{Document, document};
pub use errors::{Fault, Refused};
pub use examples::Sample;
pub use filters::{Filter, Treatment};
pub use html::html;
pub use index::index;
pub use markdown::markdown;
pub use page::page;
pub use parameters::{Destination, Fate, Parameter};
pub use proof::Proof;
