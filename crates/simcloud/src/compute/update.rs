//! Changing and deleting a server.

use serde_json::{Value, json};

use super::{check_lock, schemas};
use crate::{
    clock::Event,
    cloud::Cloud,
    fault::Fault,
    python,
    request::{Answer, Handled, Request},
    schema,
};

/// Milliseconds that a deleted server can still be shown.
const DELETING: i64 = 800;

impl Cloud {
    pub(super) fn update_server(&mut self, request: &Request, id: &str) -> Handled {
        schema::check(&schemas::UPDATE, request.body)?;
        self.server(request, id)?;
        let body = &request.body["server"];
        for (key, from) in [("description", 19), ("hostname", 90)] {
            if body.get(key).is_some() && !request.from(from) {
                return Err(Fault::bad(format!(
                    "Invalid input for field/attribute server. Value: {}. Additional properties are not allowed ('{key}' was unexpected)",
                    python::repr(body)
                )));
            }
        }
        let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
        self.change_server(id, |server| {
            if let Some(name) = text("name") {
                server.name = name;
            }
            if body.get("description").is_some() {
                server.description = text("description");
            }
            if let Some(hostname) = text("hostname") {
                server.hostname = hostname;
            }
            if let Some(address) = text("accessIPv4") {
                server.access_v4 = address;
            }
            if let Some(address) = text("accessIPv6") {
                server.access_v6 = address;
            }
            if let Some(config) = text("OS-DCF:diskConfig") {
                server.disk_config = config;
            }
        });
        let server = self.server(request, id)?;
        Ok(Answer::ok(
            json!({"server": self.server_view(request, server, &self.addresses_of(server), true)}),
        ))
    }

    pub(super) fn delete_server(&mut self, request: &Request, id: &str) -> Handled {
        let server = self.server(request, id)?;
        check_lock(request, server)?;
        if server.task_state.as_deref() != Some("deleting") {
            self.record(id, "delete");
            self.change_server(id, |server| server.task_state = Some("deleting".to_owned()));
            self.agenda
                .add(self.now + DELETING, Event::ServerGone(id.to_owned()));
        }
        Ok(Answer::empty(204))
    }
}
