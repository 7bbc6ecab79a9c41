//! Nova: servers and all that belongs to them, flavors, key pairs, server groups, quotas.

mod actions;
mod console;
mod create;
mod create_image;
mod flavors;
mod groups;
mod interfaces;
mod keypairs;
mod launch;
mod list;
mod metadata;
mod networks;
mod order;
mod quotas;
mod rsa;
mod schemas;
mod settle;
pub(crate) mod state;
mod tags;
mod update;
mod view;
mod volumes;

use openstack_wire::Method;
use serde_json::{Value, json};

use self::state::Server;
use crate::{
    cloud::{Cloud, ZONE},
    fault::Fault,
    request::{Answer, Handled, Request},
};

impl Cloud {
    pub(crate) fn handle_compute(&mut self, request: &Request) -> Handled {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        match path.split_first() {
            None => Ok(Answer::ok(
                json!({"version": crate::identity::versions::compute(&request.endpoint)}),
            )),
            Some((&"servers", rest)) => self.servers(request, rest),
            Some((&"flavors", rest)) => self.flavors(request, rest),
            Some((&"os-keypairs", rest)) => self.keypairs(request, rest),
            Some((&"os-server-groups", rest)) => self.server_groups(request, rest),
            Some((&"os-quota-sets" | &"os-quota-class-sets", rest)) => {
                self.compute_quotas(request, rest)
            }
            Some((&"limits", [])) => self.compute_limits(request),
            Some((&"os-availability-zone", [])) => Ok(Answer::ok(json!({"availabilityZoneInfo": [
                {"zoneName": ZONE, "zoneState": {"available": true}, "hosts": null}
            ]}))),
            Some((&"os-availability-zone", ["detail"])) => {
                Err(Fault::policy("os_compute_api:os-availability-zone:detail"))
            }
            Some((&"extensions", [])) => Ok(Answer::ok(json!({"extensions": []}))),
            Some((&"os-hypervisors", _)) => {
                Err(Fault::policy("os_compute_api:os-hypervisors:list"))
            }
            Some((&"os-services", _)) => Err(Fault::policy("os_compute_api:os-services:list")),
            Some((&"os-aggregates", _)) => Err(Fault::policy("os_compute_api:os-aggregates:index")),
            Some(_) => Err(Fault::no_route()),
        }
    }

    fn servers(&mut self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => self.list_servers(request, false),
            (Method::Get, ["detail"]) => self.list_servers(request, true),
            (Method::Post, []) => self.create_servers(request),
            (_, []) => Err(Fault::no_route()),
            (Method::Get, [id]) => {
                let server = self.server(request, id)?;
                Ok(Answer::ok(
                    json!({"server": self.server_view(request, server, &self.addresses_of(server), true)}),
                ))
            }
            (Method::Put, [id]) => self.update_server(request, id),
            (Method::Delete, [id]) => self.delete_server(request, id),
            (_, [id, part, rest @ ..]) => {
                self.part_of(request, id, part)?;
                match *part {
                    "action" if rest.is_empty() && request.method == Method::Post => {
                        self.server_action(request, id)
                    }
                    "metadata" => self.server_metadata(request, id, rest),
                    "tags" if !request.from(26) => {
                        Err(Fault::missing("The resource could not be found."))
                    }
                    "tags" => self.server_tags(request, id, rest),
                    "os-volume_attachments" => self.volume_attachments(request, id, rest),
                    "os-interface" => self.interfaces(request, id, rest),
                    "os-instance-actions" => self.instance_actions(request, id, rest),
                    "ips" => self.server_ips(request, id, rest),
                    "os-security-groups" if rest.is_empty() => self.server_groups_of(request, id),
                    "os-server-password" => self.server_password(request, rest),
                    "remote-consoles" if rest.is_empty() => self.remote_console(request, id),
                    "diagnostics" => Err(Fault::policy("os_compute_api:os-server-diagnostics")),
                    "migrations" => Err(Fault::policy("os_compute_api:servers:migrations:index")),
                    "topology" if request.from(78) => {
                        Ok(Answer::ok(json!({"nodes": [], "pagesize_kb": null})))
                    }
                    _ => Err(Fault::no_route()),
                }
            }
            _ => Err(Fault::no_method()),
        }
    }

    /// Whether the caller may ask for that part of a server at all.
    fn part_of(&self, request: &Request, id: &str, part: &str) -> Result<(), Fault> {
        let known = self.compute.servers.get(id);
        match (part, known) {
            ("action", None) => Err(Fault::missing(format!(
                "Instance {id} has no mapping to a cell."
            ))),
            ("tags", Some(server)) if !request.owns(&server.project) => {
                let verb = match request.method {
                    Method::Get => "show",
                    Method::Delete => "delete",
                    _ => "update",
                };
                Err(Fault::policy(&format!(
                    "os_compute_api:os-server-tags:{verb}"
                )))
            }
            _ => self.server(request, id).map(drop),
        }
    }

    /// The live server of that id, if the caller's project has one.
    pub(crate) fn server(&self, request: &Request, id: &str) -> Result<&Server, Fault> {
        self.compute
            .servers
            .get(id)
            .filter(|server| request.owns(&server.project) && !server.deleted())
            .ok_or_else(|| Fault::missing(format!("Instance {id} could not be found.")))
    }

    /// Changes a live server and its time of change.
    pub(crate) fn change_server(&mut self, id: &str, change: impl FnOnce(&mut Server)) {
        let now = self.now;
        if let Some(server) = self.compute.servers.get_mut(id) {
            server.updated = now;
            change(server);
        }
    }
}

