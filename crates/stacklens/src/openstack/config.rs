//! Which cloud, and as whom: one entry of `clouds.yaml`, read and checked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use openstack_wire::Call;
use openstack_wire::auth::{Domain, Named, application_credential, password};
use openstack_wire::service::canonical;
use serde_json::Value;

use super::clouds_yaml::Places;

/// A cloud, and a credential for it.
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
    /// How the services prove who they are, and we to them.
    pub tls: Tls,
    /// Addresses that stand in for the catalogue's, by service.
    pub endpoints: BTreeMap<String, String>,
    /// Who logs in; or what the entry lacks for that. A cloud may be used with the credential of another entry.
    login: Result<Login, String>,
}

/// How connections are secured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// Whether certificates are checked.
    pub verify: bool,
    /// File of further certificate authorities.
    pub cacert: Option<PathBuf>,
    /// Our own certificate.
    pub cert: Option<PathBuf>,
    /// Its key, if that is a file of its own.
    pub key: Option<PathBuf>,
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
    /// Finds a cloud by its name, where the OpenStack clients look.
    ///
    /// # Errors
    /// What is missing or wrong, with the file and the mend.
    pub fn find(name: &str) -> anyhow::Result<Self> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Places::usual(&variable).find(name)
    }

    /// The entry with the credential that verifies signatures, if it is another one than the cloud's own: the one that is
    /// given, or that `STACKLENS_SERVICE_CLOUD` names.
    ///
    /// # Errors
    /// As [`Config::find`], with where the name came from.
    pub fn find_service(given: Option<&str>) -> anyhow::Result<Option<Self>> {
        if let Some(name) = given {
            return Self::find(name).context("--service-os-cloud").map(Some);
        }
        // Read here, not by the option: the variable may stay set while the embedded cloud is served.
        match std::env::var("STACKLENS_SERVICE_CLOUD") {
            Ok(name) if !name.is_empty() => Self::find(&name)
                .context("STACKLENS_SERVICE_CLOUD")
                .map(Some),
            _ => Ok(None),
        }
    }

    /// The call that gives a token.
    ///
    /// # Errors
    /// What the entry lacks for it.
    pub fn log_in(&self) -> anyhow::Result<Call> {
        match &self.login {
            Ok(Login::Password {
                user,
                password: secret,
                project,
            }) => Ok(password(user, secret, Some(project))),
            Ok(Login::ApplicationCredential {
                credential,
                user,
                secret,
            }) => Ok(application_credential(credential, user.as_ref(), secret)),
            Err(lacking) => bail!("{lacking}"),
        }
    }

    /// Reads an entry.
    pub(super) fn read(name: &str, entry: &Value) -> anyhow::Result<Self> {
        let auth = entry.get("auth").cloned().unwrap_or_default();
        // Clients take the members of `auth` beside it too.
        let given = |key: &str| {
            scalar(&auth, key)
                .or_else(|| scalar(entry, key))
                .filter(|value| !value.is_empty())
        };
        let text = |key: &str| scalar(entry, key).filter(|value| !value.is_empty());
        let auth_url = given("auth_url").with_context(|| {
            format!("the cloud {name:?} lacks auth.auth_url, the address of Keystone")
        })?;
        if !auth_url.starts_with("http://") && !auth_url.starts_with("https://") {
            bail!(
                "auth.auth_url of the cloud {name:?} is {auth_url:?}; it begins with http:// or https://"
            );
        }
        let interface = text("interface")
            .or_else(|| text("endpoint_type"))
            .unwrap_or_else(|| "public".into());
        let interface = interface.trim_end_matches("URL").to_owned();
        if !["public", "internal", "admin"].contains(&interface.as_str()) {
            bail!(
                "interface of the cloud {name:?} is {interface:?}; there are public, internal and admin"
            );
        }
        Ok(Self {
            name: name.to_owned(),
            auth_url,
            region: region(name, entry, text("region_name"))?,
            interface,
            tls: Tls {
                verify: truth(text("verify")).unwrap_or(true)
                    && !truth(text("insecure")).unwrap_or(false),
                cacert: text("cacert").map(at_home),
                cert: text("cert").map(at_home),
                key: text("key").map(at_home),
            },
            endpoints: endpoints(entry),
            login: login(name, text("auth_type"), &given).map_err(|error| error.to_string()),
        })
    }
}

