//! Data of images: upload and import. The cloud counts bytes and keeps none.

use serde_json::Value;

use crate::{
    clock::Event,
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

/// What a download is taken to weigh, since nothing is fetched.
const DOWNLOADED: u64 = 512 << 20;

impl Cloud {
    pub(super) fn upload(&mut self, request: &Request, id: &str, stage: bool) -> Handled {
        let image = self.own_image(
            request,
            id,
            if stage {
                "modify_image"
            } else {
                "upload_image"
            },
        )?;
        let formats = image.disk_format.is_some() && image.container_format.is_some();
        if image.status != "queued" {
            return Err(Fault::conflict(format!(
                "Image status transition from {} to saving is not allowed",
                image.status
            )));
        }
        if !stage && !formats {
            return Err(Fault::bad(
                "Properties disk_format, container_format must be set prior to saving data.",
            ));
        }
        let size = match request.body {
            Value::String(text) => text.len() as u64,
            Value::Null => 0,
            other => other.to_string().len() as u64,
        };
        self.change_image(id, |image| {
            if stage {
                image.status = "uploading".to_owned();
                image.staged = Some(size);
            } else {
                image.status = "active".to_owned();
                image.size = Some(size);
            }
        });
        Ok(Answer::empty(204))
    }

    pub(super) fn import(&mut self, request: &Request, id: &str) -> Handled {
        let image = self.own_image(request, id, "modify_image")?;
        let method = request.body.get("method").ok_or_else(|| {
            Fault::bad("Provided object does not match schema: 'method' is a required property")
        })?;
        let name = method.get("name").and_then(Value::as_str).unwrap_or("");
        if image.disk_format.is_none() || image.container_format.is_none() {
            return Err(Fault::conflict(
                "'disk_format' and 'container_format' needs to be set before import",
            ));
        }
        let size = match name {
            "web-download" => {
                if image.status != "queued" {
                    return Err(Fault::conflict(format!(
                        "Image is not in status 'queued', it is '{}'",
                        image.status
                    )));
                }
                let uri = method.get("uri").and_then(Value::as_str).unwrap_or("");
                let good = uri
                    .strip_prefix("http://")
                    .or_else(|| uri.strip_prefix("https://"))
                    .is_some_and(|rest| !rest.is_empty());
                if !good {
                    return Err(Fault::bad(format!(
                        "URI for web-download does not pass filtering: {uri}"
                    )));
                }
                DOWNLOADED
            }
            "glance-direct" => {
                if image.status != "uploading" {
                    return Err(Fault::conflict(format!(
                        "Image is not in status 'uploading', it is '{}'",
                        image.status
                    )));
                }
                image.staged.unwrap_or(0)
            }
            "copy-image" => {
                if image.status != "active" {
                    return Err(Fault::conflict(
                        "Only images with status active can be targeted for copying",
                    ));
                }
                return Ok(Answer::empty(202));
            }
            other => {
                return Err(Fault::bad(format!("Unknown import method name '{other}'.")));
            }
        };
        self.change_image(id, |image| image.status = "importing".to_owned());
        self.agenda.add(
            self.now + 1_500,
            Event::ImageActive(id.to_owned(), "importing".to_owned(), size),
        );
        Ok(Answer::empty(202))
    }
}
