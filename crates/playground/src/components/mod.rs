//! What the page is drawn with.

pub mod answer;
pub mod call;
pub mod cloud;
pub mod code;
pub mod copy;
pub mod diagnostics;
pub mod examples;
pub mod input;
pub mod ledger;
pub mod options;
pub mod reply;
pub mod timeline;
