//! How much a project may have.

use openstack_wire::Method;
use serde_json::{Map, Value, json};

use super::collections::{COLLECTIONS, Collection};
use crate::{
    cloud::Cloud,
    fault::Fault,
    limits::limit,
    request::{Answer, Handled, Request},
};

/// Limits that are told and set like the others, though nothing here is counted by them.
const UNCOUNTED: &[(&str, i64)] = &[("router_route", 30), ("rbac_policy", 10)];

/// Name and default of every limit that is told; -1 for collections that have none is not.
fn told() -> impl Iterator<Item = (&'static str, i64)> {
    COLLECTIONS
        .iter()
        .filter(|one| !one.many.starts_with("address_"))
        .map(|one| one.quota)
        .chain(UNCOUNTED.iter().copied())
}

impl Cloud {
    fn network_limit(&self, collection: &Collection, project: &str) -> i64 {
        limit(
            &self.network.quotas,
            &[collection.quota],
            project,
            collection.quota.0,
        )
    }

    pub(super) fn check_network_quota(
        &self,
        collection: &Collection,
        project: &str,
    ) -> Result<(), Fault> {
        let limit = self.network_limit(collection, project);
        let Ok(most) = usize::try_from(limit) else {
            return Ok(());
        };
        let used = self
            .network
            .all(collection.many)
            .filter(|object| object.project == project)
            .count();
        if used >= most {
            return Err(Fault::typed(
                409,
                "OverQuota",
                format!("Quota exceeded for resources: ['{}'].", collection.quota.0),
            ));
        }
        Ok(())
    }

    pub(super) fn network_quotas(&mut self, request: &Request, rest: &[&str]) -> Handled {
        let Some((project, rest)) = rest.split_first() else {
            return if request.caller.admin {
                let own: Vec<Value> = self
                    .network
                    .quotas
                    .keys()
                    .map(|project| self.network_quota(project))
                    .collect();
                Ok(Answer::ok(json!({"quotas": own})))
            } else {
                Ok(Answer::ok(json!({"quotas": []})))
            };
        };
        if !request.owns(project) {
            return Err(Fault::typed(
                403,
                "PolicyNotAuthorized",
                "rule:get_quota is disallowed by policy",
            ));
        }
        match (request.method, rest) {
            (Method::Get, []) => Ok(Answer::ok(json!({"quota": self.network_quota(project)}))),
            (Method::Get, ["default"]) => {
                let list: Map<String, Value> = told()
                    .map(|(name, standard)| (name.to_owned(), json!(standard)))
                    .collect();
                Ok(Answer::ok(json!({"quota": list})))
            }
            (Method::Get, ["details.json" | "details"]) => {
                let detail = |(name, standard): (&'static str, i64)| {
                    let counted = COLLECTIONS.iter().find(|one| one.quota.0 == name);
                    let used = counted.map_or(0, |one| {
                        self.network
                            .all(one.many)
                            .filter(|object| object.project == **project)
                            .count()
                    });
                    let limit = limit(&self.network.quotas, &[(name, standard)], project, name);
                    (
                        name.to_owned(),
                        json!({"limit": limit, "used": used, "reserved": 0}),
                    )
                };
                Ok(Answer::ok(
                    json!({"quota": told().map(detail).collect::<Map<_, _>>()}),
                ))
            }
            (Method::Put, []) if request.caller.admin => {
                let given = request
                    .body
                    .get("quota")
                    .and_then(Value::as_object)
                    .ok_or_else(|| Fault::bad("Unable to find 'quota' in request body"))?;
                for (name, value) in given {
                    let known = told().any(|row| row.0 == name);
                    let limit = value.as_i64().filter(|limit| *limit >= -1);
                    let (true, Some(limit)) = (known, limit) else {
                        return Err(Fault::bad(format!("Unrecognized attribute(s) '{name}'")));
                    };
                    self.network
                        .quotas
                        .entry((*project).to_owned())
                        .or_default()
                        .insert(name.clone(), limit);
                }
                Ok(Answer::ok(json!({"quota": self.network_quota(project)})))
            }
            (Method::Delete, []) if request.caller.admin => {
                self.network.quotas.remove(*project);
                Ok(Answer::empty(204))
            }
            (Method::Put | Method::Delete, []) => Err(Fault::typed(
                403,
                "PolicyNotAuthorized",
                "rule:update_quota is disallowed by policy",
            )),
            _ => Err(Fault::no_route()),
        }
    }

    fn network_quota(&self, project: &str) -> Value {
        Value::Object(
            told()
                .map(|row| {
                    let own = limit(&self.network.quotas, &[row], project, row.0);
                    (row.0.to_owned(), json!(own))
                })
                .collect(),
        )
    }
}
