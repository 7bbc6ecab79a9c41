//! Finding the signature in a request and taking it apart.

use super::{LONGEST_PRESIGN, Refusal, Request, Version, instant};

/// The algorithm name of Version 4.
pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A signature as presented, not yet checked against anything.
pub(super) struct Presented {
    pub version: Version,
    pub access_key: String,
    pub session_token: Option<String>,
    pub signature: String,
    pub window: Window,
    pub detail: Detail,
}

/// The times a request names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Window {
    /// Made at this instant; good for the usual skew.
    At(i64),
    /// Made at an instant and good for so many milliseconds.
    For(i64, i64),
    /// Good until an instant.
    Until(i64),
}

/// What only one of the versions has.
pub(super) enum Detail {
    V4 {
        date: String,
        scope: Scope,
        signed_headers: String,
    },
    V2 {
        method: Method2,
        pairs: Vec<(String, String)>,
    },
}

/// Hash of a Version 2 signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method2 {
    Sha1,
    Sha256,
}

/// `20150830/us-east-1/ec2/aws4_request`.
pub(super) struct Scope {
    pub date: String,
    pub region: String,
    pub service: String,
}

pub(super) fn presented(request: &Request<'_>) -> Result<Presented, Refusal> {
    let authorization = only_header(request, "authorization")?;
    let query = request.query_pairs();
    let in_query = query
        .iter()
        .any(|(key, _)| key == "X-Amz-Signature" || key == "X-Amz-Algorithm");
    match (authorization, in_query) {
        (Some(_), true) => Err(Refusal::Incomplete(
            "The request is signed twice, in the Authorization header and in the query. Leave one of them out.".into(),
        )),
        (Some(value), false) => v4_header(request, value),
        (None, true) => v4_query(request, query),
        (None, false) => v2(request.form_pairs()),
    }
}

fn v4_header(request: &Request<'_>, value: &str) -> Result<Presented, Refusal> {
    let (algorithm, rest) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
    if algorithm != ALGORITHM {
        return Err(Refusal::Incomplete(format!(
            "The Authorization header names the algorithm {algorithm:?}; only {ALGORITHM} is understood."
        )));
    }
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for part in rest
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let slot = match name {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            other => {
                return Err(Refusal::Incomplete(format!(
                    "The Authorization header has an unknown part {other:?}; it must be Credential, SignedHeaders and Signature."
                )));
            }
        };
        if slot.replace(value).is_some() {
            return Err(Refusal::Incomplete(format!(
                "The Authorization header has {name} twice."
            )));
        }
    }
    let missing =
        |name: &str| Refusal::Incomplete(format!("The Authorization header lacks {name}."));
    let (access_key, scope) = credential_parts(credential.ok_or_else(|| missing("Credential"))?)?;
    let signed_headers = signed_headers
        .ok_or_else(|| missing("SignedHeaders"))?
        .to_owned();
    let (made, date) = match only_header(request, "x-amz-date")? {
        Some(date) => (instant::from_basic(date), date),
        None => {
            let date = only_header(request, "date")?.ok_or_else(|| {
                Refusal::Incomplete(
                    "The request has neither an X-Amz-Date nor a Date header.".into(),
                )
            })?;
            (
                instant::from_basic(date).or_else(|| instant::from_http_date(date)),
                date,
            )
        }
    };
    let made = made.ok_or_else(|| bad_date("X-Amz-Date", date))?;
    Ok(Presented {
        version: Version::V4Header,
        access_key,
        session_token: only_header(request, "x-amz-security-token")?.map(str::to_owned),
        signature: signature.ok_or_else(|| missing("Signature"))?.to_owned(),
        window: Window::At(made),
        detail: Detail::V4 {
            date: instant::to_basic(made),
            scope,
            signed_headers,
        },
    })
}

fn v4_query(request: &Request<'_>, pairs: Vec<(String, String)>) -> Result<Presented, Refusal> {
    let need = |name: &str| {
        only_pair(&pairs, name)?
            .ok_or_else(|| Refusal::Incomplete(format!("The query lacks {name}.")))
    };
    let algorithm = need("X-Amz-Algorithm")?;
    if algorithm != ALGORITHM {
        return Err(Refusal::Incomplete(format!(
            "X-Amz-Algorithm is {algorithm:?}; only {ALGORITHM} is understood."
        )));
    }
    let (access_key, scope) = credential_parts(need("X-Amz-Credential")?)?;
    let date = need("X-Amz-Date")?;
    let made = instant::from_basic(date).ok_or_else(|| bad_date("X-Amz-Date", date))?;
    let expires = need("X-Amz-Expires")?;
    let seconds = Some(expires)
        .filter(|text| text.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|text| text.parse::<u32>().ok())
        .filter(|seconds| (1..=LONGEST_PRESIGN).contains(seconds))
        .ok_or_else(|| {
            Refusal::Invalid(format!("X-Amz-Expires is {expires:?}; it must be a number of seconds from 1 to {LONGEST_PRESIGN}."))
        })?;
    let token = match only_pair(&pairs, "X-Amz-Security-Token")? {
        Some(token) => Some(token),
        None => only_header(request, "x-amz-security-token")?,
    };
    Ok(Presented {
        version: Version::V4Query,
        access_key,
        session_token: token.map(str::to_owned),
        signature: need("X-Amz-Signature")?.to_owned(),
        window: Window::For(made, i64::from(seconds) * 1000),
        detail: Detail::V4 {
            date: date.to_owned(),
            scope,
            signed_headers: need("X-Amz-SignedHeaders")?.to_owned(),
        },
    })
}

