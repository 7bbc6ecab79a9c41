//! Block devices of a new server: what Nova checks, and what it makes when it builds.

use serde_json::Value;

use super::state::{
    PlannedPort, PlannedVolume, Server, ServerFault, ServerPort, ServerVolume, Source,
};
use crate::{
    block_storage::volumes::VolumeSpec, clock::Millis, cloud::Cloud, fault::Fault,
    network::ports::PortSpec, request::Request,
};

impl Cloud {
    /// The volumes that the block device mapping asks for.
    pub(super) fn plan_volumes(
        &self,
        request: &Request,
        image: &str,
        mappings: &[Value],
        root: &str,
        count: u64,
    ) -> Result<Vec<PlannedVolume>, Fault> {
        let mut planned = Vec::new();
        let mut boot_entry = false;
        for mapping in mappings {
            let text = |key: &str| mapping.get(key).and_then(Value::as_str);
            let index = mapping
                .get("boot_index")
                .and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
            let boot = index == Some(0);
            if boot && boot_entry {
                return Err(boot_sequence());
            }
            boot_entry |= boot;
            let source_type = text("source_type").unwrap_or("blank");
            let uuid = text("uuid")
                .or(text("volume_id"))
                .or(text("snapshot_id"))
                .unwrap_or("");
            let destination = text("destination_type").unwrap_or(match source_type {
                "volume" | "snapshot" => "volume",
                _ => "local",
            });
            if source_type != "blank" && uuid.is_empty() {
                return Err(Fault::bad(
                    "Block Device Mapping is Invalid: Missing device UUID.",
                ));
            }
            if boot && source_type == "blank" {
                return Err(boot_sequence());
            }
            if boot && !image.is_empty() && text("device_name") == Some(root) {
                return Err(Fault::bad(format!(
                    "Block Device Mapping is Invalid: a device cannot be assigned the same device name as the root device {}",
                    root.trim_start_matches("/dev/")
                )));
            }
            let size = mapping
                .get("volume_size")
                .and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
            let source = match source_type {
                "image" => {
                    let known = self.visible_image(request, uuid);
                    let known = known.ok_or_else(|| {
                        Fault::bad(format!(
                            "Block Device Mapping is Invalid: failed to get image {uuid}."
                        ))
                    })?;
                    if destination == "volume" && size.is_none() {
                        return Err(Fault::bad(
                            "Images with destination_type 'volume' need to have a non-zero size specified",
                        ));
                    }
                    if size.is_some_and(|size| size < known.min_disk) {
                        return Err(Fault::bad(format!(
                            "Volume is smaller than the minimum size specified in image metadata. Volume size is {} bytes, minimum size is {} bytes.",
                            size.unwrap_or(0) << 30,
                            known.min_disk << 30
                        )));
                    }
                    Source::Image(uuid.to_owned())
                }
                "snapshot" => {
                    let known = self
                        .storage
                        .snapshots
                        .get(uuid)
                        .filter(|snapshot| request.owns(&snapshot.project));
                    let known = known.ok_or_else(|| {
                        Fault::bad(format!("Snapshot {uuid} could not be found."))
                    })?;
                    if size.is_some_and(|size| size < known.size) {
                        return Err(Fault::bad(format!(
                            "Block Device Mapping is Invalid: volume size {} is smaller than the snapshot's {}.",
                            size.unwrap_or(0),
                            known.size
                        )));
                    }
                    Source::Snapshot(uuid.to_owned())
                }
                "volume" => {
                    let known = self
                        .storage
                        .volumes
                        .get(uuid)
                        .filter(|volume| request.owns(&volume.project));
                    let known = known.ok_or_else(|| {
                        Fault::bad(format!(
                            "Block Device Mapping is Invalid: failed to get volume {uuid}."
                        ))
                    })?;
                    if count > 1 {
                        return Err(Fault::bad(
                            "Cannot attach one or more volumes to multiple instances",
                        ));
                    }
                    if known.status != "available" {
                        return Err(Fault::bad(format!(
                            "Invalid volume: Invalid input received: Invalid volume: Volume {uuid} status must be available or downloading to reserve, but the current status is {}. (HTTP 400)",
                            known.status
                        )));
                    }
                    if boot && !known.bootable {
                        return Err(Fault::bad(format!("Block Device {uuid} is not bootable.")));
                    }
                    Source::Volume(uuid.to_owned())
                }
                _ => {
                    if destination == "volume" && size.is_none() {
                        return Err(Fault::bad(
                            "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size",
                        ));
                    }
                    Source::Blank
                }
            };
            if destination == "local" {
                continue;
            }
            let volume_type = text("volume_type").filter(|name| !name.is_empty());
            if let Some(name) = volume_type
                && self.volume_type(name).is_none()
            {
                return Err(Fault::bad(format!(
                    "Volume type {name} could not be found."
                )));
            }
            planned.push(PlannedVolume {
                source,
                size,
                volume_type: volume_type.map(str::to_owned),
                device: text("device_name").map(str::to_owned),
                delete_on_termination: mapping.get("delete_on_termination").is_some_and(|value| {
                    value
                        .as_bool()
                        .or_else(|| crate::query::truth(value.as_str()?))
                        .unwrap_or(false)
                }),
                boot,
                tag: text("tag").map(str::to_owned),
            });
        }
        if !mappings.is_empty() && !boot_entry {
            return Err(boot_sequence());
        }
        Ok(planned)
    }

