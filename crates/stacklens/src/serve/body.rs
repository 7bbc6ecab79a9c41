//! Bodies of requests: bounded in size and in time.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};

/// Largest body that is read, in bytes.
pub const LARGEST: usize = 1 << 20;
/// Longest that a client may take to send one.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// The connection broke.
    Broken,
}

/// Reads a body.
pub async fn read(body: Body) -> Result<Bytes, Unread> {
    match tokio::time::timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => {
            let limit = std::error::Error::source(&error)
                .is_some_and(|source| source.to_string().contains("length limit"));
            Err(if limit {
                Unread::TooLarge
            } else {
                Unread::Broken
            })
        }
        Err(_) => Err(Unread::TooSlow),
    }
}
