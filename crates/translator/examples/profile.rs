#![allow(missing_docs)]
use openstack_wire::{Call, Reply};
use std::fmt::Write as _;
use translator::{Context, Engine, Step, Tracing, Translation};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let n: usize = args[2].parse().unwrap();
    let rounds: usize = args[3].parse().unwrap();
    let tracing = if args[1] == "on" {
        Tracing::On
    } else {
        Tracing::Off
    };
    let engine = Engine::new(rules::Rules::built_in().clone());
    let cloud = Cloud::new(n);
    if let Some(path) = args.get(4) {
        std::fs::write(format!("{path}.xml"), run(&engine, &cloud, Tracing::Off).0).unwrap();
        let (xml, trace) = run(&engine, &cloud, Tracing::On);
        std::fs::write(format!("{path}.on.xml"), xml).unwrap();
        std::fs::write(format!("{path}.json"), trace).unwrap();
        return;
    }
    if args[1] == "floor" {
        let action = ec2_model::action("DescribeInstances").unwrap();
        let xml = run(&engine, &cloud, Tracing::Off).0;
        let tree = ec2_wire::decode_response(action, &xml).unwrap();
        for _ in 0..rounds {
            let s = std::time::Instant::now();
            for reply in cloud.replies() {
                std::hint::black_box(serde_json::from_str::<serde_json::Value>(reply).unwrap());
            }
            std::hint::black_box(ec2_wire::encode_response(action, "req", &tree));
            eprintln!("{:?}", s.elapsed());
        }
        return;
    }
    for _ in 0..rounds {
        let s = std::time::Instant::now();
        std::hint::black_box(bare(&engine, &cloud, tracing));
        eprintln!("{:?}", s.elapsed());
    }
}

fn bare(engine: &Engine, cloud: &Cloud, tracing: Tracing) -> String {
    let request = ec2_wire::decode_query("Action=DescribeInstances")
        .strict()
        .expect("a sound request");
    let context = Context {
        project_id: "p".repeat(32),
        now: 1_795_341_600_000,
        ..Context::default()
    };
    let mut translation = Translation::new(engine, request, context, tracing);
    loop {
        match translation.poll() {
            Step::Calls(calls) => {
                for (id, call) in calls {
                    translation.reply(id, cloud.reply(&call));
                }
            }
            Step::Wait { .. } => {}
            Step::Done(outcome) => {
                assert_eq!(outcome.status, 200, "{}", outcome.xml);
                return outcome.xml;
            }
        }
    }
}

fn run(engine: &Engine, cloud: &Cloud, tracing: Tracing) -> (String, String) {
    let request = ec2_wire::decode_query("Action=DescribeInstances")
        .strict()
        .expect("a sound request");
    let context = Context {
        project_id: "p".repeat(32),
        now: 1_795_341_600_000,
        ..Context::default()
    };
    let mut translation = Translation::new(engine, request, context, tracing);
    loop {
        match translation.poll() {
            Step::Calls(calls) => {
                for (id, call) in calls {
                    translation.reply(id, cloud.reply(&call));
                }
            }
            Step::Wait { .. } => {}
            Step::Done(outcome) => {
                assert_eq!(outcome.status, 200, "{}", outcome.xml);
                return (
                    outcome.xml,
                    serde_json::to_string(&translation.trace()).unwrap(),
                );
            }
        }
    }
}

/// Replies of a project with so many servers, each with a port, a volume and, every third, a floating IP.
struct Cloud {
    servers: String,
    ports: String,
    volumes: String,
    floating_ips: String,
    small: Vec<(&'static str, String)>,
}

fn uuid(kind: u32, n: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{n:012x}")
}

fn list(name: &str, count: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = format!("{{\"{name}\": [");
    for n in 0..count {
        let _ = write!(text, "{}{}", if n > 0 { ", " } else { "" }, item(n));
    }
    text.push_str("]}");
    text
}

impl Cloud {
    fn new(count: usize) -> Self {
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

    fn replies(&self) -> impl Iterator<Item = &str> {
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

    fn reply(&self, call: &Call) -> Reply {
        let asked = |key: &str| call.path == key || call.query.iter().any(|(name, _)| name == key);
        let body = match (
            self.small.iter().find(|(key, _)| asked(key)),
            call.path.as_str(),
        ) {
            (Some((_, body)), _) => body,
            (None, "/servers/detail") => &self.servers,
            (None, "/v2.0/ports") => &self.ports,
            (None, "/volumes/detail") => &self.volumes,
            (None, "/v2.0/floatingips") => &self.floating_ips,
            (None, path) => panic!("the benchmark has no reply for {path}"),
        };
        Reply {
            status: 200,
            headers: Vec::new(),
            body: body.clone(),
        }
    }
}
