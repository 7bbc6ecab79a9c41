//! A word of a command line, which knows where every byte of it came from.

use crate::Span;

/// One word, quotes removed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Word {
    /// The word as a program would get it.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Whether its first character was quoted: then it is no option.
    pub quoted: bool,
    runs: Vec<Run>,
}

/// A part of a word and the part of the text it was read from.
#[derive(Clone, Debug)]
struct Run {
    text: Span,
    source: Span,
}

impl Word {
    /// A part of the pasted text as it stands.
    pub fn whole(text: &str, part: Span) -> Self {
        let inner = text.get(part.clone()).unwrap_or("");
        Self {
            text: inner.to_owned(),
            span: part.clone(),
            quoted: true,
            runs: vec![Run {
                text: 0..inner.len(),
                source: part,
            }],
        }
    }

    /// An empty word that begins at a place.
    pub fn at(start: usize, quoted: bool) -> Self {
        Self {
            span: start..start,
            quoted,
            ..Self::default()
        }
    }

    /// Adds a character and where it stands.
    pub fn push(&mut self, c: char, source: Span) {
        let start = self.text.len();
        self.text.push(c);
        let text = start..self.text.len();
        match self.runs.last_mut() {
            Some(run)
                if run.source.end == source.start
                    && run.text.len() == run.source.len()
                    && text.len() == source.len() =>
            {
                run.text.end = text.end;
                run.source.end = source.end;
            }
            _ => self.runs.push(Run { text, source }),
        }
    }

    /// Where a part of [`Self::text`] stands in the pasted text.
    pub fn source(&self, part: Span) -> Span {
        let start = self.place(part.start, false);
        let end = if part.is_empty() {
            start
        } else {
            self.place(part.end, true)
        };
        start..end.max(start)
    }

    fn place(&self, at: usize, end: bool) -> usize {
        let index = self.runs.partition_point(|run| {
            if end {
                run.text.end < at
            } else {
                run.text.end <= at
            }
        });
        match self.runs.get(index) {
            Some(run) if run.text.len() == run.source.len() => {
                run.source.start + at.saturating_sub(run.text.start)
            }
            Some(run) if end => run.source.end,
            Some(run) => run.source.start,
            None => self
                .runs
                .last()
                .map_or(self.span.start, |run| run.source.end),
        }
    }

    /// The word from byte `at` of its text on, as a word of its own.
    pub fn tail(&self, at: usize) -> Self {
        let mut tail = Self {
            quoted: true,
            ..Self::default()
        };
        for (offset, c) in self.text.char_indices().filter(|(offset, _)| *offset >= at) {
            tail.push(c, self.source(offset..offset + c.len_utf8()));
        }
        let start = self.source(at..at).start;
        tail.span = start..self.span.end.max(start);
        tail
    }

    /// Where the whole text of the word stands, quotes not counted.
    pub fn inside(&self) -> Span {
        if self.runs.is_empty() {
            self.span.clone()
        } else {
            self.source(0..self.text.len())
        }
    }
}
