//! The bodies that Nova takes, as JSON Schema.

use std::sync::LazyLock;

use serde_json::{Value, json};

/// Keys of server and image metadata.
pub(super) const METADATA_KEY: &str = "^[a-zA-Z0-9-_:. ]{1,255}$";

fn metadata() -> Value {
    json!({"type": "object", "additionalProperties": false, "patternProperties": {METADATA_KEY: {"type": "string", "maxLength": 255}}})
}

fn name() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 255})
}

fn count() -> Value {
    json!({"type": ["integer", "string"], "pattern": "^[0-9]*$", "minimum": 1, "minLength": 1})
}

fn boolean() -> Value {
    json!({"type": ["boolean", "string"], "enum": [true, "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes", false, "False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no"]})
}

fn tag() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[^,/]*$"})
}

pub(super) static TAG: LazyLock<Value> = LazyLock::new(tag);

pub(super) static TAGS: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": "object", "required": ["tags"], "additionalProperties": false,
        "properties": {"tags": {"type": "array", "maxItems": 50, "items": tag()}}})
});

pub(super) static METADATA: LazyLock<Value> = LazyLock::new(
    || json!({"type": "object", "required": ["metadata"], "additionalProperties": false, "properties": {"metadata": metadata()}}),
);

pub(super) static META: LazyLock<Value> = LazyLock::new(|| {
    let mut one = metadata();
    one["minProperties"] = json!(1);
    json!({"type": "object", "required": ["meta"], "additionalProperties": false, "properties": {"meta": one}})
});

fn block_device(minor: u32) -> Value {
    let mut schema = json!({"type": "object", "additionalProperties": false, "properties": {
        "virtual_name": {"type": "string", "maxLength": 255},
        "volume_id": {"type": "string", "format": "uuid"},
        "snapshot_id": {"type": "string", "format": "uuid"},
        "volume_size": {"type": ["integer", "string"], "pattern": "^[0-9]+$", "minimum": 1, "maximum": 2_147_483_647, "minLength": 1},
        "device_name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._\\-/]*$"},
        "no_device": {"type": ["boolean", "string", "null"]},
        "connection_info": {"type": "string"},
        "delete_on_termination": boolean(),
        "source_type": {"type": "string", "enum": ["volume", "image", "snapshot", "blank"]},
        "uuid": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._\\-]*$"},
        "image_id": {"type": "string", "format": "uuid"},
        "destination_type": {"type": "string", "enum": ["local", "volume"]},
        "guest_format": {"type": "string", "maxLength": 255},
        "device_type": {"type": "string", "maxLength": 255},
        "disk_bus": {"type": "string", "maxLength": 255},
        "boot_index": {"type": ["integer", "string", "null"], "pattern": "^-?[0-9]+$"},
    }});
    if minor >= 42 {
        schema["properties"]["tag"] = tag();
    }
    if minor >= 67 {
        schema["properties"]["volume_type"] =
            json!({"type": ["string", "null"], "minLength": 0, "maxLength": 255});
    }
    schema
}

/// The body of a create, at 2.`minor`.
pub(super) fn create(minor: u32) -> Value {
    let network = json!({"type": "object", "additionalProperties": false, "properties": {
        "fixed_ip": {"type": "string", "format": "ip"},
        "port": {"type": ["string", "null"], "format": "uuid"},
        "uuid": {"type": "string", "format": "uuid"},
        "tag": tag(),
    }});
    let mut networks = json!({"type": "array", "items": network});
    let mut required = vec!["name", "flavorRef"];
    if minor >= 37 {
        networks = json!({"anyOf": [networks, {"type": "string", "enum": ["none", "auto"]}]});
        required.push("networks");
    }
    let mut properties = json!({
        "name": name(),
        "imageRef": {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "string", "maxLength": 0}]},
        "flavorRef": {"type": ["string", "integer"], "minLength": 1},
        "adminPass": {"type": "string"},
        "metadata": metadata(),
        "networks": networks,
        "OS-DCF:diskConfig": {"type": "string", "enum": ["AUTO", "MANUAL"]},
        "accessIPv4": {"type": "string", "format": "ipv4"},
        "accessIPv6": {"type": "string", "format": "ipv6"},
        "personality": {"type": "array"},
        "availability_zone": name(),
        "config_drive": boolean(),
        "key_name": name(),
        "user_data": {"type": "string", "maxLength": 65_535},
        "min_count": count(),
        "max_count": count(),
        "return_reservation_id": boolean(),
        "security_groups": {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {"name": name()}}},
        "block_device_mapping_v2": {"type": "array", "items": block_device(minor)},
        "block_device_mapping": {"type": "array"},
    });
    let since: [(u32, &str, Value); 5] = [
        (
            19,
            "description",
            json!({"type": ["string", "null"], "maxLength": 255}),
        ),
        (
            52,
            "tags",
            json!({"type": "array", "maxItems": 50, "items": tag()}),
        ),
        (
            63,
            "trusted_image_certificates",
            json!({"type": ["array", "null"]}),
        ),
        (74, "host", name()),
        (
            90,
            "hostname",
            json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9-._]*$"}),
        ),
    ];
    for (from, key, schema) in since {
        if minor >= from {
            properties[key] = schema;
        }
    }
    let hints = json!({"type": "object", "additionalProperties": true, "properties": {"group": {"type": "string", "format": "one uuid"}}});
    json!({"type": "object", "required": ["server"], "additionalProperties": false, "properties": {
        "server": {"type": "object", "required": required, "additionalProperties": false, "properties": properties},
        "os:scheduler_hints": hints, "OS-SCH-HNT:scheduler_hints": hints,
    }})
}