fn login(
    name: &str,
    kind: Option<String>,
    given: &impl Fn(&str) -> Option<String>,
) -> anyhow::Result<Login> {
    if let Some(kind) = &kind
        && !["password", "v3password", "v3applicationcredential"].contains(&kind.as_str())
    {
        bail!(
            "the cloud {name:?} has auth_type {kind:?}, which Stacklens cannot use since nobody is there to renew it; \
             use a password, or an application credential: openstack application credential create NAME"
        );
    }
    let need =
        |key: &str| given(key).with_context(|| format!("the cloud {name:?} lacks auth.{key}"));
    let user = || named(given, "user_id", "username", "user_domain");
    let by_application = match kind.as_deref() {
        Some(kind) => kind == "v3applicationcredential",
        None => given("application_credential_secret").is_some(),
    };
    if !by_application {
        return Ok(Login::Password {
            user: user().with_context(|| format!("the cloud {name:?} lacks auth.username"))?,
            password: need("password")?,
            project: named(given, "project_id", "project_name", "project_domain")
                .or_else(|| named(given, "tenant_id", "tenant_name", "project_domain"))
                .with_context(|| format!("the cloud {name:?} lacks auth.project_name"))?,
        });
    }
    let secret = need("application_credential_secret")?;
    if let Some(credential) = given("application_credential_id") {
        return Ok(Login::ApplicationCredential {
            credential,
            user: None,
            secret,
        });
    }
    Ok(Login::ApplicationCredential {
        credential: given("application_credential_name")
            .with_context(|| format!("the cloud {name:?} lacks auth.application_credential_id"))?,
        user: Some(user().with_context(|| {
            format!("the cloud {name:?} names its application credential, so it needs auth.user_id or auth.username as well")
        })?),
        secret,
    })
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
    let by = |key: &str| {
        given(&format!("{key}_id"))
            .map(Domain::Id)
            .or_else(|| given(&format!("{key}_name")).map(Domain::Name))
    };
    Some(Named::Name {
        name: given(name)?,
        domain: by(domain)
            .or_else(|| by("domain"))
            .or_else(|| by("default_domain"))
            .unwrap_or_else(|| Domain::Id("default".into())),
    })
}

/// The region: the one that is named, else the first of the list that the entry may have.
fn region(name: &str, entry: &Value, given: Option<String>) -> anyhow::Result<Option<String>> {
    let listed = entry.get("regions").and_then(Value::as_array);
    let known: Vec<&str> = listed
        .into_iter()
        .flatten()
        .filter_map(|region| region.as_str().or_else(|| region.get("name")?.as_str()))
        .collect();
    match given {
        Some(region) if !known.is_empty() && !known.contains(&region.as_str()) => bail!(
            "the cloud {name:?} has region_name {region:?}, but its regions are: {}",
            known.join(", ")
        ),
        Some(region) => Ok(Some(region)),
        None => Ok(known.first().map(|region| (*region).to_owned())),
    }
}

/// `compute_endpoint_override` and its like.
fn endpoints(entry: &Value) -> BTreeMap<String, String> {
    let members = entry.as_object().into_iter().flatten();
    members
        .filter_map(|(key, value)| {
            let service = key.strip_suffix("_endpoint_override")?.replace('_', "-");
            Some((canonical(&service).to_owned(), value.as_str()?.to_owned()))
        })
        .collect()
}

fn truth(text: Option<String>) -> Option<bool> {
    text.map(|value| {
        matches!(
            value.to_ascii_lowercase().as_str(),
            "true" | "yes" | "1" | "on"
        )
    })
}

