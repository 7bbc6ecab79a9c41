//! Commands of the image service.

use serde_json::Value;

use super::builder::{Ask, Command, Say, asks_nothing, scalar};
use crate::{Call, Method};

const FILTERS: &[(&str, Ask)] = &[
    ("name", Ask::Value("--name")),
    ("status", Ask::Value("--status")),
    ("owner", Ask::Value("--project")),
    ("tag", Ask::Each("--tag")),
    ("member_status", Ask::Value("--member-status")),
    ("os_hidden", Ask::Flag("--hidden", "")),
];

/// Filters of Glance that are no property and that the command does not know.
const UNKNOWN: [&str; 9] = [
    "id",
    "visibility",
    "size_min",
    "size_max",
    "container_format",
    "disk_format",
    "protected",
    "created_at",
    "updated_at",
];

/// Members of an image that have an option of their own; every other one is a property.
const MEMBERS: &[(&str, Say)] = &[
    ("id", Say::Value("--id")),
    ("container_format", Say::Value("--container-format")),
    ("disk_format", Say::Value("--disk-format")),
    ("min_disk", Say::Value("--min-disk")),
    ("min_ram", Say::Value("--min-ram")),
    ("protected", Say::Flag("--protected", "--unprotected")),
    ("os_hidden", Say::Flag("--hidden", "--unhidden")),
    ("tags", Say::Each("--tag", "")),
    ("owner", Say::Value("--project")),
];

pub(super) fn commands(call: &Call, path: &[&str]) -> Option<Vec<Command>> {
    if call.method != Method::Get && !call.query.is_empty() {
        return None;
    }
    Some(vec![match (call.method, path) {
        (Method::Get, ["images"]) => list(call),
        (Method::Post, ["images"]) => create(call)?,
        (Method::Get, ["images", id]) if asks_nothing(call) => {
            Command::new("image show").positional(id)
        }
        (Method::Delete, ["images", id]) => Command::new("image delete").positional(id),
        (Method::Patch, ["images", id]) => patch(call, id)?,
        (Method::Put, ["images", id, "tags", tag]) => Command::new("image set")
            .option("--tag", tag)
            .positional(id),
        (Method::Delete, ["images", id, "tags", tag]) => Command::new("image unset")
            .option("--tag", tag)
            .positional(id),
        (Method::Get, ["images", id, "members"]) if asks_nothing(call) => {
            Command::new("image member list").positional(id)
        }
        (Method::Post, ["images", id, "members"]) => {
            let body = call.body.as_ref()?.as_object()?;
            Command::new("image add project")
                .positional(id)
                .say(body, &[("member", Say::Positional)])
        }
        (Method::Delete, ["images", id, "members", project]) => {
            Command::new("image remove project")
                .positional(id)
                .positional(project)
        }
        (Method::Post, ["images", id, "actions", "deactivate"]) => Command::new("image set")
            .flag("--deactivate")
            .positional(id),
        (Method::Post, ["images", id, "actions", "reactivate"]) => {
            Command::new("image set").flag("--activate").positional(id)
        }
        _ => return None,
    }])
}

fn visibility(value: &Value) -> Option<&'static str> {
    Some(match value.as_str()? {
        "public" => "--public",
        "private" => "--private",
        "shared" => "--shared",
        "community" => "--community",
        "all" => "--all",
        _ => return None,
    })
}

fn list(call: &Call) -> Command {
    let mut plain = call.clone();
    let mut command = Command::new("image list").flag("--long");
    plain.query.retain(|(key, value)| {
        if key == "visibility"
            && let Some(flag) = visibility(&Value::from(value.as_str()))
        {
            command.push_flag(flag);
            return false;
        }
        let is_property = !UNKNOWN.contains(&key.as_str())
            && !FILTERS.iter().any(|(known, _)| known == key)
            && !matches!(
                key.as_str(),
                "limit" | "marker" | "sort" | "sort_key" | "sort_dir"
            );
        if is_property {
            command.push_option("--property", &format!("{key}={value}"));
        }
        !is_property
    });
    command.ask(&plain, FILTERS)
}

fn create(call: &Call) -> Option<Command> {
    let mut command = Command::new("image create");
    let mut members = call.body.as_ref()?.as_object()?.clone();
    // Glance's default is shared as well, but the command is told so that a reader sees it.
    if let Some(value) = members.shift_remove("visibility") {
        command.push_flag(visibility(&value).filter(|flag| *flag != "--all")?);
    }
    let name = members.shift_remove("name");
    let own: Vec<String> = members
        .keys()
        .filter(|key| !MEMBERS.iter().any(|(known, _)| known == key))
        .cloned()
        .collect();
    for key in own {
        match members.shift_remove(&key).as_ref().and_then(Value::as_str) {
            Some(text) => command.push_option("--property", &format!("{key}={text}")),
            None => command.unsaid.push(key),
        }
    }
    // The command insists on a name, Glance does not.
    Some(
        command
            .say(&members, MEMBERS)
            .positional(&name.as_ref().and_then(scalar)?),
    )
}

/// A JSON patch that only sets, or only removes.
fn patch(call: &Call, id: &str) -> Option<Command> {
    let operations = call.body.as_ref()?.as_array()?;
    let verb = |operation: &Value| {
        operation
            .get("op")
            .and_then(Value::as_str)
            .map(|op| op == "remove")
    };
    let removes = verb(operations.first()?)?;
    let mut command = Command::new(if removes { "image unset" } else { "image set" });
    for operation in operations {
        if verb(operation) != Some(removes)
            || matches!(
                operation.get("op").and_then(Value::as_str),
                Some("move" | "copy" | "test")
            )
        {
            return None;
        }
        let path = operation.get("path")?.as_str()?.strip_prefix('/')?;
        if path.contains('/') {
            return None;
        }
        let key = path.replace("~1", "/").replace("~0", "~");
        if removes {
            command.push_option("--property", &key);
            continue;
        }
        let value = operation.get("value")?;
        match (
            key.as_str(),
            MEMBERS.iter().find(|(known, _)| *known == key),
        ) {
            ("visibility", _) => command.push_flag(visibility(value)?),
            ("name", _) => command.push_option("--name", value.as_str()?),
            // Tags are replaced by a patch, added to by the command.
            ("tags" | "id", _) => return None,
            (_, Some(_)) => {
                let member = std::iter::once((key, value.clone())).collect();
                command = command.say(&member, MEMBERS);
            }
            (_, None) => command.push_option("--property", &format!("{key}={}", value.as_str()?)),
        }
    }
    Some(command.positional(id))
}
