//! Keystone: tokens, catalogue, projects, credentials.

mod catalogue;
mod credentials;
mod signature;
pub(crate) mod state;
mod tokens;
pub(crate) mod versions;

use openstack_wire::{Call, Method};
use serde_json::{Value, json};

use self::state::{Project, Token, User};
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
            (Method::Get, ["auth", "projects"]) => Ok(Answer::ok(
                json!({"projects": self.projects_of(&caller.user), "links": {}}),
            )),
            (Method::Post, ["ec2tokens"]) => self.ec2_token(request),
            (Method::Get, ["projects"]) => {
                if !caller.admin {
                    return Err(Fault::forbidden(
                        "You are not authorized to perform the requested action: identity:list_projects.",
                    ));
                }
                let list: Vec<Value> = self
                    .identity
                    .projects
                    .iter()
                    .map(|project| self.project_view(project))
                    .collect();
                Ok(Answer::ok(json!({"projects": list, "links": {}})))
            }
            (Method::Get, ["projects", id]) => match self.identity.projects.get(id) {
                Some(project) if request.owns(&project.id) => {
                    Ok(Answer::ok(json!({"project": self.project_view(project)})))
                }
                Some(_) => Err(Fault::forbidden(
                    "You are not authorized to perform the requested action: identity:get_project.",
                )),
                None => Err(Fault::missing(format!("Could not find project: {id}."))),
            },
            (Method::Get, ["users"]) => {
                if !caller.admin {
                    return Err(Fault::forbidden(
                        "You are not authorized to perform the requested action: identity:list_users.",
                    ));
                }
                let list: Vec<Value> = self.identity.users.iter().map(user_view).collect();
                Ok(Answer::ok(json!({"users": list, "links": {}})))
            }
            (Method::Get, ["users", id]) => {
                self.own_user(request, id, "identity:get_user")?;
                let user = self
                    .identity
                    .users
                    .get(id)
                    .ok_or_else(|| Fault::missing(format!("Could not find user: {id}.")))?;
                Ok(Answer::ok(json!({"user": user_view(user)})))
            }
            (Method::Get, ["users", id, "projects"]) => {
                self.own_user(request, id, "identity:list_user_projects")?;
                Ok(Answer::ok(
                    json!({"projects": self.projects_of(id), "links": {}}),
                ))
            }
            (_, ["users", id, "credentials", "OS-EC2", rest @ ..]) => {
                self.ec2_credentials(request, id, rest)
            }
            (_, ["users", id, "application_credentials", rest @ ..]) => {
                self.application_credentials(request, id, rest)
            }
            (Method::Get, ["regions"]) => {
                Ok(Answer::ok(json!({"regions": [region()], "links": {}})))
            }
            (Method::Get, ["regions", REGION]) => Ok(Answer::ok(json!({"region": region()}))),
            (Method::Get, ["regions", id]) => {
                Err(Fault::missing(format!("Could not find region: {id}.")))
            }
            (Method::Get, ["domains"]) if caller.admin => {
                Ok(Answer::ok(json!({"domains": [domain()], "links": {}})))
            }
            (Method::Get, ["services" | "endpoints" | "roles" | "domains"]) if !caller.admin => {
                Err(Fault::forbidden(format!(
                    "You are not authorized to perform the requested action: identity:list_{}.",
                    path[0]
                )))
            }
            (_, ["services" | "endpoints" | "roles" | "domains"]) => {
                Ok(Answer::ok(json!({path[0]: [], "links": {}})))
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
            "description": "",
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

fn domain() -> Value {
    json!({"id": "default", "name": "Default", "enabled": true, "description": "The default domain", "options": {}, "tags": []})
}

fn region() -> Value {
    json!({"id": REGION, "description": "", "parent_region_id": null, "links": {}})
}

fn user_view(user: &User) -> Value {
    json!({"id": user.id, "name": user.name, "domain_id": "default", "enabled": true, "options": {}, "password_expires_at": null})
}
