//! The EC2 answer: filters, pages, XML.

use std::cell::RefCell;
use std::cmp::Ordering;

use base64::Engine as _;
use bumpalo::Bump;
use ec2_wire::{Ec2Error, Places, Segment, Tree, View, encode_response_with};
use rules::At;
use sha2::{Digest, Sha256};

use crate::eval::{Eval, identity};
use crate::filter::Filters;
use crate::plan::{PagingPlan, Plan};
use crate::provenance::{Provenance, Recorder};
use crate::run::State;
use crate::trace::Answer;
use crate::value::{Data, Kind, List, Object, Origin, Value};

/// Makes the answer of a finished request; what it evaluates lives in the arena.
///
/// # Errors
/// The EC2 error that a filter, a token or the rule itself ended it with.
pub fn answer(
    arena: &Bump,
    plan: &Plan,
    rules: &rules::Rules,
    state: &State,
    tracing: bool,
    request_id: &str,
) -> Result<(Answer, Provenance), Ec2Error> {
    let mut eval = Eval::new(arena, plan, rules, state, tracing);
    state.stand_in(&eval);
    let filters = Filters::read(&eval)?;
    let request = Value::root(&state.request);
    let most = eval.member(request, "MaxResults");
    let token = eval.member(request, "NextToken");
    let wants_page = !most.is_null() || !token.is_null();
    let mut next = None;
    if let Some(paging) = plan.paging.as_ref().filter(|_| wants_page) {
        let most = match most.as_int() {
            Some(n) if n < 1 => {
                let message = format!("Value ( {n} ) for parameter maxResults is invalid.");
                return Err(Ec2Error::client("InvalidParameterValue", message));
            }
            Some(n) => usize::try_from(n).unwrap_or(usize::MAX).min(1000),
            None => 1000,
        };
        if !filters.is_empty() {
            eval.filters = Some(arena.alloc(filters));
            eval.subjects = Some(RefCell::default());
            eval.tree(&plan.answer);
        }
        let (page, more) = page(&eval, paging, most, token.as_str(), &state.digest)?;
        next = more;
        if let Some(error) = eval.stopped() {
            return Err(error);
        }
        let chosen = eval.list(page);
        let filters = eval.filters;
        eval = Eval::new(arena, plan, rules, state, tracing);
        state.stand_in(&eval);
        eval.filters = filters;
        eval.set(paging.over, chosen);
    } else if !filters.is_empty() {
        eval.filters = Some(arena.alloc(filters));
    }
    let mut value = eval.tree(&plan.answer);
    if let Some(error) = eval.stopped() {
        return Err(error);
    }
    if let Some(next) = next {
        let token = ("NextToken", eval.text(&next));
        let members: Vec<_> = value
            .as_object()
            .into_iter()
            .flat_map(Object::iter)
            .chain([token])
            .collect();
        value = eval.object(members);
    }
    let written = Written { value, row: None };
    let mut answer = Answer {
        status: 200,
        ..Answer::default()
    };
    // EC2's XML says about as much as the replies it is made from, in about as many bytes.
    let room = state.reply_bytes().min(MOST_ROOM);
    if !tracing {
        let mut places = Unwatched { room };
        answer.xml = encode_response_with(plan.action, request_id, written, &mut places);
        return Ok((answer, Provenance::default()));
    }
    let mut recorder = Recorder::new(&plan.at, room);
    answer.xml = encode_response_with(plan.action, request_id, written, &mut recorder);
    answer.unfilled.clone_from(&plan.unfilled);
    Ok((answer, recorder.finish()))
}

/// More is not asked for ahead, since a filter may leave little of many replies.
const MOST_ROOM: usize = 1 << 26;

/// Wants to hear of no leaf.
struct Unwatched {
    room: usize,
}

impl<'a, T> Places<'a, T> for Unwatched {
    const WANTED: bool = false;

    fn room(&self) -> usize {
        self.room
    }

