//! What to do next: reads as soon as what they name is known, then refusals, then changes one after another.

use bumpalo::Bump;
use ec2_wire::Ec2Error;

use super::{CallState, Item, Progress, Settled, Translation};
use crate::eval::Eval;
use crate::plan::{CallPlan, PiecePlan, Plan};
use crate::request::{Made, make};
use crate::trace::Place;
use crate::value::{Value, places};

/// The next thing to do.
pub(super) enum Decision {
    /// Send these together.
    Issue(Vec<Issue>),
    /// Something was settled without a call: look again.
    Again,
    /// The request has failed.
    Fail(Ec2Error),
    /// Everything is known.
    Answer,
}

/// One call to send.
pub(super) struct Issue {
    pub call: usize,
    pub item: usize,
    pub made: Made,
}

/// What an evaluation found out; applied when its borrow has ended.
#[derive(Default)]
struct Found {
    skipped: Vec<usize>,
    issued: Vec<(usize, Vec<Option<Made>>)>,
    checked: Vec<usize>,
    already: Option<bool>,
    refused: Option<(Ec2Error, Vec<Place>, rules::At, Option<String>)>,
    failed: Option<Ec2Error>,
}

impl Translation<'_> {
    pub(super) fn decide(&mut self) -> Decision {
        let Some(plan) = self.plan else {
            return Decision::Answer;
        };
        let next_id = self.trace.calls.len() as u32;
        let found = self.look(plan, next_id);
        if let Some((error, from, at, gap)) = found.refused {
            self.refused_by = from;
            self.refused_at = Some(at);
            self.refused_gap = gap;
            return Decision::Fail(error);
        }
        if let Some(error) = found.failed {
            return Decision::Fail(error);
        }
        let mut moved = !found.skipped.is_empty() || !found.checked.is_empty();
        self.checked.extend(found.checked);
        if let Some(already) = found.already {
            self.already_decided = true;
            self.state.already = already;
            moved = true;
        }
        for index in found.skipped {
            if let Some(call) = self.state.calls.get_mut(index) {
                call.progress = Progress::Skipped;
            }
        }
        let mut issues = Vec::new();
        for (index, items) in found.issued {
            let Some(state) = self.state.calls.get_mut(index) else {
                continue;
            };
            moved = true;
            state.progress = Progress::Issued;
            state.items = items.iter().map(|made| new_item(made.is_some())).collect();
            for (item, made) in items.into_iter().enumerate() {
                issues.extend(made.map(|made| Issue {
                    call: index,
                    item,
                    made,
                }));
            }
            state.finish_if_settled();
        }
        if !issues.is_empty() {
            for (offset, issue) in issues.iter_mut().enumerate() {
                renumber_all(&mut issue.made, next_id + offset as u32);
            }
            return Decision::Issue(issues);
        }
        if moved {
            return Decision::Again;
        }
        if self
            .state
            .calls
            .iter()
            .all(|call| matches!(call.progress, Progress::Skipped | Progress::Done))
        {
            return Decision::Answer;
        }
        Decision::Fail(Ec2Error {
            status: 500,
            code: "InternalError".into(),
            message: format!(
                "The translation rule of {} waits for a call that is never issued.",
                plan.action.name()
            ),
        })
    }

    fn look(&self, plan: &Plan, next_id: u32) -> Found {
        let arena = Bump::new();
        let eval = Eval::new(&arena, plan, self.engine.rules(), &self.state, self.tracing);
        self.state.stand_in(&eval);
        let mut found = Found::default();
        let known = self.state.known();
        let ready = |needs: u64| needs & !known == 0;
        if let Some(failed) = self.failed_item(plan, &eval) {
            found.failed = Some(failed);
            return found;
        }
        if !self.already_decided {
            match &plan.already {
                Some(already) if ready(already.needs) => {
                    found.already = Some(eval.ex(&already.when, Value::NULL).is_true());
                    return found;
                }
                Some(_) => {}
                None => found.already = Some(false),
            }
        }
        for (index, refusal) in plan.refuse.iter().enumerate() {
            if self.checked.contains(&index) || !ready(refusal.needs | refusal.message_needs) {
                continue;
            }
            let when = eval.ex(&refusal.when, Value::NULL);
            if let Some(error) = eval.stopped() {
                found.failed = Some(error);
                return found;
            }
            if when.is_true() {
                let message = match &refusal.message {
                    Some(message) => eval.message(message),
                    None => self
                        .gap_title(refusal.gap.as_deref())
                        .unwrap_or_else(|| "The request cannot be fulfilled.".into()),
                };
                // A condition on what OpenStack answers blames nobody; then the message does.
                let mut blamed = vec![when];
                blamed.extend(
                    refusal
                        .message
                        .iter()
                        .flatten()
                        .filter_map(|piece| match piece {
                            PiecePlan::Ex(ex) => Some(eval.ex(ex, Value::NULL)),
                            PiecePlan::Literal(_) => None,
                        }),
                );
                let whole = eval.made(when, &blamed);
                let error = crate::fault::with_status(&refusal.error, message);
                found.refused = Some((
                    error,
                    places(whole).0,
                    refusal.at.clone(),
                    refusal.gap.clone(),
                ));
                return found;
            }
            found.checked.push(index);
        }
        if !found.checked.is_empty() || found.already.is_some() {
            return found;
        }
        let changes_open = plan
            .calls
            .iter()
            .zip(&self.state.calls)
            .any(|(call, state)| !call.read && state.open());
        for (index, (call, state)) in plan.calls.iter().zip(&self.state.calls).enumerate() {
            if !call.read || state.progress != Progress::Waiting {
                continue;
            }
            if call.from_view && call.after_change && changes_open {
                continue;
            }
            if consider(&eval, index, call, &ready, next_id, &mut found) {
                return found;
            }
        }
        if !found.issued.is_empty() || !found.skipped.is_empty() {
            return found;
        }
        if self.before_changes_done(plan) {
            if self.dry_run() {
                found.failed = Some(dry_run());
                return found;
            }
            let next = plan
                .calls
                .iter()
                .zip(&self.state.calls)
                .position(|(call, state)| !call.read && state.open());
            if let Some(index) = next
                && let Some(call) = plan.calls.get(index)
            {
                if self.state.already {
                    found.skipped.push(index);
                } else {
                    consider(&eval, index, call, &ready, next_id, &mut found);
                }
            }
        }
        found
    }

    /// Whether every read and refusal that does not hang on a change is settled.
    fn before_changes_done(&self, plan: &Plan) -> bool {
        let hangs = plan
            .calls
            .iter()
            .enumerate()
            .fold(0_u64, |set, (index, call)| {
                set | u64::from(!call.read || call.after_change) << index
            });
        let reads = plan
            .calls
            .iter()
            .zip(&self.state.calls)
            .all(|(call, state)| !call.read || call.after_change || !state.open());
        let refusals = plan.refuse.iter().enumerate().all(|(index, refusal)| {
            self.checked.contains(&index) || (refusal.needs | refusal.message_needs) & hangs != 0
        });
        reads && refusals
    }

    /// The error of the first item that failed.
    fn failed_item<'a>(&self, plan: &'a Plan, eval: &Eval<'a>) -> Option<Ec2Error> {
        for (call, state) in plan.calls.iter().zip(&self.state.calls) {
            let Some(at) = state
                .items
                .iter()
                .position(|item| matches!(item.settled, Settled::Failed(_)))
            else {
                continue;
            };
            let Some(Item {
                settled: Settled::Failed(fault),
                ..
            }) = state.items.get(at)
            else {
                continue;
            };
            let mut error = None;
            let mut position = 0;
            eval.bindings(&call.loops, &mut |eval| {
                if position == at {
                    error = Some(crate::fault::error(eval, call, fault));
                }
                position += 1;
            });
            // A message that cannot be made is less than the fault itself.
            let _ = eval.stopped();
            return Some(error.unwrap_or_else(|| {
                crate::fault::with_status("InternalError", fault.message.clone())
            }));
        }
        None
    }

    fn dry_run(&self) -> bool {
        self.request
            .parameters
            .get("DryRun")
            .and_then(serde_json::Value::as_bool)
            == Some(true)
    }

    fn gap_title(&self, gap: Option<&str>) -> Option<String> {
        let gap = self.engine.rules().gaps.get(gap?)?;
        Some(format!("{}.", gap.title.trim_end_matches('.')))
    }
}

