//! `PATCH /v2/images/{id}`: a JSON patch.

use serde_json::{Value, json};

use super::{
    create::{mismatch, set},
    state::Image,
    view::{self, BASE, READ_ONLY},
};
use crate::{
    cloud::Cloud,
    fault::Fault,
    python,
    request::{Answer, Handled, Request},
};

const TYPES: [&str; 2] = [
    "application/openstack-images-v2.1-json-patch",
    "application/openstack-images-v2.0-json-patch",
];

impl Cloud {
    pub(super) fn patch_image(&mut self, request: &Request, id: &str) -> Handled {
        if !TYPES.contains(&request.content_type.split(';').next().unwrap_or("").trim()) {
            return Err(Fault::new(
                415,
                format!(
                    "The request media type {} is not supported by this server.\n<br /><br />\nImage PATCH expects Content-Type one of: application/openstack-images-v2.0-json-patch, application/openstack-images-v2.1-json-patch",
                    request.content_type
                ),
            ));
        }
        let mut image = self.own_image(request, id, "modify_image")?.clone();
        let operations = request
            .body
            .as_array()
            .ok_or_else(|| Fault::bad("Request body must be a JSON array of operation objects."))?;
        for operation in operations {
            apply(request, &mut image, operation)?;
        }
        image.updated = self.now;
        let shown = view::image(&image);
        self.images.images.insert(image);
        Ok(Answer::ok(shown))
    }
}

fn apply(request: &Request, image: &mut Image, operation: &Value) -> Result<(), Fault> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str);
    let name = text("op").ok_or_else(|| Fault::bad("Operation objects must contain exactly one member named \"add\", \"remove\", or \"replace\"."))?;
    let path =
        text("path").ok_or_else(|| Fault::bad("Unable to find 'path' in JSON Schema change"))?;
    let pointer = path.strip_prefix('/').filter(|rest| !rest.is_empty());
    let pointer = pointer
        .ok_or_else(|| Fault::bad(format!("Invalid JSON pointer for this resource: '{path}'")))?;
    let parts: Vec<String> = pointer
        .split('/')
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    let key = parts.first().map_or("", String::as_str);
    if READ_ONLY.contains(&key) || key == "id" {
        return Err(Fault::forbidden(format!("Attribute '{key}' is read-only.")));
    }
    if parts.len() > 1 && key != "tags" || parts.len() > 2 {
        return Err(Fault::bad(format!(
            "Invalid JSON pointer for this resource: '{path}'"
        )));
    }
    let custom = !BASE.contains(&key);
    let absent = || {
        Fault::conflict(format!(
            "There was a conflict when trying to complete your request.<br /><br />\nProperty {key} does not exist.\n\n"
        ))
    };
    let value = || {
        operation.get("value").ok_or_else(|| {
            Fault::bad(format!(
                "Operation \"{name}\" requires a member named \"value\"."
            ))
        })
    };
    match (name, parts.get(1)) {
        ("add", Some(_)) => {
            let tag = value()?.as_str().ok_or_else(|| {
                mismatch(format!(
                    "{} is not of type 'string'",
                    python::repr(&operation["value"])
                ))
            })?;
            let mut tags: Vec<Value> = image.tags.iter().map(|tag| json!(tag)).collect();
            tags.push(json!(tag));
            set(request, image, "tags", &Value::Array(tags))
        }
        (_, Some(_)) => Err(Fault::conflict(format!("Tag at {path} does not exist."))),
        ("add", None) => set(request, image, key, value()?),
        ("replace", None) => {
            if custom && !image.properties.contains_key(key) {
                return Err(absent());
            }
            set(request, image, key, value()?)
        }
        ("remove", None) => {
            if !custom {
                return Err(Fault::forbidden(format!(
                    "Property {key} may not be removed."
                )));
            }
            image
                .properties
                .shift_remove(key)
                .map(drop)
                .ok_or_else(absent)
        }
        (other, None) => Err(Fault::bad(format!(
            "Invalid operation: `{other}`. It must be one of the following: add, remove, replace."
        ))),
    }
}
