//! Lists of volumes and snapshots, with the filters that Cinder grants to members.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{
    state::{Snapshot, Volume},
    view::links,
};
use crate::{
    clock,
    cloud::Cloud,
    fault::Fault,
    order,
    query::{limit, next_link, page, truth},
    request::{Answer, Handled, Request},
};

const CONTROLS: &[&str] = &[
    "limit",
    "marker",
    "sort",
    "sort_key",
    "sort_dir",
    "offset",
    "all_tenants",
    "with_count",
];
const VOLUME: &[&str] = &[
    "name",
    "status",
    "metadata",
    "bootable",
    "migration_status",
    "availability_zone",
    "group_id",
    "size",
    "created_at",
    "updated_at",
    "consumes_quota",
    "volume_type",
];
const SNAPSHOT: &[&str] = &[
    "name",
    "status",
    "volume_id",
    "metadata",
    "availability_zone",
    "consumes_quota",
    "created_at",
    "updated_at",
];

/// Metadata in a query: JSON, or a dict as Python prints it.
fn wanted_metadata(text: &str) -> Result<IndexMap<String, String>, Fault> {
    let parsed =
        serde_json::from_str(text).or_else(|_| serde_json::from_str(&text.replace('\'', "\"")));
    parsed.map_err(|_| Fault::bad(format!("Invalid filter value for metadata: {text}")))
}

/// `name~` asks for a part of the name from 3.34 on.
fn name_matches(name: Option<&str>, wanted: &str, like: bool) -> bool {
    let name = name.unwrap_or("");
    if like {
        name.contains(wanted)
    } else {
        name == wanted
    }
}

fn time_matches(at: i64, wanted: &str) -> bool {
    wanted.split(',').all(|one| {
        let (operator, text) = one
            .split_once(':')
            .filter(|(op, _)| matches!(*op, "gt" | "gte" | "eq" | "neq" | "lt" | "lte"))
            .unwrap_or(("eq", one));
        let Some(then) = clock::parse(text) else {
            return false;
        };
        match operator {
            "gt" => at > then,
            "gte" => at >= then,
            "lt" => at < then,
            "lte" => at <= then,
            "neq" => at / 1000 != then / 1000,
            _ => at / 1000 == then / 1000,
        }
    })
}

fn check_filters(request: &Request, known: &[&str]) -> Result<(), Fault> {
    let unknown: Vec<&str> = request
        .query
        .iter()
        .map(|(key, _)| key.as_str())
        .filter(|key| {
            !CONTROLS.contains(key)
                && !known.contains(&key.trim_end_matches('~'))
                && *key != "glance_metadata"
        })
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Fault::bad(format!(
        "Invalid filters {} are found in query options.",
        unknown.join(", ")
    )))
}

/// Sort keys and directions, in order: `sort=name:asc,size` or the two older keys.
fn sorting(request: &Request) -> Result<Vec<(String, bool)>, Fault> {
    let mut list = Vec::new();
    if let Some(sort) = request.param("sort") {
        for one in sort.split(',') {
            let (key, dir) = one.split_once(':').unwrap_or((one, "desc"));
            list.push((key.to_owned(), dir));
        }
    } else if let Some(key) = request.param("sort_key") {
        list.push((key.to_owned(), request.param("sort_dir").unwrap_or("desc")));
    }
    list.into_iter()
        .map(|(key, dir)| match dir {
            "asc" => Ok((key, false)),
            "desc" => Ok((key, true)),
            _ => Err(Fault::bad(
                "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'.",
            )),
        })
        .collect()
}

fn sort<T>(
    request: &Request,
    rows: &mut [&T],
    key: impl Fn(&T, &str) -> Option<String>,
) -> Result<(), Fault> {
    for (name, reverse) in sorting(request)?.into_iter().rev() {
        if let Some(first) = rows.first()
            && key(first, &name).is_none()
        {
            return Err(Fault::bad("Invalid input received: Invalid sort key"));
        }
        order::by_key(rows, |row| key(row, &name));
        if reverse {
            rows.reverse();
        }
    }
    Ok(())
}

impl Cloud {
    pub(super) fn list_volumes(&self, request: &Request, detail: bool) -> Handled {
        check_filters(request, VOLUME)?;
        let all = request.caller.admin
            && request
                .param("all_tenants")
                .and_then(truth)
                .unwrap_or(false);
        let metadata = request.param("metadata").map(wanted_metadata).transpose()?;
        let like = request.from(34);
        let keep = |volume: &&Volume| {
            request.query.iter().all(|(key, value)| match key.as_str() {
                "name" => name_matches(volume.name.as_deref(), value, false),
                "name~" => name_matches(volume.name.as_deref(), value, like),
                "status" => volume.status == *value,
                "bootable" => truth(value) == Some(volume.bootable),
                "availability_zone" => volume.zone == *value,
                "volume_type" => volume.volume_type == *value,
                "size" => volume.size.to_string() == *value,
                "created_at" => time_matches(volume.created, value),
                "updated_at" => time_matches(volume.updated, value),
                "metadata" => metadata
                    .iter()
                    .flatten()
                    .all(|(k, v)| volume.metadata.get(k) == Some(v)),
                "group_id" | "migration_status" => false,
                _ => true,
            })
        };
        let rows = self
            .storage
            .volumes
            .iter()
            .rev()
            .filter(|volume| all || volume.project == request.caller.project);
        let mut rows: Vec<&Volume> = rows.filter(keep).collect();
        sort(request, &mut rows, |volume, key| {
            Some(match key {
                "created_at" => format!("{:020}", volume.created),
                "updated_at" => format!("{:020}", volume.updated),
                "size" => format!("{:020}", volume.size),
                "name" | "display_name" => volume.name.clone().unwrap_or_default(),
                "status" => volume.status.clone(),
                "id" => volume.id.clone(),
                "bootable" => volume.bootable.to_string(),
                "availability_zone" => volume.zone.clone(),
                _ => return None,
            })
        })?;
        let count = rows.len();
        let shown = |volume: &&Volume| {
            if detail {
                self.volume_view(request, volume)
            } else {
                json!({"id": volume.id, "name": volume.name, "links": links(request, "volumes", &volume.id)})
            }
        };
        let path = if detail {
            "/volumes/detail"
        } else {
            "/volumes"
        };
        let body = finish(request, "volumes", path, rows, |volume| &volume.id, shown)?;
        Ok(Answer::ok(counted(request, body, count)))
    }

