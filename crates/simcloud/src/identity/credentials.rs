//! Access keys and application credentials of users.

use openstack_wire::Method;
use serde_json::{Value, json};

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
        self.own_user(request, user, "identity:ec2_list_credentials")?;
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
        let missing =
            |access: &str| Fault::missing(format!("Could not find credential: {access}."));
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
                let member = self
                    .identity
                    .users
                    .get(user)
                    .is_some_and(|row| row.roles.contains_key(&project));
                if !member {
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
        if !request.caller.admin {
            return Err(Fault::forbidden(
                "You are not authorized to perform the requested action: identity:ec2tokens_validate.",
            ));
        }
        let given = request
            .body
            .get("credentials")
            .or_else(|| request.body.get("ec2Credentials"))
            .unwrap_or(&Value::Null);
        let access = given["access"].as_str().unwrap_or("");
        let known = self
            .identity
            .credentials
            .get(access)
            .ok_or_else(Fault::unauthorized)?
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
                "unrestricted": false,
                "system": null,
                "roles": [{"id": "member00000000", "name": "member"}],
                "links": {"self": format!("{}/users/{}/application_credentials/{}", request.endpoint, one.user, one.id)},
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
                Ok(Answer::ok(
                    json!({"application_credentials": own, "links": {}}),
                ))
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
                    .ok_or_else(|| Fault::bad("'name' is a required property"))?;
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
