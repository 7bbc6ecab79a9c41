//! JSON laid out in lines, each scalar with its JSON pointer, in one pass and without building a value.

use super::{Doc, Ink, Mark, Spot};

/// Nesting beyond which text is shown as it is.
const DEEPEST: usize = 256;

/// Lays JSON text out; each scalar becomes a spot whose key is `prefix` + its JSON pointer. Text that is not JSON is
/// shown as it stands.
pub fn layout(text: &str, prefix: &str) -> Doc {
    indented(text, prefix, "  ")
}

/// The same with another indent for each level.
pub fn indented(text: &str, prefix: &str, indent: &'static str) -> Doc {
    let mut writer = Writer::new(text, prefix);
    writer.indent = indent;
    match writer.document() {
        Some(()) => Doc::new(writer.out, writer.marks, writer.spots),
        None => Doc::plain(text),
    }
}

/// Byte spans of the scalars of the JSON value at the start of `text`, with their keys, as the text stands; and where
/// the value ends. `None` if no JSON value stands there.
pub fn scalars(text: &str, prefix: &str) -> Option<(Vec<Spot>, usize)> {
    let mut writer = Writer::new(text, prefix);
    writer.value()?;
    Some((writer.sources, writer.at))
}

/// One open object or list.
struct Level {
    list: bool,
    index: usize,
    /// Length of the pointer before this level's segment.
    pointer: usize,
}

struct Writer<'t> {
    text: &'t str,
    at: usize,
    out: String,
    /// What each level is set in by.
    indent: &'static str,
    marks: Vec<Mark>,
    spots: Vec<Spot>,
    sources: Vec<Spot>,
    pointer: String,
    levels: Vec<Level>,
}

impl<'t> Writer<'t> {
    fn new(text: &'t str, prefix: &str) -> Self {
        Self {
            text,
            at: 0,
            indent: "  ",
            out: String::with_capacity(text.len() * 3 / 2),
            marks: Vec::new(),
            spots: Vec::new(),
            sources: Vec::new(),
            pointer: prefix.to_owned(),
            levels: Vec::new(),
        }
    }

    fn document(&mut self) -> Option<()> {
        self.value()?;
        self.space();
        (self.at == self.text.len()).then_some(())
    }

    /// Writes one value, however deep, without recursion.
    fn value(&mut self) -> Option<()> {
        loop {
            // A value is due here.
            self.space();
            match self.peek()? {
                open @ (b'{' | b'[') => {
                    if self.levels.len() >= DEEPEST {
                        return None;
                    }
                    self.at += 1;
                    self.space();
                    let list = open == b'[';
                    if self.peek()? == if list { b']' } else { b'}' } {
                        self.at += 1;
                        let start = self.out.len();
                        self.out.push_str(if list { "[]" } else { "{}" });
                        self.ink(start, Ink::Quiet);
                        self.spots.push(Spot {
                            span: start..self.out.len(),
                            key: self.pointer.clone(),
                        });
                    } else {
                        self.punctuation(if list { "[" } else { "{" });
                        self.levels.push(Level {
                            list,
                            index: 0,
                            pointer: self.pointer.len(),
                        });
                        self.begin_item()?;
                        continue;
                    }
                }
                _ => self.scalar()?,
            }
            // A value is complete: close what it completes.
            loop {
                let Some(level) = self.levels.last_mut() else {
                    return Some(());
                };
                self.pointer.truncate(level.pointer);
                level.index += 1;
                let list = level.list;
                self.space();
                match self.next()? {
                    b',' => {
                        self.punctuation(",");
                        self.begin_item()?;
                        break;
                    }
                    b']' if list => self.close("]"),
                    b'}' if !list => self.close("}"),
                    _ => return None,
                }
            }
        }
    }

    fn close(&mut self, bracket: &str) {
        self.levels.pop();
        self.newline();
        self.punctuation(bracket);
    }

    /// New line, and for an object the key and its colon.
    fn begin_item(&mut self) -> Option<()> {
        self.newline();
        let level = self.levels.last()?;
        if level.list {
            let index = level.index;
            self.pointer.push('/');
            self.pointer.push_str(&index.to_string());
            return Some(());
        }
        self.space();
        let raw = self.string()?;
        let start = self.out.len();
        self.out.push_str(raw);
        self.ink(start, Ink::Key);
        self.space();
        if self.next()? != b':' {
            return None;
        }
        self.out.push_str(": ");
        self.pointer.push('/');
        let inner = raw.get(1..raw.len().saturating_sub(1))?;
        if inner.contains(['\\', '~', '/']) {
            let key: String = serde_json::from_str(raw).ok()?;
            self.pointer
                .push_str(&key.replace('~', "~0").replace('/', "~1"));
        } else {
            self.pointer.push_str(inner);
        }
        Some(())
    }

