//! Why a request was not accepted, and what EC2 answers.

use crate::Ec2Error;

/// What the verifier computed from the request: lets a person find which part the client signed differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Version 4: the canonical request. Version 2 has none.
    pub canonical_request: Option<String>,
    /// The string to sign.
    pub string_to_sign: String,
}

/// Why a request was not accepted.
///
/// EC2 answers an unknown access key and a wrong signature alike, `AuthFailure` with HTTP 401, so that nobody can
/// probe which keys exist; `SignatureDoesNotMatch` is what other AWS services say. [`Refusal::error`] does as EC2 does.
/// The variants keep the cases apart for logs and for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The request carries no signature at all.
    Missing,
    /// A signature is there but its parts are missing, doubled or contradict each other: `IncompleteSignature`.
    Incomplete(String),
    /// A part of the signature has an impossible value: `InvalidParameterValue`.
    Invalid(String),
    /// Signed for another region or service: `AuthFailure`.
    Scope(String),
    /// The access key is not known: `AuthFailure`.
    UnknownKey {
        /// The key as sent.
        access_key: String,
    },
    /// The signature is not the one that the secret gives: `AuthFailure`.
    Mismatch {
        /// What was computed from the request as it arrived.
        explanation: Box<Explanation>,
        /// Likely reasons, each with its mend; may be empty.
        hints: Vec<String>,
    },
    /// Too old, or dated too far in the future: `RequestExpired`.
    Expired(String),
}

impl Refusal {
    /// The error that EC2 answers.
    pub fn error(&self) -> Ec2Error {
        let (status, code, message) = match self {
            Self::Missing => (
                401,
                "AuthFailure",
                "The request carries no signature. Sign it with an access key and its secret (Signature Version 4 or 2).".to_owned(),
            ),
            Self::Incomplete(message) => (400, "IncompleteSignature", message.clone()),
            Self::Invalid(message) => (400, "InvalidParameterValue", message.clone()),
            Self::Scope(message) => (401, "AuthFailure", message.clone()),
            Self::UnknownKey { .. } | Self::Mismatch { .. } => (
                401,
                "AuthFailure",
                "The access key or the signature is not valid. Check the access key, the secret and the endpoint the client signs for.".to_owned(),
            ),
            Self::Expired(message) => (400, "RequestExpired", message.clone()),
        };
        Ec2Error {
            status,
            code: code.to_owned(),
            message,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownKey { access_key } => {
                write!(f, "no credential with access key {access_key}")
            }
            Self::Mismatch { hints, .. } if !hints.is_empty() => {
                write!(f, "signature does not match: {}", hints.join("; "))
            }
            Self::Mismatch { .. } => f.write_str("signature does not match"),
            other => write!(f, "{}", other.error()),
        }
    }
}

impl std::error::Error for Refusal {}
