//! The embedded OpenStack over HTTP, for the `openstack` command and every other client of the real APIs.
//!
//! | below `/openstack` | service |
//! |---|---|
//! | `/identity/v3` | Keystone |
//! | `/compute/v2.1` | Nova |
//! | `/network/v2.0` | Neutron |
//! | `/block-storage/v3/{project}`, also `/volume/v3/{project}` | Cinder |
//! | `/image/v2` | Glance |

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use openstack_wire::{Method, Reply};
use serde_json::{Value, json};

use super::Host;
use super::body::{self, Unread};
use crate::cloud::Cloud;
use crate::embedded::HttpRequest;

/// Where the services stand.
pub const PREFIX: &str = "/openstack";

const SERVICES: [&str; 5] = ["identity", "compute", "network", "block-storage", "image"];

/// Answers one request.
pub async fn answer(host: &Host, request: Request) -> Response {
    let Cloud::Embedded(cloud) = &host.cloud else {
        return refusal(
            StatusCode::NOT_FOUND,
            "This server uses a cloud that has endpoints of its own; see its catalogue.",
        );
    };
    let (parts, incoming) = request.into_parts();
    let reply = match read(&parts, incoming).await {
        Ok(request) => cloud.handle_http(request),
        Err(NotRead::Here(status, message)) => return refusal(status, message),
        Err(NotRead::There(request, why)) => {
            simcloud::Cloud::refuse_body(&request.path, request.headers, why)
        }
    };
    tracing::info!(method = %parts.method, path = parts.uri.path(), status = reply.status, "openstack");
    let reached = base_url(&parts.headers, &host.base_url);
    response(
        readdressed(reply, &host.base_url, &reached),
        &format!("req-{}", host.chance.request_id()),
    )
}

/// Why a request is not handed on.
enum NotRead {
    /// For a reason of this server's.
    Here(StatusCode, &'static str),
    /// For a reason that the service at this path has words for.
    There(HttpRequest, simcloud::Unread),
}

async fn read(parts: &Parts, incoming: Body) -> Result<HttpRequest, NotRead> {
    let path = service_path(parts.uri.path()).ok_or(NotRead::Here(
        StatusCode::NOT_FOUND,
        "There is no service here; there are /openstack/identity/v3, /compute/v2.1, /network/v2.0, /block-storage/v3 and /image/v2.",
    ))?;
    let method = Method::from_name(parts.method.as_str()).ok_or(NotRead::Here(
        StatusCode::METHOD_NOT_ALLOWED,
        "The services take GET, HEAD, POST, PUT, PATCH and DELETE.",
    ))?;
    let bytes = body::read(incoming).await.map_err(|unread| match unread {
        Unread::TooLarge => NotRead::Here(StatusCode::PAYLOAD_TOO_LARGE, "Request is too large."),
        Unread::TooSlow => NotRead::Here(
            StatusCode::REQUEST_TIMEOUT,
            "The body did not arrive in time.",
        ),
        Unread::Broken => NotRead::Here(StatusCode::BAD_REQUEST, "The body broke off."),
    })?;
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    let mut request = HttpRequest {
        method,
        query: form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        body: None,
        path,
        headers,
    };
    match json_body(&parts.headers, &bytes) {
        Ok(body) => {
            request.body = body;
            Ok(request)
        }
        Err(why) => Err(NotRead::There(request, why)),
    }
}

/// The path below the prefix, if it begins with a service.
fn service_path(path: &str) -> Option<String> {
    let below = path.strip_prefix(PREFIX)?;
    let (name, rest) = below
        .trim_start_matches('/')
        .split_once('/')
        .unwrap_or((below.trim_start_matches('/'), ""));
    // Development clouds give Cinder this name, and so do many scripts.
    let name = if name == "volume" {
        "block-storage"
    } else {
        name
    };
    SERVICES.contains(&name).then(|| format!("/{name}/{rest}"))
}

fn json_body(headers: &HeaderMap, bytes: &[u8]) -> Result<Option<Value>, simcloud::Unread> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("application/json");
    if !kind.contains("json") {
        return Err(simcloud::Unread::MediaType);
    }
    serde_json::from_slice(bytes)
        .map(Some)
        .map_err(|_| simcloud::Unread::Malformed)
}

/// The address by which the client reached us.
fn base_url(headers: &HeaderMap, own: &str) -> String {
    let name = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let sound = |name: &&str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-:[]_".contains(c))
    };
    let scheme = headers
        .get("x-forwarded-proto")
        .filter(|value| *value == "https")
        .map_or("http", |_| "https");
    match name.filter(sound) {
        Some(name) => format!("{scheme}://{name}{PREFIX}"),
        None => own.to_owned(),
    }
}

