//! Snapshots.

use serde_json::{Value, json};

use super::{inner, state::Snapshot, volumes::snapshot_metadata_schema};
use crate::{
    clock::Event,
    cloud::Cloud,
    fault::Fault,
    query::truth,
    request::{Answer, Handled, Request},
    schema,
};

const CREATING: i64 = 1_000;
const DELETING: i64 = 800;

impl Cloud {
    pub(super) fn create_snapshot(&mut self, request: &Request) -> Handled {
        let body = inner(request.body, "snapshot")?;
        let allowed = json!({"type": "object", "required": ["volume_id"], "additionalProperties": false, "properties": {
            "volume_id": {"type": "string", "format": "one uuid"},
            "name": {"type": ["string", "null"], "maxLength": 255},
            "description": {"type": ["string", "null"], "maxLength": 255},
            "display_name": {"type": ["string", "null"], "maxLength": 255},
            "display_description": {"type": ["string", "null"], "maxLength": 255},
            "force": {"type": ["boolean", "string", "null"]},
            "metadata": snapshot_metadata_schema(),
        }});
        schema::check(
            &json!({"type": "object", "properties": {"snapshot": allowed}}),
            request.body,
        )?;
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let volume_id = text("volume_id").unwrap_or("");
        let volume = self.volume(request, volume_id)?;
        let force = body
            .get("force")
            .and_then(|value| value.as_bool().or_else(|| truth(value.as_str()?)));
        if request.from(66) && force == Some(false) {
            return Err(Fault::bad(
                "Invalid input for field/attribute force. Value: False. Since microversion 3.66, the 'force' parameter is only accepted as true.",
            ));
        }
        // Attached volumes can be snapshotted without force from 3.66 on.
        let attached = force == Some(true) || request.from(66);
        let ready = volume.status == "available" || attached && volume.status == "in-use";
        if !ready {
            return Err(Fault::bad(format!(
                "Invalid volume: Volume {volume_id} status must be available, but current status is: {}.",
                volume.status
            )));
        }
        let size = volume.size;
        self.check_storage_quota(&request.caller.project, "snapshots", size)?;
        let id = self.make_snapshot(request, volume_id, text("name").or(text("display_name")))?;
        if let Some(snapshot) = self.storage.snapshots.get_mut(&id) {
            snapshot.description = text("description")
                .or(text("display_description"))
                .map(str::to_owned);
            snapshot.metadata = super::metadata::pairs(body.get("metadata"));
        }
        Ok(Answer::new(
            202,
            json!({"snapshot": self.snapshot_view(request, self.snapshot(request, &id)?, false)}),
        ))
    }

    /// Begins a snapshot of a volume, whatever state that is in.
    pub(crate) fn make_snapshot(
        &mut self,
        request: &Request,
        volume: &str,
        name: Option<&str>,
    ) -> Result<String, Fault> {
        let volume = self.volume(request, volume)?.clone();
        let id = self.ids.uuid();
        self.storage.snapshots.insert(Snapshot {
            id: id.clone(),
            project: volume.project,
            user: request.caller.user.clone(),
            volume: volume.id,
            name: name.map(str::to_owned),
            description: None,
            size: volume.size,
            status: "creating".to_owned(),
            metadata: Default::default(),
            bootable: volume.bootable,
            image_metadata: volume.image_metadata,
            volume_type: volume.volume_type,
            created: self.now,
            updated: self.now,
        });
        self.agenda.add(
            self.now + CREATING,
            Event::Snapshot(id.clone(), "creating".to_owned(), "available".to_owned()),
        );
        Ok(id)
    }

    pub(super) fn update_snapshot(&mut self, request: &Request, id: &str) -> Handled {
        self.snapshot(request, id)?;
        let body = inner(request.body, "snapshot")?;
        let text = |names: [&str; 2]| {
            names
                .iter()
                .find_map(|key| body.get(*key))
                .map(|value| value.as_str().map(str::to_owned))
        };
        let now = self.now;
        if let Some(snapshot) = self.storage.snapshots.get_mut(id) {
            snapshot.updated = now;
            if let Some(name) = text(["name", "display_name"]) {
                snapshot.name = name;
            }
            if let Some(description) = text(["description", "display_description"]) {
                snapshot.description = description;
            }
        }
        Ok(Answer::ok(
            json!({"snapshot": self.snapshot_view(request, self.snapshot(request, id)?, false)}),
        ))
    }

    pub(super) fn delete_snapshot(&mut self, request: &Request, id: &str) -> Handled {
        let snapshot = self.snapshot(request, id)?;
        if !matches!(snapshot.status.as_str(), "available" | "error") {
            return Err(Fault::bad(format!(
                "Invalid snapshot: Snapshot status must be available or error, but is {}.",
                snapshot.status
            )));
        }
        let now = self.now;
        if let Some(snapshot) = self.storage.snapshots.get_mut(id) {
            snapshot.status = "deleting".to_owned();
            snapshot.updated = now;
        }
        self.agenda
            .add(now + DELETING, Event::SnapshotGone(id.to_owned()));
        Ok(Answer::empty(202))
    }
}