fn v2(pairs: Vec<(String, String)>) -> Result<Presented, Refusal> {
    let get = |name: &str| only_pair(&pairs, name);
    let (access_key, signature) = match (get("AWSAccessKeyId")?, get("Signature")?) {
        (None, None) => return Err(Refusal::Missing),
        (Some(_), None) => {
            return Err(Refusal::Incomplete(
                "The request has AWSAccessKeyId but no Signature.".into(),
            ));
        }
        (None, Some(_)) => {
            return Err(Refusal::Incomplete(
                "The request has a Signature but no AWSAccessKeyId.".into(),
            ));
        }
        (Some(key), Some(signature)) => (key.to_owned(), signature.to_owned()),
    };
    match get("SignatureVersion")? {
        Some("2") => {}
        other => {
            return Err(Refusal::Invalid(format!(
                "SignatureVersion is {:?}; only 2 is understood in parameters.",
                other.unwrap_or("missing")
            )));
        }
    }
    let method = match get("SignatureMethod")? {
        Some("HmacSHA256") => Method2::Sha256,
        Some("HmacSHA1") => Method2::Sha1,
        other => {
            return Err(Refusal::Invalid(format!(
                "SignatureMethod is {:?}; it must be HmacSHA256 or HmacSHA1.",
                other.unwrap_or("missing")
            )));
        }
    };
    let window = match (get("Timestamp")?, get("Expires")?) {
        (Some(_), Some(_)) => {
            return Err(Refusal::Incomplete(
                "The request has both Timestamp and Expires. Leave one of them out.".into(),
            ));
        }
        (Some(text), None) => {
            Window::At(instant::from_extended(text).ok_or_else(|| bad_date("Timestamp", text))?)
        }
        (None, Some(text)) => {
            Window::Until(instant::from_extended(text).ok_or_else(|| bad_date("Expires", text))?)
        }
        (None, None) => {
            return Err(Refusal::Incomplete(
                "The request has neither Timestamp nor Expires.".into(),
            ));
        }
    };
    let session_token = get("SecurityToken")?.map(str::to_owned);
    Ok(Presented {
        version: Version::V2,
        access_key,
        session_token,
        signature,
        window,
        detail: Detail::V2 { method, pairs },
    })
}

fn credential_parts(credential: &str) -> Result<(String, Scope), Refusal> {
    let bad = || {
        Refusal::Incomplete(format!(
            "Credential is {credential:?}; it must be ACCESS_KEY/YYYYMMDD/REGION/SERVICE/aws4_request."
        ))
    };
    // An access key may itself hold a slash, so the scope is taken from the end.
    let mut parts = credential.rsplitn(5, '/');
    let terminator = parts.next();
    let (service, region, date, access_key) =
        (parts.next(), parts.next(), parts.next(), parts.next());
    match (access_key, date, region, service, terminator) {
        (Some(access_key), Some(date), Some(region), Some(service), Some("aws4_request"))
            if !access_key.is_empty()
                && date.len() == 8
                && date.bytes().all(|b| b.is_ascii_digit()) =>
        {
            let scope = Scope {
                date: date.into(),
                region: region.into(),
                service: service.into(),
            };
            Ok((access_key.to_owned(), scope))
        }
        _ => Err(bad()),
    }
}

fn bad_date(name: &str, text: &str) -> Refusal {
    let shape = if name == "X-Amz-Date" {
        "20260131T235959Z"
    } else {
        "2026-01-31T23:59:59Z"
    };
    Refusal::Invalid(format!("{name} is {text:?}; it must look like {shape}."))
}

fn only_header<'a>(request: &Request<'a>, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    let mut values = request.header(name);
    let first = values.next();
    match values.next() {
        Some(_) => Err(Refusal::Incomplete(format!(
            "The header {name} is there twice."
        ))),
        None => Ok(first),
    }
}

fn only_pair<'p>(pairs: &'p [(String, String)], name: &str) -> Result<Option<&'p str>, Refusal> {
    let mut values = pairs
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str());
    let first = values.next();
    match values.next() {
        Some(_) => Err(Refusal::Incomplete(format!(
            "The parameter {name} is there twice."
        ))),
        None => Ok(first),
    }
}
