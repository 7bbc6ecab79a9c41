//! What is no rule but data: tables, kinds of id, gaps, and the actions without a rule.

use serde_json::Value;

use crate::At;

/// A table: OpenStack's word to EC2's.
#[derive(Clone, Debug)]
pub struct Table {
    /// Where.
    pub at: At,
    /// `instance-state`.
    pub name: String,
    /// Rows by first key, or by `first/second` where the table has two keys; `*` as second key is any.
    pub rows: Vec<(String, Value, At)>,
    /// For every other key.
    pub otherwise: Option<Value>,
}

/// A kind of EC2 id.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// Where.
    pub at: At,
    /// Prefix: `vol`.
    pub prefix: String,
    /// EC2 resource type in tag filters: `volume`.
    pub resource_type: String,
    /// Service type.
    pub service: String,
    /// Path of one such resource, without the id: `/volumes`.
    pub path: String,
    /// Code for an id that names nothing.
    pub not_found: String,
    /// What is said of an id that names nothing, with `{id}` in it; EC2 words it differently from kind to kind.
    pub missing: Option<String>,
    /// Code for an id that is none.
    pub malformed: String,
    /// Neutron collection, `routers`.
    pub collection: Option<String>,
    /// Where tags live: `metadata`, `properties`, `tags`; none where it takes no tags.
    pub tags_in: Option<String>,
    /// Prefix under which tags are kept.
    pub tag_prefix: String,
}

/// Something OpenStack lacks.
#[derive(Clone, Debug, Default)]
pub struct Gap {
    /// Where.
    pub at: At,
    /// `tag-volumes-at-launch`.
    pub gap: String,
    /// One line.
    pub title: String,
    /// OpenStack projects: `nova`, `cinder`.
    pub services: Vec<String>,
    /// What EC2 does.
    pub what: String,
    /// What to do today.
    pub today: String,
    /// What would have to be built.
    pub would_need: String,
    /// Bugs, blueprints, specs; empty: none known.
    pub upstream: Vec<String>,
}

/// An EC2 action without a rule.
#[derive(Clone, Debug, Default)]
pub struct FurtherAction {
    /// Where.
    pub at: At,
    /// `AcceptVpcPeeringConnection`.
    pub action: String,
    /// What it has in common with others: `VPC peering`.
    pub family: String,
    /// What is known of a mapping.
    pub verdict: String,
    /// Why, in a sentence; for a gap without its own sentence: the gap's title.
    pub reason: String,
    /// Gap that explains it.
    pub gap: Option<String>,
}
