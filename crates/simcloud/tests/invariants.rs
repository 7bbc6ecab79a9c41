//! Whatever is asked in whatever order: no panic, and the parts of the cloud agree with each other.

use std::collections::BTreeSet;

use openstack_wire::{Call, Method};
use proptest::prelude::*;
use serde_json::{Value, json};
use simcloud::{Cloud, View};

const START: i64 = 1_795_341_600_000;

/// One step: what is done, with which of the things that there are, and how much time passes before.
#[derive(Clone, Debug)]
struct Step {
    kind: u8,
    a: usize,
    b: usize,
    wait: i64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (
        0_u8..32,
        any::<usize>(),
        any::<usize>(),
        prop_oneof![Just(0), Just(300), Just(900), Just(4_000)],
    );
    prop::collection::vec(
        step.prop_map(|(kind, a, b, wait)| Step { kind, a, b, wait }),
        1..60,
    )
}

fn call(method: Method, service: &str, path: String, body: Value, token: &str) -> Call {
    let version = match service {
        "compute" => Some("2.96".to_owned()),
        "block-storage" => Some("3.59".to_owned()),
        _ => None,
    };
    Call {
        method,
        service: service.to_owned(),
        path,
        query: Vec::new(),
        microversion: version,
        body: if body.is_null() { None } else { Some(body) },
        content_type: None,
        headers: vec![("X-Auth-Token".to_owned(), token.to_owned())],
    }
}

fn pick<T>(list: &[T], n: usize, id: impl Fn(&T) -> &str) -> String {
    if list.is_empty() {
        "11111111-1111-4111-8111-111111111111".to_owned()
    } else {
        id(&list[n % list.len()]).to_owned()
    }
}

fn request(step: &Step, view: &View, image: &str, token: &str) -> Call {
    let server = pick(&view.servers, step.a, |one| &one.id);
    let volume = pick(&view.volumes, step.b, |one| &one.id);
    let port = pick(&view.ports, step.a, |one| &one.id);
    let network = pick(&view.networks, step.b, |one| &one.id);
    let subnet = pick(&view.subnets, step.b, |one| &one.id);
    let router = pick(&view.routers, step.a, |one| &one.id);
    let floating = pick(&view.floating_ips, step.b, |one| &one.id);
    let group = pick(&view.security_groups, step.b, |one| &one.id);
    let action = |body: Value| {
        call(
            Method::Post,
            "compute",
            format!("/servers/{server}/action"),
            body,
            token,
        )
    };
    let net = |method: Method, path: String, body: Value| {
        call(method, "network", format!("/v2.0/{path}"), body, token)
    };
    let launch = |body: Value| {
        call(
            Method::Post,
            "compute",
            "/servers".to_owned(),
            json!({"server": body}),
            token,
        )
    };
    match step.kind {
        0 => launch(
            json!({"name": "a", "imageRef": image, "flavorRef": "42", "networks": [{"uuid": network}]}),
        ),
        1 => launch(
            json!({"name": "a", "imageRef": image, "flavorRef": "42", "networks": [{"port": port}]}),
        ),
        2 => launch(
            json!({"name": "a", "imageRef": image, "flavorRef": "42", "networks": "auto", "block_device_mapping_v2": [
                {"boot_index": 0, "source_type": "image", "uuid": image, "destination_type": "volume", "volume_size": 1, "delete_on_termination": step.b.is_multiple_of(2)},
            ]}),
        ),
        3 => launch(
            json!({"name": "a", "imageRef": image, "flavorRef": "42", "networks": "none", "block_device_mapping_v2": [
                {"boot_index": 0, "source_type": "image", "uuid": image, "destination_type": "local"},
                {"boot_index": -1, "source_type": "volume", "uuid": volume, "destination_type": "volume"},
            ]}),
        ),
        4 | 5 => call(
            Method::Delete,
            "compute",
            format!("/servers/{server}"),
            Value::Null,
            token,
        ),
        6 => action(json!({"os-stop": null})),
        7 => action(json!({"os-start": null})),
        8 => action(json!({"createImage": {"name": "i"}})),
        9 => action(json!({"resize": {"flavorRef": "1"}})),
        10 => action(json!({"confirmResize": null})),
        11 => call(
            Method::Post,
            "block-storage",
            "/volumes".to_owned(),
            json!({"volume": {"size": 1}}),
            token,
        ),
        12 | 13 => {
            let body = json!({"volumeAttachment": {"volumeId": volume}});
            call(
                Method::Post,
                "compute",
                format!("/servers/{server}/os-volume_attachments"),
                body,
                token,
            )
        }
        14 => call(
            Method::Delete,
            "compute",
            format!("/servers/{server}/os-volume_attachments/{volume}"),
            Value::Null,
            token,
        ),
        15 => call(
            Method::Delete,
            "block-storage",
            format!("/volumes/{volume}"),
            Value::Null,
            token,
        ),
        16 => net(
            Method::Post,
            "networks".into(),
            json!({"network": {"name": "n"}}),
        ),
        17 => net(
            Method::Post,
            "subnets".into(),
            json!({"subnet": {"network_id": network, "ip_version": 4, "cidr": format!("10.{}.0.0/29", step.a % 200)}}),
        ),
        18 => net(
            Method::Post,
            "ports".into(),
            json!({"port": {"network_id": network, "security_groups": [group]}}),
        ),
        19 => net(Method::Delete, format!("ports/{port}"), Value::Null),
        20 => net(
            Method::Post,
            "routers".into(),
            json!({"router": {"name": "r"}}),
        ),
        21 => net(
            Method::Put,
            format!("routers/{router}/add_router_interface"),
            json!({"subnet_id": subnet}),
        ),
        22 => net(
            Method::Put,
            format!("routers/{router}/remove_router_interface"),
            json!({"subnet_id": subnet}),
        ),
        23 => net(
            Method::Put,
            format!("routers/{router}"),
            json!({"router": {"external_gateway_info": {"network_id": network}}}),
        ),
        24 => net(
            Method::Put,
            format!("routers/{router}"),
            json!({"router": {"external_gateway_info": null}}),
        ),
        25 => net(
            Method::Post,
            "floatingips".into(),
            json!({"floatingip": {"floating_network_id": network}}),
        ),
        26 => net(
            Method::Put,
            format!("floatingips/{floating}"),
            json!({"floatingip": {"port_id": port}}),
        ),
        27 => net(
            Method::Delete,
            format!("floatingips/{floating}"),
            Value::Null,
        ),
        28 => net(
            Method::Put,
            format!("ports/{port}"),
            json!({"port": {"fixed_ips": [{"subnet_id": subnet}]}}),
        ),
        29 => net(Method::Delete, format!("networks/{network}"), Value::Null),
        30 => net(Method::Delete, format!("routers/{router}"), Value::Null),
        _ => call(
            Method::Post,
            "compute",
            format!("/servers/{server}/os-interface"),
            json!({"interfaceAttachment": {"net_id": network}}),
            token,
        ),
    }
}

