//! EC2 Query parameters: pairs between `&`, on one line or many.

use std::borrow::Cow;

use ec2_wire::{Decoded, Pair, decode_pairs, is_protocol_key};
use percent_encoding::percent_decode_str;

use crate::characters::{blank, deceptive, named, trimmed, zero_width};
use crate::token::TokenKind;
use crate::{Desk, Span};

/// Reads the whole text as pairs.
pub(crate) fn read(text: &str, desk: &mut Desk) {
    let pairs = pairs(text, unquoted(text, desk), desk);
    request(pairs, text.len(), desk);
}

/// The text without one pair of quotes around all of it.
fn unquoted(text: &str, desk: &mut Desk) -> Span {
    let all = trim(text, 0, desk);
    let inner = text.get(all.clone()).unwrap_or("");
    let mut chars = inner.chars();
    if let (Some(open), Some(close)) = (chars.next(), chars.next_back()) {
        let matching = matches!(
            (open, close),
            ('"', '"') | ('\'', '\'') | ('\u{201C}', '\u{201D}') | ('\u{2018}', '\u{2019}')
        );
        if matching {
            let (start, end) = (all.start + open.len_utf8(), all.end - close.len_utf8());
            desk.tokens.add(all.start..start, TokenKind::Punctuation);
            desk.tokens.add(end..all.end, TokenKind::Punctuation);
            return start..end;
        }
    }
    all
}

/// The pairs in a part of the text.
pub(crate) fn pairs<'t>(text: &'t str, part: Span, desk: &mut Desk) -> Vec<Pair<'t>> {
    let mut found = Vec::new();
    let mut at = part.start;
    let body = text.get(part).unwrap_or("");
    for line in body.split('\n') {
        let line_start = at;
        at += line.len() + 1;
        let shown = trimmed(line);
        if line
            .get(shown.clone())
            .is_some_and(|line| line.starts_with('#'))
        {
            desk.tokens.add(
                line_start + shown.start..line_start + shown.end,
                TokenKind::Comment,
            );
            continue;
        }
        let mut from = line_start;
        for piece in line.split('&') {
            let start = from;
            from += piece.len() + 1;
            if from <= line_start + line.len() {
                desk.tokens.add(from - 1..from, TokenKind::Punctuation);
            }
            found.extend(pair(piece, start, desk));
        }
    }
    found
}

fn pair<'t>(piece: &'t str, at: usize, desk: &mut Desk) -> Option<Pair<'t>> {
    let mut shown = trim(piece, at, desk);
    let mut inner = piece.get(shown.clone()).unwrap_or("");
    // What copying from a page or a shell script leaves around a pair.
    if let Some(rest) = inner.strip_prefix("amp;") {
        desk.remarks.warning(
            at + shown.start..at + shown.start + 4,
            "The ampersand is written as HTML (&amp;).",
            "Write & alone.",
        );
        shown.start += 4;
        inner = rest;
    }
    if let Some(rest) = inner.strip_prefix('?') {
        desk.tokens.add(
            at + shown.start..at + shown.start + 1,
            TokenKind::Punctuation,
        );
        shown.start += 1;
        inner = rest;
    }
    if let Some(rest) = inner
        .strip_suffix([',', '\\'])
        .filter(|rest| inner.ends_with('\\') || rest.ends_with('"'))
    {
        let rest = rest.trim_end_matches(blank);
        desk.tokens.add(
            at + shown.start + rest.len()..at + shown.end,
            TokenKind::Punctuation,
        );
        inner = rest;
    }
    if inner.is_empty() {
        return None;
    }
    let start = at + shown.start;
    let Some(equals) = inner.find('=') else {
        return no_equals(inner, start, desk);
    };
    let (key, value) = (
        inner.get(..equals).unwrap_or(""),
        inner.get(equals + 1..).unwrap_or(""),
    );
    let key_part = trim(key, start, desk);
    let key_span = start + key_part.start..start + key_part.end;
    let key = decode(key.get(key_part).unwrap_or(""), key_span.start, desk);
    desk.tokens
        .add(start + equals..start + equals + 1, TokenKind::Punctuation);
    let value_at = start + equals + 1;
    let value_part = trim(value, value_at, desk);
    let span = value_at + value_part.start..value_at + value_part.end;
    let value = decode(value.get(value_part).unwrap_or(""), span.start, desk);
    colour(&key, key_span.clone(), span.clone(), desk);
    if desk.region.is_none() && key == "X-Amz-Credential" {
        desk.region = credential_region(&value);
    }
    Some(Pair {
        key,
        value,
        key_span: Some(key_span),
        span: Some(span),
    })
}

