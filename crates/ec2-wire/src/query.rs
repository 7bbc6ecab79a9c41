//! EC2 Query: a flat list of dotted keys with texts, read and written by the model.

mod decode;
mod encode;
mod hint;
mod pairs;
mod parameters;
mod required;
mod tree;

pub use decode::{decode_pairs, decode_query};
pub use encode::{encode_query, wire_key};
pub use pairs::{Pair, is_protocol_key, split_query};
pub use parameters::from_parameters;
pub use required::check_required;

use crate::{Ec2Error, Ec2Request, Span};

/// Longest query that is read, in bytes.
pub const MAX_BYTES: usize = 2 << 20;
/// Most keys of one request.
pub const MAX_KEYS: usize = 20_000;
/// Deepest parameter: parts of a key between dots.
pub const MAX_DEPTH: usize = 32;

/// A request as far as it could be read, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The request; parameters that could not be read are leaves without pointer.
    pub request: Ec2Request,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Decoded {
    /// The request as a service takes it.
    ///
    /// # Errors
    /// The first diagnostic that is an error. Unknown parameters are only warnings: they stay in the request's leaves.
    pub fn strict(self) -> Result<Ec2Request, Ec2Error> {
        let errors = self
            .diagnostics
            .into_iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error);
        match errors.map(|diagnostic| diagnostic.error).next() {
            Some(error) => Err(error),
            None => Ok(self.request),
        }
    }

    fn report(&mut self, severity: Severity, key: &str, span: Option<Span>, error: Ec2Error) {
        self.diagnostics.push(Diagnostic {
            severity,
            key: key.to_owned(),
            span,
            error,
        });
    }
}

/// Something wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether a service refuses the request for it.
    pub severity: Severity,
    /// The wire key concerned; empty if it is the request as a whole.
    pub key: String,
    /// Where it stands in the text.
    pub span: Option<Span>,
    /// Code and sentence as EC2 would answer.
    pub error: Ec2Error,
}

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The request is refused.
    Error,
    /// A part of the request is not understood; the rest stands.
    Warning,
}
