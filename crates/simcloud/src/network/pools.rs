//! Subnet pools and address groups: the prefixes they hold and give out.

use ipnet::IpNet;
use serde_json::{Map, Value, json};

use super::{
    address_groups::{addresses, texts},
    addresses::{address, number, prefix},
    collections::Collection,
    state::Object,
    unknown_in,
};
use crate::{
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

impl Cloud {
    pub(super) fn create_pool(
        &mut self,
        mut object: Object,
        given: &Map<String, Value>,
    ) -> Result<(), Fault> {
        let (prefixes, v4) = prefixes(object.list("prefixes"))?;
        let width = if v4 { 32 } else { 128 };
        object.set("ip_version", if v4 { 4 } else { 6 });
        object.set("prefixes", texts(&prefixes));
        let length = |key: &str, otherwise: i64| {
            given
                .get(key)
                .and_then(|v| v.as_i64().or_else(|| v.as_str()?.parse().ok()))
                .unwrap_or(otherwise)
        };
        let least = length("min_prefixlen", if v4 { 8 } else { 64 });
        let most = length("max_prefixlen", width);
        let default = length("default_prefixlen", least);
        check_lengths(least, most, default, width)?;
        // Neutron answers these three as text.
        object.set("min_prefixlen", least.to_string());
        object.set("max_prefixlen", most.to_string());
        object.set("default_prefixlen", default.to_string());
        if let Some(scope) = object.body.get("address_scope_id").and_then(Value::as_str)
            && self.network.get("address_scopes", scope).is_none()
        {
            return Err(unknown_in("address_scopes", scope));
        }
        self.network.table("subnetpools").insert(object);
        Ok(())
    }

    pub(super) fn update_pool(
        &mut self,
        id: &str,
        changes: &mut Map<String, Value>,
    ) -> Result<(), Fault> {
        let pool = self
            .network
            .get("subnetpools", id)
            .ok_or_else(|| unknown_in("subnetpools", id))?;
        if let Some(list) = changes.get("prefixes").and_then(Value::as_array) {
            let (wanted, _) = prefixes(list)?;
            let (old, _) = prefixes(pool.list("prefixes"))?;
            if old
                .iter()
                .any(|net| !wanted.iter().any(|new| new.contains(net)))
            {
                return Err(Fault::typed(
                    400,
                    "IllegalSubnetPoolPrefixUpdate",
                    "Illegal update to prefixes: Existing prefixes must be a subset of the new prefixes.",
                ));
            }
            changes.insert("prefixes".to_owned(), texts(&wanted));
        }
        let width = if pool.body.get("ip_version").and_then(Value::as_i64) == Some(6) {
            128
        } else {
            32
        };
        let length = |key: &str| {
            let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
            changes
                .get(key)
                .and_then(number)
                .or_else(|| pool.body.get(key).and_then(number))
                .unwrap_or(0)
        };
        let lengths = (
            length("min_prefixlen"),
            length("max_prefixlen"),
            length("default_prefixlen"),
        );
        check_lengths(lengths.0, lengths.1, lengths.2, width)?;
        for key in ["min_prefixlen", "max_prefixlen", "default_prefixlen"] {
            if let Some(n) = changes.get(key).and_then(Value::as_i64) {
                changes.insert(key.to_owned(), json!(n.to_string()));
            }
        }
        Ok(())
    }

    pub(super) fn delete_pool(&mut self, id: &str) -> Result<(), Fault> {
        if self
            .network
            .all("subnets")
            .any(|subnet| subnet.text("subnetpool_id") == id)
        {
            return Err(Fault::typed(
                400,
                "SubnetPoolDeleteError",
                "Unable to delete subnet pool: Subnet pool has existing allocations.",
            ));
        }
        self.network.remove("subnetpools", id);
        Ok(())
    }

    pub(super) fn change_prefixes(&mut self, request: &Request, id: &str, action: &str) -> Handled {
        let collection = Collection::of("subnetpools").ok_or_else(Fault::no_route)?;
        let pool = self.held(request, collection, id, action)?;
        let list = request
            .body
            .get("prefixes")
            .and_then(Value::as_array)
            .ok_or_else(|| Fault::bad("Unable to find 'prefixes' in request body"))?;
        let (mut nets, v4) = prefixes(pool.list("prefixes"))?;
        let (given, given_v4) = prefixes(list)?;
        if v4 != given_v4 {
            return Err(Fault::typed(
                400,
                "PrefixVersionMismatch",
                "Cannot mix IPv4 and IPv6 prefixes in a subnet pool.",
            ));
        }
        if action == "add_prefixes" {
            nets.extend(given);
            nets = IpNet::aggregate(&nets);
        } else {
            for lost in &given {
                let used = self
                    .network
                    .all("subnets")
                    .filter(|subnet| subnet.text("subnetpool_id") == id)
                    .filter_map(prefix)
                    .any(|net| lost.contains(&net));
                if used {
                    return Err(Fault::typed(
                        409,
                        "IllegalSubnetPoolPrefixUpdate",
                        format!("Illegal update to prefixes: Prefix {lost} has allocated subnets."),
                    ));
                }
                nets.retain(|net| net != lost);
            }
        }
        let list = texts(&nets);
        if let Some(pool) = self.network.get_mut("subnetpools", id) {
            pool.set("prefixes", list.clone());
        }
        self.touch("subnetpools", id);
        Ok(Answer::ok(json!({"prefixes": list})))
    }

    /// A prefix of the pool that no subnet has: the one asked for, or the first free one.
    pub(super) fn allocate_prefix(
        &self,
        request: &Request,
        pool_id: &str,
        wanted: Option<IpNet>,
        length: Option<u8>,
    ) -> Result<IpNet, Fault> {
        let pool = self
            .network
            .get("subnetpools", pool_id)
            .filter(|pool| self.visible(request, "subnetpools", pool))
            .ok_or_else(|| unknown_in("subnetpools", pool_id))?;
        let (held, _) = prefixes(pool.list("prefixes"))?;
        let used: Vec<IpNet> = self
            .network
            .all("subnets")
            .filter(|subnet| subnet.text("subnetpool_id") == pool_id)
            .filter_map(prefix)
            .collect();
        let bound = |key: &str| pool.text(key).parse::<u8>().unwrap_or(0);
        let length = wanted
            .map(|net| net.prefix_len())
            .or(length)
            .unwrap_or_else(|| bound("default_prefixlen"));
        if length < bound("min_prefixlen") {
            return Err(Fault::typed(
                400,
                "MinPrefixSubnetAllocationError",
                format!(
                    "Unable to allocate subnet with prefix length {length}, minimum allowed prefix is {}.",
                    bound("min_prefixlen")
                ),
            ));
        }
        if length > bound("max_prefixlen") {
            return Err(Fault::typed(
                400,
                "MaxPrefixSubnetAllocationError",
                format!(
                    "Unable to allocate subnet with prefix length {length}, maximum allowed prefix is {}.",
                    bound("max_prefixlen")
                ),
            ));
        }
        if let Some(net) = wanted {
            let free = held.iter().any(|one| one.contains(&net))
                && !used
                    .iter()
                    .any(|one| one.contains(&net) || net.contains(one));
            return if free {
                Ok(net)
            } else {
                Err(allocation(
                    "Cannot allocate requested subnet from the available set of prefixes.",
                ))
            };
        }
        held.iter()
            .find_map(|net| free_prefix(*net, length, &used))
            .ok_or_else(|| {
                allocation(&format!(
                    "Insufficient prefix space to allocate subnet size /{length}"
                ))
            })
    }
}

/// Neutron answers 500 for it, as for an error of its own.
fn allocation(reason: &str) -> Fault {
    // Neutron knows no status for this one, so it is 500.
    Fault::typed(
        500,
        "SubnetAllocationError",
        format!("Failed to allocate subnet: {reason}"),
    )
}

/// Prefixes of one family, host bits cut off, and whether it is IPv4.
fn prefixes(list: &[Value]) -> Result<(Vec<IpNet>, bool), Fault> {
    let nets = addresses("prefixes", list)?;
    let v4 = nets.first().is_some_and(|net| net.addr().is_ipv4());
    if nets.is_empty() {
        return Err(Fault::typed(
            400,
            "EmptySubnetPoolPrefixList",
            "Empty subnet pool prefix list.",
        ));
    }
    if nets.iter().any(|net| net.addr().is_ipv4() != v4) {
        return Err(Fault::typed(
            400,
            "PrefixVersionMismatch",
            "Cannot mix IPv4 and IPv6 prefixes in a subnet pool.",
        ));
    }
    Ok((IpNet::aggregate(&nets), v4))
}

/// The answer to an update has numbers where all others have text, and leaves out what is not set.
pub(super) fn as_updated(shown: &mut Value) {
    let Some(map) = shown.as_object_mut() else {
        return;
    };
    for key in ["min_prefixlen", "max_prefixlen", "default_prefixlen"] {
        if let Some(number) = map
            .get(key)
            .and_then(Value::as_str)
            .and_then(|text| text.parse::<i64>().ok())
        {
            map.insert(key.to_owned(), json!(number));
        }
    }
    map.retain(|key, value| {
        !(value.is_null() && matches!(key.as_str(), "default_quota" | "address_scope_id"))
    });
}

fn check_lengths(least: i64, most: i64, default: i64, width: i64) -> Result<(), Fault> {
    let bounds = |a: &str, x: i64, b: &str, y: i64| {
        Fault::typed(
            400,
            "IllegalSubnetPoolPrefixBounds",
            format!("Illegal prefix bounds: {a}={x}, {b}={y}."),
        )
    };
    if most > width {
        return Err(bounds(
            "max_prefixlen",
            most,
            "ip_version max_prefixlen",
            width,
        ));
    }
    if least > most {
        return Err(bounds("min_prefixlen", least, "max_prefixlen", most));
    }
    if default < least {
        return Err(bounds("default_prefixlen", default, "min_prefixlen", least));
    }
    if default > most {
        return Err(bounds("default_prefixlen", default, "max_prefixlen", most));
    }
    Ok(())
}

/// The first block of `length` bits in `net` that touches none of `used`.
fn free_prefix(net: IpNet, length: u8, used: &[IpNet]) -> Option<IpNet> {
    if length < net.prefix_len() || length > net.max_prefix_len() {
        return None;
    }
    let (first, last) = (number(net.network()), number(net.broadcast()));
    let size = 1_u128
        .checked_shl(u32::from(net.max_prefix_len() - length))
        .unwrap_or(u128::MAX);
    let mut at = first;
    while at <= last {
        let block = IpNet::new(address(at, net.network()), length).ok()?;
        match used
            .iter()
            .find(|one| one.contains(&block) || block.contains(*one))
        {
            None => return Some(block),
            // Past the end of what is in the way, rounded up to a whole block.
            Some(taken) => {
                let end = number(taken.broadcast()).max(number(block.broadcast()));
                at = end.checked_add(1)?;
                at = (at - first)
                    .div_ceil(size)
                    .checked_mul(size)?
                    .checked_add(first)?;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_free_block_of_a_pool_is_found() {
        let net = |text: &str| text.parse::<IpNet>().expect("a prefix");
        let cases = [
            ("10.0.0.0/16", 24, vec![], Some("10.0.0.0/24")),
            ("10.0.0.0/16", 24, vec!["10.0.0.0/25"], Some("10.0.1.0/24")),
            ("10.0.0.0/16", 24, vec!["10.0.0.0/20"], Some("10.0.16.0/24")),
            ("10.0.0.0/24", 24, vec!["10.0.0.128/25"], None),
        ];
        for (pool, length, used, wanted) in cases {
            let used: Vec<IpNet> = used.into_iter().map(net).collect();
            assert_eq!(
                free_prefix(net(pool), length, &used),
                wanted.map(net),
                "{pool} {used:?}"
            );
        }
    }
}