/// Colours a pair by its key.
pub(crate) fn colour(key: &str, key_span: Span, span: Span, desk: &mut Desk) {
    let value_kind = match key {
        "Action" => TokenKind::Action,
        "AWSAccessKeyId" | "Signature" | "SecurityToken" => TokenKind::Secret,
        key if key.starts_with("X-Amz-") => TokenKind::Secret,
        key if is_protocol_key(key) => TokenKind::Protocol,
        _ => TokenKind::Value,
    };
    let key_kind = if is_protocol_key(key) {
        TokenKind::Protocol
    } else {
        TokenKind::Key
    };
    desk.tokens.add(key_span, key_kind);
    desk.tokens.add(span, value_kind);
}

/// Text without an equals sign: an action's bare name, a pair in another notation, or nothing we know.
fn no_equals<'t>(text: &'t str, at: usize, desk: &mut Desk) -> Option<Pair<'t>> {
    let span = at..at + text.len();
    if ec2_model::action(text).is_some() {
        desk.remarks.warning(
            span.clone(),
            "An action's name stands alone.",
            format!("Write Action={text}."),
        );
        desk.tokens.add(span.clone(), TokenKind::Action);
        return Some(Pair {
            key: "Action".into(),
            value: text.into(),
            key_span: None,
            span: Some(span),
        });
    }
    let mend = match text.split_once([':', ' ']) {
        _ if text.starts_with(['{', '[', '<']) => {
            "This looks like JSON or XML. Paste Query parameters, a URL, an HTTP request or an aws ec2 command; JSON parameters go into aws ec2 ACTION --cli-input-json '{…}'.".to_owned()
        }
        // Keys of EC2 begin with a capital; anything else is a sentence, or of another tool.
        Some((key, value)) if key.trim_start_matches('"').starts_with(|c: char| c.is_ascii_uppercase()) && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '"') && !value.is_empty() => {
            format!("Write {}={}.", key.trim_matches('"'), shortened(value.trim().trim_matches(['"', ','])))
        }
        _ => "Paste an aws ec2 or curl command, a boto3 call, JSON, a URL, raw HTTP, or Query parameters as Key=Value.".to_owned(),
    };
    desk.remarks.error(
        span,
        format!("No equals sign in {:?}; it was not read.", shortened(text)),
        mend,
    );
    None
}

/// At most forty characters of a text, for a message.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or(""))),
        None => Cow::Borrowed(text),
    }
}

/// The range without blanks at both ends; tells of those that deceive.
fn trim(text: &str, at: usize, desk: &mut Desk) -> Span {
    let part = trimmed(text);
    for edge in [0..part.start, part.end..text.len()] {
        for (offset, c) in text
            .get(edge.clone())
            .unwrap_or("")
            .char_indices()
            .filter(|(_, c)| deceptive(*c))
        {
            let start = at + edge.start + offset;
            // A byte order mark at the very start is an editor's habit, not a mistake.
            if !(start == 0 && c == '\u{FEFF}') {
                desk.remarks.warning(
                    start..start + c.len_utf8(),
                    format!(
                        "An invisible character stands here ({}); it was left out.",
                        named(c)
                    ),
                    "Delete it.",
                );
            }
        }
    }
    part
}

