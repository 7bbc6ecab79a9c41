//! Secrets that stand beside a name: `UserData=…`, `--password …`, `"adminPass": "…"`, `X-Auth-Token: …`, `<password>…`,
//! and values of tags and filters that are called like a secret.

use std::ops::Range;

use crate::name;
use crate::value::{self, after_blanks, byte};
use crate::{Found, Kind, PLACEHOLDER};

/// How far behind its key the value of a tag or filter is looked for, in bytes.
const REACH: usize = 400;
/// What the translator writes in the place of a secret of its own.
const HIDDEN: &str = "(hidden)";

/// What stands between a name and its value.
#[derive(Clone, Copy, PartialEq)]
enum Between {
    Equals,
    Colon,
    Blank,
    Tag,
}

/// A name with the place where its value begins.
struct Pair<'t> {
    name: &'t str,
    start: usize,
    between: Between,
    /// The name stands in quotes, as in JSON.
    quoted: bool,
    at: usize,
}

/// A member called `Key` or `Name`, or one called `Value`, of the same thing.
struct Member {
    kind: Option<Kind>,
    prefix: String,
    values: Vec<Range<usize>>,
    end: usize,
}

/// Every secret beside a name.
pub fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut key: Option<Member> = None;
    let mut lone: Option<Member> = None;
    let mut at = 0;
    while at < text.len() {
        if !in_name(text, at) {
            at += 1;
            continue;
        }
        let mut end = at;
        while in_name(text, end) {
            end += 1;
        }
        let Some(pair) = pair(text, at, end) else {
            at = end;
            continue;
        };
        at = end;
        if let Some(kind) = name::kind(pair.name) {
            let (values, behind) = values(text, &pair, Some(kind));
            at = at.max(behind);
            found.extend(values.into_iter().map(|span| Found { span, kind }));
            continue;
        }
        let (prefix, last) = parts(pair.name);
        match last.as_str() {
            "key" | "name" | "k" | "n" => {
                let (spans, end) = values(text, &pair, None);
                let said = spans.first().and_then(|span| text.get(span.clone()));
                let kind = said.and_then(name::kind);
                if let (Some(kind), Some(value)) = (kind, lone.take())
                    && belongs(text, &value, pair.start, &prefix)
                {
                    found.extend(value.values.into_iter().map(|span| Found { span, kind }));
                }
                key = Some(Member {
                    kind,
                    prefix,
                    values: Vec::new(),
                    end,
                });
            }
            "value" | "values" | "v" => {
                let (spans, end) = values(text, &pair, Some(Kind::Secret));
                match &key {
                    Some(known) if belongs(text, known, pair.start, &prefix) => {
                        if let Some(kind) = known.kind {
                            found.extend(spans.into_iter().map(|span| Found { span, kind }));
                            at = at.max(end);
                        }
                    }
                    _ => {
                        lone = Some(Member {
                            kind: None,
                            prefix,
                            values: spans,
                            end,
                        })
                    }
                }
            }
            "user" | "u" | "proxyuser" if pair.between == Between::Blank => {
                found.extend(after_colon(text, &pair));
            }
            _ => {}
        }
    }
    found
}

/// Whether a member that begins at an offset is of the same thing as an earlier one.
fn belongs(text: &str, earlier: &Member, start: usize, prefix: &str) -> bool {
    let between = text.get(earlier.end..start).unwrap_or_default();
    earlier.prefix == prefix && between.len() <= REACH && !between.contains(['{', '}'])
}

/// `Filter.2.Value.1` as what it belongs to, `Filter.2`, and its last word in plain letters, `value`.
fn parts(name: &str) -> (String, String) {
    let name = name.trim_start_matches('-');
    let mut parts: Vec<&str> = name.split('.').collect();
    while parts.len() > 1
        && parts
            .last()
            .is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        parts.pop();
    }
    let last = parts.pop().map(name::plain).unwrap_or_default();
    (parts.join("."), last)
}

fn in_name(text: &str, at: usize) -> bool {
    match byte(text, at) {
        b'_' | b'-' | b'.' => true,
        b'%' => byte(text, at + 1).is_ascii_hexdigit() && byte(text, at + 2).is_ascii_hexdigit(),
        byte => byte.is_ascii_alphanumeric(),
    }
}

fn pair(text: &str, start: usize, end: usize) -> Option<Pair<'_>> {
    let name = text.get(start..end)?;
    let before = start.checked_sub(1).map_or(0, |at| byte(text, at));
    let pair = |between, quoted, at| {
        Some(Pair {
            name,
            start,
            between,
            quoted,
            at,
        })
    };
    if before == b'<' || (before == b':' && text.get(..start)?.ends_with("<")) {
        let close = text.get(end..)?.find('>').map(|length| end + length)?;
        let attributes = text.get(end..close)?;
        return match attributes.contains(['<', '\n']) || attributes.ends_with('/') {
            true => None,
            false => pair(Between::Tag, false, close + 1),
        };
    }
    let mut at = end;
    let slashes = text
        .get(at..)?
        .bytes()
        .take_while(|byte| *byte == b'\\')
        .count();
    // The quote may have opened before a prefix: `"OS-EXT-SRV-ATTR:user_data": …`.
    let quoted = matches!(byte(text, at + slashes), b'"' | b'\'')
        && (before == byte(text, at + slashes) || matches!(before, b':' | b'/'));
    if quoted {
        at += slashes + 1;
        if byte(text, at) == b']' {
            at += 1;
        }
    }
    let next = after_blanks(text, at, quoted);
    match byte(text, next) {
        b'=' => {
            let more = matches!(byte(text, next + 1), b'>' | b'=');
            pair(
                Between::Equals,
                quoted,
                after_blanks(text, next + 1 + usize::from(more), false),
            )
        }
        b':' => {
            // `${NAME:=…}` and `${NAME:-…}` give a value where there is none.
            let more = matches!(byte(text, next + 1), b'=' | b'-');
            let at = after_blanks(text, next + 1 + usize::from(more), quoted);
            pair(Between::Colon, quoted, at)
        }
        _ if name.starts_with('-') && matches!(byte(text, end), b' ' | b'\t' | b'\\' | b'\n') => {
            pair(Between::Blank, quoted, after_blanks(text, end, true))
        }
        _ => None,
    }
}

