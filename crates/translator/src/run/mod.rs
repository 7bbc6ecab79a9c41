//! One request from its parameters to its answer.

mod decide;
pub mod hide;
mod ledger;
mod lost;
mod reply;
mod start;
mod state;
mod undo;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ec2_wire::{Ec2Error, Ec2Request, encode_error};
use openstack_wire::{Call, Reply};

pub use state::{CallState, Item, Progress, Settled, State};

use crate::engine::Engine;
use crate::plan::Plan;
use crate::trace::{Answer, LedgerRow, Phase, Trace};
use crate::{Context, Outcome, Step, Tracing};

/// One request under way. Drive it:
///
/// ```
/// use openstack_wire::{Call, Reply};
/// use translator::{Context, Engine, Step, Tracing, Translation};
///
/// fn cloud(call: Call) -> Reply {
///     assert_eq!((call.service.as_str(), call.path.as_str()), ("compute", "/os-keypairs"));
///     Reply { status: 200, headers: vec![], body: r#"{"keypairs": []}"#.into() }
/// }
///
/// let engine = Engine::new(rules::Rules::built_in().clone());
/// let request = ec2_wire::decode_query("Action=DescribeKeyPairs").strict().unwrap();
/// let mut run = Translation::new(&engine, request, Context::default(), Tracing::On);
/// let outcome = loop {
///     match run.poll() {
///         Step::Calls(calls) => for (id, call) in calls { run.reply(id, cloud(call)); },
///         Step::Wait { .. } => {}
///         Step::Done(outcome) => break outcome,
///     }
/// };
/// assert_eq!(outcome.status, 200);
/// assert_eq!(run.trace().calls.len(), 1);
/// ```
pub struct Translation<'r> {
    engine: &'r Engine,
    plan: Option<&'r Plan>,
    request: Ec2Request,
    context: Context,
    tracing: bool,
    state: State,
    /// Calls on their way, with what they belong to.
    pending: BTreeMap<u32, Purpose>,
    /// Further pages and repeated questions, ready to go.
    queue: Vec<(Purpose, Call, Vec<crate::trace::Link>)>,
    wait: Option<u64>,
    checked: BTreeSet<usize>,
    already_decided: bool,
    started: bool,
    /// Creating calls whose answer was lost, still to be looked for.
    lost: VecDeque<lost::Lost>,
    undo: VecDeque<undo::Undo>,
    undo_planned: bool,
    undoing: Option<Ec2Error>,
    /// How many times more an undo may be repeated, all undos together.
    undo_repeats: u8,
    /// The same for what is still in use.
    undo_waits: u8,
    left_behind: Vec<String>,
    answer: Option<Answer>,
    provenance: crate::provenance::Provenance,
    refused_by: Vec<crate::trace::Place>,
    refused_at: Option<rules::At>,
    refused_gap: Option<String>,
    trace: Trace,
    static_ledger: Vec<LedgerRow>,
    round: u32,
}

/// What a call on its way is for.
#[derive(Clone, Debug)]
enum Purpose {
    /// An item of a call of the plan.
    Item(usize, usize),
    /// Taking a change back.
    Undo,
    /// Looking for what a call of the plan made.
    Lost(usize),
}

impl<'r> Translation<'r> {
    /// Starts a translation; issues nothing yet.
    pub fn new(
        engine: &'r Engine,
        request: Ec2Request,
        context: Context,
        tracing: Tracing,
    ) -> Self {
        start::start(engine, request, context, tracing == Tracing::On)
    }

    /// What to do next: issue calls and hand their replies in, wait and poll again, or take the outcome.
    ///
    /// Without tracing the outcome's document is handed over once; polled again, the outcome has none.
    pub fn poll(&mut self) -> Step {
        loop {
            if let Some(answer) = &mut self.answer {
                // Without a trace nobody reads the document here, and it may be long.
                let xml = if self.tracing {
                    answer.xml.clone()
                } else {
                    std::mem::take(&mut answer.xml)
                };
                return Step::Done(Outcome {
                    status: answer.status,
                    xml,
                    error: answer.error.clone(),
                });
            }
            if !self.started {
                self.started = true;
                if let Some(error) = self.check() {
                    self.finish_with(error);
                    continue;
                }
            }
            if !self.pending.is_empty() {
                return Step::Calls(Vec::new());
            }
            if let Some(milliseconds) = self.wait.take() {
                return Step::Wait { milliseconds };
            }
            if self.undoing.is_some() {
                match self.next_undo() {
                    Some(step) => return step,
                    None => continue,
                }
            }
            if !self.queue.is_empty() {
                return self.issue_queue();
            }
            match self.decide() {
                decide::Decision::Issue(made) => {
                    if !made.is_empty() {
                        return self.issue(made);
                    }
                }
                decide::Decision::Again => {}
                decide::Decision::Fail(error) => self.fail(error),
                decide::Decision::Answer => self.finish(),
            }
        }
    }

