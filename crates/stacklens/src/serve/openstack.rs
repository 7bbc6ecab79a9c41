//! The embedded OpenStack over HTTP, for the `openstack` command and every other client of the real APIs.
//!
//! | below `/openstack` | service |
//! |---|---|
//! | `/identity/v3` | Keystone |
//! | `/compute/v2.1` | Nova |
//! | `/network/v2.0` | Neutron |
//! | `/volume/v3/{project}` | Cinder |
//! | `/image/v2` | Glance |

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use openstack_wire::{Call, Method, Reply};
use serde_json::{Value, json};

use super::body::{self, Unread};
use super::{Host, discovery, rewrite};
use crate::cloud::Cloud;

/// Where the services stand.
pub const PREFIX: &str = "/openstack";

/// What Cinder's paths begin with; anything else there is a project.
const VOLUME_RESOURCES: [&str; 14] = [
    "volumes",
    "snapshots",
    "types",
    "limits",
    "backups",
    "attachments",
    "groups",
    "group_types",
    "qos-specs",
    "messages",
    "extensions",
    "resource_filters",
    "default-types",
    "volume-transfers",
];

/// Answers one request.
pub async fn answer(host: &Host, request: Request) -> Response {
    let Cloud::Embedded(cloud) = &host.cloud else {
        let message = "This server uses a cloud that has endpoints of its own; see its catalogue.";
        return json_response(StatusCode::NOT_FOUND, &fault("itemNotFound", 404, message));
    };
    let (parts, incoming) = request.into_parts();
    let base = base_url(&parts.headers, host);
    let path = parts
        .uri
        .path()
        .strip_prefix(PREFIX)
        .unwrap_or_default()
        .to_owned();
    if let Some(document) = discovery::document(&path, &base) {
        let status = StatusCode::from_u16(document.status).unwrap_or(StatusCode::OK);
        return json_response(status, &document.body);
    }
    let Some((service, call_path)) = service_path(&path) else {
        return json_response(
            StatusCode::NOT_FOUND,
            &fault(
                "itemNotFound",
                404,
                "There is no service here; see /openstack/identity/v3, /compute, /network, /volume and /image.",
            ),
        );
    };
    let bytes = match body::read(incoming).await {
        Ok(bytes) => bytes,
        Err(unread) => {
            let (status, message) = match unread {
                Unread::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Request is too large."),
                Unread::TooSlow => (
                    StatusCode::REQUEST_TIMEOUT,
                    "The body did not arrive in time.",
                ),
                Unread::Broken => (StatusCode::BAD_REQUEST, "The body broke off."),
            };
            return json_response(status, &fault("badRequest", status.as_u16(), message));
        }
    };
    let call = match call(service, call_path, &parts, &bytes) {
        Ok(call) => call,
        Err((status, message)) => {
            return json_response(status, &fault("badRequest", status.as_u16(), message));
        }
    };
    let reply = rewrite::addresses(&call, cloud.handle(&call), &base);
    tracing::info!(method = %parts.method, path = parts.uri.path(), status = reply.status, "openstack");
    response(reply, &format!("req-{}", host.chance.request_id()))
}

/// The address by which the client reached us.
fn base_url(headers: &HeaderMap, host: &Host) -> String {
    let name = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .filter(|name| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || ".-:[]_".contains(c))
        });
    let scheme = headers
        .get("x-forwarded-proto")
        .filter(|value| *value == "https")
        .map_or("http", |_| "https");
    match name {
        Some(name) => format!("{scheme}://{name}{PREFIX}"),
        None => format!("{scheme}://{}{PREFIX}", host.address),
    }
}

/// Service and path of a call, from a path below the prefix.
fn service_path(path: &str) -> Option<(&'static str, String)> {
    let (service, rest) = path.strip_prefix('/')?.split_once('/')?;
    let rest = format!("/{}", rest.trim_end_matches('/'));
    let below = |version: &str| {
        rest.strip_prefix(version)
            .filter(|rest| rest.starts_with('/'))
            .map(str::to_owned)
    };
    Some(match service {
        "identity" => ("identity", below("/v3")?),
        "compute" => ("compute", below("/v2.1")?),
        "network" => ("network", below("/v2.0").map(|_| rest.clone())?),
        "image" => ("image", below("/v2").map(|_| rest.clone())?),
        "volume" => {
            let below = below("/v3")?;
            let (first, after) = below[1..].split_once('/').unwrap_or((&below[1..], ""));
            let is_resource = first.starts_with("os-") || VOLUME_RESOURCES.contains(&first);
            (
                "block-storage",
                if is_resource {
                    below
                } else {
                    format!("/{after}")
                },
            )
        }
        _ => return None,
    })
}

