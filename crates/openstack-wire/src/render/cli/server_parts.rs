//! Commands for what hangs on a server: actions, volumes, interfaces, metadata, tags, consoles.

use serde_json::{Map, Value};

use super::builder::{Command, Say, asks_nothing, wrapped};
use crate::{Call, Method};

/// The command of a `POST /servers/{id}/action`.
pub(super) fn action(call: &Call, id: &str) -> Option<Command> {
    let body = call
        .body
        .as_ref()?
        .as_object()
        .filter(|body| body.len() == 1)?;
    let (name, options) = body.iter().next()?;
    let plain = match name.as_str() {
        "os-start" => "server start",
        "os-stop" => "server stop",
        "pause" => "server pause",
        "unpause" => "server unpause",
        "suspend" => "server suspend",
        "resume" => "server resume",
        "shelve" => "server shelve",
        "unlock" => "server unlock",
        "unrescue" => "server unrescue",
        "confirmResize" => "server resize confirm",
        "revertResize" => "server resize revert",
        _ => "",
    };
    if !plain.is_empty() {
        return options
            .is_null()
            .then(|| Command::new(plain).positional(id));
    }
    let none = Map::new();
    let given = options.as_object().unwrap_or(&none);
    let mut command = match name.as_str() {
        "forceDelete" if options.is_null() => {
            Command::new("server delete").flag("--force").positional(id)
        }
        "shelveOffload" if options.is_null() => Command::new("server shelve")
            .flag("--offload")
            .positional(id),
        "unshelve" if options.is_null() => Command::new("server unshelve").positional(id),
        "reboot" => {
            let kind = match given.get("type")?.as_str()? {
                "HARD" => "--hard",
                "SOFT" => "--soft",
                _ => return None,
            };
            Command::new("server reboot")
                .flag(kind)
                .positional(id)
                .say(given, &[("type", Say::Implied)])
        }
        "resize" => Command::new("server resize")
            .positional(id)
            .say(given, &[("flavorRef", Say::Value("--flavor"))]),
        "rebuild" => Command::new("server rebuild").positional(id).say(
            given,
            &[
                ("imageRef", Say::Value("--image")),
                ("name", Say::Value("--name")),
                ("key_name", Say::Value("--key-name")),
                ("metadata", Say::Map("--property")),
            ],
        ),
        "lock" => Command::new("server lock")
            .positional(id)
            .say(given, &[("locked_reason", Say::Value("--reason"))]),
        "rescue" => Command::new("server rescue").positional(id).say(
            given,
            &[
                ("rescue_image_ref", Say::Value("--image")),
                ("adminPass", Say::Value("--password")),
            ],
        ),
        "createImage" => Command::new("server image create").positional(id).say(
            given,
            &[
                ("name", Say::Value("--name")),
                ("metadata", Say::Map("--property")),
            ],
        ),
        "os-getConsoleOutput" => Command::new("console log show")
            .positional(id)
            .say(given, &[("length", Say::Value("--lines"))]),
        "addSecurityGroup" => Command::new("server add security group")
            .positional(id)
            .say(given, &[("name", Say::Positional)]),
        "removeSecurityGroup" => Command::new("server remove security group")
            .positional(id)
            .say(given, &[("name", Say::Positional)]),
        "changePassword" => Command::new("server set")
            .positional(id)
            .say(given, &[("adminPass", Say::Value("--password"))]),
        _ => return None,
    };
    // The image's id is in a reply of another form than the command prints.
    command.makes_one = false;
    Some(command)
}

/// The command of a call below `/servers/{id}/`.
pub(super) fn commands(call: &Call, id: &str, rest: &[&str]) -> Option<Command> {
    if !asks_nothing(call) {
        return None;
    }
    Some(match (call.method, rest) {
        (Method::Get, ["os-volume_attachments"]) => {
            let mut command = Command::new("server volume list").positional(id);
            // Its column ID is the attachment's in some releases, the volume's in others.
            command.lists = false;
            command
        }
        (Method::Post, ["os-volume_attachments"]) => {
            let attachment = wrapped(call, "volumeAttachment")?;
            Command::new("server add volume").positional(id).say(
                attachment,
                &[
                    ("device", Say::Value("--device")),
                    ("tag", Say::Value("--tag")),
                    (
                        "delete_on_termination",
                        Say::Flag(
                            "--enable-delete-on-termination",
                            "--disable-delete-on-termination",
                        ),
                    ),
                    ("volumeId", Say::Positional),
                ],
            )
        }
        (Method::Put, ["os-volume_attachments", volume]) => {
            let attachment = wrapped(call, "volumeAttachment")?;
            if attachment.get("volumeId").and_then(Value::as_str) != Some(volume) {
                return None;
            }
            Command::new("server volume update")
                .positional(id)
                .positional(volume)
                .say(
                    attachment,
                    &[
                        ("volumeId", Say::Implied),
                        (
                            "delete_on_termination",
                            Say::Flag("--delete-on-termination", "--preserve-on-termination"),
                        ),
                    ],
                )
        }
        (Method::Delete, ["os-volume_attachments", volume]) => Command::new("server remove volume")
            .positional(id)
            .positional(volume),
        (Method::Get, ["os-interface"]) => Command::new("port list").option("--server", id),
        (Method::Post, ["os-interface"]) => {
            let attachment = wrapped(call, "interfaceAttachment")?;
            let words = if attachment.contains_key("port_id") {
                "server add port"
            } else {
                "server add network"
            };
            Command::new(words).positional(id).say(
                attachment,
                &[("port_id", Say::Positional), ("net_id", Say::Positional)],
            )
        }
        (Method::Delete, ["os-interface", port]) => Command::new("server remove port")
            .positional(id)
            .positional(port),
        (Method::Get, ["metadata"]) => Command::new("server show")
            .option("-c", "properties")
            .positional(id),
        (Method::Get, ["tags"]) => Command::new("server show")
            .option("-c", "tags")
            .positional(id),
        (Method::Post, ["metadata"]) => {
            let body = call.body.as_ref()?.as_object()?;
            Command::new("server set")
                .positional(id)
                .say(body, &[("metadata", Say::Map("--property"))])
        }
        (Method::Delete, ["metadata", key]) => Command::new("server unset")
            .option("--property", key)
            .positional(id),
        (Method::Put, ["tags", tag]) => Command::new("server set")
            .option("--tag", tag)
            .positional(id),
        (Method::Delete, ["tags", tag]) => Command::new("server unset")
            .option("--tag", tag)
            .positional(id),
        (Method::Post, _) if rest == ["remote-consoles"] => {
            let console = wrapped(call, "remote_console")?;
            let kind = match console.get("type")?.as_str()? {
                "novnc" => "--novnc",
                "spice-html5" => "--spice",
                "serial" => "--serial",
                _ => return None,
            };
            Command::new("console url show")
                .flag(kind)
                .positional(id)
                .say(
                    console,
                    &[("type", Say::Implied), ("protocol", Say::Implied)],
                )
        }
        _ => return None,
    })
}
