//! Address groups: prefixes that security group rules can name together.

use ipnet::IpNet;
use serde_json::{Value, json};

use super::{collections::Collection, state::Object, validate::invalid};
use crate::{
    cloud::Cloud,
    fault::Fault,
    python,
    request::{Answer, Handled, Request},
};

impl Cloud {
    pub(super) fn create_address_group(&mut self, mut object: Object) -> Result<(), Fault> {
        let nets = addresses("addresses", object.list("addresses"))?;
        object.set("addresses", texts(&nets));
        self.network.table("address_groups").insert(object);
        Ok(())
    }

    pub(super) fn change_addresses(
        &mut self,
        request: &Request,
        id: &str,
        action: &str,
    ) -> Handled {
        let collection = Collection::of("address_groups").ok_or_else(Fault::no_route)?;
        let group = self.held(request, collection, id, action)?;
        let given = request
            .body
            .get("addresses")
            .and_then(Value::as_array)
            .ok_or_else(|| Fault::bad("Unable to find 'addresses' in request body"))?;
        let given = addresses("addresses", given)?;
        let mut held = addresses("addresses", group.list("addresses"))?;
        if action == "add_addresses" {
            if let Some(known) = given.iter().find(|net| held.contains(net)) {
                return Err(Fault::typed(
                    400,
                    "AddressesAlreadyExist",
                    format!("Addresses {known} already exist in the address group {id}."),
                ));
            }
            held.extend(given);
        } else {
            if let Some(absent) = given.iter().find(|net| !held.contains(net)) {
                return Err(Fault::typed(
                    404,
                    "AddressesNotFound",
                    format!("Addresses {absent} not found in the address group {id}."),
                ));
            }
            held.retain(|net| !given.contains(net));
        }
        if let Some(group) = self.network.get_mut("address_groups", id) {
            group.set("addresses", texts(&held));
        }
        self.touch("address_groups", id);
        let group = self.seen(request, collection, id)?;
        Ok(Answer::ok(
            json!({"address_group": self.shown(request, collection, group)}),
        ))
    }

    pub(super) fn delete_address_group(&mut self, id: &str) -> Result<(), Fault> {
        if self
            .network
            .all("security_group_rules")
            .any(|rule| rule.text("remote_address_group_id") == id)
        {
            return Err(Fault::typed(
                409,
                "AddressGroupInUse",
                format!("Address group {id} is in use on one or more security group rules."),
            ));
        }
        self.network.remove("address_groups", id);
        Ok(())
    }
}

/// Prefixes and single addresses, host bits cut off.
pub(super) fn addresses(name: &str, list: &[Value]) -> Result<Vec<IpNet>, Fault> {
    let read = |value: &Value| {
        let text = value.as_str()?;
        text.parse::<IpNet>()
            .ok()
            .or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from))
            .map(|net| net.trunc())
    };
    list.iter()
        .map(|value| {
            read(value).ok_or_else(|| {
                invalid(
                    name,
                    format!("{} is not a valid IP subnet", python::repr(value)),
                )
            })
        })
        .collect()
}

/// Prefixes as they are answered.
pub(super) fn texts(nets: &[IpNet]) -> Value {
    Value::Array(nets.iter().map(|net| json!(net.to_string())).collect())
}
