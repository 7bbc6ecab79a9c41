//! The filter names that an action documents: facts mined from the markup of its `Filters` member.

/// Filter names in the order of the documentation, each once.
///
/// A name is the `<code>` that opens an item of the outermost list. A few actions open the item with the bare name,
/// put `:<key>` after the element, or have no list and say "the `<code>name</code>` filter".
pub fn documented(markup: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut state = State::Prose;
    let mut listed = false;
    for piece in pieces(markup) {
        match (&mut state, piece) {
            (_, Piece::Tag("ul")) => depth += 1,
            (_, Piece::Tag("/ul")) => depth = depth.saturating_sub(1),
            (_, Piece::Tag("li")) if depth == 1 => {
                listed = true;
                state = State::Item;
            }
            (State::Item, Piece::Tag("code")) => state = State::Code(String::new()),
            (State::Item, Piece::Text(text)) if !text.trim().is_empty() => {
                let bare = text.split_whitespace().next().unwrap_or_default();
                if text.contains(" - ") {
                    push(&mut names, bare);
                }
                state = State::Prose;
            }
            (State::Code(name), Piece::Text(text)) => name.push_str(&unescape(text)),
            (State::Code(name), Piece::Tag("/code")) => state = State::Named(std::mem::take(name)),
            (State::Named(name), Piece::Text(text)) => {
                let text = unescape(text);
                let suffix = text
                    .split_whitespace()
                    .next()
                    .filter(|_| text.starts_with(":<"));
                push(
                    &mut names,
                    &format!("{}{}", name.trim(), suffix.unwrap_or_default()),
                );
                state = State::Prose;
            }
            (State::Named(name), Piece::Tag(_)) => {
                push(&mut names, name.trim());
                state = State::Prose;
            }
            _ => {}
        }
    }
    if !listed {
        for (before, after) in markup
            .match_indices("</code> filter")
            .map(|(at, _)| markup.split_at(at))
        {
            if let Some((_, name)) = before.rsplit_once("<code>")
                && !after.is_empty()
            {
                push(&mut names, name.trim());
            }
        }
    }
    names
}

enum State {
    Prose,
    Item,
    Code(String),
    Named(String),
}

enum Piece<'a> {
    Tag(&'a str),
    Text(&'a str),
}

fn pieces(markup: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = markup;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let cut = if rest.starts_with('<') {
            rest.find('>').map_or(rest.len(), |at| at + 1)
        } else {
            rest.find('<').unwrap_or(rest.len())
        };
        let (piece, left) = rest.split_at(cut);
        rest = left;
        Some(match piece.strip_prefix('<') {
            Some(tag) => Piece::Tag(
                tag.trim_end_matches('>')
                    .split_whitespace()
                    .next()
                    .unwrap_or_default(),
            ),
            None => Piece::Text(piece),
        })
    })
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Keeps only what can be a filter name, so that no prose slips in.
fn push(names: &mut Vec<String>, name: &str) {
    let plain = name.strip_suffix(":<key>").unwrap_or(name);
    let fits = plain.starts_with(|c: char| c.is_ascii_lowercase())
        && plain
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'));
    if fits && !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::documented;

    #[test]
    fn finds_names_and_nothing_else() {
        let cases: &[(&str, &[&str])] = &[
            ("<p>One or more filters.</p>", &[]),
            (
                "<ul><li><code>owner-id</code>: The owner.</li></ul>",
                &["owner-id"],
            ),
            (
                "<ul> <li> <p> <code>state</code> - The state.</p> </li> </ul>",
                &["state"],
            ),
            (
                "<ul><li><p><code>tag</code>:&lt;key&gt; - A tag.</p></li></ul>",
                &["tag:<key>"],
            ),
            (
                "<ul><li><code>tag:&lt;key&gt;</code> – A tag.</li></ul>",
                &["tag:<key>"],
            ),
            (
                "<ul><li><code>severity</code> - One of:<ul><li><code>high</code> - h</li></ul></li><li><code>b</code></li></ul>",
                &["severity", "b"],
            ),
            (
                "<ul> <li> <p>path-found - A value.</p> </li> </ul>",
                &["path-found"],
            ),
            (
                "<p>Use the <code>task-state</code> filter and <code>active</code>.</p>",
                &["task-state"],
            ),
            (
                "<ul><li><code>a</code> - x</li><li><code>a</code> - again</li></ul>",
                &["a"],
            ),
        ];
        for (markup, names) in cases {
            assert_eq!(documented(markup), *names, "{markup}");
        }
    }
}
