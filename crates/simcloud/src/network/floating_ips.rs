//! Floating IPs.

use serde_json::{Map, Value, json};

use super::{
    interfaces::INTERFACE,
    ports::{PortSpec, first_v4},
    state::Object,
    unknown_in,
};
use crate::{cloud::Cloud, fault::Fault, request::Request};

fn bad(reason: impl std::fmt::Display) -> Fault {
    Fault::typed(
        400,
        "BadRequest",
        format!("Bad floatingip request: {reason}."),
    )
}

/// Where a floating IP leads.
struct Target {
    port: String,
    fixed_ip: String,
    router: String,
}

impl Cloud {
    pub(super) fn create_floating_ip(
        &mut self,
        request: &Request,
        mut object: Object,
    ) -> Result<(), Fault> {
        let network = object.text("floating_network_id").to_owned();
        let external = self
            .network
            .get("networks", &network)
            .filter(|net| self.visible(request, "networks", net))
            .ok_or_else(|| unknown_in("networks", &network))?
            .flag("router:external");
        if !external {
            return Err(bad(format!(
                "Network {network} is not a valid external network"
            )));
        }
        if object.text("port_id").is_empty() && !object.text("fixed_ip_address").is_empty() {
            return Err(bad(
                "fixed_ip_address cannot be specified without a port_id",
            ));
        }
        let wanted: Option<Vec<Value>> =
            match (object.text("floating_ip_address"), object.text("subnet_id")) {
                ("", "") => None,
                ("", subnet) => Some(vec![json!({"subnet_id": subnet})]),
                (ip, _) => Some(vec![json!({"ip_address": ip})]),
            };
        let port = self.make_port(PortSpec {
            network: &network,
            project: "",
            owner: "network:floatingip",
            device: &object.id,
            fixed_ips: wanted.as_deref(),
            security_groups: Some(Vec::new()),
        })?;
        let address = self
            .network
            .get("ports", &port)
            .and_then(first_v4)
            .map(|(_, ip)| ip);
        let Some(address) = address else {
            self.forget_port(&port);
            return Err(Fault::typed(
                409,
                "IpAddressGenerationFailure",
                format!("No more IP addresses available on network {network}."),
            ));
        };
        object.set("floating_ip_address", address);
        // The address is taken first, so that a refusal names it.
        let target = match object.body.get("port_id").and_then(Value::as_str) {
            Some(wanted) => {
                let fixed_ip = object.body.get("fixed_ip_address").and_then(Value::as_str);
                match self.target(request, &object, wanted, fixed_ip) {
                    Ok(target) => Some(target),
                    Err(fault) => {
                        self.forget_port(&port);
                        return Err(fault);
                    }
                }
            }
            None => None,
        };
        point(&mut object, target);
        self.network.table("floatingips").insert(object);
        Ok(())
    }

    /// Checks that the port can be reached from the floating IP's network.
    fn target(
        &self,
        request: &Request,
        floating: &Object,
        port_id: &str,
        fixed_ip: Option<&str>,
    ) -> Result<Target, Fault> {
        let port = self
            .network
            .get("ports", port_id)
            .filter(|port| request.owns(&port.project))
            .ok_or_else(|| unknown_in("ports", port_id))?;
        let pairs = port.fixed_ips();
        let pair = match fixed_ip {
            Some(ip) => pairs
                .iter()
                .find(|(_, known)| known == ip)
                .cloned()
                .ok_or_else(|| bad(format!("Port {port_id} does not have fixed ip {ip}")))?,
            None => {
                let mut v4 = pairs.iter().filter(|(_, ip)| ip.contains('.'));
                let first = v4.next().cloned().ok_or_else(|| {
                    bad(format!(
                        "Cannot add floating IP to port {port_id} that has no fixed IPv4 addresses"
                    ))
                })?;
                if v4.next().is_some() {
                    return Err(bad(format!(
                        "Port {port_id} has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning a floating IP"
                    )));
                }
                first
            }
        };
        let (subnet, ip) = pair;
        let network = floating.text("floating_network_id");
        let router = self.router_between(&subnet, network).ok_or_else(|| {
            Fault::typed(
                404,
                "ExternalGatewayForFloatingIPNotFound",
                format!(
                    "External network {network} is not reachable from subnet {subnet}.  Therefore, cannot associate Port {port_id} with a Floating IP."
                ),
            )
        })?;
        let taken = self.network.all("floatingips").any(|one| {
            one.id != floating.id
                && one.text("port_id") == port_id
                && one.text("fixed_ip_address") == ip
                && one.text("floating_network_id") == network
        });
        if taken {
            return Err(Fault::typed(
                409,
                "FloatingIPPortAlreadyAssociated",
                format!(
                    "Cannot associate floating IP {} ({}) with port {port_id} using fixed IP {ip}, as that fixed IP already has a floating IP on external network {network}.",
                    floating.text("floating_ip_address"),
                    floating.id
                ),
            ));
        }
        Ok(Target {
            port: port_id.to_owned(),
            fixed_ip: ip,
            router,
        })
    }