    pub(super) fn list_snapshots(&self, request: &Request, detail: bool) -> Handled {
        check_filters(request, SNAPSHOT)?;
        let all = request.caller.admin
            && request
                .param("all_tenants")
                .and_then(truth)
                .unwrap_or(false);
        let metadata = request.param("metadata").map(wanted_metadata).transpose()?;
        let like = request.from(34);
        let keep = |snapshot: &&Snapshot| {
            request.query.iter().all(|(key, value)| match key.as_str() {
                "name" => name_matches(snapshot.name.as_deref(), value, false),
                "name~" => name_matches(snapshot.name.as_deref(), value, like),
                "status" => snapshot.status == *value,
                "volume_id" => snapshot.volume == *value,
                "created_at" => time_matches(snapshot.created, value),
                "updated_at" => time_matches(snapshot.updated, value),
                "metadata" => metadata
                    .iter()
                    .flatten()
                    .all(|(k, v)| snapshot.metadata.get(k) == Some(v)),
                "availability_zone" => value == crate::cloud::ZONE,
                _ => true,
            })
        };
        let rows = self
            .storage
            .snapshots
            .iter()
            .rev()
            .filter(|snapshot| all || snapshot.project == request.caller.project);
        let mut rows: Vec<&Snapshot> = rows.filter(keep).collect();
        sort(request, &mut rows, |snapshot, key| {
            Some(match key {
                "created_at" => format!("{:020}", snapshot.created),
                "updated_at" => format!("{:020}", snapshot.updated),
                "name" | "display_name" => snapshot.name.clone().unwrap_or_default(),
                "status" => snapshot.status.clone(),
                "id" => snapshot.id.clone(),
                "volume_id" => snapshot.volume.clone(),
                _ => return None,
            })
        })?;
        let count = rows.len();
        let path = if detail {
            "/snapshots/detail"
        } else {
            "/snapshots"
        };
        let body = finish(
            request,
            "snapshots",
            path,
            rows,
            |snapshot| &snapshot.id,
            |snapshot| self.snapshot_view(request, snapshot, detail),
        )?;
        Ok(Answer::ok(counted(request, body, count)))
    }

    pub(super) fn volume_summary(&self, request: &Request) -> Handled {
        let own: Vec<&Volume> = self
            .storage
            .volumes
            .iter()
            .filter(|volume| volume.project == request.caller.project)
            .collect();
        let size: u64 = own.iter().map(|volume| volume.size).sum();
        Ok(Answer::ok(
            json!({"volume-summary": {"total_size": size, "total_count": own.len()}}),
        ))
    }

    pub(super) fn list_attachments(&self, request: &Request) -> Handled {
        let own = self
            .storage
            .volumes
            .iter()
            .filter(|volume| volume.project == request.caller.project);
        let list: Vec<Value> = own
            .flat_map(|volume| volume.attachments.iter().map(move |one| (volume, one)))
            .map(|(volume, one)| json!({"id": one.id, "status": "attached", "instance": one.server, "volume_id": volume.id}))
            .collect();
        Ok(Answer::ok(json!({"attachments": list})))
    }
}

fn finish<T>(
    request: &Request,
    many: &str,
    path: &str,
    mut rows: Vec<&T>,
    id: impl Fn(&T) -> &str,
    shown: impl Fn(&&T) -> Value,
) -> Result<Value, Fault> {
    if let Some(offset) = request.param("offset") {
        let offset = offset
            .parse::<usize>()
            .map_err(|_| Fault::bad("offset param must be an integer"))?;
        rows.drain(..offset.min(rows.len()));
    }
    let marker = request.param("marker");
    let (rows, more) = page(rows, marker, limit(request)?, |row| id(row)).ok_or_else(|| {
        let one = if many == "volumes" {
            "Volume"
        } else {
            "Snapshot"
        };
        Fault::missing(format!(
            "{one} {} could not be found.",
            marker.unwrap_or("")
        ))
    })?;
    let list: Vec<Value> = rows.iter().map(shown).collect();
    let mut body = json!({many: list});
    if more && let Some(last) = rows.last() {
        body[format!("{many}_links")] = next_link(request, path, id(last));
    }
    Ok(body)
}

fn counted(request: &Request, mut body: Value, count: usize) -> Value {
    if request.from(45) && request.param("with_count").and_then(truth) == Some(true) {
        body["count"] = json!(count);
    }
    body
}
