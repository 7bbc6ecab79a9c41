//! Addresses of subnets: who gets which.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use serde_json::{Value, json};

use super::{state::Object, unknown_in, validate::invalid_operation};
use crate::{cloud::Cloud, fault::Fault};

/// An address as a number, for arithmetic.
pub(super) fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// The address of that number in the family of `like`.
pub(super) fn address(number: u128, like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX))),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(number)),
    }
}

/// First and last address of each allocation pool.
pub(super) fn pools(list: &[Value]) -> Vec<(IpAddr, IpAddr)> {
    let end = |pool: &Value, key: &str| pool.get(key)?.as_str()?.parse().ok();
    list.iter()
        .filter_map(|pool| Some((end(pool, "start")?, end(pool, "end")?)))
        .collect()
}

/// The pools of a subnet that nobody named: all hosts but the gateway.
pub(super) fn default_pools(net: IpNet, gateway: Option<IpAddr>) -> Value {
    let (mut first, mut last) = (number(net.network()), number(net.broadcast()));
    let width = net.max_prefix_len() - net.prefix_len();
    if width >= 2 {
        first += 1;
        if net.network().is_ipv4() {
            last -= 1;
        }
    }
    let mut ranges = vec![(first, last)];
    if let Some(gateway) = gateway
        .map(number)
        .filter(|gateway| (first..=last).contains(gateway))
    {
        ranges = vec![
            (first, gateway.saturating_sub(1)),
            (gateway.saturating_add(1), last),
        ];
        ranges.retain(|(from, to)| from <= to && *to >= first && *from <= last);
        if gateway == first {
            ranges.retain(|(from, _)| *from > gateway);
        }
    }
    let text = |n: u128| address(n, net.network()).to_string();
    Value::Array(
        ranges
            .into_iter()
            .map(|(from, to)| json!({"start": text(from), "end": text(to)}))
            .collect(),
    )
}

/// The prefix of a subnet.
pub(super) fn prefix(subnet: &Object) -> Option<IpNet> {
    subnet.text("cidr").parse().ok()
}

impl Cloud {
    /// Takes a free address of the subnet's pools: the one after the last given, as far as there is one.
    fn next_address(&mut self, subnet: &str) -> Option<IpAddr> {
        let ranges = pools(
            self.network
                .get("subnets", subnet)?
                .list("allocation_pools"),
        );
        let allocation = self
            .network
            .allocations
            .entry(subnet.to_owned())
            .or_default();
        let after = allocation
            .last
            .map_or(0, |last| number(last).saturating_add(1));
        let later = ranges
            .iter()
            .map(|(from, to)| (number(*from).max(after), number(*to), *from));
        let earlier = ranges
            .iter()
            .map(|(from, to)| (number(*from), number(*to).min(after), *from));
        let found = later.chain(earlier).find_map(|(from, to, like)| {
            let mut candidate = from;
            while candidate <= to {
                let ip = address(candidate, like);
                if !allocation.taken.contains(&ip) {
                    return Some(ip);
                }
                candidate = candidate.checked_add(1)?;
            }
            None
        })?;
        allocation.taken.insert(found);
        allocation.last = Some(found);
        Some(found)
    }

    /// Takes one given address of a subnet.
    pub(super) fn take_address(&mut self, subnet: &str, ip: IpAddr) -> Result<(), Fault> {
        let object = self
            .network
            .get("subnets", subnet)
            .ok_or_else(|| unknown_in("subnets", subnet))?;
        let inside = prefix(object).is_some_and(|net| {
            net.contains(&ip)
                && (net.network() != ip && net.broadcast() != ip
                    || net.max_prefix_len() - net.prefix_len() < 2
                    || ip.is_ipv6())
        });
        if !inside {
            return Err(Fault::typed(
                400,
                "InvalidIpForSubnet",
                format!("IP address {ip} is not a valid IP for the specified subnet."),
            ));
        }
        if !self
            .network
            .allocations
            .entry(subnet.to_owned())
            .or_default()
            .taken
            .insert(ip)
        {
            return Err(Fault::typed(
                409,
                "IpAddressAlreadyAllocated",
                format!("IP address {ip} already allocated in subnet {subnet}"),
            ));
        }
        Ok(())
    }

    /// Gives addresses back.
    pub(super) fn release(&mut self, fixed_ips: &[(String, String)]) {
        for (subnet, ip) in fixed_ips {
            if let (Some(allocation), Ok(ip)) =
                (self.network.allocations.get_mut(subnet), ip.parse())
            {
                allocation.taken.remove(&ip);
            }
        }
    }

    /// Takes the addresses that a port asks for; on a fault none is taken.
    pub(super) fn take_addresses(
        &mut self,
        network: &str,
        wanted: Option<&[Value]>,
    ) -> Result<Vec<(String, String)>, Fault> {
        let mut taken = Vec::new();
        let done = match wanted {
            Some(list) => list
                .iter()
                .try_for_each(|entry| self.take_wanted(network, entry, &mut taken)),
            None => self.take_default(network, &mut taken),
        };
        if done.is_err() {
            self.release(&taken);
        }
        done.map(|()| taken)
    }

