//! What the page is drawn with.

pub mod answer;
pub mod answer_form;
pub mod call;
pub mod cloud;
pub mod code;
pub mod compare;
pub mod copy;
pub mod diagnostics;
pub mod drawing;
pub mod examples;
pub mod forms;
pub mod help;
pub mod input;
pub mod ledger;
pub mod reply;
pub mod reply_editor;
pub mod rule;
pub mod rule_edit;
pub mod rule_link;
pub mod rule_text;
pub mod sequence;
pub mod share;
pub mod stand_ins;
pub mod timeline;