/// Percent-decoding, a plus being a space, as EC2 does it.
fn decode<'t>(text: &'t str, at: usize, desk: &mut Desk) -> Cow<'t, str> {
    for (offset, c) in text.char_indices() {
        let start = at + offset;
        if c == '%' {
            let digits = text.as_bytes().get(offset + 1..offset + 3);
            if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                desk.remarks.warning(
                    start..start + 1,
                    "Two hexadecimal digits must follow a percent sign; this one was read as it stands.",
                    "Write %25 for a percent sign.",
                );
            }
        } else if zero_width(c) || (c.is_control() && !c.is_whitespace()) {
            desk.remarks.warning(
                start..start + c.len_utf8(),
                format!(
                    "An invisible character stands here ({}); it was kept.",
                    named(c)
                ),
                "Delete it if it is not meant.",
            );
        }
    }
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8_lossy().into_owned();
    if decoded.contains('\u{FFFD}') && !text.contains('\u{FFFD}') {
        desk.remarks.warning(
            at..at + text.len(),
            "The percent-encoded bytes are not UTF-8; the bad ones were read as U+FFFD.",
            "Encode the text as UTF-8, then percent-encode it.",
        );
    }
    Cow::Owned(decoded)
}

/// The region in `KEY/20260131/us-east-1/ec2/aws4_request`.
pub(crate) fn credential_region(credential: &str) -> Option<String> {
    let mut parts = credential.rsplitn(5, '/');
    let terminator = parts.next()?;
    let region = parts.nth(1)?;
    (terminator == "aws4_request" && !region.is_empty()).then(|| region.to_owned())
}

/// Makes the request and passes on what the wire reader has to say.
pub(crate) fn request(pairs: Vec<Pair<'_>>, end: usize, desk: &mut Desk) {
    let named = pairs.iter().any(|pair| pair.key == "Action");
    if !named {
        let near = pairs
            .iter()
            .find(|pair| pair.key.eq_ignore_ascii_case("action"));
        match near.and_then(|pair| pair.key_span.clone().map(|span| (span, pair.key.as_ref()))) {
            Some((span, key)) => desk.remarks.error(
                span,
                format!("{key} is not Action: keys are case-sensitive."),
                "Write Action.",
            ),
            None => desk.remarks.error(
                end..end,
                "The request names no action.",
                "Add Action=DescribeInstances, for example.",
            ),
        }
    }
    let decoded = decode_pairs(pairs);
    let whole = 0..end;
    take(decoded, named, &whole, desk);
    let Some(request) = &desk.request else { return };
    if let Some(error) = ec2_wire::check_required(request) {
        let missing = error.message.rsplit(' ').next().unwrap_or("");
        desk.remarks.error(
            end..end,
            format!("{} needs the parameter {missing}.", request.action),
            format!("Add {missing}."),
        );
    }
}

/// Puts a decoded request on the desk.
pub(crate) fn take(decoded: Decoded, named: bool, action_span: &Span, desk: &mut Desk) {
    let Decoded {
        request,
        diagnostics,
    } = decoded;
    for found in diagnostics {
        if found.key == "Action" && !named {
            continue;
        }
        if !desk.remarks.room() {
            break;
        }
        let leaf = request
            .leaves
            .iter()
            .find(|leaf| leaf.key == found.key && !found.key.is_empty());
        let value = found.error.code == "InvalidParameterValue"
            && found.severity == ec2_wire::Severity::Error;
        let place = leaf.and_then(|leaf| {
            if value {
                leaf.span.clone()
            } else {
                leaf.key_span.clone()
            }
        });
        let span = place.or(found.span).unwrap_or_else(|| action_span.clone());
        if desk.remarks.has_error(&span) {
            continue;
        }
        let (message, mend) = split_mend(&found.error.message);
        match found.severity {
            ec2_wire::Severity::Error => desk.remarks.error(span, message, mend),
            ec2_wire::Severity::Warning => desk.remarks.warning(span, message, mend),
        }
    }
    if !request.action.is_empty() {
        desk.request = Some(request);
    }
}

/// `Unknown parameter X; did you mean Y?` to the finding and the question.
fn split_mend(message: &str) -> (String, String) {
    let lower = message.to_ascii_lowercase();
    match lower.find("did you mean") {
        Some(at) => {
            let (head, tail) = message.split_at(at);
            let mut head = head.trim_end_matches([' ', ';', ',', '(', ':']).to_owned();
            if !head.ends_with('.') {
                head.push('.');
            }
            let tail = tail.get(1..).unwrap_or("").trim_end_matches(')');
            (head, format!("D{tail}"))
        }
        None => (message.to_owned(), String::new()),
    }
}