    fn take_wanted(
        &mut self,
        network: &str,
        entry: &Value,
        taken: &mut Vec<(String, String)>,
    ) -> Result<(), Fault> {
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let ip = match text("ip_address") {
            Some(given) => Some(given.parse::<IpAddr>().map_err(|_| {
                Fault::bad(format!(
                    "Invalid input for fixed_ips. Reason: '{given}' is not a valid IP address."
                ))
            })?),
            None => None,
        };
        let subnet = match (text("subnet_id"), ip) {
            (Some(subnet), _) => {
                let object = self
                    .network
                    .get("subnets", subnet)
                    .ok_or_else(|| unknown_in("subnets", subnet))?;
                if object.text("network_id") != network {
                    return Err(invalid_operation(format!(
                        "Failed to create port on network {network}, because fixed_ips included invalid subnet {subnet}"
                    )));
                }
                subnet.to_owned()
            }
            (None, Some(ip)) => self.subnet_holding(network, ip)?,
            (None, None) => {
                return Err(invalid_operation(
                    "IP allocation requires subnet_id or ip_address",
                ));
            }
        };
        match ip {
            Some(ip) => {
                self.take_address(&subnet, ip)?;
                taken.push((subnet, ip.to_string()));
            }
            None => {
                let ip = self
                    .next_address(&subnet)
                    .ok_or_else(|| exhausted(network))?;
                taken.push((subnet, ip.to_string()));
            }
        }
        Ok(())
    }

    fn subnet_holding(&self, network: &str, ip: IpAddr) -> Result<String, Fault> {
        let object = self
            .network
            .get("networks", network)
            .ok_or_else(|| unknown_in("networks", network))?;
        let found = object.texts("subnets").into_iter().find(|id| {
            self.network
                .get("subnets", id)
                .and_then(prefix)
                .is_some_and(|net| net.contains(&ip))
        });
        found.ok_or_else(|| {
            Fault::typed(
                400,
                "InvalidIpForNetwork",
                format!("IP address {ip} is not a valid IP for any of the subnets on the specified network."),
            )
        })
    }

    /// One address of each family that the network has subnets for.
    fn take_default(
        &mut self,
        network: &str,
        taken: &mut Vec<(String, String)>,
    ) -> Result<(), Fault> {
        let subnets = self
            .network
            .get("networks", network)
            .map(|net| net.texts("subnets"))
            .unwrap_or_default();
        for version in [4, 6] {
            let mut family = false;
            let mut found = None;
            for id in &subnets {
                let of_family = self
                    .network
                    .get("subnets", id)
                    .and_then(|subnet| subnet.body.get("ip_version")?.as_i64())
                    == Some(version);
                if of_family {
                    family = true;
                    found = self.next_address(id).map(|ip| (id.clone(), ip.to_string()));
                    if found.is_some() {
                        break;
                    }
                }
            }
            match found {
                Some(pair) => taken.push(pair),
                None if family => return Err(exhausted(network)),
                None => {}
            }
        }
        Ok(())
    }
}

fn exhausted(network: &str) -> Fault {
    Fault::typed(
        409,
        "IpAddressGenerationFailure",
        format!("No more IP addresses available on network {network}."),
    )
}

/// A port's `fixed_ips` as it is answered.
pub(super) fn fixed_ips(taken: &[(String, String)]) -> Value {
    Value::Array(
        taken
            .iter()
            .map(|(subnet, ip)| json!({"subnet_id": subnet, "ip_address": ip}))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_pools_leave_out_the_gateway() {
        let cases = [
            (
                "10.0.0.0/24",
                Some("10.0.0.1"),
                json!([{"start": "10.0.0.2", "end": "10.0.0.254"}]),
            ),
            (
                "10.0.0.0/24",
                None,
                json!([{"start": "10.0.0.1", "end": "10.0.0.254"}]),
            ),
            (
                "10.0.0.0/24",
                Some("10.0.0.254"),
                json!([{"start": "10.0.0.1", "end": "10.0.0.253"}]),
            ),
            (
                "10.0.0.0/24",
                Some("10.0.0.9"),
                json!([{"start": "10.0.0.1", "end": "10.0.0.8"}, {"start": "10.0.0.10", "end": "10.0.0.254"}]),
            ),
            (
                "2001:db8::/64",
                Some("2001:db8::1"),
                json!([{"start": "2001:db8::2", "end": "2001:db8::ffff:ffff:ffff:ffff"}]),
            ),
        ];
        for (cidr, gateway, wanted) in cases {
            let net = cidr.parse().expect("a prefix");
            assert_eq!(
                default_pools(net, gateway.map(|g| g.parse().expect("an address"))),
                wanted,
                "{cidr} {gateway:?}"
            );
        }
    }
}
