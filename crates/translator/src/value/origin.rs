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

/// The places a value was read from, nearest first, without repetition, and the row that made it.
pub fn places<'a>(value: Value<'a>) -> (Vec<Place>, Option<&'a rules::At>) {
    let mut found = Vec::new();
    let mut row = None;
    if let Data::Node(doc, node) = value.data {
        push(&mut found, doc, node);
    }
    let mut open: Vec<&Origin<'a>> = value.origin.into_iter().collect();
    let mut steps = 0;
    while let Some(origin) = open.pop() {
        steps += 1;
        if found.len() >= MOST || steps > 1_000 {
            break;
        }
        match origin {
            Origin::Node(doc, node) => push(&mut found, doc, *node),
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
    (found, row)
}

fn push(found: &mut Vec<Place>, doc: &Doc, node: u32) {
    let place = match doc.source() {
        Source::Rule => return,
        Source::Request => Place::Request {
            pointer: doc.pointer(node),
        },
        Source::Reply(call) => Place::Reply {
            call,
            pointer: doc.pointer(node),
        },
        Source::Context => Place::Context {
            name: doc.pointer(node).trim_start_matches('/').to_owned(),
        },
    };
    if matches!(doc.content(node), Content::List(..) | Content::Object(..)) && node == doc.root() {
        return;
    }
    if !found.contains(&place) {
        found.push(place);
    }
}
