//! Glance: images, their tags and members, import.

mod create;
mod import;
mod list;
mod members;
mod patch;
pub(crate) mod state;
mod view;

use openstack_wire::Method;
use serde_json::json;

use self::state::Image;
use crate::{
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

/// What the policy does not grant.
fn not_yours(action: &str) -> Fault {
    Fault::forbidden(format!(
        "You are not authorized to complete {action} action."
    ))
}

impl Cloud {
    pub(crate) fn handle_image(&mut self, request: &Request) -> Handled {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        match (request.method, path.as_slice()) {
            (_, [] | ["versions"]) => Ok(Answer::new(
                if path.is_empty() { 300 } else { 200 },
                crate::identity::versions::image(&request.endpoint),
            )),
            (Method::Get, ["v2", "images"]) => self.list_images(request),
            (Method::Post, ["v2", "images"]) => self.create_image_record(request),
            (Method::Get, ["v2", "images", id]) => {
                Ok(Answer::ok(view::image(self.image(request, id)?)))
            }
            (Method::Patch, ["v2", "images", id]) => self.patch_image(request, id),
            (Method::Delete, ["v2", "images", id]) => self.delete_image(request, id),
            (Method::Put, ["v2", "images", id, "tags", tag]) => {
                self.tag_image(request, id, tag, true)
            }
            (Method::Delete, ["v2", "images", id, "tags", tag]) => {
                self.tag_image(request, id, tag, false)
            }
            (Method::Put, ["v2", "images", id, "file"]) => self.upload(request, id, false),
            (Method::Put, ["v2", "images", id, "stage"]) => self.upload(request, id, true),
            (Method::Post, ["v2", "images", id, "import"]) => self.import(request, id),
            (
                Method::Post,
                [
                    "v2",
                    "images",
                    id,
                    "actions",
                    action @ ("deactivate" | "reactivate"),
                ],
            ) => self.switch_image(request, id, action),
            (Method::Get, ["v2", "images", id, "tasks"]) => {
                self.image(request, id)?;
                Ok(Answer::ok(json!({"tasks": []})))
            }
            (_, ["v2", "images", id, "members", rest @ ..]) => {
                self.image_members(request, id, rest)
            }
            (Method::Get, ["v2", "info", "import"]) => Ok(Answer::ok(json!({"import-methods": {
                "description": "Import methods available.",
                "type": "array",
                "value": ["glance-direct", "web-download", "copy-image"],
            }}))),
            (Method::Get, ["v2", "info", "stores"]) => Ok(Answer::ok(
                json!({"stores": [{"id": "file", "default": "true"}]}),
            )),
            (Method::Get, ["v2", "schemas", "image"]) => Ok(Answer::ok(view::schema())),
            (Method::Get, ["v2", "schemas", "images"]) => {
                Ok(Answer::ok(json!({"name": "images", "properties": {
                    "images": {"type": "array", "items": view::schema()}, "first": {"type": "string"}, "next": {"type": "string"}, "schema": {"type": "string"},
                }})))
            }
            (_, ["v2", "images", ..]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }

    /// The image, if the caller may see it by its id.
    pub(crate) fn visible_image(&self, request: &Request, id: &str) -> Option<&Image> {
        self.images.images.get(id).filter(|image| {
            request.owns(&image.owner)
                || matches!(image.visibility.as_str(), "public" | "community")
                || image.visibility == "shared"
                    && image
                        .members
                        .iter()
                        .any(|member| member.project == request.caller.project)
        })
    }

    fn image(&self, request: &Request, id: &str) -> Result<&Image, Fault> {
        self.visible_image(request, id)
            .ok_or_else(|| Fault::missing(format!("No image found with ID {id}")))
    }

    /// The image, if the caller may change it; another's is refused by the name of the action.
    fn own_image(&self, request: &Request, id: &str, rule: &str) -> Result<&Image, Fault> {
        let image = self.image(request, id)?;
        if request.owns(&image.owner) {
            return Ok(image);
        }
        Err(not_yours(rule))
    }

    fn change_image(&mut self, id: &str, change: impl FnOnce(&mut Image)) {
        let now = self.now;
        if let Some(image) = self.images.images.get_mut(id) {
            image.updated = now;
            change(image);
        }
    }

    fn delete_image(&mut self, request: &Request, id: &str) -> Handled {
        if self.visible_image(request, id).is_none() {
            return Err(Fault::missing(format!(
                "Failed to find image {id} to delete"
            )));
        }
        let image = self.own_image(request, id, "delete_image")?;
        if image.protected {
            return Err(Fault::forbidden(format!(
                "Image {id} is protected and cannot be deleted."
            )));
        }
        self.images.images.remove(id);
        Ok(Answer::empty(204))
    }

    fn tag_image(&mut self, request: &Request, id: &str, tag: &str, add: bool) -> Handled {
        let image = self.own_image(request, id, "modify_image")?;
        if add && tag.chars().count() > 255 {
            return Err(Fault::bad(format!(
                "Provided object does not match schema 'image': '{tag}' is too long"
            )));
        }
        let held = image.tags.iter().any(|one| one == tag);
        match (add, held) {
            (true, false) => self.change_image(id, |image| {
                image.tags.push(tag.to_owned());
                image.tags.sort();
            }),
            (false, true) => self.change_image(id, |image| image.tags.retain(|one| one != tag)),
            (true, true) => {}
            (false, false) => return Err(Fault::no_route()),
        }
        Ok(Answer::empty(204))
    }

    fn switch_image(&mut self, request: &Request, id: &str, action: &str) -> Handled {
        let image = self.own_image(request, id, action)?;
        if !matches!(image.status.as_str(), "active" | "deactivated") {
            return Err(Fault::forbidden(format!(
                "Not allowed to {action} image in status '{}'",
                image.status
            )));
        }
        let status = if action == "deactivate" {
            "deactivated"
        } else {
            "active"
        };
        self.change_image(id, |image| image.status = status.to_owned());
        Ok(Answer::empty(204))
    }
}
