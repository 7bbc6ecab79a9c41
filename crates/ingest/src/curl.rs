//! A curl command that sends an EC2 request.

use std::borrow::Cow;

use ec2_wire::Pair;

use crate::characters::blank;
use crate::commands::first_command;
use crate::prompt::{is_prefix, names};
use crate::query::{self, shortened};
use crate::token::TokenKind;
use crate::word::Word;
use crate::{Desk, Span, http, prompt, shell, url};

/// Options without effect on the request that take a value.
const OTHER_VALUES: [&str; 36] = [
    "A",
    "b",
    "c",
    "C",
    "D",
    "e",
    "E",
    "m",
    "o",
    "P",
    "r",
    "t",
    "U",
    "w",
    "x",
    "y",
    "Y",
    "z",
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "connect-timeout",
    "connect-to",
    "cookie",
    "cookie-jar",
    "dump-header",
    "key",
    "limit-rate",
    "max-time",
    "output",
    "proxy",
    "referer",
    "resolve",
    "retry",
    "user-agent",
];

/// More of them.
const MORE_VALUES: [&str; 16] = [
    "retry-delay",
    "retry-max-time",
    "write-out",
    "interface",
    "ciphers",
    "max-redirs",
    "proxy-user",
    "noproxy",
    "local-port",
    "stderr",
    "trace",
    "trace-ascii",
    "tls-max",
    "unix-socket",
    "keepalive-time",
    "max-filesize",
];

/// Whether a line without its prompt is a curl command.
pub(crate) fn begins_command(line: &str) -> bool {
    let mut words = line.split(blank).filter(|word| !word.is_empty()).take(8);
    words.find(|word| !is_prefix(word)).is_some_and(is_program)
}

fn is_program(word: &str) -> bool {
    names(word, &["curl", "curl.exe"])
}

/// Reads the first command of the text.
pub(crate) fn read(text: &str, desk: &mut Desk) {
    let start = prompt::start(text, begins_command);
    for (span, kind) in start.before {
        desk.tokens.add(span, kind);
    }
    let items = shell::split(text, start.command, &mut desk.remarks);
    let command = first_command(items, text.len(), desk);
    let mut words = command.words.iter();
    let program = words.find(|word| {
        let program = is_program(&word.text);
        let kind = if program {
            TokenKind::Program
        } else {
            TokenKind::Client
        };
        desk.tokens.add(word.span.clone(), kind);
        program
    });
    if program.is_none() {
        return desk.remarks.error(
            start.command..start.command,
            "There is no curl command.",
            "Write curl 'https://ec2.us-east-1.amazonaws.com/' -d 'Action=DescribeInstances', for example.",
        );
    }
    let mut request = Request::default();
    request.options(words.as_slice(), desk);
    let cut = command.operator.filter(|operator| {
        text.get(operator.clone()) == Some("&")
            && command
                .words
                .last()
                .is_some_and(|word| word.span.end == operator.start && word.text.contains('='))
    });
    if let Some(operator) = cut {
        desk.remarks.error(
            operator,
            "A shell ends the command at this ampersand; what follows is not sent.",
            "Put the whole URL or the whole data in single quotes.",
        );
    }
    request.finish(text.len(), desk);
}

/// What is put together from the options.
#[derive(Default)]
struct Request<'w> {
    url: Option<&'w Word>,
    data: Vec<Data<'w>>,
    get: bool,
    method: Option<&'w Word>,
}

struct Data<'w> {
    word: Cow<'w, Word>,
    encode: bool,
}

impl<'w> Request<'w> {
    fn options(&mut self, mut words: &'w [Word], desk: &mut Desk) {
        while let Some((word, after)) = words.split_first() {
            words = after;
            let text = word.text.as_str();
            if let Some(name) = text.strip_prefix("--").filter(|name| !name.is_empty()) {
                desk.tokens.add(word.span.clone(), TokenKind::Client);
                if takes_value(name) {
                    let Some((value, after)) = words.split_first() else {
                        return missing(word, desk);
                    };
                    words = after;
                    self.option(name, word, Cow::Borrowed(value), Some(value), desk);
                } else {
                    self.flag(name, word, desk);
                }
            } else if text.starts_with('-') && text.len() > 1 {
                desk.tokens.add(word.span.clone(), TokenKind::Client);
                for (at, letter) in text.char_indices().skip(1) {
                    let end = at + letter.len_utf8();
                    let name = text.get(at..end).unwrap_or("");
                    if !takes_value(name) {
                        self.flag(name, word, desk);
                        continue;
                    }
                    if end < text.len() {
                        self.option(name, word, Cow::Owned(word.tail(end)), None, desk);
                    } else if let Some((value, after)) = words.split_first() {
                        words = after;
                        self.option(name, word, Cow::Borrowed(value), Some(value), desk);
                    } else {
                        return missing(word, desk);
                    }
                    break;
                }
            } else {
                self.target(word, desk);
            }
        }
    }

