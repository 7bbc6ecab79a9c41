//! The `OS_*` variables of an openrc file, in the shape of an entry of `clouds.yaml`.

use serde_json::Value;

/// Name of the cloud that the variables describe, as the OpenStack clients have it.
pub const NAME: &str = "envvars";

/// Variables without `OS_` that belong below `auth`.
const AUTH: [&str; 19] = [
    "auth_url",
    "username",
    "user_id",
    "password",
    "project_name",
    "project_id",
    "tenant_name",
    "tenant_id",
    "domain_id",
    "domain_name",
    "user_domain_name",
    "user_domain_id",
    "project_domain_name",
    "project_domain_id",
    "default_domain_id",
    "default_domain_name",
    "application_credential_id",
    "application_credential_name",
    "application_credential_secret",
];

/// Variables without `OS_` that stand beside it.
const BESIDE: [&str; 9] = [
    "auth_type",
    "region_name",
    "interface",
    "endpoint_type",
    "cacert",
    "cert",
    "key",
    "insecure",
    "verify",
];

/// The entry.
pub fn entry(variable: impl Fn(&str) -> Option<String>) -> Value {
    let given = |names: &[&str]| {
        let values = names.iter().filter_map(|name| {
            let value = variable(&format!("OS_{}", name.to_uppercase()))?;
            Some(((*name).to_owned(), Value::from(value)))
        });
        values.collect::<serde_json::Map<_, _>>()
    };
    let mut entry = given(&BESIDE);
    entry.insert("auth".into(), given(&AUTH).into());
    entry.into()
}
