//! An EC2 request and an EC2 error as values.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Byte range in the text the request was read from.
pub type Span = std::ops::Range<usize>;

/// An EC2 request whose parameters are typed by the model and named as boto3 names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ec2Request {
    /// Action name, `RunInstances`; may be one the model does not know.
    pub action: String,
    /// API version that the client sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Parameters as an object with boto3 member names: integers are numbers, booleans are booleans,
    /// timestamps RFC 3339 text, blobs base64 text; lists dense, in the order of their indices.
    pub parameters: Value,
    /// Every scalar of the request, known or not, in the order of the text. One ledger row each.
    pub leaves: Vec<Leaf>,
}

/// One scalar of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaf {
    /// JSON pointer into `parameters`: `/BlockDeviceMappings/0/Ebs/VolumeSize`; `None` if the model knows no such parameter.
    pub pointer: Option<String>,
    /// The key on the EC2 Query wire: `BlockDeviceMapping.1.Ebs.VolumeSize`.
    pub key: String,
    /// The value as text.
    pub text: String,
    /// Where the value stands in the pasted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Where the key stands in the pasted text, if apart from the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_span: Option<Span>,
    /// Why an unknown parameter was not understood, with the mend ("did you mean InstanceId.1?").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An EC2 error as its clients know it: a normal outcome of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ec2Error {
    /// HTTP status: 400 for the caller's faults, 403, 500, 503.
    pub status: u16,
    /// EC2 code, `InvalidInstanceID.NotFound`.
    pub code: String,
    /// Human sentence.
    pub message: String,
}

impl Ec2Error {
    /// An error of the caller's making: HTTP 400.
    pub fn client(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code: code.into(),
            message: message.into(),
        }
    }
}

impl std::fmt::Display for Ec2Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Ec2Error {}
