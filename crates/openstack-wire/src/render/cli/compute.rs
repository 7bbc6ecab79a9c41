//! Commands of the compute service.

use serde_json::{Map, Value};

use super::builder::{Ask, Command, Say, asks_nothing, joined, scalar, wrapped};
use super::server_parts;
use crate::{Call, Method};

const SERVER_FILTERS: &[(&str, Ask)] = &[
    ("name", Ask::Value("--name")),
    ("ip", Ask::Value("--ip")),
    ("ip6", Ask::Value("--ip6")),
    ("status", Ask::Value("--status")),
    ("flavor", Ask::Value("--flavor")),
    ("image", Ask::Value("--image")),
    ("host", Ask::Value("--host")),
    ("reservation_id", Ask::Value("--reservation-id")),
    ("availability_zone", Ask::Value("--availability-zone")),
    ("key_name", Ask::Value("--key-name")),
    ("changes-since", Ask::Value("--changes-since")),
    ("changes-before", Ask::Value("--changes-before")),
    ("tags", Ask::Value("--tags")),
    ("not-tags", Ask::Value("--not-tags")),
    ("project_id", Ask::Value("--project")),
    ("user_id", Ask::Value("--user")),
    ("locked", Ask::Flag("--locked", "--unlocked")),
    ("deleted", Ask::Flag("--deleted", "")),
    ("all_tenants", Ask::Flag("--all-projects", "")),
];

const SERVER: &[(&str, Say)] = &[
    ("imageRef", Say::Value("--image")),
    ("flavorRef", Say::Value("--flavor")),
    ("key_name", Say::Value("--key-name")),
    ("availability_zone", Say::Value("--availability-zone")),
    ("description", Say::Value("--description")),
    ("hostname", Say::Value("--hostname")),
    ("adminPass", Say::Value("--password")),
    (
        "config_drive",
        Say::Flag("--use-config-drive", "--no-config-drive"),
    ),
    ("min_count", Say::Value("--min")),
    ("max_count", Say::Value("--max")),
    ("metadata", Say::Map("--property")),
    ("tags", Say::Each("--tag", "")),
    ("name", Say::Positional),
    // It changes the form of the reply only, and the command prints what it made.
    ("return_reservation_id", Say::Implied),
    // Said by the code below, which knows their forms.
    ("security_groups", Say::Implied),
    ("networks", Say::Implied),
    ("block_device_mapping_v2", Say::Implied),
    ("user_data", Say::Implied),
];

const BLOCK_DEVICE: &[(&str, &str)] = &[
    ("uuid", "uuid"),
    ("source_type", "source_type"),
    ("destination_type", "destination_type"),
    ("boot_index", "boot_index"),
    ("volume_size", "volume_size"),
    ("volume_type", "volume_type"),
    ("device_name", "device_name"),
    ("device_type", "device_type"),
    ("disk_bus", "disk_bus"),
    ("guest_format", "guest_format"),
    ("delete_on_termination", "delete_on_termination"),
    ("tag", "tag"),
];

pub(super) fn commands(call: &Call, path: &[&str]) -> Option<Vec<Command>> {
    let one = |command: Command| Some(vec![command]);
    if call.method != Method::Get && !call.query.is_empty() {
        return None;
    }
    match (call.method, path) {
        (Method::Get, ["servers", "detail"] | ["servers"]) => one(Command::new("server list")
            .flag("--long")
            .ask(call, SERVER_FILTERS)),
        (Method::Post, ["servers"]) => one(create_server(call)?),
        (method, ["servers", id]) => one(match method {
            Method::Get => Command::new("server show").ask(call, &[]).positional(id),
            Method::Delete => Command::new("server delete").positional(id),
            Method::Put => Command::new("server set").positional(id).say(
                wrapped(call, "server")?,
                &[
                    ("name", Say::Value("--name")),
                    ("description", Say::Value("--description")),
                    ("hostname", Say::Value("--hostname")),
                ],
            ),
            _ => return None,
        }),
        (Method::Post, ["servers", id, "action"]) => one(server_parts::action(call, id)?),
        (_, ["servers", id, rest @ ..]) => one(server_parts::commands(call, id, rest)?),
        (Method::Get, ["flavors", "detail"] | ["flavors"]) => one(Command::new("flavor list")
            .flag("--long")
            .ask(call, &[("is_public", Ask::Flag("", "--private"))])),
        (Method::Get, ["flavors", id] | ["flavors", id, "os-extra_specs"])
            if asks_nothing(call) =>
        {
            one(Command::new("flavor show").positional(id))
        }
        (Method::Get, ["os-keypairs"]) => {
            one(Command::new("keypair list").ask(call, &[("user_id", Ask::Value("--user"))]))
        }
        (Method::Post, ["os-keypairs"]) => one(create_keypair(wrapped(call, "keypair")?)),
        (Method::Get, ["os-keypairs", name]) if asks_nothing(call) => {
            one(Command::new("keypair show").positional(name))
        }
        (Method::Delete, ["os-keypairs", name]) => {
            one(Command::new("keypair delete").positional(name))
        }
        (Method::Get, ["os-availability-zone", ..]) if asks_nothing(call) => {
            one(Command::new("availability zone list")
                .flag("--compute")
                .flag("--long"))
        }
        (Method::Get, ["limits"]) if asks_nothing(call) => {
            one(Command::new("limits show").flag("--absolute"))
        }
        (Method::Get, ["os-quota-sets", project]) if asks_nothing(call) => {
            one(Command::new("quota show")
                .flag("--compute")
                .positional(project))
        }
        (Method::Get, ["os-server-groups"]) => one(Command::new("server group list")
            .flag("--long")
            .ask(call, &[])),
        (Method::Post, ["os-server-groups"]) => one(Command::new("server group create").say(
            wrapped(call, "server_group")?,
            &[
                ("policy", Say::Value("--policy")),
                ("name", Say::Positional),
            ],
        )),
        (Method::Get, ["os-server-groups", id]) if asks_nothing(call) => {
            one(Command::new("server group show").positional(id))
        }
        (Method::Delete, ["os-server-groups", id]) => {
            one(Command::new("server group delete").positional(id))
        }
        _ => None,
    }
}

