//! A URL with the request in its query.

use crate::characters::{blank, trimmed};
use crate::detect::starts_with_ignoring_case;
use crate::token::TokenKind;
use crate::{Desk, query};

/// Reads the whole text as one URL; line breaks inside it are allowed.
pub(crate) fn read(text: &str, desk: &mut Desk) {
    let all = trimmed(text);
    let mut start = all.start;
    let mut end = all.end;
    let quotes = |c: char| {
        matches!(
            c,
            '"' | '\'' | '<' | '>' | '\u{201C}' | '\u{201D}' | '\u{2018}' | '\u{2019}'
        )
    };
    let inner = text.get(start..end).unwrap_or("");
    start += inner.len() - inner.trim_start_matches(quotes).len();
    if start > all.start {
        end = start
            + text
                .get(start..end)
                .unwrap_or("")
                .trim_end_matches(quotes)
                .len();
    }
    target(text, start, end, desk);
}

/// Reads a URL, or the target of an HTTP request line, in a part of the text.
fn target(text: &str, start: usize, end: usize, desk: &mut Desk) {
    let part = text.get(start..end).unwrap_or("");
    let pairs_at = split(part, start, desk);
    let Some(pairs_at) = pairs_at else {
        desk.tokens.add(start..end, TokenKind::Protocol);
        desk.remarks.error(
            end..end,
            "The URL has no query.",
            "Add ?Action=DescribeInstances, for example.",
        );
        return;
    };
    desk.tokens.add(start..pairs_at - 1, TokenKind::Protocol);
    desk.tokens
        .add(pairs_at - 1..pairs_at, TokenKind::Punctuation);
    let mut pairs_end = end;
    if let Some(fragment) = text.get(pairs_at..end).and_then(|query| query.find('#')) {
        let lone = !text
            .get(pairs_at..pairs_at + fragment)
            .is_some_and(|head| head.ends_with('\n'));
        if lone {
            pairs_end = pairs_at + fragment;
            desk.tokens.add(pairs_end..end, TokenKind::Comment);
            desk.remarks.note(
                pairs_end..end,
                "The fragment after # never reaches a server; it was left out.",
                "Write %23 for a number sign in a value.",
            );
        }
    }
    let pairs = query::pairs(text, pairs_at..pairs_end, desk);
    query::request(pairs, text.len(), desk);
}

/// Where the query of a URL begins; takes the region from the host on the way.
pub(crate) fn split(part: &str, start: usize, desk: &mut Desk) -> Option<usize> {
    let question = part.find('?');
    let base = part.get(..question.unwrap_or(part.len())).unwrap_or("");
    let rest = ["https://", "http://"]
        .iter()
        .find(|scheme| starts_with_ignoring_case(base, scheme))
        .and_then(|scheme| base.get(scheme.len()..));
    let host = rest.unwrap_or(base).split('/').next().unwrap_or("");
    let host = host.rsplit('@').next().unwrap_or(host);
    if desk.region.is_none() {
        desk.region = host_region(host);
    }
    let gap = base
        .char_indices()
        .find(|(_, c)| blank(*c) && !matches!(c, '\r' | '\n'));
    if let Some((at, c)) = gap {
        desk.remarks.warning(
            start + at..start + at + c.len_utf8(),
            "A blank stands in the URL before its query.",
            "Delete it.",
        );
    }
    question.map(|at| start + at + 1)
}

/// The region in `ec2.us-east-1.amazonaws.com` and its kin.
pub(crate) fn host_region(host: &str) -> Option<String> {
    let host = host.split(':').next()?;
    let mut labels = host.split('.');
    let service = labels
        .next()
        .filter(|label| ["ec2", "ec2-fips", "api"].contains(label))?;
    let next = if service == "api" {
        labels.nth(1)?
    } else {
        labels.next()?
    };
    let last = labels.next()?;
    let known = matches!(last, "amazonaws" | "api") || host.ends_with(".aws");
    (known && next.contains('-')).then(|| next.to_owned())
}
