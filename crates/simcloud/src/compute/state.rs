//! What Nova keeps.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Millis,
    table::{Row, Table},
};

/// A flavor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Flavor {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) vcpus: u64,
    /// MiB.
    pub(crate) ram: u64,
    /// GiB.
    pub(crate) disk: u64,
    pub(crate) ephemeral: u64,
    pub(crate) description: Option<String>,
    pub(crate) extra_specs: IndexMap<String, String>,
}

impl Row for Flavor {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A port of a server; `made` if Nova made it, and so deletes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ServerPort {
    pub(crate) id: String,
    pub(crate) made: bool,
}

/// A volume of a server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ServerVolume {
    pub(crate) volume: String,
    pub(crate) device: String,
    pub(crate) delete_on_termination: bool,
    pub(crate) attachment: String,
    pub(crate) bdm: String,
    pub(crate) boot: bool,
    pub(crate) tag: Option<String>,
}

/// Where a volume of a new server comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Source {
    Image(String),
    Snapshot(String),
    Blank,
    Volume(String),
}

/// A volume that a new server will get.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PlannedVolume {
    pub(crate) source: Source,
    pub(crate) size: Option<u64>,
    pub(crate) volume_type: Option<String>,
    pub(crate) device: Option<String>,
    pub(crate) delete_on_termination: bool,
    pub(crate) boot: bool,
    pub(crate) tag: Option<String>,
}

/// A network interface that a new server will get.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum PlannedPort {
    /// An existing port.
    Port(String),
    /// A new port in the network, with this address if one was asked for.
    Network(String, Option<String>),
}

/// A server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Server {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) hostname: String,
    pub(crate) vm_state: String,
    pub(crate) task_state: Option<String>,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
    pub(crate) launched: Option<Millis>,
    pub(crate) terminated: Option<Millis>,
    /// Empty for a server that boots from a volume and names no image.
    pub(crate) image: String,
    pub(crate) flavor: String,
    /// The flavor before a resize that is not yet confirmed.
    pub(crate) old_flavor: Option<String>,
    /// State before a resize, to which a revert returns.
    pub(crate) old_state: Option<String>,
    pub(crate) key_name: Option<String>,
    pub(crate) metadata: IndexMap<String, String>,
    pub(crate) tags: Vec<String>,
    pub(crate) reservation: String,
    pub(crate) launch_index: u64,
    pub(crate) zone: String,
    pub(crate) pinned_zone: Option<String>,
    pub(crate) security_groups: Vec<String>,
    pub(crate) ports: Vec<ServerPort>,
    pub(crate) volumes: Vec<ServerVolume>,
    pub(crate) planned_ports: Vec<PlannedPort>,
    pub(crate) planned_volumes: Vec<PlannedVolume>,
    pub(crate) user_data: Option<String>,
    /// Reason, if locked.
    pub(crate) locked: Option<Option<String>>,
    pub(crate) group: Option<String>,
    pub(crate) config_drive: bool,
    pub(crate) access_v4: String,
    pub(crate) access_v6: String,
    pub(crate) disk_config: String,
    pub(crate) root_device: String,
    pub(crate) fault: Option<ServerFault>,
    pub(crate) actions: Vec<ServerAction>,
}

/// What went wrong with a server in ERROR.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ServerFault {
    pub(crate) code: u16,
    pub(crate) message: String,
    pub(crate) at: Millis,
}

/// Something that was done to a server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ServerAction {
    pub(crate) name: String,
    pub(crate) request: String,
    pub(crate) at: Millis,
}

impl Row for Server {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Server {
    pub(crate) fn deleted(&self) -> bool {
        self.vm_state == "deleted"
    }

    /// Whether the server is on no host: not yet, or because none took it.
    pub(crate) fn unplaced(&self) -> bool {
        match self.vm_state.as_str() {
            "building" => self.task_state.as_deref() == Some("scheduling"),
            "error" => self.zone.is_empty(),
            _ => false,
        }
    }

    /// The status word that the API derives from both states.
    pub(crate) fn status(&self) -> &'static str {
        let task = self.task_state.as_deref().unwrap_or("");
        match (self.vm_state.as_str(), task) {
            ("active" | "stopped", "rebooting" | "reboot_pending" | "reboot_started") => "REBOOT",
            (
                "active" | "stopped",
                "rebooting_hard" | "reboot_pending_hard" | "reboot_started_hard",
            ) => "HARD_REBOOT",
            ("active" | "stopped" | "error", task) if task.starts_with("rebuild") => "REBUILD",
            (
                "active" | "stopped",
                "resize_prep" | "resize_migrating" | "resize_migrated" | "resize_finish",
            ) => "RESIZE",
            ("active", "updating_password") => "PASSWORD",
            ("resized", "resize_reverting") => "REVERT_RESIZE",
            ("active", _) => "ACTIVE",
            ("building", _) => "BUILD",
            ("stopped", _) => "SHUTOFF",
            ("resized", _) => "VERIFY_RESIZE",
            ("paused", _) => "PAUSED",
            ("suspended", _) => "SUSPENDED",
            ("rescued", _) => "RESCUE",
            ("error", _) => "ERROR",
            ("deleted", _) => "DELETED",
            ("shelved", _) => "SHELVED",
            ("shelved_offloaded", _) => "SHELVED_OFFLOADED",
            _ => "UNKNOWN",
        }
    }

    /// Nova's number for running, paused, off and so on.
    pub(crate) fn power_state(&self) -> u8 {
        match self.vm_state.as_str() {
            "resized" if self.old_state.as_deref() == Some("stopped") => 4,
            "active" | "resized" | "rescued" => 1,
            "paused" => 3,
            "stopped" | "suspended" | "shelved" | "shelved_offloaded" => 4,
            _ => 0,
        }
    }
}

/// A key pair; its owner is a user, not a project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeyPair {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) public_key: String,
    pub(crate) fingerprint: String,
    pub(crate) created: Millis,
    pub(crate) number: u64,
}

/// A server group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ServerGroup {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) policy: String,
    pub(crate) max_server_per_host: Option<u64>,
}

impl Row for ServerGroup {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The compute service's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ComputeState {
    pub(crate) servers: Table<Server>,
    pub(crate) flavors: Table<Flavor>,
    /// By user, then by name.
    pub(crate) keypairs: BTreeMap<String, BTreeMap<String, KeyPair>>,
    pub(crate) keypair_count: u64,
    pub(crate) groups: Table<ServerGroup>,
    /// Limits that differ from the defaults: project, then resource.
    pub(crate) quotas: crate::limits::Quotas,
}