fn call(
    service: &str,
    path: String,
    parts: &axum::http::request::Parts,
    bytes: &[u8],
) -> Result<Call, (StatusCode, &'static str)> {
    let method = Method::from_name(parts.method.as_str()).ok_or((
        StatusCode::METHOD_NOT_ALLOWED,
        "The services take GET, HEAD, POST, PUT, PATCH and DELETE.",
    ))?;
    let mut call = Call::new(method, service, path);
    call.query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    for (name, value) in &parts.headers {
        let Ok(value) = value.to_str() else { continue };
        match name.as_str() {
            // "compute 2.96": the service's name, then the version.
            "openstack-api-version" => {
                call.microversion = value.split_whitespace().last().map(str::to_owned)
            }
            "x-openstack-nova-api-version" if call.microversion.is_none() => {
                call.microversion = Some(value.trim().to_owned())
            }
            "content-type" => {
                call.content_type = Some(value.to_owned()).filter(|kind| !is_json(kind))
            }
            "x-auth-token" => call
                .headers
                .push(("X-Auth-Token".to_owned(), value.to_owned())),
            "x-subject-token" => call
                .headers
                .push(("X-Subject-Token".to_owned(), value.to_owned())),
            name if name.starts_with("x-image-meta") || name.starts_with("openstack-") => {
                call.headers.push((name.to_owned(), value.to_owned()));
            }
            _ => {}
        }
    }
    if bytes.is_empty() {
        call.content_type = None;
        return Ok(call);
    }
    if call
        .content_type
        .as_deref()
        .is_some_and(|kind| !kind.contains("json"))
    {
        return Err((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The embedded cloud takes JSON bodies only; it keeps no image data.",
        ));
    }
    let body: Value = serde_json::from_slice(bytes)
        .map_err(|_| (StatusCode::BAD_REQUEST, "Malformed request body."))?;
    call.body = Some(body);
    Ok(call)
}

fn is_json(kind: &str) -> bool {
    kind.split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn fault(name: &str, code: u16, message: &str) -> Value {
    json!({ name: { "code": code, "message": message } })
}

fn json_response(status: StatusCode, body: &Value) -> Response {
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
                "/identity/v3/auth/tokens",
                Some(("identity", "/auth/tokens")),
            ),
            (
                "/compute/v2.1/servers/detail",
                Some(("compute", "/servers/detail")),
            ),
            (
                "/compute/v2.1/os-keypairs/my%20key",
                Some(("compute", "/os-keypairs/my%20key")),
            ),
            ("/network/v2.0/ports", Some(("network", "/v2.0/ports"))),
            (
                "/volume/v3/p1/volumes/detail",
                Some(("block-storage", "/volumes/detail")),
            ),
            (
                "/volume/v3/volumes/v1",
                Some(("block-storage", "/volumes/v1")),
            ),
            (
                "/volume/v3/os-availability-zone",
                Some(("block-storage", "/os-availability-zone")),
            ),
            ("/volume/v3/p1/", Some(("block-storage", "/"))),
            ("/image/v2/images", Some(("image", "/v2/images"))),
            ("/image/v2images", None),
            ("/dns/v2/zones", None),
            ("", None),
            ("/compute", None),
        ];
        for (path, expected) in cases {
            assert_eq!(
                service_path(path),
                expected.map(|(service, path)| (service, path.to_owned())),
                "{path}"
            );
        }
    }

    fn parts(target: &str, headers: &[(&str, &str)]) -> axum::http::request::Parts {
        let mut builder = axum::http::Request::builder().method("POST").uri(target);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_request_becomes_a_call() {
        let parts = parts(
            "/x?name=a%20b&tags=x&tags=y",
            &[
                ("OpenStack-API-Version", "compute 2.96"),
                ("X-Auth-Token", "t"),
                ("Content-Type", "application/json; charset=utf-8"),
                ("User-Agent", "u"),
            ],
        );
        let call = call("compute", "/servers".into(), &parts, br#"{"server": null}"#).unwrap();
        assert_eq!(
            call.query,
            [("name", "a b"), ("tags", "x"), ("tags", "y")]
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
        );
        assert_eq!(call.microversion.as_deref(), Some("2.96"));
        assert_eq!(call.headers, [("X-Auth-Token".to_owned(), "t".to_owned())]);
        assert_eq!(
            (call.content_type, call.body),
            (None, Some(json!({"server": null})))
        );
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let patch = parts(
            "/",
            &[(
                "Content-Type",
                "application/openstack-images-v2.1-json-patch",
            )],
        );
        assert!(
            call("image", "/v2/images/i".into(), &patch, b"[]")
                .unwrap()
                .content_type
                .is_some()
        );
        let data = parts("/", &[("Content-Type", "application/octet-stream")]);
        assert_eq!(
            call("image", "/v2/images/i/file".into(), &data, b"\0")
                .unwrap_err()
                .0,
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );
        assert_eq!(
            call("compute", "/servers".into(), &parts("/", &[]), b"{")
                .unwrap_err()
                .0,
            StatusCode::BAD_REQUEST
        );
    }

    #[test]
    fn a_reply_keeps_its_headers_but_not_its_framing() {
        let reply = Reply {
            status: 201,
            headers: [
                ("x-subject-token", "t"),
                ("content-length", "999"),
                ("bad name", "x"),
            ]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
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
