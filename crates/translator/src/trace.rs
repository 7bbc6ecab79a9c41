//! What happened to a request, as data: the page, the command line and the gateway's live view all read this.

use ec2_wire::{Ec2Error, Span};
use openstack_wire::{Call, Reply};
use serde::{Deserialize, Serialize};

/// Remarks on what of the request the values of a call come from: `ImageId ami-1 is server.imageRef`.
pub fn origins(call: &TracedCall, ledger: &[LedgerRow]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for link in &call.links {
        let place = match &link.to {
            Place::Path { .. } => "in the path".to_owned(),
            Place::Query { index, .. } => match call.call.query.get(*index) {
                Some((name, _)) => format!("the query's {name}"),
                None => continue,
            },
            Place::Body { pointer, .. } => dotted(pointer),
            _ => continue,
        };
        for from in &link.from {
            let Place::Request { pointer } = from else {
                continue;
            };
            // A value may be made of a whole list or structure; its rows stand below it.
            let below = format!("{pointer}/");
            let rows = ledger.iter().filter(|row| {
                let of = row.pointer.as_deref().unwrap_or_default();
                of == pointer || of.starts_with(&below)
            });
            for row in rows {
                let value: String = row.text.chars().take(LONGEST).collect();
                let cut = if row.text.chars().nth(LONGEST).is_some() {
                    "…"
                } else {
                    ""
                };
                let remark = format!("{} {value}{cut} is {place}", row.key);
                if found.len() < MOST && !found.contains(&remark) {
                    found.push(remark);
                }
            }
        }
    }
    found
}

/// Most remarks on one call.
const MOST: usize = 24;
/// Most characters of a value in a remark.
const LONGEST: usize = 60;

fn dotted(pointer: &str) -> String {
    let parts = pointer.split('/').skip(1);
    let parts: Vec<String> = parts
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    match parts.is_empty() {
        true => "the body".into(),
        false => parts.join("."),
    }
}

/// The whole story of one request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// EC2 action.
    pub action: String,
    /// One row for every scalar of the request, in its order.
    pub ledger: Vec<LedgerRow>,
    /// Calls in the order they were issued.
    pub calls: Vec<TracedCall>,
    /// The answer to the client, once there is one.
    pub answer: Option<Answer>,
}

/// What becomes of one parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// JSON pointer into the request's parameters; `None` for a parameter the model does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Wire key, `BlockDeviceMapping.1.Ebs.VolumeSize`.
    pub key: String,
    /// Value as text; sensitive values are replaced.
    pub text: String,
    /// Where the value stands in the pasted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The one state.
    pub state: LedgerState,
    /// Why, in a sentence; always there unless `mapped`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The gap that explains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
    /// Rule line that decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleLine>,
}

/// The state of a parameter; exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerState {
    /// OpenStack is told, or the answer depends on it.
    Mapped,
    /// Told in part, or with another meaning; the reason says what is lost.
    Lossy,
    /// Safe to leave out, for the reason given.
    Ignored,
    /// The request was refused because of it.
    Refused,
    /// OpenStack has no such concept; `gap` names the dossier.
    Gap,
    /// No rule mentions it.
    Unknown,
}

/// A line of a rule file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleLine {
    /// Path below the rules folder, `instance/RunInstances.yaml`.
    pub file: String,
    /// 1-based line.
    pub line: u32,
}

/// Why a call was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Changes nothing.
    Read,
    /// Changes the cloud.
    Change,
    /// Takes a change back after a later one failed.
    Undo,
}

/// One call with its reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TracedCall {
    /// Number of the call within the trace, from 0.
    pub id: u32,
    /// Name in the rule: `ports`.
    pub name: String,
    /// Calls with the same number were issued together.
    pub round: u32,
    /// Why it was issued.
    pub phase: Phase,
    /// The call itself.
    pub call: Call,
    /// The reply, once it is there; hidden members replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// How the rule took an error reply: `nothing`, `fine`, or the EC2 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Where each part of the call came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Rule line of the call.
    pub rule: RuleLine,
}

/// A value and the values it was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// The value made.
    pub to: Place,
    /// The values read for it; empty for a constant of the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Place>,
    /// The rule line that made it.
    pub rule: RuleLine,
}

/// A place that a value can stand in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "kebab-case")]
pub enum Place {
    /// A parameter of the EC2 request.
    Request {
        /// JSON pointer into the parameters.
        pointer: String,
    },
    /// The path of a call; the n-th `{…}` of the rule's request line.
    Path {
        /// The call.
        call: u32,
        /// Byte range in the call's path.
        span: Span,
    },
    /// A query pair of a call.
    Query {
        /// The call.
        call: u32,
        /// Index into the call's query pairs.
        index: usize,
    },
    /// A value in the body of a call.
    Body {
        /// The call.
        call: u32,
        /// JSON pointer into the body.
        pointer: String,
    },
    /// A value in the body of a reply.
    Reply {
        /// The call replied to.
        call: u32,
        /// JSON pointer into the reply's body.
        pointer: String,
    },
    /// A value of the context: project, region, time.
    Context {
        /// Its name.
        name: String,
    },
    /// A leaf of the EC2 answer.
    Answer {
        /// JSON pointer by boto3 names: `/Reservations/0/Instances/0/InstanceId`.
        pointer: String,
    },
}

/// The EC2 answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The XML document, error documents included; not indented.
    pub xml: String,
    /// The error, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Ec2Error>,
    /// Each leaf of the answer, in document order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaves: Vec<AnswerLeaf>,
    /// EC2 elements of the answer's shape that no row of the rule fills: the response gaps, as dotted paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfilled: Vec<String>,
    /// Undos that failed, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_behind: Vec<String>,
}

/// One leaf of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerLeaf {
    /// JSON pointer by boto3 names.
    pub pointer: String,
    /// Byte range of its text in the XML.
    pub span: Span,
    /// The values it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Place>,
    /// The rule line that made it.
    pub rule: RuleLine,
}
