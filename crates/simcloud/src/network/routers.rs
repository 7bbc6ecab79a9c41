//! Routers: gateway and interfaces.

use serde_json::{Map, Value, json};

use super::{
    collections::Collection, interfaces::INTERFACE, ports::PortSpec, state::Object, unknown_in,
    validate,
};
use crate::{
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

const GATEWAY: &str = "network:router_gateway";

pub(super) fn bad_router(reason: impl std::fmt::Display) -> Fault {
    Fault::typed(400, "BadRequest", format!("Bad router request: {reason}."))
}

impl Cloud {
    pub(super) fn create_router(
        &mut self,
        request: &Request,
        mut object: Object,
    ) -> Result<(), Fault> {
        let info = object
            .body
            .get("external_gateway_info")
            .cloned()
            .unwrap_or(Value::Null);
        object.set("external_gateway_info", Value::Null);
        let wanted = check_gateway_info(request, "create", &info)?;
        let id = object.id.clone();
        self.check_zones(object.list("availability_zone_hints"), "router")?;
        self.network.table("routers").insert(object);
        if let Some(network) = wanted
            && let Err(fault) = self.set_gateway(request, &id, &network)
        {
            self.network.remove("routers", &id);
            return Err(fault);
        }
        Ok(())
    }

    pub(super) fn update_router(
        &mut self,
        request: &Request,
        id: &str,
        changes: &mut Map<String, Value>,
    ) -> Result<(), Fault> {
        let gateway = changes.remove("external_gateway_info");
        let wanted = match &gateway {
            Some(info) => check_gateway_info(request, "update", info)?,
            None => None,
        };
        if let Some(routes) = changes.get("routes").and_then(Value::as_array) {
            let routes = super::routes::checked(routes)?;
            self.check_routes(id, &routes)?;
            changes.insert("routes".to_owned(), Value::Array(routes));
        }
        match (gateway, wanted) {
            (None, _) => Ok(()),
            (Some(_), Some(network)) => self.set_gateway(request, id, &network),
            (Some(_), None) => self.clear_gateway(id),
        }
    }

    fn gateway_network(&self, id: &str) -> Option<String> {
        let info = self
            .network
            .get("routers", id)?
            .body
            .get("external_gateway_info")?;
        Some(info.get("network_id")?.as_str()?.to_owned())
    }

    /// Whether a floating IP goes through the router.
    fn carries_floating_ips(&self, id: &str) -> bool {
        self.network
            .all("floatingips")
            .any(|one| one.text("router_id") == id)
    }

    fn set_gateway(&mut self, request: &Request, id: &str, network: &str) -> Result<(), Fault> {
        let object = self
            .network
            .get("networks", network)
            .filter(|object| self.visible(request, "networks", object))
            .ok_or_else(|| unknown_in("networks", network))?;
        if !object.flag("router:external") {
            return Err(bad_router(format!(
                "Network {network} is not an external network"
            )));
        }
        match self.gateway_network(id) {
            Some(known) if known == network => return Ok(()),
            Some(_) => self.clear_gateway(id)?,
            None => {}
        }
        let port = self.make_port(PortSpec {
            network,
            project: "",
            owner: GATEWAY,
            device: id,
            fixed_ips: None,
            security_groups: Some(Vec::new()),
        })?;
        let ips = self
            .network
            .get("ports", &port)
            .map(|port| port.list("fixed_ips").to_vec())
            .unwrap_or_default();
        if let Some(router) = self.network.get_mut("routers", id) {
            router.set(
                "external_gateway_info",
                json!({"network_id": network, "external_fixed_ips": ips, "enable_snat": true}),
            );
        }
        Ok(())
    }

    fn clear_gateway(&mut self, id: &str) -> Result<(), Fault> {
        let Some(network) = self.gateway_network(id) else {
            return Ok(());
        };
        if self.carries_floating_ips(id) {
            return Err(Fault::typed(
                409,
                "RouterExternalGatewayInUseByFloatingIp",
                format!(
                    "Gateway cannot be updated for router {id}, since a gateway to external network {network} is required by one or more floating IPs."
                ),
            ));
        }
        let ports: Vec<String> = self
            .network
            .ports_of_device(id)
            .filter(|port| port.text("device_owner") == GATEWAY)
            .map(|port| port.id.clone())
            .collect();
        for port in ports {
            self.forget_port(&port);
        }
        if let Some(router) = self.network.get_mut("routers", id) {
            router.set("external_gateway_info", Value::Null);
        }
        Ok(())
    }

    pub(super) fn delete_router(&mut self, id: &str) -> Result<(), Fault> {
        let doors: Vec<&str> = self
            .network
            .ports_of_device(id)
            .filter(|port| port.text("device_owner") == INTERFACE)
            .map(|port| port.id.as_str())
            .collect();
        if !doors.is_empty() {
            return Err(Fault::typed(
                409,
                "RouterInUse",
                format!("Router {id} has ports still attached: {}", doors.join(", ")),
            ));
        }
        self.clear_gateway(id)?;
        self.network.remove("routers", id);
        Ok(())
    }

    pub(super) fn router_action(&mut self, request: &Request, id: &str, action: &str) -> Handled {
        let collection = Collection::of("routers").ok_or_else(Fault::no_route)?;
        let known = matches!(
            action,
            "add_router_interface"
                | "remove_router_interface"
                | "add_extraroutes"
                | "remove_extraroutes"
        );
        if !known {
            return Err(Fault::no_route());
        }
        self.held(request, collection, id, action)?;
        let answer = match action {
            "add_router_interface" => self.add_interface(request, id)?,
            "remove_router_interface" => self.remove_interface(request, id)?,
            _ => {
                self.change_routes(request, id, action)?;
                self.touch("routers", id);
                let router = self.seen(request, collection, id)?;
                return Ok(Answer::ok(
                    json!({"router": self.shown(request, collection, router)}),
                ));
            }
        };
        self.touch("routers", id);
        Ok(Answer::ok(answer))
    }

    pub(super) fn check_zones(&self, hints: &[Value], one: &str) -> Result<(), Fault> {
        match hints
            .iter()
            .find(|zone| zone.as_str() != Some(crate::cloud::ZONE))
        {
            None => Ok(()),
            Some(zone) => Err(Fault::typed(
                404,
                "AvailabilityZoneNotFound",
                format!(
                    "AvailabilityZone {} for {one} could not be found.",
                    crate::python::text(zone)
                ),
            )),
        }
    }
}

/// The policy's refusal names every rule that was asked, in the order of the keys.
fn gateway_refused(verb: &str, info: &Map<String, Value>) -> Fault {
    let rule = format!("rule:{verb}_router");
    let keys: Vec<String> = info
        .keys()
        .map(|key| format!("{rule}:external_gateway_info:{key}"))
        .collect();
    let inner = match keys.as_slice() {
        [one] => one.clone(),
        many => format!("({})", many.join(" and ")),
    };
    Fault::typed(
        403,
        "PolicyNotAuthorized",
        format!("({rule} and ({rule}:external_gateway_info and {inner})) is disallowed by policy"),
    )
}

/// The external network that a gateway info names.
fn check_gateway_info(
    request: &Request,
    verb: &str,
    info: &Value,
) -> Result<Option<String>, Fault> {
    let Some(map) = info.as_object() else {
        return Ok(None);
    };
    for key in map.keys() {
        match key.as_str() {
            "network_id" => {}
            "enable_snat" | "external_fixed_ips" if !request.caller.admin => {
                return Err(gateway_refused(verb, map));
            }
            "enable_snat" | "external_fixed_ips" | "qos_policy_id" => {}
            other => {
                return Err(validate::invalid(
                    "external_gateway_info",
                    format!("Unexpected keys supplied: {other}"),
                ));
            }
        }
    }
    match map.get("network_id").and_then(Value::as_str) {
        Some(id) => Ok(Some(id.to_owned())),
        None if map.is_empty() => Ok(None),
        None => Err(validate::invalid(
            "external_gateway_info",
            "Validation of dictionary's keys failed. Expected keys: {'network_id'}",
        )),
    }
}
