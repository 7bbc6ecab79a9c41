//! Lists of servers: the filters a member has, and those that are dropped without a word.

use regex_lite::Regex;
use serde_json::{Value, json};

use super::{order::sort, state::Server, view::Floating};
use crate::{
    clock,
    cloud::Cloud,
    fault::Fault,
    python,
    query::{limit, next_link, page, truth},
    request::{Answer, Handled, Request},
};

/// Keys that the API's schema knows; any other is refused.
const KNOWN: &[&str] = &[
    "access_ip_v4",
    "access_ip_v6",
    "all_tenants",
    "auto_disk_config",
    "availability_zone",
    "block_device_mapping",
    "changes-before",
    "changes-since",
    "config_drive",
    "created_at",
    "deleted",
    "deleted_at",
    "description",
    "display_description",
    "display_name",
    "flavor",
    "host",
    "hostname",
    "image",
    "image_ref",
    "info_cache",
    "ip",
    "ip6",
    "kernel_id",
    "key_name",
    "launch_index",
    "launched_at",
    "limit",
    "locked",
    "locked_by",
    "marker",
    "metadata",
    "metadata_list",
    "name",
    "node",
    "not-tags",
    "not-tags-any",
    "pci_devices",
    "power_state",
    "progress",
    "project_id",
    "ramdisk_id",
    "reservation_id",
    "root_device_name",
    "security_groups",
    "services",
    "soft_deleted",
    "sort_dir",
    "sort_key",
    "status",
    "system_metadata",
    "tags",
    "tags-any",
    "task_state",
    "tenant_id",
    "terminated_at",
    "user_id",
    "uuid",
    "vm_state",
];

/// The filters that a member's request may hold; the other known ones are dropped.
const MEMBER: &[&str] = &[
    "reservation_id",
    "name",
    "status",
    "image",
    "flavor",
    "ip",
    "changes-since",
    "all_tenants",
    "ip6",
    "tags",
    "tags-any",
    "not-tags",
    "not-tags-any",
    "changes-before",
    "locked",
    "availability_zone",
    "config_drive",
    "key_name",
    "created_at",
    "launched_at",
    "terminated_at",
    "power_state",
    "task_state",
    "vm_state",
    "progress",
    "user_id",
    "hostname",
];

const ADMIN: &[&str] = &[
    "uuid",
    "launch_index",
    "metadata",
    "description",
    "display_name",
    "display_description",
    "project_id",
    "tenant_id",
    "root_device_name",
    "deleted",
];

/// Whether a text is a status word of the API.
fn is_status(word: &str) -> bool {
    const STATUSES: &[&str] = &[
        "ACTIVE",
        "BUILD",
        "DELETED",
        "ERROR",
        "HARD_REBOOT",
        "MIGRATING",
        "PASSWORD",
        "PAUSED",
        "REBOOT",
        "REBUILD",
        "RESCUE",
        "RESIZE",
        "REVERT_RESIZE",
        "SHELVED",
        "SHELVED_OFFLOADED",
        "SHUTOFF",
        "SOFT_DELETED",
        "SUSPENDED",
        "UNKNOWN",
        "VERIFY_RESIZE",
    ];
    STATUSES
        .iter()
        .any(|status| status.eq_ignore_ascii_case(word))
}

/// One filter, ready to be asked of many servers.
enum Filter<'a> {
    Text(&'a str, Vec<&'a str>),
    Pattern(&'a str, Regex),
    Tags(&'a str, Vec<&'a str>),
    Since(i64),
    Before(i64),
    Locked(bool),
    Metadata(Vec<(String, String)>),
}

