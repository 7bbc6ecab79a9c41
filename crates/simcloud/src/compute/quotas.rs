//! How much of Nova a project may use.

use openstack_wire::Method;
use serde_json::{Map, Value, json};

use super::state::Flavor;
use crate::{
    cloud::Cloud,
    fault::Fault,
    limits::limit,
    request::{Answer, Handled, Request},
};

/// Names and defaults.
const LIMITS: &[(&str, i64)] = &[
    ("instances", 20),
    ("cores", 40),
    ("ram", 102_400),
    ("metadata_items", 128),
    ("key_pairs", 100),
    ("server_groups", 10),
    ("server_group_members", 10),
];

impl Cloud {
    pub(super) fn compute_limit(&self, project: &str, name: &str) -> i64 {
        limit(&self.compute.quotas, LIMITS, project, name)
    }

    /// Instances, cores and MiB in use.
    fn compute_used(&self, project: &str) -> (i64, i64, i64) {
        let mut used = (0, 0, 0);
        for server in self
            .compute
            .servers
            .iter()
            .filter(|server| server.project == project && !server.deleted())
        {
            let flavor = self.compute.flavors.get(&server.flavor);
            let number = |value: Option<u64>| i64::try_from(value.unwrap_or(0)).unwrap_or(0);
            used.0 += 1;
            used.1 += number(flavor.map(|flavor| flavor.vcpus));
            used.2 += number(flavor.map(|flavor| flavor.ram));
        }
        used
    }

    /// How many servers of the flavor are made: as many as asked for at most, fewer if the quota has room for fewer, though
    /// never fewer than asked for at least.
    pub(super) fn allowed_servers(
        &self,
        project: &str,
        least: u64,
        most: u64,
        flavor: &Flavor,
    ) -> Result<u64, Fault> {
        let used = self.compute_used(project);
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let needs = [
            ("instances", used.0, 1),
            ("cores", used.1, number(flavor.vcpus)),
            ("ram", used.2, number(flavor.ram)),
        ];
        let room = needs
            .iter()
            .filter(|need| need.2 > 0)
            .filter_map(|(name, used, each)| {
                let limit = self.compute_limit(project, name);
                (limit >= 0).then(|| limit.saturating_sub(*used).max(0) / each)
            })
            .min();
        let allowed = room
            .and_then(|room| u64::try_from(room).ok())
            .map_or(most, |room| room.min(most));
        if allowed >= least.max(1) {
            return Ok(allowed);
        }
        for (name, used, each) in needs {
            self.fits(project, name, used, number(most).saturating_mul(each))?;
        }
        Ok(most)
    }

    pub(super) fn check_resize_quota(
        &self,
        project: &str,
        cores: u64,
        ram: u64,
    ) -> Result<(), Fault> {
        let used = self.compute_used(project);
        self.fits(
            project,
            "cores",
            used.1,
            i64::try_from(cores).unwrap_or(i64::MAX),
        )?;
        self.fits(
            project,
            "ram",
            used.2,
            i64::try_from(ram).unwrap_or(i64::MAX),
        )
    }

    fn fits(&self, project: &str, name: &str, used: i64, wanted: i64) -> Result<(), Fault> {
        let limit = self.compute_limit(project, name);
        if limit >= 0 && used.saturating_add(wanted) > limit {
            return Err(Fault::forbidden(format!(
                "Quota exceeded for {name}: Requested {wanted}, but already used {used} of {limit} {name}"
            )));
        }
        Ok(())
    }

