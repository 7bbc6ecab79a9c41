//! Replies as Nova, Neutron and Cinder give them.

use std::fmt::Write as _;

use openstack_wire::Call;

/// Replies of a project with so many servers, each with a port, a volume and, every third, a floating IP.
#[derive(Clone)]
pub struct Cloud {
    servers: String,
    ports: String,
    volumes: String,
    floating_ips: String,
    small: Vec<(&'static str, String)>,
}

/// A UUID of a kind of thing.
pub fn uuid(kind: u32, n: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{n:012x}")
}

/// `{"name": [item, …]}`
pub fn list(name: &str, count: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = format!("{{\"{name}\": [");
    for n in 0..count {
        let _ = write!(text, "{}{}", if n > 0 { ", " } else { "" }, item(n));
    }
    text.push_str("]}");
    text
}

impl Cloud {
    /// Replies for so many servers.
    pub fn new(count: usize) -> Self {
        let project = "p".repeat(32);
        let group = uuid(5, 0);
        let subnet = uuid(6, 0);
        let image = uuid(7, 0);
        let servers = list("servers", count, |n| {
            format!(
                r#"{{"id": "{id}", "name": "web-{n}", "status": "ACTIVE", "tenant_id": "{project}", "user_id": "{project}", "metadata": {{"ec2:tag:Name": "web-{n}", "ec2:tag:team": "blue"}}, "hostId": "{project}", "image": {{"id": "{image}", "links": [{{"rel": "bookmark", "href": "http://cloud/images/{image}"}}]}}, "flavor": {{"vcpus": 2, "ram": 4096, "disk": 40, "ephemeral": 0, "swap": 0, "original_name": "m1.medium", "extra_specs": {{"hw:cpu_policy": "shared"}}}}, "created": "2026-11-20T10:00:00Z", "updated": "2026-11-20T10:00:08Z", "addresses": {{"private": [{{"version": 4, "addr": "10.0.{hi}.{lo}", "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:00:00:01"}}]}}, "accessIPv4": "", "accessIPv6": "", "links": [{{"rel": "self", "href": "http://cloud/v2.1/servers/{id}"}}, {{"rel": "bookmark", "href": "http://cloud/servers/{id}"}}], "OS-DCF:diskConfig": "MANUAL", "progress": 0, "OS-EXT-AZ:availability_zone": "nova", "config_drive": "", "key_name": "mine", "OS-SRV-USG:launched_at": "2026-11-20T10:00:07.000000", "OS-SRV-USG:terminated_at": null, "security_groups": [{{"name": "default"}}], "OS-EXT-SRV-ATTR:hostname": "web-{n}", "OS-EXT-STS:task_state": null, "OS-EXT-STS:vm_state": "active", "OS-EXT-STS:power_state": 1, "os-extended-volumes:volumes_attached": [{{"id": "{volume}", "delete_on_termination": false}}], "locked": false, "description": "r-0123456789abcdef0", "tags": ["ec2:reservation=r-{n:017x}"], "trusted_image_certificates": null, "host_status": "UP"}}"#,
                id = uuid(1, n),
                volume = uuid(3, n),
                hi = n / 250,
                lo = n % 250 + 1,
            )
        });
        let ports = list("ports", count, |n| {
            format!(
                r#"{{"id": "{id}", "name": "", "network_id": "{net}", "tenant_id": "{project}", "project_id": "{project}", "mac_address": "fa:16:3e:00:00:01", "admin_state_up": true, "status": "ACTIVE", "device_id": "{server}", "device_owner": "compute:nova", "fixed_ips": [{{"subnet_id": "{subnet}", "ip_address": "10.0.{hi}.{lo}"}}], "allowed_address_pairs": [], "extra_dhcp_opts": [], "security_groups": ["{group}"], "description": "", "binding:vnic_type": "normal", "port_security_enabled": true, "dns_name": "", "tags": [], "created_at": "2026-11-20T10:00:02Z", "updated_at": "2026-11-20T10:00:05Z", "revision_number": 4}}"#,
                id = uuid(2, n),
                net = uuid(8, 0),
                server = uuid(1, n),
                hi = n / 250,
                lo = n % 250 + 1,
            )
        });
        let volumes = list("volumes", count, |n| {
            format!(
                r#"{{"id": "{id}", "status": "in-use", "size": 20, "availability_zone": "nova", "created_at": "2026-11-20T10:00:01.000000", "updated_at": "2026-11-20T10:00:06.000000", "name": "", "description": null, "volume_type": "lvmdriver-1", "snapshot_id": null, "source_volid": null, "metadata": {{}}, "links": [{{"rel": "self", "href": "http://cloud/v3/volumes/{id}"}}], "user_id": "{project}", "bootable": "false", "encrypted": false, "replication_status": null, "consistencygroup_id": null, "multiattach": false, "attachments": [{{"id": "{id}", "attachment_id": "{att}", "volume_id": "{id}", "server_id": "{server}", "host_name": null, "device": "/dev/vdb", "attached_at": "2026-11-20T10:00:06.000000"}}]}}"#,
                id = uuid(3, n),
                att = uuid(9, n),
                server = uuid(1, n),
            )
        });
        let floating_ips = list("floatingips", count / 3, |n| {
            format!(
                r#"{{"id": "{id}", "tenant_id": "{project}", "floating_ip_address": "203.0.{hi}.{lo}", "floating_network_id": "{net}", "router_id": "{router}", "port_id": "{port}", "fixed_ip_address": "10.0.0.5", "status": "ACTIVE", "description": "", "dns_domain": "", "dns_name": "", "tags": []}}"#,
                id = uuid(4, n),
                net = uuid(10, 0),
                router = uuid(11, 0),
                port = uuid(2, n * 3),
                hi = n / 250,
                lo = n % 250 + 1,
            )
        });
        let small = vec![
            ("changes-since", r#"{"servers": []}"#.to_owned()),
            (
                "device_owner",
                format!(
                    r#"{{"ports": [{{"id": "x", "device_id": "{}", "fixed_ips": [{{"subnet_id": "{subnet}", "ip_address": "10.0.0.1"}}]}}]}}"#,
                    uuid(11, 0)
                ),
            ),
            (
                "/v2.0/security-groups",
                format!(
                    r#"{{"security_groups": [{{"id": "{group}", "name": "default", "tags": []}}]}}"#
                ),
            ),
            (
                "/v2/images",
                format!(
                    r#"{{"images": [{{"id": "{image}", "name": "debian", "architecture": "x86_64", "status": "active"}}]}}"#
                ),
            ),
            ("/os-server-groups", r#"{"server_groups": []}"#.to_owned()),
        ];
        Self {
            servers,
            ports,
            volumes,
            floating_ips,
            small,
        }
    }

    /// The bodies of all replies.
    pub fn replies(&self) -> impl Iterator<Item = &str> {
        let large = [
            &self.servers,
            &self.ports,
            &self.volumes,
            &self.floating_ips,
        ];
        large
            .into_iter()
            .chain(self.small.iter().map(|(_, body)| body))
            .map(String::as_str)
    }

    /// Hands the body of one reply out.
    pub fn hand_out(&mut self, call: &Call) -> String {
        let asked = |key: &str| call.path == key || call.query.iter().any(|(name, _)| name == key);
        let body = match (
            self.small.iter_mut().find(|(key, _)| asked(key)),
            call.path.as_str(),
        ) {
            (Some((_, body)), _) => body,
            (None, "/servers/detail") => &mut self.servers,
            (None, "/v2.0/ports") => &mut self.ports,
            (None, "/volumes/detail") => &mut self.volumes,
            (None, "/v2.0/floatingips") => &mut self.floating_ips,
            (None, path) => panic!("the benchmark has no reply for {path}"),
        };
        std::mem::take(body)
    }
}
