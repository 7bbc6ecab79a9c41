//! What does not change: extensions, zones, and collections that a plain member finds empty.

use openstack_wire::Method;
use serde_json::{Value, json};

use crate::{
    cloud::{Cloud, ZONE},
    fault::Fault,
    request::{Answer, Handled, Request},
};

/// Alias and name of every API extension that is served.
const EXTENSIONS: &[(&str, &str)] = &[
    ("address-group", "Address group"),
    ("address-scope", "Address scope"),
    ("allowed-address-pairs", "Allowed Address Pairs"),
    ("availability_zone", "Availability Zone"),
    ("binding", "Port Binding"),
    ("default-subnetpools", "Default Subnetpools"),
    ("empty-string-filtering", "Empty String Filtering Extension"),
    ("external-net", "Neutron external network"),
    ("extra_dhcp_opt", "Neutron Extra DHCP options"),
    ("extraroute", "Neutron Extra Route"),
    ("extraroute-atomic", "Atomically add/remove extra routes"),
    ("filter-validation", "Filter parameters validation"),
    ("fip-port-details", "Floating IP Port Details Extension"),
    (
        "floating-ip-port-forwarding-detail",
        "Floating IP Port Forwarding Detail Extension",
    ),
    ("ip_allocation", "IP Allocation"),
    ("net-mtu", "Network MTU"),
    ("net-mtu-writable", "Network MTU (writable)"),
    ("network_availability_zone", "Network Availability Zone"),
    ("pagination", "Pagination support"),
    ("port-security", "Port Security"),
    ("project-id", "project_id field enabled"),
    ("provider", "Provider Network"),
    ("qos", "Quality of Service"),
    ("quota_details", "Quota details management support"),
    ("quotas", "Quota management support"),
    (
        "revision-if-match",
        "If-Match constraints based on revision_number",
    ),
    ("router", "Neutron L3 Router"),
    ("router_availability_zone", "Router Availability Zone"),
    ("security-group", "security-group"),
    (
        "security-groups-normalized-cidr",
        "Normalized CIDR field for security group rules",
    ),
    (
        "security-groups-remote-address-group",
        "Remote address group id field for security group rules",
    ),
    ("sorting", "Sorting support"),
    ("standard-attr-description", "standard-attr-description"),
    ("standard-attr-revisions", "Resource revision numbers"),
    (
        "standard-attr-tag",
        "Tag support for resources with standard attribute: port, subnet, subnetpool, network, router, security_group, floatingip",
    ),
    ("standard-attr-timestamp", "Resource timestamps"),
    ("stateful-security-group", "Stateful security group"),
    ("subnet_allocation", "Subnet Allocation"),
    ("subnetpool-prefix-ops", "Subnet Pool Prefix Operations"),
    ("tag-creation", "Tag creation extension"),
];

impl Cloud {
    /// Answers for paths that are no collection of the project's own; `None` if the path is something else.
    pub(super) fn fixed_network_lists(
        &mut self,
        request: &Request,
        first: &str,
        rest: &[&str],
    ) -> Option<Handled> {
        if first == "quotas" {
            return Some(self.network_quotas(request, rest));
        }
        let answer = match (first, rest) {
            ("extensions", []) => {
                let list: Vec<Value> = EXTENSIONS.iter().map(|one| extension(*one)).collect();
                json!({"extensions": list})
            }
            ("extensions", [alias]) => match EXTENSIONS.iter().find(|one| one.0 == *alias) {
                Some(one) => json!({"extension": extension(*one)}),
                None => {
                    return Some(Err(Fault::typed(
                        404,
                        "ExtensionsNotFound",
                        format!("Extensions not found: ['{alias}']."),
                    )));
                }
            },
            ("availability_zones", []) => json!({"availability_zones": [
                {"state": "available", "resource": "network", "name": ZONE},
                {"state": "available", "resource": "router", "name": ZONE},
            ]}),
            ("network-ip-availabilities", []) => json!({"network_ip_availabilities": []}),
            ("service-providers", []) => json!({"service_providers": []}),
            ("agents", []) => json!({"agents": []}),
            ("trunks" | "rbac-policies", _) => return Some(Err(Fault::no_route())),
            ("floatingips", [_, "port_forwardings"]) => json!({"port_forwardings": []}),
            ("qos", ["policies"]) => json!({"policies": []}),
            ("qos", ["rule-types"]) => json!({"rule_types": []}),
            _ => return None,
        };
        Some(if request.method == Method::Get {
            Ok(Answer::ok(answer))
        } else {
            Err(Fault::no_method())
        })
    }
}

fn extension((alias, name): (&str, &str)) -> Value {
    json!({"alias": alias, "name": name, "description": name, "updated": "2024-01-01T00:00:00-00:00", "links": []})
}
