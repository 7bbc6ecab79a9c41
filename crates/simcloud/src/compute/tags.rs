//! `/servers/{id}/tags`.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::{check_lock, schemas};
use crate::{
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
    schema,
};

const MOST: usize = 50;

impl Cloud {
    pub(super) fn server_tags(&mut self, request: &Request, id: &str, rest: &[&str]) -> Handled {
        let server = self.server(request, id)?;
        let mut tags = server.tags.clone();
        if request.method != Method::Get {
            check_lock(request, server)?;
            if !matches!(
                server.vm_state.as_str(),
                "active" | "paused" | "suspended" | "stopped"
            ) {
                return Err(Fault::conflict(format!(
                    "Cannot 'update tags' instance {id} while it is in vm_state {}",
                    server.vm_state
                )));
            }
        }
        let answer = match (request.method, rest) {
            (Method::Get, []) => return Ok(Answer::ok(json!({"tags": tags}))),
            (Method::Get, [tag]) => {
                return if tags.iter().any(|one| one == tag) {
                    Ok(Answer::empty(204))
                } else {
                    Err(absent(id, tag))
                };
            }
            (Method::Put, []) => {
                schema::check(&schemas::TAGS, request.body)?;
                tags = request.body["tags"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect();
                tags.sort();
                tags.dedup();
                Answer::ok(json!({"tags": tags}))
            }
            (Method::Put, [tag]) => {
                schema::check(&schemas::TAG, &json!(tag)).map_err(|fault| {
                    Fault::bad(format!(
                        "Tag '{tag}' is invalid. It must be a non empty string without characters '/' and ','. Validation error message: {}",
                        fault.message
                    ))
                })?;
                if tags.iter().any(|one| one == tag) {
                    Answer::empty(204)
                } else if tags.len() >= MOST {
                    return Err(Fault::bad(format!(
                        "The number of tags exceeded the per-server limit {MOST}"
                    )));
                } else {
                    tags.push((*tag).to_owned());
                    tags.sort();
                    Answer::empty(201).header(
                        "location",
                        format!("{}/servers/{id}/tags/{tag}", request.endpoint),
                    )
                }
            }
            (Method::Delete, []) => {
                tags.clear();
                Answer::empty(204)
            }
            (Method::Delete, [tag]) => {
                if !tags.iter().any(|one| one == tag) {
                    return Err(Fault::missing(format!("Instance {id} has no tag '{tag}'")));
                }
                tags.retain(|one| one != tag);
                Answer::empty(204)
            }
            (_, [] | [_]) => return Err(Fault::no_method()),
            _ => return Err(Fault::no_route()),
        };
        self.change_server(id, |server| server.tags = tags);
        Ok(answer)
    }
}

fn absent(id: &str, tag: &str) -> Fault {
    Fault::missing(format!("Server {id} has no tag '{tag}'"))
}
