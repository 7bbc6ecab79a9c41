//! What Keystone keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    clock::Millis,
    table::{Row, Table},
};

/// A project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
}

impl Row for Project {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) password: String,
    /// Role name by project.
    pub(crate) roles: BTreeMap<String, String>,
}

impl Row for User {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) user: String,
    /// None for a token without a scope.
    pub(crate) project: Option<String>,
    /// How it was got, and how the token was that it was got for.
    pub(crate) methods: Vec<String>,
    pub(crate) issued: Millis,
    pub(crate) expires: Millis,
    /// The id of the application credential it was got for.
    pub(crate) application_credential: Option<String>,
    pub(crate) audit: Vec<String>,
}

/// An access key with its secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ec2Credential {
    pub(crate) access: String,
    pub(crate) secret: String,
    pub(crate) user: String,
    pub(crate) project: String,
}

/// An application credential.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ApplicationCredential {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) secret: String,
    pub(crate) user: String,
    pub(crate) project: String,
    pub(crate) description: Option<String>,
    pub(crate) expires: Option<Millis>,
}

impl Row for ApplicationCredential {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The identity service's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct IdentityState {
    pub(crate) projects: Table<Project>,
    pub(crate) users: Table<User>,
    pub(crate) tokens: BTreeMap<String, Token>,
    pub(crate) credentials: BTreeMap<String, Ec2Credential>,
    pub(crate) application_credentials: Table<ApplicationCredential>,
}

impl IdentityState {
    pub(crate) fn user_named(&self, name: &str) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.name == name || user.id == name)
    }

    pub(crate) fn project_named(&self, name: &str) -> Option<&Project> {
        self.projects
            .iter()
            .find(|project| project.name == name || project.id == name)
    }
}
