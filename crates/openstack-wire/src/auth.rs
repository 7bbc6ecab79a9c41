//! Keystone v3: the requests that give a token, and their replies.

use serde::Serialize;
use serde_json::{Value, json};

use crate::service::Catalog;
use crate::{Call, Fault, Method, Reply};

/// A user or a project: by id, or by name within a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By id.
    Id(String),
    /// By name within a domain.
    Name {
        /// Name.
        name: String,
        /// Domain that the name belongs to.
        domain: Domain,
    },
}

/// A domain, by id or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Domain {
    /// By id, `default`.
    Id(String),
    /// By name, `Default`.
    Name(String),
}

impl Domain {
    fn body(&self) -> Value {
        match self {
            Self::Id(id) => json!({ "id": id }),
            Self::Name(name) => json!({ "name": name }),
        }
    }
}

impl Named {
    fn body(&self) -> Value {
        match self {
            Self::Id(id) => json!({ "id": id }),
            Self::Name { name, domain } => json!({ "name": name, "domain": domain.body() }),
        }
    }
}

/// A token for a user and password.
///
/// ```
/// use openstack_wire::auth::{Domain, Named, password};
/// let user = Named::Name { name: "demo".into(), domain: Domain::Id("default".into()) };
/// let call = password(&user, "secret", Some(&Named::Id("p1".into())));
/// assert_eq!(call.path, "/auth/tokens");
/// assert_eq!(call.body.unwrap()["auth"]["scope"]["project"]["id"], "p1");
/// ```
pub fn password(user: &Named, password: &str, project: Option<&Named>) -> Call {
    let mut user = user.body();
    user["password"] = json!(password);
    tokens(
        json!({ "methods": ["password"], "password": { "user": user } }),
        project,
    )
}

/// A token for an application credential, which carries its own scope. `user` is needed when it is given by name.
pub fn application_credential(credential: &str, user: Option<&Named>, secret: &str) -> Call {
    let credential = match user {
        None => json!({ "id": credential, "secret": secret }),
        Some(user) => json!({ "name": credential, "user": user.body(), "secret": secret }),
    };
    tokens(
        json!({ "methods": ["application_credential"], "application_credential": credential }),
        None,
    )
}

/// A token for a token: another project, or a shorter catalogue.
pub fn token(token: &str, project: Option<&Named>) -> Call {
    tokens(
        json!({ "methods": ["token"], "token": { "id": token } }),
        project,
    )
}

fn tokens(identity: Value, project: Option<&Named>) -> Call {
    let mut auth = json!({ "identity": identity });
    if let Some(project) = project {
        auth["scope"] = json!({ "project": project.body() });
    }
    Call::new(Method::Post, "identity", "/auth/tokens").with_body(json!({ "auth": auth }))
}

/// A token for a signed EC2 request. `credentials` is the object that Keystone verifies: `access`, `signature`, `host`,
/// `verb`, `path`, `params`, `headers`, `body_hash`. Keystone demands a service or admin token as well: the driver adds it.
pub fn ec2tokens(credentials: &impl Serialize) -> Call {
    let credentials = serde_json::to_value(credentials).unwrap_or_default();
    Call::new(Method::Post, "identity", "/ec2tokens")
        .with_body(json!({ "credentials": credentials }))
}

