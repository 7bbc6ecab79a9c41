//! Cinder: volumes, snapshots, types, quotas.

mod actions;
mod list;
mod metadata;
mod quotas;
mod snapshots;
pub(crate) mod state;
mod types;
mod view;
pub(crate) mod volumes;

use openstack_wire::Method;
use serde_json::{Value, json};

use self::state::{Snapshot, Volume};
use crate::{
    cloud::{Cloud, ZONE},
    fault::Fault,
    request::{Answer, Handled, Request},
};

impl Cloud {
    pub(crate) fn handle_block_storage(&mut self, request: &Request) -> Handled {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        match path.split_first() {
            None => Ok(Answer::ok(
                json!({"version": crate::identity::versions::block_storage(&request.endpoint)}),
            )),
            Some((&"volumes", rest)) => self.volumes(request, rest),
            Some((&"snapshots", rest)) => self.snapshots(request, rest),
            Some((&"types", rest)) => self.volume_types(request, rest),
            Some((&"limits", [])) => self.storage_limits(request),
            Some((&"os-quota-sets", rest)) => self.storage_quotas(request, rest),
            Some((&"os-availability-zone", [])) => Ok(Answer::ok(json!({"availabilityZoneInfo": [
                {"zoneName": ZONE, "zoneState": {"available": true}}
            ]}))),
            Some((&"extensions", [])) => Ok(Answer::ok(json!({"extensions": []}))),
            Some((&"attachments", [])) if request.method == Method::Get && request.from(27) => {
                self.list_attachments(request)
            }
            Some((&"backups", [] | ["detail"])) if request.method == Method::Get => {
                Ok(Answer::ok(json!({"backups": []})))
            }
            Some((&"qos-specs", _)) => {
                Err(Fault::policy("volume_extension:qos_specs_manage:get_all"))
            }
            Some((&"os-services", _)) => Err(Fault::policy("volume_extension:services:index")),
            Some((&"scheduler-stats", _)) => Err(Fault::policy(
                "scheduler_extension:scheduler_stats:get_pools",
            )),
            Some(_) => Err(Fault::no_route()),
        }
    }

    fn volumes(&mut self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => self.list_volumes(request, false),
            (Method::Get, ["detail"]) => self.list_volumes(request, true),
            (Method::Get, ["summary"]) if request.from(12) => self.volume_summary(request),
            (Method::Post, []) => self.create_volume(request),
            (_, []) => Err(Fault::no_method()),
            (Method::Get, [id]) => Ok(Answer::ok(
                json!({"volume": self.volume_view(request, self.volume(request, id)?)}),
            )),
            (Method::Put, [id]) => self.update_volume(request, id),
            (Method::Delete, [id]) => self.delete_volume(request, id),
            (_, [id, "metadata", rest @ ..]) => self.volume_metadata(request, id, rest),
            (Method::Post, [id, "action"]) => self.volume_action(request, id),
            (Method::Get, [id, "encryption"]) => {
                self.volume(request, id)?;
                Ok(Answer::ok(json!({})))
            }
            (_, [_]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }

    fn snapshots(&mut self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => self.list_snapshots(request, false),
            (Method::Get, ["detail"]) => self.list_snapshots(request, true),
            (Method::Post, []) => self.create_snapshot(request),
            (_, []) => Err(Fault::no_method()),
            (Method::Get, [id]) => Ok(Answer::ok(
                json!({"snapshot": self.snapshot_view(request, self.snapshot(request, id)?, true)}),
            )),
            (Method::Put, [id]) => self.update_snapshot(request, id),
            (Method::Delete, [id]) => self.delete_snapshot(request, id),
            (_, [id, "metadata", rest @ ..]) => self.snapshot_metadata(request, id, rest),
            (Method::Post, [id, "action"]) => {
                self.snapshot(request, id)?;
                Err(Fault::policy(
                    "volume_extension:snapshot_admin_actions:reset_status",
                ))
            }
            (_, [_]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }

    /// The volume, if the caller's project has it.
    pub(super) fn volume(&self, request: &Request, id: &str) -> Result<&Volume, Fault> {
        let volume = self
            .storage
            .volumes
            .get(id)
            .filter(|volume| request.owns(&volume.project));
        volume.ok_or_else(|| Fault::missing(format!("Volume {id} could not be found.")))
    }

    /// The snapshot, if the caller's project has it.
    pub(super) fn snapshot(&self, request: &Request, id: &str) -> Result<&Snapshot, Fault> {
        let snapshot = self
            .storage
            .snapshots
            .get(id)
            .filter(|snapshot| request.owns(&snapshot.project));
        snapshot.ok_or_else(|| Fault::missing(format!("Snapshot {id} could not be found.")))
    }

    /// Sets the status of a volume, whatever it was.
    pub(crate) fn set_volume_status(&mut self, id: &str, status: &str) {
        let now = self.now;
        if let Some(volume) = self.storage.volumes.get_mut(id) {
            volume.status = status.to_owned();
            volume.updated = now;
        }
    }

    /// Sets the status of a volume that has the status `from`.
    pub(crate) fn set_volume_status_if(&mut self, id: &str, from: &str, to: &str) {
        if self
            .storage
            .volumes
            .get(id)
            .is_some_and(|volume| volume.status == from)
        {
            self.set_volume_status(id, to);
        }
    }
}

/// The object under this name in a body.
fn inner<'a>(body: &'a Value, name: &str) -> Result<&'a Value, Fault> {
    match body.get(name) {
        Some(value) if value.is_object() => Ok(value),
        _ => Err(Fault::bad(format!("'{name}' is a required property"))),
    }
}
