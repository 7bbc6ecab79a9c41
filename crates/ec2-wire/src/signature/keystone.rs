//! The parts of a signed request that Keystone needs to verify it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::canonical::header_value;
use super::parse::{Detail, presented};
use super::{Profile, Refusal, Request, canonical, string_to_sign};

/// The `credentials` object of Keystone's `POST /v3/ec2tokens`; serializes to exactly that.
///
/// Keystone looks headers up by their capitalised names, takes values and path as canonical already, and always
/// computes Version 2 with SHA-256. It accepts presigned requests only with GET.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ec2Credentials {
    /// Access key.
    pub access: String,
    /// Signature as presented.
    pub signature: String,
    /// `Host` header, port included.
    pub host: String,
    /// HTTP method.
    pub verb: String,
    /// Path.
    pub path: String,
    /// Version 2: all parameters but the signature; Version 4: those of the query, but the signature.
    pub params: BTreeMap<String, String>,
    /// The signed headers and those of the signature itself; nothing else leaves the gateway.
    pub headers: BTreeMap<String, String>,
    /// SHA-256 of the body in hexadecimal.
    pub body_hash: String,
}

impl Ec2Credentials {
    /// Takes the parts out of a request. Nothing is verified.
    ///
    /// # Errors
    /// If the request carries no well-formed signature.
    pub fn of(request: &Request<'_>) -> Result<Self, Refusal> {
        let presented = presented(request)?;
        let mut headers = BTreeMap::new();
        let mut keep = |name: &str| {
            if request
                .headers
                .iter()
                .any(|(key, _)| key.trim().eq_ignore_ascii_case(name))
            {
                headers.insert(capitalised(name), header_value(request, name));
            }
        };
        let (params, path) = match presented.detail {
            Detail::V4 { signed_headers, .. } => {
                signed_headers.split(';').for_each(&mut keep);
                ["authorization", "x-amz-date"]
                    .into_iter()
                    .for_each(&mut keep);
                (
                    request.query_pairs(),
                    canonical::path(request.path, Profile::EC2),
                )
            }
            Detail::V2 { pairs, .. } => {
                keep("host");
                let path = if request.path.is_empty() {
                    "/"
                } else {
                    request.path
                };
                (pairs, path.to_owned())
            }
        };
        Ok(Self {
            access: presented.access_key,
            signature: presented.signature,
            host: header_value(request, "host"),
            verb: request.method.to_owned(),
            path,
            params: params
                .into_iter()
                .filter(|(key, _)| key != "Signature" && key != "X-Amz-Signature")
                .collect(),
            headers,
            body_hash: string_to_sign::sha256_hex(request.body),
        })
    }
}

/// `x-amz-date` to `X-Amz-Date`.
fn capitalised(name: &str) -> String {
    let mut start = true;
    name.chars()
        .map(|c| {
            let c = if start {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            };
            start = c == '-';
            c
        })
        .collect()
}