    fn leaf(&mut self, _: std::ops::Range<usize>, _: &[Segment<'a>], _: T) {}

    fn dropped(&mut self, _: &[Segment<'a>], _: T) {}
}

/// The items of one page in order, and the token of the next.
fn page<'a>(
    eval: &Eval<'a>,
    paging: &'a PagingPlan,
    most: usize,
    token: Option<&str>,
    digest: &str,
) -> Result<(Vec<Value<'a>>, Option<String>), Ec2Error> {
    let over = eval.slot(paging.over);
    let kept = eval.subjects.as_ref().map(|subjects| {
        subjects
            .borrow()
            .iter()
            .copied()
            .collect::<std::collections::BTreeSet<_>>()
    });
    let mut items: Vec<(Vec<Value<'a>>, Value<'a>)> = Vec::new();
    for item in over.as_list().into_iter().flat_map(List::iter) {
        let keep = match (&kept, identity(item)) {
            (Some(kept), Some(identity)) => kept.contains(&identity),
            _ => true,
        };
        if keep {
            items.push((paging.by.iter().map(|by| eval.ex(by, item)).collect(), item));
        }
    }
    items.sort_by(|(a, _), (b, _)| compare(a, b));
    let mut rest = items.as_slice();
    if let Some(token) = token {
        let after = read_token(token, digest).ok_or_else(|| {
            Ec2Error::client(
                "InvalidNextToken",
                "The token is not one that this request was answered with.",
            )
        })?;
        let after: Vec<Value<'a>> = after
            .into_iter()
            .map(|key| crate::eval::json(eval, eval.arena.alloc(key)))
            .collect();
        let start = rest.partition_point(|(key, _)| compare(key, &after) != Ordering::Greater);
        rest = rest.get(start..).unwrap_or_default();
    }
    let page = rest.get(..most.min(rest.len())).unwrap_or_default();
    let more = (rest.len() > page.len())
        .then(|| page.last().map(|(key, _)| write_token(key, digest)))
        .flatten();
    Ok((page.iter().map(|(_, item)| *item).collect(), more))
}

fn compare(a: &[Value<'_>], b: &[Value<'_>]) -> Ordering {
    for (a, b) in a.iter().zip(b) {
        let order = match (a.kind(), b.kind()) {
            (Kind::Int(a), Kind::Int(b)) => a.cmp(&b),
            (Kind::Str(a), Kind::Str(b)) => a.cmp(b),
            _ => a
                .scalar_text()
                .unwrap_or_default()
                .cmp(&b.scalar_text().unwrap_or_default()),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

const TOKEN: base64::engine::GeneralPurpose = base64::engine::general_purpose::URL_SAFE_NO_PAD;

fn write_token(key: &[Value<'_>], digest: &str) -> String {
    let keys: Vec<serde_json::Value> = key.iter().map(|key| key.to_json()).collect();
    TOKEN.encode(serde_json::json!([digest, keys]).to_string())
}

fn read_token(token: &str, digest: &str) -> Option<Vec<serde_json::Value>> {
    let text = TOKEN.decode(token).ok()?;
    let (of, keys): (String, Vec<serde_json::Value>) = serde_json::from_slice(&text).ok()?;
    (of == digest).then_some(keys)
}

/// The digest of a request by which tokens and idempotent repetitions are told apart from others.
pub fn request_digest(action: &str, parameters: &serde_json::Value) -> String {
    let mut plain = parameters.clone();
    if let Some(members) = plain.as_object_mut() {
        for name in ["MaxResults", "NextToken", "ClientToken", "DryRun"] {
            members.shift_remove(name);
        }
    }
    let digest = Sha256::digest(format!("{action} {plain}").as_bytes());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A value on its way into XML, with the row that made what it stands in.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// The value.
    pub value: Value<'a>,
    /// The row.
    pub row: Option<&'a At>,
}

impl<'a> Written<'a> {
    fn inner(self, value: Value<'a>) -> Self {
        let row = match self.value.origin {
            Some(Origin::Row(at, _)) => Some(*at),
            _ => self.row,
        };
        Self { value, row }
    }
}

/// Walks a list.
pub struct Items<'a> {
    of: Written<'a>,
    list: List<'a>,
    at: usize,
}

impl<'a> Iterator for Items<'a> {
    type Item = Written<'a>;
    fn next(&mut self) -> Option<Written<'a>> {
        let item = self.list.get(self.at)?;
        self.at += 1;
        Some(self.of.inner(item))
    }
}

/// Walks an object.
pub struct Entries<'a> {
    of: Written<'a>,
    object: Object<'a>,
    at: usize,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Written<'a>);
    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = self.object.entry(self.at)?;
        self.at += 1;
        Some((key, self.of.inner(value)))
    }
}

impl<'a> Tree<'a> for Written<'a> {
    type Items = Items<'a>;
    type Entries = Entries<'a>;

    fn view(self) -> View<'a, Items<'a>, Entries<'a>> {
        match self.value.kind() {
            Kind::Null => View::Null,
            Kind::Bool(b) => View::Boolean(b),
            Kind::Int(i) => View::Integer(i),
            Kind::Float(f) => View::Float(f),
            Kind::Str(s) => View::Text(s),
            Kind::List(list) => View::List(Items {
                of: self,
                list,
                at: 0,
            }),
            // An object without members says nothing to an EC2 client.
            Kind::Object(object) if says_nothing(object) => View::Null,
            Kind::Object(object) => View::Object(Entries {
                of: self,
                object,
                at: 0,
            }),
        }
    }
}

fn says_nothing(object: Object<'_>) -> bool {
    object.iter().all(|(_, value)| match value.data {
        Data::Null | Data::SentNull => true,
        Data::Object(members) => says_nothing(Object::Made(members)),
        _ => false,
    })
}
