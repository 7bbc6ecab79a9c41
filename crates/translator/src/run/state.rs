//! What is known of a request so far: all that an evaluation may look at.

use openstack_wire::Call;

use crate::eval::Eval;
use crate::value::Doc;

/// The request, its context and the replies.
pub struct State {
    /// The request's parameters.
    pub request: Doc,
    /// The context, as rules see it.
    pub context: Doc,
    /// Seed of ids.
    pub seed: u64,
    /// Milliseconds since the epoch.
    pub now: i64,
    /// Digest of the request.
    pub digest: String,
    /// Calls, in the plan's order.
    pub calls: Vec<CallState>,
    /// Whether an earlier request did it all.
    pub already: bool,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not looked at, or not ready.
    Waiting,
    /// Will not be issued.
    Skipped,
    /// Some replies are missing.
    Issued,
    /// All replies are there.
    Done,
}

/// A call, or one per item.
pub struct CallState {
    /// How far it is.
    pub progress: Progress,
    /// In the order of the loops.
    pub items: Vec<Item>,
}

/// One issue of a call.
pub struct Item {
    /// Its fate.
    pub settled: Settled,
    /// Replies, one per page.
    pub replies: Vec<Doc>,
    /// Number in the trace of the first.
    pub first: u32,
    /// Pages read so far.
    pub pages: openstack_wire::paging::Pages,
    /// How often it was asked (`until`).
    pub tries: u32,
    /// The call, to ask again.
    pub call: Option<Call>,
}

/// The fate of one issue of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// No reply yet.
    Pending,
    /// A good reply.
    Reply,
    /// An error that the rule takes as success.
    Fine,
    /// An error that the rule takes as "not there", or not issued.
    Nothing,
    /// An error.
    Failed(openstack_wire::Fault),
}

impl State {
    /// The state of an evaluation without calls.
    pub fn of(request: Doc) -> Self {
        Self {
            request,
            context: Doc::null(crate::value::Source::Context),
            seed: 0,
            now: 0,
            digest: String::new(),
            calls: Vec::new(),
            already: false,
        }
    }

    /// Puts what an earlier request made in the place of what this one would have.
    pub fn stand_in<'a>(&'a self, eval: &Eval<'a>) {
        if let Some(already) = eval.plan.already.as_ref().filter(|_| self.already) {
            for (slot, tree) in &already.using {
                let value = eval.tree(tree);
                eval.set(*slot, value);
            }
        }
    }

    /// Bytes of all replies together.
    pub fn reply_bytes(&self) -> usize {
        let items = self.calls.iter().flat_map(|call| &call.items);
        let replies = items.flat_map(|item| &item.replies);
        replies.map(Doc::bytes_read).sum::<usize>() + 1024
    }

    /// Calls whose value is known, as a bit set.
    pub fn known(&self) -> u64 {
        self.calls.iter().enumerate().fold(0, |set, (index, call)| {
            set | u64::from(matches!(call.progress, Progress::Skipped | Progress::Done)) << index
        })
    }
}
