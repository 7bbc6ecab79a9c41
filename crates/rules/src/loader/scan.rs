//! Finding the ends of things in a text without a parser: quotes are skipped, brackets counted.

/// `name in list`: the name, and the byte at which the list starts.
pub(super) fn item_of(part: &str) -> Option<(&str, usize)> {
    let name_at = part.len() - part.trim_start().len();
    let name_end = name_at + part[name_at..].find(char::is_whitespace)?;
    let name = &part[name_at..name_end];
    let rest = &part[name_end..];
    let word_at = name_end + (rest.len() - rest.trim_start().len());
    let list = part.get(word_at..)?.strip_prefix("in")?;
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    (plain && list.starts_with(char::is_whitespace) && !list.trim().is_empty())
        .then_some((name, word_at + 2))
}

/// Byte ranges between the commas that stand outside brackets and quotes.
pub(super) fn split_commas(text: &str) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0usize;
    walk(text, |at, character| {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push((start, at));
                start = at + 1;
            }
            _ => {}
        }
        true
    });
    parts.push((start, text.len()));
    parts
}

/// Bytes up to the brace that closes one already open.
pub(super) fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut end = None;
    walk(text, |at, character| {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => end = Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        end.is_none()
    });
    end
}

/// Visits the characters outside quotes until the visitor has enough.
fn walk(text: &str, mut visit: impl FnMut(usize, char) -> bool) {
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if character == '\\' => escaped = true,
            Some(end) if character == end => quote = None,
            Some(_) => {}
            None if matches!(character, '\'' | '"' | '`') => quote = Some(character),
            None => {
                if !visit(at, character) {
                    return;
                }
            }
        }
    }
}
