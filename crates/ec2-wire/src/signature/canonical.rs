//! The canonical request of Version 4, and the percent-encoding both versions share.

use percent_encoding::percent_decode_str;

use super::{Request, string_to_sign::sha256_hex};

/// How a path is percent-encoded in the canonical request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathEncoding {
    /// The path as sent is encoded once more; every service but S3.
    Twice,
    /// The path is decoded and encoded again.
    Once,
}

/// The points in which services differ. [`Profile::EC2`] is ours; the others exist for AWS's test suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Remove `.`, `..` and doubled slashes from the path.
    pub normalize_path: bool,
    /// How the path is encoded.
    pub path_encoding: PathEncoding,
    /// The session token of a presigned request is part of what is signed.
    pub sign_session_token: bool,
}

impl Profile {
    /// What EC2 does.
    pub const EC2: Self = Self {
        normalize_path: true,
        path_encoding: PathEncoding::Twice,
        sign_session_token: true,
    };
}

/// The canonical request. `signed_headers` is the list with semicolons; a header that is named but absent contributes
/// an empty value, which cannot match what the client signed.
pub(super) fn canonical_request(
    request: &Request<'_>,
    signed_headers: &str,
    profile: Profile,
) -> String {
    let mut text = String::new();
    for part in [
        request.method,
        &path(request.path, profile),
        &query(request.query, profile),
    ] {
        text.push_str(part);
        text.push('\n');
    }
    for name in signed_headers.split(';') {
        text.push_str(name);
        text.push(':');
        text.push_str(&header_value(request, name));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(signed_headers);
    text.push('\n');
    text.push_str(&sha256_hex(request.body));
    text
}

/// All values of a header joined with commas, runs of white space as one space.
pub(super) fn header_value(request: &Request<'_>, name: &str) -> String {
    let mut text = String::new();
    let values = request
        .headers
        .iter()
        .filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
    for (index, (_, value)) in values.enumerate() {
        if index > 0 {
            text.push(',');
        }
        for (index, word) in value.split_ascii_whitespace().enumerate() {
            if index > 0 {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
    text
}

pub(super) fn path(raw: &str, profile: Profile) -> String {
    let raw = if raw.is_empty() { "/" } else { raw };
    let normalized = if profile.normalize_path {
        without_dots(raw)
    } else {
        raw.to_owned()
    };
    match profile.path_encoding {
        PathEncoding::Twice => encode(normalized.as_bytes(), true),
        PathEncoding::Once => encode(&percent_decode_str(&normalized).collect::<Vec<u8>>(), true),
    }
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let mut text = format!("/{}", kept.join("/"));
    let names_a_folder = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end));
    if names_a_folder && !kept.is_empty() {
        text.push('/');
    }
    text
}

/// Query pairs encoded again and sorted, without the signature itself.
fn query(raw: &str, profile: Profile) -> String {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for piece in raw.split('&').filter(|piece| !piece.is_empty()) {
        let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
        let key = encode(&decode(key), false);
        let left_out = key == "X-Amz-Signature"
            || (key == "X-Amz-Security-Token" && !profile.sign_session_token);
        if !left_out {
            pairs.push((key, encode(&decode(value), false)));
        }
    }
    pairs.sort_unstable();
    joined(&pairs)
}

pub(super) fn joined(encoded: &[(String, String)]) -> String {
    let mut text = String::new();
    for (index, (key, value)) in encoded.iter().enumerate() {
        if index > 0 {
            text.push('&');
        }
        text.push_str(key);
        text.push('=');
        text.push_str(value);
    }
    text
}

// A plus means a space to the Query decoder, so it must mean one here too, or two readings of one request would share a signature.
fn decode(text: &str) -> Vec<u8> {
    percent_decode_str(&text.replace('+', " ")).collect()
}

/// RFC 3986: all but the unreserved characters (and the slash in a path) as `%XX` in capitals.
pub(super) fn encode(bytes: &[u8], path: bool) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte))
            }
            b'/' if path => text.push('/'),
            byte => {
                text.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    text.push(HEX[usize::from(nibble)]);
                }
            }
        }
    }
    text
}
