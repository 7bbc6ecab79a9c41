//! The order of a list of servers.

use super::state::Server;
use crate::{fault::Fault, order, request::Request};

/// Sorts by the keys of the query; without any, the order of the rows stays.
pub(super) fn sort(request: &Request, rows: &mut [&Server]) -> Result<(), Fault> {
    let (keys, dirs) = (request.params("sort_key"), request.params("sort_dir"));
    for (n, key) in keys.iter().enumerate().rev() {
        let dir = dirs.get(n).copied().unwrap_or("desc");
        if !matches!(dir, "asc" | "desc") {
            return Err(Fault::bad(format!(
                "Unknown sort direction, must be one of: asc, desc ({dir})"
            )));
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
                        return Err(Fault::bad(format!("Sort key supplied is invalid: {other}")));
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
