//! Where the services are.

use serde_json::{Value, json};

use crate::{
    cloud::{Cloud, REGION},
    fault::Service,
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
        let entry = |(kind, name, id): &(&str, &str, &str)| {
            let service = Service::named(kind)?;
            let url = self.endpoint(service, project);
            let endpoints: Vec<Value> = ["public", "internal", "admin"]
                .iter()
                .map(|interface| {
                    let endpoint = format!("{}{}", &id[..31], interface.len() % 10);
                    json!({"id": endpoint, "interface": interface, "region": REGION, "region_id": REGION, "url": url})
                })
                .collect();
            Some(json!({"id": id, "type": kind, "name": name, "endpoints": endpoints}))
        };
        Value::Array(SERVICES.iter().filter_map(entry).collect())
    }
}
