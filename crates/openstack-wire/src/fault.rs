//! What an error reply says, whichever of the services' shapes it has.
//!
//! | service | body |
//! |---|---|
//! | Nova, Cinder | `{"itemNotFound": {"code": 404, "message": "…"}}`, one name per status |
//! | Neutron | `{"NeutronError": {"type": "PortNotFound", "message": "…", "detail": ""}}` |
//! | Keystone | `{"error": {"code": 401, "title": "Unauthorized", "message": "…"}}` |
//! | Glance | an HTML page, plain text, or `{"message": "…", "code": "…", "title": "…"}` |
//! | middleware, proxies | `{"errors": [{"title": …, "detail": …}]}`, text, nothing |

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Reply;

/// Longest message kept; a proxy may answer a page of any size.
const LONGEST: usize = 2000;

/// An error reply in one shape.
///
/// ```
/// use openstack_wire::{Fault, Reply};
/// let reply = Reply {
///     status: 404,
///     headers: vec![],
///     body: r#"{"NeutronError": {"type": "PortNotFound", "message": "Port p could not be found.", "detail": ""}}"#.into(),
/// };
/// let fault = Fault::of(&reply).unwrap();
/// assert_eq!(fault.kind.as_deref(), Some("PortNotFound"));
/// assert_eq!(fault.to_string(), "404 PortNotFound: Port p could not be found.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// HTTP status; 0 when no answer came.
    pub status: u16,
    /// Neutron's error type, `SecurityGroupRuleExists`; no other service names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The service's sentence, one line, never empty.
    pub message: String,
}

impl Fault {
    /// The kind of a fault of status 0 whose call never reached its service.
    pub const UNSENT: &'static str = "unsent";

    /// The fault of a reply, or `None` if the reply is a success or a redirect (status 100 to 399).
    pub fn of(reply: &Reply) -> Option<Self> {
        if (100..400).contains(&reply.status) {
            return None;
        }
        if reply.is_unsent() {
            return Some(Self {
                status: 0,
                kind: Some(Self::UNSENT.to_owned()),
                message: one_line(&reply.body),
            });
        }
        let said = serde_json::from_str::<Value>(&reply.body)
            .ok()
            .and_then(|body| said_in_json(&body))
            .or_else(|| said_in_text(&reply.body));
        let (kind, message) = said.unwrap_or((None, String::new()));
        let message = one_line(&message);
        Some(Self {
            status: reply.status,
            kind,
            message: if message.is_empty() {
                standard_message(reply.status).to_owned()
            } else {
                message
            },
        })
    }

    /// Whether the same call may succeed when tried again later: no answer, rate limit, overload.
    pub fn is_transient(&self) -> bool {
        matches!(self.status, 0 | 408 | 429 | 502 | 503 | 504)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.status, &self.kind) {
            (0, _) => f.write_str(&self.message),
            (status, Some(kind)) => write!(f, "{status} {kind}: {}", self.message),
            (status, None) => write!(f, "{status}: {}", self.message),
        }
    }
}

impl std::error::Error for Fault {}

/// Seconds the service asks to wait before the next try: `Retry-After`, or `retryAfter` in Nova's `overLimit`.
pub fn retry_after(reply: &Reply) -> Option<u64> {
    let header = reply
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    if let Some(seconds) = header.and_then(|(_, value)| value.trim().parse().ok()) {
        return Some(seconds);
    }
    let body: Value = serde_json::from_str(&reply.body).ok()?;
    match body.get("overLimit")?.get("retryAfter")? {
        Value::String(text) => text.trim().parse().ok(),
        number => number.as_u64(),
    }
}

fn said_in_json(body: &Value) -> Option<(Option<String>, String)> {
    let object = body.as_object()?;
    if let Some(error) = object.get("NeutronError") {
        return Some(match error {
            Value::String(message) => (None, message.clone()),
            error => (
                text(error, "type"),
                [text(error, "message"), text(error, "detail")]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
        });
    }
    if let Some(first) = object
        .get("errors")
        .and_then(Value::as_array)
        .and_then(|errors| errors.first())
    {
        return text(first, "detail")
            .or_else(|| text(first, "title"))
            .map(|message| (None, message));
    }
    // Nova's and Cinder's member name differs per status and release, so the shape decides, not the name.
    for value in object.values() {
        if let Some(message) = value
            .as_object()
            .and_then(|_| text(value, "message").or_else(|| text(value, "title")))
        {
            return Some((None, message));
        }
    }
    ["message", "faultstring", "error", "description", "title"]
        .into_iter()
        .find_map(|name| text(body, name))
        .map(|message| {
            // Glance puts the text of its HTML page into JSON as it is.
            let page = message.contains("<br");
            (
                None,
                if page {
                    without_markup(&message)
                } else {
                    message
                },
            )
        })
}

fn text(value: &Value, name: &str) -> Option<String> {
    value
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.trim().is_empty())
        .map(str::to_owned)
}

fn said_in_text(body: &str) -> Option<(Option<String>, String)> {
    let trimmed = body.trim();
    if trimmed.is_empty() || trimmed.starts_with(['{', '[']) {
        return None;
    }
    if !trimmed.starts_with('<') {
        return Some((None, trimmed.to_owned()));
    }
    // The sentence follows the heading, which only repeats the status.
    let after_heading = trimmed.split_once("</h1>").map_or("", |(_, rest)| rest);
    let sentence = without_markup(after_heading);
    if !sentence.trim().is_empty() {
        return Some((None, sentence));
    }
    let title = trimmed
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"))
        .map(|(title, _)| title);
    title.map(|title| (None, without_markup(title)))
}

