//! Request signatures: AWS Signature Version 4 (in the `Authorization` header or in the query) and Version 2.
//!
//! [`verify`] checks a request against a secret and a clock, both arguments. [`Signer`] makes signatures, for tests and
//! for showing a request as HTTP. [`Ec2Credentials`] takes out of a request what Keystone's `POST /v3/ec2tokens` needs,
//! for the case that Keystone, not we, knows the secret. This module neither parses HTTP nor reads a clock.
//!
//! ```
//! use ec2_wire::signature::{Expectation, Request, Signer, verify};
//!
//! let now = 1_440_938_160_000; // 2015-08-30T12:36:00Z in milliseconds
//! let body = b"Action=DescribeInstances&Version=2016-11-15";
//! let mut headers = vec![("Host".to_owned(), "127.0.0.1:8788".to_owned())];
//! let unsigned = Request { method: "POST", path: "/", query: "", headers: &headers, body };
//! let signer = Signer::ec2("demo", "demo", "RegionOne");
//! let added = signer.headers(&unsigned, now);
//! headers.extend(added);
//!
//! let signed = Request { method: "POST", path: "/", query: "", headers: &headers, body };
//! let secrets = |access_key: &str| (access_key == "demo").then(|| "demo".to_owned());
//! let verified = verify(&signed, now, &Expectation::ec2(Some("RegionOne")), secrets).unwrap();
//! assert_eq!(verified.access_key, "demo");
//! ```

mod canonical;
mod instant;
mod keystone;
mod parse;
mod refusal;
mod sign;
mod string_to_sign;
mod verify;

pub use canonical::{PathEncoding, Profile};
pub use keystone::Ec2Credentials;
pub use refusal::{Explanation, Refusal};
pub use sign::{Hash, Signer};
pub use verify::{Expectation, Verified, Version, explain, verify};

/// How far a client's clock may be off, in milliseconds: 5 minutes either way.
pub const CLOCK_SKEW: i64 = 5 * 60 * 1000;

/// How long a Version 2 request with a `Timestamp` stays good, in milliseconds: 15 minutes.
pub const V2_LIFETIME: i64 = 15 * 60 * 1000;

/// Longest `X-Amz-Expires` of a presigned request, in seconds: 7 days.
pub const LONGEST_PRESIGN: u32 = 7 * 24 * 60 * 60;

/// An HTTP request as it came over the wire, nothing decoded.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `GET`, `POST`, as sent.
    pub method: &'a str,
    /// Path before the `?`, percent-encoded as sent; empty means `/`.
    pub path: &'a str,
    /// Text after the `?`, percent-encoded as sent; empty if there is none.
    pub query: &'a str,
    /// Header names (any case) and values in the order sent; a name may repeat.
    pub headers: &'a [(String, String)],
    /// The whole body.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Values of a header in the order sent; the name in lower case.
    pub(crate) fn header(&self, name: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let headers = self.headers;
        headers
            .iter()
            .filter(move |(key, _)| key.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// Decoded pairs of the query.
    pub(crate) fn query_pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes())
            .into_owned()
            .collect()
    }

    /// Decoded pairs of the query and, if the body is a form, of the body.
    pub(crate) fn form_pairs(&self) -> Vec<(String, String)> {
        let mut pairs = self.query_pairs();
        let form = self.header("content-type").next().is_none_or(|kind| {
            kind.to_ascii_lowercase()
                .starts_with("application/x-www-form-urlencoded")
        });
        if form {
            pairs.extend(form_urlencoded::parse(self.body).into_owned());
        }
        pairs
    }
}
