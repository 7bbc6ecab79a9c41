//! How much of Cinder a project may use.

use openstack_wire::Method;
use serde_json::{Map, Value, json};

use crate::{
    cloud::Cloud,
    fault::Fault,
    limits::limit,
    request::{Answer, Handled, Request},
};

/// Names and defaults.
const LIMITS: &[(&str, i64)] = &[
    ("volumes", 20),
    ("snapshots", 20),
    ("gigabytes", 1_000),
    ("backups", 10),
    ("backup_gigabytes", 1_000),
    ("groups", 10),
    ("per_volume_gigabytes", -1),
];

impl Cloud {
    fn storage_limit(&self, project: &str, name: &str) -> i64 {
        limit(&self.storage.quotas, LIMITS, project, name)
    }

    /// Volumes, snapshots and GiB in use.
    fn storage_used(&self, project: &str) -> (i64, i64, i64) {
        let mut used = (0, 0, 0);
        let gigabytes = |size: u64| i64::try_from(size).unwrap_or(i64::MAX);
        for volume in self
            .storage
            .volumes
            .iter()
            .filter(|volume| volume.project == project)
        {
            used.0 += 1;
            used.2 += gigabytes(volume.size);
        }
        for snapshot in self
            .storage
            .snapshots
            .iter()
            .filter(|snapshot| snapshot.project == project)
        {
            used.1 += 1;
            used.2 += gigabytes(snapshot.size);
        }
        used
    }

    /// Whether one more volume or snapshot of that size may be made.
    pub(super) fn check_storage_quota(
        &self,
        project: &str,
        kind: &'static str,
        size: u64,
    ) -> Result<(), Fault> {
        let each = self.storage_limit(project, "per_volume_gigabytes");
        if each >= 0 && u64::try_from(each).is_ok_and(|each| size > each) {
            return Err(Fault::new(
                413,
                format!(
                    "VolumeSizeExceedsLimit: Requested volume size {size}G is larger than maximum allowed limit {each}G."
                ),
            ));
        }
        self.check_gigabytes(project, size)?;
        let used = self.storage_used(project);
        let used = if kind == "volumes" { used.0 } else { used.1 };
        let limit = self.storage_limit(project, kind);
        if limit >= 0 && used >= limit {
            let (name, one) = if kind == "volumes" {
                ("VolumeLimitExceeded", "volumes")
            } else {
                ("SnapshotLimitExceeded", "snapshots")
            };
            let quota = if kind == "volumes" {
                format!(" for quota '{kind}'.")
            } else {
                String::new()
            };
            return Err(Fault::new(
                413,
                format!("{name}: Maximum number of {one} allowed ({limit}) exceeded{quota}"),
            ));
        }
        Ok(())
    }

    pub(super) fn check_gigabytes(&self, project: &str, wanted: u64) -> Result<(), Fault> {
        let limit = self.storage_limit(project, "gigabytes");
        let used = self.storage_used(project).2;
        let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
        if limit >= 0 && used.saturating_add(wanted) > limit {
            return Err(Fault::new(
                413,
                format!(
                    "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested {wanted}G, quota is {limit}G and {used}G has been consumed."
                ),
            ));
        }
        Ok(())
    }

    pub(super) fn storage_quotas(&mut self, request: &Request, rest: &[&str]) -> Handled {
        let Some((project, rest)) = rest.split_first() else {
            return Err(Fault::no_route());
        };
        if !request.owns(project) {
            return Err(Fault::policy("volume_extension:quotas:show"));
        }
        match (request.method, rest) {
            (Method::Get, [] | ["defaults"]) => {
                let used = self.storage_used(project);
                let usage = request
                    .param("usage")
                    .is_some_and(|text| text.eq_ignore_ascii_case("true"));
                let mut set = Map::new();
                set.insert("id".to_owned(), json!(project));
                for (name, default) in LIMITS {
                    let limit = if rest.is_empty() {
                        self.storage_limit(project, name)
                    } else {
                        *default
                    };
                    let in_use = match *name {
                        "volumes" => used.0,
                        "snapshots" => used.1,
                        "gigabytes" => used.2,
                        _ => 0,
                    };
                    let value = if usage {
                        json!({"limit": limit, "in_use": in_use, "reserved": 0})
                    } else {
                        json!(limit)
                    };
                    set.insert((*name).to_owned(), value);
                }
                // Each type has limits of its own, which nobody set.
                for kind in self.storage.types.iter().map(|one| &one.name) {
                    let of = |size: &dyn Fn(&super::state::Volume) -> u64| {
                        let own = self.storage.volumes.iter().filter(|volume| {
                            volume.project == **project && volume.volume_type == *kind
                        });
                        own.map(size).sum::<u64>()
                    };
                    for (name, in_use) in [
                        ("volumes", of(&|_| 1)),
                        ("gigabytes", of(&|volume| volume.size)),
                        ("snapshots", 0),
                    ] {
                        let value = if usage {
                            json!({"limit": -1, "in_use": in_use, "reserved": 0})
                        } else {
                            json!(-1)
                        };
                        set.insert(format!("{name}_{kind}"), value);
                    }
                }
                Ok(Answer::ok(json!({"quota_set": set})))
            }
            (Method::Put, []) => {
                if !request.caller.admin {
                    return Err(Fault::policy("volume_extension:quotas:update"));
                }
                let given = super::inner(request.body, "quota_set")?
                    .as_object()
                    .cloned()
                    .unwrap_or_default();
                for (name, value) in given {
                    let limit = value
                        .as_i64()
                        .or_else(|| value.as_str()?.parse().ok())
                        .filter(|limit| *limit >= -1);
                    let (true, Some(limit)) = (LIMITS.iter().any(|row| row.0 == name), limit)
                    else {
                        return Err(Fault::bad(format!("Bad key(s) in quota set: {name}")));
                    };
                    self.storage
                        .quotas
                        .entry((*project).to_owned())
                        .or_default()
                        .insert(name, limit);
                }
                let set: Map<String, Value> = LIMITS
                    .iter()
                    .map(|row| (row.0.to_owned(), json!(self.storage_limit(project, row.0))))
                    .collect();
                Ok(Answer::ok(json!({"quota_set": set})))
            }
            _ => Err(Fault::no_method()),
        }
    }

    pub(super) fn storage_limits(&self, request: &Request) -> Handled {
        let project = &request.caller.project;
        let used = self.storage_used(project);
        let limit = |name: &str| self.storage_limit(project, name);
        Ok(Answer::ok(json!({"limits": {"rate": [], "absolute": {
            "maxTotalVolumes": limit("volumes"),
            "maxTotalSnapshots": limit("snapshots"),
            "maxTotalVolumeGigabytes": limit("gigabytes"),
            "maxTotalBackups": limit("backups"),
            "maxTotalBackupGigabytes": limit("backup_gigabytes"),
            "totalVolumesUsed": used.0,
            "totalSnapshotsUsed": used.1,
            "totalGigabytesUsed": used.2,
            "totalBackupsUsed": 0,
            "totalBackupGigabytesUsed": 0,
        }}})))
    }
}
