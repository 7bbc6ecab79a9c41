//! What Glance keeps.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Millis,
    table::{Row, Table},
};

/// A project that an image is shared with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) project: String,
    pub(crate) status: String,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

/// An image.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Image {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) name: String,
    /// A name was never given.
    pub(crate) nameless: bool,
    pub(crate) status: String,
    pub(crate) visibility: String,
    /// Bytes; none before there is data.
    pub(crate) size: Option<u64>,
    pub(crate) staged: Option<u64>,
    pub(crate) disk_format: Option<String>,
    pub(crate) container_format: Option<String>,
    pub(crate) min_disk: u64,
    pub(crate) min_ram: u64,
    pub(crate) protected: bool,
    pub(crate) hidden: bool,
    pub(crate) tags: Vec<String>,
    /// Custom properties.
    pub(crate) properties: IndexMap<String, String>,
    pub(crate) members: Vec<Member>,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

impl Row for Image {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The image service's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ImageState {
    pub(crate) images: Table<Image>,
}