/// What Keystone said about a token. `Debug` does not show the token itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The token, for `X-Auth-Token`.
    pub id: String,
    /// End of its life, RFC 3339 as Keystone wrote it.
    pub expires_at: String,
    /// User id.
    pub user_id: String,
    /// User name.
    pub user_name: String,
    /// Project id; `None` for an unscoped token.
    pub project_id: Option<String>,
    /// Project name.
    pub project_name: Option<String>,
    /// Role names.
    pub roles: Vec<String>,
    /// The services of the cloud.
    pub catalog: Catalog,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("user_id", &self.user_id)
            .field("project_id", &self.project_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Token {
    /// Reads the reply to one of this module's calls.
    ///
    /// # Errors
    /// The [`Fault`] that Keystone answered, or one with the reply's status that says what the reply lacks.
    pub fn from_reply(reply: &Reply) -> Result<Self, Fault> {
        if let Some(fault) = Fault::of(reply) {
            return Err(fault);
        }
        let lacks = |what: &str| Fault {
            status: reply.status,
            kind: None,
            message: format!(
                "The identity service's reply has no {what}; is the address one of a Keystone v3?"
            ),
        };
        let body: Value = serde_json::from_str(&reply.body).map_err(|_| lacks("JSON body"))?;
        let text = |pointer: &str| {
            body.pointer(pointer)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let header = reply
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("x-subject-token"));
        let roles = body.pointer("/token/roles").and_then(Value::as_array);
        Ok(Self {
            id: header
                .map(|(_, id)| id.clone())
                .ok_or_else(|| lacks("X-Subject-Token header"))?,
            expires_at: text("/token/expires_at").ok_or_else(|| lacks("token.expires_at"))?,
            user_id: text("/token/user/id").ok_or_else(|| lacks("token.user.id"))?,
            user_name: text("/token/user/name").unwrap_or_default(),
            project_id: text("/token/project/id"),
            project_name: text("/token/project/name"),
            roles: roles
                .into_iter()
                .flatten()
                .filter_map(|role| Some(role.get("name")?.as_str()?.to_owned()))
                .collect(),
            catalog: Catalog::from_token_body(&body),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_have_keystones_shape() {
        let user = Named::Name {
            name: "u".into(),
            domain: Domain::Name("Default".into()),
        };
        let project = Named::Name {
            name: "p".into(),
            domain: Domain::Id("default".into()),
        };
        let cases = [
            (
                password(&user, "s", Some(&project)),
                json!({"auth": {
                    "identity": {"methods": ["password"], "password": {"user": {"name": "u", "domain": {"name": "Default"}, "password": "s"}}},
                    "scope": {"project": {"name": "p", "domain": {"id": "default"}}},
                }}),
            ),
            (
                password(&Named::Id("1".into()), "s", None),
                json!({"auth": {"identity": {"methods": ["password"], "password": {"user": {"id": "1", "password": "s"}}}}}),
            ),
            (
                application_credential("c1", None, "s"),
                json!({"auth": {"identity": {"methods": ["application_credential"], "application_credential": {"id": "c1", "secret": "s"}}}}),
            ),
            (
                application_credential("ci", Some(&user), "s"),
                json!({"auth": {"identity": {"methods": ["application_credential"], "application_credential": {
                    "name": "ci", "user": {"name": "u", "domain": {"name": "Default"}}, "secret": "s"}}}}),
            ),
            (
                token("t", Some(&Named::Id("p2".into()))),
                json!({"auth": {"identity": {"methods": ["token"], "token": {"id": "t"}}, "scope": {"project": {"id": "p2"}}}}),
            ),
        ];
        for (call, body) in cases {
            assert_eq!(
                (call.method, call.service.as_str(), call.path.as_str()),
                (Method::Post, "identity", "/auth/tokens")
            );
            assert_eq!(call.body, Some(body));
        }
        let call = ec2tokens(&json!({"access": "a", "params": {"Action": "X"}}));
        assert_eq!(call.path, "/ec2tokens");
        assert_eq!(
            call.body.unwrap().pointer("/credentials/params/Action"),
            Some(&json!("X"))
        );
    }

    #[test]
    fn a_reply_is_read_or_says_what_it_lacks() {
        let body = json!({"token": {
            "expires_at": "2026-11-22T21:00:00.000000Z", "user": {"id": "u1", "name": "demo"},
            "project": {"id": "p1", "name": "demo"}, "roles": [{"id": "r", "name": "member"}, {}],
            "catalog": [{"type": "image", "endpoints": [{"interface": "public", "region_id": "R", "url": "http://i"}]}],
        }});
        let header = vec![("x-subject-token".to_owned(), "gAAA".to_owned())];
        let token = Token::from_reply(&Reply {
            status: 201,
            headers: header.clone(),
            body: body.to_string(),
        })
        .unwrap();
        assert_eq!(
            (
                token.id.as_str(),
                token.project_id.as_deref(),
                token.roles.as_slice()
            ),
            ("gAAA", Some("p1"), &["member".to_owned()][..])
        );
        assert_eq!(
            token.catalog.url("image", Some("R"), "public"),
            Some("http://i")
        );
        assert!(!format!("{token:?}").contains("gAAA"));

        let refusals = [
            (
                401,
                header.clone(),
                r#"{"error": {"code": 401, "title": "Unauthorized", "message": "No."}}"#.to_owned(),
                "No.",
            ),
            (201, vec![], body.to_string(), "X-Subject-Token"),
            (201, header.clone(), "{}".into(), "token.expires_at"),
            (200, header, "<html>".into(), "JSON body"),
        ];
        for (status, headers, body, expected) in refusals {
            let fault = Token::from_reply(&Reply {
                status,
                headers,
                body,
            })
            .unwrap_err();
            assert!(
                fault.message.contains(expected),
                "{} in {}",
                expected,
                fault.message
            );
        }
    }
}
