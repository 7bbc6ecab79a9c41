//! What EC2 is: its actions, shapes, member names, wire names and documented filters, as a table that is looked up in place.
//!
//! The facts come from the service model in the `botocore` package (see [`source`]); `cargo xtask model` writes them.
//! All handles are small `Copy` numbers, all text is `&'static str`, and no lookup parses or allocates.
//!
//! ```
//! let action = ec2_model::action("RunInstances").expect("EC2 has it");
//! let devices = action.input().member("BlockDeviceMappings").expect("it takes them");
//! assert_eq!(devices.query_name(), "BlockDeviceMapping");
//! let device = devices.shape().item().expect("a list has items");
//! assert!(device.member("DeviceName").is_some());
//! ```
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod action;
mod few;
mod nearest;
mod shape;
mod table;

pub use action::{Action, Pagination, action, actions};
pub use few::few;
pub use nearest::{closest, closest_action};
pub use shape::{Kind, Member, Shape};

/// EC2's API version.
pub const VERSION: &str = "2016-11-15";

/// XML namespace of EC2's responses.
pub const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// What the table was made from: `botocore 1.44.5`.
#[must_use]
pub fn source() -> &'static str {
    table::SOURCE
}

/// Every fact, for [`use_facts`]: the table, and the names in it.
#[must_use]
pub fn all() -> (&'static [u8], &'static str) {
    table::all()
}

/// Says which facts a program for `wasm32` looks up in: [`few`] first, or [`all`]; and once more when it is handed the
/// others. A native program has them all and does nothing here.
pub fn use_facts(table: &'static [u8], names: &'static str) {
    table::choose(table, names);
}
