//! Tags of network resources.

use openstack_wire::Method;
use serde_json::json;

use super::{collections::Collection, validate};
use crate::{
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

impl Cloud {
    pub(super) fn network_tags(
        &mut self,
        request: &Request,
        collection: &'static Collection,
        id: &str,
        rest: &[&str],
    ) -> Handled {
        let known = self
            .network
            .get(collection.many, id)
            .ok_or_else(|| super::unknown(collection, id))?;
        let (verb, allowed) = match request.method {
            Method::Get => ("get", self.visible(request, collection.many, known)),
            Method::Post => ("create", request.owns(&known.project)),
            Method::Delete => ("delete", request.owns(&known.project)),
            _ => ("update", request.owns(&known.project)),
        };
        if !allowed {
            return Err(Fault::typed(
                403,
                "PolicyNotAuthorized",
                format!(
                    "rule:{verb}_{}:tags is disallowed by policy",
                    collection.one
                ),
            ));
        }
        let mut tags = known.texts("tags");
        let answer = match (request.method, rest) {
            (Method::Get, []) => return Ok(Answer::ok(json!({"tags": tags}))),
            (Method::Put, []) => {
                let given = request
                    .body
                    .get("tags")
                    .ok_or_else(|| validate::invalid_operation("Invalid tags body"))?;
                tags = validate::tags(given)?;
                Answer::ok(json!({"tags": tags}))
            }
            (Method::Post, []) => {
                let given = request
                    .body
                    .get("tags")
                    .ok_or_else(|| validate::invalid_operation("Invalid tags body"))?;
                let given = validate::tags(given)?;
                for tag in &given {
                    if !tags.contains(tag) {
                        tags.push(tag.clone());
                    }
                }
                Answer::ok(json!({"tags": given}))
            }
            (Method::Delete, []) => {
                tags.clear();
                Answer::empty(204)
            }
            (Method::Get, [tag]) => {
                return if tags.iter().any(|one| one == tag) {
                    Ok(Answer::empty(204))
                } else {
                    Err(absent(tag))
                };
            }
            (Method::Put, [tag]) => {
                if tag.contains('/') {
                    return Err(Fault::no_route());
                }
                validate::tags(&json!([tag]))?;
                if !tags.iter().any(|one| one == tag) {
                    tags.push((*tag).to_owned());
                }
                Answer::new(201, serde_json::Value::Null)
            }
            (Method::Delete, [tag]) => {
                // An encoded slash is decoded before the path is split, so such a tag has no address.
                if tag.contains('/') {
                    return Err(Fault::no_route());
                }
                if !tags.iter().any(|one| one == tag) {
                    return Err(absent(tag));
                }
                tags.retain(|one| one != tag);
                Answer::empty(204)
            }
            (_, [] | [_]) => return Err(Fault::no_method()),
            _ => return Err(Fault::no_route()),
        };
        tags.sort();
        if let Some(object) = self.network.get_mut(collection.many, id) {
            object.set("tags", tags);
        }
        self.touch(collection.many, id);
        Ok(answer)
    }
}

fn absent(tag: &str) -> Fault {
    Fault::typed(404, "TagNotFound", format!("Tag {tag} could not be found."))
}
