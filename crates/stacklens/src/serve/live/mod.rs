//! What passes through the gateway, for whoever watches it: the server side of the page's live view.
//!
//! | request | answer |
//! |---|---|
//! | `GET /live/events` | server-sent events: `request` with an [`Event`] for every EC2 request, the last ones first; `lost` with `{"count": n}` when the watcher was too slow. `Last-Event-ID` goes on after that event. |
//! | `GET /live/{id}` | JSON: the [`Event`] with `query`, the request as EC2 Query text, and `trace`, a [`Trace`]; 404 when it has left the ring. |
//!
//! A trace is made only while somebody watches: otherwise a request costs one look at a counter and a line in the ring. An event
//! whose `traced` is false has no more to tell than itself. Secrets are taken out before anything is kept ([`translator::scrub`]).

mod access;
mod ring;
mod stream;

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ec2_wire::Ec2Request;
use serde::Serialize;
use tokio::sync::broadcast;
use translator::scrub::Scrub;
use translator::trace::Trace;

pub use access::Access;
use ring::Ring;

/// Where the live view stands.
pub const PREFIX: &str = "/live/";
/// Most watchers at once.
const WATCHERS: usize = 16;
/// Events that a slow watcher may be behind before it loses some.
const BEHIND: usize = 256;
/// Longest name of a client that is kept, in characters.
const AGENT: usize = 160;

/// One EC2 request that was answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Event {
    /// Number of the event, from 1, in the order of the answers.
    pub id: u64,
    /// When the request came, in milliseconds since 1970.
    pub at: i64,
    /// EC2's request id, as the client got it.
    pub request_id: String,
    /// EC2 action; `null` when the request was refused before it was read.
    pub action: Option<String>,
    /// The client, as its `User-Agent` says.
    pub agent: Option<String>,
    /// Access key of the caller.
    pub access_key: Option<String>,
    /// Keystone project of the caller; `null` when the signature was refused.
    pub project_id: Option<String>,
    /// HTTP status of the answer.
    pub status: u16,
    /// EC2 error code; `null` for a success.
    pub error: Option<String>,
    /// Time from the request's arrival to its answer.
    pub milliseconds: f64,
    /// OpenStack calls that were made for it.
    pub calls: usize,
    /// Whether `GET /live/{id}` has the trace.
    pub traced: bool,
}

/// An event with all that is known of it.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    event: &'a Event,
    /// The request as EC2 Query text, secrets replaced; `null` when it was not traced.
    query: Option<String>,
    /// What happened; `null` when it was not traced.
    trace: Option<Trace>,
}

/// What was kept of a request while somebody watched.
pub struct Story {
    request: Ec2Request,
    /// Further secrets.
    scrub: Scrub,
    trace: Trace,
}

impl Story {
    /// The story of a request that was made with a token.
    pub fn new(request: Ec2Request, trace: Trace, token: &str) -> Self {
        Self {
            scrub: Scrub::of(&request, &[token]),
            request,
            trace,
        }
    }

    fn tell(self) -> (String, Trace) {
        let shown = self.scrub.request(&self.request);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("Action", &shown.action);
        if let Some(version) = &shown.version {
            query.append_pair("Version", version);
        }
        for leaf in &shown.leaves {
            query.append_pair(&leaf.key, &leaf.text);
        }
        (query.finish(), self.scrub.trace(self.trace))
    }
}

/// The last events and those who watch them.
pub struct Live {
    access: Access,
    watchers: AtomicUsize,
    ring: Mutex<Ring>,
    /// `None` once the server stops: then every stream ends.
    sender: Mutex<Option<broadcast::Sender<String>>>,
}

impl Live {
    /// Nothing yet.
    pub fn new(access: Access) -> Self {
        Self {
            access,
            watchers: AtomicUsize::new(0),
            ring: Mutex::default(),
            sender: Mutex::new(Some(broadcast::Sender::new(BEHIND))),
        }
    }

    /// Whether somebody watches, so that traces are worth their making.
    pub fn is_watched(&self) -> bool {
        self.watchers.load(Ordering::Relaxed) > 0
    }

    /// Keeps an event and tells it to the watchers.
    pub fn publish(&self, mut event: Event, story: Option<Story>) {
        if self.access == Access::Nobody {
            return;
        }
        event.agent = event.agent.map(|agent| agent.chars().take(AGENT).collect());
        event.traced = story.is_some();
        let (query, trace) = story.map(Story::tell).unzip();
        // The number is given and told under one lock, so that watchers see numbers in their order.
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        event.id = ring.next_id();
        let whole = trace.is_some().then(|| {
            let whole = Whole {
                event: &event,
                query,
                trace,
            };
            serde_json::to_string(&whole).unwrap_or_default()
        });
        let told = ring.push(event, whole);
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = sender.as_ref() {
            // Nobody watching is no failure.
            let _ = sender.send(told);
        }
    }

    /// Ends every stream: the server stops.
    pub fn close(&self) {
        let mut sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        *sender = None;
    }

    fn whole(&self, id: u64) -> Option<String> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.whole(id)
    }
}

/// Answers one request below [`PREFIX`].
pub fn answer(host: &std::sync::Arc<super::Host>, request: &Request) -> Response {
    let live = &host.live;
    if let Err(why) = live.access.check(request.headers()) {
        return refusal(StatusCode::FORBIDDEN, why);
    }
    let rest = request
        .uri()
        .path()
        .strip_prefix(PREFIX)
        .unwrap_or_default();
    if rest == "events" {
        return stream::answer(host.clone(), request.headers());
    }
    let Ok(id) = rest.parse() else {
        return refusal(
            StatusCode::NOT_FOUND,
            "There are /live/events and /live/{id}, the id of an event.",
        );
    };
    match live.whole(id) {
        Some(json) => secured(([(header::CONTENT_TYPE, "application/json")], json).into_response()),
        None => refusal(
            StatusCode::NOT_FOUND,
            "There is no such event any more; only the last ones are kept.",
        ),
    }
}

fn refusal(status: StatusCode, why: &'static str) -> Response {
    secured(
        (
            status,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            format!("{why}\n"),
        )
            .into_response(),
    )
}

/// Nothing here is for caches, frames or pages of others; no CORS header is ever sent.
fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
