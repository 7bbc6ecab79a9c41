//! What the engine asks of its host: to send a request, and to wait.

use std::future::Future;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::format::Who;

/// A request to send.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Whose credential signs it.
    pub who: Who,
    /// EC2 action.
    pub action: String,
    /// Parameters by boto3's names, blobs as base64.
    pub parameters: Map<String, Value>,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The answer by boto3's names.
    Answer(Value),
    /// The endpoint refused.
    Refused(Refusal),
    /// No answer that a client could read: the connection broke, or what came is no EC2.
    Broken(String),
    /// The client cannot send such a request.
    Unsendable(String),
}

/// An EC2 error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// `InvalidVolume.NotFound`
    pub code: String,
    /// The sentence with it.
    pub message: String,
}

/// Whoever sends the requests.
pub trait Client: Sync {
    /// Sends a request.
    fn ask(&self, ask: &Ask) -> impl Future<Output = Reply> + Send;
    /// Waits.
    fn pause(&self, milliseconds: u64) -> impl Future<Output = ()> + Send;
    /// Milliseconds on a clock that never goes back.
    fn now(&self) -> u64;
    /// Whether somebody asked to end: what was made is undone, and nothing new begun.
    fn stopped(&self) -> bool;
}
