//! The console of a server, its password, its history and its addresses.

use openstack_wire::Method;
use serde_json::{Map, Value, json};

use super::state::Server;
use crate::{
    clock::{Millis, micros},
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

/// What the machine wrote to its serial port since it was last started.
pub(super) fn output(server: &Server, now: Millis) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(launched) = server.launched else {
        return lines;
    };
    let mut say = |seconds: f64, text: &str| lines.push(format!("[{seconds:12.6}] {text}"));
    say(0.0, "Linux version 6.1.0-cloud-amd64");
    say(
        0.0,
        "Command line: console=ttyS0 root=LABEL=cloudimg-rootfs ro",
    );
    say(
        0.412,
        "virtio_blk virtio1: [vda] 2097152 512-byte logical blocks",
    );
    say(
        0.731,
        "EXT4-fs (vda1): mounted filesystem with ordered data mode",
    );
    say(
        1.204,
        &format!("systemd[1]: Hostname set to <{}>.", server.hostname),
    );
    say(2.118, "cloud-init[412]: running 'init' module");
    if server.user_data.is_some() {
        say(
            2.4,
            "cloud-init[412]: user data found, running 'modules:final'",
        );
    }
    if let Some(key) = &server.key_name {
        say(
            2.5,
            &format!("cloud-init[412]: authorized key '{key}' installed"),
        );
    }
    let up = (now - launched).max(0) / 1000;
    lines.push(format!("cloud-init: finished. Up {up} seconds"));
    lines.push(String::new());
    lines.push(format!("{} login: ", server.hostname));
    lines
}

impl Cloud {
    pub(super) fn server_password(&self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => Ok(Answer::ok(json!({"password": ""}))),
            (Method::Delete, []) => Ok(Answer::empty(204)),
            _ => Err(Fault::no_route()),
        }
    }

    pub(super) fn instance_actions(&self, request: &Request, id: &str, rest: &[&str]) -> Handled {
        let server = self.server(request, id)?;
        let shown = |action: &super::state::ServerAction| {
            json!({
                "action": action.name,
                "instance_uuid": id,
                "request_id": action.request,
                "user_id": server.user,
                "project_id": server.project,
                "start_time": micros(action.at),
                "updated_at": micros(action.at),
                "message": null,
            })
        };
        match (request.method, rest) {
            (Method::Get, []) => {
                let list: Vec<Value> = server.actions.iter().rev().map(shown).collect();
                Ok(Answer::ok(json!({"instanceActions": list})))
            }
            (Method::Get, [wanted]) => {
                let action = server
                    .actions
                    .iter()
                    .find(|action| action.request == *wanted);
                let action = action.ok_or_else(|| {
                    Fault::missing(format!(
                        "Action for request_id {wanted} on instance {id} not found"
                    ))
                })?;
                let mut shown = shown(action);
                shown["events"] = json!([]);
                Ok(Answer::ok(json!({"instanceAction": shown})))
            }
            _ => Err(Fault::no_route()),
        }
    }

    pub(super) fn server_ips(&self, request: &Request, id: &str, rest: &[&str]) -> Handled {
        let server = self.server(request, id)?;
        let addresses = self.addresses(server, &self.addresses_of(server));
        let mut plain = Map::new();
        for (network, list) in addresses.as_object().into_iter().flatten() {
            let list = list
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| json!({"version": one["version"], "addr": one["addr"]}));
            plain.insert(network.clone(), Value::Array(list.collect()));
        }
        match (request.method, rest) {
            (Method::Get, []) => Ok(Answer::ok(json!({"addresses": plain}))),
            (Method::Get, [network]) => match plain.get(*network) {
                Some(list) => Ok(Answer::ok(json!({*network: list}))),
                None => Err(Fault::missing(
                    "Instance is not a member of specified network",
                )),
            },
            _ => Err(Fault::no_route()),
        }
    }
}
