//! A command line cut into words, each word knowing where every byte of it came from.

use crate::Span;
use crate::characters::{deceptive, named, plain_quote, zero_width};
use crate::diagnostic::Remarks;
use crate::word::Word;

/// What a command line is cut into.
#[derive(Debug)]
pub(crate) enum Item {
    Word(Word),
    /// `|`, `>`, `;`, `&&`: the command ends here.
    Operator(Span),
    /// A line end that no continuation escapes.
    LineEnd,
    Comment(Span),
    /// A continuation: backslash, caret or backtick at the end of a line.
    Continuation(Span),
}

/// Cuts `text` into words from byte `from` on.
pub(crate) fn split(text: &str, from: usize, remarks: &mut Remarks) -> Vec<Item> {
    let mut lexer = Lexer {
        text,
        at: from,
        items: Vec::new(),
        word: None,
        // Browsers copy requests for the Windows command line so, every quote behind a caret.
        carets: first_quote_has_caret(text.get(from..).unwrap_or("")),
        remarks,
    };
    lexer.run();
    lexer.items
}

fn first_quote_has_caret(text: &str) -> bool {
    text.find(['\'', '"'])
        .is_some_and(|at| text.get(..at + 1).is_some_and(|head| head.ends_with("^\"")))
}

struct Lexer<'t, 'r> {
    text: &'t str,
    at: usize,
    items: Vec<Item>,
    word: Option<Word>,
    carets: bool,
    remarks: &'r mut Remarks,
}