fn create_server(call: &Call) -> Option<Command> {
    let body = call.body.as_ref()?.as_object()?;
    let mut server = body.get("server")?.as_object()?.clone();
    // One is what the command makes when not told.
    server.retain(|name, value| !matches!(name.as_str(), "min_count" | "max_count") || *value != 1);
    let server = &server;
    let mut command = Command::new("server create").say(server, SERVER);
    let said =
        |command: &mut Command, member: &str, options: Option<Vec<(&str, String)>>| match options {
            Some(options) => options
                .iter()
                .for_each(|(option, value)| command.push_option(option, value)),
            None => command.unsaid.push(member.to_owned()),
        };
    if let Some(networks) = server.get("networks") {
        said(&mut command, "networks", network_options(networks));
    }
    if let Some(groups) = server.get("security_groups") {
        let named = |group: &Value| Some(("--security-group", scalar(group.get("name")?)?));
        said(
            &mut command,
            "security_groups",
            groups
                .as_array()
                .and_then(|groups| groups.iter().map(named).collect()),
        );
    }
    if let Some(devices) = server.get("block_device_mapping_v2") {
        let written = |device: &Value| Some(("--block-device", joined(device, BLOCK_DEVICE)?));
        said(
            &mut command,
            "block_device_mapping_v2",
            devices
                .as_array()
                .and_then(|devices| devices.iter().map(written).collect()),
        );
    }
    match server.get("user_data") {
        None => {}
        Some(Value::String(text)) => command = command.file("--user-data", text, true),
        Some(_) => command.unsaid.push("user_data".into()),
    }
    for (name, value) in body.iter().filter(|(name, _)| *name != "server") {
        let hints = value.as_object().filter(|_| {
            matches!(
                name.as_str(),
                "os:scheduler_hints" | "OS-SCH-HNT:scheduler_hints"
            )
        });
        let pairs = hints.and_then(|hints| {
            hints
                .iter()
                .map(|(key, value)| Some(("--hint", format!("{key}={}", scalar(value)?))))
                .collect()
        });
        said(&mut command, name, pairs);
    }
    Some(command)
}

fn network_options(networks: &Value) -> Option<Vec<(&'static str, String)>> {
    if let Some(word @ ("auto" | "none")) = networks.as_str() {
        return Some(vec![("--nic", word.to_owned())]);
    }
    let option = |network: &Value| {
        let members = network.as_object()?;
        match (members.len(), members.get("uuid"), members.get("port")) {
            (1, Some(id), None) => Some(("--network", scalar(id)?)),
            (1, None, Some(id)) => Some(("--port", scalar(id)?)),
            _ => joined(
                network,
                &[
                    ("uuid", "net-id"),
                    ("port", "port-id"),
                    ("fixed_ip", "v4-fixed-ip"),
                    ("tag", "tag"),
                ],
            )
            .map(|written| ("--nic", written)),
        }
    };
    networks.as_array()?.iter().map(option).collect()
}

fn create_keypair(keypair: &Map<String, Value>) -> Command {
    let command = Command::new("keypair create").say(
        keypair,
        &[
            ("type", Say::Value("--type")),
            ("public_key", Say::Implied),
            ("name", Say::Positional),
        ],
    );
    match keypair.get("public_key").and_then(Value::as_str) {
        Some(key) => command.file("--public-key", key, false),
        None => command,
    }
}
