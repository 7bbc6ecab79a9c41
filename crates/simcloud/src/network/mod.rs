//! Neutron: networks, subnets, pools, routers, ports, security groups, floating IPs, tags.

mod address_groups;
mod addresses;
mod attributes;
pub(crate) mod collections;
mod extensions;
mod floating_ips;
mod interfaces;
mod list;
mod pools;
pub(crate) mod ports;
mod quotas;
mod routers;
mod routes;
mod rules;
pub(crate) mod security_groups;
pub(crate) mod state;
mod subnets;
mod tags;
mod validate;

use openstack_wire::Method;
use serde_json::{Map, Value, json};

use self::{collections::Collection, state::Object};
use crate::{
    clock,
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

impl Cloud {
    pub(crate) fn handle_network(&mut self, request: &Request) -> Handled {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        let (first, rest) = match path.split_first() {
            None => {
                return Ok(Answer::ok(crate::identity::versions::network(
                    &request.endpoint,
                )));
            }
            Some((&"v2.0", rest)) => match rest.split_first() {
                None => {
                    return Ok(Answer::ok(crate::identity::versions::network_resources(
                        &request.endpoint,
                    )));
                }
                Some((first, rest)) => (*first, rest),
            },
            Some(_) => return Err(Fault::no_route()),
        };
        if let Some(answer) = self.fixed_network_lists(request, first, rest) {
            return answer;
        }
        let collection = Collection::at(first).ok_or_else(Fault::no_route)?;
        if first == "security-groups" {
            self.ensure_default_group(&request.caller.project.clone());
        }
        match (request.method, rest) {
            (Method::Get, []) => self.list(request, collection),
            (Method::Post, []) => self.create_any(request, collection),
            (Method::Get, [id]) => {
                let object = self.seen(request, collection, id)?;
                Ok(Answer::ok(
                    json!({collection.one: self.shown(request, collection, object)}),
                ))
            }
            (Method::Put, [id]) => self.update_any(request, collection, id),
            (Method::Delete, [id]) => self.delete_any(request, collection, id),
            (_, [id, "tags", ..]) if collection.tags => {
                self.network_tags(request, collection, id, &rest[2..])
            }
            (Method::Put, [id, action]) => match (collection.many, *action) {
                ("routers", _) => self.router_action(request, id, action),
                ("address_groups", "add_addresses" | "remove_addresses") => {
                    self.change_addresses(request, id, action)
                }
                ("subnetpools", "add_prefixes" | "remove_prefixes") => {
                    self.change_prefixes(request, id, action)
                }
                _ => Err(Fault::no_route()),
            },
            (Method::Get, ["tags", ..]) => Err(Fault::no_route()),
            (_, [] | [_]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }

    /// The object, if the caller may see it.
    pub(super) fn seen(
        &self,
        request: &Request,
        collection: &Collection,
        id: &str,
    ) -> Result<&Object, Fault> {
        self.network
            .get(collection.many, id)
            .ok_or_else(|| unknown(collection, id))
            .and_then(|object| {
                if self.visible(request, collection.many, object) {
                    Ok(object)
                } else if collection.many == "security_group_rules" {
                    // Whose rule it is, the policy finds out by the group, and says less.
                    Err(Fault::no_route())
                } else {
                    Err(unknown(collection, id))
                }
            })
    }

    /// The object, if the caller may change it.
    pub(super) fn held(
        &self,
        request: &Request,
        collection: &Collection,
        id: &str,
        verb: &str,
    ) -> Result<&Object, Fault> {
        let object = self.seen(request, collection, id)?;
        let network_owner = collection.many == "ports"
            && self
                .network
                .get("networks", object.text("network_id"))
                .is_some_and(|net| request.owns(&net.project));
        if request.owns(&object.project) || network_owner {
            return Ok(object);
        }
        let one = collection.one;
        Err(Fault::typed(
            403,
            "PolicyNotAuthorized",
            format!("rule:{verb}_{one} is disallowed by policy"),
        ))
    }

    fn create_any(&mut self, request: &Request, collection: &'static Collection) -> Handled {
        if let Some(Value::Array(list)) = request.body.get(collection.many) {
            let before = self.network.clone();
            let made = self.create_many(request, collection, list);
            if made.is_err() {
                self.network = before;
            }
            let ids = made?;
            let shown: Vec<Value> = ids
                .iter()
                .filter_map(|id| self.network.get(collection.many, id))
                .map(|object| self.shown(request, collection, object))
                .collect();
            return Ok(Answer::new(201, json!({collection.many: shown})));
        }
        let body = inner(request.body, collection.one)?;
        let id = self.create(request, collection, body)?;
        let object = self
            .network
            .get(collection.many, &id)
            .ok_or_else(|| unknown(collection, &id))?;
        Ok(Answer::new(
            201,
            json!({collection.one: self.shown(request, collection, object)}),
        ))
    }

    fn create_many(
        &mut self,
        request: &Request,
        collection: &'static Collection,
        list: &[Value],
    ) -> Result<Vec<String>, Fault> {
        if list.is_empty() {
            return Err(Fault::bad("Resources required"));
        }
        if collection.many == "security_group_rules" {
            rules::check_post(list)?;
        }
        let mut ids = Vec::new();
        for one in list {
            // Neutron takes each entry bare or wrapped in its singular name.
            let one = one.get(collection.one).unwrap_or(one);
            let body = one.as_object().ok_or_else(|| {
                Fault::bad(format!(
                    "Unable to find '{}' in request body",
                    collection.one
                ))
            })?;
            ids.push(self.create(request, collection, body)?);
        }
        Ok(ids)
    }

    fn create(
        &mut self,
        request: &Request,
        collection: &'static Collection,
        given: &Map<String, Value>,
    ) -> Result<String, Fault> {
        let mut body = validate::created(request, collection, given)?;
        let named = |key: &str| given.get(key).and_then(Value::as_str);
        let project = named("project_id")
            .or(named("tenant_id"))
            .unwrap_or(&request.caller.project)
            .to_owned();
        if !request.owns(&project) {
            return Err(Fault::bad(
                "Specifying 'project_id' other than the authenticated project in request is not allowed for the current user.",
            ));
        }
        self.check_network_quota(collection, &project)?;
        let id = self.stamp(&mut body, &project);
        let object = Object {
            id: id.clone(),
            project,
            body,
        };
        match collection.many {
            "networks" => self.network.table("networks").insert(object),
            "subnets" => self.create_subnet(request, object, given)?,
            "ports" => self.create_port(request, object, given)?,
            "routers" => self.create_router(request, object)?,
            "security_groups" => self.create_security_group(object)?,
            "security_group_rules" => self.create_rule(request, object)?,
            "floatingips" => self.create_floating_ip(request, object)?,
            "subnetpools" => self.create_pool(object, given)?,
            "address_groups" => self.create_address_group(object)?,
            many => self.network.table(many).insert(object),
        }
        Ok(id)
    }

    /// Gives a new object its id, owner and times; answers the id.
    pub(super) fn stamp(&mut self, body: &mut Map<String, Value>, project: &str) -> String {
        let (id, now) = (self.ids.uuid(), clock::zulu(self.now));
        for (key, value) in [
            ("id", id.as_str()),
            ("tenant_id", project),
            ("project_id", project),
            ("created_at", &now),
            ("updated_at", &now),
        ] {
            if body.contains_key(key) {
                body.insert(key.to_owned(), json!(value));
            }
        }
        id
    }

    /// Marks the object as changed now.
    pub(super) fn touch(&mut self, many: &str, id: &str) {
        let now = clock::zulu(self.now);
        if let Some(object) = self.network.get_mut(many, id) {
            let revision = object
                .body
                .get("revision_number")
                .and_then(Value::as_i64)
                .unwrap_or(0);
            object.set("revision_number", revision + 1);
            object.set("updated_at", now);
        }
    }

    fn update_any(
        &mut self,
        request: &Request,
        collection: &'static Collection,
        id: &str,
    ) -> Handled {
        let held = self.held(request, collection, id, "update")?;
        let status = held.body.get("status").cloned();
        let given = inner(request.body, collection.one)?;
        let mut changes = validate::changed(request, collection, given)?;
        match collection.many {
            "networks" => {}
            "subnets" => self.update_subnet(id, &mut changes)?,
            "ports" => self.update_port(request, id, &mut changes)?,
            "routers" => self.update_router(request, id, &mut changes)?,
            "security_groups" => self.update_security_group(id, &changes)?,
            "floatingips" => self.update_floating_ip(request, id, given, &mut changes)?,
            "subnetpools" => self.update_pool(id, &mut changes)?,
            _ => {}
        }
        if let Some(object) = self.network.get_mut(collection.many, id) {
            for (key, value) in changes {
                object.body.insert(key, value);
            }
        }
        self.touch(collection.many, id);
        let object = self.seen(request, collection, id)?;
        let mut shown = self.shown(request, collection, object);
        match (collection.many, &status) {
            // The layer below reports a new status only after the answer.
            ("floatingips", Some(status)) => shown["status"] = status.clone(),
            ("subnetpools", _) => pools::as_updated(&mut shown),
            _ => {}
        }
        Ok(Answer::ok(json!({collection.one: shown})))
    }

    fn delete_any(
        &mut self,
        request: &Request,
        collection: &'static Collection,
        id: &str,
    ) -> Handled {
        self.held(request, collection, id, "delete")?;
        match collection.many {
            "networks" => self.delete_network(id)?,
            "subnets" => self.delete_subnet(id)?,
            "ports" => self.delete_port(id)?,
            "routers" => self.delete_router(id)?,
            "security_groups" => self.delete_security_group(request, id)?,
            "floatingips" => self.delete_floating_ip(id),
            "subnetpools" => self.delete_pool(id)?,
            "address_groups" => self.delete_address_group(id)?,
            many => {
                self.network.remove(many, id);
            }
        }
        Ok(Answer::empty(204))
    }
}

/// The object under its singular name in a body.
fn inner<'a>(body: &'a Value, one: &str) -> Result<&'a Map<String, Value>, Fault> {
    body.get(one)
        .and_then(Value::as_object)
        .ok_or_else(|| Fault::bad(format!("Unable to find '{one}' in request body")))
}

pub(super) fn unknown(collection: &Collection, id: &str) -> Fault {
    let (kind, words) = collection.missing;
    Fault::typed(404, kind, words.replace("{}", id))
}

/// The fault for an unknown id of the collection of that plural.
pub(crate) fn unknown_in(many: &str, id: &str) -> Fault {
    Collection::of(many).map_or_else(Fault::no_route, |collection| unknown(collection, id))
}

/// Every attribute of a collection at its default.
pub(crate) fn defaults(many: &str) -> Map<String, Value> {
    let attributes = Collection::of(many).map_or(&[][..], |collection| collection.attributes);
    attributes
        .iter()
        .map(|attribute| (attribute.0.to_owned(), attribute.default()))
        .collect()
}
