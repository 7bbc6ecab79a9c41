//! From an EC2 request to OpenStack calls and back to the EC2 answer; sans-IO.
#![deny(missing_docs)]

pub mod trace;

use ec2_wire::{Ec2Error, Ec2Request};
use openstack_wire::{Call, Reply};

/// What holds for one request from outside it: who asks, where, when.
#[derive(Clone, Debug)]
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

/// One request under way. Drive it:
///
/// ```ignore
/// let mut run = Translation::new(&rules, request, context, Tracing::On);
/// let outcome = loop {
///     match run.poll() {
///         Step::Calls(calls) => for (id, call) in calls { run.reply(id, cloud(call)); },
///         Step::Done(outcome) => break outcome,
///     }
/// };
/// let trace = run.trace();
/// ```
pub struct Translation<'r> {
    _rules: std::marker::PhantomData<&'r ()>,
}

/// Whether the story of the request is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracing {
    /// Ledger states only.
    Off,
    /// Everything: links, replies, provenance.
    On,
}

impl<'r> Translation<'r> {
    /// Starts a translation; issues nothing yet.
    pub fn new(_rules: &'r rules::Rules, _request: Ec2Request, _context: Context, _tracing: Tracing) -> Self {
        unimplemented!("the engine is being written")
    }

    /// What to do next.
    pub fn poll(&mut self) -> Step {
        unimplemented!("the engine is being written")
    }

    /// Hands in the reply to a call of the last step.
    pub fn reply(&mut self, _id: u32, _reply: Reply) {}

    /// The story so far.
    pub fn trace(&self) -> trace::Trace {
        unimplemented!("the engine is being written")
    }
}
