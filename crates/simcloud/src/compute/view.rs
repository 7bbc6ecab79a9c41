//! How a server is shown, by microversion and to whom.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::state::Server;
use crate::{clock::zulu, cloud::Cloud, request::Request};

/// Floating IPs by port: address of the port, floating address.
pub(super) type Floating<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a str)>>;

impl Cloud {
    /// The floating IPs of the ports of one server.
    pub(super) fn addresses_of<'a>(&'a self, server: &'a Server) -> Floating<'a> {
        let mut found = Floating::new();
        if server.ports.is_empty() {
            return found;
        }
        for floating in self.network.all("floatingips") {
            let port = floating.text("port_id");
            if server.ports.iter().any(|one| one.id == port) {
                found.entry(port).or_default().push((
                    floating.text("fixed_ip_address"),
                    floating.text("floating_ip_address"),
                ));
            }
        }
        found
    }

    /// The floating IPs of every port, gathered once for a whole list.
    pub(super) fn all_floating(&self) -> Floating<'_> {
        let mut found = Floating::new();
        for floating in self.network.all("floatingips") {
            let port = floating.text("port_id");
            if !port.is_empty() {
                found.entry(port).or_default().push((
                    floating.text("fixed_ip_address"),
                    floating.text("floating_ip_address"),
                ));
            }
        }
        found
    }

    /// `addresses` of a server: by network name, fixed and floating.
    pub(super) fn addresses(&self, server: &Server, floating: &Floating) -> Value {
        let mut networks: Map<String, Value> = Map::new();
        for port in server
            .ports
            .iter()
            .filter_map(|one| self.network.get("ports", &one.id))
        {
            let Some(network) = self.network.get("networks", port.text("network_id")) else {
                continue;
            };
            let mac = port.text("mac_address");
            let entry = |ip: &str, kind: &str| {
                json!({
                    "version": if ip.contains(':') { 6 } else { 4 },
                    "addr": ip,
                    "OS-EXT-IPS:type": kind,
                    "OS-EXT-IPS-MAC:mac_addr": mac,
                })
            };
            let mut list = Vec::new();
            for (_, ip) in port.fixed_ips() {
                list.push(entry(&ip, "fixed"));
                for (fixed, public) in floating.get(port.id.as_str()).into_iter().flatten() {
                    if *fixed == ip {
                        list.push(entry(public, "floating"));
                    }
                }
            }
            match networks
                .entry(network.text("name").to_owned())
                .or_insert_with(|| json!([]))
            {
                Value::Array(known) => known.append(&mut list),
                _ => continue,
            }
        }
        Value::Object(networks)
    }

    fn flavor_of(&self, request: &Request, server: &Server) -> Value {
        let Some(flavor) = self.compute.flavors.get(&server.flavor) else {
            return json!({});
        };
        if request.from(47) {
            return json!({
                "vcpus": flavor.vcpus,
                "ram": flavor.ram,
                "disk": flavor.disk,
                "ephemeral": flavor.ephemeral,
                "swap": 0,
                "original_name": flavor.name,
                "extra_specs": flavor.extra_specs,
            });
        }
        let href = format!("{}/flavors/{}", root(request), flavor.id);
        json!({"id": flavor.id, "links": [{"rel": "bookmark", "href": href}]})
    }

    /// What a server tells of its image: the properties that Nova knows.
    fn image_properties(&self, image: &str) -> Value {
        let properties = self.images.images.get(image).map(|image| {
            let known = image.properties.iter().filter(|(key, _)| {
                ["hw_", "os_", "img_", "trait"]
                    .iter()
                    .any(|stem| key.starts_with(stem))
                    || matches!(key.as_str(), "architecture" | "root_device_name")
            });
            known
                .map(|(key, value)| (key.clone(), json!(value)))
                .collect::<Map<_, _>>()
        });
        Value::Object(properties.unwrap_or_default())
    }

    /// Names of the security groups of a server, one entry per port and group.
    fn group_names(&self, server: &Server) -> Value {
        let mut names: Vec<String> = Vec::new();
        for port in server
            .ports
            .iter()
            .filter_map(|one| self.network.get("ports", &one.id))
        {
            for group in port.texts("security_groups") {
                names.push(
                    self.network
                        .get("security_groups", &group)
                        .map_or(group, |group| group.text("name").to_owned()),
                );
            }
        }
        Value::Array(
            names
                .into_iter()
                .map(|name| json!({"name": name}))
                .collect(),
        )
    }

    /// The short form of a list.
    pub(super) fn server_brief(&self, request: &Request, server: &Server) -> Value {
        json!({"id": server.id, "name": server.name, "links": links(request, &server.id)})
    }

    /// The full form; `alone` when it is not part of a list.
    pub(super) fn server_view(
        &self,
        request: &Request,
        server: &Server,
        floating: &Floating,
        alone: bool,
    ) -> Value {
        let deleted = server.deleted();
        let status = server.status();
        let image = if server.image.is_empty() {
            json!("")
        } else {
            let href = format!("{}/images/{}", root(request), server.image);
            let mut image =
                json!({"id": server.image, "links": [{"rel": "bookmark", "href": href}]});
            if request.from(98) {
                image["properties"] = self.image_properties(&server.image);
            }
            image
        };
        let mut body = json!({
            "id": server.id,
            "name": server.name,
            "status": status,
            "tenant_id": server.project,
            "user_id": server.user,
            "metadata": if deleted { json!({}) } else { json!(server.metadata) },
            "hostId": host_id(server),
            "image": image,
            "flavor": self.flavor_of(request, server),
            "created": zulu(server.created),
            "updated": zulu(server.updated),
            "addresses": if deleted { json!({}) } else { self.addresses(server, floating) },
            "accessIPv4": server.access_v4,
            "accessIPv6": server.access_v6,
            "links": links(request, &server.id),
            "OS-DCF:diskConfig": server.disk_config,
        });
        let mut put = |key: &str, value: Value| {
            body[key] = value;
        };
        if matches!(
            status,
            "ACTIVE" | "BUILD" | "REBUILD" | "RESIZE" | "VERIFY_RESIZE" | "MIGRATING"
        ) {
            put("progress", json!(0));
        }
        if let Some(fault) = &server.fault {
            put(
                "fault",
                json!({"code": fault.code, "created": zulu(fault.at), "message": fault.message}),
            );
        }
        put("OS-EXT-AZ:availability_zone", json!(server.zone));
        if request.from(96) {
            put("pinned_availability_zone", json!(server.pinned_zone));
        }
        put(
            "config_drive",
            json!(if server.config_drive { "True" } else { "" }),
        );
        put(
            "key_name",
            if deleted {
                Value::Null
            } else {
                json!(server.key_name)
            },
        );
        put(
            "OS-SRV-USG:launched_at",
            json!(server.launched.map(usage_time)),
        );
        put(
            "OS-SRV-USG:terminated_at",
            json!(server.terminated.map(usage_time)),
        );
        if request.caller.admin {
            put("OS-EXT-SRV-ATTR:host", json!("compute-1"));
            put(
                "OS-EXT-SRV-ATTR:instance_name",
                json!(format!("instance-{:08x}", server.launch_index + 1)),
            );
            put("OS-EXT-SRV-ATTR:hypervisor_hostname", json!("compute-1"));
            if request.from(3) {
                put("OS-EXT-SRV-ATTR:reservation_id", json!(server.reservation));
                put("OS-EXT-SRV-ATTR:launch_index", json!(server.launch_index));
                put("OS-EXT-SRV-ATTR:kernel_id", json!(""));
                put("OS-EXT-SRV-ATTR:ramdisk_id", json!(""));
                put(
                    "OS-EXT-SRV-ATTR:root_device_name",
                    json!(server.root_device),
                );
                put("OS-EXT-SRV-ATTR:user_data", json!(server.user_data));
            }
            if request.from(16) {
                put("host_status", json!("UP"));
            }
        }
        if request.from(90) || request.caller.admin && request.from(3) {
            put("OS-EXT-SRV-ATTR:hostname", json!(server.hostname));
        }
        put("OS-EXT-STS:task_state", json!(server.task_state));
        put("OS-EXT-STS:vm_state", json!(server.vm_state));
        put("OS-EXT-STS:power_state", json!(server.power_state()));
        let volumes = server.volumes.iter().map(|volume| {
            if request.from(3) {
                json!({"id": volume.volume, "delete_on_termination": volume.delete_on_termination})
            } else {
                json!({"id": volume.volume})
            }
        });
        put(
            "os-extended-volumes:volumes_attached",
            Value::Array(if deleted {
                Vec::new()
            } else {
                volumes.collect()
            }),
        );
        if !deleted && !server.ports.is_empty() {
            put("security_groups", self.group_names(server));
        }
        if request.from(9) {
            put("locked", json!(server.locked.is_some()));
        }
        if request.from(73) {
            put("locked_reason", json!(server.locked.clone().flatten()));
        }
        if request.from(19) {
            put("description", json!(server.description));
        }
        if request.from(26) {
            put(
                "tags",
                if deleted {
                    json!([])
                } else {
                    json!(server.tags)
                },
            );
        }
        if request.from(63) {
            put("trusted_image_certificates", Value::Null);
        }
        if request.from(71) && alone {
            put(
                "server_groups",
                json!(server.group.iter().collect::<Vec<_>>()),
            );
        }
        if request.from(100) {
            let hints = server
                .group
                .as_ref()
                .map_or_else(|| json!({}), |group| json!({"group": [group]}));
            put("scheduler_hints", hints);
        }
        body
    }
}

/// The service's address without its version.
fn root<'a>(request: &'a Request) -> &'a str {
    request.endpoint.trim_end_matches("/v2.1")
}

fn links(request: &Request, id: &str) -> Value {
    let bookmark = root(request);
    json!([
        {"rel": "self", "href": format!("{}/servers/{id}", request.endpoint)},
        {"rel": "bookmark", "href": format!("{bookmark}/servers/{id}")},
    ])
}

fn usage_time(at: i64) -> String {
    crate::clock::micros(at)
}

/// A hash that is the same for servers of one project on one host.
fn host_id(server: &Server) -> String {
    use sha2::{Digest, Sha224};
    if server.unplaced() {
        return String::new();
    }
    Sha224::digest(format!("{}compute-1", server.project))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
