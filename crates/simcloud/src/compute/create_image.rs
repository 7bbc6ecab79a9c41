//! The `createImage` action.

use serde_json::{Value, json};

use super::{create::pairs, schemas};
use crate::{
    clock::Event,
    cloud::Cloud,
    fault::Fault,
    image::state::Image,
    request::{Answer, Handled, Request},
    schema,
};

/// Milliseconds until the image is complete.
const LASTS: i64 = 2_000;

impl Cloud {
    pub(super) fn create_image(
        &mut self,
        request: &Request,
        id: &str,
        argument: &Value,
    ) -> Handled {
        schema::check(&schemas::CREATE_IMAGE, argument).map_err(|fault| {
            if fault.message.starts_with("Invalid input") {
                fault
            } else {
                Fault::bad(format!(
                    "Invalid input for field/attribute createImage. Value: {}. {}",
                    crate::python::repr(argument),
                    fault.message
                ))
            }
        })?;
        self.may(request, id, "createImage")?;
        let server = self.server(request, id)?.clone();
        let name = argument["name"].as_str().unwrap_or("").to_owned();
        let base = self.images.images.get(&server.image).cloned();
        let mut properties = base
            .as_ref()
            .map(|image| image.properties.clone())
            .unwrap_or_default();
        // A server without an image has the properties that its boot volume keeps of one.
        if let Some(root) = server.volumes.iter().find(|volume| volume.boot)
            && base.is_none()
            && let Some(volume) = self.storage.volumes.get(&root.volume)
        {
            properties = volume.image_metadata.clone();
            for key in [
                "image_id",
                "image_name",
                "container_format",
                "disk_format",
                "min_disk",
                "min_ram",
                "size",
            ] {
                properties.shift_remove(key);
            }
        }
        for key in ["block_device_mapping", "bdm_v2", "root_device_name"] {
            properties.shift_remove(key);
        }
        let backed = server.volumes.iter().any(|volume| volume.boot);
        let flavor_disk = self
            .compute
            .flavors
            .get(&server.flavor)
            .map_or(0, |flavor| flavor.disk);
        let mut image = Image {
            id: self.ids.uuid(),
            owner: server.project.clone(),
            name: name.clone(),
            status: "queued".to_owned(),
            visibility: "private".to_owned(),
            disk_format: Some("qcow2".to_owned()),
            container_format: Some("bare".to_owned()),
            min_disk: base.as_ref().map_or(flavor_disk, |image| {
                image.min_disk.max(if backed { 0 } else { flavor_disk })
            }),
            min_ram: base.as_ref().map_or(0, |image| image.min_ram),
            created: self.now,
            updated: self.now,
            ..Image::default()
        };
        let users = self.identity.users.get(&server.user);
        let projects = self.identity.projects.get(&server.project);
        let names = (
            users.map(|user| user.name.clone()).unwrap_or_default(),
            projects.map(|one| one.name.clone()).unwrap_or_default(),
        );
        if backed {
            for (key, value) in [
                ("base_image_ref", server.image.as_str()),
                ("owner_user_name", names.0.as_str()),
                ("owner_project_name", names.1.as_str()),
                ("boot_roles", "reader,member"),
            ] {
                properties.insert(key.to_owned(), value.to_owned());
            }
            let mut mapping = Vec::new();
            for volume in &server.volumes {
                let snapshot = self.make_snapshot(
                    request,
                    &volume.volume,
                    Some(&format!("snapshot for {name}")),
                )?;
                if let Some(row) = self.storage.snapshots.get_mut(&snapshot) {
                    row.description = Some(String::new());
                }
                let size = self
                    .storage
                    .volumes
                    .get(&volume.volume)
                    .map(|volume| volume.size);
                mapping.push(json!({
                    "source_type": "snapshot",
                    "destination_type": "volume",
                    "snapshot_id": snapshot,
                    "volume_size": size,
                    "volume_id": null,
                    "volume_type": null,
                    "device_name": volume.device,
                    "boot_index": if volume.boot { 0 } else { -1 },
                    "delete_on_termination": volume.delete_on_termination,
                    "device_type": null,
                    "disk_bus": null,
                    "encrypted": null,
                    "encryption_format": null,
                    "encryption_options": null,
                    "encryption_secret_uuid": null,
                    "guest_format": null,
                    "image_id": null,
                    "no_device": null,
                    "tag": volume.tag,
                }));
            }
            properties.insert("bdm_v2".to_owned(), "True".to_owned());
            properties.insert("root_device_name".to_owned(), server.root_device.clone());
            properties.insert(
                "block_device_mapping".to_owned(),
                Value::Array(mapping).to_string(),
            );
            // Such an image has no data of its own, so it is complete at once.
            image.status = "active".to_owned();
            image.size = Some(0);
        } else {
            for (key, value) in [
                ("image_type", "snapshot"),
                ("instance_uuid", id),
                ("user_id", server.user.as_str()),
                ("image_state", "available"),
                ("image_location", "snapshot"),
                ("owner_id", server.project.as_str()),
                ("owner_user_name", names.0.as_str()),
                ("owner_project_name", names.1.as_str()),
                ("boot_roles", "reader,member"),
            ] {
                properties.insert(key.to_owned(), value.to_owned());
            }
            if !server.image.is_empty() {
                properties.insert("base_image_ref".to_owned(), server.image.clone());
            }
            let size = base
                .as_ref()
                .and_then(|image| image.size)
                .unwrap_or(1 << 30);
            self.agenda.add(
                self.now + LASTS / 2,
                Event::ImageStatus(image.id.clone(), "queued".to_owned(), "saving".to_owned()),
            );
            self.agenda.add(
                self.now + LASTS,
                Event::ImageActive(image.id.clone(), "saving".to_owned(), size),
            );
            self.change_server(id, |server| {
                server.task_state = Some("image_snapshot".to_owned())
            });
            self.agenda.add(
                self.now + LASTS,
                Event::ServerTask(id.to_owned(), "image_snapshot".to_owned()),
            );
        }
        properties.extend(pairs(argument.get("metadata")));
        image.properties = properties;
        let image_id = image.id.clone();
        self.images.images.insert(image);
        self.record(id, "createImage");
        if request.from(45) {
            return Ok(Answer::new(202, json!({"image_id": image_id})));
        }
        Ok(Answer::empty(202).header(
            "location",
            format!("{}/image/v2/images/{image_id}", self.base_url),
        ))
    }
}