/// A body that must hold one object under this name.
fn inner<'a>(body: &'a Value, name: &str) -> Result<&'a Value, Fault> {
    body.get(name)
        .ok_or_else(|| Fault::bad(format!("'{name}' is a required property")))
}

/// The fault for a state that an action cannot start from.
pub(crate) fn wrong_state(action: &str, server: &Server) -> Fault {
    let (attribute, state) = match &server.task_state {
        Some(task) if allowed_vm_state(action, server) => ("task_state", task.as_str()),
        _ => ("vm_state", server.vm_state.as_str()),
    };
    Fault::conflict(format!(
        "Cannot '{action}' instance {} while it is in {attribute} {state}",
        server.id
    ))
}

/// States of the machine in which an action may start; an empty list allows every one.
fn vm_states(action: &str) -> &'static [&'static str] {
    match action {
        "start" => &["stopped"],
        "stop" => &["active", "error"],
        "reboot" => &["active", "stopped", "paused", "suspended", "error"],
        "pause" => &["active"],
        "unpause" => &["paused"],
        "suspend" => &["active"],
        "resume" => &["suspended"],
        "resize" => &["active", "stopped"],
        "confirmResize" | "revertResize" => &["resized"],
        "rebuild" => &["active", "stopped", "error"],
        "rescue" => &["active", "stopped", "error"],
        "unrescue" => &["rescued"],
        "shelve" => &["active", "stopped", "paused", "suspended"],
        "unshelve" => &["shelved", "shelved_offloaded"],
        "shelve_offload" => &["shelved"],
        "createImage" => &["active", "stopped", "paused", "suspended"],
        "snapshot_volume_backed" => &["active", "stopped", "paused", "suspended"],
        "attach_volume" => &[
            "active",
            "paused",
            "stopped",
            "resized",
            "shelved",
            "shelved_offloaded",
        ],
        "detach_volume" => &[
            "active",
            "paused",
            "stopped",
            "resized",
            "shelved",
            "shelved_offloaded",
        ],
        "attach_interface" | "detach_interface" => &["active", "paused", "stopped"],
        "update metadata" | "delete metadata" | "update tags" | "delete tags" => {
            &["active", "paused", "suspended", "stopped"]
        }
        "change_password" => &["active"],
        _ => &[],
    }
}

fn allowed_vm_state(action: &str, server: &Server) -> bool {
    let states = vm_states(action);
    states.is_empty() || states.contains(&server.vm_state.as_str())
}

/// Checks both states; actions on metadata do not mind a running task.
pub(crate) fn check_state(action: &str, server: &Server) -> Result<(), Fault> {
    let busy = match (action, server.task_state.as_deref()) {
        (_, None) => false,
        (
            "update metadata" | "delete metadata" | "update tags" | "delete tags" | "attach_volume"
            | "detach_volume",
            _,
        ) => false,
        ("reboot", Some("rebooting" | "rebooting_hard")) => false,
        (_, Some(_)) => true,
    };
    if !allowed_vm_state(action, server) || busy {
        return Err(wrong_state(action, server));
    }
    Ok(())
}

/// Refuses what a lock forbids to all but administrators.
pub(crate) fn check_lock(request: &Request, server: &Server) -> Result<(), Fault> {
    if server.locked.is_some() && !request.caller.admin {
        return Err(Fault::conflict(format!("Instance {} is locked", server.id)));
    }
    Ok(())
}
