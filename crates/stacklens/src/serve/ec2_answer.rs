//! EC2 answers as HTTP: the XML, the request id, and the ledger's verdict in headers.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ec2_wire::{Ec2Error, encode_error};
use translator::trace::{LedgerState, Trace};

/// Most parameters that headers name.
const NAMED: usize = 5;
/// Longest value of a header, in characters.
const LONGEST: usize = 240;

/// An EC2 error document.
pub fn error(error: &Ec2Error, request_id: &str) -> Response {
    document(
        error.status,
        encode_error(error, request_id),
        request_id,
        HeaderMap::new(),
    )
}

/// An answer of the translator.
pub fn document(status: u16, xml: String, request_id: &str, further: HeaderMap) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Body::from(xml)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/xml;charset=UTF-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-amzn-requestid"), value);
    }
    headers.extend(further);
    response
}

/// The ledger's verdict: how many parameters are in which state, and the first that lost something.
pub fn verdict(trace: &Trace) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let counts = [
        (LedgerState::Mapped, "mapped"),
        (LedgerState::Lossy, "lossy"),
        (LedgerState::Ignored, "ignored"),
        (LedgerState::Refused, "refused"),
        (LedgerState::Gap, "gap"),
        (LedgerState::Unknown, "unknown"),
    ]
    .map(|(state, name)| {
        (
            name,
            trace.ledger.iter().filter(|row| row.state == state).count(),
        )
    });
    let told: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name}={count}"))
        .collect();
    let told = if told.is_empty() {
        "none".to_owned()
    } else {
        told.join(", ")
    };
    headers.insert(
        HeaderName::from_static("x-stacklens-parameters"),
        plain(&told),
    );
    headers.insert(
        HeaderName::from_static("x-stacklens-calls"),
        HeaderValue::from(trace.calls.len()),
    );
    let lost: Vec<_> = trace
        .ledger
        .iter()
        .filter(|row| !matches!(row.state, LedgerState::Mapped | LedgerState::Ignored))
        .collect();
    for row in lost.iter().take(NAMED) {
        let name = counts_name(row.state);
        let gap = row
            .gap
            .as_ref()
            .map(|gap| format!(" ({gap})"))
            .unwrap_or_default();
        let reason = row
            .reason
            .as_ref()
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        headers.append(
            HeaderName::from_static("x-stacklens-loss"),
            plain(&format!("{} {name}{gap}{reason}", row.key)),
        );
    }
    if lost.len() > NAMED {
        headers.insert(
            HeaderName::from_static("x-stacklens-further-losses"),
            HeaderValue::from(lost.len() - NAMED),
        );
    }
    headers
}

fn counts_name(state: LedgerState) -> &'static str {
    match state {
        LedgerState::Mapped => "mapped",
        LedgerState::Lossy => "lossy",
        LedgerState::Ignored => "ignored",
        LedgerState::Refused => "refused",
        LedgerState::Gap => "gap",
        LedgerState::Unknown => "unknown",
    }
}

/// A header value: headers hold no other alphabets and no line ends.
fn plain(text: &str) -> HeaderValue {
    let mut short: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if (' '..='~').contains(&c) { c } else { '?' })
        .collect();
    if text.chars().count() > LONGEST {
        short.push_str("...");
    }
    HeaderValue::from_str(&short).unwrap_or(HeaderValue::from_static("?"))
}

#[cfg(test)]
mod tests {
    use translator::trace::LedgerRow;

    use super::*;

    fn row(key: &str, state: LedgerState, reason: Option<&str>) -> LedgerRow {
        LedgerRow {
            pointer: None,
            key: key.into(),
            text: "v".into(),
            span: None,
            state,
            reason: reason.map(str::to_owned),
            gap: None,
            rule: None,
        }
    }

    #[test]
    fn losses_are_told_in_headers() {
        let mut ledger = vec![
            row("ImageId", LedgerState::Mapped, None),
            row("A\nB", LedgerState::Lossy, Some("größer")),
        ];
        ledger.extend((0..6).map(|n| row(&format!("X.{n}"), LedgerState::Gap, None)));
        let headers = verdict(&Trace {
            ledger,
            ..Trace::default()
        });
        assert_eq!(
            headers["x-stacklens-parameters"],
            "mapped=1, lossy=1, gap=6"
        );
        let losses: Vec<_> = headers
            .get_all("x-stacklens-loss")
            .iter()
            .map(|v| v.to_str().unwrap())
            .collect();
        assert_eq!(losses.len(), NAMED);
        assert_eq!(losses[0], "A?B lossy: gr??er");
        assert_eq!(headers["x-stacklens-further-losses"], "2");
    }

    #[test]
    fn a_request_without_parameters_has_a_verdict_too() {
        let headers = verdict(&Trace::default());
        assert_eq!(headers["x-stacklens-parameters"], "none");
        assert_eq!(headers["x-stacklens-calls"], "0");
    }
}
