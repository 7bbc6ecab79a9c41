//! YAML as a small tree in which every key and value knows its place.
//!
//! Only what rule files need: one document, no anchors, no tags, no duplicate keys; size and depth bounded.

use granit_parser::{Event, Marker, Parser, ScalarStyle};
use serde_json::Value;

use crate::{At, Problem};

/// Largest rule file, in bytes.
pub(crate) const MAX_BYTES: usize = 256 * 1024;
const MAX_DEPTH: usize = 48;
const MAX_NODES: usize = 50_000;

/// A file while it is read.
pub(crate) struct Source<'a> {
    file: std::sync::Arc<str>,
    text: &'a str,
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    pub fn new(path: &str, text: &'a str) -> Self {
        let lines = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            file: path.into(),
            text,
            lines,
        }
    }

    /// The place of a byte.
    pub fn at(&self, offset: usize) -> At {
        let offset = offset.min(self.text.len());
        let line = self
            .lines
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.lines.get(line).copied().unwrap_or_default();
        let column = self
            .text
            .get(start..offset)
            .map_or(0, |before| before.chars().count());
        At {
            file: self.file.clone(),
            line: line as u32 + 1,
            column: column as u32 + 1,
        }
    }
}

/// A value and where it starts.
#[derive(Clone, Debug)]
pub(crate) struct Yaml {
    pub at: At,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Scalar(Scalar),
    List(Vec<Yaml>),
    Map(Vec<(Scalar, Yaml)>),
}

/// A text, as YAML reads it and as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub at: At,
    pub text: String,
    pub style: ScalarStyle,
    start: usize,
    end: usize,
}

impl Scalar {
    /// The byte of the file where the byte `offset` of the text is written.
    pub fn place(&self, source: &Source<'_>, offset: usize) -> At {
        let raw = source.text.get(self.start..self.end).unwrap_or_default();
        let before = source.text.get(..self.start).unwrap_or_default();
        let margin = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
        source.at(self.start + written(raw, &self.text, self.style, offset, margin))
    }

    /// What a plain scalar stands for in YAML, if it is not a text.
    pub fn constant(&self) -> Option<Value> {
        if self.style != ScalarStyle::Plain {
            return None;
        }
        Some(match self.text.as_str() {
            "" | "null" | "Null" | "NULL" | "~" => Value::Null,
            "true" | "True" | "TRUE" => Value::Bool(true),
            "false" | "False" | "FALSE" => Value::Bool(false),
            number if number.starts_with(|c: char| c.is_ascii_digit() || "-+.".contains(c)) => {
                let digits = number.strip_prefix('+').unwrap_or(number);
                match digits.parse::<i64>() {
                    Ok(whole) => Value::from(whole),
                    Err(_)
                        if digits
                            .bytes()
                            .all(|b| b.is_ascii_digit() || b"-+.eE".contains(&b)) =>
                    {
                        Value::Number(serde_json::Number::from_f64(digits.parse().ok()?)?)
                    }
                    Err(_) => return None,
                }
            }
            _ => return None,
        })
    }

    /// Whether nothing at all is written.
    pub fn is_blank(&self) -> bool {
        // The parser writes ~ where nothing stands.
        self.style == ScalarStyle::Plain && (self.text.is_empty() || self.start >= self.end)
    }
}

/// Walks text and writing side by side: escapes, doubled quotes, folded lines and indents are longer in the file.
fn written(raw: &str, text: &str, style: ScalarStyle, offset: usize, margin: usize) -> usize {
    let mut raw_at = match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            usize::from(raw.starts_with(['\'', '"']))
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let body = if raw.starts_with(['|', '>']) {
                raw.find('\n').map_or(0, |end| end + 1)
            } else {
                0
            };
            body + blanks(raw.get(body..).unwrap_or_default())
        }
        ScalarStyle::Plain => 0,
    };
    // A block of lines begins after its header or, without it, at its own margin.
    let indent = if raw_at == 0 {
        margin
    } else {
        raw.get(..raw_at)
            .map_or(0, |head| head.len() - head.trim_end_matches(' ').len())
    };
    for (text_at, character) in text.char_indices() {
        if text_at >= offset {
            break;
        }
        let rest = raw.get(raw_at..).unwrap_or_default();
        let Some(next) = rest.chars().next() else {
            break;
        };
        raw_at += if style == ScalarStyle::DoubleQuoted && next == '\\' {
            escape_length(rest)
        } else if style == ScalarStyle::SingleQuoted && rest.starts_with("''") {
            2
        } else if style == ScalarStyle::Literal && next == '\n' {
            let line = rest.get(1..).unwrap_or_default();
            1 + (line.len() - line.trim_start_matches(' ').len()).min(indent)
        } else if character.is_whitespace()
            && rest.trim_start_matches(' ').starts_with(['\n', '\r'])
        {
            blanks(rest)
        } else {
            next.len_utf8()
        };
    }
    raw_at
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\n', '\r', '\t']).len()
}

fn escape_length(text: &str) -> usize {
    match text.chars().nth(1) {
        Some('x') => 4,
        Some('u') => 6,
        Some('U') => 10,
        Some('\n') => 2 + blanks(text.get(2..).unwrap_or_default()),
        Some(other) => 1 + other.len_utf8(),
        None => 1,
    }
}

enum Open {
    List(Yaml, Vec<Yaml>),
    Map(Yaml, Vec<(Scalar, Yaml)>, Option<Scalar>),
}

