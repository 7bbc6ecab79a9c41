//! EC2 requests over HTTP: signature, decoding, translation, answer.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use ec2_wire::{Ec2Error, Ec2Request, signature};
use tokio::sync::oneshot;
use translator::{Context, Tracing};

use super::body::{self, Unread};
use super::live::{Event, Story};
use super::{Host, ec2_answer};
use crate::cloud::Caller;
use crate::{clock, driver};

/// Answers one request. It is finished even if the client goes away meanwhile: changes that were begun are ended or taken back.
pub async fn answer(host: Arc<Host>, request: Request) -> Response {
    let request_id = host.chance.request_id();
    let id = request_id.clone();
    let (tell, told) = oneshot::channel();
    let mut task = tokio::spawn(async move { finish(&host, request, id, tell).await });
    let ended = tokio::select! {
        ended = &mut task => ended,
        // Whoever could tell may have ended without a word; then the task ends as well.
        Ok(()) = told => {
            tracing::warn!(request_id, "the client was told to try again; the request goes on");
            return ec2_answer::error(&driver::too_late(), &request_id);
        }
    };
    match ended {
        Ok(response) => response,
        Err(fault) => {
            tracing::error!(request_id, %fault, "ec2");
            ec2_answer::error(&internal("The request could not be finished."), &request_id)
        }
    }
}

async fn finish(
    host: &Host,
    request: Request,
    request_id: String,
    tell: oneshot::Sender<()>,
) -> Response {
    let (begun, at) = (Instant::now(), clock::now());
    let agent = request
        .headers()
        .get(header::USER_AGENT)
        .map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned());
    let mut log = Log::default();
    let response = match understood(host, request, &mut log).await {
        Ok((request, caller)) => {
            let client = driver::Client {
                deadline: (begun + host.deadline).into(),
                told: Some(tell),
                asks_again: false,
            };
            translated(host, request, &caller, &request_id, client, &mut log).await
        }
        Err(error) => {
            log.error = Some(error.code.clone());
            ec2_answer::error(&error, &request_id)
        }
    };
    let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
    tracing::info!(
        request_id,
        action = log.action,
        access_key = log.access_key,
        status = response.status().as_u16(),
        error = log.error,
        calls = log.calls,
        late = log.late,
        milliseconds,
        "ec2"
    );
    let event = Event {
        at,
        request_id,
        action: log.action,
        agent,
        access_key: log.access_key,
        project_id: log.project_id,
        status: response.status().as_u16(),
        error: log.error,
        milliseconds,
        calls: log.calls,
        ..Event::default()
    };
    host.live.publish(event, log.story);
    response
}

/// What a log line and the live view tell.
#[derive(Default)]
struct Log {
    action: Option<String>,
    access_key: Option<String>,
    project_id: Option<String>,
    error: Option<String>,
    calls: usize,
    /// Whether the client was answered before the request ended.
    late: bool,
    story: Option<Story>,
}

async fn understood(
    host: &Host,
    request: Request,
    log: &mut Log,
) -> Result<(Ec2Request, Caller), Ec2Error> {
    let (parts, incoming) = request.into_parts();
    if !matches!(parts.method, Method::GET | Method::POST) {
        return Err(Ec2Error {
            status: 405,
            code: "InvalidRequest".into(),
            message: format!("EC2 takes GET and POST, not {}.", parts.method),
        });
    }
    let body = body::read(incoming).await.map_err(unread_error)?;
    let headers = texts(&parts.headers);
    let query = parts.uri.query().unwrap_or_default();
    let signed = signature::Request {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query,
        headers: &headers,
        body: &body,
    };
    log.access_key = signature::Ec2Credentials::of(&signed)
        .ok()
        .map(|credentials| credentials.access);
    let caller = tokio::time::timeout(host.deadline, host.cloud.caller(&signed))
        .await
        .map_err(|_| Ec2Error {
            status: 503,
            code: "Unavailable".into(),
            message: "The identity service did not answer in time.".into(),
        })??;
    log.project_id = Some(caller.ids().1.to_owned());

    let form = form(&parts.method, &parts.headers, &body)?;
    let pairs = ec2_wire::split_query(query).chain(ec2_wire::split_query(form));
    let decoded = ec2_wire::decode_pairs(pairs);
    log.action = Some(decoded.request.action.clone()).filter(|action| !action.is_empty());
    let request = decoded.strict()?;
    if ec2_model::action(&request.action).is_none() {
        return Err(unknown_action(&request.action));
    }
    Ok((request, caller))
}

fn unread_error(unread: Unread) -> Ec2Error {
    let (status, code, message) = match unread {
        Unread::TooLarge => (
            413,
            "RequestEntityTooLarge",
            format!("The body is larger than {} bytes.", body::LARGEST),
        ),
        Unread::TooSlow => (
            408,
            "RequestTimeout",
            "The body did not arrive in time.".to_owned(),
        ),
        Unread::Broken => (400, "IncompleteBody", "The body broke off.".to_owned()),
    };
    Ec2Error {
        status,
        code: code.into(),
        message,
    }
}

