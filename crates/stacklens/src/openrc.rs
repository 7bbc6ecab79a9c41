//! Shell variables that point the usual clients at a server.

use std::io::Write;

use crate::arguments::{Credentials, Openrc};
use crate::embedded::DEMO;

/// Prints the variables as shell exports.
pub fn print(options: &Openrc) -> anyhow::Result<()> {
    let url = options.url.trim_end_matches('/');
    let mut out = std::io::stdout().lock();
    for (name, value) in aws(&options.credentials, url)
        .into_iter()
        .chain(openstack(&options.credentials, url))
    {
        writeln!(out, "export {name}={}", quoted(&value))?;
    }
    Ok(())
}

/// Variables of the AWS clients.
pub fn aws(credentials: &Credentials, url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ACCESS_KEY_ID", credentials.access_key.clone()),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_key.clone()),
        ("AWS_DEFAULT_REGION", credentials.region_name().to_owned()),
        ("AWS_ENDPOINT_URL_EC2", url.to_owned()),
    ]
}

/// Variables of the `openstack` command, for the embedded cloud.
pub fn openstack(credentials: &Credentials, url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("OS_AUTH_URL", format!("{url}/openstack/identity/v3")),
        ("OS_USERNAME", DEMO.to_owned()),
        ("OS_PASSWORD", DEMO.to_owned()),
        ("OS_PROJECT_NAME", DEMO.to_owned()),
        ("OS_USER_DOMAIN_ID", "default".to_owned()),
        ("OS_PROJECT_DOMAIN_ID", "default".to_owned()),
        ("OS_REGION_NAME", credentials.region_name().to_owned()),
        ("OS_IDENTITY_API_VERSION", "3".to_owned()),
    ]
}

/// A value as one word of a shell.
pub fn quoted(text: &str) -> String {
    if !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./:@%+".contains(c))
    {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_the_shell() {
        for (text, expected) in [("demo", "demo"), ("", "''"), ("it's $x", r"'it'\''s $x'")] {
            assert_eq!(quoted(text), expected);
        }
    }
}