    /// The router with a leg in the subnet and a gateway to the network.
    fn router_between(&self, subnet: &str, network: &str) -> Option<String> {
        self.network
            .all("ports")
            .filter(|port| {
                port.text("device_owner") == INTERFACE
                    && port.fixed_ips().iter().any(|(s, _)| s == subnet)
            })
            .map(|port| port.text("device_id"))
            .find(|router| {
                self.network.get("routers", router).is_some_and(|router| {
                    router
                        .body
                        .get("external_gateway_info")
                        .is_some_and(|info| info["network_id"].as_str() == Some(network))
                })
            })
            .map(str::to_owned)
    }

    pub(super) fn update_floating_ip(
        &mut self,
        request: &Request,
        id: &str,
        given: &Map<String, Value>,
        changes: &mut Map<String, Value>,
    ) -> Result<(), Fault> {
        let floating = self
            .network
            .get("floatingips", id)
            .ok_or_else(|| unknown_in("floatingips", id))?;
        let fixed_ip = changes.remove("fixed_ip_address");
        let fixed_ip = fixed_ip.as_ref().and_then(Value::as_str);
        let target = match changes.remove("port_id") {
            Some(Value::String(port)) => Some(self.target(request, floating, &port, fixed_ip)?),
            Some(_) if fixed_ip.is_some() => {
                return Err(bad(
                    "fixed_ip_address cannot be specified without a port_id",
                ));
            }
            Some(_) => None,
            // As the API has it, an update that names neither leaves the association alone.
            None if given.contains_key("fixed_ip_address")
                && !floating.text("port_id").is_empty() =>
            {
                Some(self.target(request, floating, floating.text("port_id"), fixed_ip)?)
            }
            None => return Ok(()),
        };
        if let Some(floating) = self.network.get_mut("floatingips", id) {
            point(floating, target);
        }
        Ok(())
    }

    pub(super) fn delete_floating_ip(&mut self, id: &str) {
        let ports: Vec<String> = self
            .network
            .ports_of_device(id)
            .map(|port| port.id.clone())
            .collect();
        for port in ports {
            self.forget_port(&port);
        }
        self.network.remove("floatingips", id);
    }

    /// Frees the floating IPs of a port, or of one of its addresses.
    pub(super) fn release_floating_ips(&mut self, port: &str, ip: Option<&str>) {
        let Some(table) = self.network.objects.get_mut("floatingips") else {
            return;
        };
        for floating in table.iter_mut() {
            if floating.text("port_id") == port
                && ip.is_none_or(|ip| floating.text("fixed_ip_address") == ip)
            {
                point(floating, None);
            }
        }
    }

    /// What a floating IP shows of the port it leads to.
    pub(super) fn port_details(&self, port: &str) -> Value {
        let Some(port) = self.network.get("ports", port) else {
            return Value::Null;
        };
        let keys = [
            "name",
            "network_id",
            "mac_address",
            "admin_state_up",
            "status",
            "device_id",
            "device_owner",
        ];
        Value::Object(
            keys.iter()
                .map(|key| {
                    (
                        (*key).to_owned(),
                        port.body.get(*key).cloned().unwrap_or(Value::Null),
                    )
                })
                .collect(),
        )
    }
}

fn point(floating: &mut Object, target: Option<Target>) {
    floating.set("status", if target.is_some() { "ACTIVE" } else { "DOWN" });
    let (port, ip, router) = match target {
        Some(target) => (
            json!(target.port),
            json!(target.fixed_ip),
            json!(target.router),
        ),
        None => (Value::Null, Value::Null, Value::Null),
    };
    floating.set("port_id", port);
    floating.set("fixed_ip_address", ip);
    floating.set("router_id", router);
}
