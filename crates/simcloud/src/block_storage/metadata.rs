//! Metadata of volumes and snapshots.

use indexmap::IndexMap;
use openstack_wire::Method;
use serde_json::{Value, json};

use super::volumes::{metadata_schema, snapshot_metadata_schema};
use crate::{
    cloud::Cloud,
    fault::Fault,
    python,
    request::{Answer, Handled, Request},
    schema,
};

type Pairs = IndexMap<String, String>;

/// Text pairs of a metadata object.
pub(super) fn pairs(value: Option<&Value>) -> Pairs {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), python::text(value)))
        .collect()
}

impl Cloud {
    pub(super) fn volume_metadata(
        &mut self,
        request: &Request,
        id: &str,
        rest: &[&str],
    ) -> Handled {
        let old = self.volume(request, id)?.metadata.clone();
        let (answer, new) = changed(request, "Volume", id, rest, old)?;
        let now = self.now;
        if let (Some(new), Some(volume)) = (new, self.storage.volumes.get_mut(id)) {
            volume.metadata = new;
            volume.updated = now;
        }
        Ok(answer)
    }

    pub(super) fn snapshot_metadata(
        &mut self,
        request: &Request,
        id: &str,
        rest: &[&str],
    ) -> Handled {
        let old = self.snapshot(request, id)?.metadata.clone();
        let (answer, new) = changed(request, "Snapshot", id, rest, old)?;
        let now = self.now;
        if let (Some(new), Some(snapshot)) = (new, self.storage.snapshots.get_mut(id)) {
            snapshot.metadata = new;
            snapshot.updated = now;
        }
        Ok(answer)
    }
}

fn changed(
    request: &Request,
    kind: &str,
    id: &str,
    rest: &[&str],
    mut pairs_now: Pairs,
) -> Result<(Answer, Option<Pairs>), Fault> {
    let absent = |key: &str| Fault::missing(format!("{kind} {id} has no metadata with key {key}."));
    let body = |name: &str| -> Result<Pairs, Fault> {
        let given = request.body.get(name).filter(|value| value.is_object());
        let given = given.ok_or_else(|| Fault::bad(format!("'{name}' is a required property")))?;
        let wrapped = json!({"type": "object", "properties": {name: if kind == "Volume" {
            metadata_schema()
        } else {
            snapshot_metadata_schema()
        }}});
        schema::check(&wrapped, request.body)?;
        Ok(pairs(Some(given)))
    };
    match (request.method, rest) {
        (Method::Get, []) => Ok((Answer::ok(json!({"metadata": pairs_now})), None)),
        (Method::Get, [key]) => {
            let value = pairs_now.get(*key).ok_or_else(|| absent(key))?;
            Ok((Answer::ok(json!({"meta": {*key: value}})), None))
        }
        (Method::Put | Method::Post, []) => {
            let given = body("metadata")?;
            if request.method == Method::Put {
                pairs_now.clear();
            }
            pairs_now.extend(given);
            Ok((Answer::ok(json!({"metadata": pairs_now})), Some(pairs_now)))
        }
        (Method::Put, [key]) => {
            let given = body("meta")?;
            let Some(value) = given.get(*key) else {
                return Err(Fault::bad("Request body and URI mismatch"));
            };
            if given.len() > 1 {
                return Err(Fault::bad("Request body contains too many items"));
            }
            pairs_now.insert((*key).to_owned(), value.clone());
            Ok((Answer::ok(json!({"meta": {*key: value}})), Some(pairs_now)))
        }
        (Method::Delete, [key]) => {
            pairs_now.shift_remove(*key).ok_or_else(|| absent(key))?;
            Ok((Answer::empty(200), Some(pairs_now)))
        }
        (_, [] | [_]) => Err(Fault::no_method()),
        // A slash in a key is decoded before the path is split.
        _ => Err(Fault::no_route()),
    }
}
