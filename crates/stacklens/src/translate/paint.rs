//! Colours of a terminal, or none.

/// Whether to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint(pub bool);

impl Paint {
    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Something of less weight.
    pub fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    /// Something that is well.
    pub fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    /// Something to look at.
    pub fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    /// Something that is wrong.
    pub fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A text in which nothing moves the cursor or hides: control and direction characters as escapes.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => "\\t".to_owned(),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            c if c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}') => {
                format!("\\u{{{:x}}}", u32::from(c))
            }
            c => c.to_string(),
        })
        .collect()
}

/// Cuts a text to a number of characters, with an ellipsis.
pub fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars()
        .take(width.saturating_sub(1))
        .chain(['…'])
        .collect()
}

/// Breaks a text at spaces into lines of at most `width` characters; a longer word is cut.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word;
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        while word.chars().count() > width.max(1) {
            let end = word
                .char_indices()
                .nth(width.max(1))
                .map_or(word.len(), |(end, _)| end);
            lines.push(word[..end].to_owned());
            word = &word[end..];
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_longer_than_asked() {
        let text = "a word and anotherwordthatislong end";
        assert_eq!(
            wrapped(text, 10),
            ["a word and", "anotherwor", "dthatislon", "g end"]
        );
        assert_eq!(wrapped("", 10), Vec::<String>::new());
        assert_eq!(shortened("größer", 4), "grö…");
    }

    #[test]
    fn nothing_in_a_value_moves_the_cursor() {
        assert_eq!(harmless("a\x1b[2J\n\u{202e}b"), "a\\u{1b}[2J\\n\\u{202e}b");
    }
}
