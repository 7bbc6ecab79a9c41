//! Where a value begins and ends, in whatever notation it stands.

use std::ops::Range;

/// Bytes of a closing XML tag that are searched for.
const XML_REACH: usize = 1 << 20;

/// The byte at an offset; 0 beyond the end.
pub fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// Where blanks end, line continuations of any shell among them.
pub fn after_blanks(text: &str, mut at: usize, lines: bool) -> usize {
    loop {
        at = match byte(text, at) {
            b' ' | b'\t' => at + 1,
            b'\n' | b'\r' if lines => at + 1,
            b'\\' | b'^' | b'`' if matches!(byte(text, at + 1), b'\n' | b'\r') => at + 2,
            _ => return at,
        };
    }
}

/// Backslashes from an offset on.
fn slashes(text: &str, at: usize) -> usize {
    text.as_bytes()
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| **byte == b'\\')
        .count()
}

/// The inside of a quoted text that begins at an offset, perhaps behind backslashes, and the offset behind it.
/// A text that is not closed goes to the end.
pub fn quoted(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let depth = slashes(text, at);
    let quote = byte(text, at + depth);
    if quote != b'"' && quote != b'\'' {
        return None;
    }
    let open = at + depth + 1;
    if depth == 0 && byte(text, open) == quote && byte(text, open + 1) == quote {
        let mark = if quote == b'"' { "\"\"\"" } else { "'''" };
        let start = open + 2;
        let rest = text.get(start..).unwrap_or_default();
        return Some(match rest.find(mark) {
            Some(length) => (start..start + length, start + length + 3),
            None => (start..text.len(), text.len()),
        });
    }
    let mut end = open;
    loop {
        match byte(text, end) {
            0 if end >= text.len() => return Some((open..text.len(), text.len())),
            b'\\' => {
                let run = slashes(text, end);
                if byte(text, end + run) == quote {
                    // A quote closes behind as many backslashes as it was opened with; more escape it.
                    if run == depth {
                        return Some((open..end, end + run + 1));
                    }
                    // A shell's single quote knows no escapes: an even run says nothing.
                    if run > depth && depth == 0 && run.is_multiple_of(2) {
                        end += run;
                        return Some((open..end, end + 1));
                    }
                    end += run + 1;
                } else {
                    end += run;
                }
            }
            found if found == quote && depth == 0 => return Some((open..end, end + 1)),
            _ => end += 1,
        }
    }
}

/// Quoted texts that stand side by side, as shells and Python join them; the inside of all of them and what follows.
pub fn joined(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let (inside, mut end) = quoted(text, at)?;
    let mut last = inside.end;
    loop {
        let next = after_blanks(text, end, true);
        let joined = if next == end || byte(text, next) == b'b' {
            next + usize::from(byte(text, next) == b'b')
        } else {
            next
        };
        if let Some((more, behind)) = quoted(text, joined).filter(|_| byte(text, joined) != b'\\') {
            last = more.end;
            end = behind;
            continue;
        }
        // A shell goes on with the same word.
        let word = text
            .get(end..)
            .unwrap_or_default()
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"/+_-$".contains(byte))
            .count();
        if word == 0 {
            return Some((inside.start..last, end));
        }
        end += word;
        last = end;
    }
}

/// A word of a shell from an offset on, quotes inside it included.
pub fn shell_word(text: &str, at: usize) -> (Range<usize>, usize) {
    let mut end = at;
    while end < text.len() {
        match byte(text, end) {
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b'|' => break,
            b'\\' if matches!(byte(text, end + 1), b'\n' | b'\r') => break,
            b'\\' => end += 2,
            b'"' | b'\'' => match quoted(text, end) {
                Some((_, behind)) => end = behind,
                None => end += 1,
            },
            _ => end += 1,
        }
    }
    let end = boundary(text, end);
    (at..end, end)
}

/// A bare value up to one of the closing bytes or the end of the line.
pub fn until(text: &str, at: usize, closing: &[u8]) -> (Range<usize>, usize) {
    let length = text
        .as_bytes()
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| !closing.contains(byte) && !matches!(byte, b'\n' | b'\r'))
        .count();
    (at..at + length, at + length)
}

/// A bare value behind `=`: a query parameter, a shorthand member, a keyword argument.
pub fn bare(text: &str, at: usize) -> (Range<usize>, usize) {
    let mut end = at;
    while end < text.len() {
        match byte(text, end) {
            b' ' | b'\t' | b'\n' | b'\r' | b'&' | b'"' | b'\'' | b';' | b'<' | b'`' => break,
            b'\\' if matches!(byte(text, end + 1), b'\n' | b'\r' | b'"' | b'\'') => break,
            // A comma ends the value where the next member begins.
            b',' if member_begins(text, end + 1) => break,
            b'}' | b']' | b')' if !byte(text, end + 1).is_ascii_alphanumeric() => break,
            _ => end += 1,
        }
    }
    let end = boundary(text, end);
    (at..end, end)
}

/// Whether `Name=` or `Name:` stands there.
fn member_begins(text: &str, at: usize) -> bool {
    let at = after_blanks(text, at, true);
    let name = text
        .get(at..)
        .unwrap_or_default()
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        .count();
    name > 0 && matches!(byte(text, at + name), b'=' | b':') || byte(text, at) == b'{'
}

/// The texts between the tags of an XML element whose opening tag ended at an offset, and the offset of its closing tag.
pub fn xml(text: &str, name: &str, at: usize) -> (Vec<Range<usize>>, usize) {
    let reach = boundary(text, at.saturating_add(XML_REACH));
    let rest = text.get(at..reach).unwrap_or_default();
    let end = at
        + rest
            .find(&format!("</{name}"))
            .unwrap_or_else(|| rest.find('<').unwrap_or(rest.len()));
    let mut texts = Vec::new();
    let mut from = at;
    let mut inside_tag = false;
    for (offset, c) in text.get(at..end).unwrap_or_default().char_indices() {
        let here = at + offset;
        if c == '<' && !inside_tag {
            texts.push(from..here);
            inside_tag = true;
        } else if c == '>' && inside_tag {
            from = here + 1;
            inside_tag = false;
        }
    }
    if !inside_tag {
        texts.push(from..end);
    }
    texts.retain(|span| {
        text.get(span.clone())
            .is_some_and(|inner| !inner.trim().is_empty())
    });
    (texts, end)
}

/// The quoted values inside brackets that open at an offset, names of members left out, and the offset behind them.
pub fn inside_brackets(text: &str, at: usize) -> (Vec<Range<usize>>, usize) {
    let mut values = Vec::new();
    let mut open = 0usize;
    let mut here = at;
    while here < text.len() {
        match byte(text, here) {
            b'{' | b'[' | b'(' => open += 1,
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return (values, here + 1);
                }
            }
            b'"' | b'\'' | b'\\' => {
                if let Some((inside, behind)) = quoted(text, here) {
                    if byte(text, after_blanks(text, behind, true)) != b':' && !inside.is_empty() {
                        values.push(inside);
                    }
                    here = behind;
                    continue;
                }
            }
            _ => {}
        }
        here += 1;
    }
    (values, text.len())
}

/// A span without the quotes around it.
pub fn without_quotes(text: &str, span: &Range<usize>) -> Range<usize> {
    let Some(inner) = text.get(span.clone()) else {
        return span.clone();
    };
    let both = |quote: char| inner.len() >= 2 && inner.starts_with(quote) && inner.ends_with(quote);
    if both('"') || both('\'') {
        span.start + 1..span.end - 1
    } else {
        span.clone()
    }
}

/// The nearest character boundary at or after an offset.
pub fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
