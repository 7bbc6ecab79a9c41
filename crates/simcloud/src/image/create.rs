//! `POST /v2/images`.

use serde_json::{Map, Value, json};

use super::{
    state::Image,
    view::{self, BASE, READ_ONLY},
};
use crate::{
    cloud::Cloud,
    fault::Fault,
    ids::is_uuid,
    python,
    request::{Answer, Handled, Request},
};

const DISK: &[&str] = &[
    "ami", "ari", "aki", "vhd", "vhdx", "vmdk", "raw", "qcow2", "vdi", "iso", "ploop",
];
const CONTAINER: &[&str] = &[
    "ami",
    "ari",
    "aki",
    "bare",
    "ovf",
    "ova",
    "docker",
    "compressed",
];
const VISIBILITY: &[&str] = &["community", "public", "private", "shared"];

pub(super) fn mismatch(reason: impl std::fmt::Display) -> Fault {
    Fault::bad(format!(
        "Provided object does not match schema 'image': {reason}"
    ))
}

/// Refuses a making public, which is not a member's right.
pub(super) fn check_visibility(request: &Request, visibility: &str) -> Result<(), Fault> {
    if visibility == "public" && !request.caller.admin {
        return Err(super::not_yours("publicize_image"));
    }
    Ok(())
}

impl Cloud {
    pub(super) fn create_image_record(&mut self, request: &Request) -> Handled {
        let body = match request.body {
            Value::Object(map) => map.clone(),
            Value::Null => Map::new(),
            _ => return Err(Fault::bad("Malformed JSON in request body.")),
        };
        if let Some(key) = body.keys().find(|key| READ_ONLY.contains(&key.as_str())) {
            return Err(Fault::forbidden(format!("Attribute '{key}' is read-only.")));
        }
        if body.contains_key("locations") {
            return Err(Fault::forbidden(
                "It's not allowed to add locations if locations are invisible.",
            ));
        }
        let id = match body
            .get("id")
            .map(|id| id.as_str().filter(|id| is_uuid(id)))
        {
            Some(Some(id)) if self.images.images.contains(id) => {
                return Err(Fault::conflict(format!("Image ID {id} already exists!")));
            }
            Some(Some(id)) => id.to_owned(),
            Some(None) => {
                return Err(mismatch(format!(
                    "{} does not match '^([0-9a-fA-F]){{8}}-…'",
                    python::repr(&body["id"])
                )));
            }
            None => self.ids.uuid(),
        };
        let mut image = Image {
            id,
            owner: request.caller.project.clone(),
            nameless: true,
            status: "queued".to_owned(),
            visibility: "shared".to_owned(),
            created: self.now,
            updated: self.now,
            ..Image::default()
        };
        for (key, value) in &body {
            if key != "id" {
                set(request, &mut image, key, value)?;
            }
        }
        let location = format!("{}/v2/images/{}", request.endpoint, image.id);
        let shown = view::image(&image);
        self.images.images.insert(image);
        Ok(Answer::new(201, shown).header("location", location).header(
            "openstack-image-import-methods",
            "glance-direct,web-download,copy-image",
        ))
    }
}

/// Sets one attribute or property.
pub(super) fn set(
    request: &Request,
    image: &mut Image,
    key: &str,
    value: &Value,
) -> Result<(), Fault> {
    let wrong = |kind: &str| mismatch(format!("{} is not of type {kind}", python::repr(value)));
    let choice = |list: &[&str]| match value.as_str() {
        Some(text) if list.contains(&text) => Ok(Some(text.to_owned())),
        None if value.is_null() => Ok(None),
        _ => {
            let list: Vec<Value> = list.iter().map(|one| json!(one)).collect();
            Err(mismatch(format!(
                "{} is not one of {}",
                python::repr(value),
                python::repr(&Value::Array(list))
            )))
        }
    };
    match key {
        "name" => match value {
            Value::Null => image.nameless = true,
            Value::String(name) if name.chars().count() <= 255 => {
                image.name.clone_from(name);
                image.nameless = false;
            }
            Value::String(_) => {
                return Err(mismatch(format!("{} is too long", python::repr(value))));
            }
            _ => return Err(wrong("'null', 'string'")),
        },
        "visibility" => {
            let visibility = choice(VISIBILITY)?.ok_or_else(|| wrong("'string'"))?;
            check_visibility(request, &visibility)?;
            image.visibility = visibility;
        }
        "disk_format" | "container_format" => {
            let chosen = choice(if key == "disk_format" {
                DISK
            } else {
                CONTAINER
            })?;
            let fixed = !matches!(image.status.as_str(), "queued" | "importing");
            let slot = if key == "disk_format" {
                &mut image.disk_format
            } else {
                &mut image.container_format
            };
            if fixed && *slot != chosen {
                return Err(Fault::forbidden(format!(
                    "Attribute {key} can be only replaced for a queued image."
                )));
            }
            *slot = chosen;
        }
        "min_disk" | "min_ram" => {
            let number = value
                .as_u64()
                .filter(|n| *n <= 2_147_483_647)
                .ok_or_else(|| wrong("'integer'"))?;
            if key == "min_disk" {
                image.min_disk = number
            } else {
                image.min_ram = number
            }
        }
        "protected" => image.protected = value.as_bool().ok_or_else(|| wrong("'boolean'"))?,
        "os_hidden" => image.hidden = value.as_bool().ok_or_else(|| wrong("'boolean'"))?,
        "owner" => {
            let owner = value.as_str().ok_or_else(|| wrong("'null', 'string'"))?;
            if owner != request.caller.project && !request.caller.admin {
                return Err(Fault::forbidden(format!(
                    "You are not permitted to create images owned by '{owner}'."
                )));
            }
            image.owner = owner.to_owned();
        }
        "tags" => {
            let mut tags = Vec::new();
            for tag in value.as_array().ok_or_else(|| wrong("'array'"))? {
                match tag.as_str() {
                    Some(text) if text.chars().count() <= 255 => tags.push(text.to_owned()),
                    Some(text) => return Err(mismatch(format!("'{text}' is too long"))),
                    None => {
                        return Err(mismatch(format!(
                            "{} is not of type 'string'",
                            python::repr(tag)
                        )));
                    }
                }
            }
            tags.sort();
            tags.dedup();
            image.tags = tags;
        }
        key if BASE.contains(&key) => {
            return Err(Fault::forbidden(format!("Attribute '{key}' is read-only.")));
        }
        property => {
            if property.is_empty() || property.chars().count() > 255 {
                return Err(Fault::bad(
                    "Custom property name must have 1 to 255 characters.",
                ));
            }
            let text = value.as_str().ok_or_else(|| wrong("'string'"))?;
            image
                .properties
                .insert(property.to_owned(), text.to_owned());
            if image.properties.len() > 128 {
                return Err(Fault::new(
                    413,
                    "The limit has been exceeded on the number of allowed image properties. Attempted: 129, Maximum: 128",
                ));
            }
        }
    }
    Ok(())
}
