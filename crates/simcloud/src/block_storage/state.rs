//! What Cinder keeps.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Millis,
    table::{Row, Table},
};

/// Where a volume is attached.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attachment {
    pub(crate) id: String,
    pub(crate) server: String,
    pub(crate) device: String,
    pub(crate) at: Millis,
}

/// A volume.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Volume {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    /// GiB.
    pub(crate) size: u64,
    pub(crate) status: String,
    pub(crate) bootable: bool,
    pub(crate) zone: String,
    pub(crate) volume_type: String,
    pub(crate) snapshot: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) metadata: IndexMap<String, String>,
    pub(crate) image_metadata: IndexMap<String, String>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) read_only: bool,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

impl Row for Volume {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A snapshot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) user: String,
    pub(crate) volume: String,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) size: u64,
    pub(crate) status: String,
    pub(crate) metadata: IndexMap<String, String>,
    /// Facts of the volume that a volume made from here takes over.
    pub(crate) bootable: bool,
    pub(crate) image_metadata: IndexMap<String, String>,
    pub(crate) volume_type: String,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

impl Row for Snapshot {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A volume type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct VolumeType {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
}

impl Row for VolumeType {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The block storage service's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct StorageState {
    pub(crate) volumes: Table<Volume>,
    pub(crate) snapshots: Table<Snapshot>,
    pub(crate) types: Table<VolumeType>,
    /// Limits that differ from the defaults: project, then resource.
    pub(crate) quotas: crate::limits::Quotas,
}