    fn target(&mut self, word: &'w Word, desk: &mut Desk) {
        if self.url.is_some() {
            let mend = if word.text.contains('=') {
                "Write -d before it, or put the value that it is part of in quotes."
            } else {
                "Send one request at a time."
            };
            desk.tokens.add(word.span.clone(), TokenKind::Comment);
            desk.remarks.error(
                word.span.clone(),
                format!("{:?} would be a second URL.", shortened(&word.text)),
                mend,
            );
        } else {
            self.url = Some(word);
        }
    }

    fn flag(&mut self, name: &str, word: &Word, desk: &mut Desk) {
        match name {
            "G" | "get" => self.get = true,
            "I" | "head" => desk.remarks.error(
                word.span.clone(),
                "EC2 takes GET and POST, not HEAD.",
                "Leave the option out.",
            ),
            _ => {}
        }
    }

    /// `whole` is the value if it is a word of its own.
    fn option(
        &mut self,
        name: &str,
        word: &Word,
        value: Cow<'w, Word>,
        whole: Option<&'w Word>,
        desk: &mut Desk,
    ) {
        let span = value.span.clone();
        let mut ink = TokenKind::Client;
        match name {
            "url" => {
                if let Some(whole) = whole {
                    return self.target(whole, desk);
                }
            }
            "d" | "data" | "data-ascii" | "data-binary" | "data-raw" | "data-urlencode" => {
                let encode = name == "data-urlencode";
                let file = match value.text.find(['@', '=']) {
                    Some(0) => value.text.starts_with('@'),
                    Some(at) => encode && value.text.as_bytes().get(at) == Some(&b'@'),
                    None => false,
                };
                if file && name != "data-raw" {
                    desk.tokens.add(span.clone(), TokenKind::Value);
                    return desk.remarks.error(
                        span,
                        "The data is in a file (@), which cannot be read here.",
                        "Paste the file's content in its place, in single quotes.",
                    );
                }
                return self.data.push(Data {
                    word: value,
                    encode,
                });
            }
            "X" | "request" => {
                if !matches!(value.text.as_str(), "GET" | "POST") {
                    desk.remarks.error(
                        span.clone(),
                        format!("EC2 takes GET and POST, not {}.", shortened(&value.text)),
                        "Write -X POST.",
                    );
                }
                self.method = whole.or(self.method);
                ink = TokenKind::Protocol;
            }
            "H" | "header" => {
                ink = header(&value.text, &span, desk);
            }
            "aws-sigv4" => {
                let mut parts = value.text.split(':').skip(2);
                let region = parts.next().filter(|region| !region.is_empty());
                desk.region = region.map(str::to_owned).or(desk.region.take());
                if let Some(service) = parts.next().filter(|service| *service != "ec2") {
                    desk.remarks.error(
                        span.clone(),
                        format!(
                            "The request is signed for {}, not for ec2.",
                            shortened(service)
                        ),
                        "Write --aws-sigv4 'aws:amz:us-east-1:ec2'.",
                    );
                }
            }
            "u" | "user" | "oauth2-bearer" => {
                ink = TokenKind::Secret;
                // Keys rightly come from variables.
                desk.remarks
                    .keep(|remark| remark.span.start < span.start || remark.span.end > span.end);
            }
            "F" | "form" | "form-string" => desk.remarks.error(
                word.span.clone(),
                "This sends a multipart form, which EC2 does not take.",
                "Write --data-urlencode 'Name=value'.",
            ),
            "json" => desk.remarks.error(
                word.span.clone(),
                "This sends JSON, which EC2 does not take.",
                "Write --data-urlencode 'Name=value' for each parameter.",
            ),
            "T" | "upload-file" | "K" | "config" => desk.remarks.error(
                span.clone(),
                "What is in this file cannot be read here.",
                "Write its content on the command line.",
            ),
            _ => {}
        }
        desk.tokens.add(span, ink);
    }

    fn finish(self, end: usize, desk: &mut Desk) {
        let mut pairs: Vec<Pair<'_>> = Vec::new();
        match self.url {
            Some(word) => pairs.extend(target_pairs(word, desk)),
            None => desk.remarks.error(
                end..end,
                "The command names no URL.",
                "Add 'https://ec2.us-east-1.amazonaws.com/'.",
            ),
        }
        for data in &self.data {
            if data.encode {
                pairs.extend(encoded(&data.word, desk));
            } else {
                pairs.extend(inside(&data.word, 0, desk));
            }
        }
        if let Some(method) = self
            .method
            .filter(|method| method.text == "GET" && !self.get && !self.data.is_empty())
        {
            desk.remarks.warning(
                method.span.clone(),
                "A GET request whose data is in its body; EC2 may not look there.",
                "Write -G, which puts the data into the URL.",
            );
        }
        query::request(pairs, end, desk);
    }
}

