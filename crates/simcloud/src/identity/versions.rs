//! Version documents, by which clients find their way.

use serde_json::{Value, json};

fn version(id: &str, status: &str, href: &str, least: &str, most: &str) -> Value {
    json!({
        "id": id,
        "status": status,
        "version": most,
        "min_version": least,
        "updated": "2013-07-23T11:33:21Z",
        "links": [{"rel": "self", "href": href}],
    })
}

/// Keystone's one version.
pub(crate) fn identity(endpoint: &str) -> Value {
    json!({
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": format!("{endpoint}/")}],
        "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
    })
}

/// Nova's version 2.1 with its microversions.
pub(crate) fn compute(endpoint: &str) -> Value {
    version("v2.1", "CURRENT", &format!("{endpoint}/"), "2.1", "2.104")
}

/// Cinder's version 3 with its microversions.
pub(crate) fn block_storage(endpoint: &str) -> Value {
    let base = endpoint.split("/v3").next().unwrap_or("");
    version("v3.0", "CURRENT", &format!("{base}/v3/"), "3.0", "3.71")
}

/// Neutron's versions.
pub(crate) fn network(endpoint: &str) -> Value {
    json!({"versions": [{"id": "v2.0", "status": "CURRENT", "links": [{"rel": "self", "href": format!("{endpoint}/v2.0/")}]}]})
}

/// The collections below Neutron's version 2.0.
pub(crate) fn network_resources(endpoint: &str) -> Value {
    let resources: Vec<Value> = crate::network::collections::COLLECTIONS
        .iter()
        .filter(|one| ["network", "subnet", "subnetpool", "port"].contains(&one.one))
        .map(|one| {
            let path = one.many.replace('_', "-");
            json!({"name": one.one, "collection": one.many, "links": [{"rel": "self", "href": format!("{endpoint}/v2.0/{path}")}]})
        })
        .collect();
    json!({"resources": resources})
}

/// Nova's version, as its own address tells it.
pub(crate) fn compute_alone(endpoint: &str) -> Value {
    let mut version = compute(endpoint);
    if let Some(links) = version["links"].as_array_mut() {
        links.push(json!({"rel": "describedby", "type": "text/html", "href": "http://docs.openstack.org/"}));
    }
    version["media-types"] = json!([
        {"base": "application/json", "type": "application/vnd.openstack.compute+json;version=2.1"}
    ]);
    version
}

/// Glance's versions.
pub(crate) fn image(endpoint: &str) -> Value {
    let href = format!("{endpoint}/v2/");
    let one = |id: &str, status: &str| json!({"id": id, "status": status, "links": [{"rel": "self", "href": href}]});
    json!({"versions": [
        one("v2.17", "CURRENT"), one("v2.16", "SUPPORTED"), one("v2.15", "SUPPORTED"), one("v2.13", "SUPPORTED"),
        one("v2.9", "SUPPORTED"), one("v2.7", "SUPPORTED"), one("v2.6", "SUPPORTED"), one("v2.5", "SUPPORTED"),
        one("v2.4", "SUPPORTED"), one("v2.3", "SUPPORTED"), one("v2.2", "SUPPORTED"), one("v2.1", "SUPPORTED"), one("v2.0", "SUPPORTED"),
    ]})
}
