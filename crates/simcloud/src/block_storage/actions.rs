//! `POST /volumes/{id}/action`.

use serde_json::{Value, json};

use crate::{
    clock::Event,
    cloud::Cloud,
    fault::Fault,
    image::state::Image,
    python,
    query::truth,
    request::{Answer, Handled, Request},
};

fn no_action(name: &str) -> Fault {
    Fault::bad(format!(
        "There is no such action: {name}. Verify the request body and Content-Type header and try again."
    ))
}

impl Cloud {
    pub(super) fn volume_action(&mut self, request: &Request, id: &str) -> Handled {
        let volume = self.volume(request, id)?.clone();
        let (action, argument) = match request.body.as_object().and_then(|map| map.iter().next()) {
            Some((action, argument)) => (action.as_str(), argument),
            None => return Err(no_action("None")),
        };
        let text = |key: &str| argument.get(key).and_then(Value::as_str);
        let flag = |key: &str| {
            argument
                .get(key)
                .and_then(|value| value.as_bool().or_else(|| truth(value.as_str()?)))
        };
        match action {
            "os-extend" => {
                let given = argument.get("new_size").cloned().unwrap_or(Value::Null);
                let size = given
                    .as_u64()
                    .or_else(|| given.as_str()?.parse().ok())
                    .filter(|size| (1..=2_147_483_647).contains(size));
                let size = size.ok_or_else(|| {
                    Fault::bad(format!("Invalid input for field/attribute new_size. Value: {0}. {0} is not of type 'integer'", python::text(&given)))
                })?;
                let ready =
                    volume.status == "available" || volume.status == "in-use" && request.from(42);
                if !ready {
                    return Err(Fault::bad(format!(
                        "Invalid volume: Volume {id} status must be '{{'status': 'available'}}' to extend, currently {}.",
                        volume.status
                    )));
                }
                if size <= volume.size {
                    return Err(Fault::bad(format!(
                        "Invalid input received: New size for extend must be greater than current size. (current: {}, extended: {size}).",
                        volume.size
                    )));
                }
                self.check_gigabytes(&volume.project, size - volume.size)?;
                self.set_volume_status(id, "extending");
                if let Some(row) = self.storage.volumes.get_mut(id) {
                    row.size = size;
                }
                self.agenda.add(
                    self.now + 700,
                    Event::Volume(id.to_owned(), "extending".to_owned(), volume.status),
                );
                Ok(Answer::empty(202))
            }
            "os-set_bootable" => {
                let value = flag("bootable")
                    .ok_or_else(|| Fault::bad("Invalid input for field/attribute bootable."))?;
                self.change_volume(id, |row| row.bootable = value);
                Ok(Answer::empty(200))
            }
            "os-update_readonly_flag" => {
                let value = flag("readonly")
                    .ok_or_else(|| Fault::bad("Invalid input for field/attribute readonly."))?;
                if volume.status != "available" {
                    return Err(Fault::bad(format!(
                        "Invalid volume: Volume {id} status must be available to update readonly flag, but current status is: {}.",
                        volume.status
                    )));
                }
                self.change_volume(id, |row| row.read_only = value);
                Ok(Answer::empty(202))
            }
            "os-retype" => {
                let name = text("new_type").unwrap_or("");
                let known = self.volume_type(name).map(|one| one.name.clone());
                let known = known.ok_or_else(|| {
                    Fault::missing(format!("Volume type with name {name} could not be found."))
                })?;
                if !matches!(volume.status.as_str(), "available" | "in-use") {
                    return Err(Fault::bad(format!(
                        "Invalid volume: Volume status must be available or in-use, but is {}.",
                        volume.status
                    )));
                }
                if known == volume.volume_type {
                    return Err(Fault::bad(
                        "Invalid input received: New volume_type same as original: ".to_owned()
                            + &known
                            + ".",
                    ));
                }
                self.change_volume(id, |row| row.volume_type = known);
                self.set_volume_status(id, "retyping");
                self.agenda.add(
                    self.now + 1_000,
                    Event::Volume(id.to_owned(), "retyping".to_owned(), volume.status),
                );
                Ok(Answer::empty(202))
            }
            "os-reserve" | "os-unreserve" => {
                let (from, to) = if action == "os-reserve" {
                    ("available", "attaching")
                } else {
                    ("attaching", "available")
                };
                if volume.status != from {
                    return Err(Fault::bad(format!(
                        "Invalid volume: Volume {id} status must be {from} to {}, but current status is: {}.",
                        &action[3..],
                        volume.status
                    )));
                }
                self.set_volume_status(id, to);
                Ok(Answer::empty(202))
            }
            "os-set_image_metadata" => {
                let given = super::metadata::pairs(argument.get("metadata"));
                self.change_volume(id, |row| row.image_metadata.extend(given));
                let volume = self.volume(request, id)?;
                Ok(Answer::ok(json!({"metadata": volume.image_metadata})))
            }
            "os-show_image_metadata" => Ok(Answer::ok(json!({"metadata": volume.image_metadata}))),
            "os-unset_image_metadata" => {
                let key = text("key").unwrap_or("").to_owned();
                if !volume.image_metadata.contains_key(&key) {
                    return Err(Fault::missing(format!(
                        "Volume {id} has no glance metadata with key {key}."
                    )));
                }
                self.change_volume(id, |row| {
                    row.image_metadata.shift_remove(&key);
                });
                Ok(Answer::empty(200))
            }
            "os-volume_upload_image" => self.upload_image(request, id, argument),
            "revert" if request.from(40) => {
                let snapshot = text("snapshot_id").unwrap_or("");
                let known = self.snapshot(request, snapshot)?;
                let latest = self
                    .storage
                    .snapshots
                    .iter()
                    .rev()
                    .find(|one| one.volume == id)
                    .map(|one| one.id.as_str());
                if known.volume != id || latest != Some(snapshot) {
                    return Err(Fault::bad(format!(
                        "Invalid input received: Specified snapshot {snapshot} is not the latest one of volume {id}."
                    )));
                }
                if volume.status != "available" {
                    return Err(Fault::conflict(format!(
                        "Volume {id} is in status {}",
                        volume.status
                    )));
                }
                self.set_volume_status(id, "reverting");
                self.agenda.add(
                    self.now + 1_000,
                    Event::Volume(
                        id.to_owned(),
                        "reverting".to_owned(),
                        "available".to_owned(),
                    ),
                );
                Ok(Answer::empty(202))
            }
            "os-reset_status" if request.caller.admin => {
                let status = text("status").unwrap_or("available").to_owned();
                self.set_volume_status(id, &status);
                Ok(Answer::empty(202))
            }
            "os-force_delete" if request.caller.admin => {
                self.set_volume_status(id, "deleting");
                self.agenda
                    .add(self.now + 500, Event::VolumeGone(id.to_owned()));
                Ok(Answer::empty(202))
            }
            "os-reset_status" | "os-force_delete" => Err(Fault::policy(&format!(
                "volume_extension:volume_admin_actions:{}",
                action.trim_start_matches("os-")
            ))),
            // Without an attachment there is nothing to guard.
            "os-detach" if self.volume(request, id)?.attachments.is_empty() => {
                Ok(Answer::empty(202))
            }
            "os-attach"
            | "os-detach"
            | "os-begin_detaching"
            | "os-roll_detaching"
            | "os-initialize_connection"
            | "os-terminate_connection" => Err(Fault::conflict(
                "Use the Attachments API: this action is meant for the compute service.",
            )),
            other => Err(no_action(other)),
        }
    }