    fn scalar(&mut self) -> Option<()> {
        let from = self.at;
        let (raw, ink) = if self.peek()? == b'"' {
            (self.string()?, Ink::Text)
        } else {
            (self.word()?, Ink::Word)
        };
        let start = self.out.len();
        self.out.push_str(raw);
        self.ink(start, ink);
        self.spots.push(Spot {
            span: start..self.out.len(),
            key: self.pointer.clone(),
        });
        self.sources.push(Spot {
            span: from..self.at,
            key: self.pointer.clone(),
        });
        Some(())
    }

    /// A string with its quotes, as it stands.
    fn string(&mut self) -> Option<&'t str> {
        let start = self.at;
        if self.next()? != b'"' {
            return None;
        }
        loop {
            match self.next()? {
                b'"' => return self.text.get(start..self.at),
                b'\\' => {
                    self.next()?;
                }
                _ => {}
            }
        }
    }

    fn word(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..)?;
        let len = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
            .unwrap_or(rest.len());
        let word = rest.get(..len)?;
        let number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        if !number && !matches!(word, "true" | "false" | "null") {
            return None;
        }
        self.at += len;
        Some(word)
    }

    fn newline(&mut self) {
        self.out.push('\n');
        for _ in 0..self.levels.len() {
            self.out.push_str(self.indent);
        }
    }

    fn punctuation(&mut self, text: &str) {
        let start = self.out.len();
        self.out.push_str(text);
        self.ink(start, Ink::Quiet);
    }

    fn ink(&mut self, start: usize, ink: Ink) {
        self.marks.push(Mark {
            span: start..self.out.len(),
            ink,
        });
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(doc: &Doc) -> Vec<(&str, &str)> {
        doc.spots
            .iter()
            .map(|spot| (spot.key.as_str(), &doc.text[spot.span.clone()]))
            .collect()
    }

    #[test]
    fn lays_out_as_serde_does_and_knows_every_pointer() {
        let text =
            r#"{"server":{"id":"a-1","n":[1,-2.5e3,null],"a/b~c\u0041":true},"links":[],"m":{}}"#;
        let doc = layout(text, "r0");
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(
            doc.text,
            serde_json::to_string_pretty(&value)
                .unwrap()
                .replace("a/b~cA", "a/b~c\\u0041")
                .replace("-2500.0", "-2.5e3")
        );
        assert_eq!(
            spots(&doc),
            [
                ("r0/server/id", "\"a-1\""),
                ("r0/server/n/0", "1"),
                ("r0/server/n/1", "-2.5e3"),
                ("r0/server/n/2", "null"),
                ("r0/server/a~1b~0cA", "true"),
                ("r0/links", "[]"),
                ("r0/m", "{}"),
            ]
        );
    }

    #[test]
    fn what_is_not_json_is_shown_as_it_stands() {
        for text in [
            "",
            "<html>",
            "{",
            "{\"a\" 1}",
            "[1,]",
            "{\"a\":1} x",
            "nul",
            "\"open",
            "[1}",
            "{\"a\":\"\\",
        ] {
            assert_eq!(layout(text, "r").text, text);
        }
        let deep = "[".repeat(100_000);
        assert_eq!(layout(&deep, "r").text, deep);
    }

    #[test]
    fn scalars_in_place_stop_at_the_end_of_the_value() {
        let text = r#"{"a": [ "x", 2 ]}' more"#;
        let (spots, end) = scalars(text, "b1").unwrap();
        assert_eq!(&text[end..], "' more");
        let found: Vec<_> = spots
            .iter()
            .map(|spot| (spot.key.as_str(), &text[spot.span.clone()]))
            .collect();
        assert_eq!(found, [("b1/a/0", "\"x\""), ("b1/a/1", "2")]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_laid_out_without_a_fault(text in ".{0,200}") {
            layout(&text, "r");
        }

        #[test]
        fn laid_out_json_means_the_same(text in r#"[\[\]{}",:0-9a ]{0,60}"#) {
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
                let again: serde_json::Value = serde_json::from_str(&layout(&text, "r").text).unwrap();
                proptest::prop_assert_eq!(value, again);
            }
        }
    }
}
