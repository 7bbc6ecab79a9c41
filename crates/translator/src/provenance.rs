//! What the leaves of an answer were made from, kept small while the answer is written and put into words when asked.
//!
//! An answer of a thousand instances has a hundred thousand leaves. The page shows a screenful of them, a gateway none.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use ec2_wire::{Places, Segment};
use rules::At;

use crate::answer::Written;
use crate::hash::Fixed;
use crate::request::line;
use crate::run::State;
use crate::trace::AnswerLeaf;
use crate::value::{Doc, Origin, Source, place, sources};

/// The leaves of an answer in document order.
#[derive(Debug, Default)]
pub struct Provenance {
    leaves: Vec<Leaf>,
    /// Ends of the leaves' pointers, one after another.
    pointers: String,
    /// Nodes that the leaves were made from, one leaf's after another's.
    nodes: Vec<(Source, u32)>,
    /// Rows of the rule.
    rows: Vec<At>,
}

#[derive(Debug)]
struct Leaf {
    span: Range<u32>,
    /// Bytes of its pointer that it shares with the leaf before it.
    shared: u32,
    /// Where the rest of its pointer ends.
    pointer_end: u32,
    /// Where its nodes end.
    nodes_end: u32,
    /// Number of its row.
    row: u32,
}

impl Provenance {
    /// The leaves in words; `state` holds the documents that they were made from.
    pub fn leaves(&self, state: &State) -> Vec<AnswerLeaf> {
        let replies: BTreeMap<u32, &Doc> = state
            .calls
            .iter()
            .flat_map(|call| &call.items)
            .flat_map(|item| &item.replies)
            .filter_map(|doc| match doc.source() {
                Source::Reply(call) => Some((call, doc)),
                _ => None,
            })
            .collect();
        let document = |source: Source| match source {
            Source::Request => Some(&state.request),
            Source::Context => Some(&state.context),
            Source::Reply(call) => replies.get(&call).copied(),
            Source::Rule => None,
        };
        let mut pointer = String::new();
        let (mut text, mut node) = (0, 0);
        let mut leaves = Vec::with_capacity(self.leaves.len());
        for leaf in &self.leaves {
            pointer.truncate(leaf.shared as usize);
            let own = self.pointers.get(text..leaf.pointer_end as usize);
            pointer.push_str(own.unwrap_or_default());
            let nodes = self.nodes.get(node..leaf.nodes_end as usize);
            (text, node) = (leaf.pointer_end as usize, leaf.nodes_end as usize);
            leaves.push(AnswerLeaf {
                pointer: pointer.clone(),
                span: leaf.span.start as usize..leaf.span.end as usize,
                from: nodes
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|(source, node)| place(document(*source)?, *node))
                    .collect(),
                rule: line(self.rows.get(leaf.row as usize).unwrap_or(&At::default())),
            });
        }
        leaves
    }
}

/// Listens to the encoder and keeps what it says of each leaf.
pub struct Recorder<'a> {
    kept: Provenance,
    /// The row of what no row made.
    plain: &'a At,
    /// About how many bytes the answer will have.
    room: usize,
    /// Numbers of rows by where they stand in memory.
    numbers: HashMap<usize, u32, Fixed>,
    /// The last leaf's path, each step with the length of the pointer up to it.
    path: Vec<(Segment<'a>, u32)>,
    open: Vec<&'a Origin<'a>>,
}

impl<'a> Recorder<'a> {
    /// Nothing kept yet; `plain` is the row of what no row of the rule made.
    pub fn new(plain: &'a At, room: usize) -> Self {
        // An element is seldom shorter than 24 bytes. Room that stays empty costs nothing, and moving to more room does.
        let leaves = room / 24;
        let kept = Provenance {
            leaves: Vec::with_capacity(leaves),
            pointers: String::with_capacity(leaves * 16),
            nodes: Vec::with_capacity(leaves * 2),
            rows: Vec::new(),
        };
        Self {
            room,
            kept,
            plain,
            numbers: HashMap::default(),
            path: Vec::new(),
            open: Vec::new(),
        }
    }

    /// What was kept.
    pub fn finish(self) -> Provenance {
        self.kept
    }

    fn number(&mut self, row: &At) -> u32 {
        let rows = &mut self.kept.rows;
        let number = self.numbers.entry(std::ptr::from_ref(row) as usize);
        *number.or_insert_with(|| {
            rows.push(row.clone());
            rows.len() as u32 - 1
        })
    }

    /// Keeps the part of a path that the last one did not have; gives the length of what both share.
    fn walk(&mut self, path: &[Segment<'a>]) -> u32 {
        let same = self.path.iter().zip(path);
        let same = same.take_while(|((a, _), b)| is_same(a, b)).count();
        self.path.truncate(same);
        let shared = self.path.last().map_or(0, |(_, length)| *length);
        let mut length = shared;
        for segment in path.get(same..).unwrap_or_default() {
            let start = self.kept.pointers.len();
            segment.write_to(&mut self.kept.pointers);
            length += (self.kept.pointers.len() - start) as u32;
            self.path.push((*segment, length));
        }
        shared
    }
}

/// Names of one member are the same text in memory, mostly; where they are not, less is shared.
fn is_same(a: &Segment<'_>, b: &Segment<'_>) -> bool {
    match (a, b) {
        (Segment::Name(a), Segment::Name(b)) => std::ptr::eq(*a, *b),
        (Segment::Index(a), Segment::Index(b)) => a == b,
        _ => false,
    }
}

impl<'a> Places<'a, Written<'a>> for Recorder<'a> {
    fn room(&self) -> usize {
        self.room
    }

    fn leaf(&mut self, range: Range<usize>, path: &[Segment<'a>], written: Written<'a>) {
        let shared = self.walk(path);
        let nodes = &mut self.kept.nodes;
        let first = nodes.len();
        let row = sources(written.value, &mut self.open, |doc, node| {
            let new = (doc.source(), node);
            if !nodes.iter().skip(first).any(|known| *known == new) {
                nodes.push(new);
            }
            nodes.len() - first
        });
        let nodes_end = nodes.len() as u32;
        let row = self.number(row.or(written.row).unwrap_or(self.plain));
        self.kept.leaves.push(Leaf {
            span: range.start as u32..range.end as u32,
            shared,
            pointer_end: self.kept.pointers.len() as u32,
            nodes_end,
            row,
        });
    }

    fn dropped(&mut self, _: &[Segment<'a>], _: Written<'a>) {}
}
