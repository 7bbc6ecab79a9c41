//! Lists: visibility, filters, fields, sorting, pages.

use openstack_wire::Method;
use serde_json::{Map, Value, json};

use super::{collections::Collection, state::Object};
use crate::{
    cloud::Cloud,
    fault::Fault,
    order, python,
    query::{encoded, truth, with_marker},
    request::{Answer, Handled, Request},
};

const CONTROLS: &[&str] = &[
    "fields",
    "sort_key",
    "sort_dir",
    "limit",
    "marker",
    "page_reverse",
    "tags",
    "tags-any",
    "not-tags",
    "not-tags-any",
    "changed_since",
];

impl Cloud {
    /// Whether the caller may see the object at all.
    pub(super) fn visible(&self, request: &Request, many: &str, object: &Object) -> bool {
        if request.owns(&object.project) {
            return true;
        }
        let network = |id: &str| self.network.get("networks", id);
        match many {
            "networks" => object.flag("shared") || object.flag("router:external"),
            "subnets" => network(object.text("network_id")).is_some_and(|net| net.flag("shared")),
            "ports" => {
                network(object.text("network_id")).is_some_and(|net| request.owns(&net.project))
            }
            "subnetpools" | "address_scopes" => object.flag("shared"),
            _ => false,
        }
    }

    /// The object as the caller sees it.
    pub(super) fn shown(
        &self,
        request: &Request,
        collection: &Collection,
        object: &Object,
    ) -> Value {
        let fields = request.params("fields");
        let mut body = Map::new();
        for attribute in collection.attributes {
            let name = attribute.0;
            let wanted = fields.is_empty() || fields.contains(&name);
            if attribute.has('x') || (attribute.has('h') && !request.caller.admin) || !wanted {
                continue;
            }
            let value = match (collection.many, name) {
                ("security_groups", "security_group_rules") => self.rules_of(request, &object.id),
                ("floatingips", "port_details") => self.port_details(object.text("port_id")),
                ("ports", "dns_assignment") => dns_assignment(object),
                ("subnets", "router:external") => json!(
                    self.network
                        .get("networks", object.text("network_id"))
                        .is_some_and(|net| net.flag("router:external"))
                ),
                // A network shows it when it is made, and later only if it leads outside.
                ("networks", "is_default")
                    if request.method != Method::Post && !object.flag("router:external") =>
                {
                    continue;
                }
                _ => object.body.get(name).cloned().unwrap_or(Value::Null),
            };
            body.insert(name.to_owned(), value);
        }
        Value::Object(body)
    }

    pub(super) fn list(&self, request: &Request, collection: &Collection) -> Handled {
        for (key, _) in request.query {
            let known = CONTROLS.contains(&key.as_str())
                || collection
                    .attribute(key)
                    .is_some_and(|attribute| attribute.has('f'))
                || (collection.many == "ports" && key == "ip_allocation");
            if !known {
                return Err(Fault::bad(format!(
                    "['{key}'] is invalid attribute for filtering"
                )));
            }
        }
        let filters = Filters::new(request)?;
        let mut rows: Vec<&Object> = self
            .network
            .all(collection.many)
            .filter(|object| self.visible(request, collection.many, object) && filters.keep(object))
            .collect();
        sort(request, collection, &mut rows)?;
        let (rows, next) = self.page(request, collection, rows)?;
        let list: Vec<Value> = rows
            .iter()
            .map(|object| self.shown(request, collection, object))
            .collect();
        let mut body = json!({collection.many: list});
        if let Some(links) = next {
            body[format!("{}_links", collection.many)] = links;
        }
        Ok(Answer::ok(body))
    }

    fn page<'a>(
        &self,
        request: &Request,
        collection: &Collection,
        mut rows: Vec<&'a Object>,
    ) -> Result<(Vec<&'a Object>, Option<Value>), Fault> {
        let reverse = request
            .param("page_reverse")
            .and_then(truth)
            .unwrap_or(false);
        if reverse {
            rows.reverse();
        }
        let limit = match request
            .param("limit")
            .map(|text| (text, text.parse::<usize>()))
        {
            None | Some((_, Ok(0))) => None,
            Some((_, Ok(limit))) => Some(limit),
            Some((text, Err(_))) => {
                return Err(Fault::typed(
                    400,
                    "BadRequest",
                    format!(
                        "Bad limit request: Limit must be an integer 0 or greater and not '{text}'."
                    ),
                ));
            }
        };
        let marker = request.param("marker");
        if let Some(marker) = marker {
            let Some(at) = rows.iter().position(|row| row.id == marker) else {
                let (kind, words) = collection.missing;
                return Err(Fault::typed(404, kind, words.replace("{}", marker)));
            };
            rows.drain(..=at);
        }
        let Some(limit) = limit else {
            return Ok((rows, None));
        };
        rows.truncate(limit);
        let short = rows.len() < limit;
        let path = format!(
            "{}/v2.0/{}",
            request.endpoint,
            collection.many.replace('_', "-")
        );
        if reverse {
            rows.reverse();
        }
        let link = |rel: &str, row: &Object, back: &str| {
            let mut query = request.query.to_vec();
            query.retain(|(key, _)| key != "page_reverse");
            json!({"rel": rel, "href": format!("{path}?{}{back}", with_marker(&query, &row.id))})
        };
        // Neutron does not look whether more rows follow: a full page has a next one, and any page one before it.
        let mut links = Vec::new();
        if (!short || reverse)
            && let Some(last) = rows.last()
        {
            links.push(link("next", last, ""));
        }
        match rows.first() {
            Some(first) if !short || !reverse => {
                links.push(link("previous", first, "&page_reverse=True"));
            }
            None if !reverse && marker.is_none() => {
                let query = encoded(request.query);
                links.push(
                    json!({"rel": "previous", "href": format!("{path}?{query}&page_reverse=True")}),
                );
            }
            _ => {}
        }
        Ok((rows, (!links.is_empty()).then_some(Value::Array(links))))
    }
}