    /// Hands in the reply to a call of the last step. Replies to calls that were not asked for are left alone.
    pub fn reply(&mut self, id: u32, reply: Reply) {
        let Some(purpose) = self.pending.remove(&id) else {
            return;
        };
        self.take_reply(id, purpose, reply);
        // Once for all that were on their way: a look at every item for each of its replies would be quadratic.
        if self.pending.is_empty() {
            self.state
                .calls
                .iter_mut()
                .for_each(CallState::finish_if_settled);
        }
    }

    /// The story so far; whole once [`Step::Done`] was answered.
    pub fn trace(&self) -> Trace {
        let mut trace = self.trace.clone();
        let leaves = self.provenance.leaves(&self.state);
        trace.ledger = self.ledger(&leaves);
        trace.answer = self
            .answer
            .clone()
            .map(|answer| hide::answer(self.plan, Answer { leaves, ..answer }));
        trace
    }

    /// Ends the request with an error, and takes back what it has changed; whoever drives it cannot wait any longer. Does
    /// nothing while calls are on their way, or when it has ended or is ending already.
    pub fn give_up(&mut self, error: Ec2Error) {
        if self.pending.is_empty() && self.undoing.is_none() && self.answer.is_none() {
            self.queue.clear();
            self.wait = None;
            self.started = true;
            self.fail(error);
        }
    }

    fn issue_queue(&mut self) -> Step {
        let queue = std::mem::take(&mut self.queue);
        self.round += 1;
        let mut calls = Vec::new();
        for (purpose, call, links) in queue {
            calls.push(self.send(purpose, call, links));
        }
        Step::Calls(calls)
    }

    fn issue(&mut self, made: Vec<decide::Issue>) -> Step {
        self.round += 1;
        let mut calls = Vec::new();
        for issue in made {
            let first = self.trace.calls.len() as u32;
            let purpose = Purpose::Item(issue.call, issue.item);
            if let Some(item) = self
                .state
                .calls
                .get_mut(issue.call)
                .and_then(|call| call.items.get_mut(issue.item))
            {
                item.first = first;
                item.pages = openstack_wire::paging::Pages::new(&issue.made.call);
                item.call = Some(issue.made.call.clone());
            }
            calls.push(self.send(purpose, issue.made.call, issue.made.links));
        }
        Step::Calls(calls)
    }

    fn send(
        &mut self,
        purpose: Purpose,
        call: Call,
        links: Vec<crate::trace::Link>,
    ) -> (u32, Call) {
        let id = self.trace.calls.len() as u32;
        let planned = match &purpose {
            Purpose::Item(index, _) | Purpose::Lost(index) => {
                self.plan.and_then(|plan| plan.calls.get(*index))
            }
            Purpose::Undo => None,
        };
        let (name, at, phase) = match planned {
            Some(planned) => {
                let phase = if matches!(purpose, Purpose::Lost(_)) {
                    Phase::Undo
                } else if planned.read {
                    Phase::Read
                } else {
                    Phase::Change
                };
                (planned.name.to_string(), planned.at.clone(), phase)
            }
            None => {
                let undo = self.undo.front();
                let name = undo.map(|undo| undo.name.clone()).unwrap_or_default();
                (
                    name,
                    undo.map(|undo| undo.at.clone()).unwrap_or_default(),
                    Phase::Undo,
                )
            }
        };
        self.trace.calls.push(crate::trace::TracedCall {
            id,
            name,
            round: self.round,
            phase,
            call: call.clone(),
            reply: None,
            fault: None,
            links,
            rule: crate::request::line(&at),
        });
        self.pending.insert(id, purpose);
        (id, call)
    }

    /// A failure: what was changed is taken back before the error is answered.
    fn fail(&mut self, error: Ec2Error) {
        self.find_lost();
        self.undoing = Some(error);
    }

    fn finish_with(&mut self, mut error: Ec2Error) {
        if !self.left_behind.is_empty() {
            error.message.push_str(" What could not be taken back: ");
            error.message.push_str(&self.left_behind.join("; "));
        }
        self.answer = Some(Answer {
            status: error.status,
            xml: encode_error(&error, &self.context.request_id),
            error: Some(error),
            left_behind: self.left_behind.clone(),
            ..Answer::default()
        });
    }

    fn finish(&mut self) {
        let Some(plan) = self.plan else { return };
        let made = self.engine.with_arena(|arena| {
            crate::answer::answer(
                arena,
                plan,
                self.engine.rules(),
                &self.state,
                self.tracing,
                &self.context.request_id,
            )
        });
        match made {
            Ok((answer, provenance)) => {
                self.answer = Some(answer);
                self.provenance = provenance;
            }
            Err(error) => self.finish_with(error),
        }
    }
}