/// Catalogue and links lead to where the client reached us, not to where the cloud believes to be.
fn readdressed(mut reply: Reply, own: &str, reached: &str) -> Reply {
    if own != reached && reply.body.contains(own) {
        reply.body = reply.body.replace(own, reached);
    }
    for (_, value) in &mut reply.headers {
        if let Some(rest) = value.strip_prefix(own) {
            *value = format!("{reached}{rest}");
        }
    }
    reply
}

fn refusal(status: StatusCode, message: &str) -> Response {
    let name = if status == StatusCode::NOT_FOUND {
        "itemNotFound"
    } else {
        "badRequest"
    };
    let body = json!({ name: { "code": status.as_u16(), "message": message } });
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

fn response(reply: Reply, request_id: &str) -> Response {
    let status = StatusCode::from_u16(reply.status)
        .ok()
        .filter(|status| status.as_u16() >= 200)
        .unwrap_or(StatusCode::BAD_GATEWAY);
    let is_json = reply.body.starts_with(['{', '[']);
    let mut response = (status, Body::from(reply.body)).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in &reply.headers {
        let framing = ["content-length", "transfer-encoding", "connection"]
            .contains(&name.to_ascii_lowercase().as_str());
        if let (false, Ok(name), Ok(value)) = (
            framing,
            name.parse::<HeaderName>(),
            HeaderValue::from_str(value),
        ) {
            headers.insert(name, value);
        }
    }
    if is_json {
        headers
            .entry(header::CONTENT_TYPE)
            .or_insert(HeaderValue::from_static("application/json"));
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.entry("x-openstack-request-id").or_insert(value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_reach_their_service() {
        let cases = [
            (
                "/openstack/identity/v3/auth/tokens",
                Some("/identity/v3/auth/tokens"),
            ),
            (
                "/openstack/compute/v2.1/os-keypairs/my%20key",
                Some("/compute/v2.1/os-keypairs/my%20key"),
            ),
            (
                "/openstack/volume/v3/p1/volumes",
                Some("/block-storage/v3/p1/volumes"),
            ),
            ("/openstack/network", Some("/network/")),
            ("/openstack/image/", Some("/image/")),
            ("/openstack/dns/v2/zones", None),
            ("/openstack", None),
            ("/openstack/", None),
        ];
        for (path, expected) in cases {
            assert_eq!(service_path(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let typed =
            |kind: &str| HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]);
        assert_eq!(json_body(&HeaderMap::new(), b"").unwrap(), None);
        assert_eq!(
            json_body(
                &typed("application/openstack-images-v2.1-json-patch"),
                b"[]"
            )
            .unwrap(),
            Some(json!([]))
        );
        assert_eq!(
            json_body(&typed("application/octet-stream"), b"\0"),
            Err(simcloud::Unread::MediaType)
        );
        assert_eq!(
            json_body(&HeaderMap::new(), b"{"),
            Err(simcloud::Unread::Malformed)
        );
    }

    #[test]
    fn a_client_sees_the_address_it_used() {
        let own = "http://127.0.0.1:8788/openstack";
        let headers = |host: &str| HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
        let reached = base_url(&headers("cloud.example:99"), own);
        assert_eq!(reached, "http://cloud.example:99/openstack");
        assert_eq!(base_url(&headers("a\"b"), own), own);
        let reply = Reply {
            status: 200,
            headers: vec![("location".into(), format!("{own}/image/v2/images/i"))],
            body: format!("{{\"href\": \"{own}/x\"}}"),
        };
        let reply = readdressed(reply, own, &reached);
        assert_eq!(
            reply.body,
            "{\"href\": \"http://cloud.example:99/openstack/x\"}"
        );
        assert_eq!(
            reply.headers[0].1,
            "http://cloud.example:99/openstack/image/v2/images/i"
        );
    }

    #[test]
    fn a_reply_keeps_its_headers_but_not_its_framing() {
        let headers = [
            ("x-subject-token", "t"),
            ("content-length", "999"),
            ("bad name", "x"),
        ];
        let reply = Reply {
            status: 201,
            headers: headers.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            body: "{}".into(),
        };
        let response = response(reply, "req-1");
        assert_eq!(response.status(), StatusCode::CREATED);
        assert_eq!(response.headers()["x-subject-token"], "t");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["x-openstack-request-id"], "req-1");
        assert!(
            response
                .headers()
                .get("content-length")
                .is_none_or(|length| length != "999")
        );
        assert_eq!(
            self::response(Reply::default(), "r").status(),
            StatusCode::BAD_GATEWAY
        );
    }
}
