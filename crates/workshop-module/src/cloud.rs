//! The simulated cloud, as the first program reaches it.
//!
//! Times are numbers of JavaScript: milliseconds since the epoch.

use openstack_wire::{Call, Reply};
use simcloud::Cloud;
use wasm_bindgen::prelude::wasm_bindgen;

/// A cloud that lies in this program's memory until it is freed.
#[wasm_bindgen]
pub struct HeldCloud(Cloud);

/// A reply, taken over part by part.
#[wasm_bindgen]
pub struct HeldReply(Reply);

/// A cloud with its first furniture.
#[wasm_bindgen]
pub fn cloud(seed: u32, now: f64) -> HeldCloud {
    HeldCloud(Cloud::new(u64::from(seed), now as i64))
}

#[wasm_bindgen]
impl HeldCloud {
    /// A copy that goes on by itself.
    pub fn fork(&self) -> Self {
        Self(self.0.clone())
    }

    /// What the cloud answers to a call, given as JSON.
    pub fn handle(&mut self, call: &str, now: f64) -> HeldReply {
        HeldReply(match serde_json::from_str::<Call>(call) {
            Ok(call) => self.0.handle(&call, now as i64),
            Err(error) => Reply {
                status: 500,
                headers: Vec::new(),
                body: format!("the call did not arrive whole: {error}"),
            },
        })
    }

    /// A token for a user in a project; empty if there is no such user, project or role.
    pub fn token(&mut self, user: &str, project: &str, now: f64) -> String {
        self.0
            .issue_token(user, project, now as i64)
            .unwrap_or_default()
    }

    /// The user id and the project id of an access key, with a space between; empty if nobody owns it.
    pub fn owner(&self, access_key: &str) -> String {
        self.0
            .ec2_owner(access_key)
            .map(|(user, project)| format!("{user} {project}"))
            .unwrap_or_default()
    }

    /// Sets a limit of a project; -1 is no limit.
    pub fn set_quota(&mut self, project: &str, service: &str, name: &str, limit: i32) {
        self.0.set_quota(project, service, name, i64::from(limit));
    }

    /// Everything there is, for a drawing, as JSON.
    pub fn view(&self) -> String {
        serde_json::to_string(&self.0.view()).unwrap_or_default()
    }
}

#[wasm_bindgen]
impl HeldReply {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// Names and values as JSON.
    pub fn headers(&self) -> String {
        serde_json::to_string(&self.0.headers).unwrap_or_default()
    }

    /// The body; it can be taken once. As bytes, because text would be recoded twice on its way.
    pub fn body(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0.body).into_bytes()
    }
}
