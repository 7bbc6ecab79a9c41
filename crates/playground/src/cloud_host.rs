//! Where the cloud of the page is held: the session asks a [`CloudHost`] for clouds and does not know whose memory they
//! lie in.
//!
//! Tests, and a page of one piece, hold them in this program ([`Here`]). The built page holds them in its second program,
//! which arrives after the first paint; until then a session has no host, and shows what can be said without a cloud.

use std::rc::Rc;

use openstack_wire::{Call, Reply};
use rules::Rules;
use simcloud::{Cloud, View};

use crate::bench::Bench;

/// Makes clouds.
pub trait CloudHost {
    /// A cloud with its first furniture; the same seed and the same calls give the same ids. `now` is in milliseconds
    /// since the epoch.
    fn cloud(&self, seed: u64, now: i64) -> Box<dyn HostedCloud>;

    /// All rules, if this program begins with few and the host has the others.
    fn rules(&self) -> Option<Rules> {
        None
    }

    /// Where rules are edited, if it has that too.
    fn bench(&self) -> Option<Rc<dyn Bench>> {
        None
    }
}

/// A cloud, held somewhere until it is dropped.
pub trait HostedCloud {
    /// A copy that goes on by itself.
    fn fork(&self) -> Box<dyn HostedCloud>;

    /// What the cloud answers to a call at that time.
    fn handle(&mut self, call: &Call, now: i64) -> Reply;

    /// A token for a user in a project; empty if there is no such user, project or role.
    fn token(&mut self, user: &str, project: &str, now: i64) -> String;

    /// The user id and the project id that an access key stands for; empty if nobody owns it.
    fn owner(&self, access_key: &str) -> (String, String);

    /// Sets a limit of a project; -1 is no limit.
    fn set_quota(&mut self, project: &str, service: &str, name: &str, limit: i64);

    /// Everything there is, for a drawing, as of the last call.
    fn view(&self) -> View;
}

/// Holds clouds in this program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Here;

impl Here {
    /// As a host that is handed about.
    pub fn host() -> Rc<dyn CloudHost> {
        Rc::new(Self)
    }
}

impl CloudHost for Here {
    fn cloud(&self, seed: u64, now: i64) -> Box<dyn HostedCloud> {
        Box::new(Cloud::new(seed, now))
    }
}

impl HostedCloud for Cloud {
    fn fork(&self) -> Box<dyn HostedCloud> {
        Box::new(self.clone())
    }

    fn handle(&mut self, call: &Call, now: i64) -> Reply {
        Cloud::handle(self, call, now)
    }

    fn token(&mut self, user: &str, project: &str, now: i64) -> String {
        self.issue_token(user, project, now).unwrap_or_default()
    }

    fn owner(&self, access_key: &str) -> (String, String) {
        self.ec2_owner(access_key).unwrap_or_default()
    }

    fn set_quota(&mut self, project: &str, service: &str, name: &str, limit: i64) {
        Cloud::set_quota(self, project, service, name, limit);
    }

    fn view(&self) -> View {
        Cloud::view(self)
    }
}
