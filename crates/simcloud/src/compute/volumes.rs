//! `/servers/{id}/os-volume_attachments`.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::{
    schemas,
    state::{Server, ServerVolume},
};
use crate::{
    clock::Event,
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
    schema,
};

/// Milliseconds for an attachment or a detachment.
const LASTS: i64 = 700;

impl Cloud {
    pub(super) fn volume_attachments(
        &mut self,
        request: &Request,
        id: &str,
        rest: &[&str],
    ) -> Handled {
        let server = self.server(request, id)?;
        match (request.method, rest) {
            (Method::Get, []) => {
                let limit = crate::query::limit(request)?;
                let offset = request
                    .param("offset")
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(0);
                let list: Vec<Value> = server
                    .volumes
                    .iter()
                    .skip(offset)
                    .take(limit)
                    .map(|one| attachment(request, server, one))
                    .collect();
                Ok(Answer::ok(json!({"volumeAttachments": list})))
            }
            (Method::Post, []) => self.attach_volume(request, id),
            (Method::Get, [volume]) => {
                let one = attached(server, volume)?;
                Ok(Answer::ok(
                    json!({"volumeAttachment": attachment(request, server, one)}),
                ))
            }
            (Method::Put, [volume]) => {
                schema::check(&schemas::ATTACH, request.body)?;
                attached(server, volume).map_err(|_| {
                    Fault::missing(format!("No volume Block Device Mapping with id {volume}."))
                })?;
                let body = super::inner(request.body, "volumeAttachment")?;
                let same = body.get("volumeId").and_then(Value::as_str);
                if same != Some(*volume) {
                    return Err(if request.caller.admin {
                        Fault::conflict("Swapping volumes is not supported by this driver.")
                    } else {
                        Fault::policy("os_compute_api:os-volumes-attachments:swap")
                    });
                }
                if !request.from(85) {
                    return Err(Fault::bad(
                        "Invalid input for field/attribute volumeAttachment: delete_on_termination needs microversion 2.85",
                    ));
                }
                if body.get("delete_on_termination").is_some() {
                    let value = Self::says_yes(body.get("delete_on_termination"));
                    self.change_server(id, |server| {
                        if let Some(one) =
                            server.volumes.iter_mut().find(|one| one.volume == *volume)
                        {
                            one.delete_on_termination = value;
                        }
                    });
                }
                Ok(Answer::empty(202))
            }
            (Method::Delete, [volume]) => self.detach_volume(request, id, volume),
            (_, [] | [_]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }

    fn attach_volume(&mut self, request: &Request, id: &str) -> Handled {
        schema::check(&schemas::ATTACH, request.body)?;
        let body = &request.body["volumeAttachment"];
        let volume_id = body["volumeId"].as_str().unwrap_or("").to_owned();
        self.may(request, id, "attach_volume")?;
        let volume = self
            .storage
            .volumes
            .get(&volume_id)
            .filter(|volume| request.owns(&volume.project))
            .ok_or_else(|| Fault::missing(format!("Volume {volume_id} could not be found.")))?;
        if let Some(first) = volume.attachments.first() {
            return Err(Fault::bad(format!(
                "Invalid volume: volume {volume_id} is already attached to instances: {}",
                first.server
            )));
        }
        if volume.status != "available" {
            return Err(Fault::bad(format!(
                "Invalid volume: volume '{volume_id}' status must be 'available'. Currently in '{}'",
                volume.status
            )));
        }
        let device = self.device_name(id, body.get("device").and_then(Value::as_str), false);
        let server = self.server(request, id)?;
        if server.volumes.iter().any(|one| one.device == device) {
            return Err(Fault::conflict(format!(
                "The supplied device path ({device}) is in use."
            )));
        }
        let one = ServerVolume {
            volume: volume_id.clone(),
            device,
            delete_on_termination: Self::says_yes(body.get("delete_on_termination")),
            attachment: self.ids.uuid(),
            bdm: self.ids.uuid(),
            boot: false,
            tag: body.get("tag").and_then(Value::as_str).map(str::to_owned),
        };
        self.set_volume_status(&volume_id, "attaching");
        self.agenda.add(
            self.now + LASTS,
            Event::VolumeAttached(id.to_owned(), volume_id),
        );
        self.record(id, "attach_volume");
        self.change_server(id, |server| server.volumes.push(one.clone()));
        let server = self.server(request, id)?;
        let mut shown = attachment(request, server, &one);
        // The answer to the request itself kept the older form.
        if let Some(map) = shown.as_object_mut() {
            map.insert("id".to_owned(), json!(one.volume));
            map.retain(|key, _| key != "attachment_id" && key != "bdm_uuid");
        }
        Ok(Answer::ok(json!({"volumeAttachment": shown})))
    }

    /// An attachment completes.
    pub(crate) fn volume_attached(&mut self, server: &str, volume: &str, at: i64) {
        let Some(row) = self.compute.servers.get(server) else {
            return;
        };
        let Some(one) = row.volumes.iter().find(|one| one.volume == volume).cloned() else {
            return;
        };
        if self
            .storage
            .volumes
            .get(volume)
            .is_some_and(|volume| volume.status == "attaching")
        {
            self.attach(volume, server, &one.device, &one.attachment, at);
        }
    }

    fn detach_volume(&mut self, request: &Request, id: &str, volume: &str) -> Handled {
        let server = self.server(request, id)?;
        let one = attached(server, volume)?;
        if one.boot {
            return Err(Fault::bad("Cannot detach a root device volume"));
        }
        self.may(request, id, "detach_volume")?;
        let status = self
            .storage
            .volumes
            .get(volume)
            .map_or("", |volume| volume.status.as_str());
        if status != "in-use" {
            return Err(Fault::bad(format!(
                "Invalid volume: Invalid input received: Invalid volume: volume must be in-use, currently {status}"
            )));
        }
        self.set_volume_status(volume, "detaching");
        self.record(id, "detach_volume");
        self.agenda.add(
            self.now + LASTS,
            Event::VolumeDetached(id.to_owned(), volume.to_owned()),
        );
        Ok(Answer::empty(202))
    }

    /// A detachment completes.
    pub(crate) fn volume_detached(&mut self, server: &str, volume: &str, at: i64) {
        let Some(row) = self.compute.servers.get_mut(server) else {
            return;
        };
        let held = row.volumes.len();
        row.volumes.retain(|one| one.volume != volume);
        if row.volumes.len() < held {
            row.updated = at;
            self.free_volume(volume, at);
        }
    }

    /// The device a volume gets: the name asked for under the prefix of the root disk, or the next free one.
    pub(super) fn device_name(&self, id: &str, wanted: Option<&str>, boot: bool) -> String {
        let Some(server) = self.compute.servers.get(id) else {
            return "/dev/vdb".to_owned();
        };
        let root = server.root_device.clone();
        let stem = root.trim_end_matches(|c: char| c.is_ascii_digit());
        let stem = stem
            .strip_suffix(|c: char| c.is_ascii_lowercase())
            .unwrap_or("/dev/vd")
            .to_owned();
        if boot {
            return wanted.map_or(root, str::to_owned);
        }
        if let Some(wanted) = wanted {
            let name = wanted.trim_start_matches("/dev/");
            for prefix in ["xvd", "vd", "sd", "hd"] {
                if let Some(letters) = name
                    .strip_prefix(prefix)
                    .filter(|letters| !letters.is_empty())
                {
                    return format!("{stem}{letters}");
                }
            }
            return wanted.to_owned();
        }
        ('b'..='z')
            .map(|letter| format!("{stem}{letter}"))
            .find(|name| !server.volumes.iter().any(|one| one.device == *name))
            .unwrap_or_else(|| format!("{stem}aa"))
    }
}

fn attached<'a>(server: &'a Server, volume: &str) -> Result<&'a ServerVolume, Fault> {
    server
        .volumes
        .iter()
        .find(|one| one.volume == volume)
        .ok_or_else(|| {
            Fault::missing(format!(
                "Instance {} is not attached to volume {volume}",
                server.id
            ))
        })
}

fn attachment(request: &Request, server: &Server, one: &ServerVolume) -> Value {
    let mut body = json!({"serverId": server.id, "volumeId": one.volume, "device": one.device});
    if !request.from(89) {
        body["id"] = json!(one.volume);
    }
    if request.from(70) {
        body["tag"] = json!(one.tag);
    }
    if request.from(79) {
        body["delete_on_termination"] = json!(one.delete_on_termination);
    }
    if request.from(89) {
        body["attachment_id"] = json!(one.attachment);
        body["bdm_uuid"] = json!(one.bdm);
    }
    body
}
