//! Flavors.

use openstack_wire::Method;
use serde_json::{Map, Value, json};

use super::state::Flavor;
use crate::{
    cloud::Cloud,
    fault::Fault,
    order, python,
    query::{limit, next_link, page},
    request::{Answer, Handled, Request},
};

const KNOWN: &[&str] = &[
    "limit",
    "marker",
    "is_public",
    "minRam",
    "minDisk",
    "sort_key",
    "sort_dir",
];

impl Cloud {
    pub(super) fn flavors(&mut self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => self.list_flavors(request, false),
            (Method::Get, ["detail"]) => self.list_flavors(request, true),
            (Method::Post, []) => Err(Fault::policy("os_compute_api:os-flavor-manage:create")),
            (Method::Get, [id]) => {
                let flavor = self.flavor(id)?;
                Ok(Answer::ok(json!({"flavor": shown(request, flavor)})))
            }
            (Method::Put | Method::Delete, [id]) => {
                self.flavor(id)?;
                Err(Fault::policy("os_compute_api:os-flavor-manage:delete"))
            }
            (Method::Get, [id, "os-extra_specs"]) => Ok(Answer::ok(
                json!({"extra_specs": self.flavor(id)?.extra_specs}),
            )),
            (Method::Get, [id, "os-extra_specs", key]) => {
                match self.flavor(id)?.extra_specs.get(*key) {
                    Some(value) => Ok(Answer::ok(json!({*key: value}))),
                    None => Err(Fault::missing(format!(
                        "Flavor {id} has no extra specs with key {key}."
                    ))),
                }
            }
            (_, [_, "os-extra_specs", ..]) => {
                Err(Fault::policy("os_compute_api:os-flavor-extra-specs:create"))
            }
            (Method::Get, [id, "os-flavor-access"]) => {
                self.flavor(id)?;
                Err(Fault::missing(
                    "Access list not available for public flavors.",
                ))
            }
            _ => Err(Fault::no_route()),
        }
    }

    fn flavor(&self, id: &str) -> Result<&Flavor, Fault> {
        self.compute
            .flavors
            .get(id)
            .ok_or_else(|| Fault::missing(format!("Flavor {id} could not be found.")))
    }

    fn list_flavors(&self, request: &Request, detail: bool) -> Handled {
        if let Some((key, _)) = request
            .query
            .iter()
            .find(|(key, _)| !KNOWN.contains(&key.as_str()))
        {
            return Err(Fault::bad(format!(
                "Additional properties are not allowed ({} was unexpected)",
                python::repr(&json!(key))
            )));
        }
        let least = |key: &str| match request.param(key).map(|text| (text, text.parse::<u64>())) {
            None => Ok(0),
            Some((_, Ok(n))) => Ok(n),
            Some((text, Err(_))) => Err(Fault::bad(format!("Invalid {key} filter [{text}]"))),
        };
        let (ram, disk) = (least("minRam")?, least("minDisk")?);
        let mut rows: Vec<&Flavor> = self
            .compute
            .flavors
            .iter()
            .filter(|flavor| flavor.ram >= ram && flavor.disk >= disk)
            .collect();
        match request.param("sort_key").unwrap_or("flavorid") {
            "name" => order::by_key(&mut rows, |flavor| &flavor.name),
            "memory_mb" => order::by_key(&mut rows, |flavor| flavor.ram),
            "vcpus" => order::by_key(&mut rows, |flavor| flavor.vcpus),
            "root_gb" => order::by_key(&mut rows, |flavor| flavor.disk),
            _ => order::by_key(&mut rows, |flavor| &flavor.id),
        }
        if request.param("sort_dir") == Some("desc") {
            rows.reverse();
        }
        let marker = request.param("marker");
        let (rows, more) = page(rows, marker, limit(request)?, |flavor| &flavor.id)
            .ok_or_else(|| Fault::bad(format!("marker [{}] not found", marker.unwrap_or(""))))?;
        let list: Vec<Value> = rows
            .iter()
            .map(|flavor| {
                if detail {
                    shown(request, flavor)
                } else {
                    let mut brief = Map::new();
                    brief.insert("id".to_owned(), json!(flavor.id));
                    brief.insert("name".to_owned(), json!(flavor.name));
                    if request.from(55) {
                        brief.insert("description".to_owned(), json!(flavor.description));
                    }
                    brief.insert("links".to_owned(), links(request, &flavor.id));
                    Value::Object(brief)
                }
            })
            .collect();
        let mut body = json!({"flavors": list});
        if more && let Some(last) = rows.last() {
            body["flavors_links"] = next_link(
                request,
                if detail {
                    "/flavors/detail"
                } else {
                    "/flavors"
                },
                &last.id,
            );
        }
        Ok(Answer::ok(body))
    }
}

fn links(request: &Request, id: &str) -> Value {
    json!([
        {"rel": "self", "href": format!("{}/flavors/{id}", request.endpoint)},
        {"rel": "bookmark", "href": format!("{}/flavors/{id}", request.endpoint.trim_end_matches("/v2.1"))},
    ])
}

fn shown(request: &Request, flavor: &Flavor) -> Value {
    let mut body = json!({
        "id": flavor.id,
        "name": flavor.name,
        "ram": flavor.ram,
        "disk": flavor.disk,
        // An empty text until the number became one.
        "swap": if request.from(75) { json!(0) } else { json!("") },
        "OS-FLV-EXT-DATA:ephemeral": flavor.ephemeral,
        "OS-FLV-DISABLED:disabled": false,
        "vcpus": flavor.vcpus,
        "os-flavor-access:is_public": true,
        "rxtx_factor": 1.0,
        "links": links(request, &flavor.id),
    });
    if request.from(55) {
        body["description"] = json!(flavor.description);
    }
    if request.from(61) {
        body["extra_specs"] = json!(flavor.extra_specs);
    }
    body
}