fn without_markup(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut inside_tag = false;
    for c in html.chars() {
        match c {
            '<' => {
                inside_tag = true;
                out.push(' ');
            }
            '>' => inside_tag = false,
            c if !inside_tag => out.push(c),
            _ => {}
        }
    }
    // The ampersand last, or `&amp;lt;` would be undone twice.
    for (entity, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        if out.contains(entity) {
            out = out.replace(entity, c);
        }
    }
    out
}

fn one_line(message: &str) -> String {
    let mut line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.len() > LONGEST {
        let end = (0..=LONGEST)
            .rev()
            .find(|end| line.is_char_boundary(*end))
            .unwrap_or(0);
        line.truncate(end);
        line.push('…');
    }
    line
}

fn standard_message(status: u16) -> &'static str {
    match status {
        0 => "The service did not answer.",
        400 => "The service could not understand the request.",
        401 => "The token is missing, expired or not valid.",
        403 => "The token does not allow this.",
        404 => "The resource could not be found.",
        405 => "The service does not offer this method here.",
        406 => "The service does not offer this version of its API.",
        409 => "The resource is in a state that does not allow this.",
        413 => "A quota or a size limit is exceeded.",
        429 => "The service limits the rate of requests.",
        500..=599 => "The service failed.",
        _ => "The service refused the request and gave no reason.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(status: u16, body: &str) -> (Option<String>, String) {
        let fault = Fault::of(&Reply {
            status,
            headers: vec![],
            body: body.into(),
        })
        .expect("a fault");
        assert_eq!(fault.status, status);
        (fault.kind, fault.message)
    }

    #[test]
    fn every_shape_gives_its_sentence() {
        let cases = [
            (
                404,
                r#"{"itemNotFound": {"code": 404, "message": "Instance x could not be found."}}"#,
                None,
                "Instance x could not be found.",
            ),
            (
                409,
                r#"{"conflictingRequest": {"code": 409, "message": "Cannot 'stop' instance x while it is in vm_state stopped"}}"#,
                None,
                "Cannot 'stop' instance x while it is in vm_state stopped",
            ),
            (
                413,
                r#"{"overLimit": {"code": 413, "message": "VolumeLimitExceeded", "retryAfter": "0"}}"#,
                None,
                "VolumeLimitExceeded",
            ),
            (
                406,
                r#"{"computeFault": {"message": "Version 2.105 is not supported by the API.", "code": 406}}"#,
                None,
                "Version 2.105 is not supported by the API.",
            ),
            (
                409,
                r#"{"NeutronError": {"type": "SecurityGroupRuleExists", "message": "Rule exists.", "detail": ""}}"#,
                Some("SecurityGroupRuleExists"),
                "Rule exists.",
            ),
            (
                400,
                r#"{"NeutronError": {"type": "HTTPBadRequest", "message": "Bad.", "detail": "Why."}}"#,
                Some("HTTPBadRequest"),
                "Bad. Why.",
            ),
            (400, r#"{"NeutronError": "Old text"}"#, None, "Old text"),
            (
                401,
                r#"{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}"#,
                None,
                "The request you have made requires authentication.",
            ),
            (
                404,
                "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  Failed to find image &lt;x&gt;<br /><br />\n\n\n </body>\n</html>",
                None,
                "Failed to find image <x>",
            ),
            (
                502,
                "<html><head><title>502 Bad Gateway</title></head><body></body></html>",
                None,
                "502 Bad Gateway",
            ),
            (
                403,
                r#"{"message": "You are not authorized.<br />", "code": "403 Forbidden", "title": "Forbidden"}"#,
                None,
                "You are not authorized.",
            ),
            (
                400,
                r#"{"errors": [{"status": 400, "title": "Bad Request", "detail": "The detail."}]}"#,
                None,
                "The detail.",
            ),
            (
                503,
                "upstream connect error\n  or disconnect",
                None,
                "upstream connect error or disconnect",
            ),
            (0, "", None, "The service did not answer."),
            (429, "", None, "The service limits the rate of requests."),
            (500, "{}", None, "The service failed."),
            (500, "{not json", None, "The service failed."),
            (
                418,
                "[]",
                None,
                "The service refused the request and gave no reason.",
            ),
        ];
        for (status, body, kind, message) in cases {
            assert_eq!(
                fault(status, body),
                (kind.map(str::to_owned), message.to_owned()),
                "{status} {body}"
            );
        }
    }

    #[test]
    fn a_success_is_no_fault() {
        for status in [200, 202, 204, 300] {
            assert_eq!(
                Fault::of(&Reply {
                    status,
                    ..Reply::default()
                }),
                None,
                "{status}"
            );
        }
    }

    #[test]
    fn a_page_of_any_size_becomes_one_short_line() {
        let (_, message) = fault(500, &"ü ".repeat(100_000));
        assert!(
            message.len() <= LONGEST + '…'.len_utf8(),
            "{}",
            message.len()
        );
    }

    #[test]
    fn the_wait_is_read_from_header_or_body() {
        let cases = [
            (
                vec![("retry-after".to_owned(), "7".to_owned())],
                "",
                Some(7),
            ),
            (vec![], r#"{"overLimit": {"retryAfter": "3"}}"#, Some(3)),
            (vec![], r#"{"overLimit": {"retryAfter": 4}}"#, Some(4)),
            (
                vec![("retry-after".to_owned(), "Wed, 21 Oct 2026".to_owned())],
                "",
                None,
            ),
        ];
        for (headers, body, seconds) in cases {
            assert_eq!(
                retry_after(&Reply {
                    status: 429,
                    headers,
                    body: body.into()
                }),
                seconds,
                "{body}"
            );
        }
    }
}