fn takes_value(name: &str) -> bool {
    OTHER_VALUES.contains(&name)
        || MORE_VALUES.contains(&name)
        || matches!(
            name,
            "url"
                | "d"
                | "data"
                | "data-ascii"
                | "data-binary"
                | "data-raw"
                | "data-urlencode"
                | "X"
                | "request"
                | "H"
                | "header"
                | "aws-sigv4"
                | "u"
                | "user"
                | "oauth2-bearer"
                | "F"
                | "form"
                | "form-string"
                | "json"
                | "T"
                | "upload-file"
                | "K"
                | "config"
        )
}

fn missing(word: &Word, desk: &mut Desk) {
    desk.remarks.error(
        word.span.end..word.span.end,
        format!("{} needs a value.", shortened(&word.text)),
        "Add the value behind it.",
    );
}

/// Takes the region from a header; its colour.
fn header(text: &str, span: &Span, desk: &mut Desk) -> TokenKind {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let name = name.trim_matches(blank).to_ascii_lowercase();
    let value = value.trim_matches(blank);
    match name.as_str() {
        "authorization" => {
            if let Some(region) = http::signed_region(value) {
                desk.region = Some(region);
            }
        }
        "host" if desk.region.is_none() => desk.region = url::host_region(value),
        "content-type" if !value.to_ascii_lowercase().contains("form-urlencoded") => {
            desk.remarks.warning(
                span.clone(),
                format!(
                    "The data is said to be {}; EC2 reads forms only.",
                    shortened(value)
                ),
                "Write Content-Type: application/x-www-form-urlencoded.",
            );
        }
        _ => {}
    }
    if http::is_secret(&name) {
        TokenKind::Secret
    } else {
        TokenKind::Protocol
    }
}

/// The parameters in the query of the URL.
fn target_pairs<'w>(word: &'w Word, desk: &mut Desk) -> Vec<Pair<'w>> {
    let mut inner = Desk {
        region: desk.region.take(),
        ..Desk::default()
    };
    let end = word.text.find('#').unwrap_or(word.text.len());
    let part = word.text.get(..end).unwrap_or("");
    let at = url::split(part, 0, &mut inner);
    desk.region = inner.region.take();
    take_over(inner, word, desk);
    let base = word.source(0..at.unwrap_or(word.text.len()));
    desk.tokens.add(base, TokenKind::Protocol);
    match at {
        Some(at) => inside(word, at, desk),
        None => Vec::new(),
    }
}

/// The pairs in a word from byte `at` on.
fn inside<'w>(word: &'w Word, at: usize, desk: &mut Desk) -> Vec<Pair<'w>> {
    let mut inner = Desk::default();
    let mut pairs = query::pairs(&word.text, at..word.text.len(), &mut inner);
    for pair in &mut pairs {
        pair.key_span = pair.key_span.take().map(|span| word.source(span));
        pair.span = pair.span.take().map(|span| word.source(span));
    }
    take_over(inner, word, desk);
    pairs
}

fn take_over(inner: Desk, word: &Word, desk: &mut Desk) {
    for token in inner.tokens.finish() {
        desk.tokens.add(word.source(token.span), token.kind);
    }
    for remark in inner.remarks.finish(word.text.len()) {
        desk.remarks.add(
            remark.severity,
            word.source(remark.span),
            remark.message,
            remark.mend.unwrap_or_default(),
        );
    }
}

/// `--data-urlencode 'Name=value'`: the name as it goes over the wire, the value as it is meant.
fn encoded<'w>(word: &'w Word, desk: &mut Desk) -> Option<Pair<'w>> {
    let text = word.text.as_str();
    let Some(equals) = text.find('=').filter(|equals| *equals > 0) else {
        desk.tokens.add(word.span.clone(), TokenKind::Value);
        desk.remarks.error(
            word.span.clone(),
            "The data has no name.",
            "Write --data-urlencode 'Name=value'.",
        );
        return None;
    };
    let (key_span, span) = (word.source(0..equals), word.source(equals + 1..text.len()));
    let (key, value) = (
        text.get(..equals).unwrap_or(""),
        text.get(equals + 1..).unwrap_or(""),
    );
    query::colour(key, key_span.clone(), span.clone(), desk);
    Some(Pair {
        key: key.into(),
        value: value.into(),
        key_span: Some(key_span),
        span: Some(span),
    })
}
