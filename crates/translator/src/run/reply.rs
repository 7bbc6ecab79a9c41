//! Replies: pages, errors, questions asked again.

use bumpalo::Bump;
use ec2_wire::Ec2Error;
use openstack_wire::{Fault, Reply};
use rules::Meaning;

use super::{Purpose, Settled, Translation};
use crate::eval::Eval;
use crate::fault::{Found, meaning};
use crate::plan::{CallPlan, Ex, MeaningPlan};
use crate::value::{Content, Data, Doc, Source, Value};

/// Pause between two questions of an `until`, and before an undo is repeated.
pub(super) const PAUSE: u64 = 1000;

impl Translation<'_> {
    pub(super) fn take_reply(&mut self, id: u32, purpose: Purpose, reply: Reply) {
        let fault = Fault::of(&reply);
        let (index, item) = match purpose {
            Purpose::Undo => {
                self.keep_reply(id, &reply, &[], None);
                self.undone(fault);
                return;
            }
            Purpose::Lost(index) => {
                let hide = self.plan.and_then(|plan| plan.calls.get(index));
                let hide = hide.map(|call| call.hide.as_slice()).unwrap_or_default();
                self.keep_reply(id, &reply, hide, None);
                self.looked(id, &reply);
                return;
            }
            Purpose::Item(index, item) => (index, item),
        };
        let Some(call) = self.plan.and_then(|plan| plan.calls.get(index)) else {
            return;
        };
        let rules = self.engine.rules();
        let mut word = None;
        let settled = match fault {
            None => Settled::Reply,
            Some(fault) => match meaning(rules, call, &fault) {
                Found::Rule(MeaningPlan::Nothing) | Found::Table(Meaning::Nothing) => {
                    word = Some("nothing".to_owned());
                    Settled::Nothing
                }
                Found::Rule(MeaningPlan::Fine) | Found::Table(Meaning::Fine) => {
                    word = Some("fine".to_owned());
                    Settled::Fine
                }
                Found::Rule(MeaningPlan::Error { code, .. })
                | Found::Table(Meaning::Error { code, .. }) => {
                    word = Some(code.clone());
                    Settled::Failed(fault)
                }
                _ => Settled::Failed(fault),
            },
        };
        self.keep_reply(id, &reply, &call.hide, word);
        let mut next = None;
        let doc = match Doc::parse(reply.body, Source::Reply(id)) {
            Ok(doc) => doc,
            Err(_) => Doc::null(Source::Reply(id)),
        };
        let Some(state) = self.state.calls.get_mut(index) else {
            return;
        };
        let Some(place) = state.items.get_mut(item) else {
            return;
        };
        if settled == Settled::Reply {
            if let (Some(pages), Some(sent)) = (&call.pages, &place.call)
                && let Some(body) = links(&doc, pages)
            {
                match place.pages.next(sent, &body, list_name(pages)) {
                    Ok(page) => next = page,
                    Err(circle) => {
                        let message = circle.to_string();
                        place.settled = Settled::Failed(Fault {
                            status: 502,
                            kind: None,
                            message,
                        });
                        return;
                    }
                }
            }
            place.replies.push(doc);
        }
        if let Some(page) = next {
            place.call = Some(page.clone());
            self.queue
                .push((Purpose::Item(index, item), page, Vec::new()));
            return;
        }
        place.settled = settled;
        if place.settled == Settled::Reply && call.until.is_some() {
            self.ask_again(index, item, call);
        }
    }

    fn keep_reply(&mut self, id: u32, reply: &Reply, hide: &[String], fault: Option<String>) {
        let Some(traced) = self.trace.calls.get_mut(id as usize) else {
            return;
        };
        traced.fault = fault;
        if self.tracing {
            traced.reply = Some(super::hide::reply(reply, hide));
        }
    }

    /// Repeats a question until its condition holds, it fails, or it was asked often enough.
    fn ask_again(&mut self, index: usize, item: usize, call: &CallPlan) {
        let (Some(plan), Some((until, fails, within))) = (self.plan, &call.until) else {
            return;
        };
        let (met, failed) = {
            let arena = Bump::new();
            let eval = Eval::new(&arena, plan, self.engine.rules(), &self.state, false);
            let Some(known) = self
                .state
                .calls
                .get(index)
                .and_then(|state| state.items.get(item))
            else {
                return;
            };
            eval.set(call.slot, eval.item_value(call, known));
            let met = eval.ex(until, Value::NULL).is_true();
            (
                met,
                fails
                    .as_ref()
                    .is_some_and(|fails| eval.ex(fails, Value::NULL).is_true()),
            )
        };
        let Some(place) = self
            .state
            .calls
            .get_mut(index)
            .and_then(|state| state.items.get_mut(item))
        else {
            return;
        };
        place.tries += 1;
        if failed || (!met && u64::from(place.tries) * PAUSE > u64::from(*within) * 1000) {
            let what = if failed {
                "ended in an error"
            } else {
                "did not end in time"
            };
            let message = format!("What the call '{}' waits for {what}.", call.name);
            place.settled = Settled::Failed(Fault {
                status: 500,
                kind: None,
                message,
            });
        } else if !met {
            place.settled = Settled::Pending;
            place.replies.clear();
            if let Some(call) = place.call.clone() {
                self.wait = Some(PAUSE);
                self.queue
                    .push((Purpose::Item(index, item), call, Vec::new()));
            }
        }
    }

    /// What an undo came to. A service that is starting again soon takes it, and what is in use is free when what uses it is
    /// gone: such an undo is repeated.
    fn undone(&mut self, fault: Option<Fault>) {
        let left = match fault.as_ref().map(|fault| fault.status) {
            Some(0 | 429 | 500 | 502 | 503 | 504) => Some(&mut self.undo_repeats),
            Some(400 | 409) => Some(&mut self.undo_waits),
            _ => None,
        };
        if let Some(left) = left.filter(|left| **left > 0) {
            *left -= 1;
            self.wait = Some(PAUSE);
            return;
        }
        let Some(undo) = self.undo.pop_front() else {
            return;
        };
        // What is not there any more needs no taking back, nor what perhaps never was.
        let nothing = |fault: &Fault| {
            fault.status == 404 || (undo.unsure && (400..500).contains(&fault.status))
        };
        if let Some(fault) = fault.filter(|fault| !nothing(fault)) {
            self.left_behind.push(format!(
                "{} {} ({fault})",
                undo.call.service, undo.call.path
            ));
        }
    }

    pub(super) fn check(&mut self) -> Option<Ec2Error> {
        super::start::check(self)
    }
}

/// The name of the list in `pages`.
fn list_name(pages: &Ex) -> &str {
    match pages {
        Ex::Member(left, name) if matches!(**left, Ex::Current) => name,
        Ex::Member(left, _) | Ex::Flatten(left) | Ex::Project(left, _) | Ex::Then(left, _) => {
            list_name(left)
        }
        _ => "",
    }
}

/// The members of a reply that may lead to a next page.
fn links(doc: &Doc, pages: &Ex) -> Option<serde_json::Value> {
    let Content::Object(first, count) = doc.content(doc.root()) else {
        return None;
    };
    let name = format!("{}_links", list_name(pages));
    let mut found = serde_json::Map::new();
    for key in [name.as_str(), "next"] {
        if let Some(node) = doc.member(first, count, key) {
            found.insert(key.to_owned(), Value::from(Data::Node(doc, node)).to_json());
        }
    }
    (!found.is_empty()).then_some(serde_json::Value::Object(found))
}
