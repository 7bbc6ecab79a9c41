//! Version documents: how clients find out which API a service speaks.

use serde_json::{Value, json};

/// A document and its HTTP status.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// HTTP status; 300 where a service offers a choice.
    pub status: u16,
    /// The document.
    pub body: Value,
}

/// Newest microversion of Nova and Cinder that the embedded cloud knows.
pub const COMPUTE: &str = "2.96";
pub const VOLUME: &str = "3.59";

/// The document at a path below the prefix; `base` is the address of the prefix.
pub fn document(path: &str, base: &str) -> Option<Document> {
    let ok = |body: Value| Some(Document { status: 200, body });
    let choices = |body: Value| Some(Document { status: 300, body });
    match path.trim_end_matches('/') {
        "/identity" => choices(json!({ "versions": { "values": [identity(base)] } })),
        "/identity/v3" => ok(json!({ "version": identity(base) })),
        "/compute" => ok(json!({ "versions": [compute(base)] })),
        "/compute/v2.1" => ok(json!({ "version": compute(base) })),
        "/volume" => choices(json!({ "versions": [volume(base)] })),
        "/volume/v3" => ok(json!({ "versions": [volume(base)] })),
        "/network" => {
            ok(json!({ "versions": [version("v2.0", &format!("{base}/network/v2.0/"))] }))
        }
        "/network/v2.0" => ok(json!({ "resources": network_resources(base) })),
        "/image" => choices(json!({ "versions": image(base) })),
        "/image/v2" => choices(json!({ "versions": image(base) })),
        _ => None,
    }
}

fn version(id: &str, href: &str) -> Value {
    json!({ "id": id, "status": "CURRENT", "links": [{ "rel": "self", "href": href }] })
}

fn identity(base: &str) -> Value {
    json!({
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{ "rel": "self", "href": format!("{base}/identity/v3/") }],
        "media-types": [{ "base": "application/json", "type": "application/vnd.openstack.identity-v3+json" }],
    })
}

fn compute(base: &str) -> Value {
    json!({
        "id": "v2.1",
        "status": "CURRENT",
        "version": COMPUTE,
        "min_version": "2.1",
        "updated": "2013-07-23T11:33:21Z",
        "links": [{ "rel": "self", "href": format!("{base}/compute/v2.1/") }],
        "media-types": [{ "base": "application/json", "type": "application/vnd.openstack.compute+json;version=2.1" }],
    })
}

fn volume(base: &str) -> Value {
    json!({
        "id": "v3.0",
        "status": "CURRENT",
        "version": VOLUME,
        "min_version": "3.0",
        "updated": "2022-03-30T00:00:00Z",
        "links": [{ "rel": "self", "href": format!("{base}/volume/v3/") }],
        "media-types": [{ "base": "application/json", "type": "application/vnd.openstack.volume+json;version=3" }],
    })
}

fn image(base: &str) -> Value {
    let ids = [
        ("v2.9", "CURRENT"),
        ("v2.7", "SUPPORTED"),
        ("v2.6", "SUPPORTED"),
        ("v2.0", "SUPPORTED"),
    ];
    let versions = ids.map(|(id, status)| {
        json!({ "id": id, "status": status, "links": [{ "rel": "self", "href": format!("{base}/image/v2/") }] })
    });
    Value::from(versions.to_vec())
}

fn network_resources(base: &str) -> Value {
    let names = [
        ("network", "networks"),
        ("subnet", "subnets"),
        ("subnetpool", "subnetpools"),
        ("port", "ports"),
        ("router", "routers"),
        ("floatingip", "floatingips"),
        ("security-group", "security-groups"),
        ("security-group-rule", "security-group-rules"),
    ];
    let resources = names.map(|(name, collection)| {
        json!({
            "name": name,
            "collection": collection,
            "links": [{ "rel": "self", "href": format!("{base}/network/v2.0/{collection}") }],
        })
    });
    Value::from(resources.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_can_be_discovered() {
        let cases = [
            (
                "/identity/v3",
                "/version/links/0/href",
                "http://h/openstack/identity/v3/",
            ),
            ("/identity", "/versions/values/0/id", "v3.14"),
            ("/compute/v2.1/", "/version/version", COMPUTE),
            ("/compute/", "/versions/0/min_version", "2.1"),
            ("/volume/v3", "/versions/0/version", VOLUME),
            ("/network", "/versions/0/id", "v2.0"),
            ("/network/v2.0", "/resources/0/collection", "networks"),
            ("/image/", "/versions/0/status", "CURRENT"),
        ];
        for (path, pointer, expected) in cases {
            let document = document(path, "http://h/openstack").unwrap_or_else(|| panic!("{path}"));
            assert_eq!(
                document.body.pointer(pointer),
                Some(&Value::from(expected)),
                "{path}"
            );
        }
        assert_eq!(document("/compute/v2.1/servers", "http://h"), None);
        assert_eq!(document("", "http://h"), None);
    }
}
