//! Networks and subnets.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Map, Value, json};

use super::{
    addresses::{default_pools, number, pools, prefix},
    state::Object,
    unknown_in,
    validate::{invalid, invalid_operation},
};
use crate::{cloud::Cloud, fault::Fault, python, request::Request};

impl Cloud {
    pub(super) fn create_subnet(
        &mut self,
        request: &Request,
        mut object: Object,
        given: &Map<String, Value>,
    ) -> Result<(), Fault> {
        let network_id = object.text("network_id").to_owned();
        let network = self
            .network
            .get("networks", &network_id)
            .ok_or_else(|| unknown_in("networks", &network_id))?;
        if !request.owns(&network.project) {
            let visible = network.flag("shared") || network.flag("router:external");
            let words = if visible {
                "(rule:create_subnet and rule:create_subnet:network_id) is disallowed by policy"
            } else {
                "rule:create_subnet is disallowed by policy"
            };
            return Err(Fault::typed(403, "PolicyNotAuthorized", words));
        }
        let version = object.body.get("ip_version").and_then(Value::as_i64);
        let cidr = match object.body.get("cidr").and_then(Value::as_str) {
            Some(text) => Some(network_prefix(text)?),
            None => None,
        };
        let pool = object.text("subnetpool_id").to_owned();
        if let (Some(net), Some(version)) = (cidr, version)
            && (version == 4) != net.addr().is_ipv4()
        {
            return Err(invalid_operation(format!(
                "cidr '{net}' does not match the ip_version '{version}'"
            )));
        }
        if cidr.is_some() && object.body.get("prefixlen").is_some_and(Value::is_u64) {
            return Err(Fault::typed(
                400,
                "BadRequest",
                "Bad subnets request: cidr and prefixlen must not be supplied together.",
            ));
        }
        if let Some(held) = self.network.get("subnetpools", &pool)
            && version.is_some_and(|version| held.body.get("ip_version") != Some(&json!(version)))
        {
            let (asked, held) = (version.unwrap_or(4), python::text(&held.body["ip_version"]));
            return Err(Fault::typed(
                400,
                "BadRequest",
                format!(
                    "Bad subnets request: Cannot allocate IPv{asked} subnet from IPv{held} subnet pool."
                ),
            ));
        }
        let net = if pool.is_empty() {
            if version.is_none() {
                return Err(Fault::typed(
                    400,
                    "BadRequest",
                    "Bad subnets request: ip_version must be specified.",
                ));
            }
            cidr.ok_or_else(|| {
                Fault::typed(
                    400,
                    "BadRequest",
                    "Bad subnets request: a subnetpool must be specified in the absence of a cidr.",
                )
            })?
        } else {
            let length = object
                .body
                .get("prefixlen")
                .and_then(Value::as_u64)
                .and_then(|n| u8::try_from(n).ok());
            self.allocate_prefix(request, &pool, cidr, length)?
        };
        self.check_affinity(&network_id, &pool, net)?;
        let family = if net.network().is_ipv4() { 4 } else { 6 };
        if object.flag("enable_dhcp") && net.max_prefix_len() - net.prefix_len() < 2 {
            return Err(invalid_operation(
                "Subnet has a prefix length that is incompatible with DHCP service enabled",
            ));
        }
        object.set("ip_version", family);
        object.set("cidr", net.to_string());
        self.no_overlap(&network_id, net)?;
        let gateway = match given.get("gateway_ip") {
            Some(Value::Null) => None,
            Some(_) => object.text("gateway_ip").parse::<IpAddr>().ok(),
            None if net.network().is_ipv4() => net.hosts().next(),
            // The first address of an IPv6 prefix is that of any router.
            None => net.hosts().next(),
        };
        if let Some(gateway) = gateway {
            check_gateway(net, gateway)?;
            object.set("gateway_ip", gateway.to_string());
        }
        match given.get("allocation_pools") {
            None | Some(Value::Null) => object.set("allocation_pools", default_pools(net, gateway)),
            Some(list) => check_pools(net, gateway, list)?,
        }
        check_lists(&object.body)?;
        let id = object.id.clone();
        self.network
            .allocations
            .insert(id.clone(), Default::default());
        self.network.table("subnets").insert(object);
        self.change_subnets(&network_id, |list| list.push(json!(id)));
        Ok(())
    }

