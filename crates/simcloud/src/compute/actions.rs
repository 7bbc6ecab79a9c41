//! `POST /servers/{id}/action`.

use serde_json::{Value, json};

use super::{check_lock, check_state, schemas, state::ServerAction};
use crate::{
    clock::Event,
    cloud::Cloud,
    fault::Fault,
    ids::is_uuid,
    python,
    query::truth,
    request::{Answer, Handled, Request},
    schema,
};

/// Actions that only switch a state: API name, name in messages, task while it lasts, milliseconds.
const SWITCHES: &[(&str, &str, &str, i64)] = &[
    ("os-start", "start", "powering-on", 1_000),
    ("os-stop", "stop", "powering-off", 1_000),
    ("pause", "pause", "pausing", 500),
    ("unpause", "unpause", "unpausing", 500),
    ("suspend", "suspend", "suspending", 1_000),
    ("resume", "resume", "resuming", 1_000),
    ("rescue", "rescue", "rescuing", 1_500),
    ("unrescue", "unrescue", "unrescuing", 1_500),
    ("shelve", "shelve", "shelving", 1_500),
    (
        "shelveOffload",
        "shelve_offload",
        "shelving_offloading",
        500,
    ),
    ("unshelve", "unshelve", "unshelving", 1_500),
];

const ADMIN: &[&str] = &[
    "migrate",
    "os-migrateLive",
    "evacuate",
    "os-resetState",
    "injectNetworkInfo",
    "resetNetwork",
    "forceDelete",
];

/// A server that is on no host can do nothing.
fn not_ready(id: &str) -> Fault {
    Fault::conflict(format!("Instance {id} is not ready"))
}

