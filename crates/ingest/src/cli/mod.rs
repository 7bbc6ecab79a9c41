//! An `aws ec2` command line.

mod command;
mod customised;
mod mistakes;
mod options;
mod parameters;
mod program;
mod run_instances;
mod shorthand;
mod values;
mod waiters;
mod write;

pub(crate) use command::action_of;
pub(crate) use program::begins_command;
pub(crate) use waiters::{action as waiter, names as waiter_names};
pub(crate) use write::write;

use crate::Desk;
use crate::commands::first_command;
use crate::{prompt, shell};

/// Reads the first command of the text.
pub(crate) fn read(text: &str, desk: &mut Desk) {
    let start = prompt::start(text, begins_command);
    for (span, kind) in start.before {
        desk.tokens.add(span, kind);
    }
    let items = shell::split(text, start.command, &mut desk.remarks);
    let words = first_command(items, text.len(), desk).words;
    if words.is_empty() {
        desk.remarks.error(
            start.command..start.command,
            "There is no command.",
            "Write aws ec2 describe-instances, for example.",
        );
        return;
    }
    command::read(&words, text.len(), desk);
}
