//! What an action asks of a cloud, as its rule says: the calls that it may make.

use std::collections::BTreeSet;

use openstack_wire::Method;

use crate::engine::Engine;
use crate::plan::{CallPlan, MeaningPlan, PiecePlan, Tree};

/// A call that an action may make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCall {
    /// Its name in the rule.
    pub name: String,
    /// Service type.
    pub service: String,
    /// Method.
    pub method: Method,
    /// The segments of its path that are the same for every request: `v2.0`, `routers`.
    pub segments: Vec<String>,
    /// The members of its body.
    pub members: BTreeSet<String>,
    /// Microversion that it is written for.
    pub microversion: Option<String>,
    /// Whether the action goes on when the cloud does not know the path.
    pub is_optional: bool,
}

impl Engine {
    /// The calls that an action may make, those of its views included; empty for an action without a rule.
    ///
    /// ```
    /// let engine = translator::Engine::new(rules::Rules::built_in().clone());
    /// let calls = engine.planned_calls("DescribeKeyPairs");
    /// assert!(calls.iter().any(|call| call.service == "compute" && call.segments == ["os-keypairs"]));
    /// assert!(engine.planned_calls("CreateMoon").is_empty());
    /// ```
    pub fn planned_calls(&self, action: &str) -> Vec<PlannedCall> {
        let Some(Ok(plan)) = self.plan(action) else {
            return Vec::new();
        };
        plan.calls
            .iter()
            .map(|call| planned(call, &self.rules().microversions))
            .collect()
    }
}

fn planned(call: &CallPlan, versions: &std::collections::BTreeMap<String, String>) -> PlannedCall {
    let request = &call.request;
    let path: String = request
        .path
        .iter()
        .map(|piece| match piece {
            PiecePlan::Literal(text) => text,
            PiecePlan::Ex(_) => "{}",
        })
        .collect();
    let mut members = BTreeSet::new();
    if let Some(body) = &request.body {
        collect(body, &mut members);
    }
    PlannedCall {
        name: call.name.to_string(),
        service: request.service.clone(),
        method: request.method,
        segments: path
            .split('/')
            .filter(|segment| !segment.is_empty() && !segment.contains('{'))
            .map(str::to_owned)
            .collect(),
        members,
        microversion: request
            .microversion
            .clone()
            .or_else(|| versions.get(&request.service).cloned()),
        is_optional: call.faults.iter().any(|fault| {
            fault.row.status == Some(404)
                && fault.row.pattern.is_none()
                && matches!(fault.meaning, MeaningPlan::Nothing | MeaningPlan::Fine)
        }),
    }
}

fn collect(tree: &Tree, members: &mut BTreeSet<String>) {
    match tree {
        Tree::Object(fields) => {
            for (name, value) in fields {
                members.extend(name.as_deref().map(str::to_owned));
                collect(value, members);
            }
        }
        Tree::List(entries) => entries.iter().for_each(|entry| collect(entry, members)),
        Tree::Block(block) => collect(&block.item, members),
        Tree::Ex(..) | Tree::Constant(..) => {}
    }
}
