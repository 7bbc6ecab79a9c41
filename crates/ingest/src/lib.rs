//! Any pasted dialect to an EC2 request, with the place of every piece and a remark wherever the text is not what it should be.
//!
//! Seven dialects are read: EC2 Query parameters, a URL, a raw HTTP request, an `aws ec2` command line, a boto3 call, a
//! curl command and JSON. [`read`] finds out which one it is; [`write`] gives a request in any of them,
//! [`compare`] says what differs between two. This crate knows names and structure from
//! [`ec2_model`]; it verifies no signature, opens no file and expands no variable.
//!
//! ```
//! use ingest::{Dialect, read, write};
//!
//! let reading = read("aws ec2 describe-instances --instance-ids i-1 i-2", None);
//! assert_eq!(reading.dialect, Dialect::Cli);
//! assert!(reading.diagnostics.is_empty());
//! let request = reading.request.unwrap();
//! assert_eq!(request.parameters, serde_json::json!({"InstanceIds": ["i-1", "i-2"]}));
//! assert!(write(&request, Dialect::Url).ends_with("&InstanceId.1=i-1&InstanceId.2=i-2"));
//! ```
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod boto3;
mod characters;
mod cli;
mod commands;
mod compare;
mod curl;
mod cursor;
mod detect;
mod diagnostic;
mod http;
mod json;
mod kebab;
mod node;
mod places;
mod prompt;
mod query;
mod quote;
mod shell;
mod structured;
mod suggest;
mod token;
mod url;
mod word;
mod write;

use serde::{Deserialize, Serialize};

pub use compare::{Comparison, Difference, Side, compare};
pub use detect::detect;
pub use diagnostic::{Diagnostic, Severity};
pub use ec2_wire::{Ec2Request, Span};
pub use kebab::kebab;
pub use token::{Token, TokenKind};
pub use write::{Writer, write};

use diagnostic::Remarks;
use token::Tokens;

/// A way to write an EC2 request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// `Action=DescribeInstances&InstanceId.1=i-1`, also one pair on each line.
    Query,
    /// `https://ec2.us-east-1.amazonaws.com/?Action=DescribeInstances`
    Url,
    /// An HTTP request with its headers and body.
    Http,
    /// `aws ec2 describe-instances`
    Cli,
    /// `ec2.describe_instances()`: Python, with the names of boto3.
    Boto3,
    /// `curl 'https://ec2.us-east-1.amazonaws.com/' -d 'Action=DescribeInstances'`
    Curl,
    /// `{"Action": "DescribeInstances"}`, parameters alone, or a CloudTrail event.
    Json,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Query,
        Self::Url,
        Self::Http,
        Self::Cli,
        Self::Boto3,
        Self::Curl,
        Self::Json,
    ];
}

/// What was read from a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The dialect that was given or found.
    pub dialect: Dialect,
    /// The request, as far as it could be read; `None` if the text names no action.
    pub request: Option<Ec2Request>,
    /// Region that the text names: option, host name or credential scope.
    pub region: Option<String>,
    /// Coloured pieces, in order and without overlap.
    pub tokens: Vec<Token>,
    /// Remarks, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Whether a remark says that something could not be read or would be refused.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|remark| remark.severity == Severity::Error)
    }
}

/// Longest text that is read, in bytes.
pub const LONGEST: usize = 2 << 20;

/// Everything a reader fills.
#[derive(Default)]
struct Desk {
    tokens: Tokens,
    remarks: Remarks,
    region: Option<String>,
    request: Option<Ec2Request>,
}

/// Reads a text as the given dialect, or as the one that it looks like.
///
/// Never fails: what cannot be read is in [`Reading::diagnostics`].
pub fn read(text: &str, dialect: Option<Dialect>) -> Reading {
    let mut desk = Desk::default();
    let dialect = dialect.unwrap_or_else(|| detect(text));
    if text.len() > LONGEST {
        desk.remarks.error(
            0..0,
            format!(
                "The text has {} bytes; at most {LONGEST} are read.",
                text.len()
            ),
            "Paste only the request.",
        );
    } else if characters::trimmed(text).is_empty() {
        desk.remarks
            .note(0..0, "There is nothing to read.", "Paste an EC2 request.");
    } else {
        match dialect {
            Dialect::Query => query::read(text, &mut desk),
            Dialect::Url => url::read(text, &mut desk),
            Dialect::Http => http::read(text, &mut desk),
            Dialect::Cli => cli::read(text, &mut desk),
            Dialect::Boto3 => boto3::read(text, &mut desk),
            Dialect::Curl => curl::read(text, &mut desk),
            Dialect::Json => json::read(text, &mut desk),
        }
    }
    Reading {
        dialect,
        request: desk.request,
        region: desk.region,
        tokens: desk.tokens.finish(),
        diagnostics: desk.remarks.finish(text.len()),
    }
}
