//! What is wrong with a rule, where, and how to mend it.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::At;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The rule does something else than its author thinks, or nothing: it must not be used.
    Error,
    /// The rule works; a reviewer would ask for a change.
    Warning,
}

/// Something wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Where.
    pub at: At,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What to write instead, if that is known.
    pub mend: Option<String>,
}

impl Problem {
    /// A problem that makes the rule unusable.
    pub fn error(at: At, message: impl Into<String>) -> Self {
        Self {
            at,
            severity: Severity::Error,
            message: message.into(),
            mend: None,
        }
    }

    /// A problem that a reviewer would point at.
    pub fn warning(at: At, message: impl Into<String>) -> Self {
        Self {
            at,
            severity: Severity::Warning,
            message: message.into(),
            mend: None,
        }
    }

    /// The same problem with its mend.
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    /// The same problem with a mend, if there is one.
    pub fn mend_if(mut self, mend: Option<String>) -> Self {
        self.mend = mend;
        self
    }
}

impl fmt::Display for Problem {
    /// `file:line:column: message (mend)`, as editors and terminals make it clickable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)?;
        match &self.mend {
            Some(mend) => write!(f, " ({mend})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Problem", 6)?;
        out.serialize_field("file", &*self.at.file)?;
        out.serialize_field("line", &self.at.line)?;
        out.serialize_field("column", &self.at.column)?;
        out.serialize_field("severity", &self.severity)?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("mend", &self.mend)?;
        out.end()
    }
}
