//! The cloud behind a web server: which URL below the base means which call.

use openstack_wire::{Call, Method, Reply};
use serde_json::{Value, json};

use crate::{
    cloud::{Cloud, tell_version},
    fault::{Fault, Service},
    identity::versions,
    request::Answer,
};

/// Why a body could not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no JSON.
    Malformed,
    /// It says that it is something else than JSON.
    MediaType,
}

/// A call of which only the headers matter.
fn bare(service: Service, path: &str, headers: Vec<(String, String)>) -> Call {
    Call {
        method: Method::Get,
        service: service.name().to_owned(),
        path: path.to_owned(),
        query: Vec::new(),
        microversion: None,
        body: None,
        content_type: None,
        headers,
    }
}

impl Cloud {
    /// What the service at that path answers to a body that it cannot take.
    pub fn refuse_body(path: &str, headers: Vec<(String, String)>, why: Unread) -> Reply {
        let name = path.trim_start_matches('/').split('/').next();
        let service = Service::named(name.unwrap_or("")).unwrap_or(Service::Identity);
        let (status, words) = match (why, service) {
            (Unread::MediaType, Service::Image) => (
                415,
                "The request media type is not supported by this server.",
            ),
            (Unread::MediaType, _) => (415, "Unsupported Content-Type"),
            (Unread::Malformed, Service::Network) => (400, "Body contains invalid data"),
            (Unread::Malformed, Service::Image) => (400, "Malformed JSON in request body."),
            (Unread::Malformed, _) => (400, "Malformed request body"),
        };
        let mut reply = Fault::new(status, words).reply(service, false);
        let call = bare(service, path, headers);
        tell_version(service, &call, &mut reply);
        reply
    }

    /// Answers an HTTP request whose path is what follows the base URL: `/compute/v2.1/servers`, `/identity/v3/auth/tokens`.
    ///
    /// `query` holds decoded pairs, `headers` the request's headers. The path may be percent-encoded. Version documents are
    /// served where clients look for them: at `/`, at `/compute/`, at `/block-storage/v3` and so on.
    pub fn handle_http(
        &mut self,
        method: Method,
        path: &str,
        query: Vec<(String, String)>,
        headers: Vec<(String, String)>,
        body: Option<Value>,
        now: i64,
    ) -> Reply {
        let mut parts = path.trim_start_matches('/').splitn(2, '/');
        let name = parts.next().unwrap_or("");
        let rest = parts.next().unwrap_or("").trim_end_matches('/');
        let Some(service) = Service::named(name) else {
            let root = format!("{}/identity/v3", self.base_url);
            return Answer::new(
                300,
                json!({"versions": {"values": [versions::identity(&root)]}}),
            )
            .reply();
        };
        let endpoint = self.endpoint(service, "");
        let root = format!("{}/{}", self.base_url, service.name());
        let document = match (service, rest) {
            (Service::Identity, "") => Some((
                300,
                json!({"versions": {"values": [versions::identity(&endpoint)]}}),
            )),
            (Service::Identity, "v3") => {
                Some((200, json!({"version": versions::identity(&endpoint)})))
            }
            (Service::Compute, "") => {
                Some((200, json!({"versions": [versions::compute(&endpoint)]})))
            }
            (Service::Compute, "v2.1") => {
                Some((200, json!({"version": versions::compute_alone(&endpoint)})))
            }
            (Service::BlockStorage, "") => Some((
                300,
                json!({"versions": [versions::block_storage(&format!("{root}/v3"))]}),
            )),
            (Service::BlockStorage, "v3") => Some((
                200,
                json!({"versions": [versions::block_storage(&format!("{root}/v3"))]}),
            )),
            (Service::Network, "") => Some((200, versions::network(&endpoint))),
            (Service::Image, "" | "versions") => Some((
                if rest.is_empty() { 300 } else { 200 },
                versions::image(&endpoint),
            )),
            _ => None,
        };
        if let (Some((status, body)), Method::Get | Method::Head) = (document, method) {
            let mut reply = Answer::new(status, body).reply();
            if (service, rest) == (Service::Compute, "v2.1") {
                let call = bare(service, path, headers);
                tell_version(service, &call, &mut reply);
            }
            return reply;
        }
        let prefix = match service {
            Service::Identity => "v3/",
            Service::Compute => "v2.1/",
            Service::BlockStorage => "v3/",
            Service::Network | Service::Image => "",
        };
        let mut rest = rest.strip_prefix(prefix).unwrap_or(rest).to_owned();
        if service == Service::BlockStorage {
            // The project in the path says nothing that the token does not say.
            rest = rest
                .split_once('/')
                .map(|(_, below)| below.to_owned())
                .unwrap_or_default();
        }
        let call = Call {
            method,
            service: service.name().to_owned(),
            path: format!("/{rest}"),
            query,
            microversion: None,
            body,
            content_type: None,
            headers,
        };
        self.handle(&call, now)
    }
}
