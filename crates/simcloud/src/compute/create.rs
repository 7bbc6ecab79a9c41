//! `POST /servers`: everything that is checked before Nova answers.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{
    schemas,
    state::{PlannedVolume, Server, ServerAction, Source},
};
use crate::{
    clock::Event,
    cloud::{Cloud, ZONE},
    fault::Fault,
    python,
    query::truth,
    request::{Answer, Handled, Request},
    schema,
};

/// Milliseconds until a new server has its ports and volumes.
pub(super) const RESOURCES: i64 = 400;
/// No request may ask for more servers, whatever the quota says.
const MOST: u64 = 10_000;
/// Milliseconds until a new server runs.
pub(super) const BUILD: i64 = 2_000;

pub(super) fn text<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str)
}

/// A number that may be written as text.
fn number(body: &Value, key: &str) -> Option<u64> {
    let value = body.get(key)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn flag(body: &Value, key: &str) -> Option<bool> {
    let value = body.get(key)?;
    value.as_bool().or_else(|| truth(value.as_str()?))
}

impl Cloud {
    pub(super) fn create_servers(&mut self, request: &Request) -> Handled {
        schema::check(&schemas::create(request.version.1), request.body)?;
        let body = &request.body["server"];
        let hints = request
            .body
            .get("os:scheduler_hints")
            .or_else(|| request.body.get("OS-SCH-HNT:scheduler_hints"));
        let min = number(body, "min_count").unwrap_or(1);
        let max = number(body, "max_count").unwrap_or(min);
        if max > MOST {
            return Err(Fault::forbidden(format!(
                "Quota exceeded for instances: Requested {max}, but no more than {MOST} can be made at once"
            )));
        }
        if min > max {
            return Err(Fault::bad("min_count must be <= max_count"));
        }
        let zone = text(body, "availability_zone");
        if zone.is_some_and(|zone| zone.split(':').next() != Some(ZONE)) {
            return Err(Fault::bad(
                "The requested availability zone is not available",
            ));
        }
        if zone.is_some_and(|zone| zone.contains(':')) && !request.caller.admin {
            return Err(Fault::policy("os_compute_api:servers:create:forced_host"));
        }
        let flavor_id = python::text(&body["flavorRef"]);
        let flavor = self
            .compute
            .flavors
            .get(&flavor_id)
            .ok_or_else(|| Fault::bad(format!("Flavor {flavor_id} could not be found.")))?
            .clone();
        let mappings = body
            .get("block_device_mapping_v2")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let image_id = text(body, "imageRef").unwrap_or("").to_owned();
        let mut root_device = "/dev/vda".to_owned();
        let mut volumes = self.plan_volumes(request, &image_id, mappings, &root_device, max)?;
        let boots_from_volume = volumes.iter().any(|volume| volume.boot);
        if image_id.is_empty() && !boots_from_volume {
            return Err(Fault::bad("Missing imageRef attribute"));
        }
        if !image_id.is_empty() {
            let image = self
                .visible_image(request, &image_id)
                .ok_or_else(|| Fault::bad("Can not find requested image"))?;
            if image.status != "active" {
                let queued_mapping = image.status == "queued"
                    && image.properties.contains_key("block_device_mapping");
                if !queued_mapping {
                    return Err(Fault::bad(format!("Image {image_id} is not active.")));
                }
            }
            if image.min_ram > flavor.ram {
                return Err(Fault::bad(
                    "Flavor's memory is too small for requested image.",
                ));
            }
            if !boots_from_volume && flavor.disk > 0 && image.min_disk > flavor.disk {
                return Err(Fault::bad(format!(
                    "Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is {} bytes, minimum size is {} bytes.",
                    flavor.disk << 30,
                    image.min_disk << 30
                )));
            }
            if let Some(name) = image.properties.get("root_device_name") {
                root_device.clone_from(name);
            }
            if mappings.is_empty()
                && let Some(listed) = image
                    .properties
                    .get("block_device_mapping")
                    .and_then(|text| serde_json::from_str::<Value>(text).ok())
            {
                let list = listed.as_array().cloned().unwrap_or_default();
                volumes = self.plan_image_mapping(&list);
            }
        }
        if let Some(key) = text(body, "key_name")
            && !self
                .compute
                .keypairs
                .get(&request.caller.user)
                .is_some_and(|own| own.contains_key(key))
        {
            return Err(Fault::bad("Invalid key_name provided."));
        }
        let group = match hints.and_then(|hints| text(hints, "group")) {
            Some(id)
                if self
                    .compute
                    .groups
                    .get(id)
                    .is_some_and(|group| request.owns(&group.project)) =>
            {
                Some(id.to_owned())
            }
            Some(_) => {
                let id = hints.and_then(|hints| text(hints, "group")).unwrap_or("");
                return Err(Fault::bad(format!(
                    "Instance group {id} could not be found."
                )));
            }
            None => None,
        };
        let items = body.get("metadata").and_then(Value::as_object);
        self.check_items(
            &request.caller.project,
            items.map_or(0, serde_json::Map::len),
        )?;
        let security_groups = self.requested_groups(request, body)?;
        let ports = self.plan_ports(request, body, max)?;
        let max = self.allowed_servers(&request.caller.project, min, max, &flavor)?;

        let reservation = format!("r-{}", self.ids.word(8));
        let name = text(body, "name").unwrap_or("").to_owned();
        let mut first = None;
        for index in 0..max {
            let numbered = |base: &str| {
                if max > 1 {
                    format!("{base}-{}", index + 1)
                } else {
                    base.to_owned()
                }
            };
            let own_name = numbered(&name);
            let hostname = text(body, "hostname").map_or_else(|| host_name(&own_name), numbered);
            let id = self.ids.uuid();
            let server = Server {
                id: id.clone(),
                project: request.caller.project.clone(),
                user: request.caller.user.clone(),
                name: own_name.clone(),
                // Before 2.19 there was no description; Nova kept the name there.
                description: if request.from(19) {
                    text(body, "description").map(str::to_owned)
                } else {
                    Some(own_name)
                },
                hostname,
                vm_state: "building".to_owned(),
                task_state: Some("scheduling".to_owned()),
                created: self.now,
                updated: self.now,
                launched: None,
                terminated: None,
                image: image_id.clone(),
                flavor: flavor.id.clone(),
                old_flavor: None,
                old_state: None,
                key_name: text(body, "key_name").map(str::to_owned),
                metadata: pairs(body.get("metadata")),
                tags: tags(body),
                reservation: reservation.clone(),
                launch_index: index,
                zone: ZONE.to_owned(),
                pinned_zone: zone.map(str::to_owned),
                security_groups: security_groups.clone(),
                ports: Vec::new(),
                volumes: Vec::new(),
                planned_ports: ports.clone(),
                planned_volumes: volumes.clone(),
                user_data: text(body, "user_data").map(str::to_owned),
                locked: None,
                group: group.clone(),
                config_drive: flag(body, "config_drive").unwrap_or(false),
                access_v4: text(body, "accessIPv4").unwrap_or("").to_owned(),
                access_v6: text(body, "accessIPv6").unwrap_or("").to_owned(),
                disk_config: text(body, "OS-DCF:diskConfig")
                    .unwrap_or("MANUAL")
                    .to_owned(),
                root_device: root_device.clone(),
                fault: None,
                actions: vec![ServerAction {
                    name: "create".to_owned(),
                    request: format!("req-{}", self.ids.uuid()),
                    at: self.now,
                }],
            };
            for planned in &server.planned_volumes {
                if let Source::Volume(volume) = &planned.source {
                    self.set_volume_status(volume, "reserved");
                }
            }
            self.compute.servers.insert(server);
            self.agenda
                .add(self.now + RESOURCES, Event::ServerResources(id.clone()));
            self.agenda
                .add(self.now + BUILD, Event::ServerBuilt(id.clone()));
            first.get_or_insert(id);
        }
        if flag(body, "return_reservation_id").unwrap_or(false) {
            return Ok(Answer::new(202, json!({"reservation_id": reservation})));
        }
        let id = first.unwrap_or_default();
        let href = format!("{}/servers/{id}", request.endpoint);
        let bookmark = format!(
            "{}/servers/{id}",
            request.endpoint.trim_end_matches("/v2.1")
        );
        let mut server = json!({
            "id": id,
            "links": [{"rel": "self", "href": href}, {"rel": "bookmark", "href": bookmark}],
            "OS-DCF:diskConfig": text(body, "OS-DCF:diskConfig").unwrap_or("MANUAL"),
            "security_groups": security_groups_shown(body),
        });
        server["adminPass"] =
            text(body, "adminPass").map_or_else(|| json!(self.ids.word(12)), |given| json!(given));
        Ok(Answer::new(202, json!({"server": server})).header("location", href))
    }

    /// Volumes as an image of a volume-backed server lists them.
    fn plan_image_mapping(&self, list: &[Value]) -> Vec<PlannedVolume> {
        list.iter()
            .filter_map(|entry| {
                let source = match text(entry, "source_type")? {
                    "snapshot" => Source::Snapshot(text(entry, "snapshot_id")?.to_owned()),
                    "blank" => Source::Blank,
                    "volume" => Source::Volume(text(entry, "volume_id")?.to_owned()),
                    _ => return None,
                };
                Some(PlannedVolume {
                    source,
                    size: number(entry, "volume_size"),
                    volume_type: text(entry, "volume_type").map(str::to_owned),
                    device: text(entry, "device_name").map(str::to_owned),
                    delete_on_termination: flag(entry, "delete_on_termination").unwrap_or(false),
                    boot: entry.get("boot_index").and_then(Value::as_i64) == Some(0),
                    tag: None,
                })
            })
            .collect()
    }
}

fn tags(body: &Value) -> Vec<String> {
    let mut tags: Vec<String> = body
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    tags.sort();
    tags.dedup();
    tags
}

/// Text pairs of a metadata object.
pub(super) fn pairs(value: Option<&Value>) -> IndexMap<String, String> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), python::text(value)))
        .collect()
}

fn security_groups_shown(body: &Value) -> Value {
    match body.get("security_groups") {
        Some(Value::Array(list)) if !list.is_empty() => Value::Array(list.clone()),
        _ => json!([{"name": "default"}]),
    }
}

/// A host name made of a display name, as Nova's sanitizer does it.
fn host_name(name: &str) -> String {
    let mut host: String = name
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' | '_' => Some('-'),
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') => {
                Some(if c == '.' { '-' } else { c })
            }
            _ => None,
        })
        .collect();
    host = host.trim_matches(['-', '.']).to_owned();
    host.truncate(63);
    if host.is_empty() {
        "server".to_owned()
    } else {
        host
    }
}
