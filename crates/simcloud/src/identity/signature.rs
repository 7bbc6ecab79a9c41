//! The signatures that `/ec2tokens` checks: version 4 in the header or in the query, and version 2.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::clock::{self, Millis};

/// What the signing rules leave as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// How old a signature may be.
const LIFE: i64 = 15 * 60_000;

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of every length.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mut mac| {
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        })
        .unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header<'a>(given: &'a Value, name: &str) -> Option<&'a str> {
    given["headers"]
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .and_then(|(_, value)| value.as_str())
}

fn param<'a>(given: &'a Value, name: &str) -> Option<&'a str> {
    given["params"].get(name).and_then(Value::as_str)
}

fn canonical_query(given: &Value, without: &str) -> String {
    let mut pairs: Vec<(String, String)> = given["params"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != without)
        .map(|(key, value)| (encode(key), encode(value.as_str().unwrap_or(""))))
        .collect();
    pairs.sort();
    pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// Whether the described request was signed with the secret, not long ago.
pub(super) fn verify(given: &Value, secret: &str, now: Millis) -> bool {
    let signature = given["signature"].as_str().unwrap_or("");
    if signature.is_empty() {
        return false;
    }
    let authorization = header(given, "Authorization").unwrap_or("");
    let version4 = authorization.starts_with("AWS4-HMAC-SHA256")
        || param(given, "X-Amz-Algorithm") == Some("AWS4-HMAC-SHA256");
    let (expected, at) = if version4 {
        version_4(given, secret, authorization)
    } else {
        version_2(given, secret)
    };
    let recent = at
        .as_deref()
        .and_then(moment)
        .is_none_or(|at| (now - at).abs() <= LIFE);
    recent && expected.is_some_and(|expected| same(&expected, signature))
}

/// Compares without telling by its time where the difference is.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |acc, (x, y)| acc | (x ^ y))
            == 0
}

/// `20261122T100000Z` or a time with dashes.
fn moment(text: &str) -> Option<Millis> {
    if let Some((date, time)) = text
        .strip_suffix('Z')
        .and_then(|text| text.split_once('T'))
        .filter(|(date, _)| date.len() == 8)
    {
        let part = |text: &str, from: usize, to: usize| text.get(from..to).map(str::to_owned);
        let date = format!(
            "{}-{}-{}",
            part(date, 0, 4)?,
            part(date, 4, 6)?,
            part(date, 6, 8)?
        );
        return clock::parse(&format!(
            "{date}T{}:{}:{}Z",
            part(time, 0, 2)?,
            part(time, 2, 4)?,
            part(time, 4, 6)?
        ));
    }
    clock::parse(text)
}

fn version_2(given: &Value, secret: &str) -> (Option<String>, Option<String>) {
    let text = format!(
        "{}\n{}\n{}\n{}",
        given["verb"].as_str().unwrap_or(""),
        given["host"].as_str().unwrap_or("").to_lowercase(),
        given["path"].as_str().unwrap_or("/"),
        canonical_query(given, "Signature")
    );
    let good = param(given, "SignatureMethod").is_none_or(|method| method == "HmacSHA256");
    let at = param(given, "Timestamp").map(str::to_owned);
    (
        good.then(|| STANDARD.encode(hmac(secret.as_bytes(), &text))),
        at,
    )
}

fn version_4(given: &Value, secret: &str, authorization: &str) -> (Option<String>, Option<String>) {
    let field = |name: &str| {
        let text = authorization.strip_prefix("AWS4-HMAC-SHA256")?;
        text.split(',')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    let queried = |name: &str| param(given, name).map(str::to_owned);
    let credential = field("Credential")
        .or_else(|| queried("X-Amz-Credential"))
        .unwrap_or_default();
    let signed = field("SignedHeaders")
        .or_else(|| queried("X-Amz-SignedHeaders"))
        .unwrap_or_default();
    let at = header(given, "X-Amz-Date")
        .map(str::to_owned)
        .or_else(|| queried("X-Amz-Date"));
    let Some(time) = at.clone() else {
        return (None, at);
    };
    let Some((_, scope)) = credential.split_once('/') else {
        return (None, at);
    };
    let headers: String = signed
        .split(';')
        .map(|name| {
            let value = if name == "host" {
                header(given, name).or_else(|| given["host"].as_str())
            } else {
                header(given, name)
            };
            let value: Vec<&str> = value.unwrap_or("").split_whitespace().collect();
            format!("{name}:{}\n", value.join(" "))
        })
        .collect();
    // The parameters of a form are in its body, whose hash is signed; only a query is part of the canonical text.
    let query = if given["verb"].as_str() == Some("POST") {
        String::new()
    } else {
        canonical_query(given, "X-Amz-Signature")
    };
    let canonical = format!(
        "{}\n{}\n{query}\n{headers}\n{signed}\n{}",
        given["verb"].as_str().unwrap_or(""),
        given["path"].as_str().unwrap_or("/"),
        given["body_hash"].as_str().unwrap_or("")
    );
    let text = format!(
        "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
        hex(&Sha256::digest(canonical))
    );
    let key = scope
        .split('/')
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| {
            hmac(&key, part)
        });
    (Some(hex(&hmac(&key, &text))), at)
}