/// The names that Neutron's own DNS has for the addresses of a port.
fn dns_assignment(port: &Object) -> Value {
    const DOMAIN: &str = "openstacklocal.";
    let names = port.fixed_ips().into_iter().map(|(_, ip)| {
        let host = match port.text("dns_name") {
            "" => format!("host-{}", ip.replace(['.', ':'], "-").replace("--", "-")),
            name => name.to_owned(),
        };
        json!({"ip_address": ip, "hostname": host, "fqdn": format!("{host}.{DOMAIN}")})
    });
    Value::Array(names.collect())
}

fn sort(request: &Request, collection: &Collection, rows: &mut [&Object]) -> Result<(), Fault> {
    let (keys, dirs) = (request.params("sort_key"), request.params("sort_dir"));
    if keys.len() != dirs.len() {
        return Err(Fault::bad(
            "The number of sort_keys and sort_dirs must be same",
        ));
    }
    for key in &keys {
        if collection.attribute(key).is_none() {
            return Err(Fault::bad(format!(
                "['{key}'] is invalid attribute for sort_keys"
            )));
        }
    }
    if let Some(dir) = dirs.iter().find(|dir| !matches!(**dir, "asc" | "desc")) {
        return Err(Fault::bad(format!(
            "['{dir}'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'"
        )));
    }
    for (key, dir) in keys.iter().zip(&dirs).rev() {
        let value = |row: &Object| row.body.get(*key).map(python::text).unwrap_or_default();
        order::by_key(rows, value);
        if *dir == "desc" {
            rows.reverse();
        }
    }
    Ok(())
}

/// The filters of a query, ready to be asked of many objects.
struct Filters<'a> {
    attributes: Vec<(&'a str, Vec<&'a str>)>,
    tags: Vec<(&'a str, Vec<&'a str>)>,
    since: Option<i64>,
}

impl<'a> Filters<'a> {
    fn new(request: &'a Request) -> Result<Self, Fault> {
        let mut filters = Self {
            attributes: Vec::new(),
            tags: Vec::new(),
            since: None,
        };
        for (key, value) in request.query {
            match key.as_str() {
                "tags" | "tags-any" | "not-tags" | "not-tags-any" => {
                    filters.tags.push((key, value.split(',').collect()))
                }
                "changed_since" => {
                    filters.since = Some(crate::clock::parse(value).ok_or_else(|| {
                        Fault::bad(format!("Invalid input for operation: The input {value} must be in the following format: YYYY-MM-DDTHH:MM:SS[Z]."))
                    })?);
                }
                name if CONTROLS.contains(&name) => {}
                name => match filters
                    .attributes
                    .iter_mut()
                    .find(|(known, _)| *known == name)
                {
                    Some((_, values)) => values.push(value),
                    None => filters.attributes.push((name, vec![value])),
                },
            }
        }
        Ok(filters)
    }

    fn keep(&self, object: &Object) -> bool {
        let held = |tag: &&str| {
            object
                .list("tags")
                .iter()
                .any(|one| one.as_str() == Some(*tag))
        };
        let tagged = self.tags.iter().all(|(key, tags)| match *key {
            "tags" => tags.iter().all(held),
            "tags-any" => tags.iter().any(held),
            "not-tags" => !tags.iter().all(held),
            _ => !tags.iter().any(held),
        });
        let recent = self.since.is_none_or(|since| {
            crate::clock::parse(object.text("updated_at")).is_some_and(|at| at >= since)
        });
        tagged
            && recent
            && self
                .attributes
                .iter()
                .all(|(name, values)| values.iter().any(|value| equals(object, name, value)))
    }
}

fn equals(object: &Object, name: &str, wanted: &str) -> bool {
    match object.body.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => truth(wanted) == Some(*flag),
        Some(Value::String(text)) => text == wanted,
        Some(Value::Array(items)) if name == "fixed_ips" => match wanted.split_once('=') {
            Some(("ip_address_substr", part)) => items
                .iter()
                .any(|ip| ip["ip_address"].as_str().is_some_and(|a| a.contains(part))),
            Some((key, value)) => items
                .iter()
                .any(|ip| ip.get(key).and_then(Value::as_str) == Some(value)),
            None => false,
        },
        Some(Value::Array(items)) => items.iter().any(|item| python::text(item) == wanted),
        Some(other) => python::text(other) == wanted,
    }
}
