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
    let leaves: &[Leaf] = reading
        .request
        .as_ref()
        .filter(|_| short)
        .map_or(&[], |request| &request.leaves);
    let tokens: &[Token] = if short { &reading.tokens } else { &[] };
    let mut tokens = Layer::new(tokens.iter().map(|token| Some(&token.span)));
    let mut values = Layer::new(leaves.iter().map(|leaf| leaf.span.as_ref()));
    let mut keys = Layer::new(leaves.iter().map(|leaf| leaf.key_span.as_ref()));
    let mut problems = Layer::new(
        reading
            .diagnostics
            .iter()
            .map(|diagnostic: &Diagnostic| Some(&diagnostic.span)),
    );

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
        pieces.push(Piece {
            text,
            token,
            value,
            key,
            problem,
        });
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
        while self
            .spans
            .get(self.next)
            .is_some_and(|(span, _)| span.end <= at)
        {
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
    let holds = |span: &Option<Range<usize>>| {
        span.as_ref()
            .is_some_and(|span| span.start <= offset && offset <= span.end)
    };
    let value = leaves.iter().position(|leaf| holds(&leaf.span));
    value.or_else(|| leaves.iter().position(|leaf| holds(&leaf.key_span)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> (Vec<String>, Reading) {
        let reading = ingest::read(text, None);
        let values = pieces(text, &reading)
            .into_iter()
            .filter(|piece| piece.value.is_some())
            .map(|piece| piece.text.to_owned())
            .collect();
        (values, reading)
    }

    #[test]
    fn values_of_a_request_are_cut_out() {
        let (values, _) = drawn("Action=DescribeInstances&InstanceId.1=i-1&MaxResults=5");
        assert_eq!(values, ["i-1", "5"]);
        let (values, _) = drawn("aws ec2 describe-instances --instance-ids i-1 i-2");
        assert_eq!(values, ["i-1", "i-2"]);
    }

    #[test]
    fn a_problem_is_marked_where_it_stands() {
        let text = "aws ec2 describe-instances --instance-idz i-1";
        let reading = ingest::read(text, None);
        let marked: Vec<_> = pieces(text, &reading)
            .into_iter()
            .filter(|piece| piece.problem.is_some())
            .map(|piece| piece.text)
            .collect();
        assert_eq!(marked.concat(), "--instance-idz");
    }

    #[test]
    fn the_caret_finds_its_parameter() {
        let text = "Action=DescribeInstances&InstanceId.1=i-1&MaxResults=5";
        let (_, reading) = drawn(text);
        let leaves = reading.request.unwrap().leaves;
        assert_eq!(leaf_at(&leaves, text.find("i-1").unwrap() + 1), Some(0));
        assert_eq!(
            leaf_at(&leaves, text.find("MaxResults").unwrap() + 2),
            Some(1)
        );
        assert_eq!(leaf_at(&leaves, 2), None);
    }

    proptest::proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "(Action=|aws ec2 |--|Describe|Instances|[&=. \\n'\"é😀{}1a]){0,30}") {
            let reading = ingest::read(&text, None);
            let again: String = pieces(&text, &reading).into_iter().map(|piece| piece.text).collect();
            proptest::prop_assert_eq!(again, text);
        }
    }
}
