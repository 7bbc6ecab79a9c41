//! What the page is drawn with.

pub mod answer;
pub mod call;
pub mod cloud;
pub mod code;
pub mod copy;
pub mod diagnostics;
pub mod examples;
pub mod help;
pub mod input;
pub mod ledger;
pub mod reply;
pub mod share;
pub mod timeline;
