//! Text laid out for a code pane: lines, inks and the spots that the linked highlight can light.

pub mod json;
pub mod xml;

use std::cell::OnceCell;
use std::ops::Range;

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A JSON key, an XML tag, an HTTP method or option.
    Key,
    /// A text value.
    Text,
    /// A number, `true`, `false` or `null`.
    Word,
    /// Brackets and commas.
    Quiet,
}

impl Ink {
    /// CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Ink::Key => "ink-key",
            Ink::Text => "ink-text",
            Ink::Word => "ink-word",
            Ink::Quiet => "ink-quiet",
        }
    }
}

/// A coloured piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Byte range in the document.
    pub span: Range<usize>,
    /// Its ink.
    pub ink: Ink,
}

/// A piece that stands for a place of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Byte range in the document.
    pub span: Range<usize>,
    /// The place as a key of [`crate::highlight`].
    pub key: String,
}

/// One run of characters of a line that are drawn alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run<'d> {
    /// The characters.
    pub text: &'d str,
    /// Their ink.
    pub ink: Option<Ink>,
    /// Index of the spot they belong to.
    pub spot: Option<usize>,
}

/// A document ready to draw.
#[derive(Debug, Default)]
pub struct Doc {
    /// The whole text.
    pub text: String,
    /// Byte offset of each line's start.
    pub lines: Vec<usize>,
    /// Coloured pieces in order, not overlapping.
    pub marks: Vec<Mark>,
    /// Spots in order, not overlapping.
    pub spots: Vec<Spot>,
    by_key: OnceCell<Vec<u32>>,
}

impl Doc {
    /// Puts a document together; marks and spots are brought in order, and a spot that overlaps an earlier one is
    /// dropped.
    pub fn new(text: String, mut marks: Vec<Mark>, mut spots: Vec<Spot>) -> Self {
        let mut lines = vec![0];
        lines.extend(
            text.match_indices('\n')
                .map(|(at, _)| at + 1)
                .filter(|at| *at < text.len()),
        );
        marks.sort_by_key(|mark| mark.span.start);
        spots.sort_by_key(|spot| spot.span.start);
        let mut end = 0;
        spots.retain(|spot| {
            let fits = spot.span.start >= end
                && spot.span.start < spot.span.end
                && text.get(spot.span.clone()).is_some();
            if fits {
                end = spot.span.end;
            }
            fits
        });
        Self {
            text,
            lines,
            marks,
            spots,
            by_key: OnceCell::new(),
        }
    }

