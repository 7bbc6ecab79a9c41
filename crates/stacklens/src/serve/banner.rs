//! What the server says when it starts: where it is, and one line to try.

use std::fmt::Write;
use std::net::SocketAddr;

use crate::arguments::Credentials;
use crate::embedded::DEMO;
use crate::openrc::{openstack, quoted};

/// The address that a client on this machine can use.
pub fn url(address: SocketAddr) -> String {
    let mut reachable = address;
    if address.ip().is_unspecified() {
        reachable.set_ip(if address.is_ipv4() {
            std::net::Ipv4Addr::LOCALHOST.into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        });
    }
    format!("http://{reachable}")
}

/// The text; `real` is the name of a cloud other than the embedded one.
pub fn text(
    credentials: &Credentials,
    region: &str,
    real: Option<&str>,
    address: SocketAddr,
) -> String {
    let url = url(address);
    let cloud = real.map_or("the embedded cloud".to_owned(), |name| {
        format!("the cloud {name}")
    });
    let mut out = format!(
        "Stacklens {} listens on {address}, on {cloud}.\n\n",
        env!("CARGO_PKG_VERSION")
    );
    let chosen = credentials.secret_key != DEMO;
    let mut facts = vec![
        ("Page", format!("{url}/")),
        ("EC2 endpoint", format!("{url}/")),
        ("Region", region.to_owned()),
    ];
    if real.is_none() {
        facts.push(("Access key", credentials.access_key.clone()));
        // A secret that the user chose stays out of terminals and logs.
        facts.push((
            "Secret key",
            if chosen {
                "as given".to_owned()
            } else {
                DEMO.to_owned()
            },
        ));
    }
    for (name, value) in facts {
        let _ = writeln!(out, "  {name:<14} {value}");
    }
    let (access_key, secret) = match (real, chosen) {
        (Some(_), _) => ("$EC2_ACCESS_KEY".to_owned(), "$EC2_SECRET_KEY"),
        (None, true) => (quoted(&credentials.access_key), "$STACKLENS_SECRET_KEY"),
        (None, false) => (quoted(&credentials.access_key), DEMO),
    };
    let _ = writeln!(
        out,
        "\nTry:\n  AWS_ACCESS_KEY_ID={access_key} AWS_SECRET_ACCESS_KEY={secret} AWS_DEFAULT_REGION={} \\\n    aws --endpoint-url {url} ec2 describe-instances\n",
        quoted(region),
    );
    if real.is_some() {
        let _ = writeln!(
            out,
            "Keys of this cloud are made with: openstack ec2 credentials create\n"
        );
        return out;
    }
    let _ = writeln!(out, "The same cloud through OpenStack's own client:");
    for (name, value) in openstack(credentials, &url) {
        if !matches!(name, "OS_REGION_NAME" | "OS_IDENTITY_API_VERSION") {
            let _ = writeln!(out, "  {name}={} \\", quoted(&value));
        }
    }
    let _ = writeln!(out, "    openstack server list\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_secret_is_not_printed() {
        let credentials = Credentials {
            region: None,
            access_key: "me".into(),
            secret_key: "hidden-one".into(),
        };
        let text = text(&credentials, "R", None, "0.0.0.0:99".parse().unwrap());
        assert!(!text.contains("hidden-one"));
        assert!(text.contains("http://127.0.0.1:99/"), "{text}");
        assert!(text.contains("AWS_ACCESS_KEY_ID=me"), "{text}");
    }
}
