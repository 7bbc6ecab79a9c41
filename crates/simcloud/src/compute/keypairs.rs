//! Key pairs. They belong to a user, not to a project.

use openstack_wire::Method;
use serde_json::{Value, json};

use super::{rsa, schemas, state::KeyPair};
use crate::{
    cloud::Cloud,
    fault::Fault,
    query::{limit, next_link, page},
    request::{Answer, Handled, Request},
    schema,
};

impl Cloud {
    pub(super) fn keypairs(&mut self, request: &Request, rest: &[&str]) -> Handled {
        let user = match request.param("user_id") {
            Some(other) if other != request.caller.user && !request.caller.admin => {
                return Err(Fault::policy("os_compute_api:os-keypairs:index"));
            }
            Some(other) if request.from(10) => other.to_owned(),
            _ => request.caller.user.clone(),
        };
        let own = self.compute.keypairs.entry(user.clone()).or_default();
        match (request.method, rest) {
            (Method::Get, []) => {
                let known = ["user_id", "limit", "marker"];
                let stranger = request
                    .query
                    .iter()
                    .find(|(key, _)| !known.contains(&key.as_str()));
                if let Some((key, _)) = stranger.filter(|_| request.from(75)) {
                    return Err(Fault::bad(format!(
                        "Additional properties are not allowed ('{key}' was unexpected)"
                    )));
                }
                let rows: Vec<&KeyPair> = own.values().collect();
                let most = if request.from(35) {
                    limit(request)?
                } else {
                    usize::MAX
                };
                let marker = request.param("marker").filter(|_| request.from(35));
                let (rows, more) =
                    page(rows, marker, most, |pair| &pair.name).ok_or_else(|| {
                        Fault::bad(format!(
                            "Marker {} could not be found.",
                            marker.unwrap_or("")
                        ))
                    })?;
                let list: Vec<Value> = rows
                    .iter()
                    .map(|pair| json!({"keypair": brief(request, pair)}))
                    .collect();
                let mut body = json!({"keypairs": list});
                if more && let Some(last) = rows.last() {
                    body["keypairs_links"] = next_link(request, "/os-keypairs", &last.name);
                }
                Ok(Answer::ok(body))
            }
            (Method::Post, []) => self.create_keypair(request),
            (Method::Get, [name]) => {
                let pair = own.get(*name).ok_or_else(|| missing(name, &user))?;
                let mut body = brief(request, pair);
                body["user_id"] = json!(user);
                body["id"] = json!(pair.number);
                body["deleted"] = json!(false);
                body["deleted_at"] = Value::Null;
                body["created_at"] = json!(crate::clock::micros(pair.created));
                body["updated_at"] = Value::Null;
                Ok(Answer::ok(json!({"keypair": body})))
            }
            (Method::Delete, [name]) => {
                own.remove(*name).ok_or_else(|| missing(name, &user))?;
                Ok(Answer::empty(if request.from(2) { 204 } else { 202 }))
            }
            (_, [] | [_]) => Err(Fault::no_method()),
            _ => Err(Fault::no_route()),
        }
    }

    fn create_keypair(&mut self, request: &Request) -> Handled {
        schema::check(&schemas::keypair(request.version.1), request.body)?;
        let body = &request.body["keypair"];
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let user = match text("user_id") {
            Some(other) if other != request.caller.user && !request.caller.admin => {
                return Err(Fault::policy("os_compute_api:os-keypairs:create"));
            }
            Some(other) => other.to_owned(),
            None => request.caller.user.clone(),
        };
        let name = text("name").unwrap_or("").to_owned();
        if name.trim() != name {
            return Err(Fault::bad(format!(
                "Invalid input for field/attribute name. Value: {name}. An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace."
            )));
        }
        let number = self.ids.number();
        let limit = self.compute_limit(&request.caller.project, "key_pairs");
        let own = self.compute.keypairs.entry(user.clone()).or_default();
        let kind = text("type").unwrap_or("ssh").to_owned();
        let given = text("public_key").map(|key| (key, rsa::fingerprint(key.trim())));
        if let Some((_, None)) = given
            && kind == "ssh"
        {
            return Err(Fault::bad(
                "Keypair data is invalid: failed to generate fingerprint",
            ));
        }
        if own.contains_key(&name) {
            return Err(Fault::conflict(format!(
                "Key pair '{name}' already exists."
            )));
        }
        if usize::try_from(limit).is_ok_and(|most| own.len() >= most) {
            return Err(Fault::forbidden("Quota exceeded, too many key pairs."));
        }
        let (public_key, private_key) = match text("public_key") {
            Some(given) => (given.trim().to_owned(), None),
            None => {
                let made = rsa::pair(number);
                (made.public_key, Some(made.private_key))
            }
        };
        let fingerprint = match (kind.as_str(), rsa::fingerprint(&public_key)) {
            (_, Some(fingerprint)) => fingerprint,
            ("x509", None) if public_key.contains("BEGIN CERTIFICATE") => sha1_like(&public_key),
            _ => {
                return Err(Fault::bad(
                    "Keypair data is invalid: failed to generate fingerprint",
                ));
            }
        };
        self.compute.keypair_count += 1;
        let pair = KeyPair {
            name: name.clone(),
            kind,
            public_key,
            fingerprint,
            created: self.now,
            number: self.compute.keypair_count,
        };
        let mut shown = brief(request, &pair);
        shown["user_id"] = json!(user);
        if let Some(private_key) = private_key {
            shown["private_key"] = json!(private_key);
        }
        own.insert(name, pair);
        Ok(Answer::new(
            if request.from(2) { 201 } else { 200 },
            json!({"keypair": shown}),
        ))
    }
}

/// A certificate's fingerprint in the form that Nova shows.
fn sha1_like(text: &str) -> String {
    use md5::{Digest, Md5};
    let hex: Vec<String> = Md5::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    hex.join(":")
}

fn brief(request: &Request, pair: &KeyPair) -> Value {
    let mut body =
        json!({"name": pair.name, "public_key": pair.public_key, "fingerprint": pair.fingerprint});
    if request.from(2) {
        body["type"] = json!(pair.kind);
    }
    body
}

fn missing(name: &str, user: &str) -> Fault {
    Fault::missing(format!("Keypair {name} not found for user {user}"))
}
