//! `/servers/{id}/os-interface`.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::{schemas, state::ServerPort};
use crate::{
    cloud::Cloud,
    fault::Fault,
    network::{ports::PortSpec, state::Object},
    request::{Answer, Handled, Request},
    schema,
};

impl Cloud {
    pub(super) fn interfaces(&mut self, request: &Request, id: &str, rest: &[&str]) -> Handled {
        let server = self.server(request, id)?;
        match (request.method, rest) {
            (Method::Get, []) => {
                let list: Vec<Value> = server
                    .ports
                    .iter()
                    .filter_map(|port| self.network.get("ports", &port.id))
                    .map(|port| shown(request, port))
                    .collect();
                Ok(Answer::ok(json!({"interfaceAttachments": list})))
            }
            (Method::Get, [port]) => {
                let port = server
                    .ports
                    .iter()
                    .find(|one| one.id == *port)
                    .and_then(|one| self.network.get("ports", &one.id));
                let port = port.ok_or_else(|| {
                    Fault::missing(format!("Port id {} could not be found.", rest[0]))
                })?;
                Ok(Answer::ok(
                    json!({"interfaceAttachment": shown(request, port)}),
                ))
            }
            (Method::Post, []) => self.attach_interface(request, id),
            (Method::Delete, [port]) => {
                let made = server
                    .ports
                    .iter()
                    .find(|one| one.id == *port)
                    .map(|one| one.made);
                self.may(request, id, "detach_interface")?;
                // The host finds out that there is no such port, when nobody waits any more.
                let Some(made) = made else {
                    return Ok(Answer::empty(202));
                };
                self.record(id, "detach_interface");
                self.change_server(id, |server| server.ports.retain(|one| one.id != *port));
                if made {
                    self.forget_port(port);
                } else {
                    self.unbind_port(port);
                }
                Ok(Answer::empty(202))
            }
            (_, [] | [_]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }

    fn attach_interface(&mut self, request: &Request, id: &str) -> Handled {
        let empty = json!({"interfaceAttachment": {}});
        let body = if request.body.is_object() {
            request.body
        } else {
            &empty
        };
        schema::check(&schemas::INTERFACE, body)?;
        let body = &body["interfaceAttachment"];
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        if text("port_id").is_some() && text("net_id").is_some() {
            return Err(Fault::bad("Must not input both network_id and port_id"));
        }
        if body.get("fixed_ips").is_some() && text("net_id").is_none() {
            return Err(Fault::bad("Must input network_id when request IP address"));
        }
        self.may(request, id, "attach_interface")?;
        let server = self.server(request, id)?;
        let project = server.project.clone();
        let port = match text("port_id") {
            Some(port) => {
                let known = self
                    .network
                    .get("ports", port)
                    .filter(|port| request.owns(&port.project));
                let known = known
                    .ok_or_else(|| Fault::missing(format!("Port id {port} could not be found.")))?;
                if !known.text("device_id").is_empty() {
                    return Err(Fault::conflict(format!("Port {port} is still in use.")));
                }
                self.bind_port(port, id);
                ServerPort {
                    id: port.to_owned(),
                    made: false,
                }
            }
            None => {
                let network = match text("net_id") {
                    Some(network) => {
                        let known = self.network.get("networks", network);
                        let known =
                            known.filter(|net| request.owns(&net.project) || net.flag("shared"));
                        known
                            .ok_or_else(|| {
                                Fault::missing(format!("Network {network} could not be found."))
                            })?
                            .id
                            .clone()
                    }
                    None => {
                        let mut own = self
                            .network
                            .all("networks")
                            .filter(|net| net.project == project && !net.flag("router:external"));
                        let first = own.next().map(|net| net.id.clone());
                        if own.next().is_some() {
                            return Err(Fault::bad(
                                "Multiple possible networks found, use a Network ID to be more specific.",
                            ));
                        }
                        first.ok_or_else(|| Fault::bad("No valid network found."))?
                    }
                };
                let wanted = body
                    .get("fixed_ips")
                    .and_then(Value::as_array)
                    .map(Vec::as_slice);
                let made = self
                    .make_port(PortSpec {
                        network: &network,
                        project: &project,
                        owner: "compute:nova",
                        device: id,
                        fixed_ips: wanted,
                        security_groups: None,
                    })
                    .map_err(|fault| Fault::bad(fault.message))?;
                ServerPort {
                    id: made,
                    made: true,
                }
            }
        };
        self.record(id, "attach_interface");
        self.change_server(id, |server| server.ports.push(port.clone()));
        let port = self
            .network
            .get("ports", &port.id)
            .ok_or_else(|| Fault::missing("Port could not be found."))?;
        Ok(Answer::ok(
            json!({"interfaceAttachment": shown(request, port)}),
        ))
    }
}

fn shown(request: &Request, port: &Object) -> Value {
    let mut body = json!({
        "net_id": port.text("network_id"),
        "port_id": port.id,
        "mac_addr": port.text("mac_address"),
        "port_state": port.text("status"),
        "fixed_ips": port.list("fixed_ips"),
    });
    if request.from(70) {
        body["tag"] = Value::Null;
    }
    body
}
