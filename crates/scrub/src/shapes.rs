//! Secrets known by their shape, whatever stands beside them.

use std::ops::Range;

use crate::{Found, Kind};

/// Letters that access key ids of EC2 begin with.
const KEY_IDS: [&str; 2] = ["AKIA", "ASIA"];
/// Characters of a secret access key.
const SECRET_KEY: usize = 40;
/// Shortest text that is taken for a token.
const TOKEN: usize = 40;
/// What the line that begins a private key contains.
const KEY: &str = "PRIVATE KEY";

/// Every secret with a shape of its own.
pub fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    private_keys(text, &mut found);
    passwords_of_urls(text, &mut found);
    credentials(text, &mut found);
    words(text, "", |span, word| {
        let key_id = word.len() >= 16
            && KEY_IDS.iter().any(|start| word.starts_with(start))
            && word
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if key_id {
            found.push(Found {
                span,
                kind: Kind::AccessKey,
            });
        }
    });
    words(text, "/+=", |span, word| {
        if word.len() == SECRET_KEY && !word.contains('=') && mixed(word) {
            found.push(Found {
                span,
                kind: Kind::SecretKey,
            });
        }
    });
    words(text, "-_.=", |span, word| {
        let fernet = word.starts_with("gAAAAA");
        let web = word.starts_with("eyJ") && word.matches('.').count() == 2;
        if word.len() >= TOKEN && (fernet || web) {
            found.push(Found {
                span,
                kind: Kind::Token,
            });
        }
    });
    found
}

/// Runs of letters and digits, and of the given characters.
fn words(text: &str, more: &str, mut each: impl FnMut(Range<usize>, &str)) {
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_ascii_alphanumeric() || more.contains(c) && at < text.len();
        match start {
            None if inside => start = Some(at),
            Some(from) if !inside => {
                start = None;
                if let Some(word) = text.get(from..at) {
                    each(from..at, word);
                }
            }
            _ => {}
        }
    }
}

/// Upper case, lower case and digits, and not only hexadecimal ones.
fn mixed(word: &str) -> bool {
    let has = |test: fn(&u8) -> bool| word.as_bytes().iter().any(test);
    has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && word.bytes().any(|byte| !byte.is_ascii_hexdigit())
}

fn private_keys(text: &str, found: &mut Vec<Found>) {
    let mut from = 0;
    while let Some(begin) = text.get(from..).and_then(|rest| rest.find("-----BEGIN")) {
        let begin = from + begin;
        let rest = text.get(begin + 10..).unwrap_or_default();
        let label = rest.split("-----").next().unwrap_or_default();
        let end = match rest.find("-----END") {
            None => text.len(),
            Some(end) => {
                let tail = begin + 10 + end + 8;
                let closing = text.get(tail..).and_then(|rest| rest.find("-----"));
                closing.map_or(text.len(), |length| tail + length + 5)
            }
        };
        if label.contains(KEY) || label.contains("PRIVATE+KEY") || label.contains("PRIVATE%20KEY") {
            let kind = Kind::PrivateKey;
            found.push(Found {
                span: begin..end,
                kind,
            });
            from = end;
        } else {
            from = begin + 10;
        }
    }
}

/// `https://name:password@host`
fn passwords_of_urls(text: &str, found: &mut Vec<Found>) {
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        let rest = text.get(start..).unwrap_or_default();
        let authority = rest
            .split(|c: char| c.is_whitespace() || matches!(c, '?' | '#' | '"' | '\'' | '<'))
            .next()
            .unwrap_or_default();
        if let Some((person, _)) = authority.rsplit_once('@')
            && let Some((name, password)) = person.split_once(':')
            && !password.is_empty()
            && !is_port(password)
        {
            let from = start + name.len() + 1;
            found.push(Found {
                span: from..from + password.len(),
                kind: Kind::Password,
            });
        }
    }
}

/// Whether a path follows a port there, with an `@` of its own.
fn is_port(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(port, _)| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What follows `Bearer` or `Basic`.
fn credentials(text: &str, found: &mut Vec<Found>) {
    for scheme in ["Bearer ", "Basic "] {
        for (at, _) in text.match_indices(scheme) {
            let from = at + scheme.len();
            let length = text
                .get(from..)
                .unwrap_or_default()
                .bytes()
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(byte))
                .count();
            if length >= 8 {
                found.push(Found {
                    span: from..from + length,
                    kind: Kind::Authorization,
                });
            }
        }
    }
}
