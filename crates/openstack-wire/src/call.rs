//! The two values everything else is about.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a path may not hold as it stands; a `%` may, since paths come encoded.
const PATH: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'#')
    .add(b'?')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'\\')
    .add(b'^');

/// What a query key or value may not hold as it stands.
const QUERY: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':')
    .remove(b',')
    .remove(b'/')
    .remove(b'@');

/// An HTTP method that an OpenStack API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Reads headers only.
    Head,
    /// Creates, or acts.
    Post,
    /// Replaces.
    Put,
    /// Changes in part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// Name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of a name in upper case.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Get,
            Self::Head,
            Self::Post,
            Self::Put,
            Self::Patch,
            Self::Delete,
        ]
        .into_iter()
        .find(|m| m.as_str() == name)
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// One request to an OpenStack service, before an endpoint and a token are known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// HTTP method.
    pub method: Method,
    /// Service type as the Keystone catalogue names it: `compute`, `network`, `block-storage`, `image`, `identity`.
    pub service: String,
    /// Path below the service's catalogue endpoint, already percent-encoded, with a leading slash:
    /// `/servers/detail`, `/v2.0/ports`, `/volumes/detail`, `/v2/images`.
    pub path: String,
    /// Query pairs in order, not encoded; a key may repeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// Microversion of the service, as in `OpenStack-API-Version: compute 2.96`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microversion: Option<String>,
    /// JSON body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Content type where it is not `application/json` (Glance's JSON patch).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Further headers; `X-Auth-Token` is added by the driver, never by a rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
}

impl Call {
    /// A call with nothing but its request line.
    pub fn new(method: Method, service: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            method,
            service: service.into(),
            path: path.into(),
            query: Vec::new(),
            microversion: None,
            body: None,
            content_type: None,
            headers: Vec::new(),
        }
    }

    /// The same with one more query pair.
    #[must_use]
    pub fn with_query(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((key.into(), value.into()));
        self
    }

    /// The same with a JSON body.
    #[must_use]
    pub fn with_body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Path and query, encoded: `/v2.0/ports?name=a%20b`. A character that no path may hold is encoded, whoever wrote it.
    pub fn target(&self) -> String {
        let mut target = utf8_percent_encode(&self.path, &PATH).to_string();
        for (position, (key, value)) in self.query.iter().enumerate() {
            target.push(if position == 0 { '?' } else { '&' });
            target.extend(utf8_percent_encode(key, &QUERY));
            target.push('=');
            target.extend(utf8_percent_encode(value, &QUERY));
        }
        target
    }

    /// Content type of the body; `None` without one.
    pub fn body_type(&self) -> Option<&str> {
        self.body
            .as_ref()
            .map(|_| self.content_type.as_deref().unwrap_or("application/json"))
    }
}

/// What a service answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// HTTP status; 0 when no answer came (connection refused, deadline passed).
    pub status: u16,
    /// Response headers, names in lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body as text; JSON in nearly all cases, empty for 204.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// Header of a reply that nobody sent: the call never reached its service.
const UNSENT: &str = "x-unsent";

impl Reply {
    /// That no answer came, in words; the service may have carried the call out all the same.
    #[must_use]
    pub fn lost(why: impl Into<String>) -> Self {
        Self {
            status: 0,
            headers: Vec::new(),
            body: why.into(),
        }
    }

    /// That no answer came since the call never reached its service.
    #[must_use]
    pub fn unsent(why: impl Into<String>) -> Self {
        Self {
            headers: vec![(UNSENT.to_owned(), "true".to_owned())],
            ..Self::lost(why)
        }
    }

    /// Whether the call never reached its service.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        self.status == 0 && self.headers.iter().any(|(name, _)| name == UNSENT)
    }
}
