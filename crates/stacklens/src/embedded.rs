//! The cloud inside the program, and who may use it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use openstack_wire::{Call, Reply};
use simcloud::Cloud;

use crate::clock;
use crate::driver::Answerer;

/// Region of the embedded cloud.
pub const REGION: &str = "RegionOne";
/// User and project that the demo credentials belong to.
pub const DEMO: &str = "demo";

/// Seed of the embedded cloud; the same ids in every run, so that documentation can name them.
const SEED: u64 = 1;

/// The embedded cloud, shared by everything that talks to it. The lock is held for one call at a time.
#[derive(Debug)]
pub struct Embedded {
    cloud: Mutex<Cloud>,
    access_key: String,
    secret_key: String,
}

/// An EC2 credential of the embedded cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The secret that signs.
    pub secret: String,
    /// Keystone user.
    pub user_id: String,
    /// Keystone project.
    pub project_id: String,
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

impl Embedded {
    /// A fresh cloud that takes one credential besides those made in it.
    pub fn new(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self {
            cloud: Mutex::new(Cloud::new(SEED, clock::now())),
            access_key: access_key.into(),
            secret_key: secret_key.into(),
        }
    }

    /// The credential of an access key.
    pub fn credential(&self, access_key: &str) -> Option<Credential> {
        let cloud = self.lock();
        if access_key == self.access_key {
            let (user_id, project_id) = cloud.ids_of(DEMO, DEMO)?;
            return Some(Credential {
                secret: self.secret_key.clone(),
                user_id,
                project_id,
            });
        }
        let found = cloud.ec2_credential(access_key)?;
        // The cloud's own demo credential is the one that the options replace.
        (access_key != DEMO).then(|| Credential {
            secret: found.secret,
            user_id: found.user_id,
            project_id: found.project_id,
        })
    }

    /// Acts for the owner of a credential.
    pub fn caller(&self, credential: &Credential) -> Caller {
        let token =
            self.lock()
                .issue_token(&credential.user_id, &credential.project_id, clock::now());
        Caller {
            token,
            user_id: credential.user_id.clone(),
            project_id: credential.project_id.clone(),
        }
    }

    /// Acts for the demo user.
    pub fn demo(&self) -> Option<Caller> {
        self.credential(&self.access_key)
            .map(|credential| self.caller(&credential))
    }

    /// One call as it stands; the token is among its headers, if any.
    pub fn handle(&self, call: &Call) -> Reply {
        self.lock().handle(call, clock::now())
    }

    fn lock(&self) -> MutexGuard<'_, Cloud> {
        // A panic while the lock was held cannot leave the cloud half-changed in a way worse than refusing all service.
        self.cloud.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
            replies.push(self.cloud.handle(&call));
            // Others get their turn between two calls of one request.
            tokio::task::yield_now().await;
        }
        replies
    }
}