    /// Makes the ports and volumes of a server that is being built.
    pub(crate) fn make_server_resources(&mut self, id: &str, at: Millis) {
        let Some(server) = self.compute.servers.get(id) else {
            return;
        };
        if server.vm_state != "building" || server.task_state.as_deref() == Some("deleting") {
            return;
        }
        let server = server.clone();
        if !self.finds_host(&server) {
            self.bury(id);
            return;
        }
        let made = self
            .make_ports(&server)
            .and_then(|()| self.make_volumes(&server, at));
        let now = self.now;
        let Some(server) = self.compute.servers.get_mut(id) else {
            return;
        };
        server.updated = now;
        server.task_state = Some("spawning".to_owned());
        if let Err(fault) = made {
            server.vm_state = "error".to_owned();
            server.task_state = None;
            let message = format!("Build of instance {id} aborted: {}", fault.message);
            server.fault = Some(ServerFault {
                code: 500,
                message,
                at: now,
            });
            // What was reserved and not attached becomes free again.
            for planned in std::mem::take(&mut server.planned_volumes) {
                if let Source::Volume(volume) = planned.source {
                    self.set_volume_status_if(&volume, "reserved", "available");
                }
            }
        }
    }

    /// Whether the one host may take the server: a group may want its members apart.
    ///
    /// The servers of one request are placed together or not at all.
    fn finds_host(&self, server: &Server) -> bool {
        let group = server.group.as_deref();
        let Some(group) = group.and_then(|id| self.compute.groups.get(id)) else {
            return true;
        };
        if group.policy != "anti-affinity" {
            return true;
        }
        let members = self.compute.servers.iter().filter(|other| {
            other.group.as_deref() == Some(&group.id)
                && !other.deleted()
                && (other.vm_state != "error" || other.reservation == server.reservation)
                && (other.created, &other.reservation) <= (server.created, &server.reservation)
        });
        u64::try_from(members.count()).unwrap_or(u64::MAX) <= group.max_server_per_host.unwrap_or(1)
    }

