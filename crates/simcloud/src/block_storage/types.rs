//! Volume types.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::state::VolumeType;
use crate::{
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

/// The type of a volume that names none.
pub(super) const DEFAULT: &str = "lvmdriver-1";

impl Cloud {
    /// A type by name or id.
    pub(crate) fn volume_type(&self, name: &str) -> Option<&VolumeType> {
        self.storage
            .types
            .iter()
            .find(|one| one.name == name || one.id == name)
    }

    pub(super) fn volume_types(&self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => {
                let list: Vec<Value> = self.storage.types.iter().rev().map(shown).collect();
                Ok(Answer::ok(json!({"volume_types": list})))
            }
            (Method::Get, ["default"]) => {
                let known = self
                    .volume_type(DEFAULT)
                    .ok_or_else(|| Fault::missing("Default volume type can not be found."))?;
                let mut body = shown(known);
                if let Some(map) = body.as_object_mut() {
                    map.shift_remove("os-volume-type-access:is_public");
                }
                Ok(Answer::ok(json!({"volume_type": body})))
            }
            (Method::Get, [id]) => {
                let known = self.storage.types.get(id).ok_or_else(|| {
                    Fault::missing(format!("Volume type {id} could not be found."))
                })?;
                Ok(Answer::ok(json!({"volume_type": shown(known)})))
            }
            (Method::Get, [_, "extra_specs"]) => Ok(Answer::ok(json!({"extra_specs": {}}))),
            (Method::Post | Method::Put | Method::Delete, _) => {
                Err(Fault::policy("volume_extension:type_create"))
            }
            _ => Err(Fault::no_route()),
        }
    }
}

fn shown(one: &VolumeType) -> Value {
    json!({
        "id": one.id,
        "name": one.name,
        "is_public": true,
        "description": one.description,
        "os-volume-type-access:is_public": true,
        "extra_specs": {},
    })
}
