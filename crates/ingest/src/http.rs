//! A raw HTTP request: request line, headers, body; line ends of either kind.

use crate::characters::{blank, trimmed};
use crate::token::TokenKind;
use crate::{Desk, Span, query, url};

/// Methods that begin an HTTP request.
pub(crate) const METHODS: [&str; 7] = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"];

/// Reads the whole text as one HTTP request.
pub(crate) fn read(text: &str, desk: &mut Desk) {
    let mut lines = Lines {
        text,
        at: trimmed(text).start,
    };
    let Some(first) = lines.next() else { return };
    let mut pairs = request_line(text, first, desk);
    let mut form = None;
    let mut body_at = text.len();
    let mut last_header = None;
    while let Some(line) = lines.next() {
        let shown = text.get(line.clone()).unwrap_or("");
        if shown.trim_matches(blank).is_empty() {
            body_at = lines.at;
            break;
        }
        match header(text, line.clone(), last_header.is_some(), desk) {
            Header::Named(name, value) => {
                match name.as_str() {
                    "content-type" => form = Some((value.clone(), line)),
                    "host" if desk.region.is_none() => desk.region = url::host_region(&value),
                    "authorization" => {
                        desk.region = signed_region(&value).or(desk.region.take());
                    }
                    "transfer-encoding" if value.to_ascii_lowercase().contains("chunked") => {
                        desk.remarks.warning(
                            line,
                            "The body is said to be chunked; it was read as it stands.",
                            "Paste the body without chunk sizes.",
                        )
                    }
                    _ => {}
                }
                last_header = Some(name);
            }
            Header::Continued => {}
            Header::Body => {
                body_at = line.start;
                break;
            }
            Header::Bad => {}
        }
    }
    let body = body_at..text.len();
    let has_body = !text
        .get(body.clone())
        .unwrap_or("")
        .trim_matches(blank)
        .is_empty();
    if has_body {
        if let Some((kind, line)) = form.filter(|(kind, _)| {
            !kind
                .to_ascii_lowercase()
                .starts_with("application/x-www-form-urlencoded")
        }) {
            desk.remarks.warning(
                line,
                format!(
                    "The body is said to be {}; EC2 reads forms only.",
                    query::shortened(&kind)
                ),
                "Write Content-Type: application/x-www-form-urlencoded.",
            );
        }
        let end = end_of_body(text, body.clone(), desk);
        pairs.extend(query::pairs(text, body.start..end, desk));
    }
    query::request(pairs, text.len(), desk);
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Span;

    /// The next line without its end.
    fn next(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let length = rest.find('\n').unwrap_or(rest.len());
        self.at = (start + length + 1).min(self.text.len());
        let line = rest.get(..length).unwrap_or("");
        Some(start..start + line.trim_end_matches('\r').len())
    }
}

fn request_line<'t>(text: &'t str, line: Span, desk: &mut Desk) -> Vec<ec2_wire::Pair<'t>> {
    let shown = text.get(line.clone()).unwrap_or("");
    let method = shown.split(blank).next().unwrap_or("");
    let method_span = line.start..line.start + method.len();
    desk.tokens.add(method_span.clone(), TokenKind::Protocol);
    match METHODS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(method))
    {
        Some(known) if *known != method => {
            desk.remarks.warning(
                method_span,
                "HTTP methods are in capitals.",
                format!("Write {known}."),
            );
        }
        Some(&("GET" | "POST")) => {}
        _ => desk.remarks.error(
            method_span,
            format!("EC2 takes GET and POST, not {}.", query::shortened(method)),
            "Write POST.",
        ),
    }
    let rest = shown.get(method.len()..).unwrap_or("");
    let part = trimmed(rest);
    let mut target = line.start + method.len() + part.start..line.start + method.len() + part.end;
    let inner = text.get(target.clone()).unwrap_or("");
    let version = inner
        .rsplit(blank)
        .next()
        .filter(|word| word.starts_with("HTTP/"));
    match version {
        Some(version) => {
            let at = target.end - version.len();
            desk.tokens.add(at..target.end, TokenKind::Protocol);
            let before = text
                .get(target.start..at)
                .unwrap_or("")
                .trim_end_matches(blank);
            target.end = target.start + before.len();
        }
        None => desk.remarks.note(
            target.end..target.end,
            "The request line lacks the HTTP version.",
            "Add HTTP/1.1.",
        ),
    }
    let part = text.get(target.clone()).unwrap_or("");
    if part.is_empty() {
        desk.remarks.error(
            target.start..target.start,
            "The request line lacks the path.",
            "Write POST / HTTP/1.1.",
        );
        return Vec::new();
    }
    match url::split(part, target.start, desk) {
        Some(at) => {
            desk.tokens.add(target.start..at - 1, TokenKind::Protocol);
            desk.tokens.add(at - 1..at, TokenKind::Punctuation);
            query::pairs(text, at..target.end, desk)
        }
        None => {
            desk.tokens.add(target, TokenKind::Protocol);
            Vec::new()
        }
    }
}

