//! The order of a list of servers.

use super::state::Server;
use crate::{fault::Fault, order, request::Request};

/// The keys that Nova's schema knows, as its refusal lists them.
const SORT_KEYS: &str = "['launched_at', 'kernel_id', 'root_device_name', 'updated_at', 'user_id', 'config_drive', 'locked_by', 'launch_index', 'hostname', 'project_id', 'display_description', 'uuid', 'ramdisk_id', 'vm_state', 'power_state', 'display_name', 'access_ip_v4', 'access_ip_v6', 'instance_type_id', 'progress', 'auto_disk_config', 'image_ref', 'created_at', 'terminated_at', 'task_state', 'key_name', 'host', 'node', 'locked', 'availability_zone']";

/// Sorts by the keys of the query; without any, the order of the rows stays.
pub(super) fn sort(request: &Request, rows: &mut [&Server]) -> Result<(), Fault> {
    let (keys, dirs) = (request.params("sort_key"), request.params("sort_dir"));
    for (n, key) in keys.iter().enumerate().rev() {
        let dir = dirs.get(n).copied().unwrap_or("desc");
        if !matches!(dir, "asc" | "desc") {
            return Err(Fault::bad(
                "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'",
            ));
        }
        match *key {
            "created_at" => order::by_key(rows, |server| server.created),
            "updated_at" => order::by_key(rows, |server| server.updated),
            "launch_index" => order::by_key(rows, |server| server.launch_index),
            _ => {
                let text: fn(&Server) -> &str = match *key {
                    "uuid" => |server| &server.id,
                    "display_name" | "name" => |server| &server.name,
                    "vm_state" | "status" => |server| &server.vm_state,
                    "key_name" => |server| server.key_name.as_deref().unwrap_or(""),
                    "availability_zone" => |server| &server.zone,
                    "hostname" => |server| &server.hostname,
                    "image_ref" => |server| &server.image,
                    "user_id" => |server| &server.user,
                    "project_id" => |server| &server.project,
                    other => {
                        return Err(Fault::bad(format!(
                            "Invalid input for query parameters sort_key. Value: {other}. '{other}' is not one of {SORT_KEYS}"
                        )));
                    }
                };
                order::by_key(rows, text);
            }
        }
        if dir == "desc" {
            rows.reverse();
        }
    }
    Ok(())
}