    /// All subnets of a network are from one pool, or none is.
    fn check_affinity(&self, network: &str, pool: &str, net: IpNet) -> Result<(), Fault> {
        let stranger = self.network.all("subnets").any(|subnet| {
            subnet.text("network_id") == network
                && subnet.text("subnetpool_id") != pool
                && prefix(subnet)
                    .is_some_and(|other| other.addr().is_ipv4() == net.addr().is_ipv4())
        });
        if stranger {
            return Err(Fault::typed(
                400,
                "NetworkSubnetPoolAffinityError",
                "Subnets hosted on the same network must be allocated from the same subnet pool.",
            ));
        }
        Ok(())
    }

    fn no_overlap(&self, network: &str, net: IpNet) -> Result<(), Fault> {
        let subnets = self
            .network
            .get("networks", network)
            .map(|one| one.texts("subnets"))
            .unwrap_or_default();
        let overlaps = |id: &String| {
            self.network
                .get("subnets", id)
                .and_then(prefix)
                .is_some_and(|other| other.contains(&net) || net.contains(&other))
        };
        if subnets.iter().any(overlaps) {
            return Err(invalid_operation(format!(
                "Requested subnet with cidr: {net} for network: {network} overlaps with another subnet"
            )));
        }
        Ok(())
    }

    fn change_subnets(&mut self, network: &str, change: impl FnOnce(&mut Vec<Value>)) {
        if let Some(network) = self.network.get_mut("networks", network) {
            let mut list = network.list("subnets").to_vec();
            change(&mut list);
            network.set("subnets", list);
        }
    }

    pub(super) fn update_subnet(
        &mut self,
        id: &str,
        changes: &mut Map<String, Value>,
    ) -> Result<(), Fault> {
        let subnet = self
            .network
            .get("subnets", id)
            .ok_or_else(|| unknown_in("subnets", id))?;
        let net = prefix(subnet).ok_or_else(|| unknown_in("subnets", id))?;
        let old = subnet.text("gateway_ip").to_owned();
        let gateway = match changes.get("gateway_ip") {
            Some(value) => value.as_str().and_then(|text| text.parse::<IpAddr>().ok()),
            None => old.parse().ok(),
        };
        if let Some(gateway) = gateway {
            check_gateway(net, gateway)?;
        }
        let given = changes.get("allocation_pools").cloned();
        check_pools(
            net,
            gateway,
            given
                .as_ref()
                .unwrap_or(&Value::Array(subnet.list("allocation_pools").to_vec())),
        )?;
        let routed = !old.is_empty() && gateway.map(|ip| ip.to_string()).as_deref() != Some(&old);
        if routed
            && let Some(port) = self
                .network
                .all("ports")
                .find(|port| port.fixed_ips().contains(&(id.to_owned(), old.clone())))
        {
            return Err(Fault::typed(
                409,
                "GatewayIpInUse",
                format!(
                    "Current gateway ip {old} already in use by port {}. Unable to update.",
                    port.id
                ),
            ));
        }
        check_lists(changes)
    }

    pub(super) fn delete_subnet(&mut self, id: &str) -> Result<(), Fault> {
        if self
            .network
            .all("ports")
            .any(|port| port.fixed_ips().iter().any(|(subnet, _)| subnet == id))
        {
            return Err(Fault::typed(
                409,
                "SubnetInUse",
                format!(
                    "Unable to complete operation on subnet {id}: One or more ports have an IP allocation from this subnet."
                ),
            ));
        }
        self.forget_subnet(id);
        Ok(())
    }

    fn forget_subnet(&mut self, id: &str) {
        self.network.allocations.remove(id);
        if let Some(subnet) = self.network.remove("subnets", id) {
            self.change_subnets(subnet.text("network_id"), |list| {
                list.retain(|one| one.as_str() != Some(id))
            });
        }
    }

