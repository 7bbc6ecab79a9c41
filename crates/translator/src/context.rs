//! What goes in beside the request, and what comes out.

use ec2_wire::Ec2Error;
use openstack_wire::Call;

/// What EC2 launches when a request names no instance type, and many clouds have a flavor of that name.
pub const DEFAULT_INSTANCE_TYPE: &str = "m1.small";

/// What holds for one request from outside it: who asks, where, when.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Keystone project.
    pub project_id: String,
    /// Keystone user.
    pub user_id: String,
    /// Region name.
    pub region: String,
    /// Milliseconds since the epoch.
    pub now: i64,
    /// Seed of every id the translation makes up.
    pub seed: u64,
    /// What losses do.
    pub fidelity: Fidelity,
    /// Id for the answer's `requestId`.
    pub request_id: String,
    /// Neutron network for elastic IPs and gateways, where there are several.
    pub external_network: Option<String>,
    /// Flavor for a RunInstances without InstanceType.
    pub default_instance_type: Option<String>,
    /// Router that is the default VPC.
    pub default_vpc: Option<String>,
}

/// What a loss, a gap or an unknown parameter does to a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fidelity {
    /// Refuse the request.
    Strict,
    /// Go on, and say so.
    #[default]
    Warn,
    /// Go on.
    BestEffort,
}

/// What the translation wants next.
#[derive(Debug)]
pub enum Step {
    /// Issue these together, hand each reply in.
    Calls(Vec<(u32, Call)>),
    /// Let so much time pass, then poll again: something is asked until it is so.
    Wait {
        /// How long.
        milliseconds: u64,
    },
    /// Finished: the answer.
    Done(Outcome),
}

/// The end of a translation.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// HTTP status for the EC2 client.
    pub status: u16,
    /// The XML document.
    pub xml: String,
    /// The error, if it is one.
    pub error: Option<Ec2Error>,
}

/// Whether the story of the request is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracing {
    /// Ledger states only.
    Off,
    /// Everything: links, replies, provenance.
    On,
}
