//! How volumes and snapshots are shown.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::state::{Attachment, Snapshot, Volume};
use crate::{clock::micros, cloud::Cloud, request::Request};

/// The one volume service, which every volume tells.
const SERVICE: &str = "5e0c0000-0000-4000-8000-00000000b10c";

fn attachment(volume: &Volume, one: &Attachment) -> Value {
    json!({
        "id": volume.id,
        "attachment_id": one.id,
        "volume_id": volume.id,
        "server_id": one.server,
        "host_name": null,
        "device": one.device,
        "attached_at": micros(one.at),
    })
}

impl Cloud {
    pub(super) fn volume_view(&self, request: &Request, volume: &Volume) -> Value {
        let attachments: Vec<Value> = volume
            .attachments
            .iter()
            .map(|one| attachment(volume, one))
            .collect();
        let mut metadata = volume.metadata.clone();
        if volume.read_only {
            metadata.insert("readonly".to_owned(), "True".to_owned());
        }
        let mut body = json!({
            "id": volume.id,
            "status": volume.status,
            "size": volume.size,
            "availability_zone": volume.zone,
            "created_at": micros(volume.created),
            "updated_at": micros(volume.updated),
            "name": volume.name,
            "description": volume.description,
            "volume_type": volume.volume_type,
            "snapshot_id": volume.snapshot,
            "source_volid": volume.source,
            "metadata": metadata,
            "links": links(request, "volumes", &volume.id),
            "user_id": volume.user,
            "bootable": if volume.bootable { "true" } else { "false" },
            "encrypted": false,
            "replication_status": null,
            "consistencygroup_id": null,
            "multiattach": false,
            "attachments": attachments,
        });
        // The answer to the request that makes it, or changes it, leaves out what the scheduler adds.
        let fresh = request.method == Method::Post;
        if request.method == Method::Get {
            body["os-vol-tenant-attr:tenant_id"] = json!(volume.project);
        }
        if volume.status == "creating" && volume.source.is_none() {
            body["bootable"] = json!("false");
        }
        if fresh {
            body["updated_at"] = Value::Null;
        }
        if !volume.image_metadata.is_empty() && !fresh {
            body["volume_image_metadata"] = json!(volume.image_metadata);
        }
        if request.from(13) {
            body["group_id"] = Value::Null;
        }
        if request.from(21) {
            body["provider_id"] = Value::Null;
            if !request.caller.admin
                && let Some(map) = body.as_object_mut()
            {
                map.shift_remove("provider_id");
            }
        }
        if request.from(48) {
            body["shared_targets"] = json!(fresh);
            body["service_uuid"] = if fresh { Value::Null } else { json!(SERVICE) };
        }
        if request.from(61) {
            body["cluster_name"] = Value::Null;
            if !request.caller.admin
                && let Some(map) = body.as_object_mut()
            {
                map.shift_remove("cluster_name");
            }
        }
        if request.from(63) {
            let known = self
                .storage
                .types
                .iter()
                .find(|one| one.name == volume.volume_type);
            body["volume_type_id"] = json!(known.map(|one| &one.id));
        }
        if request.from(65) {
            body["consumes_quota"] = json!(true);
        }
        if request.caller.admin {
            body["os-vol-host-attr:host"] = json!("block-1@disks#disks");
        }
        body
    }

    pub(super) fn snapshot_view(
        &self,
        request: &Request,
        snapshot: &Snapshot,
        detail: bool,
    ) -> Value {
        let mut body = json!({
            "id": snapshot.id,
            "created_at": micros(snapshot.created),
            "updated_at": if request.method == Method::Post { Value::Null } else { json!(micros(snapshot.updated)) },
            "name": snapshot.name,
            "description": snapshot.description,
            "volume_id": snapshot.volume,
            "status": snapshot.status,
            "size": snapshot.size,
            "metadata": snapshot.metadata,
        });
        if detail {
            body["os-extended-snapshot-attributes:progress"] =
                json!(if snapshot.status == "available" {
                    "100%"
                } else {
                    "0%"
                });
            body["os-extended-snapshot-attributes:project_id"] = json!(snapshot.project);
        }
        if request.from(14) {
            body["group_snapshot_id"] = Value::Null;
        }
        if request.from(41) {
            body["user_id"] = json!(snapshot.user);
        }
        if request.from(65) {
            body["consumes_quota"] = json!(true);
        }
        body
    }
}

pub(super) fn links(request: &Request, kind: &str, id: &str) -> Value {
    json!([
        {"rel": "self", "href": format!("{}/{kind}/{id}", request.endpoint)},
        {"rel": "bookmark", "href": format!("{}/{kind}/{id}", request.endpoint.replace("/v3/", "/"))},
    ])
}