    pub(super) fn delete_network(&mut self, id: &str) -> Result<(), Fault> {
        let ports: Vec<&str> = self
            .network
            .all("ports")
            .filter(|port| port.text("network_id") == id)
            .map(|port| port.id.as_str())
            .collect();
        if !ports.is_empty() {
            return Err(Fault::typed(
                409,
                "NetworkInUse",
                format!(
                    "Unable to complete operation on network {id}. There are one or more ports still in use on the network, id for these ports is: {}.",
                    ports.join(",")
                ),
            ));
        }
        for subnet in self
            .network
            .get("networks", id)
            .map(|net| net.texts("subnets"))
            .unwrap_or_default()
        {
            self.forget_subnet(&subnet);
        }
        self.network.remove("networks", id);
        Ok(())
    }
}

/// A prefix; its host bits are cut off.
fn network_prefix(text: &str) -> Result<IpNet, Fault> {
    let net: IpNet = text
        .parse()
        .map_err(|_| invalid_operation(format!("{text} is not in a CIDR format")))?;
    let net = net.trunc();
    if net.prefix_len() == 0 {
        return Err(invalid_operation("0 is not allowed as CIDR prefix length"));
    }
    Ok(net)
}

fn check_gateway(net: IpNet, gateway: IpAddr) -> Result<(), Fault> {
    let edge = gateway.is_ipv4()
        && net.max_prefix_len() - net.prefix_len() >= 2
        && (gateway == net.network() || gateway == net.broadcast());
    // A gateway outside is for whoever has a route to it.
    if edge {
        return Err(invalid_operation("Gateway is not valid on subnet"));
    }
    Ok(())
}

fn check_pools(net: IpNet, gateway: Option<IpAddr>, list: &Value) -> Result<(), Fault> {
    let given = list.as_array().map_or(&[][..], Vec::as_slice);
    let ranges = pools(given);
    if ranges.len() != given.len() {
        return Err(invalid(
            "allocation_pools",
            format!("Invalid data format for IP pool: '{}'", python::repr(list)),
        ));
    }
    let mut spans: Vec<(u128, u128)> = Vec::new();
    for (start, end) in ranges {
        if number(start) > number(end) || start.is_ipv4() != end.is_ipv4() {
            return Err(Fault::typed(
                400,
                "InvalidAllocationPool",
                format!("The allocation pool {start}-{end} is not valid."),
            ));
        }
        if !net.contains(&start) || !net.contains(&end) {
            return Err(Fault::typed(
                400,
                "OutOfBoundsAllocationPool",
                format!("The allocation pool {start}-{end} spans beyond the subnet cidr {net}."),
            ));
        }
        let span = (number(start), number(end));
        if spans
            .iter()
            .any(|other| span.0 <= other.1 && other.0 <= span.1)
        {
            return Err(Fault::typed(
                409,
                "OverlappingAllocationPools",
                format!("Found overlapping allocation pools: {start}-{end} for subnet {net}."),
            ));
        }
        if let Some(gateway) =
            gateway.filter(|gateway| (span.0..=span.1).contains(&number(*gateway)))
        {
            return Err(Fault::typed(
                409,
                "GatewayConflictWithAllocationPools",
                format!("Gateway ip {gateway} conflicts with allocation pool {start}-{end}."),
            ));
        }
        spans.push(span);
    }
    Ok(())
}

fn check_lists(body: &Map<String, Value>) -> Result<(), Fault> {
    let entries = |key: &str| {
        body.get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    for server in entries("dns_nameservers") {
        if server
            .as_str()
            .and_then(|text| text.parse::<IpAddr>().ok())
            .is_none()
        {
            return Err(invalid(
                "dns_nameservers",
                format!("{} is not a valid nameserver", python::repr(server)),
            ));
        }
    }
    for route in entries("host_routes") {
        let good = route["destination"]
            .as_str()
            .is_some_and(|text| text.parse::<IpNet>().is_ok())
            && route["nexthop"]
                .as_str()
                .is_some_and(|text| text.parse::<IpAddr>().is_ok());
        if !good {
            return Err(invalid(
                "host_routes",
                format!(
                    "Invalid data format for hostroute: '{}'",
                    python::repr(route)
                ),
            ));
        }
    }
    Ok(())
}
