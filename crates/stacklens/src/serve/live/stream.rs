//! The stream of events to one watcher.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{WATCHERS, refusal, secured};
use crate::serve::Host;

/// How often a quiet stream shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A watcher; when it goes, it is counted off.
struct Watcher {
    host: Arc<Host>,
    receiver: Receiver<String>,
    ready: VecDeque<String>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.host.live.watchers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers with the stream.
pub fn answer(host: Arc<Host>, headers: &HeaderMap) -> Response {
    let after = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.trim().parse().ok())
        .unwrap_or(0);
    let live = &host.live;
    let counted = live
        .watchers
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
            (count < WATCHERS).then_some(count + 1)
        });
    if counted.is_err() {
        return refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "As many watch already as may; close another live view.",
        );
    }
    // Under the ring's lock no event can come between those that were kept and those that follow.
    let ring = live.ring.lock().unwrap_or_else(PoisonError::into_inner);
    let sender = live.sender.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(receiver) = sender.as_ref().map(|sender| sender.subscribe()) else {
        live.watchers.fetch_sub(1, Ordering::Relaxed);
        return refusal(StatusCode::SERVICE_UNAVAILABLE, "The server is stopping.");
    };
    let mut ready = VecDeque::from(["retry: 2000\n\n".to_owned()]);
    ready.extend(ring.after(after));
    drop((ring, sender));
    let watcher = Watcher {
        host: host.clone(),
        receiver,
        ready,
    };
    let stream = stream::unfold(watcher, |mut watcher| async {
        let text = watcher.next().await?;
        Some((Ok::<_, Infallible>(text), watcher))
    });
    secured(
        (
            [(header::CONTENT_TYPE, "text/event-stream")],
            Body::from_stream(stream),
        )
            .into_response(),
    )
}

impl Watcher {
    /// What to send next; `None` when the server stops.
    async fn next(&mut self) -> Option<String> {
        if let Some(text) = self.ready.pop_front() {
            return Some(text);
        }
        match tokio::time::timeout(HEARTBEAT, self.receiver.recv()).await {
            Err(_) => Some(": still here\n\n".to_owned()),
            Ok(Ok(text)) => Some(text),
            Ok(Err(RecvError::Lagged(count))) => {
                Some(format!("event: lost\ndata: {{\"count\":{count}}}\n\n"))
            }
            Ok(Err(RecvError::Closed)) => None,
        }
    }
}
