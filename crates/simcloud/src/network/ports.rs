//! Ports: addresses, security groups, owners.

use serde_json::{Map, Value, json};

use super::{
    addresses::fixed_ips,
    defaults,
    state::{Object, fixed},
    unknown_in, validate,
};
use crate::{cloud::Cloud, fault::Fault, ids::is_uuid, request::Request};

/// What the cloud itself says of a port it makes.
pub(crate) struct PortSpec<'a> {
    pub(crate) network: &'a str,
    pub(crate) project: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) device: &'a str,
    /// Wanted addresses as in the API; `None` takes one of each family.
    pub(crate) fixed_ips: Option<&'a [Value]>,
    /// `None` is the project's default group.
    pub(crate) security_groups: Option<Vec<String>>,
}

impl Cloud {
    pub(super) fn create_port(
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
        if !request.owns(&network.project) && !network.flag("shared") {
            return Err(if network.flag("router:external") {
                Fault::typed(
                    403,
                    "PolicyNotAuthorized",
                    "rule:create_port is disallowed by policy",
                )
            } else {
                unknown_in("networks", &network_id)
            });
        }
        let network_owner = request.owns(&network.project);
        if object.text("device_owner").starts_with("network:") && !network_owner {
            return Err(validate::disallowed("create", "port", "device_owner"));
        }
        // Neutron looks at the tags of a new port and does not keep them.
        validate::tags(object.body.get("tags").unwrap_or(&Value::Null))?;
        object.set("tags", Value::Array(Vec::new()));
        let secured = object.flag("port_security_enabled");
        let groups = match given.get("security_groups") {
            Some(Value::Array(_)) => {
                self.check_groups(&object.project, object.list("security_groups"))?
            }
            _ if secured => vec![self.ensure_default_group(&object.project.clone())],
            _ => Vec::new(),
        };
        if !secured && !groups.is_empty() {
            return Err(Fault::typed(
                409,
                "PortSecurityAndIPRequiredForSecurityGroups",
                "Port security must be enabled and port must have an IP address in order to use security groups.",
            ));
        }
        object.set("security_groups", groups);
        check_pairs(&object.body)?;
        match object
            .body
            .get("mac_address")
            .and_then(Value::as_str)
            .map(str::to_lowercase)
        {
            Some(mac) => {
                if !valid_mac(&mac) {
                    return Err(validate::invalid(
                        "mac_address",
                        format!("'{mac}' is not a valid MAC address"),
                    ));
                }
                let taken = self.network.all("ports").any(|port| {
                    port.text("network_id") == network_id && port.text("mac_address") == mac
                });
                if taken {
                    return Err(Fault::typed(
                        409,
                        "MacAddressInUse",
                        format!(
                            "Unable to complete operation for network {network_id}. The mac address {mac} is in use."
                        ),
                    ));
                }
                object.set("mac_address", mac);
            }
            None => object.set("mac_address", self.ids.mac()),
        }
        let wanted = given
            .get("fixed_ips")
            .and_then(Value::as_array)
            .map(Vec::as_slice);
        let taken = self.take_addresses(&network_id, wanted)?;
        object.set("fixed_ips", fixed_ips(&taken));
        let own = object.text("mac_address").to_owned();
        complete_pairs(&mut object.body, &own);
        self.network.table("ports").insert(object);
        Ok(())
    }

    /// Makes a port of the cloud's own, or of a server; answers its id.
    pub(crate) fn make_port(&mut self, spec: PortSpec) -> Result<String, Fault> {
        let mut body = defaults("ports");
        let groups = match spec.security_groups {
            Some(groups) => groups,
            None => vec![self.ensure_default_group(spec.project)],
        };
        let taken = self.take_addresses(spec.network, spec.fixed_ips)?;
        let id = self.stamp(&mut body, spec.project);
        let mut port = Object {
            id: id.clone(),
            project: spec.project.to_owned(),
            body,
        };
        let mac = self.ids.mac();
        for (key, value) in [
            ("network_id", json!(spec.network)),
            ("device_owner", json!(spec.owner)),
            ("device_id", json!(spec.device)),
            ("mac_address", json!(mac)),
            ("fixed_ips", fixed_ips(&taken)),
            ("security_groups", json!(groups)),
            ("status", json!("ACTIVE")),
        ] {
            port.set(key, value);
        }
        if spec.owner.starts_with("network:") {
            port.set("port_security_enabled", false);
        }
        self.network.table("ports").insert(port);
        Ok(id)
    }

