//! The two values everything else is about.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