/// The values behind a name that are to be replaced, and where they end. Without a kind the value is only looked at.
fn values(text: &str, pair: &Pair<'_>, kind: Option<Kind>) -> (Vec<Range<usize>>, usize) {
    if pair.between == Between::Tag {
        let (spans, end) = value::xml(text, pair.name, pair.at);
        return (wanted(text, spans, kind), end);
    }
    let at = unwrapped(text, pair.at);
    if let Some((inside, end)) = value::joined(text, at) {
        // A structure written as a text is looked into where it has members of its own.
        let inner = text.get(inside.clone()).unwrap_or_default().trim_start();
        if inner.starts_with('{') && kind != Some(Kind::UserData) && kind.is_some() {
            let nested = find(inner);
            if !nested.is_empty() {
                return (Vec::new(), pair.at);
            }
        }
        let inside = match inner.strip_prefix("Value=") {
            Some(rest) if kind == Some(Kind::UserData) => inside.end - rest.len()..inside.end,
            _ => inside,
        };
        return (wanted(text, vec![inside], kind), end);
    }
    let (spans, end) = match byte(text, at) {
        b'[' => value::inside_brackets(text, at),
        b'{' if kind == Some(Kind::UserData) => value::inside_brackets(text, at),
        // Members of an object are met one by one.
        b'{' if byte(text, at + 1) != b'{' => return (Vec::new(), pair.at),
        _ => {
            let (span, end) = if pair.between == Between::Blank || pair.name.starts_with('-') {
                let at =
                    at + 6 * usize::from(text.get(at..).unwrap_or_default().starts_with("Value="));
                value::shell_word(text, at)
            } else if pair.between == Between::Equals {
                value::bare(text, at)
            } else if pair.quoted {
                value::until(text, at, b",}] \t")
            } else {
                value::until(text, at, b"\"'<")
            };
            (vec![span], end)
        }
    };
    (wanted(text, spans, kind), end)
}

/// Behind what wraps a value: `$` of a shell, `(`, `base64.b64encode(`, `b` of Python.
fn unwrapped(text: &str, mut at: usize) -> usize {
    loop {
        let word = text
            .get(at..)
            .unwrap_or_default()
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
            .count();
        let next = byte(text, at + word);
        at = match next {
            b'(' => after_blanks(text, at + word + 1, true),
            b'"' | b'\'' if (1..=2).contains(&word) => return at + word,
            b'$' if word == 0 && matches!(byte(text, at + 1), b'"' | b'\'') => return at + 1,
            _ => return at,
        };
    }
}

/// The spans that hold a secret: not what says that there is none, a variable, a file's name, or a placeholder.
fn wanted(text: &str, spans: Vec<Range<usize>>, kind: Option<Kind>) -> Vec<Range<usize>> {
    let trimmed = |span: Range<usize>| {
        let inner = text.get(span.clone()).unwrap_or_default();
        let start = span.end - inner.trim_start().len();
        start..start + inner.trim().len()
    };
    let secret = |span: &Range<usize>| {
        let Some(inner) = text.get(span.clone()) else {
            return false;
        };
        let nothing = [
            "",
            PLACEHOLDER,
            HIDDEN,
            "true",
            "false",
            "null",
            "None",
            "none",
        ];
        let file = kind == Some(Kind::UserData)
            && (inner.starts_with("file://") || inner.starts_with("fileb://"));
        kind.is_none() || !(nothing.contains(&inner) || file || is_variable(inner))
    };
    spans.into_iter().map(trimmed).filter(secret).collect()
}

/// `$OS_TOKEN`, `${OS_TOKEN}`, `{{OS_TOKEN}}`, or a command in `$(…)`.
fn is_variable(text: &str) -> bool {
    let inner = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .or_else(|| {
            text.strip_prefix("{{")
                .and_then(|rest| rest.strip_suffix("}}"))
        })
        .or_else(|| text.strip_prefix('$'));
    text.starts_with("$(")
        || inner.is_some_and(|inner| {
            inner.contains('_')
                && inner
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        })
}

/// The password of `-u name:password`.
fn after_colon(text: &str, pair: &Pair<'_>) -> Option<Found> {
    let (word, _) = value::shell_word(text, pair.at);
    let word = value::without_quotes(text, &word);
    let colon = text.get(word.clone())?.find(':')?;
    let span = word.start + colon + 1..word.end;
    let kind = Kind::Password;
    wanted(text, vec![span], Some(kind))
        .pop()
        .map(|span| Found { span, kind })
}