    pub(super) fn compute_quotas(&mut self, request: &Request, rest: &[&str]) -> Handled {
        let Some((project, rest)) = rest.split_first() else {
            return Err(Fault::no_route());
        };
        if !request.owns(project) && rest != ["defaults"] {
            return Err(Fault::policy("os_compute_api:os-quota-sets:show"));
        }
        match (request.method, rest) {
            (Method::Get, [] | ["defaults"]) => {
                let own = rest.is_empty();
                Ok(Answer::ok(
                    json!({"quota_set": self.quota_set(request, project, own)}),
                ))
            }
            (Method::Get, ["detail"]) => {
                let used = self.compute_used(project);
                let mut set = Map::new();
                set.insert("id".to_owned(), json!(project));
                for (name, _) in LIMITS {
                    let used = match *name {
                        "instances" => used.0,
                        "cores" => used.1,
                        "ram" => used.2,
                        _ => 0,
                    };
                    set.insert((*name).to_owned(), json!({"limit": self.compute_limit(project, name), "in_use": used, "reserved": 0}));
                }
                Ok(Answer::ok(json!({"quota_set": set})))
            }
            (Method::Put, []) => {
                if !request.caller.admin {
                    return Err(Fault::policy("os_compute_api:os-quota-sets:update"));
                }
                let given = super::inner(request.body, "quota_set")?
                    .as_object()
                    .cloned()
                    .unwrap_or_default();
                for (name, value) in given {
                    if name == "force" {
                        continue;
                    }
                    let limit = value
                        .as_i64()
                        .or_else(|| value.as_str()?.parse().ok())
                        .filter(|limit| *limit >= -1);
                    let known = LIMITS.iter().any(|row| row.0 == name);
                    let (true, Some(limit)) = (known, limit) else {
                        return Err(Fault::bad(format!(
                            "Invalid input for field/attribute quota_set. Value: {}. Additional properties are not allowed ('{name}' was unexpected)",
                            crate::python::text(&request.body["quota_set"])
                        )));
                    };
                    let used = self.compute_used(project);
                    let used = match name.as_str() {
                        "instances" => used.0,
                        "cores" => used.1,
                        "ram" => used.2,
                        _ => 0,
                    };
                    if (0..used).contains(&limit) {
                        return Err(Fault::bad(format!(
                            "Quota limit {limit} for {name} must be greater than or equal to already used and reserved {used}."
                        )));
                    }
                    self.compute
                        .quotas
                        .entry((*project).to_owned())
                        .or_default()
                        .insert(name, limit);
                }
                Ok(Answer::ok(
                    json!({"quota_set": self.quota_set(request, project, true)}),
                ))
            }
            (Method::Delete, []) if request.caller.admin => {
                self.compute.quotas.remove(*project);
                Ok(Answer::empty(202))
            }
            (Method::Delete, []) => Err(Fault::policy("os_compute_api:os-quota-sets:delete")),
            _ => Err(Fault::no_route()),
        }
    }

    fn quota_set(&self, request: &Request, project: &str, own: bool) -> Value {
        let mut set = Map::new();
        if request.method == Method::Get {
            set.insert("id".to_owned(), json!(project));
        }
        for (name, default) in LIMITS {
            set.insert(
                (*name).to_owned(),
                json!(if own {
                    self.compute_limit(project, name)
                } else {
                    *default
                }),
            );
        }
        Value::Object(set)
    }

    pub(super) fn compute_limits(&self, request: &Request) -> Handled {
        let project = match request.param("tenant_id") {
            Some(other) if !request.owns(other) => {
                return Err(Fault::policy("os_compute_api:limits:other_project"));
            }
            Some(other) => other,
            None => &request.caller.project,
        };
        let used = self.compute_used(project);
        let limit = |name: &str| self.compute_limit(project, name);
        let groups = self
            .compute
            .groups
            .iter()
            .filter(|group| group.project == project)
            .count();
        Ok(Answer::ok(json!({"limits": {"rate": [], "absolute": {
            "maxTotalInstances": limit("instances"),
            "maxTotalCores": limit("cores"),
            "maxTotalRAMSize": limit("ram"),
            "maxServerMeta": limit("metadata_items"),
            "maxTotalKeypairs": limit("key_pairs"),
            "maxServerGroups": limit("server_groups"),
            "maxServerGroupMembers": limit("server_group_members"),
            "totalRAMUsed": used.2,
            "totalCoresUsed": used.1,
            "totalInstancesUsed": used.0,
            "totalServerGroupsUsed": groups,
        }}})))
    }
}
