//! A small OpenStack in memory: Keystone, Nova, Neutron, Cinder and Glance as a plain project member meets them.
//!
//! [`Cloud::handle`] takes a call and the time, and answers what those services would answer: the same bodies, the same
//! refusals in the same words, the same silences. There is no network, no clock, no thread and no chance in here: ids come
//! from a seed and a counter, and what takes time (a server that builds, a volume that is attached) is settled when the
//! next call comes with a later time.
//!
//! It is held to the real thing: `tests/likeness` sends the same calls to both, and lists what may differ with the reason.
//!
//! It has no hypervisor, no switch and no disks: servers run nothing, and images hold no bytes.
//!
//! ```
//! use openstack_wire::{Call, Method};
//!
//! let mut cloud = simcloud::Cloud::new(1, 1_800_000_000_000);
//! let token = cloud.issue_token("demo", "demo", 1_800_000_000_000).expect("the demo user exists");
//! let call = Call {
//!     method: Method::Get,
//!     service: "compute".into(),
//!     path: "/flavors".into(),
//!     query: vec![],
//!     microversion: None,
//!     body: None,
//!     content_type: None,
//!     headers: vec![("X-Auth-Token".into(), token)],
//! };
//! let reply = cloud.handle(&call, 1_800_000_000_000);
//! assert_eq!(reply.status, 200);
//! assert!(reply.body.contains("m1.tiny"));
//! ```
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod block_storage;
mod clock;
mod cloud;
mod compute;
mod fault;
mod http;
mod identity;
mod ids;
mod image;
mod limits;
mod network;
mod order;
mod populate;
mod python;
mod query;
mod request;
mod schema;
mod seed;
mod table;
mod view;

pub use cloud::Cloud;
pub use http::Unread;
pub use view::{
    FloatingIpView, NetworkView, PortView, RouterView, SecurityGroupView, ServerView, SubnetView,
    View, VolumeView,
};
