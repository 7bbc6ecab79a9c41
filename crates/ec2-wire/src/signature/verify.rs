//! Checking a presented signature against the secret, the clock and the expected scope.

use subtle::ConstantTimeEq;

use super::canonical::{canonical_request, header_value};
use super::parse::{Detail, Presented, Scope, Window, presented};
use super::{
    CLOCK_SKEW, Explanation, Profile, Refusal, Request, V2_LIFETIME, instant, string_to_sign,
};

/// What a signature must be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expectation<'a> {
    /// Region of the credential scope; `None` accepts any.
    pub region: Option<&'a str>,
    /// Service of the credential scope.
    pub service: &'a str,
    /// How the service builds the canonical request.
    pub profile: Profile,
}

impl<'a> Expectation<'a> {
    /// A signature for EC2 in a region, or in any.
    pub fn ec2(region: Option<&'a str>) -> Self {
        Self {
            region,
            service: "ec2",
            profile: Profile::EC2,
        }
    }
}

/// Where and how a request is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Signature Version 4 in the `Authorization` header.
    V4Header,
    /// Signature Version 4 in the query (presigned).
    V4Query,
    /// Signature Version 2 in the parameters.
    V2,
}

/// An accepted request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The key whose secret made the signature.
    pub access_key: String,
    /// How it was signed.
    pub version: Version,
    /// Region of the credential scope; Version 2 names none.
    pub region: Option<String>,
    /// Session token as sent. It is not checked against anything.
    pub session_token: Option<String>,
}

/// Checks the signature of a request.
///
/// `now` is in milliseconds since 1970. `secret` answers the secret of an access key, or `None` for an unknown one; it is
/// asked once, and only if the request is well-formed, in its time and in scope.
///
/// The body's hash is always computed from the body: EC2 has no action that may be sent with `UNSIGNED-PAYLOAD`, so an
/// `x-amz-content-sha256` header that says anything but the body's hash is refused.
///
/// # Errors
/// [`Refusal`] says why; [`Refusal::error`] is the error that EC2 answers.
pub fn verify(
    request: &Request<'_>,
    now: i64,
    expectation: &Expectation<'_>,
    secret: impl FnOnce(&str) -> Option<String>,
) -> Result<Verified, Refusal> {
    let presented = presented(request)?;
    check_time(&presented, now)?;
    let mut region = None;
    if let Detail::V4 {
        date,
        scope,
        signed_headers,
    } = &presented.detail
    {
        check_scope(date, scope, expectation)?;
        check_signed_headers(request, signed_headers)?;
        check_payload(request)?;
        region = Some(scope.region.clone());
    }
    let found = secret(&presented.access_key);
    // Unknown keys take the same path as wrong secrets, so that the time taken does not tell them apart.
    let known = found.is_some();
    let secret = found.unwrap_or_default();
    let matched = candidates(request, &presented, expectation.profile)
        .into_iter()
        .fold(false, |matched, explanation| {
            matched | matches(&presented, &secret, &explanation.string_to_sign)
        });
    match (known, matched) {
        (true, true) => {
            let Presented {
                access_key,
                version,
                session_token,
                ..
            } = presented;
            Ok(Verified {
                access_key,
                version,
                region,
                session_token,
            })
        }
        (false, _) => Err(Refusal::UnknownKey {
            access_key: presented.access_key,
        }),
        (true, false) => Err(mismatch(request, &presented, expectation.profile)),
    }
}

/// What [`verify`] computes before the secret comes in: canonical request and string to sign.
///
/// # Errors
/// If the request carries no well-formed signature.
pub fn explain(request: &Request<'_>, profile: Profile) -> Result<Explanation, Refusal> {
    let presented = presented(request)?;
    candidates(request, &presented, profile)
        .into_iter()
        .next()
        .ok_or(Refusal::Missing)
}

/// The strings that the client may have signed: one for Version 4; for Version 2 with and without the port,
/// since its clients disagree about the port.
fn candidates(request: &Request<'_>, presented: &Presented, profile: Profile) -> Vec<Explanation> {
    match &presented.detail {
        Detail::V4 {
            date,
            scope,
            signed_headers,
        } => {
            let canonical = canonical_request(request, signed_headers, profile);
            let string_to_sign = string_to_sign::v4(date, scope, &canonical);
            vec![Explanation {
                canonical_request: Some(canonical),
                string_to_sign,
            }]
        }
        Detail::V2 { pairs, .. } => {
            let host = header_value(request, "host");
            let mut hosts = vec![host.as_str()];
            if let Some((name, port)) = host.rsplit_once(':')
                && port.bytes().all(|b| b.is_ascii_digit())
            {
                hosts.push(name);
            }
            hosts
                .into_iter()
                .map(|host| Explanation {
                    canonical_request: None,
                    string_to_sign: string_to_sign::v2(request, host, pairs),
                })
                .collect()
        }
    }
}

