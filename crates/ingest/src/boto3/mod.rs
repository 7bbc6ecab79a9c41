//! A call of boto3: Python as far as literals go. Nothing is run; what only a run could tell is refused at its place.

mod arguments;
mod calls;
mod expressions;
mod lexis;
mod looks;
mod statements;
mod strings;
mod types;

pub(crate) use looks::looks_like;

use std::collections::BTreeMap;

use ec2_model::Action;

use crate::cursor::Cursor;
use crate::diagnostic::Flaw;
use crate::node::{Entry, Node, Value};
use crate::word::Word;
use crate::{Desk, Span, structured};

/// Reads the first call of an EC2 client.
pub(crate) fn read(text: &str, desk: &mut Desk) {
    let word = Word::whole(text, 0..text.len());
    let mut reader = Reader {
        cursor: Cursor::new(&word),
        desk,
        scope: BTreeMap::new(),
        open: 0,
        seen: 0,
        copied: 0,
        in_call: false,
        call: None,
        more: None,
        candidate: None,
    };
    let flaw = reader.statements();
    let Reader {
        call,
        more,
        candidate,
        ..
    } = reader;
    let Some(call) = call else {
        return match candidate.or(flaw) {
            Some(flaw) => desk.remarks.flaw(flaw),
            None => desk.remarks.error(
                0..0,
                "There is no call of an EC2 client.",
                "Write ec2.describe_instances(), for example.",
            ),
        };
    };
    if let Some(span) = more {
        desk.remarks.note(
            span,
            "Only the first EC2 call was read.",
            "Paste one call at a time.",
        );
    }
    finish(call, desk);
}

fn finish(mut call: Call, desk: &mut Desk) {
    structured::colour(&call.entries, desk);
    types::fit(call.action, &mut call.entries, desk);
    call.entries
        .retain(|entry| !matches!(entry.node.value, Value::Null));
    structured::take(
        call.action.name(),
        &call.entries,
        &call.place,
        |object, desk| {
            // What could not be read has its own remark.
            let mut object = object.clone();
            for name in call.refused {
                object.insert(name, serde_json::Value::Null);
            }
            let mend = |name: &str| format!("Add {name}= and its value.");
            structured::required(call.action.name(), &object, &call.place, mend, desk);
        },
        desk,
    );
}

struct Reader<'w, 'd> {
    cursor: Cursor<'w>,
    desk: &'d mut Desk,
    scope: BTreeMap<String, Thing>,
    /// Open brackets: inside them a line end means nothing.
    open: usize,
    /// Blanks before this place have their remarks.
    seen: usize,
    /// Bytes that variables were copied for.
    copied: usize,
    /// Inside the arguments of the call.
    in_call: bool,
    call: Option<Call>,
    /// Where a second call begins.
    more: Option<Span>,
    /// What is wrong with something that is nearly a call.
    candidate: Option<Flaw>,
}

/// The call that is the request.
struct Call {
    action: Action,
    place: Span,
    entries: Vec<Entry>,
    /// Parameters that are there, but whose values were refused.
    refused: Vec<String>,
}

/// What an expression is.
#[derive(Clone, Debug)]
enum Thing {
    Value(Node),
    Name(String, Span),
    /// Known only when the program runs.
    Unknown(Unknown),
    /// A client or, if `resource`, the other interface of boto3.
    Client {
        service: String,
        resource: bool,
    },
    /// A paginator or a waiter.
    Asks(Action),
}

/// Why a value cannot be known here.
#[derive(Clone, Debug)]
struct Unknown {
    span: Span,
    message: String,
    mend: String,
}

impl Unknown {
    fn new(span: Span, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            mend: mend.into(),
        }
    }
}