    pub(super) fn update_port(
        &mut self,
        request: &Request,
        id: &str,
        changes: &mut Map<String, Value>,
    ) -> Result<(), Fault> {
        let port = self
            .network
            .get("ports", id)
            .ok_or_else(|| unknown_in("ports", id))?;
        let (network, project, old) = (
            port.text("network_id").to_owned(),
            port.project.clone(),
            port.fixed_ips(),
        );
        if changes.contains_key("mac_address") && !request.caller.admin {
            return Err(validate::disallowed("update", "port", "mac_address"));
        }
        let owner = changes
            .get("device_owner")
            .and_then(Value::as_str)
            .unwrap_or("");
        if owner.starts_with("network:") && !request.caller.admin {
            return Err(validate::disallowed("update", "port", "device_owner"));
        }
        if port.text("device_owner").starts_with("network:router")
            && changes.contains_key("device_id")
        {
            return Err(Fault::bad(format!(
                "Bad port request: port {id} is an interface of a router."
            )));
        }
        check_pairs(changes)?;
        let own = port.text("mac_address").to_owned();
        complete_pairs(changes, &own);
        let secured = changes
            .get("port_security_enabled")
            .and_then(Value::as_bool)
            .unwrap_or_else(|| port.flag("port_security_enabled"));
        let groups = match changes.get("security_groups").and_then(Value::as_array) {
            Some(list) => self.check_groups(&project, list)?,
            None => port.texts("security_groups"),
        };
        if !secured && !groups.is_empty() {
            return Err(Fault::typed(
                409,
                "PortSecurityPortHasSecurityGroup",
                "Port has security group associated. Cannot disable port security or IP address until security group is removed.",
            ));
        }
        if changes.contains_key("security_groups") {
            changes.insert("security_groups".to_owned(), json!(groups));
        }
        if let Some(wanted) = changes.get("fixed_ips").and_then(Value::as_array).cloned() {
            let taken = self.replace_addresses(&network, &old, wanted)?;
            let lost: Vec<&(String, String)> =
                old.iter().filter(|pair| !taken.contains(pair)).collect();
            for (_, ip) in lost {
                self.release_floating_ips(id, Some(ip));
            }
            changes.insert("fixed_ips".to_owned(), fixed_ips(&taken));
        }
        Ok(())
    }

    /// Swaps addresses; an entry that names only a subnet keeps an address that the port has there and no entry names.
    fn replace_addresses(
        &mut self,
        network: &str,
        old: &[(String, String)],
        mut wanted: Vec<Value>,
    ) -> Result<Vec<(String, String)>, Fault> {
        let named: Vec<&str> = wanted
            .iter()
            .filter_map(|entry| entry.get("ip_address")?.as_str())
            .collect();
        let mut kept: Vec<(String, String)> = old
            .iter()
            .filter(|(_, ip)| !named.contains(&ip.as_str()))
            .cloned()
            .collect();
        for entry in &mut wanted {
            let subnet = entry
                .get("subnet_id")
                .and_then(Value::as_str)
                .map(str::to_owned);
            if entry.get("ip_address").is_none()
                && let Some(at) = kept
                    .iter()
                    .position(|(known, _)| Some(known) == subnet.as_ref())
            {
                let (subnet, ip) = kept.remove(at);
                *entry = json!({"subnet_id": subnet, "ip_address": ip});
            }
        }
        self.release(old);
        let taken = self.take_addresses(network, Some(&wanted));
        if taken.is_err() {
            for (subnet, ip) in old {
                if let Ok(ip) = ip.parse() {
                    self.network
                        .allocations
                        .entry(subnet.clone())
                        .or_default()
                        .taken
                        .insert(ip);
                }
            }
        }
        taken
    }

    pub(super) fn delete_port(&mut self, id: &str) -> Result<(), Fault> {
        let port = self
            .network
            .get("ports", id)
            .ok_or_else(|| unknown_in("ports", id))?;
        let owner = port.text("device_owner");
        if owner.starts_with("network:router") || owner == "network:floatingip" {
            return Err(Fault::typed(
                409,
                "ServicePortInUse",
                format!(
                    "Port {id} cannot be deleted directly via the port API: has device owner {owner}."
                ),
            ));
        }
        self.forget_port(id);
        Ok(())
    }