impl Cloud {
    pub(super) fn list_servers(&self, request: &Request, detail: bool) -> Handled {
        for (key, _) in request.query {
            if !KNOWN.contains(&key.as_str()) && !key.starts_with('_') {
                return Err(Fault::bad(format!(
                    "{} does not match any of the regexes: '^_'",
                    python::repr(&json!(key))
                )));
            }
        }
        let all = request
            .param("all_tenants")
            .is_some_and(|text| truth(text).unwrap_or(text.is_empty()));
        if all && !request.caller.admin {
            return Err(Fault::policy(if detail {
                "os_compute_api:servers:detail:get_all_tenants"
            } else {
                "os_compute_api:servers:index:get_all_tenants"
            }));
        }
        let since = request.param("changes-since").is_some();
        let wants_deleted = request
            .params("status")
            .iter()
            .any(|status| status.eq_ignore_ascii_case("deleted"))
            || request.param("deleted").and_then(truth) == Some(true);
        let deleted = if request.caller.admin {
            wants_deleted || since
        } else {
            if request
                .params("status")
                .iter()
                .any(|status| status.eq_ignore_ascii_case("deleted"))
            {
                return Err(Fault::forbidden(
                    "Only administrators may list deleted instances",
                ));
            }
            since
        };
        if !request.params("status").iter().all(|word| is_status(word)) {
            return Err(Fault::bad("Invalid status value"));
        }
        let filters = self.filters(request)?;
        let floating = self.all_floating();
        let mut rows: Vec<&Server> = self
            .compute
            .servers
            .iter()
            .rev()
            .filter(|server| all || server.project == request.caller.project)
            .filter(|server| deleted || !server.deleted())
            .filter(|server| {
                filters
                    .iter()
                    .all(|filter| self.keeps(filter, server, &floating))
            })
            .collect();
        sort(request, &mut rows)?;
        let limit = limit(request)?;
        let marker = request.param("marker");
        let path = if detail {
            "/servers/detail"
        } else {
            "/servers"
        };
        let (rows, more) = page(rows, marker, limit, |server| &server.id)
            .ok_or_else(|| Fault::bad(format!("marker [{}] not found", marker.unwrap_or(""))))?;
        let shown: Vec<Value> = rows
            .iter()
            .map(|server| {
                if detail {
                    self.server_view(request, server, &floating, false)
                } else {
                    self.server_brief(request, server)
                }
            })
            .collect();
        let mut body = json!({"servers": shown});
        if more && let Some(last) = rows.last() {
            body["servers_links"] = next_link(request, path, &last.id);
        }
        Ok(Answer::ok(body))
    }

