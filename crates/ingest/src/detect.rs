//! Which dialect a text is.

use crate::characters::blank;
use crate::http::METHODS;
use crate::{Dialect, boto3, cli, curl, prompt};

/// The dialect that a text looks like; [`Dialect::Query`] if it looks like none.
///
/// ```
/// use ingest::{Dialect, detect};
/// assert_eq!(detect("$ aws ec2 describe-vpcs"), Dialect::Cli);
/// assert_eq!(detect("POST / HTTP/1.1\nHost: ec2.amazonaws.com"), Dialect::Http);
/// assert_eq!(detect("ec2.amazonaws.com/?Action=DescribeVpcs"), Dialect::Url);
/// assert_eq!(detect("ec2.describe_vpcs()"), Dialect::Boto3);
/// assert_eq!(detect("curl https://ec2.amazonaws.com/ -d Action=DescribeVpcs"), Dialect::Curl);
/// assert_eq!(detect("{\"Action\": \"DescribeVpcs\"}"), Dialect::Json);
/// assert_eq!(detect("Action=DescribeVpcs"), Dialect::Query);
/// ```
pub fn detect(text: &str) -> Dialect {
    let lines = text
        .lines()
        .map(|line| line.trim_matches(blank))
        .filter(|line| !line.is_empty());
    let mut comment = None;
    for line in lines {
        // A line after `#` may be a comment or a command behind root's prompt; other lines decide first.
        if line.starts_with('#') {
            comment = comment.or(Some(line));
            continue;
        }
        return of_line(text, line);
    }
    comment.map_or(Dialect::Query, |line| {
        of_line(text, line.trim_start_matches(['#', ' ']))
    })
}

fn of_line(text: &str, line: &str) -> Dialect {
    let inner = line
        .strip_prefix('[')
        .map(|rest| rest.trim_start_matches(blank));
    if line.starts_with('{') || inner.is_some_and(|rest| rest.is_empty() || rest.starts_with('{')) {
        return Dialect::Json;
    }
    if boto3::looks_like(text, line) {
        return Dialect::Boto3;
    }
    let line = line.trim_start_matches(['"', '\'', '\u{201C}', '\u{2018}']);
    let mut words = line.split(blank);
    let first = words.next().unwrap_or("");
    let alone = words.next().is_none();
    if METHODS
        .iter()
        .any(|method| first == *method || (!alone && first.eq_ignore_ascii_case(method)))
    {
        return Dialect::Http;
    }
    if starts_with_ignoring_case(line, "http://") || starts_with_ignoring_case(line, "https://") {
        return Dialect::Url;
    }
    if prompt::looks_like(line, curl::begins_command) {
        return Dialect::Curl;
    }
    if prompt::looks_like(line, cli::begins_command) {
        return Dialect::Cli;
    }
    let head = line.split(['?', '=', '&', ' ']).next().unwrap_or("");
    let host = head.split('/').next().unwrap_or("");
    let follows = line.get(head.len()..).unwrap_or("");
    let names_host = host.contains('.') || host.contains(':') || host == "localhost";
    if names_host && (follows.starts_with('?') || (head.contains('/') && follows.is_empty())) {
        return Dialect::Url;
    }
    Dialect::Query
}

pub(crate) fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}