/// Makes a call's requests if what it needs is known; true if the evaluation ended with an error.
fn consider<'a>(
    eval: &Eval<'a>,
    index: usize,
    call: &'a CallPlan,
    ready: &dyn Fn(u64) -> bool,
    next_id: u32,
    found: &mut Found,
) -> bool {
    if call.loops.is_empty()
        && let Some(when) = call.when.as_ref().filter(|_| ready(call.when_needs))
    {
        let issue = eval.ex(when, Value::NULL).is_true();
        if let Some(error) = eval.stopped() {
            found.failed = Some(error);
            return true;
        }
        if !issue {
            found.skipped.push(index);
            return false;
        }
    }
    if !ready(call.needs) {
        return false;
    }
    // Without a loop it has been seen to hold already.
    let when_each = call.when.as_ref().filter(|_| !call.loops.is_empty());
    let mut items = Vec::new();
    let mut failed = None;
    eval.bindings(&call.loops, &mut |eval| {
        if failed.is_some() {
            return;
        }
        if when_each.is_some_and(|when| !eval.ex(when, Value::NULL).is_true()) {
            items.push(None);
            return;
        }
        match make(eval, Some(call), &call.request, next_id) {
            Ok(None) if !call.read => {
                let message = format!("The call '{}' lacks a value in its path.", call.name);
                failed = Some(Ec2Error {
                    status: 500,
                    code: "InternalError".into(),
                    message,
                });
            }
            Ok(made) => items.push(made),
            Err(error) => failed = Some(error),
        }
    });
    failed = failed.or_else(|| eval.stopped());
    if failed.is_some() {
        found.failed = failed;
        return true;
    }
    found.issued.push((index, items));
    false
}

fn dry_run() -> Ec2Error {
    Ec2Error {
        status: 412,
        code: "DryRunOperation".into(),
        message: "Request would have succeeded, but DryRun flag is set.".into(),
    }
}

fn new_item(issued: bool) -> Item {
    Item {
        settled: if issued {
            Settled::Pending
        } else {
            Settled::Nothing
        },
        replies: Vec::new(),
        first: 0,
        pages: openstack_wire::paging::Pages::default(),
        tries: 0,
        call: None,
    }
}

/// Calls made in one go were all made as number `next`; each gets its own.
fn renumber_all(made: &mut Made, id: u32) {
    made.links
        .iter_mut()
        .for_each(|link| super::start::renumber(&mut link.to, id));
}

impl CallState {
    /// Whether it is not settled yet.
    pub(super) fn open(&self) -> bool {
        !matches!(self.progress, Progress::Skipped | Progress::Done)
    }

    pub(super) fn finish_if_settled(&mut self) {
        if self.progress == Progress::Issued
            && self
                .items
                .iter()
                .all(|item| item.settled != Settled::Pending)
        {
            self.progress = Progress::Done;
        }
    }
}
