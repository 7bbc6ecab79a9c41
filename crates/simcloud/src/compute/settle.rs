//! What happens to servers by itself.

use super::state::Source;
use crate::{
    block_storage::state::Attachment,
    clock::{Event, Millis},
    cloud::Cloud,
};

/// How long a deleted server can still be listed.
const REMEMBERED: i64 = 48 * 3_600_000;

impl Cloud {
    /// A new server starts to run; its volumes are attached now.
    pub(crate) fn server_built(&mut self, id: &str, at: Millis) {
        let Some(server) = self.compute.servers.get_mut(id) else {
            return;
        };
        if server.vm_state != "building" || server.task_state.as_deref() == Some("deleting") {
            return;
        }
        server.vm_state = "active".to_owned();
        server.task_state = None;
        server.launched = Some(at);
        server.updated = at;
        server.planned_volumes.clear();
        server.planned_ports.clear();
        for volume in server.volumes.clone() {
            self.attach(&volume.volume, id, &volume.device, &volume.attachment, at);
        }
    }

    /// Writes an attachment into the volume.
    pub(super) fn attach(
        &mut self,
        volume: &str,
        server: &str,
        device: &str,
        attachment: &str,
        at: Millis,
    ) {
        if let Some(volume) = self.storage.volumes.get_mut(volume) {
            volume.status = "in-use".to_owned();
            volume.updated = at;
            volume.attachments = vec![Attachment {
                id: attachment.to_owned(),
                server: server.to_owned(),
                device: device.to_owned(),
                at,
            }];
        }
    }

    /// The task is over, if the server is still about it.
    pub(crate) fn server_task(&mut self, id: &str, task: &str, at: Millis) {
        let Some(server) = self.compute.servers.get_mut(id) else {
            return;
        };
        if server.task_state.as_deref() != Some(task) {
            return;
        }
        server.task_state = None;
        server.updated = at;
        let after = match task {
            "powering-off" => "stopped",
            "powering-on" | "rebooting" | "rebooting_hard" | "unpausing" | "resuming"
            | "unrescuing" | "rebuilding" | "unshelving" => "active",
            "pausing" => "paused",
            "suspending" => "suspended",
            "rescuing" => "rescued",
            "shelving" | "shelving_offloading" => "shelved_offloaded",
            "resize_prep" => "resized",
            "resize_reverting" => {
                if let Some(flavor) = server.old_flavor.take() {
                    server.flavor = flavor;
                }
                server.vm_state = server
                    .old_state
                    .take()
                    .unwrap_or_else(|| "active".to_owned());
                return;
            }
            _ => return,
        };
        server.vm_state = after.to_owned();
        if after == "active" {
            server.launched = Some(at);
        }
    }

    /// A server that is being deleted is gone: so are its own ports, and the volumes that were to go with it.
    pub(crate) fn server_gone(&mut self, id: &str, at: Millis) {
        let Some(server) = self.compute.servers.get_mut(id) else {
            return;
        };
        if server.deleted() {
            return;
        }
        server.vm_state = "deleted".to_owned();
        server.task_state = None;
        server.terminated = Some(at);
        server.updated = at;
        server.locked = None;
        let ports = std::mem::take(&mut server.ports);
        let volumes = std::mem::take(&mut server.volumes);
        let planned = std::mem::take(&mut server.planned_volumes);
        server.planned_ports.clear();
        for port in ports {
            if port.made {
                self.forget_port(&port.id);
            } else {
                self.unbind_port(&port.id);
            }
        }
        for volume in &volumes {
            if volume.delete_on_termination {
                if let Some(row) = self.storage.volumes.get_mut(&volume.volume) {
                    row.attachments.clear();
                    row.status = "deleting".to_owned();
                }
                self.agenda
                    .add(at + 500, Event::VolumeGone(volume.volume.clone()));
            } else {
                self.free_volume(&volume.volume, at);
            }
        }
        for planned in planned {
            if let Source::Volume(volume) = planned.source
                && !volumes.iter().any(|one| one.volume == volume)
            {
                self.free_volume(&volume, at);
            }
        }
        self.agenda
            .add(at + REMEMBERED, Event::ServerPurged(id.to_owned()));
    }

    /// A volume has no server any more.
    pub(super) fn free_volume(&mut self, volume: &str, at: Millis) {
        if let Some(volume) = self.storage.volumes.get_mut(volume) {
            volume.attachments.clear();
            volume.updated = at;
            if volume.status != "deleting" && !volume.status.starts_with("error") {
                volume.status = "available".to_owned();
            }
        }
    }

    /// Takes a port away from its server, which did not make it.
    pub(super) fn unbind_port(&mut self, port: &str) {
        if let Some(port) = self.network.get_mut("ports", port) {
            port.set("device_id", "");
            port.set("device_owner", "");
            port.set("status", "DOWN");
        }
        self.touch_port(port);
    }

    pub(super) fn touch_port(&mut self, port: &str) {
        let now = crate::clock::zulu(self.now);
        if let Some(port) = self.network.get_mut("ports", port) {
            let revision = port
                .body
                .get("revision_number")
                .and_then(serde_json::Value::as_i64)
                .unwrap_or(0);
            port.set("revision_number", revision + 1);
            port.set("updated_at", now);
        }
    }
}
