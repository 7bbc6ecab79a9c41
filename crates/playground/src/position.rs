//! Places in a text: byte, UTF-16 unit as the browser counts, line and column, and the excerpt with a caret.

use std::ops::Range;

/// Longest piece of a line that an excerpt shows, in characters.
const WIDEST: usize = 64;

/// The byte offset of the n-th UTF-16 unit; the end of the text for a unit beyond it.
pub fn byte_of(text: &str, units: usize) -> usize {
    if text.is_ascii() {
        return units.min(text.len());
    }
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

/// The UTF-16 unit at a byte offset.
pub fn units_of(text: &str, byte: usize) -> usize {
    let byte = floor(text, byte);
    text.get(..byte)
        .map_or(0, |before| before.encode_utf16().count())
}

/// The nearest character boundary at or before a byte offset.
pub fn floor(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A place as a reader looks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// 1-based line.
    pub line: usize,
    /// 1-based column in characters.
    pub column: usize,
    /// The line, cut to the place where it is long.
    pub text: String,
    /// Spaces and carets that stand under the place.
    pub carets: String,
}

/// The line around a span, with carets under it.
pub fn excerpt(text: &str, span: &Range<usize>) -> Excerpt {
    let start = floor(text, span.start);
    let end = floor(text, span.end.max(start));
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    let rest = text.get(line_start..).unwrap_or_default();
    let whole: Vec<char> = rest
        .split('\n')
        .next()
        .unwrap_or_default()
        .trim_end_matches('\r')
        .chars()
        .collect();
    let column = text
        .get(line_start..start)
        .unwrap_or_default()
        .chars()
        .count();
    let marked = text
        .get(start..end)
        .unwrap_or_default()
        .split('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count();

    let column = column.min(whole.len());
    let from = if whole.len() <= WIDEST {
        0
    } else {
        column.saturating_sub(WIDEST / 2).min(whole.len() - WIDEST)
    };
    let to = (from + WIDEST).min(whole.len());
    let mut shown = String::new();
    if from > 0 {
        shown.push('…');
    }
    // Tabs and invisible characters would move the carets off the place.
    shown.extend(
        whole
            .iter()
            .skip(from)
            .take(to - from)
            .map(|c| if c.is_control() { ' ' } else { *c }),
    );
    if to < whole.len() {
        shown.push('…');
    }
    let indent = column.saturating_sub(from) + usize::from(from > 0);
    let carets = marked.clamp(1, (to + 1).saturating_sub(column).max(1));
    Excerpt {
        line,
        column: column + 1,
        text: shown,
        carets: format!("{}{}", " ".repeat(indent), "^".repeat(carets)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_offsets_count_utf16_units() {
        let text = "a–😀b";
        for (units, byte) in [(0, 0), (1, 1), (2, 4), (4, 8), (5, 9), (99, 9)] {
            assert_eq!(byte_of(text, units), byte);
        }
        for (byte, units) in [(0, 0), (1, 1), (2, 1), (4, 2), (8, 4), (99, 5)] {
            assert_eq!(units_of(text, byte), units);
        }
    }

    #[test]
    fn an_excerpt_points_at_the_place() {
        let text = "Action=RunInstances\r\n&Imageid=ami-1\n";
        let at = text.find("Imageid").unwrap();
        let found = excerpt(text, &(at..at + 7));
        assert_eq!(
            found,
            Excerpt {
                line: 2,
                column: 2,
                text: "&Imageid=ami-1".into(),
                carets: " ^^^^^^^".into()
            }
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}HERE{}", "x".repeat(200), "y".repeat(200));
        let found = excerpt(&text, &(200..204));
        assert_eq!(found.column, 201);
        assert_eq!(found.text.chars().count(), WIDEST + 2);
        let column = found.carets.find('^').unwrap();
        assert_eq!(
            found.text.chars().skip(column).take(4).collect::<String>(),
            "HERE"
        );
    }

    #[test]
    fn an_empty_span_and_the_end_of_the_text_get_one_caret() {
        assert_eq!(excerpt("ab", &(2..2)).carets, "  ^");
        assert_eq!(
            excerpt("", &(0..9)),
            Excerpt {
                line: 1,
                column: 1,
                text: String::new(),
                carets: "^".into()
            }
        );
    }

    proptest::proptest! {
        #[test]
        fn any_span_in_any_text_has_an_excerpt(text in "[a–😀\n\r\t]{0,100}", start in 0usize..400, len in 0usize..400) {
            let found = excerpt(&text, &(start..start + len));
            proptest::prop_assert!(found.carets.contains('^') && !found.text.contains('\n'));
            proptest::prop_assert!(found.carets.chars().count() <= found.text.chars().count() + 1);
        }
    }
}
