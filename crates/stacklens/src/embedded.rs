//! The cloud inside the program, and who may use it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use openstack_wire::{Call, Method, Reply};
use serde_json::Value;
use simcloud::Cloud;

use crate::clock;
use crate::driver::Answerer;

/// Region of the embedded cloud.
pub const REGION: &str = "RegionOne";
/// User, project, access key and secret of the demo.
pub const DEMO: &str = "demo";

/// Seed of the embedded cloud; the same ids in every run, so that documentation can name them.
const SEED: u64 = 1;
/// How long a token is used again, in milliseconds; the cloud's tokens live for an hour.
const TOKEN: i64 = 10 * 60 * 1000;

/// The embedded cloud, shared by everything that talks to it. The lock is held for one call at a time.
#[derive(Debug)]
pub struct Embedded {
    cloud: Mutex<Cloud>,
    access_key: String,
    secret_key: String,
    /// Callers by access key, with the time of their token.
    callers: Mutex<HashMap<String, (Caller, i64)>>,
}

/// Somebody who proved who they are.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Keystone token.
    token: String,
    /// Keystone user.
    pub user_id: String,
    /// Keystone project.
    pub project_id: String,
}

impl Caller {
    /// Keystone token.
    pub fn token(&self) -> &str {
        &self.token
    }
}

/// An HTTP request to the embedded OpenStack.
#[derive(Debug)]
pub struct HttpRequest {
    /// Method.
    pub method: Method,
    /// Path below the base address, percent-encoded: `/compute/v2.1/servers`.
    pub path: String,
    /// Query pairs, decoded.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// JSON body.
    pub body: Option<Value>,
}

impl Embedded {
    /// A fresh cloud that takes one credential for its demo user besides those made in it.
    pub fn new(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self {
            cloud: Mutex::new(Cloud::new(SEED, clock::now())),
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            callers: Mutex::default(),
        }
    }

    /// Sets the address that links and the catalogue begin with.
    pub fn set_base_url(&self, url: &str) {
        lock(&self.cloud).set_base_url(url);
    }

    /// The secret of an access key.
    pub fn secret(&self, access_key: &str) -> Option<String> {
        if access_key == self.access_key {
            return Some(self.secret_key.clone());
        }
        // The cloud has a demo key of its own, which the one that was given replaces.
        let known = access_key != DEMO;
        known
            .then(|| lock(&self.cloud).ec2_secret(access_key).map(str::to_owned))
            .flatten()
    }

    /// Acts for the owner of an access key; `None` if there is none.
    pub fn caller(&self, access_key: &str) -> Option<Caller> {
        let now = clock::now();
        let key = if access_key == self.access_key {
            DEMO
        } else {
            access_key
        };
        let mut cloud = lock(&self.cloud);
        let (user_id, project_id) = cloud.ec2_owner(key)?;
        let mut callers = lock(&self.callers);
        if let Some((caller, made)) = callers.get(key)
            && (0..TOKEN).contains(&(now - made))
            && (&caller.user_id, &caller.project_id) == (&user_id, &project_id)
        {
            return Some(caller.clone());
        }
        let token = cloud.issue_token(key, &project_id, now)?;
        let caller = Caller {
            token,
            user_id,
            project_id,
        };
        callers.insert(key.to_owned(), (caller.clone(), now));
        Some(caller)
    }

    /// Answers a request of the cloud's own HTTP clients.
    pub fn handle_http(&self, request: HttpRequest) -> Reply {
        let HttpRequest {
            method,
            path,
            query,
            headers,
            body,
        } = request;
        lock(&self.cloud).handle_http(method, &path, query, headers, body, clock::now())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Going on with what a panic left behind is better than refusing all service.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The embedded cloud as one caller sees it.
#[derive(Clone, Copy, Debug)]
pub struct As<'a> {
    /// The cloud.
    pub cloud: &'a Embedded,
    /// The caller.
    pub caller: &'a Caller,
}

impl Answerer for As<'_> {
    async fn answer_all(&self, calls: Vec<Call>, _patience: Duration) -> Vec<Reply> {
        let mut replies = Vec::with_capacity(calls.len());
        for mut call in calls {
            call.headers
                .push(("X-Auth-Token".to_owned(), self.caller.token.clone()));
            replies.push(lock(&self.cloud.cloud).handle(&call, clock::now()));
            // Others get their turn between two calls of one request.
            tokio::task::yield_now().await;
        }
        replies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_given_key_is_the_demo_users_and_replaces_the_demo_key() {
        let cloud = Embedded::new("mine", "hidden");
        assert_eq!(cloud.secret("mine").as_deref(), Some("hidden"));
        assert_eq!(cloud.secret("demo"), None);
        assert_eq!(cloud.secret("nobody"), None);
        let (mine, demo) = (
            cloud.caller("mine").unwrap(),
            Embedded::new(DEMO, DEMO).caller(DEMO).unwrap(),
        );
        assert_eq!(
            (mine.user_id, mine.project_id),
            (demo.user_id, demo.project_id)
        );
    }

    #[test]
    fn a_token_serves_many_requests() {
        let cloud = Embedded::new(DEMO, DEMO);
        assert_eq!(
            cloud.caller(DEMO).unwrap().token,
            cloud.caller(DEMO).unwrap().token
        );
        assert!(cloud.caller("nobody").is_none());
    }
}
