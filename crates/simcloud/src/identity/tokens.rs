//! Tokens: issued for a password, a token or an application credential; shown; revoked.

use openstack_wire::Call;
use serde_json::{Value, json};

use super::{administration, state::Token};
use crate::{
    clock::zulu_micros,
    cloud::Cloud,
    fault::Fault,
    request::{Answer, Handled, header},
};

/// Milliseconds that a token is good for.
const LIFE: i64 = 3_600_000;

fn subject(call: &Call) -> Result<&str, Fault> {
    header(call, "X-Subject-Token").ok_or_else(|| {
        Fault::forbidden(
            "You are not authorized to perform the requested action: identity:validate_token.",
        )
    })
}

/// The refusal of a token: one that is over, or a text that never was one.
fn stranger(token: &str) -> Fault {
    Fault::missing(if token.starts_with("gAAAA") && token.len() > 60 {
        "Failed to validate token"
    } else {
        "Could not recognize Fernet token"
    })
}

impl Cloud {
    pub(super) fn authenticate(&mut self, call: &Call) -> Handled {
        let body = call.body.as_ref().unwrap_or(&Value::Null);
        let auth = body.get("auth").ok_or_else(|| {
            Fault::bad("Expecting to find auth in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.")
        })?;
        let identity = &auth["identity"];
        let method = identity["methods"][0].as_str().unwrap_or("").to_owned();
        let mut before = None;
        let mut credential = None;
        let (user, own_project) = match method.as_str() {
            "password" => (self.by_password(&identity["password"]["user"])?, None),
            "token" => {
                let given = identity["token"]["id"].as_str().unwrap_or("");
                let token = self.live_token(given).ok_or_else(|| stranger(given))?;
                before = Some((token.methods.clone(), token.audit.clone()));
                (token.user.clone(), token.project.clone())
            }
            "application_credential" => {
                let (user, project, id) =
                    self.by_application_credential(&identity["application_credential"])?;
                credential = Some(id);
                (user, Some(project))
            }
            "" => return Err(Fault::bad("'identity' is a required property")),
            other => {
                return Err(Fault::bad(format!(
                    "Expecting to find {other} in identity. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error."
                )));
            }
        };
        let scope = auth.get("scope");
        let project = match scope.and_then(|scope| scope.get("project")) {
            Some(project) => {
                let name = project["id"]
                    .as_str()
                    .or(project["name"].as_str())
                    .unwrap_or("");
                let found = self
                    .identity
                    .project_named(name)
                    .map(|project| project.id.clone());
                Some(found.ok_or_else(Fault::unauthorized)?)
            }
            // Without a word the credential's or the user's own project is meant.
            None if scope.is_none() => own_project.or_else(|| {
                let user = self.identity.users.get(&user)?;
                user.roles.keys().next().cloned()
            }),
            None => None,
        };
        let user_row = self
            .identity
            .users
            .get(&user)
            .ok_or_else(Fault::unauthorized)?;
        if let Some(project) = &project
            && !user_row.roles.contains_key(project)
        {
            return Err(Fault::unauthorized());
        }
        let id = self.new_token(&user, project.as_deref(), &method);
        // A token that was got for a token tells the whole way.
        if let (Some((methods, audit)), Some(token)) = (before, self.identity.tokens.get_mut(&id)) {
            token.methods = methods;
            if !token.methods.contains(&method) {
                token.methods.push(method);
            }
            token.audit.extend(audit.last().cloned());
        }
        if let Some(token) = self.identity.tokens.get_mut(&id) {
            token.application_credential = credential;
        }
        let body = self.token_body(&id).ok_or_else(Fault::unauthorized)?;
        Ok(Answer::new(201, body).header("x-subject-token", id))
    }

    fn by_password(&self, given: &Value) -> Result<String, Fault> {
        let name = given["id"]
            .as_str()
            .or(given["name"].as_str())
            .unwrap_or("");
        let user = self
            .identity
            .user_named(name)
            .ok_or_else(Fault::unauthorized)?;
        if given["password"].as_str() != Some(&user.password) {
            return Err(Fault::unauthorized());
        }
        Ok(user.id.clone())
    }

    fn by_application_credential(&self, given: &Value) -> Result<(String, String, String), Fault> {
        let wanted_user = given["user"]["name"]
            .as_str()
            .or(given["user"]["id"].as_str())
            .and_then(|name| self.identity.user_named(name));
        let found =
            self.identity
                .application_credentials
                .iter()
                .find(|one| match given["id"].as_str() {
                    Some(id) => one.id == id,
                    None => {
                        given["name"].as_str() == Some(&one.name)
                            && wanted_user.is_some_and(|user| user.id == one.user)
                    }
                });
        if let (None, Some(id)) = (found, given["id"].as_str()) {
            return Err(Fault::missing(format!(
                "Could not find Application Credential: {id}."
            )));
        }
        let found = found.filter(|one| {
            given["secret"].as_str() == Some(&one.secret)
                && one.expires.is_none_or(|at| at > self.now)
        });
        let found = found.ok_or_else(Fault::unauthorized)?;
        Ok((found.user.clone(), found.project.clone(), found.id.clone()))
    }

    /// Makes a token; those that are over are forgotten at the same time.
    pub(crate) fn new_token(&mut self, user: &str, project: Option<&str>, method: &str) -> String {
        let now = self.now;
        self.identity.tokens.retain(|_, token| token.expires > now);
        let id = format!("gAAAAAB{}", self.ids.word(80));
        let token = Token {
            user: user.to_owned(),
            project: project.map(str::to_owned),
            methods: vec![method.to_owned()],
            issued: now,
            expires: now + LIFE,
            application_credential: None,
            audit: vec![self.ids.word(22)],
        };
        self.identity.tokens.insert(id.clone(), token);
        id
    }

    pub(super) fn token_body(&self, id: &str) -> Option<Value> {
        let token = self.live_token(id)?;
        let user = self.identity.users.get(&token.user)?;
        let domain = json!({"id": "default", "name": "Default"});
        let mut body = json!({
            "methods": token.methods,
            "user": {"domain": domain, "id": user.id, "name": user.name, "password_expires_at": null},
            "audit_ids": token.audit,
            "expires_at": zulu_micros(token.expires),
            "issued_at": zulu_micros(token.issued),
        });
        if let Some(project) = token
            .project
            .as_ref()
            .and_then(|id| self.identity.projects.get(id))
        {
            let role = user.roles.get(&project.id).map_or("member", String::as_str);
            body["project"] = json!({"domain": domain, "id": project.id, "name": project.name});
            body["is_domain"] = json!(false);
            body["roles"] = Value::Array(administration::roles_of(role));
            body["catalog"] = self.catalogue(&project.id);
        }
        let credential = token.application_credential.as_deref();
        if let Some(one) = credential.and_then(|id| self.identity.application_credentials.get(id)) {
            body["application_credential"] =
                json!({"id": one.id, "name": one.name, "restricted": true});
        }
        Some(json!({"token": body}))
    }

    pub(super) fn show_token(&self, call: &Call) -> Handled {
        let subject = subject(call)?;
        let body = self.token_body(subject).ok_or_else(|| stranger(subject))?;
        Ok(Answer::ok(body).header("x-subject-token", subject))
    }

    pub(super) fn revoke_token(&mut self, call: &Call) -> Handled {
        let subject = subject(call)?;
        match self.identity.tokens.remove(subject) {
            Some(_) => Ok(Answer::empty(204)),
            None => Err(stranger(subject)),
        }
    }
}