impl Cloud {
    pub(super) fn server_action(&mut self, request: &Request, id: &str) -> Handled {
        let (action, argument) = match request
            .body
            .as_object()
            .filter(|map| map.len() == 1)
            .and_then(|map| map.iter().next())
        {
            Some((action, argument)) => (action.as_str(), argument),
            None => return Err(Fault::bad("Malformed request body")),
        };
        if let Some((_, name, task, lasts)) = SWITCHES.iter().find(|row| row.0 == action) {
            let server = self.server(request, id)?;
            if server.vm_state == "error" && server.unplaced() {
                return Err(not_ready(id));
            }
            self.may(request, id, name)?;
            self.begin(id, name, task, *lasts);
            if *name == "rescue" {
                let password = argument
                    .get("adminPass")
                    .and_then(Value::as_str)
                    .map(str::to_owned);
                return Ok(Answer::ok(
                    json!({"adminPass": password.unwrap_or_else(|| self.ids.word(12))}),
                ));
            }
            return Ok(Answer::empty(202));
        }
        match action {
            "reboot" => {
                schema::check_named(&schemas::REBOOT, argument, "reboot")?;
                self.may(request, id, "reboot")?;
                let hard = argument["type"]
                    .as_str()
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("hard"));
                let stopped = self.server(request, id)?.vm_state != "active";
                if stopped && !hard {
                    return Err(super::wrong_state("reboot", self.server(request, id)?));
                }
                self.begin(
                    id,
                    "reboot",
                    if hard { "rebooting_hard" } else { "rebooting" },
                    1_000,
                );
                Ok(Answer::empty(202))
            }
            "resize" => self.resize(request, id, argument),
            "confirmResize" => {
                self.may(request, id, "confirmResize")?;
                self.record(id, "confirmResize");
                self.change_server(id, |server| {
                    server.vm_state = server
                        .old_state
                        .take()
                        .unwrap_or_else(|| "active".to_owned());
                    server.old_flavor = None;
                });
                Ok(Answer::empty(204))
            }
            "revertResize" => {
                self.may(request, id, "revertResize")?;
                self.begin(id, "revertResize", "resize_reverting", 1_000);
                Ok(Answer::empty(202))
            }
            "rebuild" => self.rebuild(request, id, argument),
            "lock" => {
                if request.from(73) {
                    schema::check(&schemas::LOCK, argument)?;
                }
                let reason = argument
                    .get("locked_reason")
                    .and_then(Value::as_str)
                    .map(str::to_owned);
                self.change_server(id, |server| server.locked = Some(reason));
                self.record(id, "lock");
                Ok(Answer::empty(202))
            }
            "unlock" => {
                self.change_server(id, |server| server.locked = None);
                self.record(id, "unlock");
                Ok(Answer::empty(202))
            }
            "os-getConsoleOutput" => self.console_output(request, id, argument),
            "createImage" => self.create_image(request, id, argument),
            "changePassword" => {
                self.may(request, id, "change_password")?;
                if argument.get("adminPass").and_then(Value::as_str).is_none() {
                    return Err(Fault::bad(
                        "Invalid input for field/attribute changePassword. 'adminPass' is a required property",
                    ));
                }
                self.record(id, "changePassword");
                Ok(Answer::empty(202))
            }
            "addSecurityGroup" | "removeSecurityGroup" => {
                self.switch_group(request, id, action, argument)
            }
            name if ADMIN.contains(&name) && !request.caller.admin => {
                let rule = if name == "os-resetState" {
                    "reset_state"
                } else {
                    name
                };
                Err(Fault::policy(&format!(
                    "os_compute_api:os-admin-actions:{rule}"
                )))
            }
            "os-resetState" => {
                let state = argument
                    .get("state")
                    .and_then(Value::as_str)
                    .unwrap_or("error")
                    .to_owned();
                if !matches!(state.as_str(), "active" | "error") {
                    return Err(Fault::bad(format!(
                        "Invalid input for field/attribute state. Value: {state}. '{state}' is not one of ['active', 'error']"
                    )));
                }
                self.change_server(id, |server| {
                    server.vm_state = state;
                    server.task_state = None;
                });
                Ok(Answer::empty(202))
            }
            "forceDelete" => {
                self.delete_server(request, id)?;
                Ok(Answer::empty(202))
            }
            other => Err(Fault::bad(format!("There is no such action: {other}"))),
        }
    }

    /// Checks lock and state for an action.
    pub(super) fn may(&self, request: &Request, id: &str, action: &str) -> Result<(), Fault> {
        let server = self.server(request, id)?;
        check_lock(request, server)?;
        check_state(action, server)
    }

    /// Sets the task and when it is over.
    fn begin(&mut self, id: &str, action: &str, task: &str, lasts: i64) {
        self.record(id, action);
        self.change_server(id, |server| server.task_state = Some(task.to_owned()));
        self.agenda.add(
            self.now + lasts,
            Event::ServerTask(id.to_owned(), task.to_owned()),
        );
    }

    /// Writes the action into the server's history.
    pub(super) fn record(&mut self, id: &str, name: &str) {
        let (request, at) = (format!("req-{}", self.ids.uuid()), self.now);
        if let Some(server) = self.compute.servers.get_mut(id) {
            server.actions.push(ServerAction {
                name: name.to_owned(),
                request,
                at,
            });
        }
    }

    fn resize(&mut self, request: &Request, id: &str, argument: &Value) -> Handled {
        schema::check_named(&schemas::RESIZE, argument, "resize")?;
        let wanted = python::text(&argument["flavorRef"]);
        let flavor = self
            .compute
            .flavors
            .get(&wanted)
            .cloned()
            .ok_or_else(|| Fault::bad(format!("Flavor {wanted} could not be found.")))?;
        self.may(request, id, "resize")?;
        let server = self.server(request, id)?;
        if server.flavor == wanted {
            return Err(Fault::bad("When resizing, instances must change flavor!"));
        }
        let old = self.compute.flavors.get(&server.flavor);
        let backed = server.volumes.iter().any(|volume| volume.boot);
        if !backed && flavor.disk == 0 && old.is_some_and(|old| old.disk != 0) {
            return Err(Fault::bad("Resize to zero disk flavor is not allowed."));
        }
        let (cores, ram) = old.map_or((0, 0), |old| (old.vcpus, old.ram));
        self.check_resize_quota(
            &request.caller.project,
            flavor.vcpus.saturating_sub(cores),
            flavor.ram.saturating_sub(ram),
        )?;
        self.begin(id, "resize", "resize_prep", 2_000);
        self.change_server(id, |server| {
            server.old_flavor = Some(std::mem::replace(&mut server.flavor, wanted));
            server.old_state = Some(server.vm_state.clone());
        });
        Ok(Answer::empty(202))
    }

    fn rebuild(&mut self, request: &Request, id: &str, argument: &Value) -> Handled {
        let image = argument
            .get("imageRef")
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned();
        if !is_uuid(&image) {
            return Err(Fault::bad(format!(
                "Invalid input for field/attribute imageRef. Value: {image}. '{image}' is not a 'uuid'"
            )));
        }
        self.may(request, id, "rebuild")?;
        if self.visible_image(request, &image).is_none() {
            return Err(Fault::bad("Cannot find image for rebuild"));
        }
        self.begin(id, "rebuild", "rebuilding", 2_000);
        let text = |key: &str| argument.get(key).and_then(Value::as_str).map(str::to_owned);
        self.change_server(id, |server| {
            server.image = image;
            if let Some(name) = text("name") {
                server.name = name;
            }
            if argument.get("metadata").is_some() {
                server.metadata = super::create::pairs(argument.get("metadata"));
            }
        });
        let server = self.server(request, id)?;
        Ok(Answer::new(
            202,
            json!({"server": self.server_view(request, server, &self.addresses_of(server), true)}),
        ))
    }

    fn switch_group(
        &mut self,
        request: &Request,
        id: &str,
        action: &str,
        argument: &Value,
    ) -> Handled {
        let name = argument.get("name").and_then(Value::as_str).unwrap_or("");
        let server = self.server(request, id)?;
        check_lock(request, server)?;
        let ports: Vec<String> = server.ports.iter().map(|port| port.id.clone()).collect();
        let group = self
            .network
            .all("security_groups")
            .find(|group| {
                group.project == server.project && (group.id == name || group.text("name") == name)
            })
            .map(|group| group.id.clone())
            .ok_or_else(|| {
                Fault::missing(format!(
                    "Security group {name} is not found for project {}",
                    server.project
                ))
            })?;
        let mut found = false;
        for port in ports {
            if let Some(port) = self.network.get_mut("ports", &port) {
                let mut groups = port.texts("security_groups");
                found |= groups.contains(&group);
                groups.retain(|one| *one != group);
                if action == "addSecurityGroup" {
                    groups.push(group.clone());
                }
                port.set("security_groups", groups);
            }
        }
        if action == "removeSecurityGroup" && !found {
            return Err(Fault::missing(format!(
                "Security group {name} not associated with the instance {id}"
            )));
        }
        Ok(Answer::empty(202))
    }

    fn console_output(&mut self, request: &Request, id: &str, argument: &Value) -> Handled {
        schema::check(&schemas::CONSOLE, argument)?;
        let server = self.server(request, id)?;
        if server.unplaced() {
            return Err(not_ready(id));
        }
        let lines = super::console::output(server, self.now);
        let length = argument
            .get("length")
            .and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
        let output = match length.and_then(|length| usize::try_from(length).ok()) {
            Some(length) => lines[lines.len().saturating_sub(length)..].join("\n"),
            None => lines.join("\n"),
        };
        Ok(Answer::ok(json!({"output": output})))
    }

    pub(super) fn server_groups_of(&self, request: &Request, id: &str) -> Handled {
        let server = self.server(request, id)?;
        let mut groups: Vec<String> = Vec::new();
        for port in server
            .ports
            .iter()
            .filter_map(|port| self.network.get("ports", &port.id))
        {
            for group in port.texts("security_groups") {
                if !groups.contains(&group) {
                    groups.push(group);
                }
            }
        }
        let list: Vec<Value> = groups
            .iter()
            .filter_map(|group| self.network.get("security_groups", group))
            .map(|group| {
                json!({"id": group.id, "name": group.text("name"), "description": group.text("description"), "tenant_id": group.project, "rules": self.old_rules(&group.id)})
            })
            .collect();
        Ok(Answer::ok(json!({"security_groups": list})))
    }

    /// Rules for incoming packets as Nova's own security groups had them.
    fn old_rules(&self, group: &str) -> Value {
        let name = |id: &str| {
            self.network
                .get("security_groups", id)
                .map(|group| json!({"name": group.text("name"), "tenant_id": group.project}))
        };
        let rules = self.network.all("security_group_rules").filter(|rule| {
            rule.text("security_group_id") == group && rule.text("direction") == "ingress"
        });
        let shown = |rule: &crate::network::state::Object| {
            let field = |key: &str| rule.body.get(key).cloned().unwrap_or(Value::Null);
            let range = match rule.text("normalized_cidr") {
                "" => json!({}),
                cidr => json!({"cidr": cidr}),
            };
            json!({
                "id": rule.id,
                "parent_group_id": group,
                "ip_protocol": field("protocol"),
                "from_port": field("port_range_min"),
                "to_port": field("port_range_max"),
                "group": name(rule.text("remote_group_id")).unwrap_or_else(|| json!({})),
                "ip_range": range,
            })
        };
        Value::Array(rules.map(shown).collect())
    }

    pub(super) fn remote_console(&mut self, request: &Request, id: &str) -> Handled {
        let body = super::inner(request.body, "remote_console")?;
        let text = |key: &str| {
            body.get(key)
                .and_then(Value::as_str)
                .unwrap_or("")
                .to_owned()
        };
        let (protocol, kind) = (text("protocol"), text("type"));
        if !matches!(protocol.as_str(), "vnc" | "spice" | "serial") {
            return Err(Fault::bad(format!("Unsupported console type '{kind}'.")));
        }
        let server = self.server(request, id)?;
        if server.vm_state != "active" {
            return Err(Fault::conflict(format!("Instance {id} is not ready")));
        }
        let url = format!("{}/console?token={}", self.base_url, self.ids.uuid());
        Ok(Answer::ok(
            json!({"remote_console": {"protocol": protocol, "type": kind, "url": url}}),
        ))
    }

    /// Whether the text of a query or body says yes.
    pub(super) fn says_yes(value: Option<&Value>) -> bool {
        value
            .and_then(|value| value.as_bool().or_else(|| truth(value.as_str()?)))
            .unwrap_or(false)
    }
}