/// Reads one document; at the first mistake the reading ends with it.
pub(crate) fn read(source: &Source<'_>) -> Result<Yaml, Problem> {
    if source.text.len() > MAX_BYTES {
        return Err(Problem::error(
            source.at(0),
            format!("the file is larger than {} kB", MAX_BYTES / 1024),
        ));
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut root: Option<Yaml> = None;
    let mut nodes = 0usize;
    for next in Parser::new_from_str(source.text) {
        let (event, span) = next.map_err(|error| syntax(source, &error))?;
        let at = source.at(byte(source, &span.start));
        let finished = match event {
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return Err(Problem::error(at, "aliases are not used in rules")
                    .mend("repeat the value, or name it with let; a text that begins with * stands in double quotes"));
            }
            Event::DocumentStart(..) if root.is_some() => {
                return Err(Problem::error(at, "a rule file holds one document")
                    .mend("remove the line ---"));
            }
            Event::Scalar(text, style, anchor, tag) => {
                plain_node(&at, anchor, tag.is_some())?;
                let scalar = Scalar {
                    at: at.clone(),
                    text: text.into_owned(),
                    style,
                    start: byte(source, &span.start),
                    end: byte(source, &span.end),
                };
                if let Some(Open::Map(_, entries, key @ None)) = stack.last_mut() {
                    if entries
                        .iter()
                        .any(|(present, _)| present.text == scalar.text)
                    {
                        let message =
                            format!("the key '{}' stands here a second time", scalar.text);
                        return Err(Problem::error(at, message).mend("remove one of the two"));
                    }
                    *key = Some(scalar);
                    continue;
                }
                Some(Yaml {
                    at: at.clone(),
                    content: Content::Scalar(scalar),
                })
            }
            Event::SequenceStart(_, anchor, tag) => {
                plain_node(&at, anchor, tag.is_some())?;
                stack.push(Open::List(
                    Yaml {
                        at: at.clone(),
                        content: Content::List(vec![]),
                    },
                    vec![],
                ));
                None
            }
            Event::MappingStart(_, anchor, tag) => {
                plain_node(&at, anchor, tag.is_some())?;
                stack.push(Open::Map(
                    Yaml {
                        at: at.clone(),
                        content: Content::Map(vec![]),
                    },
                    vec![],
                    None,
                ));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some(Open::List(mut list, entries)) => {
                    list.content = Content::List(entries);
                    Some(list)
                }
                Some(Open::Map(mut map, entries, _)) => {
                    map.content = Content::Map(entries);
                    Some(map)
                }
                None => None,
            },
            _ => continue,
        };
        nodes += 1;
        if stack.len() > MAX_DEPTH {
            return Err(Problem::error(
                at,
                format!("the file is nested deeper than {MAX_DEPTH}"),
            ));
        }
        if nodes > MAX_NODES {
            return Err(Problem::error(at, "the file holds too many values"));
        }
        if let Some(node) = finished {
            match stack.last_mut() {
                None => root = Some(node),
                Some(Open::List(_, entries)) => entries.push(node),
                Some(Open::Map(_, entries, key)) => match key.take() {
                    Some(key) => entries.push((key, node)),
                    None => {
                        return Err(Problem::error(node.at, "a key is a text")
                            .mend("put it in double quotes"));
                    }
                },
            }
        } else if let Some((Open::List(node, _) | Open::Map(node, ..), parent)) = stack.split_last()
            && let Some(Open::Map(_, _, None)) = parent.last()
        {
            return Err(Problem::error(node.at.clone(), "a key is a text")
                .mend("an expression that begins with { or [ stands in double quotes"));
        }
    }
    root.ok_or_else(|| {
        Problem::error(source.at(0), "the file is empty")
            .mend("begin with action:, view:, table: or gap:")
    })
}

fn plain_node(at: &At, anchor: usize, tagged: bool) -> Result<(), Problem> {
    if anchor != 0 {
        return Err(Problem::error(at.clone(), "anchors are not used in rules")
            .mend("a text that begins with & stands in double quotes"));
    }
    if tagged {
        return Err(Problem::error(at.clone(), "tags are not used in rules")
            .mend("a text that begins with ! stands in double quotes: \"!InstanceIds\""));
    }
    Ok(())
}

fn byte(source: &Source<'_>, marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or_else(|| {
        let start = source
            .lines
            .get(marker.line().saturating_sub(1))
            .copied()
            .unwrap_or(source.text.len());
        let line = source.text.get(start..).unwrap_or_default();
        start
            + line
                .char_indices()
                .nth(marker.col())
                .map_or(line.len(), |(at, _)| at)
    })
}

fn syntax(source: &Source<'_>, error: &granit_parser::ScanError) -> Problem {
    let info = error.info();
    let mend = if info.contains("mapping values are not allowed") {
        "a text that holds ': ' stands in double quotes"
    } else if info.contains("cannot start any token") || info.contains("unexpected character") {
        "a text that begins with ! @ & * [ { | > % ` stands in double quotes"
    } else if info.contains("tag") {
        "a text that begins with ! stands in double quotes: \"!InstanceIds\""
    } else if info.contains("tab") {
        "indent with spaces"
    } else if info.contains("flow") || info.contains("',' or") {
        "inside { } and [ ] a text with , [ ] { or } stands in double quotes, or write one key per line"
    } else {
        "texts that begin with a quote or a bracket, or hold ': ' or ' #', stand in double quotes"
    };
    Problem::error(
        source.at(byte(source, error.marker())),
        format!("this is not YAML: {info}"),
    )
    .mend(mend)
}