enum Header {
    Named(String, String),
    Continued,
    /// No header but the body: the blank line is missing.
    Body,
    Bad,
}

fn header(text: &str, line: Span, follows: bool, desk: &mut Desk) -> Header {
    let shown = text.get(line.clone()).unwrap_or("");
    if shown.starts_with([' ', '\t']) && follows {
        desk.tokens.add(line, TokenKind::Protocol);
        return Header::Continued;
    }
    let colon = shown.find(':');
    let equals = shown.find('=');
    if equals.is_some_and(|equals| colon.is_none_or(|colon| equals < colon)) {
        desk.remarks.warning(
            line.start..line.start,
            "The blank line between headers and body is missing.",
            "Add an empty line here.",
        );
        return Header::Body;
    }
    let Some(colon) = colon else {
        desk.remarks.error(
            line,
            format!("{:?} is no header.", query::shortened(shown)),
            "Write Name: value, or an empty line before the body.",
        );
        return Header::Bad;
    };
    let name = shown
        .get(..colon)
        .unwrap_or("")
        .trim_matches(blank)
        .to_ascii_lowercase();
    let value = shown.get(colon + 1..).unwrap_or("");
    let part = trimmed(value);
    let value_at = line.start + colon + 1;
    desk.tokens
        .add(line.start..line.start + colon, TokenKind::Protocol);
    desk.tokens
        .add(line.start + colon..value_at, TokenKind::Punctuation);
    let kind = if is_secret(&name) {
        TokenKind::Secret
    } else {
        TokenKind::Protocol
    };
    desk.tokens
        .add(value_at + part.start..value_at + part.end, kind);
    Header::Named(name, value.get(part).unwrap_or("").to_owned())
}

/// The region in the value of an `Authorization` header.
pub(crate) fn signed_region(value: &str) -> Option<String> {
    let (_, rest) = value.split_once("Credential=")?;
    query::credential_region(rest.split(',').next().unwrap_or(rest))
}

/// Whether a header's value is secret; the name is in small letters.
pub(crate) fn is_secret(name: &str) -> bool {
    matches!(name, "authorization" | "x-amz-security-token" | "cookie")
}

/// Where the body ends: another request or its answer may be pasted after it.
fn end_of_body(text: &str, body: Span, desk: &mut Desk) -> usize {
    let lines = Lines {
        text,
        at: body.start,
    };
    for line in lines {
        let shown = text.get(line.clone()).unwrap_or("");
        let first = shown.split(blank).next().unwrap_or("");
        let another = METHODS.contains(&first) && shown.contains("HTTP/");
        if another || shown.starts_with("HTTP/1.") {
            desk.remarks.note(
                line.start..text.len(),
                "Only the first request was read.",
                "Paste one request at a time.",
            );
            desk.tokens.add(line.start..text.len(), TokenKind::Comment);
            return line.start;
        }
    }
    text.len()
}