    /// Removes a port whoever owns it, with all that hangs on it.
    pub(crate) fn forget_port(&mut self, id: &str) {
        let Some(port) = self.network.remove("ports", id) else {
            return;
        };
        self.release(&port.fixed_ips());
        self.release_floating_ips(id, None);
        let device = port.text("device_id");
        if let Some(server) = self.compute.servers.get_mut(device) {
            server.ports.retain(|one| one.id != id);
        }
    }

    /// Ids of groups that exist and that the project may use.
    pub(crate) fn check_groups(
        &mut self,
        project: &str,
        list: &[Value],
    ) -> Result<Vec<String>, Fault> {
        let mut groups: Vec<String> = Vec::new();
        for value in list {
            let id = value.as_str().unwrap_or("");
            if !is_uuid(id) {
                return Err(validate::invalid(
                    "security_groups",
                    format!("'{id}' is not an integer or uuid"),
                ));
            }
            let known = self
                .network
                .get("security_groups", id)
                .is_some_and(|group| group.project == project);
            if !known {
                return Err(unknown_in("security_groups", id));
            }
            if !groups.iter().any(|one| one == id) {
                groups.push(id.to_owned());
            }
        }
        Ok(groups)
    }
}

/// Whether a range of IPv6 holds multicast addresses. Neutron does not look at those of IPv4.
fn overlaps_multicast(range: &str) -> bool {
    const MULTICAST: ipnet::Ipv6Net =
        ipnet::Ipv6Net::new_assert(std::net::Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8);
    range
        .parse::<ipnet::Ipv6Net>()
        .is_ok_and(|range| range.contains(&MULTICAST) || MULTICAST.contains(&range))
}

fn check_pairs(body: &Map<String, Value>) -> Result<(), Fault> {
    let pairs = body
        .get("allowed_address_pairs")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if pairs.len() > 10 {
        return Err(Fault::typed(
            400,
            "AllowedAddressPairExhausted",
            "The number of allowed address pair exceeds the maximum 10.",
        ));
    }
    for (n, pair) in pairs.iter().enumerate() {
        let ip = pair.get("ip_address").and_then(Value::as_str);
        let Some(ip) = ip else {
            return Err(Fault::typed(
                400,
                "AllowedAddressPairsMissingIP",
                "AllowedAddressPair must contain ip_address",
            ));
        };
        if ip.parse::<ipnet::IpNet>().is_err() && ip.parse::<std::net::IpAddr>().is_err() {
            return Err(Fault::bad(format!("'{ip}' is not a valid IP address")));
        }
        if overlaps_multicast(ip) {
            return Err(Fault::typed(
                400,
                "HTTPBadRequest",
                format!(
                    "Subnet {ip} overlaps with multicast range ff00::/8, which is not supported."
                ),
            ));
        }
        if pairs[..n].contains(pair) {
            return Err(Fault::typed(
                400,
                "DuplicateAddressPairInRequest",
                format!(
                    "Request contains duplicate address pair: mac_address None ip_address {ip}."
                ),
            ));
        }
    }
    Ok(())
}

/// A pair without a hardware address gets the port's own.
fn complete_pairs(body: &mut Map<String, Value>, own: &str) {
    let pairs = body
        .get_mut("allowed_address_pairs")
        .and_then(Value::as_array_mut);
    for pair in pairs.into_iter().flatten().filter_map(Value::as_object_mut) {
        if pair.get("mac_address").is_none_or(Value::is_null) {
            pair.insert("mac_address".to_owned(), json!(own));
        }
    }
}

fn valid_mac(mac: &str) -> bool {
    let parts: Vec<&str> = mac.split(':').collect();
    parts.len() == 6
        && parts
            .iter()
            .all(|part| part.len() == 2 && part.chars().all(|c| c.is_ascii_hexdigit()))
}

/// The IPv4 address of a port, if it has one.
pub(super) fn first_v4(port: &Object) -> Option<(String, String)> {
    fixed(port.list("fixed_ips"))
        .into_iter()
        .find(|(_, ip)| ip.contains('.'))
}
