//! Taking changes back: in reverse order, one after another.

use bumpalo::Bump;
use openstack_wire::Call;

use super::lost::is_lost;
use super::{Purpose, Settled, Translation};
use crate::Step;
use crate::eval::Eval;
use crate::request::make;
use crate::trace::Link;

/// Most repetitions of undos in one request: a client waits for the answer meanwhile.
pub(super) const REPEATS: u8 = 6;
/// The same for undos of what something still uses.
pub(super) const WAITS: u8 = 15;

/// One call that takes something back.
pub(super) struct Undo {
    pub name: String,
    pub at: rules::At,
    pub call: Call,
    pub links: Vec<Link>,
    /// Whether the change was perhaps never made, since its answer was lost.
    pub unsure: bool,
}

impl Translation<'_> {
    /// Lists the undos of every finished change, and of those without an answer whose undo does not need it.
    pub(super) fn plan_undo(&mut self) {
        let Some(plan) = self.plan else { return };
        let mut undos = Vec::new();
        let mut lost = Vec::new();
        {
            let arena = Bump::new();
            for (call, state) in plan.calls.iter().zip(&self.state.calls) {
                let Some(undo) = &call.undo else { continue };
                let mut items = state.items.iter();
                let eval = Eval::new(&arena, plan, self.engine.rules(), &self.state, self.tracing);
                eval.bindings(&call.loops, &mut |eval| {
                    let Some(item) = items.next() else { return };
                    let unsure = is_lost(&item.settled);
                    if !unsure && item.settled != Settled::Reply {
                        return;
                    }
                    eval.set(call.slot, eval.item_value(call, item));
                    eval.bindings(
                        &undo.loops,
                        &mut |eval| match make(eval, None, &undo.request, 0) {
                            Ok(Some(made)) => undos.push(Undo {
                                name: call.name.to_string(),
                                at: undo.request.at.clone(),
                                call: made.call,
                                links: made.links,
                                unsure,
                            }),
                            // Then it was looked for, and what is left of it has been named.
                            Ok(None) | Err(_) if unsure => {}
                            Ok(None) => lost
                                .push(format!("what '{}' made (its id is not known)", call.name)),
                            Err(error) => lost.push(format!("what '{}' made ({error})", call.name)),
                        },
                    );
                    eval.forget(call.slot);
                });
            }
        }
        self.left_behind.extend(lost);
        self.undo = undos.into_iter().rev().collect();
    }

    /// The next undo; `None` when all are done and the error has been answered.
    pub(super) fn next_undo(&mut self) -> Option<Step> {
        if let Some(step) = self.look_for_lost() {
            return Some(step);
        }
        if !self.undo_planned {
            self.undo_planned = true;
            self.plan_undo();
        }
        match self.undo.front() {
            Some(undo) => {
                self.round += 1;
                let (call, mut links) = (undo.call.clone(), undo.links.clone());
                let id = self.trace.calls.len() as u32;
                for link in &mut links {
                    super::start::renumber(&mut link.to, id);
                }
                Some(Step::Calls(vec![self.send(Purpose::Undo, call, links)]))
            }
            None => {
                if let Some(error) = self.undoing.take() {
                    self.finish_with(error);
                }
                None
            }
        }
    }
}
