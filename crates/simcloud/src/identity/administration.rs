//! Projects, users and roles, as an administrator makes and gives them.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::{
    listed,
    state::{Project, User},
};
use crate::{
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

/// Name and id of each role that a fresh Keystone has.
pub(super) const ROLES: &[(&str, &str)] = &[
    ("member", "401e0000000000000000000000000001"),
    ("reader", "401e0000000000000000000000000002"),
    ("manager", "401e0000000000000000000000000003"),
    ("service", "401e0000000000000000000000000004"),
    ("admin", "401e0000000000000000000000000005"),
];

/// A role in a token: with those it implies.
pub(super) fn roles_of(role: &str) -> Vec<Value> {
    let implied: &[&str] = match role {
        "admin" => &["manager", "member", "reader"],
        "manager" => &["member", "reader"],
        "member" => &["reader"],
        _ => &[],
    };
    ROLES
        .iter()
        .filter(|row| row.0 == role || implied.contains(&row.0))
        .map(|row| json!({"id": row.1, "name": row.0}))
        .collect()
}

/// A name given for a new project or user.
fn name_in<'a>(body: &'a Value, one: &str) -> Result<&'a str, Fault> {
    let given = body
        .get(one)
        .ok_or_else(|| Fault::bad(format!("'{one}' is a required property")))?;
    given["name"]
        .as_str()
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            Fault::bad(format!(
                "Invalid input for field/attribute {one}. Value: {}. 'name' is a required property",
                crate::python::text(given)
            ))
        })
}

/// Refuses whoever is no administrator.
pub(super) fn only_admin(request: &Request, rule: &str) -> Result<(), Fault> {
    if request.caller.admin {
        return Ok(());
    }
    Err(Fault::forbidden(format!(
        "You are not authorized to perform the requested action: identity:{rule}."
    )))
}

impl Cloud {
    pub(super) fn projects(&mut self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => {
                only_admin(request, "list_projects")?;
                let name = request.param("name");
                let rows = self
                    .identity
                    .projects
                    .iter()
                    .filter(|project| name.is_none_or(|name| name == project.name))
                    .map(|project| self.project_view(project))
                    .collect();
                Ok(listed(request, "projects", rows))
            }
            (Method::Post, []) => {
                only_admin(request, "create_project")?;
                let name = name_in(request.body, "project")?.to_owned();
                if self.identity.projects.iter().any(|one| one.name == name) {
                    // The id is the one that the new project would have had.
                    return Err(Fault::conflict(format!(
                        "Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name or same id in the same domain: name is {name}, project id {}.",
                        self.ids.hex()
                    )));
                }
                let project = Project {
                    id: self.ids.hex(),
                    name,
                    description: request.body["project"]["description"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                };
                let body = self.project_view(&project);
                self.identity.projects.insert(project);
                Ok(Answer::new(201, json!({"project": body})))
            }
            (Method::Get, [id]) => match self.identity.projects.get(id) {
                Some(project) if request.owns(&project.id) => {
                    Ok(Answer::ok(json!({"project": self.project_view(project)})))
                }
                None if request.caller.admin => {
                    Err(Fault::missing(format!("Could not find project: {id}.")))
                }
                _ => only_admin(request, "get_project").map(|()| Answer::empty(200)),
            },
            (Method::Delete, [id]) => {
                only_admin(request, "delete_project")?;
                if self.identity.projects.remove(id).is_none() {
                    return Err(Fault::missing(format!("Could not find project: {id}.")));
                }
                self.forget_project(id);
                Ok(Answer::empty(204))
            }
            (method, [project, "users", user, "roles", role]) => {
                self.grant(request, method, project, user, role)
            }
            _ => Err(Fault::no_route()),
        }
    }

    /// What the identity service kept for a project that is gone. What other services have in it stays, as in a real cloud.
    fn forget_project(&mut self, id: &str) {
        self.identity
            .tokens
            .retain(|_, token| token.project.as_deref() != Some(id));
        self.identity.credentials.retain(|_, key| key.project != id);
        for user in self.identity.users.iter_mut() {
            user.roles.remove(id);
        }
    }