fn unknown_action(name: &str) -> Ec2Error {
    let hint = ec2_model::closest_action(name)
        .map(|action| format!(" Did you mean {}?", action.name()))
        .unwrap_or_default();
    Ec2Error::client(
        "InvalidAction",
        format!("The action {name} is not valid for this web service.{hint}"),
    )
}

fn internal(message: &str) -> Ec2Error {
    Ec2Error {
        status: 500,
        code: "InternalError".into(),
        message: message.into(),
    }
}

/// Headers as text; bytes that are no text cannot be part of a signature and are shown as such.
fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}

fn form<'a>(method: &Method, headers: &HeaderMap, body: &'a [u8]) -> Result<&'a str, Ec2Error> {
    if body.is_empty() || *method != Method::POST {
        return Ok("");
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .map(|kind| String::from_utf8_lossy(kind.as_bytes()).to_ascii_lowercase());
    if let Some(kind) = kind.filter(|kind| !kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(Ec2Error::client(
            "MalformedQueryString",
            format!(
                "The body is {kind}; EC2 takes application/x-www-form-urlencoded, as in Action=DescribeVpcs&Version={}.",
                ec2_model::VERSION
            ),
        ));
    }
    std::str::from_utf8(body).map_err(|error| {
        Ec2Error::client(
            "MalformedQueryString",
            format!(
                "The body is no UTF-8 text at byte {}; percent-encode what is not ASCII.",
                error.valid_up_to()
            ),
        )
    })
}

async fn translated(
    host: &Host,
    request: Ec2Request,
    caller: &Caller,
    request_id: &str,
    mut client: driver::Client,
    log: &mut Log,
) -> Response {
    let (user_id, project_id) = caller.ids();
    let turn = host.turns.take(project_id, &request);
    let Ok(turn) = tokio::time::timeout_at(client.deadline, turn).await else {
        let error = driver::too_late();
        log.error = Some(error.code.clone());
        return ec2_answer::error(&error, request_id);
    };
    client.asks_again = turn.is_some();
    let context = Context {
        project_id: project_id.to_owned(),
        user_id: user_id.to_owned(),
        region: host.region.clone(),
        now: clock::now(),
        seed: host.chance.number(),
        fidelity: host.fidelity,
        request_id: request_id.to_owned(),
        external_network: host.external_network.clone(),
        default_instance_type: Some(host.default_instance_type.clone()),
        default_vpc: None,
    };
    let watched = host.live.is_watched();
    let (tracing, told) = if watched {
        (Tracing::On, Some(request.clone()))
    } else {
        (Tracing::Off, None)
    };
    let finished = host
        .cloud
        .run(&host.engine, request, context, tracing, caller, client)
        .await;
    let Some(finished) = finished else {
        log.error = Some("InternalError".into());
        return ec2_answer::error(
            &internal("The caller belongs to another cloud."),
            request_id,
        );
    };
    log.calls = finished.trace.calls.len();
    log.late = finished.late;
    for left in finished
        .trace
        .answer
        .iter()
        .flat_map(|answer| &answer.left_behind)
    {
        tracing::warn!(request_id, project_id, left, "left behind");
    }
    let verdict = ec2_answer::verdict(&finished.trace);
    log.story = told.map(|request| Story::new(request, finished.trace, caller.token()));
    let Some(outcome) = finished.outcome else {
        log.error = Some("InternalError".into());
        return ec2_answer::error(
            &internal("The request needed more calls than any request may."),
            request_id,
        );
    };
    log.error = outcome.error.as_ref().map(|error| error.code.clone());
    ec2_answer::document(outcome.status, outcome.xml, request_id, verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_told() {
        let error = unknown_action("DescribeInstance");
        assert_eq!((error.status, error.code.as_str()), (400, "InvalidAction"));
        assert!(
            error.message.ends_with("Did you mean DescribeInstances?"),
            "{}",
            error.message
        );
    }

    #[test]
    fn only_forms_are_read() {
        let json =
            HeaderMap::from_iter([(header::CONTENT_TYPE, "application/json".parse().unwrap())]);
        let utf8 = HeaderMap::from_iter([(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded; charset=utf-8"
                .parse()
                .unwrap(),
        )]);
        assert_eq!(form(&Method::POST, &utf8, b"a=b").unwrap(), "a=b");
        assert_eq!(
            form(&Method::POST, &HeaderMap::new(), b"a=b").unwrap(),
            "a=b"
        );
        assert_eq!(form(&Method::GET, &json, b"a=b").unwrap(), "");
        assert_eq!(
            form(&Method::POST, &json, b"{}").unwrap_err().code,
            "MalformedQueryString"
        );
        assert!(
            form(&Method::POST, &utf8, b"a=\xff")
                .unwrap_err()
                .message
                .contains("byte 2")
        );
    }
}
