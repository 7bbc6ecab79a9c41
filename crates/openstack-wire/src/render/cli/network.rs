//! Commands of the network service.

use serde_json::{Map, Value};

use super::builder::{Ask, Command, Say, asks_nothing, joined, only_id, scalar, wrapped};
use super::network_tables::{RESOURCES, Resource};
use crate::{Call, Method};

pub(super) fn commands(call: &Call, path: &[&str]) -> Option<Vec<Command>> {
    if call.method != Method::Get && !call.query.is_empty() {
        return None;
    }
    if path.first() == Some(&"security-group-rules") {
        return rules(call, path);
    }
    let Some(resource) = RESOURCES
        .iter()
        .find(|resource| path.first() == Some(&resource.collection))
    else {
        return other(call, path).map(|command| vec![command]);
    };
    let command = |verb: &str| Command::new(&format!("{} {verb}", resource.words));
    Some(vec![match (call.method, path) {
        (Method::Get, [_]) => match only_id(call) {
            Some(id) => command("show").positional(id),
            None => list(call, resource),
        },
        (Method::Post, [_]) => create(resource, wrapped(call, resource.member)?)?,
        (Method::Get, [_, id]) if call.query.iter().all(|(key, _)| key == "fields") => {
            command("show").positional(id)
        }
        (Method::Delete, [_, id]) => command("delete").positional(id),
        (Method::Put, [_, id]) => change(resource, id, wrapped(call, resource.member)?)?,
        (Method::Get, [_, id, "tags"]) => command("show").option("-c", "tags").positional(id),
        (Method::Put, [_, id, "tags"]) => {
            tags(call, command("set").flag("--no-tag"))?.positional(id)
        }
        (Method::Post, [_, id, "tags"]) => tags(call, command("set"))?.positional(id),
        (Method::Delete, [_, id, "tags"]) => command("unset").flag("--all-tag").positional(id),
        (Method::Put, [_, id, "tags", tag]) => command("set").option("--tag", tag).positional(id),
        (Method::Delete, [_, id, "tags", tag]) => {
            command("unset").option("--tag", tag).positional(id)
        }
        (Method::Put, ["routers", id, action]) => router_action(call, id, action)?,
        (Method::Put, ["subnetpools", id, "add_prefixes"]) => command("set").positional(id).say(
            call.body.as_ref()?.as_object()?,
            &[("prefixes", Say::Each("--pool-prefix", ""))],
        ),
        _ => return None,
    }])
}

fn list(call: &Call, resource: &Resource) -> Command {
    let mut renamed = call.clone();
    for (key, value) in &mut renamed.query {
        if key == "fixed_ips" {
            *value = value
                .replace("ip_address=", "ip-address=")
                .replace("subnet_id=", "subnet=");
        }
    }
    let command = Command::new(&format!("{} list", resource.words));
    let command = if matches!(resource.words, "address group" | "security group") {
        command
    } else {
        command.flag("--long")
    };
    // A listing of ports by their default columns is what people know.
    let command = if resource.words == "port" {
        Command::new("port list")
    } else {
        command
    };
    command.ask(&renamed, resource.filters)
}

fn create(resource: &Resource, object: &Map<String, Value>) -> Option<Command> {
    let mut object = object.clone();
    let mut command = Command::new(&format!("{} create", resource.words));
    match resource.collection {
        "subnets" if object.get("gateway_ip") == Some(&Value::Null) => {
            object.shift_remove("gateway_ip");
            command.push_option("--gateway", "none");
        }
        "routers" => {
            if let Some(gateway) = object.shift_remove("external_gateway_info") {
                command = external_gateway(command, &gateway)?;
            }
        }
        _ => {}
    }
    // These commands insist on a name, Neutron does not.
    let named = resource
        .create
        .iter()
        .any(|(_, say)| matches!(say, Say::Positional));
    if named && resource.collection != "floatingips" && !object.contains_key("name") {
        return None;
    }
    Some(command.say(&object, resource.create))
}