    fn grant(
        &mut self,
        request: &Request,
        method: Method,
        project: &str,
        user: &str,
        role: &str,
    ) -> Handled {
        let rule = match method {
            Method::Put => "create_grant",
            Method::Delete => "revoke_grant",
            _ => "check_grant",
        };
        only_admin(request, rule)?;
        let name = ROLES
            .iter()
            .find(|row| row.1 == role)
            .map(|row| row.0)
            .ok_or_else(|| Fault::missing(format!("Could not find role: {role}.")))?;
        if !self.identity.projects.contains(project) {
            return Err(Fault::missing(format!(
                "Could not find project: {project}."
            )));
        }
        let row = self
            .identity
            .users
            .get_mut(user)
            .ok_or_else(|| Fault::missing(format!("Could not find user: {user}.")))?;
        let has = row.roles.get(project).is_some_and(|own| own == name);
        match method {
            Method::Put => {
                row.roles.insert(project.to_owned(), name.to_owned());
            }
            Method::Get | Method::Head | Method::Delete if !has => {
                return Err(Fault::missing(format!(
                    "Could not find role assignment with role: {role}, user or group: {user}, project, domain, or system: {project}."
                )));
            }
            Method::Delete => {
                row.roles.remove(project);
            }
            Method::Get | Method::Head => {}
            _ => return Err(Fault::no_method()),
        }
        Ok(Answer::empty(204))
    }

    pub(super) fn users(&mut self, request: &Request, rest: &[&str]) -> Handled {
        match (request.method, rest) {
            (Method::Get, []) => {
                only_admin(request, "list_users")?;
                let name = request.param("name");
                let rows = self
                    .identity
                    .users
                    .iter()
                    .filter(|user| name.is_none_or(|name| name == user.name))
                    .map(|user| user_view(request, user))
                    .collect();
                Ok(listed(request, "users", rows))
            }
            (Method::Post, []) => {
                only_admin(request, "create_user")?;
                let name = name_in(request.body, "user")?.to_owned();
                if self.identity.users.iter().any(|one| one.name == name) {
                    return Err(Fault::conflict(format!(
                        "Conflict occurred attempting to store user - Duplicate entry found with name {name} at domain ID default."
                    )));
                }
                let user = User {
                    id: self.ids.hex(),
                    name,
                    password: request.body["user"]["password"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                    roles: Default::default(),
                };
                let body = user_view(request, &user);
                self.identity.users.insert(user);
                Ok(Answer::new(201, json!({"user": body})))
            }
            (Method::Get, [id]) => {
                self.own_user(request, id, "identity:get_user")?;
                let user = self
                    .identity
                    .users
                    .get(id)
                    .ok_or_else(|| Fault::missing(format!("Could not find user: {id}.")))?;
                Ok(Answer::ok(json!({"user": user_view(request, user)})))
            }
            (Method::Delete, [id]) => {
                only_admin(request, "delete_user")?;
                if self.identity.users.remove(id).is_none() {
                    return Err(Fault::missing(format!("Could not find user: {id}.")));
                }
                self.identity.tokens.retain(|_, token| token.user != *id);
                self.identity.credentials.retain(|_, key| key.user != *id);
                Ok(Answer::empty(204))
            }
            (Method::Get, [id, "projects"]) => {
                self.own_user(request, id, "identity:list_user_projects")?;
                Ok(listed(request, "projects", self.projects_of(id)))
            }
            (_, [id, "credentials", "OS-EC2", rest @ ..]) => {
                self.ec2_credentials(request, id, rest)
            }
            (_, [id, "application_credentials", rest @ ..]) => {
                self.application_credentials(request, id, rest)
            }
            _ => Err(Fault::no_route()),
        }
    }

    pub(super) fn roles(&self, request: &Request) -> Handled {
        only_admin(request, "list_roles")?;
        let name = request.param("name");
        let rows = ROLES
            .iter()
            .filter(|row| name.is_none_or(|name| name == row.0))
            .map(|(name, id)| {
                json!({
                    "id": id,
                    "name": name,
                    "domain_id": null,
                    "description": null,
                    "options": {"immutable": true},
                    "links": {"self": format!("{}/roles/{id}", request.endpoint)},
                })
            })
            .collect();
        Ok(listed(request, "roles", rows))
    }
}

fn user_view(request: &Request, user: &User) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "domain_id": "default",
        "enabled": true,
        "password_expires_at": null,
        "options": {},
        "links": {"self": format!("{}/users/{}", request.endpoint, user.id)},
    })
}