impl<'t> Lexer<'t, '_> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes one character and where it stands.
    fn take(&mut self) -> Option<(char, Span)> {
        let c = self.peek()?;
        let start = self.at;
        self.at += c.len_utf8();
        Some((c, start..self.at))
    }

    fn push(&mut self, c: char, source: Span) {
        self.started(source.start, false).push(c, source);
    }

    fn started(&mut self, start: usize, quoted: bool) -> &mut Word {
        self.word.get_or_insert_with(|| Word::at(start, quoted))
    }

    fn end_word(&mut self, end: usize) {
        if let Some(mut word) = self.word.take() {
            word.span.end = end;
            self.items.push(Item::Word(word));
        }
    }

    fn run(&mut self) {
        while let Some((c, span)) = self.take() {
            match c {
                '\n' => self.line_end(span.start),
                c if zero_width(c) => self.remarks.warning(
                    span,
                    format!(
                        "An invisible character stands here ({}); it was left out.",
                        named(c)
                    ),
                    "Delete it.",
                ),
                c if c.is_whitespace() => {
                    if deceptive(c) {
                        self.remarks.warning(
                            span.clone(),
                            format!(
                                "This is not a plain space ({}); it was read as one.",
                                named(c)
                            ),
                            "Type a plain space instead.",
                        );
                    }
                    self.end_word(span.start);
                }
                '^' if self.caret() => {}
                '\\' | '^' | '`' => self.escape(c, span),
                '\'' | '"' => self.quoted(c, c, span),
                '$' => self.dollar(span),
                '#' if self.word.is_none() => {
                    let end = self
                        .rest()
                        .find('\n')
                        .map_or(self.text.len(), |at| self.at + at);
                    self.items.push(Item::Comment(span.start..end));
                    self.at = end;
                }
                '<' if self.placeholder(span.start).is_some() => {
                    let end = self.placeholder(span.start).unwrap_or(self.at);
                    self.remarks.warning(
                        span.start..end,
                        "This is a placeholder; it was read as it stands.",
                        "Write the value itself.",
                    );
                    self.push(c, span);
                    while self.at < end
                        && let Some((c, source)) = self.take()
                    {
                        self.push(c, source);
                    }
                }
                '|' | ';' | '&' | '<' | '>' => {
                    self.end_word(span.start);
                    let more = self
                        .rest()
                        .bytes()
                        .take_while(|b| matches!(b, b'|' | b'&' | b'<' | b'>'))
                        .count();
                    self.at += more;
                    self.items.push(Item::Operator(span.start..self.at));
                }
                c => match plain_quote(c) {
                    Some(plain)
                        if self
                            .word
                            .as_ref()
                            .is_none_or(|word| word.text.ends_with(['=', ',', '[', '{', ':'])) =>
                    {
                        self.remarks.warning(
                            span.clone(),
                            format!(
                                "This is a typographic quote ({}); it was read as {plain}.",
                                named(c)
                            ),
                            format!("Write {plain} instead."),
                        );
                        self.quoted(plain, c, span);
                    }
                    _ => self.push(c, span),
                },
            }
        }
        self.end_word(self.text.len());
    }

    /// Where `<instance-id>`, which manuals write and shells take for files, ends.
    fn placeholder(&self, start: usize) -> Option<usize> {
        let name = self.text.get(start + 1..)?;
        let length = name
            .bytes()
            .take(60)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            .count();
        let closed = name.get(length..).is_some_and(|rest| rest.starts_with('>'));
        (closed && length > 0).then_some(start + length + 2)
    }

    fn line_end(&mut self, at: usize) {
        self.end_word(at);
        let follows = self
            .rest()
            .trim_start_matches(|c: char| c.is_whitespace() || zero_width(c));
        self.at = self.text.len() - follows.len();
        let option = ["--", "\u{2014}", "\u{2013}"]
            .iter()
            .any(|dash| follows.starts_with(dash));
        let command = self
            .items
            .iter()
            .rev()
            .take_while(|item| !matches!(item, Item::LineEnd))
            .any(|item| matches!(item, Item::Word(_)));
        if option && command {
            self.remarks.warning(
                at..at,
                "The line ends without a continuation, but the next one begins with an option; both were read as one command.",
                "End the line with a space and a backslash.",
            );
        } else {
            self.items.push(Item::LineEnd);
        }
    }

    /// Backslash, caret or backtick: a continuation at a line's end, else (the backslash) an escape.
    fn escape(&mut self, c: char, span: Span) {
        let rest = self.rest();
        let blanks = rest.len()
            - rest
                .trim_start_matches(|c: char| c != '\n' && c.is_whitespace())
                .len();
        let line = rest.get(..blanks).unwrap_or("");
        let ends = blanks == rest.len()
            || rest
                .get(blanks..)
                .is_some_and(|rest| rest.starts_with('\n'));
        let alone = c == '\\' || self.word.is_none() || self.rest().starts_with(['\n', '\r']);
        // An empty rest of the line must really end, and only a backslash may stand at the very end of the text.
        if ends
            && alone
            && (self.at + line.len() < self.text.len() || c == '\\' || self.word.is_none())
        {
            if !line.trim_end_matches('\r').is_empty() && self.at + line.len() < self.text.len() {
                self.remarks.warning(
                    span.clone(),
                    "Blanks follow the continuation at the end of this line; a shell would end the command here.",
                    "Delete the blanks at the end of the line.",
                );
            }
            // Within a shell a continuation joins; here a word broken across lines is rarer than a missing space.
            self.end_word(span.start);
            self.items.push(Item::Continuation(span));
            self.at = (self.at + line.len() + 1).min(self.text.len());
            if let Some(prompt) = ["> ", ">> "]
                .iter()
                .find(|prompt| self.rest().starts_with(*prompt))
            {
                self.at += prompt.len();
            }
            return;
        }
        match (c, self.peek()) {
            ('\\', Some(_)) => {
                if let Some((next, source)) = self.take() {
                    self.started(span.start, true)
                        .push(next, span.start..source.end);
                }
            }
            _ => self.push(c, span),
        }
    }

    /// Whether a caret that was just taken only escapes the next character.
    fn caret(&self) -> bool {
        self.carets
            && self
                .rest()
                .starts_with(['"', '&', '|', '<', '>', '^', '%', '!', '\\'])
    }

    fn quoted(&mut self, quote: char, opened: char, open: Span) {
        self.started(open.start, true);
        while let Some((c, span)) = self.take() {
            let closes = c == quote || (opened != quote && plain_quote(c) == Some(quote));
            match c {
                _ if closes => return,
                '^' if self.caret() => {}
                '\\' if self.carets && self.rest().starts_with("^\"") => {
                    self.at += 2;
                    self.push('"', span.start..self.at);
                }
                '\\' if quote == '"' => match self.peek() {
                    Some('"' | '\\' | '$' | '`') => {
                        if let Some((next, source)) = self.take() {
                            self.push(next, span.start..source.end);
                        }
                    }
                    Some('\n') => {
                        self.take();
                    }
                    _ => self.push(c, span),
                },
                '$' if quote == '"' && opened == quote => {
                    self.variable(&span);
                    self.push(c, span);
                }
                c => {
                    if zero_width(c) {
                        self.remarks.note(
                            span.clone(),
                            format!(
                                "The value holds an invisible character ({}); it was kept.",
                                named(c)
                            ),
                            "Delete it if it is not meant.",
                        );
                    }
                    self.push(c, span);
                }
            }
        }
        self.remarks.error(
            open,
            format!("This quote ({opened}) is never closed."),
            format!("Add {quote} where the value ends."),
        );
    }

    fn dollar(&mut self, span: Span) {
        if self.rest().starts_with('\'') {
            let open = span.start;
            self.at += 1;
            self.started(open, true);
            return self.ansi(open);
        }
        self.variable(&span);
        self.push('$', span.clone());
        if self.rest().starts_with('(') {
            let mut depth = 0_usize;
            while let Some((c, source)) = self.take() {
                self.push(c, source);
                depth = match c {
                    '(' => depth + 1,
                    ')' => depth.saturating_sub(1),
                    _ => depth,
                };
                if depth == 0 {
                    break;
                }
            }
        }
    }

    fn variable(&mut self, dollar: &Span) {
        let name: usize = match self.peek() {
            Some('{' | '(') => 1,
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self
                .rest()
                .bytes()
                .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
                .count(),
            _ => return,
        };
        self.remarks.warning(
            dollar.start..self.at + name,
            "A shell would put a value in place of this variable; here it stays as it is written.",
            "Write the value itself, or put the word in single quotes if the dollar sign is meant.",
        );
    }

    /// `$'…'` with C escapes.
    fn ansi(&mut self, open: usize) {
        while let Some((c, span)) = self.take() {
            if c == '\'' {
                return;
            }
            if c != '\\' {
                self.push(c, span);
                continue;
            }
            let Some((escape, source)) = self.take() else {
                break;
            };
            let (radix, most) = match escape {
                'x' => (16, 2),
                'u' => (16, 4),
                'U' => (16, 8),
                '0'..='7' => (8, 3),
                _ => (0, 0),
            };
            if radix > 0 {
                let from = if radix == 8 { source.start } else { source.end };
                let digits: String = self
                    .text
                    .get(from..)
                    .unwrap_or("")
                    .chars()
                    .take(most)
                    .take_while(|c| c.is_digit(radix))
                    .collect();
                self.at = from + digits.len();
                let decoded = u32::from_str_radix(&digits, radix)
                    .ok()
                    .and_then(char::from_u32);
                self.push(decoded.unwrap_or('\u{FFFD}'), span.start..self.at);
                continue;
            }
            let decoded = match escape {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'a' => '\u{7}',
                'b' => '\u{8}',
                'e' | 'E' => '\u{1B}',
                'f' => '\u{C}',
                'v' => '\u{B}',
                other => other,
            };
            self.push(decoded, span.start..source.end);
        }
        self.remarks.error(
            open..open + 2,
            "This quote ($') is never closed.",
            "Add ' where the value ends.",
        );
    }
}
