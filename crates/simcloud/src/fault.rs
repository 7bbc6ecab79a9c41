//! Error answers in the shape of each service.

use openstack_wire::Reply;
use serde_json::{Value, json};

/// The service whose manners an answer follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Identity,
    Compute,
    Network,
    BlockStorage,
    Image,
}

impl Service {
    /// By catalogue type; the older names of the same services are understood too.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "identity" => Self::Identity,
            "compute" => Self::Compute,
            "network" => Self::Network,
            "block-storage" | "volumev3" | "volume" => Self::BlockStorage,
            "image" => Self::Image,
            _ => return None,
        })
    }

    /// The type in the catalogue.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Compute => "compute",
            Self::Network => "network",
            Self::BlockStorage => "block-storage",
            Self::Image => "image",
        }
    }
}

/// Kind of a fault that the web framework below a service answers.
const ROUTE: &str = "HTTPNotFound";

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) status: u16,
    /// Neutron's error type; empty elsewhere.
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            kind: "",
            message: message.into(),
        }
    }

    /// A Neutron error with its type.
    pub(crate) fn typed(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
        }
    }

    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, message)
    }

    /// Nova's and Cinder's words for what only an administrator may do.
    pub(crate) fn policy(rule: &str) -> Self {
        Self::new(403, format!("Policy doesn't allow {rule} to be performed."))
    }

    pub(crate) fn missing(message: impl Into<String>) -> Self {
        Self::new(404, message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, message)
    }

    /// A path that the service does not have.
    pub(crate) fn no_route() -> Self {
        Self::typed(404, ROUTE, "The resource could not be found.")
    }

    pub(crate) fn no_method() -> Self {
        Self::new(
            405,
            "The method specified is not allowed for this resource.",
        )
    }

    /// Without a token, or with one that is over.
    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "The request you have made requires authentication.")
    }

    pub(crate) fn is_route(&self) -> bool {
        self.kind == ROUTE
    }

    pub(crate) fn reply(&self, service: Service, html: bool) -> Reply {
        let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        if self.status == 413 {
            headers.push(("retry-after".to_owned(), "0".to_owned()));
        }
        // Nova says the encoding, the others do not.
        if service == Service::Compute && self.status != 401 && self.kind != ROUTE {
            headers[0].1 = "application/json; charset=UTF-8".to_owned();
        }
        if self.status == 401 {
            headers.push((
                "www-authenticate".to_owned(),
                "Keystone uri=\"/identity\"".to_owned(),
            ));
        }
        if service == Service::Image && self.status != 401 && html {
            headers[0].1 = "text/html; charset=UTF-8".to_owned();
            let body = format!(
                "<html>\n <head>\n  <title>{0} {1}</title>\n </head>\n <body>\n  <h1>{0} {1}</h1>\n  {2}<br /><br />\n\n\n\n </body>\n</html>",
                self.status,
                title(self.status),
                self.message
            );
            return Reply {
                status: self.status,
                headers,
                body,
            };
        }
        Reply {
            status: self.status,
            headers,
            body: self.body(service).to_string(),
        }
    }

    fn body(&self, service: Service) -> Value {
        let Self {
            status,
            kind,
            message,
        } = self;
        if *status == 401 && service == Service::Image {
            return framework(
                401,
                "This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.",
            );
        }
        if *status == 401 || service == Service::Identity {
            return json!({"error": {"code": status, "message": message, "title": title(*status)}});
        }
        match service {
            Service::Network => {
                let kind = match (*kind, status) {
                    ("", 400) => "HTTPBadRequest",
                    ("", 404) => "HTTPNotFound",
                    ("", 409) => "HTTPConflict",
                    ("", 403) => "PolicyNotAuthorized",
                    ("", _) => "HTTPClientError",
                    (kind, _) => kind,
                };
                json!({"NeutronError": {"type": kind, "message": message, "detail": ""}})
            }
            Service::Image => framework(*status, message),
            _ if *kind == ROUTE => framework(*status, message),
            _ => {
                let name = match status {
                    400 => "badRequest",
                    403 => "forbidden",
                    404 => "itemNotFound",
                    405 => "badMethod",
                    409 => "conflictingRequest",
                    413 => "overLimit",
                    415 => "badMediaType",
                    501 => "notImplemented",
                    503 => "serviceUnavailable",
                    _ => "computeFault",
                };
                let mut body = json!({name: {"code": status, "message": message}});
                if *status == 413 {
                    body[name]["retryAfter"] = json!("0");
                }
                body
            }
        }
    }
}

/// A refusal in the shape of the web framework that Nova, Cinder and Glance stand on.
fn framework(status: u16, message: &str) -> Value {
    // What has a detail brings its own breaks.
    let ending = if message.contains("<br />") {
        ""
    } else {
        "<br /><br />\n\n\n"
    };
    json!({
        "message": format!("{message}{ending}"),
        "code": format!("{status} {}", title(status)),
        "title": title(status),
    })
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        409 => "Conflict",
        410 => "Gone",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        501 => "Not Implemented",
        _ => "Error",
    }
}