fn matches(presented: &Presented, secret: &str, string_to_sign: &str) -> bool {
    let expected = match &presented.detail {
        Detail::V4 { scope, .. } => string_to_sign::v4_signature(secret, scope, string_to_sign),
        Detail::V2 { method, .. } => string_to_sign::v2_signature(secret, *method, string_to_sign),
    };
    expected
        .as_bytes()
        .ct_eq(presented.signature.as_bytes())
        .into()
}

fn check_time(presented: &Presented, now: i64) -> Result<(), Refusal> {
    let lifetime = if presented.version == Version::V2 {
        V2_LIFETIME
    } else {
        CLOCK_SKEW
    };
    let (from, until) = match presented.window {
        Window::At(made) => (
            made.saturating_sub(CLOCK_SKEW),
            made.saturating_add(lifetime),
        ),
        Window::For(made, long) => (made.saturating_sub(CLOCK_SKEW), made.saturating_add(long)),
        Window::Until(end) => (i64::MIN, end),
    };
    let clock = instant::to_extended(now);
    if now > until {
        return Err(Refusal::Expired(format!(
            "The request expired at {}; it is now {clock}. Sign it anew, and check the client's clock.",
            instant::to_extended(until)
        )));
    }
    if now < from {
        return Err(Refusal::Expired(format!(
            "The request is dated after {}; it is now {clock}. Check the client's clock.",
            instant::to_extended(from)
        )));
    }
    Ok(())
}

fn check_scope(date: &str, scope: &Scope, expectation: &Expectation<'_>) -> Result<(), Refusal> {
    if !date.starts_with(&scope.date) {
        return Err(Refusal::Incomplete(format!(
            "The credential scope is of {}, the request of {}; both must be the same day.",
            scope.date,
            date.get(..8).unwrap_or(date)
        )));
    }
    if scope.service != expectation.service {
        return Err(Refusal::Scope(format!(
            "The request is signed for the service {:?}; this is {:?}.",
            scope.service, expectation.service
        )));
    }
    match expectation.region {
        Some(region) if region != scope.region => Err(Refusal::Scope(format!(
            "The request is signed for the region {:?}; this is {region:?}. Set the client's region to {region}.",
            scope.region
        ))),
        _ => Ok(()),
    }
}

fn check_signed_headers(request: &Request<'_>, signed_headers: &str) -> Result<(), Refusal> {
    let mut host = false;
    for name in signed_headers.split(';') {
        if name.is_empty()
            || name
                .bytes()
                .any(|b| b.is_ascii_uppercase() || b.is_ascii_whitespace())
        {
            return Err(Refusal::Incomplete(format!(
                "SignedHeaders is {signed_headers:?}; it must be lower-case names with semicolons between."
            )));
        }
        host |= name == "host";
    }
    if !host || request.header("host").next().is_none() {
        return Err(Refusal::Incomplete(
            "The Host header must be there and among the SignedHeaders.".into(),
        ));
    }
    Ok(())
}

fn check_payload(request: &Request<'_>) -> Result<(), Refusal> {
    for value in request.header("x-amz-content-sha256") {
        if value == "UNSIGNED-PAYLOAD" || value.starts_with("STREAMING-") {
            return Err(Refusal::Invalid(format!(
                "x-amz-content-sha256 is {value}, which EC2 does not accept. Send the SHA-256 of the body, or leave the header out."
            )));
        }
        if value != string_to_sign::sha256_hex(request.body) {
            return Err(Refusal::Invalid(
                "x-amz-content-sha256 is not the SHA-256 of the body that arrived.".into(),
            ));
        }
    }
    Ok(())
}

fn mismatch(request: &Request<'_>, presented: &Presented, profile: Profile) -> Refusal {
    let mut hints = Vec::new();
    if let Detail::V4 { signed_headers, .. } = &presented.detail {
        for name in signed_headers
            .split(';')
            .filter(|name| header_value(request, name).is_empty())
        {
            hints.push(format!(
                "SignedHeaders names {name}, which did not arrive (removed by a proxy?)"
            ));
        }
        if presented.signature.len() != 64
            || presented
                .signature
                .bytes()
                .any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        {
            hints.push("the signature is not 64 lower-case hexadecimal digits".into());
        }
    }
    let explanation = candidates(request, presented, profile)
        .into_iter()
        .next()
        .unwrap_or(Explanation {
            canonical_request: None,
            string_to_sign: String::new(),
        });
    Refusal::Mismatch {
        explanation: Box::new(explanation),
        hints,
    }
}
