//! Finds secrets in a text and replaces them, before the text goes anywhere.
//!
//! It works on characters and needs no parser, so that a text that cannot be read, a half-typed command and a reply written
//! by hand are covered as well: names that stand beside secrets in every notation that EC2 and OpenStack clients have,
//! shapes that only secrets have, and both again inside percent-encoding and Base64. In doubt it replaces.
//!
//! ```
//! let found = scrub::scrub("aws ec2 run-instances --image-id ami-1 --user-data 'echo hunter2'", &[]);
//! assert_eq!(found.text, "aws ec2 run-instances --image-id ami-1 --user-data 'REPLACED'");
//! assert_eq!(found.replaced[0].kind.name(), "user data");
//! ```
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod encoded;
mod name;
mod pairs;
mod shapes;
mod value;

use std::ops::Range;

/// What stands in the place of a secret: legible, needs no quotes in any notation, and is valid Base64, so that a request
/// with it can still be translated.
pub const PLACEHOLDER: &str = "REPLACED";

/// Encodings inside encodings that are looked into.
const DEEPEST: u8 = 3;

/// What kind of secret it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The name of an access key.
    AccessKey,
    /// The secret of an access key, or another client secret.
    SecretKey,
    /// A signature of a request.
    Signature,
    /// A session, bearer or Keystone token.
    Token,
    /// An `Authorization` or `Cookie` header.
    Authorization,
    /// A password.
    Password,
    /// User data of an instance.
    UserData,
    /// A private key.
    PrivateKey,
    /// Something the caller knows to be secret.
    Secret,
}

impl Kind {
    /// In words, for a sentence: `user data`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessKey => "access key",
            Self::SecretKey => "secret key",
            Self::Signature => "signature",
            Self::Token => "token",
            Self::Authorization => "authorization header",
            Self::Password => "password",
            Self::UserData => "user data",
            Self::PrivateKey => "private key",
            Self::Secret => "secret value",
        }
    }
}

/// One secret that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// What it was.
    pub kind: Kind,
    /// Byte range of the placeholder in the new text.
    pub span: Range<usize>,
}

/// A text without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrubbed {
    /// The text, with [`PLACEHOLDER`] for every secret.
    pub text: String,
    /// What was replaced, in the order of the text.
    pub replaced: Vec<Replaced>,
}

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    span: Range<usize>,
    kind: Kind,
}

/// Replaces every secret of a text; `known` are byte ranges that the caller knows to be secret, with or without quotes.
pub fn scrub(text: &str, known: &[Range<usize>]) -> Scrubbed {
    let mut found = find(text, 0);
    for span in known {
        let span = value::without_quotes(text, span);
        if text
            .get(span.clone())
            .is_some_and(|inner| !inner.is_empty())
        {
            let kind = Kind::Secret;
            found.push(Found { span, kind });
        }
    }
    without(text, found)
}

/// Replaces every secret of a translation rule; `public` is the rule as everybody knows it. A rule names parameters that
/// are secrets, so what the public one says is left, and so is an expression that reads user data or a private key.
///
/// ```
/// let public = "token: digest(ClientToken)";
/// assert_eq!(scrub::scrub_rule("# More.\ntoken: digest(ClientToken)", public).replaced, []);
/// assert_eq!(scrub::scrub_rule("user_data: base64(UserData)", "").replaced, []);
/// assert_eq!(scrub::scrub_rule("user_data: \"'echo hunter2'\"", public).replaced.len(), 1);
/// ```
pub fn scrub_rule(text: &str, public: &str) -> Scrubbed {
    let mut found = find(text, 0);
    found.retain(|one| {
        let value = text.get(one.span.clone()).unwrap_or_default();
        let expression = value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.()[]".contains(&b));
        let reads = match one.kind {
            Kind::UserData => value.contains("UserData"),
            Kind::PrivateKey => value.contains("private_key"),
            _ => false,
        };
        !(public.contains(value) || expression && reads)
    });
    without(text, found)
}

/// The text with a placeholder for everything found.
fn without(text: &str, mut found: Vec<Found>) -> Scrubbed {
    // The longer of two that begin together tells more.
    found.sort_by_key(|one| (one.span.start, std::cmp::Reverse(one.span.end), one.kind));
    let mut out = Scrubbed::default();
    let mut at = 0;
    for one in found {
        let Some(secret) = text.get(one.span.clone()) else {
            continue;
        };
        if one.span.start < at || secret == PLACEHOLDER {
            // Two that overlap are one: the placeholder stands for both.
            if one.span.start < at && one.span.end > at {
                at = one.span.end;
            }
            continue;
        }
        out.text
            .push_str(text.get(at..one.span.start).unwrap_or_default());
        let start = out.text.len();
        out.text.push_str(PLACEHOLDER);
        out.replaced.push(Replaced {
            kind: one.kind,
            span: start..out.text.len(),
        });
        at = one.span.end;
    }
    out.text.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The kind of secret that stands beside a name, in any spelling: `user_data`, `X-Auth-Token`, `OS-EXT-SRV-ATTR:user_data`.
///
/// ```
/// assert_eq!(scrub::named("adminPass"), Some(scrub::Kind::Password));
/// assert_eq!(scrub::named("NextToken"), None);
/// ```
pub fn named(name: &str) -> Option<Kind> {
    name::kind(name)
}

/// Whether a text holds nothing that would be replaced.
pub fn is_clean(text: &str) -> bool {
    find(text, 0)
        .iter()
        .all(|one| text.get(one.span.clone()) == Some(PLACEHOLDER))
}

/// Every secret of a text, in no order, some perhaps twice.
fn find(text: &str, depth: u8) -> Vec<Found> {
    let mut found = shapes::find(text);
    found.extend(pairs::find(text));
    if depth < DEEPEST {
        found.extend(encoded::find(text, depth));
    }
    found
}
