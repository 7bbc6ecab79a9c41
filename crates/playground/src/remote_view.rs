//! The picture of a cloud as it comes from the second program. It is read by hand: derived readers would weigh more than
//! all that they read.

use serde_json::Value;
use simcloud::{
    FloatingIpView, NetworkView, PortView, RouterView, SecurityGroupView, ServerView, SubnetView,
    View, VolumeView,
};

/// Reads what `serde_json` wrote of a view.
pub fn read(written: &str) -> View {
    let view: Value = serde_json::from_str(written).unwrap_or_default();
    let all = |name: &str| list(&view, name).iter();
    View {
        networks: all("networks")
            .map(|one| NetworkView {
                id: word(one, "id"),
                name: word(one, "name"),
                project: word(one, "project"),
                external: flag(one, "external"),
                shared: flag(one, "shared"),
            })
            .collect(),
        subnets: all("subnets")
            .map(|one| SubnetView {
                id: word(one, "id"),
                name: word(one, "name"),
                network: word(one, "network"),
                cidr: word(one, "cidr"),
            })
            .collect(),
        routers: all("routers")
            .map(|one| RouterView {
                id: word(one, "id"),
                name: word(one, "name"),
                project: word(one, "project"),
                gateway: perhaps(one, "gateway"),
                subnets: words(one, "subnets"),
            })
            .collect(),
        ports: all("ports")
            .map(|one| PortView {
                id: word(one, "id"),
                name: word(one, "name"),
                network: word(one, "network"),
                device: word(one, "device"),
                owner: word(one, "owner"),
                addresses: list(one, "addresses")
                    .iter()
                    .map(|pair| (text(pair.get(0)), text(pair.get(1))))
                    .collect(),
                security_groups: words(one, "security_groups"),
            })
            .collect(),
        security_groups: all("security_groups")
            .map(|one| SecurityGroupView {
                id: word(one, "id"),
                name: word(one, "name"),
                project: word(one, "project"),
            })
            .collect(),
        servers: all("servers")
            .map(|one| ServerView {
                id: word(one, "id"),
                name: word(one, "name"),
                project: word(one, "project"),
                status: word(one, "status"),
                flavor: word(one, "flavor"),
                ports: words(one, "ports"),
                volumes: words(one, "volumes"),
            })
            .collect(),
        volumes: all("volumes")
            .map(|one| VolumeView {
                id: word(one, "id"),
                name: word(one, "name"),
                project: word(one, "project"),
                status: word(one, "status"),
                size: one.get("size").and_then(Value::as_u64).unwrap_or_default(),
                server: perhaps(one, "server"),
            })
            .collect(),
        floating_ips: all("floating_ips")
            .map(|one| FloatingIpView {
                id: word(one, "id"),
                address: word(one, "address"),
                project: word(one, "project"),
                port: perhaps(one, "port"),
            })
            .collect(),
    }
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    match value.get(name) {
        Some(Value::Array(entries)) => entries,
        _ => &[],
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn word(value: &Value, name: &str) -> String {
    text(value.get(name))
}

fn words(value: &Value, name: &str) -> Vec<String> {
    list(value, name)
        .iter()
        .map(|entry| text(Some(entry)))
        .collect()
}

fn perhaps(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use translator::Engine;

    use super::*;
    use crate::session::Session;

    #[test]
    fn a_view_comes_over_as_it_is() {
        let engine = Rc::new(Engine::new(rules::Rules::built_in().clone()));
        let now = 1_795_000_000_000;
        let session = Session::new(engine, now);
        let (session, _) = session.send(
            "Action=AllocateAddress&Version=2016-11-15",
            None,
            now + 1_000,
            None,
        );
        let (view, _) = session.look(now + 2_000);
        assert!(
            !view.servers.is_empty() && !view.floating_ips.is_empty() && !view.volumes.is_empty()
        );
        assert!(view.routers.iter().any(|router| router.gateway.is_some()));
        let written = serde_json::to_string(&view).expect("a view is plain data");
        assert_eq!(read(&written), view);
        assert_eq!(read("nothing"), View::default());
    }
}
