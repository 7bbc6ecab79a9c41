//! Commands of the block storage service.

use serde_json::{Map, Value};

use super::builder::{Ask, Command, Say, asks_nothing, wrapped};
use crate::{Call, Method};

const FILTERS: &[(&str, Ask)] = &[
    ("name", Ask::Value("--name")),
    ("status", Ask::Value("--status")),
    ("project_id", Ask::Value("--project")),
    ("user_id", Ask::Value("--user")),
    ("volume_id", Ask::Value("--volume")),
    ("all_tenants", Ask::Flag("--all-projects", "")),
];

const VOLUME: &[(&str, Say)] = &[
    ("size", Say::Value("--size")),
    ("volume_type", Say::Value("--type")),
    ("imageRef", Say::Value("--image")),
    ("snapshot_id", Say::Value("--snapshot")),
    ("source_volid", Say::Value("--source")),
    ("backup_id", Say::Value("--backup")),
    ("availability_zone", Say::Value("--availability-zone")),
    ("description", Say::Value("--description")),
    ("metadata", Say::Map("--property")),
    ("name", Say::Positional),
];

const SNAPSHOT: &[(&str, Say)] = &[
    ("volume_id", Say::Value("--volume")),
    ("description", Say::Value("--description")),
    ("force", Say::Flag("--force", "")),
    ("metadata", Say::Map("--property")),
    ("name", Say::Positional),
];

const NAMES: &[(&str, Say)] = &[
    ("name", Say::Value("--name")),
    ("description", Say::Value("--description")),
];

pub(super) fn commands(call: &Call, path: &[&str]) -> Option<Vec<Command>> {
    let (resource, member, fields) = match path.first() {
        Some(&"volumes") => ("volume", "volume", VOLUME),
        Some(&"snapshots") => ("volume snapshot", "snapshot", SNAPSHOT),
        _ => return other(call, path).map(|command| vec![command]),
    };
    let command = |verb: &str| Command::new(&format!("{resource} {verb}"));
    let without_query = call.query.is_empty();
    Some(vec![match (call.method, path) {
        (Method::Get, [_] | [_, "detail"]) => command("list").flag("--long").ask(call, FILTERS),
        (Method::Post, [_]) if without_query => {
            let mut object = wrapped(call, member)?.clone();
            // False is what the command does when not told.
            if object.get("force") == Some(&Value::Bool(false)) {
                object.shift_remove("force");
            }
            command("create").say(&object, fields)
        }
        (Method::Get, [_, id]) if asks_nothing(call) => command("show").positional(id),
        (Method::Delete, [_, id]) => command("delete")
            .ask(
                call,
                &[
                    ("cascade", Ask::Flag("--purge", "")),
                    ("force", Ask::Flag("--force", "")),
                ],
            )
            .positional(id),
        (Method::Put, [_, id]) if without_query => command("set")
            .positional(id)
            .say(wrapped(call, member)?, NAMES),
        (Method::Post, [_, id, "metadata"]) if without_query => command("set").positional(id).say(
            call.body.as_ref()?.as_object()?,
            &[("metadata", Say::Map("--property"))],
        ),
        (Method::Get, [_, id, "metadata"]) if asks_nothing(call) => {
            command("show").option("-c", "properties").positional(id)
        }
        (Method::Delete, [_, id, "metadata", key]) if without_query => {
            command("unset").option("--property", key).positional(id)
        }
        (Method::Post, ["volumes", id, "action"]) if without_query => action(call, id)?,
        _ => return None,
    }])
}

fn action(call: &Call, id: &str) -> Option<Command> {
    let body = call
        .body
        .as_ref()?
        .as_object()
        .filter(|body| body.len() == 1)?;
    let (name, options) = body.iter().next()?;
    let none = Map::new();
    let given = options.as_object().unwrap_or(&none);
    let set = Command::new("volume set").positional(id);
    Some(match name.as_str() {
        "os-extend" => set.say(given, &[("new_size", Say::Value("--size"))]),
        "os-set_bootable" => set.say(
            given,
            &[("bootable", Say::Flag("--bootable", "--non-bootable"))],
        ),
        "os-update_readonly_flag" => set.say(
            given,
            &[("readonly", Say::Flag("--read-only", "--read-write"))],
        ),
        "os-reset_status" => set.say(given, &[("status", Say::Value("--state"))]),
        "os-retype" => set.say(
            given,
            &[
                ("new_type", Say::Value("--type")),
                ("migration_policy", Say::Value("--retype-policy")),
            ],
        ),
        _ => return None,
    })
}

fn other(call: &Call, path: &[&str]) -> Option<Command> {
    if call.method != Method::Get {
        return None;
    }
    Some(match path {
        ["types"] => Command::new("volume type list")
            .flag("--long")
            .ask(call, &[("is_public", Ask::Flag("--public", "--private"))]),
        ["types", id] if asks_nothing(call) => Command::new("volume type show").positional(id),
        ["backups"] | ["backups", "detail"] => Command::new("volume backup list")
            .flag("--long")
            .ask(call, FILTERS),
        ["os-availability-zone"] if asks_nothing(call) => Command::new("availability zone list")
            .flag("--volume")
            .flag("--long"),
        ["limits"] if asks_nothing(call) => Command::new("limits show").flag("--absolute"),
        ["os-quota-sets", project] => Command::new("quota show")
            .flag("--volume")
            .ask(call, &[("usage", Ask::Flag("--usage", ""))])
            .positional(project),
        _ => return None,
    })
}
