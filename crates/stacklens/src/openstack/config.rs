//! Which cloud, and as whom: `clouds.yaml` with `secure.yaml`, or the `OS_*` variables of an openrc file.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use openstack_wire::Call;
use openstack_wire::auth::{Domain, Named, application_credential, password};
use serde_json::Value;

/// Name of the cloud that the `OS_*` variables describe, as the OpenStack clients have it.
pub const FROM_ENVIRONMENT: &str = "envvars";

/// A cloud and a credential for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// Name in `clouds.yaml`.
    pub name: String,
    /// Address of Keystone, with or without version.
    pub auth_url: String,
    /// Region; `None` takes the catalogue's first.
    pub region: Option<String>,
    /// `public`, `internal` or `admin`.
    pub interface: String,
    /// Whether certificates are checked.
    pub verify: bool,
    /// File of further certificate authorities.
    pub cacert: Option<PathBuf>,
    login: Login,
}

#[derive(Clone, PartialEq, Eq)]
enum Login {
    Password {
        user: Named,
        password: String,
        project: Named,
    },
    ApplicationCredential {
        credential: String,
        user: Option<Named>,
        secret: String,
    },
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("name", &self.name)
            .field("auth_url", &self.auth_url)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// The call that gives a token.
    pub fn log_in(&self) -> Call {
        match &self.login {
            Login::Password {
                user,
                password: secret,
                project,
            } => password(user, secret, Some(project)),
            Login::ApplicationCredential {
                credential,
                user,
                secret,
            } => application_credential(credential, user.as_ref(), secret),
        }
    }

    /// Finds a cloud by its name, where the OpenStack clients look.
    pub fn find(name: &str) -> anyhow::Result<Self> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if name == FROM_ENVIRONMENT {
            return Self::from_entry(name, &environment(variable));
        }
        let mut places: Vec<PathBuf> = variable("OS_CLIENT_CONFIG_FILE")
            .map(PathBuf::from)
            .into_iter()
            .collect();
        places.push("clouds.yaml".into());
        let home = variable("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".config")));
        places.extend(home.map(|home| home.join("openstack/clouds.yaml")));
        places.push("/etc/openstack/clouds.yaml".into());
        let Some(path) = places.iter().find(|path| path.is_file()) else {
            let looked: Vec<String> = places
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            bail!(
                "there is no clouds.yaml; looked for {}. To use the OS_* variables write --os-cloud {FROM_ENVIRONMENT}",
                looked.join(", ")
            );
        };
        let secure = path.with_file_name("secure.yaml");
        let mut clouds = read(path)?;
        if secure.is_file() {
            merge(&mut clouds, read(&secure)?);
        }
        Self::from_clouds(name, &clouds).with_context(|| format!("in {}", path.display()))
    }

    fn from_clouds(name: &str, clouds: &Value) -> anyhow::Result<Self> {
        let known = clouds
            .get("clouds")
            .and_then(Value::as_object)
            .context("there is no mapping `clouds`")?;
        let Some(entry) = known.get(name) else {
            let names: Vec<&str> = known.keys().map(String::as_str).collect();
            bail!(
                "no cloud is named {name:?}; there are: {}",
                names.join(", ")
            );
        };
        Self::from_entry(name, entry)
    }

    fn from_entry(name: &str, entry: &Value) -> anyhow::Result<Self> {
        let auth = entry.get("auth").cloned().unwrap_or_default();
        let given = |key: &str| scalar(&auth, key).filter(|value| !value.is_empty());
        let need =
            |key: &str| given(key).with_context(|| format!("the cloud {name:?} lacks auth.{key}"));
        let user = || named(&given, "user_id", "username", "user_domain");
        let login = match given("application_credential_secret") {
            Some(secret) => match given("application_credential_id") {
                Some(credential) => Login::ApplicationCredential {
                    credential,
                    user: None,
                    secret,
                },
                None => Login::ApplicationCredential {
                    credential: need("application_credential_name")?,
                    user: Some(user().with_context(|| {
                        format!("the cloud {name:?} lacks auth.user_id or auth.username")
                    })?),
                    secret,
                },
            },
            None => Login::Password {
                user: user().with_context(|| format!("the cloud {name:?} lacks auth.username"))?,
                password: need("password")?,
                project: named(&given, "project_id", "project_name", "project_domain")
                    .or_else(|| named(&given, "tenant_id", "tenant_name", "project_domain"))
                    .with_context(|| format!("the cloud {name:?} lacks auth.project_name"))?,
            },
        };
        let text = |key: &str| scalar(entry, key).filter(|value| !value.is_empty());
        let interface = text("interface")
            .or_else(|| text("endpoint_type"))
            .unwrap_or_else(|| "public".into());
        let truth = |key: &str| {
            text(key).map(|value| {
                matches!(
                    value.to_ascii_lowercase().as_str(),
                    "true" | "yes" | "1" | "on"
                )
            })
        };
        Ok(Self {
            name: name.to_owned(),
            auth_url: need("auth_url")?,
            region: text("region_name"),
            interface: interface.trim_end_matches("URL").to_owned(),
            verify: truth("verify").unwrap_or(true) && !truth("insecure").unwrap_or(false),
            cacert: text("cacert").map(PathBuf::from),
            login,
        })
    }
}

