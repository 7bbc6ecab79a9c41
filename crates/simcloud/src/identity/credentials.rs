//! Access keys and application credentials of users.

use openstack_wire::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    signature,
    state::{ApplicationCredential, Ec2Credential},
};
use crate::{
    clock,
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, Request},
};

impl Cloud {
    pub(super) fn ec2_credentials(
        &mut self,
        request: &Request,
        user: &str,
        rest: &[&str],
    ) -> Handled {
        let rule = match (request.method, rest) {
            (Method::Post, _) => "identity:ec2_create_credential",
            (Method::Delete, _) => "identity:ec2_delete_credential",
            (_, []) => "identity:ec2_list_credentials",
            _ => "identity:ec2_get_credential",
        };
        self.own_user(request, user, rule)?;
        let shown = |one: &Ec2Credential| {
            json!({
                "user_id": one.user,
                "tenant_id": one.project,
                "access": one.access,
                "secret": one.secret,
                "trust_id": null,
                "links": {"self": format!("{}/users/{}/credentials/OS-EC2/{}", request.endpoint, one.user, one.access)},
            })
        };
        // The credential's own id is a digest of the access key.
        let missing = |access: &str| {
            let id: String = Sha256::digest(access)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            Fault::missing(format!("Could not find credential: {id}."))
        };
        match (request.method, rest) {
            (Method::Get, []) => {
                let own: Vec<Value> = self
                    .identity
                    .credentials
                    .values()
                    .filter(|one| one.user == user)
                    .map(shown)
                    .collect();
                Ok(Answer::ok(json!({"credentials": own, "links": {}})))
            }
            (Method::Post, []) => {
                let project = request
                    .body
                    .get("tenant_id")
                    .and_then(Value::as_str)
                    .unwrap_or(&request.caller.project)
                    .to_owned();
                // Whether the user has a role there, only the use of the key shows.
                if !self.identity.projects.contains(&project) {
                    return Err(Fault::missing(format!(
                        "Could not find project: {project}."
                    )));
                }
                let one = Ec2Credential {
                    access: self.ids.hex(),
                    secret: self.ids.hex(),
                    user: user.to_owned(),
                    project,
                };
                let body = shown(&one);
                self.identity.credentials.insert(one.access.clone(), one);
                Ok(Answer::new(201, json!({"credential": body})))
            }
            (Method::Get, [access]) => {
                let one = self
                    .identity
                    .credentials
                    .get(*access)
                    .filter(|one| one.user == user)
                    .ok_or_else(|| missing(access))?;
                Ok(Answer::ok(json!({"credential": shown(one)})))
            }
            (Method::Delete, [access]) => {
                if self
                    .identity
                    .credentials
                    .get(*access)
                    .is_none_or(|one| one.user != user)
                {
                    return Err(missing(access));
                }
                self.identity.credentials.remove(*access);
                Ok(Answer::empty(204))
            }
            _ => Err(Fault::no_method()),
        }
    }

    /// A token for whoever signed a request; only a service may ask.
    pub(super) fn ec2_token(&mut self, request: &Request) -> Handled {
        let role = self
            .identity
            .users
            .get(&request.caller.user)
            .and_then(|user| user.roles.get(&request.caller.project));
        if !request.caller.admin && role.is_none_or(|role| role != "service") {
            return Err(Fault::forbidden(
                "You are not authorized to perform the requested action: identity:ec2tokens_validate.",
            ));
        }
        let given = request
            .body
            .get("credentials")
            .or_else(|| request.body.get("ec2Credentials"))
            .unwrap_or(&Value::Null);
        if given.is_null() {
            return Err(Fault::bad("request must include a request body"));
        }
        // Without a key to look up, Keystone does not say which one is missing.
        let access = given["access"].as_str().ok_or_else(Fault::unauthorized)?;
        let known = self
            .identity
            .credentials
            .get(access)
            .ok_or_else(|| Fault::missing("EC2 access key not found."))?
            .clone();
        if !signature::verify(given, &known.secret, self.now) {
            return Err(Fault::unauthorized());
        }
        let id = self.new_token(&known.user, Some(&known.project), "ec2credential");
        let body = self.token_body(&id).ok_or_else(Fault::unauthorized)?;
        Ok(Answer::ok(body).header("x-subject-token", id))
    }

    pub(super) fn application_credentials(
        &mut self,
        request: &Request,
        user: &str,
        rest: &[&str],
    ) -> Handled {
        self.own_user(request, user, "identity:list_application_credentials")?;
        let shown = |one: &ApplicationCredential| {
            json!({
                "id": one.id,
                "name": one.name,
                "description": one.description,
                "project_id": one.project,
                "user_id": one.user,
                "expires_at": one.expires.map(clock::zulu_micros),
                "unrestricted": null,
                "system": null,
                "roles": super::administration::ROLES
                    .iter()
                    .filter(|row| matches!(row.0, "member" | "reader"))
                    .map(|(name, id)| json!({"id": id, "name": name, "domain_id": null, "description": null, "options": {"immutable": true}}))
                    .collect::<Vec<_>>(),
                "links": {"self": format!("{}/application_credentials/{}", request.endpoint, one.id)},
            })
        };
        let missing =
            |id: &str| Fault::missing(format!("Could not find Application Credential: {id}."));
        let table = &self.identity.application_credentials;
        match (request.method, rest) {
            (Method::Get, []) => {
                let own: Vec<Value> = table
                    .iter()
                    .filter(|one| one.user == user)
                    .map(shown)
                    .collect();
                Ok(super::listed(request, "application_credentials", own))
            }
            (Method::Get, [id]) => {
                let one = table
                    .get(id)
                    .filter(|one| one.user == user)
                    .ok_or_else(|| missing(id))?;
                Ok(Answer::ok(json!({"application_credential": shown(one)})))
            }
            (Method::Post, []) => {
                let given = &request.body["application_credential"];
                let name = given["name"]
                    .as_str()
                    .filter(|name| !name.is_empty())
                    .ok_or_else(|| {
                        Fault::bad(format!(
                            "Invalid input for field/attribute application_credential. Value: {}. 'name' is a required property",
                            crate::python::text(given)
                        ))
                    })?;
                if table.iter().any(|one| one.user == user && one.name == name) {
                    return Err(Fault::conflict(format!(
                        "Conflict occurred attempting to store application_credential - Duplicate entry found with name {name}."
                    )));
                }
                let one = ApplicationCredential {
                    id: self.ids.hex(),
                    name: name.to_owned(),
                    secret: given["secret"]
                        .as_str()
                        .map_or_else(|| self.ids.word(64), str::to_owned),
                    user: user.to_owned(),
                    project: request.caller.project.clone(),
                    description: given["description"].as_str().map(str::to_owned),
                    expires: given["expires_at"].as_str().and_then(clock::parse),
                };
                let mut body = shown(&one);
                // The one time that the secret is told.
                body["secret"] = json!(one.secret);
                self.identity.application_credentials.insert(one);
                Ok(Answer::new(201, json!({"application_credential": body})))
            }
            (Method::Delete, [id]) => {
                table
                    .get(id)
                    .filter(|one| one.user == user)
                    .ok_or_else(|| missing(id))?;
                self.identity.application_credentials.remove(id);
                Ok(Answer::empty(204))
            }
            _ => Err(Fault::no_method()),
        }
    }
}