    fn change_volume(&mut self, id: &str, change: impl FnOnce(&mut super::state::Volume)) {
        let now = self.now;
        if let Some(volume) = self.storage.volumes.get_mut(id) {
            volume.updated = now;
            change(volume);
        }
    }

    fn upload_image(&mut self, request: &Request, id: &str, argument: &Value) -> Handled {
        let volume = self.volume(request, id)?.clone();
        let text = |key: &str| argument.get(key).and_then(Value::as_str);
        let force = argument
            .get("force")
            .and_then(|value| value.as_bool().or_else(|| truth(value.as_str()?)))
            .unwrap_or(false);
        if volume.status != "available" && !(force && volume.status == "in-use") {
            return Err(Fault::bad(format!(
                "Invalid volume: Volume {id} status must be available, but current status is: {}.",
                volume.status
            )));
        }
        let name =
            text("image_name").ok_or_else(|| Fault::bad("'image_name' is a required property"))?;
        let visibility = text("visibility").unwrap_or("private");
        if visibility == "public" && !request.caller.admin {
            return Err(Fault::policy(
                "volume_extension:volume_actions:upload_public",
            ));
        }
        let mut properties = volume.image_metadata.clone();
        properties.retain(|key, _| {
            !matches!(
                key.as_str(),
                "image_id"
                    | "image_name"
                    | "container_format"
                    | "disk_format"
                    | "min_disk"
                    | "min_ram"
                    | "size"
                    | "checksum"
            )
        });
        let image = Image {
            id: self.ids.uuid(),
            owner: volume.project.clone(),
            name: name.to_owned(),
            status: "queued".to_owned(),
            visibility: visibility.to_owned(),
            disk_format: Some(text("disk_format").unwrap_or("raw").to_owned()),
            container_format: Some(text("container_format").unwrap_or("bare").to_owned()),
            min_disk: volume.size,
            properties,
            created: self.now,
            updated: self.now,
            ..Image::default()
        };
        let image_id = image.id.clone();
        self.agenda.add(
            self.now + 1_500,
            Event::ImageActive(image_id.clone(), "queued".to_owned(), volume.size << 30),
        );
        self.images.images.insert(image);
        self.set_volume_status(id, "uploading");
        self.agenda.add(
            self.now + 1_500,
            Event::Volume(id.to_owned(), "uploading".to_owned(), volume.status),
        );
        Ok(Answer::new(
            202,
            json!({"os-volume_upload_image": {
                "id": id,
                "updated_at": crate::clock::micros(self.now),
                "status": "uploading",
                "display_description": volume.description,
                "size": volume.size,
                "volume_type": volume.volume_type,
                "image_id": image_id,
                "container_format": text("container_format").unwrap_or("bare"),
                "disk_format": text("disk_format").unwrap_or("raw"),
                "image_name": name,
                "visibility": visibility,
                "protected": false,
            }}),
        ))
    }
}
