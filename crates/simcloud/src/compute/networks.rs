//! Security groups and network interfaces that a new server asks for.

use serde_json::Value;

use super::{create::text, state::PlannedPort};
use crate::{cloud::Cloud, fault::Fault, network::state::Object, request::Request};

impl Cloud {
    /// Ids of the groups that the request names by name or id.
    pub(super) fn requested_groups(
        &mut self,
        request: &Request,
        body: &Value,
    ) -> Result<Vec<String>, Fault> {
        let project = request.caller.project.as_str();
        let mut ids = Vec::new();
        for entry in body
            .get("security_groups")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = text(entry, "name").unwrap_or("");
            if name == "default" {
                ids.push(self.ensure_default_group(project));
                continue;
            }
            let mut found = self.network.all("security_groups").filter(|group| {
                group.project == project && (group.id == name || group.text("name") == name)
            });
            let Some(group) = found.next() else {
                return Err(Fault::bad(format!(
                    "Unable to find security_group with name or id '{name}'"
                )));
            };
            if found.next().is_some() {
                return Err(Fault::conflict(format!(
                    "Multiple security groups found matching '{name}'. Use an ID to be more specific."
                )));
            }
            ids.push(group.id.clone());
        }
        Ok(ids)
    }

    pub(super) fn plan_ports(
        &self,
        request: &Request,
        body: &Value,
        count: u64,
    ) -> Result<Vec<PlannedPort>, Fault> {
        let project = request.caller.project.as_str();
        let list = match body.get("networks") {
            Some(Value::Array(list)) if !list.is_empty() => list,
            Some(Value::String(word)) if word == "none" => return Ok(Vec::new()),
            _ => {
                // An empty list counts those without a subnet too, before it refuses them.
                let bare = body.get("networks").is_some_and(Value::is_array);
                let usable = |net: &Object| bare || !net.list("subnets").is_empty();
                let mut own = self.network.all("networks").filter(|net| {
                    net.project == project && !net.flag("router:external") && usable(net)
                });
                let mut shared = self
                    .network
                    .all("networks")
                    .filter(|net| net.flag("shared") && net.project != project && usable(net));
                let first = own.next().or_else(|| shared.next());
                if first.is_some() && (own.next().is_some() || shared.next().is_some()) {
                    return Err(Fault::conflict(
                        "Multiple possible networks found, use a Network ID to be more specific.",
                    ));
                }
                return Ok(first
                    .map(|net| PlannedPort::Network(net.id.clone(), None))
                    .into_iter()
                    .collect());
            }
        };
        let mut planned = Vec::new();
        for entry in list {
            if let Some(id) = text(entry, "port") {
                let port = self
                    .network
                    .get("ports", id)
                    .filter(|port| request.owns(&port.project));
                let port =
                    port.ok_or_else(|| Fault::bad(format!("Port id {id} could not be found.")))?;
                if count > 1 {
                    return Err(Fault::bad(
                        "Failed to launch instances: Unable to launch multiple instances with a single configured port ID. Please launch your instance one by one with different ports.",
                    ));
                }
                if !port.text("device_id").is_empty() {
                    return Err(Fault::conflict(format!("Port {id} is still in use.")));
                }
                if port.list("fixed_ips").is_empty() {
                    return Err(Fault::bad(format!(
                        "Port {id} requires a FixedIP in order to be used."
                    )));
                }
                planned.push(PlannedPort::Port(id.to_owned()));
                continue;
            }
            let id = text(entry, "uuid").unwrap_or("");
            let network = self.network.get("networks", id).filter(|net| {
                request.owns(&net.project) || net.flag("shared") || net.flag("router:external")
            });
            let network =
                network.ok_or_else(|| Fault::bad(format!("Network {id} could not be found.")))?;
            if !request.owns(&network.project)
                && network.flag("router:external")
                && !network.flag("shared")
            {
                return Err(Fault::forbidden(format!(
                    "It is not allowed to create an interface on external network {id}"
                )));
            }
            if network.list("subnets").is_empty() {
                return Err(Fault::bad(format!(
                    "Network {id} requires a subnet in order to boot instances on."
                )));
            }
            let fixed_ip = text(entry, "fixed_ip");
            if fixed_ip.is_some() && count > 1 {
                return Err(Fault::bad(
                    "Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip is specified.",
                ));
            }
            if let Some(ip) = fixed_ip
                && self.network.allocations.iter().any(|(subnet, held)| {
                    network.texts("subnets").contains(subnet)
                        && ip.parse().is_ok_and(|ip| held.taken.contains(&ip))
                })
            {
                return Err(Fault::bad(format!(
                    "Fixed IP address {ip} is already in use on instance."
                )));
            }
            planned.push(PlannedPort::Network(
                id.to_owned(),
                fixed_ip.map(str::to_owned),
            ));
        }
        Ok(planned)
    }
}