fn check(view: &View) -> Result<(), TestCaseError> {
    let servers: BTreeSet<&str> = view.servers.iter().map(|one| one.id.as_str()).collect();
    let ports: BTreeSet<&str> = view.ports.iter().map(|one| one.id.as_str()).collect();
    let routers: BTreeSet<&str> = view.routers.iter().map(|one| one.id.as_str()).collect();
    let networks: BTreeSet<&str> = view.networks.iter().map(|one| one.id.as_str()).collect();
    let subnets: BTreeSet<&str> = view.subnets.iter().map(|one| one.id.as_str()).collect();
    let mut addresses = BTreeSet::new();
    for port in &view.ports {
        prop_assert!(
            networks.contains(port.network.as_str()),
            "port without network: {port:?}"
        );
        let dangling = match port.owner.as_str() {
            "compute:nova" => !servers.contains(port.device.as_str()),
            owner if owner.starts_with("network:router") => !routers.contains(port.device.as_str()),
            _ => false,
        };
        prop_assert!(!dangling, "port of nobody: {port:?}");
        for (subnet, address) in &port.addresses {
            prop_assert!(
                subnets.contains(subnet.as_str()),
                "address of no subnet: {port:?}"
            );
            prop_assert!(
                addresses.insert((subnet, address)),
                "{address} is given twice"
            );
        }
    }
    for server in &view.servers {
        prop_assert!(
            server
                .ports
                .iter()
                .all(|port| ports.contains(port.as_str())),
            "server with a lost port: {server:?}"
        );
    }
    for volume in &view.volumes {
        match volume.status.as_str() {
            "in-use" => prop_assert!(volume.server.is_some(), "in use by nobody: {volume:?}"),
            "available" => prop_assert!(
                volume.server.is_none(),
                "available and attached: {volume:?}"
            ),
            _ => {}
        }
        if let Some(server) = &volume.server {
            prop_assert!(
                servers.contains(server.as_str()),
                "volume of a lost server: {volume:?}"
            );
        }
    }
    for floating in &view.floating_ips {
        if let Some(port) = &floating.port {
            prop_assert!(
                ports.contains(port.as_str()),
                "floating IP of a lost port: {floating:?}"
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_agree_after_any_calls(steps in steps(), seed in any::<u64>()) {
        let mut cloud = Cloud::new(seed, START);
        let mut now = START;
        let token = cloud.issue_token("demo", "demo", now).expect("the demo user exists");
        let listed = cloud.handle(&call(Method::Get, "image", "/v2/images".into(), Value::Null, &token), now);
        let listed: Value = serde_json::from_str(&listed.body).expect("a list of images");
        let image = listed["images"][2]["id"].as_str().expect("an image").to_owned();
        for step in &steps {
            now += step.wait;
            let call = request(step, &cloud.view(), &image, &token);
            let reply = cloud.handle(&call, now);
            prop_assert!((200..500).contains(&reply.status), "{:?} gave {}", call, reply.status);
            check(&cloud.view())?;
        }
        let kept = serde_json::to_string(&cloud).expect("a cloud can be kept");
        let mut again: Cloud = serde_json::from_str(&kept).expect("and comes back");
        again.settle(now + 60_000);
        cloud.settle(now + 60_000);
        prop_assert_eq!(again.view(), cloud.view());
        check(&cloud.view())?;
    }

    #[test]
    fn no_path_and_no_body_makes_it_panic(
        service in prop_oneof!["compute", "network", "block-storage", "image", "identity"],
        method in prop_oneof![Just(Method::Get), Just(Method::Post), Just(Method::Put), Just(Method::Patch), Just(Method::Delete)],
        path in "(/(servers|v2.0|v2|images|ports|routers|volumes|os-keypairs|action|tags|metadata|detail|users|[a-z%0-9]{0,4})){0,4}",
        body in prop_oneof![Just(Value::Null), Just(json!([])), Just(json!({})), Just(json!({"server": []})), Just(json!({"port": {"network_id": 3}})), Just(json!({"volume": {"size": -1}}))],
    ) {
        let mut cloud = Cloud::new(1, START);
        let token = cloud.issue_token("demo", "demo", START).expect("the demo user exists");
        let reply = cloud.handle(&call(method, &service, path, body, &token), START);
        prop_assert!((200..500).contains(&reply.status));
    }
}
