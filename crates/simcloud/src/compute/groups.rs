//! Server groups.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::{schemas, state::ServerGroup};
use crate::{
    cloud::Cloud,
    fault::Fault,
    python,
    request::{Answer, Handled, Request},
    schema,
};

impl Cloud {
    pub(super) fn server_groups(&mut self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => {
                let number = |key: &str, otherwise: usize| {
                    request
                        .param(key)
                        .and_then(|text| text.parse().ok())
                        .unwrap_or(otherwise)
                };
                let all = request.caller.admin && request.param("all_projects").is_some();
                let list: Vec<Value> = self
                    .compute
                    .groups
                    .iter()
                    .filter(|group| all || group.project == request.caller.project)
                    .skip(number("offset", 0))
                    .take(number("limit", crate::query::MOST))
                    .map(|group| self.group_view(request, group))
                    .collect();
                Ok(Answer::ok(json!({"server_groups": list})))
            }
            (Method::Post, []) => {
                schema::check(&schemas::server_group(request.version.1), request.body)?;
                let body = &request.body["server_group"];
                let limit = self.compute_limit(&request.caller.project, "server_groups");
                let used = self
                    .compute
                    .groups
                    .iter()
                    .filter(|group| group.project == request.caller.project)
                    .count();
                if usize::try_from(limit).is_ok_and(|most| used >= most) {
                    return Err(Fault::forbidden("Quota exceeded, too many server groups."));
                }
                let policy = body
                    .get("policy")
                    .or_else(|| body["policies"].get(0))
                    .map(python::text)
                    .unwrap_or_default();
                let most = body["rules"]
                    .get("max_server_per_host")
                    .and_then(|n| n.as_u64().or_else(|| n.as_str()?.parse().ok()));
                if most.is_some() && policy != "anti-affinity" {
                    return Err(Fault::bad("Only anti-affinity policy supports rules."));
                }
                let group = ServerGroup {
                    id: self.ids.uuid(),
                    project: request.caller.project.clone(),
                    user: request.caller.user.clone(),
                    name: body["name"].as_str().unwrap_or("").to_owned(),
                    policy,
                    max_server_per_host: most,
                };
                let shown = self.group_view(request, &group);
                self.compute.groups.insert(group);
                Ok(Answer::ok(json!({"server_group": shown})))
            }
            (Method::Get, [id]) => {
                let group = self.group(request, id)?;
                Ok(Answer::ok(
                    json!({"server_group": self.group_view(request, group)}),
                ))
            }
            (Method::Delete, [id]) => {
                self.group(request, id)?;
                self.compute.groups.remove(id);
                Ok(Answer::empty(204))
            }
            (_, [] | [_]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }

    fn group(&self, request: &Request, id: &str) -> Result<&ServerGroup, Fault> {
        let group = self
            .compute
            .groups
            .get(id)
            .filter(|group| request.owns(&group.project));
        group.ok_or_else(|| Fault::missing(format!("Instance group {id} could not be found.")))
    }

    fn group_view(&self, request: &Request, group: &ServerGroup) -> Value {
        let live = self
            .compute
            .servers
            .iter()
            .filter(|server| server.group.as_deref() == Some(&group.id) && !server.deleted());
        let members: Vec<&str> = live.map(|server| server.id.as_str()).collect();
        let mut body = json!({"id": group.id, "name": group.name});
        if request.from(64) {
            body["policy"] = json!(group.policy);
            body["rules"] = match group.max_server_per_host {
                Some(most) => json!({"max_server_per_host": most}),
                None => json!({}),
            };
        } else {
            body["policies"] = json!([group.policy]);
            body["metadata"] = json!({});
        }
        body["members"] = json!(members);
        if request.from(13) {
            body["project_id"] = json!(group.project);
            body["user_id"] = json!(group.user);
        }
        body
    }
}
