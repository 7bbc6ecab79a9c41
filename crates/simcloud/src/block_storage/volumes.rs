//! Making, changing and deleting volumes.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{inner, state::Volume};
use crate::{
    clock::{Event, Millis},
    cloud::{Cloud, ZONE},
    fault::Fault,
    request::{Answer, Handled, Request},
    schema,
};

/// Milliseconds until a new volume is available.
const CREATING: i64 = 1_000;
const DELETING: i64 = 800;

/// Keys of volume metadata; those of snapshots must do without the slash.
const METADATA_KEY: &str = "^[a-zA-Z0-9-_:. /]{1,255}$";
const SNAPSHOT_METADATA_KEY: &str = "^[a-zA-Z0-9-_:. ]{1,255}$";

pub(super) fn metadata_schema() -> Value {
    pairs_schema(METADATA_KEY)
}

pub(super) fn snapshot_metadata_schema() -> Value {
    pairs_schema(SNAPSHOT_METADATA_KEY)
}

fn pairs_schema(key: &str) -> Value {
    json!({"type": ["object", "null"], "additionalProperties": false, "patternProperties": {key: {"type": "string", "maxLength": 255}}})
}

static CREATE: LazyLock<Value> = LazyLock::new(|| {
    let text = json!({"type": ["string", "null"], "maxLength": 255});
    let uuid = json!({"type": ["string", "null"], "format": "uuid"});
    json!({"type": "object", "required": ["volume"], "properties": {"volume": {"type": "object", "additionalProperties": false, "properties": {
        "name": text, "description": text, "display_name": text, "display_description": text,
        "volume_type": text, "metadata": metadata_schema(),
        "snapshot_id": uuid, "source_volid": uuid, "consistencygroup_id": uuid, "group_id": uuid, "backup_id": uuid,
        "size": {"type": ["integer", "string", "null"], "pattern": "^[0-9]+$", "minimum": 1, "maximum": 2_147_483_647},
        "availability_zone": text,
        "multiattach": {"type": ["boolean", "string", "null"]},
        "image_id": {"type": ["string", "null"], "maxLength": 255},
        "imageRef": {"type": ["string", "null"], "maxLength": 255},
    }}}})
});

static UPDATE: LazyLock<Value> = LazyLock::new(|| {
    let text = json!({"type": ["string", "null"], "maxLength": 255});
    json!({"type": "object", "required": ["volume"], "properties": {"volume": {"type": "object", "additionalProperties": false, "properties": {
        "name": text, "description": text, "display_name": text, "display_description": text, "metadata": metadata_schema(),
    }}}})
});

/// What a volume is made from.
#[derive(Default)]
pub(crate) struct VolumeSpec<'a> {
    pub(crate) project: &'a str,
    pub(crate) user: &'a str,
    pub(crate) name: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) size: u64,
    pub(crate) volume_type: Option<&'a str>,
    pub(crate) image: Option<&'a str>,
    pub(crate) snapshot: Option<&'a str>,
    pub(crate) source: Option<&'a str>,
    pub(crate) metadata: IndexMap<String, String>,
}

