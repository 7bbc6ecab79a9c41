//! What the server says when it starts: where it is, and one line to try.

use std::fmt::Write;
use std::net::SocketAddr;

use crate::arguments::Credentials;
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

/// The text.
pub fn text(credentials: &Credentials, address: SocketAddr) -> String {
    let url = url(address);
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _ = writeln!(
        out,
        "Stacklens {} listens on {address}, on the embedded cloud.\n",
        env!("CARGO_PKG_VERSION")
    );
    let _ = writeln!(out, "  Page           {url}/");
    let _ = writeln!(out, "  EC2 endpoint   {url}/");
    let _ = writeln!(out, "  Region         {}", credentials.region);
    let _ = writeln!(out, "  Access key     {}", credentials.access_key);
    // A secret that the user chose stays out of terminals and logs.
    let secret = if credentials.secret_key == crate::embedded::DEMO {
        crate::embedded::DEMO
    } else {
        "as given"
    };
    let _ = writeln!(out, "  Secret key     {secret}\n");
    let shown = if secret == "as given" {
        "$AWS_SECRET_ACCESS_KEY".to_owned()
    } else {
        quoted(secret)
    };
    let _ = writeln!(
        out,
        "Try:\n  AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={shown} AWS_DEFAULT_REGION={} \\\n    aws --endpoint-url {url} ec2 describe-instances\n",
        quoted(&credentials.access_key),
        quoted(&credentials.region),
    );
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
            region: "R".into(),
            access_key: "me".into(),
            secret_key: "hidden-one".into(),
        };
        let text = text(&credentials, "0.0.0.0:99".parse().unwrap());
        assert!(!text.contains("hidden-one"));
        assert!(text.contains("http://127.0.0.1:99/"), "{text}");
        assert!(text.contains("AWS_ACCESS_KEY_ID=me"), "{text}");
    }
}
