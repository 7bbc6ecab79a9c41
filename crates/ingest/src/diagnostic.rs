//! What a reading has to say about the text, each remark with its place and its mend.

use serde::{Deserialize, Serialize};

use crate::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the request means what it says.
    Note,
    /// Read, but perhaps not as meant.
    Warning,
    /// Not read, or the real client or service would refuse it.
    Error,
}

/// A remark about a place in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Byte range in the text, on character boundaries; empty for "here".
    pub span: Span,
    /// What is the matter, one sentence.
    pub message: String,
    /// What to write or do instead.
    pub mend: Option<String>,
}

/// Why a structured value could not be read.
#[derive(Debug)]
pub(crate) struct Flaw {
    pub span: Span,
    pub message: String,
    pub mend: String,
}

/// Remarks beyond this many help nobody and would make hostile text dear.
const MOST: usize = 100;

/// Collects remarks, up to a bound.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    list: Vec<Diagnostic>,
    left_out: usize,
}

impl Remarks {
    pub fn error(&mut self, span: Span, message: impl Into<String>, mend: impl Into<String>) {
        self.add(Severity::Error, span, message.into(), mend.into());
    }

    pub fn warning(&mut self, span: Span, message: impl Into<String>, mend: impl Into<String>) {
        self.add(Severity::Warning, span, message.into(), mend.into());
    }

    pub fn flaw(&mut self, flaw: Flaw) {
        self.error(flaw.span, flaw.message, flaw.mend);
    }

    pub fn note(&mut self, span: Span, message: impl Into<String>, mend: impl Into<String>) {
        self.add(Severity::Note, span, message.into(), mend.into());
    }

    /// Whether an error is noted for exactly that place.
    pub fn has_error(&self, span: &Span) -> bool {
        self.list
            .iter()
            .any(|remark| remark.severity == Severity::Error && remark.span == *span)
    }

    /// Drops the remarks that `wanted` denies.
    pub fn keep(&mut self, wanted: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(wanted);
    }

    /// Whether another remark would be kept; ask before a costly "did you mean".
    pub fn room(&self) -> bool {
        self.list.len() < MOST
    }

    pub fn add(&mut self, severity: Severity, span: Span, message: String, mend: String) {
        if self.room() {
            let mend = Some(mend).filter(|mend| !mend.is_empty());
            self.list.push(Diagnostic {
                severity,
                span,
                message,
                mend,
            });
        } else {
            self.left_out += 1;
        }
    }

    /// The remarks in the order of the text.
    pub fn finish(mut self, end: usize) -> Vec<Diagnostic> {
        if self.left_out > 0 {
            self.list.push(Diagnostic {
                severity: Severity::Note,
                span: end..end,
                message: format!("{} more remarks are not shown.", self.left_out),
                mend: None,
            });
        }
        self.list.sort_by_key(|remark| remark.span.start);
        self.list
    }
}
