//! How an image is shown: fixed attributes and custom properties side by side.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha512};

use super::state::Image;
use crate::clock::zulu;

fn hex(bytes: impl IntoIterator<Item = u8>) -> String {
    bytes
        .into_iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(super) fn image(image: &Image) -> Value {
    let mut body: Map<String, Value> = image
        .properties
        .iter()
        .map(|(key, value)| (key.clone(), json!(value)))
        .collect();
    let path = format!("/v2/images/{}", image.id);
    let with_data = matches!(image.status.as_str(), "active" | "deactivated")
        && image.size.is_some_and(|size| size > 0);
    // The cloud keeps no data; sums are of the id, so that they stay the same.
    let sums = with_data.then(|| {
        (
            hex(md5::Md5::digest(&image.id)),
            hex(Sha512::digest(&image.id)),
        )
    });
    let fixed = json!({
        "name": if image.nameless { Value::Null } else { json!(image.name) },
        "disk_format": image.disk_format,
        "container_format": image.container_format,
        "visibility": image.visibility,
        "size": image.size,
        "virtual_size": if with_data { json!(image.size) } else { Value::Null },
        "status": image.status,
        "checksum": sums.as_ref().map(|sums| &sums.0),
        "protected": image.protected,
        "min_ram": image.min_ram,
        "min_disk": image.min_disk,
        "owner": image.owner,
        "os_hidden": image.hidden,
        "os_hash_algo": sums.as_ref().map(|_| "sha512"),
        "os_hash_value": sums.as_ref().map(|sums| &sums.1),
        "id": image.id,
        "created_at": zulu(image.created),
        "updated_at": zulu(image.updated),
        "tags": image.tags,
        "self": path,
        "file": format!("{path}/file"),
        "schema": "/v2/schemas/image",
    });
    if let Value::Object(fixed) = fixed {
        body.extend(fixed);
    }
    Value::Object(body)
}

/// Attributes that are no custom properties.
pub(super) const BASE: &[&str] = &[
    "id",
    "name",
    "status",
    "visibility",
    "protected",
    "os_hidden",
    "checksum",
    "os_hash_algo",
    "os_hash_value",
    "owner",
    "size",
    "virtual_size",
    "container_format",
    "disk_format",
    "created_at",
    "updated_at",
    "tags",
    "direct_url",
    "min_ram",
    "min_disk",
    "self",
    "file",
    "schema",
    "locations",
    "stores",
];

/// Attributes that the service sets and nobody else.
pub(super) const READ_ONLY: &[&str] = &[
    "status",
    "checksum",
    "os_hash_algo",
    "os_hash_value",
    "size",
    "virtual_size",
    "created_at",
    "updated_at",
    "direct_url",
    "self",
    "file",
    "schema",
    "stores",
];

/// The schema of an image, as clients ask for it.
pub(super) fn schema() -> Value {
    let properties: Map<String, Value> = BASE
        .iter()
        .map(|name| {
            let kind = match *name {
                "protected" | "os_hidden" => json!("boolean"),
                "size" | "virtual_size" | "min_ram" | "min_disk" => json!(["null", "integer"]),
                "tags" | "locations" => json!("array"),
                _ => json!(["null", "string"]),
            };
            (
                (*name).to_owned(),
                json!({"type": kind, "readOnly": READ_ONLY.contains(name)}),
            )
        })
        .collect();
    json!({"name": "image", "properties": properties, "additionalProperties": {"type": "string"}})
}