fn change(resource: &Resource, id: &str, object: &Map<String, Value>) -> Option<Command> {
    let mut object = object.clone();
    let command = |verb: &str| Command::new(&format!("{} {verb}", resource.words)).positional(id);
    let is_only = object.len() == 1;
    match (
        resource.collection,
        object.get("port_id"),
        object.get("external_gateway_info"),
        object.get("gateway_ip"),
    ) {
        ("floatingips", Some(Value::Null), _, _) if is_only => {
            return Some(command("unset").flag("--port"));
        }
        ("routers", _, Some(gateway), _) => {
            let removes = gateway.is_null() || gateway.as_object().is_some_and(Map::is_empty);
            if removes {
                return is_only.then(|| command("unset").flag("--external-gateway"));
            }
            let set = external_gateway(command("set"), gateway)?;
            object.shift_remove("external_gateway_info");
            return Some(set.say(&object, resource.set));
        }
        ("subnets", _, _, Some(Value::Null)) => {
            object.shift_remove("gateway_ip");
            return Some(
                command("set")
                    .option("--gateway", "none")
                    .say(&object, resource.set),
            );
        }
        _ => {}
    }
    // A null clears a value, and each command has its own way for that.
    if object.values().any(Value::is_null) {
        return None;
    }
    Some(command("set").say(&object, resource.set))
}

fn external_gateway(command: Command, gateway: &Value) -> Option<Command> {
    let gateway = gateway.as_object()?;
    Some(command.say(
        gateway,
        &[
            ("network_id", Say::Value("--external-gateway")),
            ("enable_snat", Say::Flag("--enable-snat", "--disable-snat")),
            (
                "external_fixed_ips",
                Say::Structs(
                    "--fixed-ip",
                    &[("subnet_id", "subnet"), ("ip_address", "ip-address")],
                    "",
                ),
            ),
        ],
    ))
}

fn tags(call: &Call, mut command: Command) -> Option<Command> {
    let body = call
        .body
        .as_ref()?
        .as_object()
        .filter(|body| body.len() == 1)?;
    for tag in body.get("tags")?.as_array()? {
        command.push_option("--tag", tag.as_str()?);
    }
    Some(command)
}

fn router_action(call: &Call, id: &str, action: &str) -> Option<Command> {
    let body = call
        .body
        .as_ref()?
        .as_object()
        .filter(|body| body.len() == 1)?;
    let (verb, kind) = match action {
        "add_router_interface" => ("add", "interface"),
        "remove_router_interface" => ("remove", "interface"),
        "add_extraroutes" => ("add", "route"),
        "remove_extraroutes" => ("remove", "route"),
        _ => return None,
    };
    if kind == "interface" {
        let (by, value) = body.iter().next()?;
        let what = match by.as_str() {
            "subnet_id" => "subnet",
            "port_id" => "port",
            _ => return None,
        };
        return Some(
            Command::new(&format!("router {verb} {what}"))
                .positional(id)
                .positional(value.as_str()?),
        );
    }
    let router = body
        .get("router")?
        .as_object()
        .filter(|router| router.len() == 1)?;
    let mut command = Command::new(&format!("router {verb} route"));
    for route in router.get("routes")?.as_array()? {
        command.push_option(
            "--route",
            &joined(
                route,
                &[("destination", "destination"), ("nexthop", "gateway")],
            )?,
        );
    }
    Some(command.positional(id))
}

fn rules(call: &Call, path: &[&str]) -> Option<Vec<Command>> {
    match (call.method, path) {
        (Method::Get, [_]) => Some(vec![match only_id(call) {
            Some(id) => Command::new("security group rule show").positional(id),
            None => list_rules(call),
        }]),
        (Method::Get, [_, id]) if asks_nothing(call) => Some(vec![
            Command::new("security group rule show").positional(id),
        ]),
        (Method::Delete, [_, id]) => Some(vec![
            Command::new("security group rule delete").positional(id),
        ]),
        (Method::Post, [_]) => {
            if let Some(rule) = wrapped(call, "security_group_rule") {
                return Some(vec![create_rule(rule)?]);
            }
            let body = call
                .body
                .as_ref()?
                .as_object()
                .filter(|body| body.len() == 1)?;
            body.get("security_group_rules")?
                .as_array()?
                .iter()
                .map(|rule| create_rule(rule.as_object()?))
                .collect()
        }
        _ => None,
    }
}

