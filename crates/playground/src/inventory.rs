//! What is in the in-browser cloud, asked over its own API as any client would.

use openstack_wire::{Call, Method, Reply};
use serde_json::Value;

/// One kind of thing in the cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// What the things are, `Servers`.
    pub title: &'static str,
    /// The things.
    pub items: Vec<Item>,
}

/// One thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Name, or what stands for one.
    pub name: String,
    /// OpenStack id.
    pub id: String,
    /// Status as OpenStack writes it, if it has one.
    pub status: String,
    /// What else is worth a glance.
    pub detail: String,
}

struct Source {
    title: &'static str,
    service: &'static str,
    path: &'static str,
    list: &'static str,
    detail: fn(&Value) -> String,
}

const SOURCES: [Source; 7] = [
    Source {
        title: "Servers",
        service: "compute",
        path: "/servers/detail",
        list: "servers",
        detail: server,
    },
    Source {
        title: "Volumes",
        service: "block-storage",
        path: "/volumes/detail",
        list: "volumes",
        detail: volume,
    },
    Source {
        title: "Snapshots",
        service: "block-storage",
        path: "/snapshots/detail",
        list: "snapshots",
        detail: |v| format!("{} GiB", text(v, "/size")),
    },
    Source {
        title: "Floating IPs",
        service: "network",
        path: "/v2.0/floatingips",
        list: "floatingips",
        detail: address,
    },
    Source {
        title: "Routers",
        service: "network",
        path: "/v2.0/routers",
        list: "routers",
        detail: |_| String::new(),
    },
    Source {
        title: "Networks",
        service: "network",
        path: "/v2.0/networks",
        list: "networks",
        detail: network,
    },
    Source {
        title: "Security groups",
        service: "network",
        path: "/v2.0/security-groups",
        list: "security_groups",
        detail: rules,
    },
];

/// The calls to ask, in the order of [`read`].
pub fn calls() -> Vec<Call> {
    SOURCES
        .iter()
        .map(|source| {
            let mut call = Call::new(Method::Get, source.service, source.path);
            call.microversion = (source.service == "compute").then(|| "2.96".into());
            call
        })
        .collect()
}

/// The replies to [`calls`] as shelves, empty ones too.
pub fn read(replies: &[Reply]) -> Vec<Shelf> {
    SOURCES
        .iter()
        .zip(replies)
        .map(|(source, reply)| {
            let body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
            let list = body.get(source.list).and_then(Value::as_array);
            let items = list
                .into_iter()
                .flatten()
                .map(|thing| item(thing, source.detail))
                .collect();
            Shelf {
                title: source.title,
                items,
            }
        })
        .collect()
}

fn item(thing: &Value, detail: fn(&Value) -> String) -> Item {
    let name = ["/name", "/floating_ip_address"]
        .into_iter()
        .map(|at| text(thing, at))
        .find(|name| !name.is_empty());
    Item {
        name: name.unwrap_or_else(|| "(no name)".into()),
        id: text(thing, "/id"),
        status: text(thing, "/status"),
        detail: detail(thing),
    }
}

fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn server(value: &Value) -> String {
    let addresses = value
        .get("addresses")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|networks| networks.values());
    let addresses: Vec<String> = addresses
        .filter_map(Value::as_array)
        .flatten()
        .map(|address| text(address, "/addr"))
        .collect();
    [text(value, "/flavor/original_name"), addresses.join(" ")]
        .join(" ")
        .trim()
        .to_owned()
}

fn volume(value: &Value) -> String {
    let attached = text(value, "/attachments/0/device");
    format!("{} GiB {attached}", text(value, "/size"))
        .trim()
        .to_owned()
}

fn address(value: &Value) -> String {
    let fixed = text(value, "/fixed_ip_address");
    if fixed.is_empty() {
        "free".into()
    } else {
        format!("to {fixed}")
    }
}

fn network(value: &Value) -> String {
    let external = value
        .get("router:external")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let subnets = value
        .get("subnets")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let subnets = if subnets == 1 {
        "1 subnet".to_owned()
    } else {
        format!("{subnets} subnets")
    };
    if external {
        format!("external, {subnets}")
    } else {
        subnets
    }
}

fn rules(value: &Value) -> String {
    let rules = value
        .get("security_group_rules")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    if rules == 1 {
        "1 rule".into()
    } else {
        format!("{rules} rules")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_has_its_shelf_even_when_the_service_failed() {
        let replies: Vec<Reply> = calls()
            .iter()
            .map(|call| match call.path.as_str() {
                "/servers/detail" => Reply {
                    status: 200,
                    headers: vec![],
                    body: r#"{"servers":[{"id":"s1","name":"web","status":"ACTIVE","flavor":{"original_name":"m1.small"},"addresses":{"private":[{"addr":"10.0.0.5"}]}}]}"#.into(),
                },
                "/v2.0/floatingips" => Reply {
                    status: 200,
                    headers: vec![],
                    body: r#"{"floatingips":[{"id":"f1","floating_ip_address":"203.0.113.9","status":"DOWN","fixed_ip_address":null}]}"#.into(),
                },
                _ => Reply { status: 503, headers: vec![], body: "<html>".into() },
            })
            .collect();
        let shelves = read(&replies);
        assert_eq!(shelves.len(), SOURCES.len());
        let server = &shelves[0].items[0];
        assert_eq!(
            (
                server.name.as_str(),
                server.status.as_str(),
                server.detail.as_str()
            ),
            ("web", "ACTIVE", "m1.small 10.0.0.5")
        );
        assert_eq!(shelves[3].items[0].name, "203.0.113.9");
        assert_eq!(shelves[3].items[0].detail, "free");
        assert!(shelves[1].items.is_empty());
    }
}