    /// A document without inks or spots.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text.into(), Vec::new(), Vec::new())
    }

    /// Byte range of a line without its line break.
    pub fn line(&self, index: usize) -> Range<usize> {
        let Some(&start) = self.lines.get(index) else {
            return 0..0;
        };
        let end = self
            .lines
            .get(index + 1)
            .copied()
            .unwrap_or(self.text.len());
        let text = self.text.get(start..end).unwrap_or_default();
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// Number of spaces that a line begins with.
    pub fn indent(&self, index: usize) -> usize {
        let text = self.text.get(self.line(index)).unwrap_or_default();
        text.len() - text.trim_start_matches(' ').len()
    }

    /// The line that holds a byte offset.
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// A line cut where ink or spot changes.
    pub fn runs(&self, line: usize) -> Vec<Run<'_>> {
        let range = self.line(line);
        let mut runs = Vec::new();
        let mut mark = self
            .marks
            .partition_point(|mark| mark.span.end <= range.start);
        let mut spot = self
            .spots
            .partition_point(|spot| spot.span.end <= range.start);
        let mut at = range.start;
        while at < range.end {
            while self.marks.get(mark).is_some_and(|mark| mark.span.end <= at) {
                mark += 1;
            }
            while self.spots.get(spot).is_some_and(|spot| spot.span.end <= at) {
                spot += 1;
            }
            let mut end = range.end;
            let ink = self
                .marks
                .get(mark)
                .and_then(|mark| within(&mark.span, at, &mut end).then_some(mark.ink));
            let inside = self
                .spots
                .get(spot)
                .is_some_and(|spot| within(&spot.span, at, &mut end));
            let Some(text) = self.text.get(at..end) else {
                break;
            };
            runs.push(Run {
                text,
                ink,
                spot: inside.then_some(spot),
            });
            at = end;
        }
        runs
    }

    /// Indices of the spots that one of the keys names: the place itself, or one inside it.
    pub fn spots_of(&self, keys: &[String]) -> Vec<usize> {
        let by_key = self.by_key.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.spots.len() as u32).collect();
            order.sort_by(|a, b| self.key(*a).cmp(self.key(*b)));
            order
        });
        let mut found = Vec::new();
        for key in keys {
            let from = by_key.partition_point(|spot| self.key(*spot) < key.as_str());
            found.extend(
                by_key
                    .iter()
                    .skip(from)
                    .take_while(|spot| self.key(**spot).starts_with(key.as_str()))
                    .filter(|spot| {
                        let rest = self.key(**spot).get(key.len()..).unwrap_or_default();
                        rest.is_empty() || rest.starts_with('/')
                    })
                    .map(|spot| *spot as usize),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn key(&self, spot: u32) -> &str {
        self.spots
            .get(spot as usize)
            .map_or("", |spot| spot.key.as_str())
    }
}

/// Whether `at` lies in the span; shortens `end` to where that changes.
fn within(span: &Range<usize>, at: usize, end: &mut usize) -> bool {
    let inside = span.start <= at;
    *end = (*end).min(if inside { span.end } else { span.start });
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(span: Range<usize>, key: &str) -> Spot {
        Spot {
            span,
            key: key.into(),
        }
    }

    #[test]
    fn lines_are_cut_where_ink_or_spot_changes() {
        let doc = Doc::new(
            "ab: cd\nef\n".into(),
            vec![Mark {
                span: 0..2,
                ink: Ink::Key,
            }],
            vec![spot(4..6, "b0/x")],
        );
        assert_eq!(doc.lines, [0, 7]);
        assert_eq!(
            doc.runs(0),
            [
                Run {
                    text: "ab",
                    ink: Some(Ink::Key),
                    spot: None
                },
                Run {
                    text: ": ",
                    ink: None,
                    spot: None
                },
                Run {
                    text: "cd",
                    ink: None,
                    spot: Some(0)
                },
            ]
        );
        assert_eq!(
            doc.runs(1),
            [Run {
                text: "ef",
                ink: None,
                spot: None
            }]
        );
        assert_eq!(doc.runs(9), []);
        assert_eq!(
            (
                doc.indent(0),
                Doc::plain("a\n   b").indent(1),
                doc.indent(9)
            ),
            (0, 3, 0)
        );
        assert_eq!(
            (
                doc.line_of(0),
                doc.line_of(6),
                doc.line_of(7),
                doc.line_of(99)
            ),
            (0, 0, 1, 1)
        );
    }

    #[test]
    fn a_key_finds_its_spot_and_those_inside_it_but_no_neighbour() {
        let doc = Doc::new(
            "0123456789".into(),
            vec![],
            vec![
                spot(0..1, "r1/a"),
                spot(1..2, "r1/a/b"),
                spot(2..3, "r1/ab"),
                spot(3..4, "r10/a"),
                spot(4..5, "r1/a-b"),
            ],
        );
        assert_eq!(doc.spots_of(&["r1/a".into()]), [0, 1]);
        assert_eq!(doc.spots_of(&["r1".into()]), [0, 1, 2, 4]);
        assert_eq!(doc.spots_of(&["r10".into(), "r1/ab".into()]), [2, 3]);
        assert!(doc.spots_of(&["x".into()]).is_empty());
    }

    #[test]
    fn spots_that_overlap_or_point_outside_are_dropped() {
        let doc = Doc::new(
            "0123".into(),
            vec![],
            vec![
                spot(0..2, "a"),
                spot(1..3, "b"),
                spot(2..9, "c"),
                spot(3..3, "d"),
            ],
        );
        assert_eq!(doc.spots, [spot(0..2, "a")]);
    }
}