/// A path as the clients read it, with `~` for the home folder.
fn at_home(path: String) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path.into(),
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openstack::environment;

    fn read(yaml: &str) -> anyhow::Result<Config> {
        Config::read("lab", &serde_saphyr::from_str(yaml)?)
    }

    #[test]
    fn an_entry_is_read() {
        let lab = read(
            "
auth:
  auth_url: https://keystone.example/v3
  username: gateway
  password: 1234
  project_name: service
  user_domain_name: Default
region_name: One
endpoint_type: internalURL
verify: false
cacert: /x/ca.pem
volume_endpoint_override: http://v/v3
object_store_endpoint_override: http://o
",
        )
        .unwrap();
        assert_eq!(
            (lab.region.as_deref(), lab.interface.as_str()),
            (Some("One"), "internal")
        );
        assert!(!lab.tls.verify);
        assert_eq!(lab.tls.cacert, Some("/x/ca.pem".into()));
        assert_eq!(
            lab.endpoints.into_iter().collect::<Vec<_>>(),
            [
                ("block-storage".to_owned(), "http://v/v3".to_owned()),
                ("object-store".to_owned(), "http://o".to_owned())
            ]
        );
    }

    #[test]
    fn each_kind_of_credential_logs_in() {
        let cases = [
            (
                "auth: {auth_url: 'http://k', username: u, password: 12, project_name: p, user_domain_name: D}",
                json!({"password": {"user": {"name": "u", "domain": {"name": "D"}, "password": "12"}}}),
            ),
            (
                "{auth_type: v3applicationcredential, auth: {auth_url: 'http://k', application_credential_id: c1, application_credential_secret: s}}",
                json!({"application_credential": {"id": "c1", "secret": "s"}}),
            ),
            (
                "auth: {auth_url: 'http://k', application_credential_name: c, application_credential_secret: s, username: u}",
                json!({"application_credential": {"name": "c", "user": {"name": "u", "domain": {"id": "default"}}, "secret": "s"}}),
            ),
        ];
        for (yaml, expected) in cases {
            let config = read(yaml).unwrap();
            assert!(!format!("{config:?}").contains("12"));
            let mut identity = config.log_in().unwrap().body.unwrap()["auth"]["identity"].take();
            identity.as_object_mut().unwrap().remove("methods");
            assert_eq!(identity, expected, "{yaml}");
        }
    }

    #[test]
    fn what_an_entry_lacks_is_told() {
        let cases = [
            (
                "auth: {username: me}",
                "the cloud \"lab\" lacks auth.auth_url, the address of Keystone",
            ),
            (
                "auth: {auth_url: 'keystone:5000'}",
                "auth.auth_url of the cloud \"lab\" is \"keystone:5000\"; it begins with http:// or https://",
            ),
            (
                "{auth: {auth_url: 'http://k'}, interface: outer}",
                "interface of the cloud \"lab\" is \"outer\"; there are public, internal and admin",
            ),
            (
                "{auth: {auth_url: 'http://k'}, region_name: C, regions: [A, {name: B}]}",
                "the cloud \"lab\" has region_name \"C\", but its regions are: A, B",
            ),
            (
                "auth: {auth_url: 'http://k'}",
                "the cloud \"lab\" lacks auth.username",
            ),
            (
                "auth: {auth_url: 'http://k', username: me}",
                "the cloud \"lab\" lacks auth.password",
            ),
            (
                "auth: {auth_url: 'http://k', username: me, password: p}",
                "the cloud \"lab\" lacks auth.project_name",
            ),
            (
                "auth: {auth_url: 'http://k', application_credential_secret: s}",
                "the cloud \"lab\" lacks auth.application_credential_id",
            ),
            (
                "{auth_type: v3applicationcredential, auth: {auth_url: 'http://k'}}",
                "the cloud \"lab\" lacks auth.application_credential_secret",
            ),
        ];
        for (yaml, expected) in cases {
            let error = read(yaml).and_then(|config| config.log_in()).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        let token = read("{auth_type: token, auth: {auth_url: 'http://k', token: t}}").unwrap();
        let error = token.log_in().unwrap_err().to_string();
        assert!(error.contains("application credential"), "{error}");
    }

    #[test]
    fn an_openrc_will_do() {
        let variables = [
            ("OS_AUTH_URL", "http://k/v3"),
            ("OS_USERNAME", "u"),
            ("OS_PASSWORD", "p"),
            ("OS_PROJECT_NAME", "x"),
            ("OS_INSECURE", "true"),
            ("OS_REGION_NAME", "Two"),
        ];
        let entry = environment::entry(|name| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        });
        let config = Config::read(environment::NAME, &entry).unwrap();
        assert_eq!(
            (
                config.auth_url.as_str(),
                config.tls.verify,
                config.region.as_deref()
            ),
            ("http://k/v3", false, Some("Two"))
        );
        assert_eq!(
            config.log_in().unwrap().body.unwrap()["auth"]["scope"]["project"]["domain"],
            json!({"id": "default"})
        );
    }

    #[test]
    fn the_first_of_the_regions_is_taken() {
        let config = read("{auth: {auth_url: 'http://k'}, regions: [{name: B}, A]}").unwrap();
        assert_eq!(config.region.as_deref(), Some("B"));
    }
}
