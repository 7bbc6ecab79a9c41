//! Changes whose answer was lost: what they made is looked for before anything is taken back.
//!
//! What carries something that only this request can have written is its own and is taken back. What merely looks like it
//! may be somebody else's, and is named instead.

use bumpalo::Bump;
use openstack_wire::listing::{as_sent, of, things};
use openstack_wire::{Call, Fault, Method, Reply};
use serde_json::{Map, Value};

use super::reply::PAUSE;
use super::{Purpose, Settled, Translation};
use crate::Step;
use crate::eval::Eval;
use crate::request::make;
use crate::value::{Doc, Source, Value as Read};

/// How often is looked: the service may be starting again, or still be at work.
const LOOKS: u8 = 3;
/// How long before the request what it made may seem to have been made, for clocks that differ, in milliseconds.
const SKEW: i64 = 60_000;

/// A creating call without an answer.
pub(super) struct Lost {
    index: usize,
    item: usize,
    sent: Call,
    looks: u8,
}

impl Translation<'_> {
    /// Lists the creating calls whose answer was lost and whose undo needs it.
    pub(super) fn find_lost(&mut self) {
        let Some(plan) = self.plan else { return };
        let arena = Bump::new();
        let mut found = Vec::new();
        for (index, (call, state)) in plan.calls.iter().zip(&self.state.calls).enumerate() {
            let Some(undo) = call.undo.as_ref().filter(|_| !call.read) else {
                continue;
            };
            let eval = Eval::new(&arena, plan, self.engine.rules(), &self.state, false);
            let mut items = state.items.iter().enumerate();
            eval.bindings(&call.loops, &mut |eval| {
                let Some((item, state)) = items.next().filter(|(_, item)| is_lost(&item.settled))
                else {
                    return;
                };
                let mut needs_answer = true;
                eval.set(call.slot, Read::NULL);
                eval.bindings(&undo.loops, &mut |eval| {
                    needs_answer &= !matches!(make(eval, None, &undo.request, 0), Ok(Some(_)));
                });
                eval.forget(call.slot);
                let sent = state
                    .call
                    .clone()
                    .filter(|call| call.method == Method::Post);
                if let Some(sent) = sent.filter(|_| needs_answer) {
                    found.push(Lost {
                        index,
                        item,
                        sent,
                        looks: 0,
                    });
                }
            });
        }
        self.lost = found.into();
    }

    /// The next look, if there is one.
    pub(super) fn look_for_lost(&mut self) -> Option<Step> {
        let lost = self.lost.front()?;
        let (call, purpose) = (of(&lost.sent), Purpose::Lost(lost.index));
        self.round += 1;
        Some(Step::Calls(vec![self.send(purpose, call, Vec::new())]))
    }

    /// What a look came to.
    pub(super) fn looked(&mut self, id: u32, reply: &Reply) {
        let Some(mut lost) = self.lost.pop_front() else {
            return;
        };
        lost.looks += 1;
        let again = lost.looks < LOOKS;
        let fault = Fault::of(reply);
        let (own, similar) = match &fault {
            None => self.candidates(&lost, &reply.body),
            Some(_) => (Vec::new(), Vec::new()),
        };
        let unclear = match &fault {
            Some(fault) => fault.is_transient(),
            None => own.is_empty() && similar.is_empty(),
        };
        if unclear && again {
            self.wait = Some(PAUSE);
            self.lost.push_front(lost);
            return;
        }
        let name = self.call_name(lost.index);
        if let Some(fault) = fault {
            self.left_behind.push(format!(
                "possibly what '{name}' made, since its answer was lost and {} {} cannot be looked at ({fault})",
                lost.sent.service, lost.sent.path
            ));
            return;
        }
        let mut own = own.into_iter();
        if let Some(made) = own.next() {
            self.found(&lost, id, made);
        }
        for thing in own.chain(similar) {
            let which = thing.get("id").or_else(|| thing.get("name"));
            let which = which.and_then(Value::as_str).unwrap_or_default();
            self.left_behind.push(format!(
                "possibly {} {}/{which}, since the answer of '{name}' was lost",
                lost.sent.service, lost.sent.path
            ));
        }
    }

    /// Puts what was found in the place of the lost answer.
    fn found(&mut self, lost: &Lost, id: u32, made: Value) {
        let (Some(name), Some(item)) = (
            member(&lost.sent).map(|(name, _)| name.clone()),
            self.state
                .calls
                .get_mut(lost.index)
                .and_then(|call| call.items.get_mut(lost.item)),
        ) else {
            return;
        };
        let answer = Value::Object(Map::from_iter([(name, made)]));
        if let Ok(doc) = Doc::parse(answer.to_string(), Source::Reply(id)) {
            item.replies = vec![doc];
            item.settled = Settled::Reply;
        }
    }

    /// What in a listing is this request's own, and what only looks like it.
    fn candidates(&self, lost: &Lost, listed: &str) -> (Vec<Value>, Vec<Value>) {
        let Ok(listed) = serde_json::from_str::<Value>(listed) else {
            return (Vec::new(), Vec::new());
        };
        let Some((_, sent)) = member(&lost.sent) else {
            return (Vec::new(), Vec::new());
        };
        let mut marks = Vec::new();
        texts(sent, 0, &mut |text| {
            if self.is_own(text) {
                marks.push(text.to_owned());
            }
        });
        let known = self.ids_of_answers();
        let alike = things(&listed).filter(|thing| {
            as_sent(sent, thing)
                && self.of_project(thing)
                && self.recent(thing)
                && !has_id(thing, &known)
        });
        alike.cloned().partition(|thing| {
            let mut marked = false;
            texts(thing, 0, &mut |text| {
                marked |= marks.iter().any(|mark| mark == text)
            });
            marked
        })
    }

    /// Whether only this request can have written a text: it has an id that was drawn for it, its digest with a token of the
    /// caller's, or the id of a thing that it made.
    fn is_own(&self, text: &str) -> bool {
        let drawn = text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .filter_map(|word| word.rsplit_once('-').map(|(kind, _)| (word, kind)))
            .any(|(word, kind)| word == crate::functions::drawn_id(self.state.seed, kind));
        drawn
            || (self.has_token() && text.contains(&self.state.digest))
            || self.ids_of_answers().iter().any(|id| id == text)
    }

    fn has_token(&self) -> bool {
        let Some(action) = ec2_model::action(&self.request.action) else {
            return false;
        };
        action.input().members().any(|member| {
            member.idempotency_token() && self.request.parameters.get(member.name()).is_some()
        })
    }

    /// Ids of what this request made and was told of.
    fn ids_of_answers(&self) -> Vec<String> {
        let Some(plan) = self.plan else {
            return Vec::new();
        };
        let changes = plan.calls.iter().zip(&self.state.calls);
        let items = changes
            .filter(|(call, _)| !call.read)
            .flat_map(|(_, state)| &state.items);
        let replies = items
            .filter(|item| item.settled == Settled::Reply)
            .flat_map(|item| &item.replies);
        replies
            .filter_map(|doc| {
                let reply = Read::root(doc).to_json();
                let mut members = reply.as_object()?.values();
                members.find_map(|made| made.get("id")?.as_str().map(str::to_owned))
            })
            .collect()
    }

    fn of_project(&self, thing: &Value) -> bool {
        let project = ["project_id", "tenant_id", "os-vol-tenant-attr:tenant_id"]
            .iter()
            .find_map(|name| thing.get(name)?.as_str());
        project.is_none_or(|project| project == self.context.project_id)
    }

    fn recent(&self, thing: &Value) -> bool {
        let made = ["created_at", "created"]
            .iter()
            .find_map(|name| thing.get(name)?.as_str());
        let made = made.and_then(crate::time::milliseconds);
        made.is_none_or(|made| made >= self.context.now - SKEW)
    }

    fn call_name(&self, index: usize) -> String {
        let call = self.plan.and_then(|plan| plan.calls.get(index));
        call.map(|call| call.name.to_string()).unwrap_or_default()
    }
}

/// Whether no answer came, although the call may have been carried out.
pub(super) fn is_lost(settled: &Settled) -> bool {
    matches!(settled, Settled::Failed(fault) if fault.status == 0 && fault.kind.as_deref() != Some(Fault::UNSENT))
}

fn has_id(thing: &Value, ids: &[String]) -> bool {
    thing
        .get("id")
        .and_then(Value::as_str)
        .is_some_and(|id| ids.iter().any(|known| known == id))
}

/// What a creating call sends: one member that is an object.
fn member(call: &Call) -> Option<(&String, &Value)> {
    let members = call.body.as_ref()?.as_object()?;
    members.iter().find(|(_, value)| value.is_object())
}

fn texts(value: &Value, depth: usize, tell: &mut dyn FnMut(&str)) {
    if depth > 16 {
        return;
    }
    match value {
        Value::String(text) => tell(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, depth + 1, tell)),
        Value::Object(members) => members
            .values()
            .for_each(|member| texts(member, depth + 1, tell)),
        _ => {}
    }
}
