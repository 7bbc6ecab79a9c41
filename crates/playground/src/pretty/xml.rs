//! XML laid out in lines, with the spans of the compact document carried over.

use std::ops::Range;

use super::{Doc, Ink, Mark, Spot};

/// Nesting beyond which indentation stops growing.
const DEEPEST: usize = 64;

/// Lays a well-formed document out, one element a line; elements that hold only text stay on one line. `leaves` are
/// byte ranges in `xml` with their keys, in document order; each becomes a spot over its whole element. A document
/// that is not XML is shown as it stands.
pub fn layout<K: Into<String>>(
    xml: &str,
    leaves: impl IntoIterator<Item = (Range<usize>, K)>,
) -> Doc {
    let mut leaves = leaves.into_iter().peekable();
    let mut out = String::with_capacity(xml.len() * 3 / 2);
    let mut marks = Vec::new();
    let mut spots = Vec::new();
    let mut depth = 0usize;
    let mut at = 0;
    // Where the element opened last begins in `out` and ends in `xml`, as long as nothing but text followed.
    let mut open: Option<(usize, usize)> = None;
    while let Some(rest) = xml.get(at..).filter(|rest| !rest.is_empty()) {
        if !rest.starts_with('<') {
            let len = rest.find('<').unwrap_or(rest.len());
            let text = rest.get(..len).unwrap_or_default();
            if open.is_some() && rest.get(len..).is_some_and(|after| after.starts_with("</")) {
                let start = out.len();
                out.push_str(text);
                marks.push(Mark {
                    span: start..out.len(),
                    ink: Ink::Text,
                });
            } else if !text.trim().is_empty() {
                return Doc::plain(xml);
            }
            at += len;
            continue;
        }
        let Some(len) = rest.find('>').map(|end| end + 1) else {
            return Doc::plain(xml);
        };
        let tag = rest.get(..len).unwrap_or_default();
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
            let begun = open.take();
            if begun.is_none() {
                line(&mut out, depth);
            }
            let start = out.len();
            out.push_str(tag);
            marks.push(Mark {
                span: start..out.len(),
                ink: Ink::Key,
            });
            if let Some((start, from)) = begun {
                // The leaf of this element: its text lies between the two tags.
                while leaves.peek().is_some_and(|(span, _)| span.start < from) {
                    leaves.next();
                }
                if let Some((_, key)) = leaves.next_if(|(span, _)| span.start <= at) {
                    spots.push(Spot {
                        span: start..out.len(),
                        key: key.into(),
                    });
                }
            }
        } else {
            if !out.is_empty() {
                line(&mut out, depth);
            }
            let start = out.len();
            out.push_str(tag);
            let ink = if tag.starts_with("<?") || tag.starts_with("<!") {
                Ink::Quiet
            } else {
                Ink::Key
            };
            marks.push(Mark {
                span: start..out.len(),
                ink,
            });
            let single = tag.ends_with("/>") || ink == Ink::Quiet;
            if single {
                open = None;
                if let Some((_, key)) =
                    leaves.next_if(|(span, _)| span.start >= at && span.end <= at + len)
                {
                    spots.push(Spot {
                        span: start..out.len(),
                        key: key.into(),
                    });
                }
            } else {
                depth += 1;
                open = Some((start, at + len));
            }
        }
        at += len;
    }
    Doc::new(out, marks, spots)
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth.min(DEEPEST) {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [(Range<usize>, &str); 0] = [];

    #[test]
    fn elements_of_text_stay_on_one_line_and_carry_their_leaf() {
        let xml = "<?xml version=\"1.0\"?><R><a>one</a><set><item><b>2 &lt; 3</b><c></c><d/></item></set><e>last</e></R>";
        let leaf = |text: &str| {
            let at = xml.find(text).unwrap();
            at..at + text.len()
        };
        let empty = xml.find("</c>").unwrap();
        let leaves = [
            (leaf("2 &lt; 3"), "a/Set/0/B"),
            (empty..empty, "a/Set/0/C"),
            (leaf("last"), "a/E"),
        ];
        let doc = layout(xml, leaves);
        assert_eq!(
            doc.text,
            "<?xml version=\"1.0\"?>\n<R>\n  <a>one</a>\n  <set>\n    <item>\n      <b>2 &lt; 3</b>\n      <c></c>\n      <d/>\n    </item>\n  </set>\n  <e>last</e>\n</R>"
        );
        let spots: Vec<_> = doc
            .spots
            .iter()
            .map(|spot| (spot.key.as_str(), &doc.text[spot.span.clone()]))
            .collect();
        assert_eq!(
            spots,
            [
                ("a/Set/0/B", "<b>2 &lt; 3</b>"),
                ("a/Set/0/C", "<c></c>"),
                ("a/E", "<e>last</e>")
            ]
        );
    }

    #[test]
    fn text_that_is_no_xml_is_shown_as_it_stands() {
        for text in ["", "plain", "<a", "<a><b></b>stray</a>"] {
            assert_eq!(layout(text, NONE).text, text);
        }
    }

    #[test]
    fn a_document_with_line_breaks_of_its_own_is_laid_out_alike() {
        assert_eq!(
            layout("<a>\n<b>1</b>\n</a>", NONE).text,
            layout("<a><b>1</b></a>", NONE).text
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_laid_out_without_a_fault(text in "[<>/a?! é]{0,80}") {
            layout(&text, [(0..1, "a/x"), (3..9, "a/y")]);
        }
    }
}