pub(super) static UPDATE: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": "object", "required": ["server"], "additionalProperties": false, "properties": {
    "server": {"type": "object", "additionalProperties": false, "properties": {
        "name": name(),
        "description": {"type": ["string", "null"], "maxLength": 255},
        "hostname": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9-._]*$"},
        "OS-DCF:diskConfig": {"type": "string", "enum": ["AUTO", "MANUAL"]},
        "accessIPv4": {"type": "string", "format": "ipv4"},
        "accessIPv6": {"type": "string", "format": "ipv6"},
    }}}})
});

pub(super) static CREATE_IMAGE: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": "object", "required": ["name"], "additionalProperties": false,
        "properties": {"name": name(), "metadata": metadata()}})
});

pub(super) static REBOOT: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": "object", "required": ["type"], "additionalProperties": false,
        "properties": {"type": {"type": "string", "enum": ["HARD", "Hard", "hard", "SOFT", "Soft", "soft"]}}})
});

pub(super) static RESIZE: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": "object", "required": ["flavorRef"], "additionalProperties": false,
        "properties": {"flavorRef": {"type": ["string", "integer"], "minLength": 1}, "OS-DCF:diskConfig": {"type": "string"}}})
});

pub(super) static CONSOLE: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": "object", "additionalProperties": false,
        "properties": {"length": {"type": ["integer", "string", "null"], "pattern": "^-?[0-9]+$", "minimum": -1}}})
});

pub(super) static LOCK: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": ["object", "null"], "additionalProperties": false,
        "properties": {"locked_reason": {"type": "string", "minLength": 1, "maxLength": 255}}})
});

pub(super) static ATTACH: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": "object", "required": ["volumeAttachment"], "additionalProperties": false, "properties": {
    "volumeAttachment": {"type": "object", "required": ["volumeId"], "additionalProperties": false, "properties": {
        "volumeId": {"type": "string", "format": "uuid"},
        "device": {"type": ["string", "null"], "pattern": "(^/dev/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$"},
        "tag": tag(),
        "delete_on_termination": boolean(),
    }}}})
});

pub(super) static INTERFACE: LazyLock<Value> = LazyLock::new(|| {
    json!({"type": "object", "required": ["interfaceAttachment"], "additionalProperties": false, "properties": {
    "interfaceAttachment": {"type": "object", "additionalProperties": false, "properties": {
        "net_id": {"type": "string", "format": "uuid"},
        "port_id": {"type": "string", "format": "uuid"},
        "tag": tag(),
        "fixed_ips": {"type": "array", "maxItems": 1, "items": {"type": "object", "required": ["ip_address"], "additionalProperties": false,
            "properties": {"ip_address": {"type": "string", "format": "ip"}}}},
    }}}})
});

/// The body that makes a key pair, at 2.`minor`.
pub(super) fn keypair(minor: u32) -> Value {
    let pattern = if minor >= 92 {
        "^[_\\-\\@\\. a-zA-Z0-9]+$"
    } else {
        "^[_\\- a-zA-Z0-9]+$"
    };
    let mut required = vec!["name"];
    if minor >= 92 {
        required.push("public_key");
    }
    let mut properties = json!({
        "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": pattern},
        "public_key": {"type": "string"},
    });
    if minor >= 2 {
        properties["type"] = json!({"type": "string", "enum": ["ssh", "x509"]});
    }
    if minor >= 10 {
        properties["user_id"] = json!({"type": "string"});
    }
    json!({"type": "object", "required": ["keypair"], "additionalProperties": false, "properties": {
        "keypair": {"type": "object", "required": required, "additionalProperties": false, "properties": properties}}})
}

/// The body that makes a server group, at 2.`minor`.
pub(super) fn server_group(minor: u32) -> Value {
    let policies = [
        "anti-affinity",
        "affinity",
        "soft-anti-affinity",
        "soft-affinity",
    ];
    let (required, properties) = if minor >= 64 {
        let rules = json!({"type": "object", "additionalProperties": false,
            "properties": {"max_server_per_host": {"type": ["integer", "string"], "pattern": "^[0-9]+$", "minimum": 1}}});
        (
            ["name", "policy"],
            json!({"name": name(), "policy": {"type": "string", "enum": policies}, "rules": rules}),
        )
    } else {
        let list = json!({"type": "array", "minItems": 1, "maxItems": 1, "items": {"type": "string", "enum": policies}});
        (
            ["name", "policies"],
            json!({"name": name(), "policies": list}),
        )
    };
    json!({"type": "object", "required": ["server_group"], "additionalProperties": false, "properties": {
        "server_group": {"type": "object", "required": required, "additionalProperties": false, "properties": properties}}})
}