/// The `OS_*` variables in the shape of an entry of `clouds.yaml`.
fn environment(variable: impl Fn(&str) -> Option<String>) -> Value {
    let mut auth = serde_json::Map::new();
    let mut entry = serde_json::Map::new();
    for key in [
        "auth_url",
        "username",
        "user_id",
        "password",
        "project_name",
        "project_id",
        "tenant_name",
        "tenant_id",
        "user_domain_name",
        "user_domain_id",
        "project_domain_name",
        "project_domain_id",
        "application_credential_id",
        "application_credential_name",
        "application_credential_secret",
    ] {
        if let Some(value) = variable(&format!("OS_{}", key.to_uppercase())) {
            auth.insert(key.into(), value.into());
        }
    }
    for key in [
        "region_name",
        "interface",
        "endpoint_type",
        "cacert",
        "insecure",
    ] {
        if let Some(value) = variable(&format!("OS_{}", key.to_uppercase())) {
            entry.insert(key.into(), value.into());
        }
    }
    entry.insert("auth".into(), auth.into());
    entry.into()
}

fn named(
    given: &impl Fn(&str) -> Option<String>,
    id: &str,
    name: &str,
    domain: &str,
) -> Option<Named> {
    if let Some(id) = given(id) {
        return Some(Named::Id(id));
    }
    let domain = given(&format!("{domain}_id"))
        .map(Domain::Id)
        .or_else(|| given(&format!("{domain}_name")).map(Domain::Name))
        .or_else(|| given("domain_id").map(Domain::Id))
        .or_else(|| given("domain_name").map(Domain::Name))
        .unwrap_or_else(|| Domain::Id("default".into()));
    Some(Named::Name {
        name: given(name)?,
        domain,
    })
}

/// A scalar as text: YAML makes a number of an unquoted password of digits.
fn scalar(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn read(path: &Path) -> anyhow::Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_saphyr::from_str(&text)
        .map_err(|error| anyhow::anyhow!("{} is no sound YAML: {error}", path.display()))
}

/// Puts what `further` says into `base`, member by member.
fn merge(base: &mut Value, further: Value) {
    match (base, further) {
        (Value::Object(base), Value::Object(further)) => {
            for (key, value) in further {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, further) => *base = further,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clouds(yaml: &str) -> Value {
        serde_saphyr::from_str(yaml).unwrap()
    }

    const PASSWORD: &str = "
clouds:
  lab:
    auth:
      auth_url: https://keystone.example/v3
      username: gateway
      password: 1234
      project_name: service
      user_domain_name: Default
    region_name: One
    endpoint_type: internalURL
    verify: false
  robot:
    auth_type: v3applicationcredential
    auth: { auth_url: 'http://k:5000', application_credential_id: c1, application_credential_secret: s }
  broken:
    auth: { auth_url: 'http://k:5000', username: me }
";

    #[test]
    fn clouds_yaml_is_read() {
        let clouds = clouds(PASSWORD);
        let lab = Config::from_clouds("lab", &clouds).unwrap();
        assert_eq!(
            (lab.region.as_deref(), lab.interface.as_str(), lab.verify),
            (Some("One"), "internal", false)
        );
        assert_eq!(
            lab.log_in().body.unwrap()["auth"]["identity"]["password"]["user"],
            json!({"name": "gateway", "domain": {"name": "Default"}, "password": "1234"})
        );
        assert!(!format!("{lab:?}").contains("1234"));
        let robot = Config::from_clouds("robot", &clouds).unwrap();
        assert_eq!(
            robot.log_in().body.unwrap()["auth"]["identity"]["application_credential"],
            json!({"id": "c1", "secret": "s"})
        );
        assert!(robot.verify);
        let mistakes = [
            (
                "nowhere",
                "no cloud is named \"nowhere\"; there are: lab, robot, broken",
            ),
            ("broken", "the cloud \"broken\" lacks auth.password"),
        ];
        for (name, expected) in mistakes {
            assert_eq!(
                Config::from_clouds(name, &clouds).unwrap_err().to_string(),
                expected
            );
        }
    }

    #[test]
    fn secrets_may_stand_in_a_file_of_their_own() {
        let mut all =
            clouds("clouds: {lab: {auth: {auth_url: 'http://k', username: u, project_id: p}}}");
        merge(
            &mut all,
            clouds("clouds: {lab: {auth: {password: hidden}}}"),
        );
        let config = Config::from_clouds("lab", &all).unwrap();
        assert_eq!(
            config.log_in().body.unwrap()["auth"]["scope"],
            json!({"project": {"id": "p"}})
        );
    }

    #[test]
    fn an_openrc_will_do() {
        let variables = [
            ("OS_AUTH_URL", "http://k/v3"),
            ("OS_USERNAME", "u"),
            ("OS_PASSWORD", "p"),
            ("OS_PROJECT_NAME", "x"),
            ("OS_INSECURE", "true"),
        ];
        let entry = environment(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        });
        let config = Config::from_entry(FROM_ENVIRONMENT, &entry).unwrap();
        assert_eq!(
            (config.auth_url.as_str(), config.verify),
            ("http://k/v3", false)
        );
        assert_eq!(
            config.log_in().body.unwrap()["auth"]["scope"]["project"]["domain"],
            json!({"id": "default"})
        );
    }
}
