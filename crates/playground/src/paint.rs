//! The highlight layer behind the input: the text cut where token, parameter or problem changes.

use std::ops::Range;

use ec2_wire::Leaf;
use ingest::{Diagnostic, Reading, Token};

/// Longest text that is coloured; beyond it only problems are marked.
const LONGEST: usize = 64 * 1024;

/// One run of the input that is drawn alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'t> {
    /// Its characters.
    pub text: &'t str,
    /// Index of its token.
    pub token: Option<usize>,
    /// Index of the parameter whose value it is.
    pub value: Option<usize>,
    /// Index of the parameter whose key it is.
    pub key: Option<usize>,
    /// Index of the diagnostic that points at it.
    pub problem: Option<usize>,
}

/// Cuts the text for the layer. The pieces put together are the text.
pub fn pieces<'t>(text: &'t str, reading: &Reading) -> Vec<Piece<'t>> {
    let short = text.len() <= LONGEST;
    let leaves: &[Leaf] = reading.request.as_ref().filter(|_| short).map_or(&[], |request| &request.leaves);
    let tokens: &[Token] = if short { &reading.tokens } else { &[] };
    let mut tokens = Layer::new(tokens.iter().map(|token| Some(&token.span)));
    let mut values = Layer::new(leaves.iter().map(|leaf| leaf.span.as_ref()));
    let mut keys = Layer::new(leaves.iter().map(|leaf| leaf.key_span.as_ref()));
    let mut problems = Layer::new(reading.diagnostics.iter().map(|diagnostic: &Diagnostic| Some(&diagnostic.span)));

    let mut pieces = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let mut end = text.len();
        let token = tokens.at(at, &mut end);
        let value = values.at(at, &mut end);
        let key = keys.at(at, &mut end);
        let problem = problems.at(at, &mut end);
        // A span that splits a character is widened to it.
        while end < text.len() && !text.is_char_boundary(end) {
            end += 1;
        }
        let Some(text) = text.get(at..end) else { break };
        pieces.push(Piece { text, token, value, key, problem });
        at = end;
    }
    pieces
}

/// Spans in order; where they overlap, the first one keeps the text.
struct Layer {
    spans: Vec<(Range<usize>, usize)>,
    next: usize,
}

impl Layer {
    fn new<'s>(spans: impl Iterator<Item = Option<&'s Range<usize>>>) -> Self {
        let mut spans: Vec<_> = spans
            .enumerate()
            .filter_map(|(index, span)| span.map(|span| (span.clone(), index)))
            .filter(|(span, _)| span.start < span.end)
            .collect();
        spans.sort_by_key(|(span, _)| span.start);
        Self { spans, next: 0 }
    }

    /// The span at an offset; shortens `end` to where that changes. Offsets must not decrease.
    fn at(&mut self, at: usize, end: &mut usize) -> Option<usize> {
        while self.spans.get(self.next).is_some_and(|(span, _)| span.end <= at) {
            self.next += 1;
        }
        let (span, index) = self.spans.get(self.next)?;
        if span.start <= at {
            *end = (*end).min(span.end);
            Some(*index)
        } else {
            *end = (*end).min(span.start);
            None
        }
    }
}

/// The parameter at a byte offset: the one whose value or key holds it.
pub fn leaf_at(leaves: &[Leaf], offset: usize) -> Option<usize> {
    let holds = |span: &Option<Range<usize>>| span.as_ref().is_some_and(|span| span.start <= offset && offset <= span.end);
    let value = leaves.iter().position(|leaf| holds(&leaf.span));
    value.or_else(|| leaves.iter().position(|leaf| holds(&leaf.key_span)))
}
