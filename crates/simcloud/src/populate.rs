//! Many servers at once, for measurements.

use serde_json::json;

use crate::{
    clock::Millis,
    cloud::{Cloud, ZONE},
    compute::state::{Server, ServerPort},
    network::ports::PortSpec,
};

impl Cloud {
    /// Adds so many running servers to the project `demo`, each with a port in a network of its own size and two pairs of metadata.
    ///
    /// Quotas are not asked. Time and memory grow with the number, no faster.
    pub fn populate(&mut self, servers: usize) {
        let Some(project) = self.project_id("demo").map(str::to_owned) else {
            return;
        };
        let user = self
            .identity
            .user_named("demo")
            .map(|user| user.id.clone())
            .unwrap_or_default();
        let image = self
            .images
            .images
            .iter()
            .next()
            .map(|image| image.id.clone())
            .unwrap_or_default();
        let flavor = self
            .compute
            .flavors
            .iter()
            .next()
            .map(|flavor| flavor.id.clone())
            .unwrap_or_default();
        let network = self.big_network(&project);
        let group = self.ensure_default_group(&project);
        let at: Millis = self.now;
        for n in 0..servers {
            let id = self.ids.uuid();
            let port = self.make_port(PortSpec {
                network: &network,
                project: &project,
                owner: "compute:nova",
                device: &id,
                fixed_ips: None,
                security_groups: Some(vec![group.clone()]),
            });
            let reservation = format!("r-{}", self.ids.word(8));
            self.compute.servers.insert(Server {
                id,
                project: project.clone(),
                user: user.clone(),
                name: format!("server-{n}"),
                description: None,
                hostname: format!("server-{n}"),
                vm_state: "active".to_owned(),
                task_state: None,
                created: at,
                updated: at,
                launched: Some(at),
                terminated: None,
                image: image.clone(),
                flavor: flavor.clone(),
                old_flavor: None,
                old_state: None,
                key_name: None,
                metadata: [
                    ("number".to_owned(), n.to_string()),
                    ("role".to_owned(), "load".to_owned()),
                ]
                .into_iter()
                .collect(),
                tags: Vec::new(),
                reservation,
                launch_index: 0,
                zone: ZONE.to_owned(),
                pinned_zone: None,
                security_groups: Vec::new(),
                ports: port
                    .into_iter()
                    .map(|id| ServerPort { id, made: true })
                    .collect(),
                volumes: Vec::new(),
                planned_ports: Vec::new(),
                planned_volumes: Vec::new(),
                user_data: None,
                locked: None,
                group: None,
                config_drive: false,
                access_v4: String::new(),
                access_v6: String::new(),
                disk_config: "MANUAL".to_owned(),
                root_device: "/dev/vda".to_owned(),
                fault: None,
                actions: Vec::new(),
            });
        }
    }

    fn big_network(&mut self, project: &str) -> String {
        let known = self
            .network
            .all("networks")
            .find(|net| net.project == project && net.text("name") == "many");
        if let Some(known) = known {
            return known.id.clone();
        }
        let mut body = crate::network::defaults("networks");
        let id = self.stamp(&mut body, project);
        let subnet_id = self.ids.uuid();
        body.insert("name".to_owned(), json!("many"));
        body.insert("subnets".to_owned(), json!([subnet_id]));
        self.network
            .table("networks")
            .insert(crate::network::state::Object {
                id: id.clone(),
                project: project.to_owned(),
                body,
            });
        let mut body = crate::network::defaults("subnets");
        self.stamp(&mut body, project);
        for (key, value) in [
            ("id", json!(subnet_id)),
            ("name", json!("many-subnet")),
            ("network_id", json!(id)),
            ("ip_version", json!(4)),
            ("cidr", json!("172.16.0.0/12")),
            ("gateway_ip", json!("172.16.0.1")),
            (
                "allocation_pools",
                json!([{"start": "172.16.0.2", "end": "172.31.255.254"}]),
            ),
        ] {
            body.insert(key.to_owned(), value);
        }
        self.network
            .table("subnets")
            .insert(crate::network::state::Object {
                id: subnet_id,
                project: project.to_owned(),
                body,
            });
        id
    }
}
