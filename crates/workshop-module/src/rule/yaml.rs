//! The inks of a rule file, line by line.

use std::fmt;
use std::ops::Range;

/// What a piece of a line is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A key.
    Key,
    /// Text in quotes or in a block.
    Text,
    /// A number, `true`, `false`, `null` or `none`.
    Word,
    /// Brackets, signs and remarks.
    Quiet,
}

impl fmt::Display for Ink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "key",
            Self::Text => "text",
            Self::Word => "word",
            Self::Quiet => "quiet",
        })
    }
}

/// A coloured piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Byte range in the line.
    pub span: Range<usize>,
    /// Its ink.
    pub ink: Ink,
}

/// The coloured pieces of each line, spans within the line.
///
/// A line is coloured by how it looks: a rule under edit is seldom whole, and must not lose its colours for that.
pub fn inks(text: &str) -> Vec<Vec<Mark>> {
    let mut lines = Vec::new();
    // Indent of the key whose block of text goes on.
    let mut block: Option<usize> = None;
    for line in text.split('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let empty = line.trim().is_empty();
        match block {
            Some(at) if empty || indent > at => {
                lines.push(piece(indent, line.len(), Ink::Text).into_iter().collect());
                continue;
            }
            _ => block = None,
        }
        let (marks, opens) = scan(line, indent);
        if opens {
            block = Some(indent);
        }
        lines.push(marks);
    }
    lines
}

fn piece(start: usize, end: usize, ink: Ink) -> Option<Mark> {
    (start < end).then_some(Mark {
        span: start..end,
        ink,
    })
}

/// The pieces of a line, and whether a block of text begins behind it.
fn scan(line: &str, indent: usize) -> (Vec<Mark>, bool) {
    let bytes = line.as_bytes();
    let mut marks = Vec::new();
    let mut at = indent;
    // A word begins where a key, a value or an item may begin.
    let mut fresh = true;
    let mut last = None;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        match byte {
            b'#' if at == 0 || bytes.get(at - 1) == Some(&b' ') => {
                marks.extend(piece(start, line.len(), Ink::Quiet));
                at = line.len();
            }
            b'"' | b'\'' if fresh => {
                at = closed(bytes, at);
                let key = bytes.get(at) == Some(&b':');
                marks.extend(piece(start, at, if key { Ink::Key } else { Ink::Text }));
                fresh = false;
            }
            b'{' | b'}' | b'[' | b']' | b','
                if fresh || byte == b'}' || byte == b']' || bytes.get(at + 1) == Some(&b' ') =>
            {
                marks.extend(piece(start, at + 1, Ink::Quiet));
                at += 1;
                fresh = true;
            }
            b'-' if fresh && bytes.get(at + 1) == Some(&b' ') => {
                marks.extend(piece(start, at + 1, Ink::Quiet));
                at += 1;
            }
            b':' if matches!(bytes.get(at + 1), None | Some(b' ')) => {
                marks.extend(piece(start, at + 1, Ink::Quiet));
                at += 1;
                fresh = true;
            }
            b' ' => at += 1,
            _ => {
                at = word(bytes, at);
                if fresh {
                    let text = line.get(start..at).unwrap_or_default();
                    let key = matches!(bytes.get(at), Some(b':'))
                        && matches!(bytes.get(at + 1), None | Some(b' '));
                    let plain = matches!(text, "true" | "false" | "null" | "none")
                        || text.bytes().all(|b| b.is_ascii_digit());
                    let ink = match (key, plain) {
                        (true, _) => Some(Ink::Key),
                        (false, true) => Some(Ink::Word),
                        _ => None,
                    };
                    marks.extend(ink.and_then(|ink| piece(start, at, ink)));
                    // A key may have blanks in it: `404 "*napshot*"`.
                    fresh = false;
                }
                last = line.get(start..at);
                continue;
            }
        }
        last = None;
    }
    (
        marks,
        matches!(last, Some("|" | ">" | "|-" | ">-" | "|+" | ">+")),
    )
}

/// The end of a quoted text.
fn closed(bytes: &[u8], open: usize) -> usize {
    let quote = bytes.get(open).copied();
    let mut at = open + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            // The escaped sign may be of several bytes; none of them is a quote.
            b'\\' if quote == Some(b'"') => at = (at + 2).min(bytes.len()),
            byte if Some(byte) == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of a word: a blank, a colon that ends a key, or a closing sign.
fn word(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        let ends = match byte {
            b' ' => true,
            b':' | b',' => matches!(bytes.get(at + 1), None | Some(b' ')),
            b'}' | b']' => true,
            _ => false,
        };
        if ends {
            break;
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        text.split('\n')
            .zip(inks(text))
            .map(|(line, marks)| {
                let parts = marks
                    .iter()
                    .map(|mark| format!("{:?} {}", mark.ink, &line[mark.span.clone()]));
                parts.collect::<Vec<_>>().join(" | ")
            })
            .collect()
    }

    #[test]
    fn keys_texts_words_and_remarks_have_their_inks() {
        assert_eq!(
            told(
                "action: CreateVolume\n  size: 8   # GiB\n  \"*\": 'text: # none'\n- { when: x, use: true }"
            ),
            [
                "Key action | Quiet :",
                "Key size | Quiet : | Word 8 | Quiet # GiB",
                "Key \"*\" | Quiet : | Text 'text: # none'",
                "Quiet - | Quiet { | Key when | Quiet : | Quiet , | Key use | Quiet : | Word true | Quiet }",
            ]
        );
    }

    #[test]
    fn a_block_of_text_is_text_until_it_ends() {
        assert_eq!(
            told("about: |\n  a: b # c\n\n  d\nlet:"),
            [
                "Key about | Quiet :",
                "Text a: b # c",
                "",
                "Text d",
                "Key let | Quiet :"
            ]
        );
    }

    #[test]
    fn pieces_are_in_order_and_whole_whatever_the_text() {
        for (_, text) in rules::Rules::built_in_files() {
            for (line, marks) in text.split('\n').zip(inks(text)) {
                let mut end = 0;
                for mark in marks {
                    assert!(
                        mark.span.start >= end && line.get(mark.span.clone()).is_some(),
                        "{line}"
                    );
                    end = mark.span.end;
                }
            }
        }
        for odd in [
            "\"",
            "'a\\",
            "- - -",
            ":",
            "a:b",
            "é: ü # ö",
            "\"\\",
            "{",
            "#",
            " #x",
            "x:\u{2028}",
            "\"é\\é\"",
        ] {
            for (line, marks) in odd.split('\n').zip(inks(odd)) {
                for mark in marks {
                    assert!(line.get(mark.span.clone()).is_some(), "{odd}: {mark:?}");
                }
            }
        }
    }
}
