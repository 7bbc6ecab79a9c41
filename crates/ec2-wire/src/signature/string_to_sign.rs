//! Strings to sign, keys and signatures.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::Request;
use super::canonical::{encode, joined};
use super::parse::{ALGORITHM, Method2, Scope};

pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.extend(
            [byte >> 4, byte & 15]
                .map(|nibble| char::from_digit(u32::from(nibble), 16).unwrap_or('0')),
        );
    }
    text
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length, so the error of `new_from_slice` cannot occur.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mac| mac.chain_update(message).finalize().into_bytes().to_vec(),
    )
}

fn hmac_sha1(key: &[u8], message: &[u8]) -> Vec<u8> {
    Hmac::<sha1::Sha1>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mac| mac.chain_update(message).finalize().into_bytes().to_vec(),
    )
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}/{}/{}/aws4_request",
            self.date, self.region, self.service
        )
    }
}

/// Version 4: algorithm, time, scope and the hash of the canonical request.
pub(super) fn v4(date: &str, scope: &Scope, canonical_request: &str) -> String {
    format!(
        "{ALGORITHM}\n{date}\n{scope}\n{}",
        sha256_hex(canonical_request.as_bytes())
    )
}

/// Version 4: the signature in hexadecimal.
pub(super) fn v4_signature(secret: &str, scope: &Scope, string_to_sign: &str) -> String {
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in [&scope.date, &scope.region, &scope.service, "aws4_request"] {
        key = hmac_sha256(&key, part.as_bytes());
    }
    hex(&hmac_sha256(&key, string_to_sign.as_bytes()))
}

/// Version 2: method, host, path and all parameters but the signature, sorted by their bytes.
pub(super) fn v2(request: &Request<'_>, host: &str, pairs: &[(String, String)]) -> String {
    let mut pairs: Vec<&(String, String)> =
        pairs.iter().filter(|(key, _)| key != "Signature").collect();
    pairs.sort_unstable();
    let encoded: Vec<(String, String)> = pairs
        .iter()
        .map(|(key, value)| {
            (
                encode(key.as_bytes(), false),
                encode(value.as_bytes(), false),
            )
        })
        .collect();
    let path = if request.path.is_empty() {
        "/"
    } else {
        request.path
    };
    format!(
        "{}\n{}\n{path}\n{}",
        request.method,
        host.to_ascii_lowercase(),
        joined(&encoded)
    )
}

/// Version 2: the signature in base64.
pub(super) fn v2_signature(secret: &str, method: Method2, string_to_sign: &str) -> String {
    let (key, message) = (secret.as_bytes(), string_to_sign.as_bytes());
    STANDARD.encode(match method {
        Method2::Sha1 => hmac_sha1(key, message),
        Method2::Sha256 => hmac_sha256(key, message),
    })
}
