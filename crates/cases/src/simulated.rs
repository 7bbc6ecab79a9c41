//! The simulated cloud as the cloud of a case.

use std::collections::HashMap;

use openstack_wire::{Call, Reply};

use crate::{Cloud, Identity, START};

/// A fresh simulated cloud; every case has its own.
pub struct Simulated {
    cloud: simcloud::Cloud,
    tokens: HashMap<String, (String, i64)>,
}

/// How long a token is used, in milliseconds: less than it holds.
const TOKEN_AGE: i64 = 30 * 60 * 1000;

impl Simulated {
    /// The cloud that every case begins with.
    pub fn new() -> Self {
        Self {
            cloud: simcloud::Cloud::new(1, START),
            tokens: HashMap::new(),
        }
    }

    fn token(&mut self, project: &str, now: i64) -> String {
        if let Some((token, since)) = self.tokens.get(project)
            && now - since < TOKEN_AGE
        {
            return token.clone();
        }
        // Every project has a member, and an access key, of its own name.
        let token = self
            .cloud
            .issue_token(project, project, now)
            .unwrap_or_default();
        self.tokens.insert(project.to_owned(), (token.clone(), now));
        token
    }
}

impl Default for Simulated {
    fn default() -> Self {
        Self::new()
    }
}

impl Cloud for Simulated {
    fn identity(&mut self, project: &str, _: i64) -> Identity {
        Identity {
            project_id: self
                .cloud
                .project_id(project)
                .unwrap_or_default()
                .to_owned(),
            user_id: self
                .cloud
                .ec2_owner(project)
                .map(|(user, _)| user)
                .unwrap_or_default(),
        }
    }

    fn handle(&mut self, project: &str, call: &Call, now: i64) -> Reply {
        let token = self.token(project, now);
        let mut call = call.clone();
        call.headers.push(("X-Auth-Token".to_owned(), token));
        self.cloud.handle(&call, now)
    }
}