    /// A server that no host takes ends in ERROR; what was reserved for it is free again.
    fn bury(&mut self, id: &str) {
        let now = self.now;
        let Some(server) = self.compute.servers.get_mut(id) else {
            return;
        };
        server.updated = now;
        server.vm_state = "error".to_owned();
        server.task_state = None;
        server.zone = String::new();
        server.fault = Some(ServerFault {
            code: 500,
            message: "No valid host was found. There are not enough hosts available.".to_owned(),
            at: now,
        });
        server.planned_ports.clear();
        for planned in std::mem::take(&mut server.planned_volumes) {
            if let Source::Volume(volume) = planned.source {
                self.set_volume_status_if(&volume, "reserved", "available");
            }
        }
    }

    fn make_ports(&mut self, server: &Server) -> Result<(), Fault> {
        let groups = if server.security_groups.is_empty() {
            None
        } else {
            Some(server.security_groups.clone())
        };
        for planned in &server.planned_ports {
            let (id, made) = match planned {
                PlannedPort::Port(id) => {
                    let port = self
                        .network
                        .get("ports", id)
                        .filter(|port| port.text("device_id").is_empty());
                    if port.is_none() {
                        return Err(Fault::conflict(format!("Port {id} is still in use.")));
                    }
                    self.bind_port(id, &server.id);
                    (id.clone(), false)
                }
                PlannedPort::Network(network, ip) => {
                    let wanted = ip
                        .as_ref()
                        .map(|ip| vec![serde_json::json!({"ip_address": ip})]);
                    let id = self.make_port(PortSpec {
                        network,
                        project: &server.project,
                        owner: "compute:nova",
                        device: &server.id,
                        fixed_ips: wanted.as_deref(),
                        security_groups: groups.clone(),
                    })?;
                    (id, true)
                }
            };
            if let Some(server) = self.compute.servers.get_mut(&server.id) {
                server.ports.push(ServerPort { id, made });
            }
        }
        Ok(())
    }

    /// Gives an existing port to a server.
    pub(super) fn bind_port(&mut self, port: &str, server: &str) {
        if let Some(port) = self.network.get_mut("ports", port) {
            port.set("device_id", server);
            port.set("device_owner", "compute:nova");
            port.set("status", "ACTIVE");
        }
        self.touch_port(port);
    }

    fn make_volumes(&mut self, server: &Server, at: Millis) -> Result<(), Fault> {
        for planned in &server.planned_volumes {
            let volume = match &planned.source {
                Source::Volume(id) => id.clone(),
                made => {
                    let size = match made {
                        Source::Snapshot(id) => planned.size.or_else(|| {
                            self.storage.snapshots.get(id).map(|snapshot| snapshot.size)
                        }),
                        _ => planned.size,
                    };
                    let name = match made {
                        Source::Blank => format!("{}-blank-vol", server.id),
                        _ => String::new(),
                    };
                    self.make_volume(
                        VolumeSpec {
                            project: &server.project,
                            user: &server.user,
                            size: size.unwrap_or(1),
                            name: Some(&name),
                            description: Some(""),
                            volume_type: planned.volume_type.as_deref(),
                            image: if let Source::Image(id) = made {
                                Some(id)
                            } else {
                                None
                            },
                            snapshot: if let Source::Snapshot(id) = made {
                                Some(id)
                            } else {
                                None
                            },
                            ..VolumeSpec::default()
                        },
                        at,
                    )?
                }
            };
            // A launch keeps the names it was given; only attaching later renames.
            let device = match &planned.device {
                Some(device) if !planned.boot => device.clone(),
                _ => self.device_name(&server.id, planned.device.as_deref(), planned.boot),
            };
            let (attachment, bdm) = (self.ids.uuid(), self.ids.uuid());
            if let Some(server) = self.compute.servers.get_mut(&server.id) {
                server.volumes.push(ServerVolume {
                    volume,
                    device,
                    delete_on_termination: planned.delete_on_termination,
                    attachment,
                    bdm,
                    boot: planned.boot,
                    tag: planned.tag.clone(),
                });
            }
        }
        Ok(())
    }
}

fn boot_sequence() -> Fault {
    Fault::bad(
        "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.",
    )
}
