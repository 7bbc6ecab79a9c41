//! A form body or URL query as keys and values with their places.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::Span;

/// One key with its value, unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair<'a> {
    /// `InstanceId.1`.
    pub key: Cow<'a, str>,
    /// `i-1`.
    pub value: Cow<'a, str>,
    /// Where the key stands in the text, still escaped.
    pub key_span: Option<Span>,
    /// Where the value stands in the text, still escaped.
    pub span: Option<Span>,
}

impl<'a> Pair<'a> {
    /// A pair that stands nowhere.
    pub fn new(key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
            key_span: None,
            span: None,
        }
    }
}

/// The pairs of a form body or URL query, a leading `?` allowed, in order; empty pairs are left out.
///
/// Line breaks and tabs around keys and values, which no client sends unescaped, are taken as layout of pasted text.
///
/// ```
/// let text = "Action=DescribeTags&Filter.1.Name=tag%3Aa+b";
/// let last = ec2_wire::split_query(text).last().unwrap();
/// assert_eq!((last.key.as_ref(), last.value.as_ref()), ("Filter.1.Name", "tag:a b"));
/// assert_eq!(&text[last.span.unwrap()], "tag%3Aa+b");
/// ```
pub fn split_query(text: &str) -> impl Iterator<Item = Pair<'_>> {
    let start = usize::from(text.starts_with('?'));
    let mut at = start;
    let rest = text.get(start..).unwrap_or_default();
    rest.split('&').filter_map(move |part| {
        let from = at;
        at += part.len() + 1;
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let (key_span, key) = placed(from, key);
        let after = from + part.find('=').map_or(part.len(), |equals| equals + 1);
        let (span, value) = placed(after, value);
        let pair = Pair {
            key: unescape(key),
            value: unescape(value),
            key_span: Some(key_span),
            span: Some(span),
        };
        (!pair.key.is_empty() || !pair.value.is_empty()).then_some(pair)
    })
}

/// The part without layout around it, and where it stands.
fn placed(from: usize, part: &str) -> (Span, &str) {
    const LAYOUT: [char; 3] = ['\r', '\n', '\t'];
    let left = part.trim_start_matches(LAYOUT);
    let start = from + part.len() - left.len();
    let inner = left.trim_end_matches(LAYOUT);
    (start..start + inner.len(), inner)
}

/// Bytes that are no UTF-8 become U+FFFD, which no parameter holds by intent.
fn unescape(part: &str) -> Cow<'_, str> {
    if part.contains('+') {
        let spaced = part.replace('+', " ");
        return Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned());
    }
    percent_decode_str(part).decode_utf8_lossy()
}

/// Whether the key belongs to the protocol, not to the action: signature, version, credentials.
#[must_use]
pub fn is_protocol_key(key: &str) -> bool {
    matches!(
        key,
        "Action"
            | "Version"
            | "AWSAccessKeyId"
            | "Signature"
            | "SignatureMethod"
            | "SignatureVersion"
            | "Timestamp"
            | "Expires"
            | "SecurityToken"
    ) || key
        .get(..6)
        .is_some_and(|head| head.eq_ignore_ascii_case("X-Amz-"))
}
