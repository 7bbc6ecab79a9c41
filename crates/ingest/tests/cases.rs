//! Texts in every dialect, what is read from them, and every remark with its place. The cases are in `cases/*.txt`:
//!
//! ```text
//! == name of the case
//! the text; {U+00A0} stands for that character
//! -- DescribeInstances          the action, or `none`
//! InstanceId.1=i-1              every parameter on the wire
//! ! error `i-2` part of the message / part of the mend
//! ```
//!
//! The remarks must be exactly those; the text in backquotes is what the remark's place covers.

use ingest::{Dialect, Reading, Severity, read};

struct Case {
    name: String,
    text: String,
    action: String,
    pairs: Vec<String>,
    remarks: Vec<String>,
}

fn cases(file: &str) -> Vec<Case> {
    let blocks = file.split("\n== ").skip(1);
    let cases: Vec<Case> = blocks
        .map(|block| {
            let (name, rest) = block.split_once('\n').expect("a name");
            let (text, rest) = rest.split_once("\n-- ").expect("an expectation");
            let mut lines = rest.lines();
            let action = lines.next().expect("an action").to_owned();
            let (remarks, pairs) = lines
                .filter(|line| !line.is_empty())
                .map(unescaped)
                .partition(|line: &String| line.starts_with("! "));
            Case {
                name: name.to_owned(),
                text: unescaped(text),
                action,
                pairs,
                remarks,
            }
        })
        .collect();
    assert!(!cases.is_empty());
    cases
}

/// `{U+00A0}` to the character.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("{U+");
    let mut plain = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').expect("a closing brace");
        plain.push(
            u32::from_str_radix(code, 16)
                .ok()
                .and_then(char::from_u32)
                .expect("a code point"),
        );
        plain.push_str(rest);
    }
    plain
}

fn check(file: &str, dialect: Dialect) {
    let mut wrong = Vec::new();
    for case in cases(file) {
        let reading = read(&case.text, None);
        if reading.dialect != dialect {
            wrong.push(format!("{}: read as {:?}", case.name, reading.dialect));
        }
        let (action, pairs) = found(&reading);
        if action != case.action || pairs != case.pairs {
            wrong.push(format!(
                "{}: {action} {pairs:#?}, not {} {:#?}",
                case.name, case.action, case.pairs
            ));
        }
        let remarks: Vec<String> = reading
            .diagnostics
            .iter()
            .map(|remark| {
                let severity = match remark.severity {
                    Severity::Note => "note",
                    Severity::Warning => "warning",
                    Severity::Error => "error",
                };
                let place = case
                    .text
                    .get(remark.span.clone())
                    .expect("character boundaries");
                format!(
                    "! {severity} `{place}` {} / {}",
                    remark.message,
                    remark.mend.as_deref().unwrap_or("")
                )
            })
            .collect();
        let same = remarks.len() == case.remarks.len()
            && remarks
                .iter()
                .zip(&case.remarks)
                .all(|(found, wanted)| holds(found, wanted));
        if !same {
            wrong.push(format!(
                "{}: {remarks:#?}, not {:#?}",
                case.name, case.remarks
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Place and severity the same, message and mend containing what is wanted.
fn holds(found: &str, wanted: &str) -> bool {
    let (head, tail) = wanted.split_at(wanted.rfind('`').expect("a place") + 1);
    let (message, mend) = tail.split_once(" / ").unwrap_or((tail, ""));
    let found = found
        .strip_prefix(head)
        .and_then(|rest| rest.split_once(" / "));
    found
        .is_some_and(|(said, mended)| said.contains(message.trim()) && mended.contains(mend.trim()))
}

fn found(reading: &Reading) -> (String, Vec<String>) {
    let Some(request) = &reading.request else {
        return ("none".to_owned(), Vec::new());
    };
    let text = ec2_wire::encode_query(request);
    let pairs =
        ec2_wire::split_query(&text).filter(|pair| pair.key != "Action" && pair.key != "Version");
    (
        request.action.clone(),
        pairs
            .map(|pair| format!("{}={}", pair.key, pair.value))
            .collect(),
    )
}

#[test]
fn query() {
    check(include_str!("cases/query.txt"), Dialect::Query);
}

#[test]
fn url() {
    check(include_str!("cases/url.txt"), Dialect::Url);
}

#[test]
fn http() {
    check(include_str!("cases/http.txt"), Dialect::Http);
}

#[test]
fn command_lines() {
    check(include_str!("cases/cli.txt"), Dialect::Cli);
}

#[test]
fn mistaken_command_lines() {
    check(include_str!("cases/cli-mistakes.txt"), Dialect::Cli);
}

#[test]
fn boto3() {
    check(include_str!("cases/boto3.txt"), Dialect::Boto3);
}

#[test]
fn curl() {
    check(include_str!("cases/curl.txt"), Dialect::Curl);
}

#[test]
fn json() {
    check(include_str!("cases/json.txt"), Dialect::Json);
}
