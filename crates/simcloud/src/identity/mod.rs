//! Keystone: tokens, catalogue, projects, credentials.

mod administration;
mod catalogue;
mod credentials;
mod signature;
pub(crate) mod state;
mod tokens;
pub(crate) mod versions;

use openstack_wire::{Call, Method};
use serde_json::{Value, json};

use self::{
    administration::only_admin,
    state::{Project, Token},
};
use crate::{
    cloud::{Cloud, REGION},
    fault::{Fault, Service},
    request::{Answer, Caller, Handled, Request},
};

impl Cloud {
    /// Calls that need no token; `None` if this is not one of them.
    pub(crate) fn open_identity(&mut self, call: &Call, path: &[String]) -> Option<Handled> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let endpoint = self.endpoint(Service::Identity, "");
        match (call.method, path.as_slice()) {
            (Method::Get, []) => Some(Ok(Answer::ok(
                json!({"version": versions::identity(&endpoint)}),
            ))),
            (Method::Post, ["auth", "tokens"]) => Some(self.authenticate(call)),
            _ => None,
        }
    }

    pub(crate) fn handle_identity(&mut self, request: &Request, call: &Call) -> Handled {
        let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
        let caller = &request.caller;
        match (request.method, path.as_slice()) {
            (Method::Get | Method::Head, ["auth", "tokens"]) => self.show_token(call),
            (Method::Delete, ["auth", "tokens"]) => self.revoke_token(call),
            (Method::Get, ["auth", "catalog"]) => Ok(Answer::ok(
                json!({"catalog": self.catalogue(&caller.project), "links": {"self": format!("{}/auth/catalog", request.endpoint)}}),
            )),
            (Method::Get, ["auth", "projects"]) => {
                Ok(listed(request, "projects", self.projects_of(&caller.user)))
            }
            (Method::Post, ["ec2tokens"]) => self.ec2_token(request),
            (_, ["projects", rest @ ..]) => self.projects(request, rest),
            (_, ["users", rest @ ..]) => self.users(request, rest),
            (Method::Get, ["roles"]) => self.roles(request),
            (Method::Get, ["regions"]) => Ok(listed(request, "regions", vec![region(request)])),
            (Method::Get, ["regions", REGION]) => {
                Ok(Answer::ok(json!({"region": region(request)})))
            }
            (Method::Get, ["regions", id]) => {
                Err(Fault::missing(format!("Could not find region: {id}.")))
            }
            (Method::Get, ["domains"]) => {
                only_admin(request, "list_domains")?;
                Ok(listed(request, "domains", vec![domain(request)]))
            }
            (Method::Get, ["services"]) => {
                only_admin(request, "list_services")?;
                Ok(listed(request, "services", catalogue::services(request)))
            }
            (Method::Get, ["endpoints"]) => {
                only_admin(request, "list_endpoints")?;
                Ok(listed(request, "endpoints", self.endpoints(request)))
            }
            _ => Err(Fault::missing(format!(
                "(/{}): The resource could not be found.",
                path.join("/")
            ))),
        }
    }

    /// The caller that a token stands for.
    pub(crate) fn caller(&self, token: Option<&str>) -> Result<Caller, Fault> {
        let token = token
            .and_then(|token| self.live_token(token))
            .ok_or_else(Fault::unauthorized)?;
        let user = self
            .identity
            .users
            .get(&token.user)
            .ok_or_else(Fault::unauthorized)?;
        let project = token.project.clone().unwrap_or_default();
        let admin = user.roles.get(&project).is_some_and(|role| role == "admin");
        Ok(Caller {
            user: user.id.clone(),
            project,
            admin,
        })
    }

    fn live_token(&self, token: &str) -> Option<&Token> {
        self.identity
            .tokens
            .get(token)
            .filter(|token| token.expires > self.now)
    }

    fn own_user(&self, request: &Request, id: &str, rule: &str) -> Result<(), Fault> {
        if request.caller.user == id || request.caller.admin {
            return Ok(());
        }
        Err(Fault::forbidden(format!(
            "You are not authorized to perform the requested action: {rule}."
        )))
    }

    fn project_view(&self, project: &Project) -> Value {
        json!({
            "id": project.id,
            "name": project.name,
            "domain_id": "default",
            "parent_id": "default",
            "enabled": true,
            "is_domain": false,
            "description": project.description,
            "tags": [],
            "options": {},
            "links": {"self": format!("{}/projects/{}", self.endpoint(Service::Identity, ""), project.id)},
        })
    }

    fn projects_of(&self, user: &str) -> Vec<Value> {
        let user = self.identity.users.get(user);
        let projects = self
            .identity
            .projects
            .iter()
            .filter(|project| user.is_some_and(|user| user.roles.contains_key(&project.id)));
        projects.map(|project| self.project_view(project)).collect()
    }
}

/// A list as Keystone writes it: all rows, with links around.
pub(super) fn listed(request: &Request, many: &str, rows: Vec<Value>) -> Answer {
    let mut address = format!("{}/{}", request.endpoint, request.path.join("/"));
    for (at, (key, value)) in request.query.iter().enumerate() {
        let mark = if at == 0 { '?' } else { '&' };
        address.push_str(&format!("{mark}{key}={value}"));
    }
    Answer::ok(json!({many: rows, "links": {"next": null, "self": address, "previous": null}}))
}

fn domain(request: &Request) -> Value {
    json!({
        "id": "default",
        "name": "Default",
        "description": "The default domain",
        "enabled": true,
        "tags": [],
        "options": {},
        "links": {"self": format!("{}/domains/default", request.endpoint)},
    })
}

fn region(request: &Request) -> Value {
    json!({
        "id": REGION,
        "description": "",
        "parent_region_id": null,
        "links": {"self": format!("{}/regions/{REGION}", request.endpoint)},
    })
}