fn list_rules(call: &Call) -> Command {
    let mut command = Command::new("security group rule list");
    let mut rest = call.clone();
    let mut groups = Vec::new();
    rest.query
        .retain(|(key, value)| match (key.as_str(), value.as_str()) {
            ("direction", "ingress") => {
                command.push_flag("--ingress");
                false
            }
            ("direction", "egress") => {
                command.push_flag("--egress");
                false
            }
            ("security_group_id", id) => {
                groups.push(id.to_owned());
                false
            }
            _ => true,
        });
    match groups.as_slice() {
        [] => {}
        [group] => command = command.positional(group),
        _ => command.unsaid.push("security_group_id".into()),
    }
    command.ask(
        &rest,
        &[
            ("protocol", Ask::Value("--protocol")),
            ("ethertype", Ask::Value("--ethertype")),
            ("project_id", Ask::Value("--project")),
        ],
    )
}

fn create_rule(rule: &Map<String, Value>) -> Option<Command> {
    let group = rule.get("security_group_id")?.as_str()?;
    let mut command = Command::new("security group rule create");
    match rule.get("direction")?.as_str()? {
        "ingress" => command.push_flag("--ingress"),
        "egress" => command.push_flag("--egress"),
        _ => return None,
    }
    let given = |name: &str| rule.get(name).filter(|value| !value.is_null());
    let protocol = given("protocol").and_then(scalar);
    // Told nothing, the command would choose IPv4 by itself; so does Neutron.
    for (name, option) in [
        ("ethertype", "--ethertype"),
        ("remote_ip_prefix", "--remote-ip"),
        ("remote_group_id", "--remote-group"),
        ("remote_address_group_id", "--remote-address-group"),
        ("description", "--description"),
    ] {
        if let Some(text) = given(name).and_then(scalar) {
            command.push_option(option, &text);
        }
    }
    command.push_option("--protocol", protocol.as_deref().unwrap_or("any"));
    let (from, to) = (
        given("port_range_min").and_then(scalar),
        given("port_range_max").and_then(scalar),
    );
    let is_icmp = protocol
        .as_deref()
        .is_some_and(|protocol| matches!(protocol, "icmp" | "ipv6-icmp" | "icmpv6" | "1" | "58"));
    match (from, to) {
        (None, None) => {}
        (kind, code) if is_icmp => {
            if let Some(kind) = kind {
                command.push_option("--icmp-type", &kind);
            }
            if let Some(code) = code {
                command.push_option("--icmp-code", &code);
            }
        }
        (Some(from), Some(to)) if from == to => command.push_option("--dst-port", &from),
        (Some(from), Some(to)) => command.push_option("--dst-port", &format!("{from}:{to}")),
        _ => command.unsaid.push("port_range_min".into()),
    }
    const KNOWN: [&str; 10] = [
        "security_group_id",
        "direction",
        "ethertype",
        "protocol",
        "remote_ip_prefix",
        "remote_group_id",
        "remote_address_group_id",
        "description",
        "port_range_min",
        "port_range_max",
    ];
    command.unsaid.extend(
        rule.keys()
            .filter(|name| !KNOWN.contains(&name.as_str()))
            .cloned(),
    );
    Some(command.positional(group))
}

fn other(call: &Call, path: &[&str]) -> Option<Command> {
    if call.method != Method::Get {
        return None;
    }
    Some(match path {
        ["availability_zones"] if asks_nothing(call) => Command::new("availability zone list")
            .flag("--network")
            .flag("--long"),
        ["extensions"] if asks_nothing(call) => Command::new("extension list")
            .flag("--network")
            .flag("--long"),
        ["quotas", project] | ["quotas", project, "details.json"] if asks_nothing(call) => {
            Command::new("quota show")
                .flag("--network")
                .positional(project)
        }
        ["network-ip-availabilities"] => Command::new("ip availability list")
            .ask(call, &[("ip_version", Ask::Value("--ip-version"))]),
        _ => return None,
    })
}
