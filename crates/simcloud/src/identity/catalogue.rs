//! Where the services are.

use serde_json::{Value, json};

use crate::{
    cloud::{Cloud, REGION},
    fault::Service,
    request::Request,
};

/// Type, name and fixed id of each service.
const SERVICES: &[(&str, &str, &str)] = &[
    ("identity", "keystone", "5e0c0000000000000000000000000001"),
    ("compute", "nova", "5e0c0000000000000000000000000002"),
    ("network", "neutron", "5e0c0000000000000000000000000003"),
    (
        "block-storage",
        "cinder",
        "5e0c0000000000000000000000000004",
    ),
    ("volumev3", "cinderv3", "5e0c0000000000000000000000000005"),
    ("image", "glance", "5e0c0000000000000000000000000006"),
];

impl Cloud {
    /// The address of a service's endpoint, as the catalogue has it.
    pub(crate) fn endpoint(&self, service: Service, project: &str) -> String {
        let base = &self.base_url;
        match service {
            Service::Identity => format!("{base}/identity/v3"),
            Service::Compute => format!("{base}/compute/v2.1"),
            Service::Network => format!("{base}/network"),
            Service::BlockStorage => format!("{base}/block-storage/v3/{project}"),
            Service::Image => format!("{base}/image"),
        }
    }

    pub(super) fn catalogue(&self, project: &str) -> Value {
        let entry = |row: &(&str, &str, &str)| {
            let url = self.endpoint(Service::named(row.0)?, project);
            let endpoints: Vec<Value> = INTERFACES
                .iter()
                .map(|interface| {
                    json!({"id": endpoint_id(row.2, interface), "interface": interface, "region_id": REGION, "url": url, "region": REGION})
                })
                .collect();
            Some(json!({"endpoints": endpoints, "id": row.2, "type": row.0, "name": row.1}))
        };
        Value::Array(SERVICES.iter().filter_map(entry).collect())
    }

    /// Every endpoint, as an administrator lists them: a project's place is a blank there.
    pub(super) fn endpoints(&self, request: &Request) -> Vec<Value> {
        let mut rows = Vec::new();
        for (kind, _, service) in SERVICES {
            let Some(of) = Service::named(kind) else {
                continue;
            };
            for interface in INTERFACES {
                let id = endpoint_id(service, interface);
                rows.push(json!({
                    "id": id,
                    "interface": interface,
                    "region_id": REGION,
                    "service_id": service,
                    "url": self.endpoint(of, "$(project_id)s"),
                    "enabled": true,
                    "region": REGION,
                    "links": {"self": format!("{}/endpoints/{id}", request.endpoint)},
                }));
            }
        }
        rows
    }
}

const INTERFACES: [&str; 3] = ["public", "internal", "admin"];

fn endpoint_id(service: &str, interface: &str) -> String {
    let stem: String = service.chars().take(31).collect();
    format!("{stem}{}", interface.len() % 10)
}

/// Every service, as an administrator lists them.
pub(super) fn services(request: &Request) -> Vec<Value> {
    SERVICES
        .iter()
        .map(|(kind, name, id)| {
            json!({
                "name": name,
                "id": id,
                "type": kind,
                "enabled": true,
                "links": {"self": format!("{}/services/{id}", request.endpoint)},
            })
        })
        .collect()
}
