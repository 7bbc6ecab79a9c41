//! What changes the state of the page.

use std::rc::Rc;

use ingest::Dialect;
use openstack_wire::render::Style;
use translator::trace::Trace;

use crate::desk::DeskAction;
use crate::keep::{Kept, Second, Typed};
use crate::part::Part;
use crate::stage::Program;
use crate::stand_ins::Wish;

/// What a person or the clock does. `now` is milliseconds since the epoch.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The input holds this text now.
    Type(String, i64),
    /// Read it as this dialect; `None` finds it.
    Read(Option<Dialect>, i64),
    /// Put an example into the input.
    Example(usize, i64),
    /// Put a text into the input, as an example is put there.
    Put(String, i64),
    /// Bring back the text that an example replaced.
    Restore(i64),
    /// Send the request to the cloud that remembers.
    Send(i64),
    /// Begin again with the seeded cloud.
    Reset(i64),
    /// Show a session that was kept or shared.
    Open(Rc<Kept>, i64),
    /// The address could not be opened, for this reason; `None` puts the warning away.
    Warn(Option<String>),
    /// A reply stands in for the cloud's.
    Answer(Typed, i64),
    /// The cloud replies again: to this call, or to all.
    Unanswer(Option<(String, u32)>, i64),
    /// Take requests in this way.
    Wish(Wish, i64),
    /// Write the answer as the AWS CLI prints it, or as XML.
    Print(bool),
    /// Show the request in this dialect too.
    Also(Dialect),
    /// Put a text beside the first, to compare; `None` takes it away.
    Beside(Option<Second>),
    /// Run the preview again, for what time changes.
    Refresh(i64),
    /// Look at a place in passing.
    Hover(Option<String>),
    /// Look at a place until told otherwise.
    Pin(Option<String>),
    /// Look at the next (`1`) or previous (`-1`) mapping.
    Step(isize),
    /// Write calls in this form.
    Write(Style),
    /// Open or close calls, by number.
    Unfold(Vec<(u32, bool)>),
    /// Show this part on a narrow screen.
    Show(Part),
    /// Show what the gateway recorded: its number, the request as Query text, what became of it.
    Recorded(u64, String, Box<Trace>),
    /// Say something.
    Tell(String),
    /// The second program is there, or does not come.
    Arrived(Program, i64),
    /// Do something with the rule.
    Desk(DeskAction, i64),
}