impl Cloud {
    pub(super) fn create_volume(&mut self, request: &Request) -> Handled {
        schema::check(&CREATE, request.body)?;
        let body = inner(request.body, "volume")?;
        let text = |key: &str| {
            body.get(key)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        if body
            .get("multiattach")
            .is_some_and(|value| !value.is_null())
        {
            return Err(Fault::bad(
                "multiattach parameter has been removed. The default behavior is to use multiattach enabled volume types. Contact your administrator to create a multiattach enabled volume type and use it to create multiattach volumes.",
            ));
        }
        let size = body
            .get("size")
            .and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
        let image = text("imageRef").or(text("image_id"));
        let (snapshot, source) = (text("snapshot_id"), text("source_volid"));
        let mut least = 0;
        if let Some(id) = snapshot {
            let snapshot = self.snapshot(request, id)?;
            if snapshot.status != "available" {
                return Err(Fault::bad(format!(
                    "Invalid snapshot: Originating snapshot status must be one of 'available' values. Status is {}",
                    snapshot.status
                )));
            }
            least = snapshot.size;
            if size.is_some_and(|size| size < least) {
                return Err(Fault::bad(format!(
                    "Invalid input received: Volume size '{}'GB cannot be smaller than the snapshot size {least}GB. They must be >= original snapshot size.",
                    size.unwrap_or(0)
                )));
            }
        }
        if let Some(id) = source {
            let source = self.volume(request, id)?;
            if !matches!(source.status.as_str(), "available" | "in-use") {
                return Err(Fault::bad(format!(
                    "Invalid volume: Unable to create volume from source volume in {} state",
                    source.status
                )));
            }
            least = source.size;
            if size.is_some_and(|size| size < least) {
                return Err(Fault::bad(format!(
                    "Invalid input received: Volume size '{}'GB cannot be smaller than original volume size  {least}GB. They must be >= original volume size.",
                    size.unwrap_or(0)
                )));
            }
        }
        if let Some(id) = image {
            let image = self.visible_image(request, id).ok_or_else(|| {
                Fault::bad("Invalid image identifier or unable to access requested image.")
            })?;
            if image.status != "active" {
                return Err(Fault::bad(format!(
                    "Invalid input received: Invalid image: Image {id} is not active."
                )));
            }
            if size.is_some_and(|size| size < image.min_disk) {
                return Err(Fault::bad(format!(
                    "Invalid input received: Volume size {}GB cannot be smaller than the image minDisk size {}GB.",
                    size.unwrap_or(0),
                    image.min_disk
                )));
            }
        }
        let size = match size {
            Some(size) => size,
            None if least > 0 => least,
            None => {
                return Err(Fault::bad(
                    "The server could not comply with the request since it is either malformed or otherwise incorrect.",
                ));
            }
        };
        if let Some(name) = text("volume_type")
            && self.volume_type(name).is_none()
        {
            return Err(Fault::missing(format!(
                "Volume type with name {name} could not be found."
            )));
        }
        let metadata = super::metadata::pairs(body.get("metadata"));
        let id = self.make_volume(
            VolumeSpec {
                project: &request.caller.project,
                user: &request.caller.user,
                name: text("name").or(text("display_name")),
                description: text("description").or(text("display_description")),
                size,
                volume_type: text("volume_type"),
                image,
                snapshot,
                source,
                metadata,
            },
            self.now,
        )?;
        let done = Event::Volume(id.clone(), "creating".to_owned(), "available".to_owned());
        self.agenda.add(self.now + CREATING, done);
        Ok(Answer::new(
            202,
            json!({"volume": self.volume_view(request, self.volume(request, &id)?)}),
        ))
    }

    /// Makes a volume in `creating`; whoever asks says when that is over.
    pub(crate) fn make_volume(&mut self, spec: VolumeSpec, at: Millis) -> Result<String, Fault> {
        self.check_storage_quota(spec.project, "volumes", spec.size)?;
        let (mut bootable, mut image_metadata) = (false, IndexMap::new());
        let mut inherited = None;
        if let Some(image) = spec.image.and_then(|id| self.images.images.get(id)) {
            bootable = true;
            image_metadata = image.properties.clone();
            image_metadata.retain(|key, _| key != "block_device_mapping");
            for (key, value) in [
                ("image_id", Some(image.id.clone())),
                ("image_name", Some(image.name.clone())),
                ("container_format", image.container_format.clone()),
                ("disk_format", image.disk_format.clone()),
                ("min_disk", Some(image.min_disk.to_string())),
                ("min_ram", Some(image.min_ram.to_string())),
                ("size", image.size.map(|size| size.to_string())),
            ] {
                if let Some(value) = value {
                    image_metadata.insert(key.to_owned(), value);
                }
            }
        }
        if let Some(snapshot) = spec.snapshot.and_then(|id| self.storage.snapshots.get(id)) {
            bootable = snapshot.bootable;
            image_metadata = snapshot.image_metadata.clone();
            inherited = Some(snapshot.volume_type.clone());
        }
        if let Some(source) = spec.source.and_then(|id| self.storage.volumes.get(id)) {
            bootable = source.bootable;
            image_metadata = source.image_metadata.clone();
            inherited = Some(source.volume_type.clone());
        }
        let named = spec
            .volume_type
            .and_then(|name| self.volume_type(name))
            .map(|one| one.name.clone());
        let volume = Volume {
            id: self.ids.uuid(),
            project: spec.project.to_owned(),
            user: spec.user.to_owned(),
            // Nova gives its volumes an empty name.
            name: spec.name.map(str::to_owned),
            description: spec.description.map(str::to_owned),
            size: spec.size,
            status: "creating".to_owned(),
            bootable,
            // An unknown zone falls back to the only one there is.
            zone: ZONE.to_owned(),
            volume_type: named
                .or(inherited)
                .unwrap_or_else(|| super::types::DEFAULT.to_owned()),
            snapshot: spec.snapshot.map(str::to_owned),
            source: spec.source.map(str::to_owned),
            metadata: spec.metadata,
            image_metadata,
            created: at,
            updated: at,
            ..Volume::default()
        };
        let id = volume.id.clone();
        self.storage.volumes.insert(volume);
        Ok(id)
    }

    pub(super) fn update_volume(&mut self, request: &Request, id: &str) -> Handled {
        self.volume(request, id)?;
        schema::check(&UPDATE, request.body)?;
        let body = inner(request.body, "volume")?;
        let text = |names: [&str; 2]| {
            names
                .iter()
                .find_map(|key| body.get(*key))
                .map(|value| value.as_str().map(str::to_owned))
        };
        let now = self.now;
        if let Some(volume) = self.storage.volumes.get_mut(id) {
            volume.updated = now;
            if let Some(name) = text(["name", "display_name"]) {
                volume.name = name;
            }
            if let Some(description) = text(["description", "display_description"]) {
                volume.description = description;
            }
            if body.get("metadata").is_some() {
                volume.metadata = super::metadata::pairs(body.get("metadata"));
            }
        }
        Ok(Answer::ok(
            json!({"volume": self.volume_view(request, self.volume(request, id)?)}),
        ))
    }

    pub(super) fn delete_volume(&mut self, request: &Request, id: &str) -> Handled {
        let volume = self.volume(request, id)?;
        let deletable = matches!(
            volume.status.as_str(),
            "available" | "error" | "error_restoring" | "error_extending" | "error_managing"
        );
        let dependent = self
            .storage
            .snapshots
            .iter()
            .any(|snapshot| snapshot.volume == id);
        if !deletable || !volume.attachments.is_empty() || dependent {
            return Err(Fault::bad(
                "Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.",
            ));
        }
        self.set_volume_status(id, "deleting");
        self.agenda
            .add(self.now + DELETING, Event::VolumeGone(id.to_owned()));
        Ok(Answer::empty(202))
    }
}
