//! What a new cloud holds.

use indexmap::IndexMap;
use openstack_wire::{Call, Method};
use serde_json::{Value, json};

use crate::{
    block_storage::state::VolumeType,
    cloud::Cloud,
    compute::state::Flavor,
    identity::state::{Ec2Credential, Project, User},
    image::state::Image,
};

/// Id (a UUID is made where it is empty), name, vCPUs, MiB, GiB.
const FLAVORS: &[(&str, &str, u64, u64, u64)] = &[
    ("42", "m1.nano", 1, 192, 1),
    ("84", "m1.micro", 1, 256, 1),
    ("1", "m1.tiny", 1, 512, 1),
    ("2", "m1.small", 1, 2_048, 20),
    ("3", "m1.medium", 2, 4_096, 40),
    ("4", "m1.large", 4, 8_192, 80),
    ("5", "m1.xlarge", 8, 16_384, 160),
    ("", "t2.micro", 1, 1_024, 8),
    ("", "t3.micro", 2, 1_024, 8),
    ("", "t3.small", 2, 2_048, 20),
    ("", "t3.medium", 2, 4_096, 20),
    ("", "m5.large", 2, 8_192, 40),
    ("", "c5.large", 2, 4_096, 40),
];

/// Name, architecture, MiB of data, least disk in GiB, further properties.
type ImageSeed = (
    &'static str,
    &'static str,
    u64,
    u64,
    &'static [(&'static str, &'static str)],
);

const IMAGES: &[ImageSeed] = &[
    (
        "cirros-0.6.2-x86_64",
        "x86_64",
        21,
        0,
        &[("os_distro", "cirros"), ("hw_rng_model", "virtio")],
    ),
    (
        "debian-12-generic-amd64",
        "x86_64",
        350,
        3,
        &[("os_distro", "debian"), ("os_version", "12")],
    ),
    (
        "ubuntu-24.04-server-amd64",
        "x86_64",
        600,
        4,
        &[
            ("os_distro", "ubuntu"),
            ("os_version", "24.04"),
            ("hw_firmware_type", "uefi"),
            ("root_device_name", "/dev/sda"),
        ],
    ),
];

const VOLUME_TYPES: &[(&str, &str)] = &[
    ("lvmdriver-1", "Default"),
    ("gp2", "General purpose"),
    ("gp3", "General purpose, third generation"),
    ("standard", "Magnetic"),
];

impl Cloud {
    pub(crate) fn plant(&mut self) {
        let mut projects = IndexMap::new();
        for name in ["admin", "demo", "alt"] {
            let id = self.ids.hex();
            self.identity.projects.insert(Project {
                id: id.clone(),
                name: name.to_owned(),
                description: String::new(),
            });
            projects.insert(name, id);
        }
        for (name, role) in [("admin", "admin"), ("demo", "member"), ("alt", "member")] {
            let mut roles = std::collections::BTreeMap::new();
            if let Some(project) = projects.get(name) {
                roles.insert(project.clone(), role.to_owned());
            }
            let user = User {
                id: self.ids.hex(),
                name: name.to_owned(),
                password: name.to_owned(),
                roles,
            };
            if let (Some(project), true) = (projects.get(name), role == "member") {
                let (user, project) = (user.id.clone(), project.clone());
                let key = Ec2Credential {
                    access: name.to_owned(),
                    secret: name.to_owned(),
                    user,
                    project,
                };
                self.identity.credentials.insert(name.to_owned(), key);
            }
            self.identity.users.insert(user);
        }
        self.plant_compute();
        self.plant_images(projects.get("admin").map_or("", String::as_str));
        for (name, description) in VOLUME_TYPES {
            let id = self.ids.uuid();
            self.storage.types.insert(VolumeType {
                id,
                name: (*name).to_owned(),
                description: (*description).to_owned(),
            });
        }
        for project in projects.values() {
            self.ensure_default_group(project);
        }
        self.plant_networks();
    }

    fn plant_compute(&mut self) {
        for (id, name, vcpus, ram, disk) in FLAVORS {
            let id = if id.is_empty() {
                self.ids.uuid()
            } else {
                (*id).to_owned()
            };
            self.compute.flavors.insert(Flavor {
                id,
                name: (*name).to_owned(),
                vcpus: *vcpus,
                ram: *ram,
                disk: *disk,
                ephemeral: 0,
                description: None,
                extra_specs: if *name == "m1.nano" {
                    IndexMap::from([("hw_rng:allowed".to_owned(), "True".to_owned())])
                } else {
                    IndexMap::new()
                },
            });
        }
    }

    fn plant_images(&mut self, owner: &str) {
        for (name, architecture, mib, min_disk, properties) in IMAGES {
            let mut all: IndexMap<String, String> = properties
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect();
            all.insert("architecture".to_owned(), (*architecture).to_owned());
            let id = self.ids.uuid();
            self.images.images.insert(Image {
                id,
                owner: owner.to_owned(),
                name: (*name).to_owned(),
                status: "active".to_owned(),
                visibility: "public".to_owned(),
                size: Some(mib << 20),
                disk_format: Some("qcow2".to_owned()),
                container_format: Some("bare".to_owned()),
                min_disk: *min_disk,
                properties: all,
                created: self.now,
                updated: self.now,
                ..Image::default()
            });
        }
    }

    /// The networks are made by the calls that anybody would make them with.
    fn plant_networks(&mut self) {
        let now = self.now;
        let (Some(admin), Some(demo)) = (
            self.issue_token("admin", "admin", now),
            self.issue_token("demo", "demo", now),
        ) else {
            return;
        };
        let public = self.plant_one(
            &admin,
            "networks",
            "network",
            json!({"name": "public", "router:external": true}),
        );
        self.plant_one(&admin, "subnets", "subnet", json!({
            "name": "public-subnet", "network_id": public, "ip_version": 4, "cidr": "203.0.113.0/24", "enable_dhcp": false,
        }));
        let private = self.plant_one(&demo, "networks", "network", json!({"name": "private"}));
        let subnet = self.plant_one(&demo, "subnets", "subnet", json!({
            "name": "private-subnet", "network_id": private, "ip_version": 4, "cidr": "10.0.0.0/24",
        }));
        let router = self.plant_one(
            &demo,
            "routers",
            "router",
            json!({
                "name": "router1", "external_gateway_info": {"network_id": public},
            }),
        );
        let path = format!("/v2.0/routers/{router}/add_router_interface");
        self.plant_call(&demo, Method::Put, &path, json!({"subnet_id": subnet}));
        self.identity.tokens.clear();
    }

    fn plant_one(&mut self, token: &str, path: &str, one: &str, body: Value) -> String {
        let made = self.plant_call(
            token,
            Method::Post,
            &format!("/v2.0/{path}"),
            json!({one: body}),
        );
        made[one]["id"].as_str().unwrap_or("").to_owned()
    }

    fn plant_call(&mut self, token: &str, method: Method, path: &str, body: Value) -> Value {
        let call = Call {
            method,
            service: "network".to_owned(),
            path: path.to_owned(),
            query: Vec::new(),
            microversion: None,
            body: Some(body),
            content_type: None,
            headers: vec![("X-Auth-Token".to_owned(), token.to_owned())],
        };
        let now = self.now;
        let reply = self.handle(&call, now);
        debug_assert!(reply.status < 300, "{path}: {}", reply.body);
        serde_json::from_str(&reply.body).unwrap_or(Value::Null)
    }
}