    fn filters<'a>(&self, request: &'a Request) -> Result<Vec<Filter<'a>>, Fault> {
        let mut filters: Vec<Filter> = Vec::new();
        for (key, value) in request.query {
            let (key, value) = (key.as_str(), value.as_str());
            let granted = MEMBER.contains(&key) || request.caller.admin && ADMIN.contains(&key);
            if !granted || key == "all_tenants" || key == "deleted" {
                continue;
            }
            let time = || {
                clock::parse(value).ok_or_else(|| Fault::bad(format!("Invalid input for query parameters {key}. Value: {value}. '{value}' is not a 'date-time'")))
            };
            let filter = match key {
                "changes-since" => Filter::Since(time()?),
                "changes-before" => Filter::Before(time()?),
                "tags" | "tags-any" | "not-tags" | "not-tags-any" if request.from(26) => {
                    Filter::Tags(key, value.split(',').collect())
                }
                "tags" | "tags-any" | "not-tags" | "not-tags-any" => continue,
                "name" | "ip" | "ip6" | "hostname" | "display_name" | "description" => {
                    match Regex::new(value) {
                        Ok(regex) => Filter::Pattern(key, regex),
                        Err(_) => {
                            return Err(Fault::bad(format!(
                                "Invalid input for query parameters {key}. Value: {value}. '{value}' is not a 'regex'"
                            )));
                        }
                    }
                }
                "locked" => match truth(value) {
                    Some(flag) => Filter::Locked(flag),
                    None => {
                        return Err(Fault::bad(format!(
                            "Unrecognized value '{value}', acceptable values are: '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
                        )));
                    }
                },
                "metadata" => match serde_json::from_str::<Value>(value) {
                    Ok(Value::Object(map)) => Filter::Metadata(
                        map.iter()
                            .map(|(k, v)| (k.clone(), python::text(v)))
                            .collect(),
                    ),
                    _ => continue,
                },
                _ => {
                    let known = filters.iter_mut().find_map(|filter| match filter {
                        Filter::Text(name, values) if *name == key => Some(values),
                        _ => None,
                    });
                    if let Some(values) = known {
                        // Only the status is ORed; of another filter the last value counts.
                        if !matches!(key, "status" | "vm_state" | "task_state") {
                            values.clear();
                        }
                        values.push(value);
                        continue;
                    }
                    Filter::Text(key, vec![value])
                }
            };
            filters.push(filter);
        }
        Ok(filters)
    }

    fn keeps(&self, filter: &Filter, server: &Server, floating: &Floating) -> bool {
        match filter {
            Filter::Since(at) => server.updated >= *at,
            Filter::Before(at) => server.updated <= *at,
            Filter::Locked(flag) => server.locked.is_some() == *flag,
            Filter::Metadata(pairs) => pairs
                .iter()
                .all(|(key, value)| server.metadata.get(key) == Some(value)),
            Filter::Tags(key, tags) => {
                let held =
                    |tag: &&str| !server.deleted() && server.tags.iter().any(|one| one == tag);
                match *key {
                    "tags" => tags.iter().all(held),
                    "tags-any" => tags.iter().any(held),
                    "not-tags" => !tags.iter().all(held),
                    _ => !tags.iter().any(held),
                }
            }
            Filter::Pattern(key, regex) => match *key {
                "ip" | "ip6" => self
                    .ips(server, floating)
                    .iter()
                    .any(|ip| ip.contains(':') == (*key == "ip6") && regex.is_match(ip)),
                "hostname" => regex.is_match(&server.hostname),
                "description" => server
                    .description
                    .as_deref()
                    .is_some_and(|text| regex.is_match(text)),
                _ => regex.is_match(&server.name),
            },
            Filter::Text(key, values) => values
                .iter()
                .any(|value| self.text_equals(server, key, value)),
        }
    }

    fn ips(&self, server: &Server, floating: &Floating) -> Vec<String> {
        let mut ips = Vec::new();
        for port in server
            .ports
            .iter()
            .filter_map(|one| self.network.get("ports", &one.id))
        {
            ips.extend(port.fixed_ips().into_iter().map(|(_, ip)| ip));
            ips.extend(
                floating
                    .get(port.id.as_str())
                    .into_iter()
                    .flatten()
                    .map(|(_, ip)| (*ip).to_owned()),
            );
        }
        ips
    }

    fn text_equals(&self, server: &Server, key: &str, value: &str) -> bool {
        let timed = |at: Option<i64>| {
            at.is_some() && at.map(|at| at / 1000) == clock::parse(value).map(|at| at / 1000)
        };
        match key {
            "reservation_id" => server.reservation == value,
            "status" => server.status().eq_ignore_ascii_case(value),
            "image" | "image_ref" => server.image == value,
            "flavor" => server.flavor == value,
            "key_name" => server.key_name.as_deref() == Some(value) && !server.deleted(),
            "availability_zone" => server.zone == value,
            "config_drive" => truth(value) == Some(server.config_drive),
            "vm_state" => server.vm_state == value,
            "task_state" => server.task_state.as_deref().unwrap_or("None") == value,
            "power_state" => server.power_state().to_string() == value,
            "user_id" => server.user == value,
            "progress" => value == "0",
            "created_at" => timed(Some(server.created)),
            "launched_at" => timed(server.launched),
            "terminated_at" => timed(server.terminated),
            "uuid" => server.id == value,
            "project_id" | "tenant_id" => server.project == value,
            "launch_index" => server.launch_index.to_string() == value,
            "root_device_name" => server.root_device == value,
            _ => true,
        }
    }
}
