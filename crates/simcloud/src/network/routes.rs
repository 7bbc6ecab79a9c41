//! Extra routes of routers.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Value, json};

use super::{addresses::prefix, unknown_in};
use crate::{cloud::Cloud, fault::Fault, python, request::Request};

const MOST: usize = 30;

fn invalid(routes: &[Value], reason: &str) -> Fault {
    let list = python::repr(&Value::Array(routes.to_vec()));
    Fault::typed(
        400,
        "InvalidRoutes",
        format!("Invalid format for routes: {list}, {reason}"),
    )
}

/// Routes in their own form, each once.
pub(super) fn checked(list: &[Value]) -> Result<Vec<Value>, Fault> {
    let mut routes: Vec<Value> = Vec::new();
    for route in list {
        let destination = route
            .get("destination")
            .and_then(Value::as_str)
            .and_then(|text| text.parse::<IpNet>().ok());
        let hop = route
            .get("nexthop")
            .and_then(Value::as_str)
            .and_then(|text| text.parse::<IpAddr>().ok());
        if let (None, Some(text)) = (
            destination,
            route.get("destination").and_then(Value::as_str),
        ) {
            return Err(Fault::bad(format!(
                "Invalid input for routes. Reason: '{text}' is not a valid CIDR."
            )));
        }
        let extra = route.as_object().is_some_and(|map| map.len() > 2);
        let (Some(destination), Some(hop), false) = (destination, hop, extra) else {
            return Err(Fault::bad(format!(
                "Invalid input for routes. Reason: Invalid data format for hostroute: '{}'.",
                python::repr(route)
            )));
        };
        let route = json!({"destination": destination.to_string(), "nexthop": hop.to_string()});
        if routes.contains(&route) {
            return Err(Fault::bad(format!(
                "Invalid input for routes. Reason: Duplicate hostroute '{}'.",
                python::repr(&route)
            )));
        }
        routes.push(route);
    }
    Ok(routes)
}

impl Cloud {
    /// Prefixes that the router has a leg in.
    fn connected(&self, router: &str) -> Vec<(IpNet, String)> {
        self.network
            .ports_of_device(router)
            .flat_map(|port| port.fixed_ips())
            .filter_map(|(subnet, ip)| Some((prefix(self.network.get("subnets", &subnet)?)?, ip)))
            .collect()
    }

    pub(super) fn check_routes(&self, id: &str, routes: &[Value]) -> Result<(), Fault> {
        if routes.len() > MOST {
            return Err(Fault::typed(
                409,
                "RoutesExhausted",
                format!(
                    "Unable to complete operation for {id}. The number of routes exceeds the maximum {MOST}."
                ),
            ));
        }
        let legs = self.connected(id);
        for route in routes {
            let hop = route["nexthop"].as_str().unwrap_or("");
            let inside = hop
                .parse::<IpAddr>()
                .is_ok_and(|ip| legs.iter().any(|(net, _)| net.contains(&ip)));
            if !inside {
                return Err(invalid(routes, "the nexthop is not connected with router"));
            }
            if legs.iter().any(|(_, own)| own == hop) {
                return Err(invalid(routes, "the nexthop is used by router"));
            }
        }
        Ok(())
    }

    pub(super) fn change_routes(
        &mut self,
        request: &Request,
        id: &str,
        action: &str,
    ) -> Result<(), Fault> {
        let given = request
            .body
            .get("router")
            .and_then(|router| router.get("routes"))
            .and_then(Value::as_array);
        let given = given.ok_or_else(|| Fault::bad("Unable to find 'routes' in request body"))?;
        let given = checked(given)?;
        let router = self
            .network
            .get("routers", id)
            .ok_or_else(|| unknown_in("routers", id))?;
        let mut routes = router.list("routes").to_vec();
        if action == "add_extraroutes" {
            for route in given {
                if !routes.contains(&route) {
                    routes.push(route);
                }
            }
            self.check_routes(id, &routes)?;
        } else {
            routes.retain(|route| !given.contains(route));
        }
        if let Some(router) = self.network.get_mut("routers", id) {
            router.set("routes", routes);
        }
        Ok(())
    }

    /// Whether a route leads through this subnet.
    pub(super) fn routes_need(&self, router: &str, subnet: &str) -> bool {
        let (Some(router), Some(net)) = (
            self.network.get("routers", router),
            self.network.get("subnets", subnet).and_then(prefix),
        ) else {
            return false;
        };
        router.list("routes").iter().any(|route| {
            route["nexthop"]
                .as_str()
                .and_then(|text| text.parse::<IpAddr>().ok())
                .is_some_and(|ip| net.contains(&ip))
        })
    }
}
