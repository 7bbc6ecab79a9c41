//! What a drawing of the cloud needs.

use serde::Serialize;

use crate::{cloud::Cloud, network::state::Object};

/// A network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NetworkView {
    /// UUID.
    pub id: String,
    /// Display name, may be empty.
    pub name: String,
    /// Id of the owning project.
    pub project: String,
    /// Whether it leads outside.
    pub external: bool,
    /// Whether every project may use it.
    pub shared: bool,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SubnetView {
    /// UUID.
    pub id: String,
    /// Display name, may be empty.
    pub name: String,
    /// Id of its network.
    pub network: String,
    /// Prefix, as in `10.0.0.0/24`.
    pub cidr: String,
}

/// A router.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouterView {
    /// UUID.
    pub id: String,
    /// Display name, may be empty.
    pub name: String,
    /// Id of the owning project.
    pub project: String,
    /// Id of the external network that its gateway is in.
    pub gateway: Option<String>,
    /// Ids of the subnets it has an interface in.
    pub subnets: Vec<String>,
}

/// A port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PortView {
    /// UUID.
    pub id: String,
    /// Display name, may be empty.
    pub name: String,
    /// Id of its network.
    pub network: String,
    /// Id of the server or router it belongs to, or empty.
    pub device: String,
    /// What kind of thing that is, as in `compute:nova`, or empty.
    pub owner: String,
    /// Subnet id and address of each fixed IP.
    pub addresses: Vec<(String, String)>,
    /// Ids of its security groups.
    pub security_groups: Vec<String>,
}

/// A security group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecurityGroupView {
    /// UUID.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Id of the owning project.
    pub project: String,
}

/// A server; deleted ones are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServerView {
    /// UUID.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Id of the owning project.
    pub project: String,
    /// The API's status word, as in `ACTIVE`.
    pub status: String,
    /// Name of its flavor.
    pub flavor: String,
    /// Ids of its ports.
    pub ports: Vec<String>,
    /// Ids of its volumes.
    pub volumes: Vec<String>,
}

/// A volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VolumeView {
    /// UUID.
    pub id: String,
    /// Display name, may be empty.
    pub name: String,
    /// Id of the owning project.
    pub project: String,
    /// The API's status word, as in `available`.
    pub status: String,
    /// GiB.
    pub size: u64,
    /// Id of the server it is attached to.
    pub server: Option<String>,
}

/// A floating IP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FloatingIpView {
    /// UUID.
    pub id: String,
    /// The public address.
    pub address: String,
    /// Id of the owning project.
    pub project: String,
    /// Id of the port it leads to.
    pub port: Option<String>,
}

/// The whole cloud, with ids as links, each list in order of creation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct View {
    /// Networks of every project.
    pub networks: Vec<NetworkView>,
    /// Subnets.
    pub subnets: Vec<SubnetView>,
    /// Routers.
    pub routers: Vec<RouterView>,
    /// Ports, those of routers and floating IPs too.
    pub ports: Vec<PortView>,
    /// Security groups.
    pub security_groups: Vec<SecurityGroupView>,
    /// Servers.
    pub servers: Vec<ServerView>,
    /// Volumes.
    pub volumes: Vec<VolumeView>,
    /// Floating IPs.
    pub floating_ips: Vec<FloatingIpView>,
}

impl Cloud {
    /// What there is, as of the last call, for a drawing. Nothing is changed.
    pub fn view(&self) -> View {
        let text = |object: &Object, key: &str| object.text(key).to_owned();
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut interfaces: std::collections::BTreeMap<&str, Vec<String>> =
            std::collections::BTreeMap::new();
        for port in self
            .network
            .all("ports")
            .filter(|port| port.text("device_owner") == "network:router_interface")
        {
            interfaces
                .entry(port.text("device_id"))
                .or_default()
                .extend(port.fixed_ips().into_iter().map(|(subnet, _)| subnet));
        }
        View {
            networks: self
                .network
                .all("networks")
                .map(|one| NetworkView {
                    id: one.id.clone(),
                    name: text(one, "name"),
                    project: one.project.clone(),
                    external: one.flag("router:external"),
                    shared: one.flag("shared"),
                })
                .collect(),
            subnets: self
                .network
                .all("subnets")
                .map(|one| SubnetView {
                    id: one.id.clone(),
                    name: text(one, "name"),
                    network: text(one, "network_id"),
                    cidr: text(one, "cidr"),
                })
                .collect(),
            routers: self
                .network
                .all("routers")
                .map(|one| RouterView {
                    id: one.id.clone(),
                    name: text(one, "name"),
                    project: one.project.clone(),
                    gateway: one
                        .body
                        .get("external_gateway_info")
                        .and_then(|info| info.get("network_id")?.as_str())
                        .map(str::to_owned),
                    subnets: interfaces.get(one.id.as_str()).cloned().unwrap_or_default(),
                })
                .collect(),
            ports: self
                .network
                .all("ports")
                .map(|one| PortView {
                    id: one.id.clone(),
                    name: text(one, "name"),
                    network: text(one, "network_id"),
                    device: text(one, "device_id"),
                    owner: text(one, "device_owner"),
                    addresses: one.fixed_ips(),
                    security_groups: one.texts("security_groups"),
                })
                .collect(),
            security_groups: self
                .network
                .all("security_groups")
                .map(|one| SecurityGroupView {
                    id: one.id.clone(),
                    name: text(one, "name"),
                    project: one.project.clone(),
                })
                .collect(),
            servers: self
                .compute
                .servers
                .iter()
                .filter(|server| !server.deleted())
                .map(|server| ServerView {
                    id: server.id.clone(),
                    name: server.name.clone(),
                    project: server.project.clone(),
                    status: server.status().to_owned(),
                    flavor: self
                        .compute
                        .flavors
                        .get(&server.flavor)
                        .map(|flavor| flavor.name.clone())
                        .unwrap_or_default(),
                    ports: server.ports.iter().map(|port| port.id.clone()).collect(),
                    volumes: server
                        .volumes
                        .iter()
                        .map(|volume| volume.volume.clone())
                        .collect(),
                })
                .collect(),
            volumes: self
                .storage
                .volumes
                .iter()
                .map(|volume| VolumeView {
                    id: volume.id.clone(),
                    name: volume.name.clone().unwrap_or_default(),
                    project: volume.project.clone(),
                    status: volume.status.clone(),
                    size: volume.size,
                    server: volume.attachments.first().map(|one| one.server.clone()),
                })
                .collect(),
            floating_ips: self
                .network
                .all("floatingips")
                .map(|one| FloatingIpView {
                    id: one.id.clone(),
                    address: text(one, "floating_ip_address"),
                    project: one.project.clone(),
                    port: some(one.text("port_id")),
                })
                .collect(),
        }
    }
}
