//! Secrets inside percent-encoded and Base64 text: the run that holds one is replaced as a whole.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use crate::{Found, Kind, PLACEHOLDER, find as find_in};

/// Base64 of fewer characters holds no name with a value.
const SHORTEST: usize = 16;

/// Decodes with or without padding, and whatever bits its end leaves over.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const OF_URLS: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// The runs of a text whose decoded form holds a secret.
pub fn find(text: &str, depth: u8) -> Vec<Found> {
    let mut found = Vec::new();
    let percent = |c: char| {
        !c.is_whitespace() && !matches!(c, '&' | '=' | '"' | '\'' | '<' | '>' | ';' | '?' | '#')
    };
    runs(text, percent, |at, run| {
        if !run.contains('%') {
            return;
        }
        let decoded = percent_decode_str(&run.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned();
        if decoded != run {
            found.extend(within(&decoded, depth, at, run.len()));
        }
    });
    let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=');
    runs(text, base64, |at, run| {
        // A name and `=` may stand before it.
        let value = run.trim_end_matches('=');
        let from = value.rfind('=').map_or(0, |at| at + 1);
        let body = value.get(from..).unwrap_or_default();
        if body.len() < SHORTEST {
            return;
        }
        let bytes = PLAIN.decode(body).or_else(|_| OF_URLS.decode(body));
        if let Some(decoded) = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            found.extend(within(&decoded, depth, at + from, run.len() - from));
        }
    });
    found
}

fn within(decoded: &str, depth: u8, at: usize, length: usize) -> Option<Found> {
    let inner = find_in(decoded, depth + 1);
    let first: Option<Kind> = inner
        .iter()
        .find(|one| decoded.get(one.span.clone()) != Some(PLACEHOLDER))
        .map(|one| one.kind);
    first.map(|kind| Found {
        span: at..at + length,
        kind,
    })
}

fn runs(text: &str, inside: impl Fn(char) -> bool, mut each: impl FnMut(usize, &str)) {
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (start, inside(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                start = None;
                if let Some(run) = text.get(from..at) {
                    each(from, run);
                }
            }
            _ => {}
        }
    }
    if let Some(run) = start.and_then(|from| text.get(from..)) {
        each(start.unwrap_or_default(), run);
    }
}
