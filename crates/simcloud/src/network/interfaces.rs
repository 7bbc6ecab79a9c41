//! Interfaces of routers.

use serde_json::{Value, json};

use super::{addresses::prefix, ports::PortSpec, routers::bad_router, state::Object, unknown_in};
use crate::{cloud::Cloud, fault::Fault, request::Request};

/// The owner that a port has as a router's interface.
pub(super) const INTERFACE: &str = "network:router_interface";

impl Cloud {
    fn interface_body(&self, id: &str, port: &Object) -> Value {
        let project = self
            .network
            .get("routers", id)
            .map(|router| router.project.clone())
            .unwrap_or_default();
        let subnets: Vec<String> = port
            .fixed_ips()
            .into_iter()
            .map(|(subnet, _)| subnet)
            .collect();
        json!({
            "id": id,
            "port_id": port.id,
            "network_id": port.text("network_id"),
            "subnet_id": subnets.first(),
            "subnet_ids": subnets,
            "project_id": project,
        })
    }

    pub(super) fn add_interface(&mut self, request: &Request, id: &str) -> Result<Value, Fault> {
        let text = |key: &str| request.body.get(key).and_then(Value::as_str);
        let project = self
            .network
            .get("routers", id)
            .map(|router| router.project.clone())
            .unwrap_or_default();
        let port_id = match (text("subnet_id"), text("port_id")) {
            (Some(_), Some(_)) => {
                return Err(bad_router("Cannot specify both subnet-id and port-id"));
            }
            (None, None) => {
                return Err(bad_router("Either subnet_id or port_id must be specified"));
            }
            (Some(subnet_id), None) => {
                let subnet = self
                    .network
                    .get("subnets", subnet_id)
                    .filter(|subnet| self.visible(request, "subnets", subnet))
                    .ok_or_else(|| unknown_in("subnets", subnet_id))?;
                let gateway = subnet.text("gateway_ip").to_owned();
                if gateway.is_empty() {
                    return Err(bad_router(
                        "Subnet for router interface must have a gateway IP",
                    ));
                }
                let network = subnet.text("network_id").to_owned();
                self.check_interface(id, subnet)?;
                let wanted = [json!({"subnet_id": subnet_id, "ip_address": gateway})];
                self.make_port(PortSpec {
                    network: &network,
                    project: &project,
                    owner: INTERFACE,
                    device: id,
                    fixed_ips: Some(&wanted),
                    security_groups: Some(Vec::new()),
                })?
            }
            (None, Some(port_id)) => {
                let port = self
                    .network
                    .get("ports", port_id)
                    .filter(|port| request.owns(&port.project))
                    .ok_or_else(|| unknown_in("ports", port_id))?;
                if !port.text("device_id").is_empty() {
                    return Err(Fault::typed(
                        409,
                        "PortInUse",
                        format!(
                            "Unable to complete operation on port {port_id} for network {}. Port already has an attached device {}.",
                            port.text("network_id"),
                            port.text("device_id")
                        ),
                    ));
                }
                let subnets = port.fixed_ips();
                if subnets.is_empty() {
                    return Err(bad_router("Router port must have at least one fixed IP"));
                }
                for (subnet, _) in &subnets {
                    if let Some(subnet) = self.network.get("subnets", subnet) {
                        self.check_interface(id, subnet)?;
                    }
                }
                if let Some(port) = self.network.get_mut("ports", port_id) {
                    port.set("device_id", id);
                    port.set("device_owner", INTERFACE);
                    port.set("status", "ACTIVE");
                }
                port_id.to_owned()
            }
        };
        let port = self
            .network
            .get("ports", &port_id)
            .ok_or_else(|| unknown_in("ports", &port_id))?;
        Ok(self.interface_body(id, port))
    }

    fn check_interface(&self, id: &str, subnet: &Object) -> Result<(), Fault> {
        for port in self
            .network
            .ports_of_device(id)
            .filter(|port| port.text("device_owner") == INTERFACE)
        {
            for (other, _) in port.fixed_ips() {
                if other == subnet.id {
                    return Err(bad_router(format!(
                        "Router already has a port on subnet {other}"
                    )));
                }
                let Some(known) = self.network.get("subnets", &other) else {
                    continue;
                };
                let (Some(a), Some(b)) = (prefix(subnet), prefix(known)) else {
                    continue;
                };
                if a.contains(&b) || b.contains(&a) {
                    return Err(bad_router(format!(
                        "Cidr {a} of subnet {} overlaps with cidr {b} of subnet {other}",
                        subnet.id
                    )));
                }
            }
        }
        Ok(())
    }

    pub(super) fn remove_interface(&mut self, request: &Request, id: &str) -> Result<Value, Fault> {
        let text = |key: &str| request.body.get(key).and_then(Value::as_str);
        let (subnet, port) = (text("subnet_id"), text("port_id"));
        if subnet.is_none() && port.is_none() {
            return Err(bad_router("Either subnet_id or port_id must be specified"));
        }
        let found = self
            .network
            .ports_of_device(id)
            .filter(|one| one.text("device_owner") == INTERFACE)
            .find(|one| {
                port.is_none_or(|port| one.id == port)
                    && subnet.is_none_or(|subnet| one.fixed_ips().iter().any(|(s, _)| s == subnet))
            });
        let Some(found) = found else {
            return Err(match (subnet, port) {
                (_, Some(port)) => Fault::typed(
                    404,
                    "RouterInterfaceNotFound",
                    format!("Router {id} does not have an interface with id {port}"),
                ),
                (subnet, None) => Fault::typed(
                    404,
                    "RouterInterfaceNotFoundForSubnet",
                    format!(
                        "Router {id} has no interface on subnet {}",
                        subnet.unwrap_or("")
                    ),
                ),
            });
        };
        let body = self.interface_body(id, found);
        let (found, subnets) = (found.id.clone(), found.fixed_ips());
        for (subnet, _) in &subnets {
            if self.routes_need(id, subnet) {
                return Err(Fault::typed(
                    409,
                    "RouterInterfaceInUseByRoute",
                    format!(
                        "Router interface for subnet {subnet} on router {id} cannot be deleted, as it is required by one or more routes."
                    ),
                ));
            }
            if self.floating_ips_need(id, subnet) {
                return Err(Fault::typed(
                    409,
                    "RouterInterfaceInUseByFloatingIP",
                    format!(
                        "Router interface for subnet {subnet} on router {id} cannot be deleted, as it is required by one or more floating IPs."
                    ),
                ));
            }
        }
        self.forget_port(&found);
        Ok(body)
    }

    fn floating_ips_need(&self, router: &str, subnet: &str) -> bool {
        self.network
            .all("floatingips")
            .filter(|one| one.text("router_id") == router)
            .any(|one| {
                let port = self.network.get("ports", one.text("port_id"));
                port.is_some_and(|port| {
                    port.fixed_ips()
                        .iter()
                        .any(|(s, ip)| s == subnet && ip == one.text("fixed_ip_address"))
                })
            })
    }
}
