//! What a value was made from: a lazy union of document nodes, turned into places only when somebody looks.

use super::{Content, Data, Doc, Source, Value};
use crate::trace::Place;

/// What a value was made from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// A node of a document.
    Node(&'a Doc, u32),
    /// Two origins.
    Both(&'a Origin<'a>, &'a Origin<'a>),
    /// Made by a row of a rule, whose line this is.
    Row(&'a rules::At, Option<&'a Origin<'a>>),
}

/// Places shown for one value; more would light up the whole page.
const MOST: usize = 24;

/// The nodes a value was read from, nearest first, and the row that made it.
///
/// `take` answers how many it has taken so far; constants of a rule and whole documents are not shown to it.
pub fn sources<'a>(
    value: Value<'a>,
    open: &mut Vec<&'a Origin<'a>>,
    mut take: impl FnMut(&'a Doc, u32) -> usize,
) -> Option<&'a rules::At> {
    let mut taken = 0;
    let mut show = |doc: &'a Doc, node: u32| {
        if doc.source() != Source::Rule && !(node == doc.root() && holds_others(doc, node)) {
            taken = take(doc, node);
        }
        taken
    };
    let mut full = match value.data {
        Data::Node(doc, node) => show(doc, node) >= MOST,
        _ => false,
    };
    let mut row = None;
    let mut steps = 0;
    open.clear();
    open.extend(value.origin);
    while let Some(origin) = open.pop() {
        steps += 1;
        if full || steps > 1_000 {
            break;
        }
        match origin {
            Origin::Node(doc, node) => full = show(doc, *node) >= MOST,
            Origin::Both(a, b) => {
                open.push(b);
                open.push(a);
            }
            Origin::Row(at, inner) => {
                row.get_or_insert(*at);
                open.extend(inner);
            }
        }
    }
    row
}

fn holds_others(doc: &Doc, node: u32) -> bool {
    matches!(doc.content(node), Content::List(..) | Content::Object(..))
}

/// The places a value was read from, nearest first, without repetition, and the row that made it.
pub fn places<'a>(value: Value<'a>) -> (Vec<Place>, Option<&'a rules::At>) {
    let mut found = Vec::new();
    let row = sources(value, &mut Vec::new(), |doc, node| {
        if let Some(place) = place(doc, node)
            && !found.contains(&place)
        {
            found.push(place);
        }
        found.len()
    });
    (found, row)
}

/// A node as a place that can be shown; a constant of a rule has none.
pub fn place(doc: &Doc, node: u32) -> Option<Place> {
    let pointer = doc.pointer(node);
    match doc.source() {
        Source::Rule => None,
        Source::Request => Some(Place::Request { pointer }),
        Source::Reply(call) => Some(Place::Reply { call, pointer }),
        Source::Context => Some(Place::Context {
            name: pointer.trim_start_matches('/').to_owned(),
        }),
    }
}
