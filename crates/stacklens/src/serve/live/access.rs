//! Who may watch.

use axum::http::{HeaderMap, HeaderName, header};

/// Who may watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody.
    Nobody,
    /// The page of this server on this machine.
    Loopback,
    /// The page of this server, from wherever it is reached.
    SameOrigin,
}

/// Headers that tell of a proxy on the way: who comes through one may be anywhere.
const PROXIES: [&str; 5] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
];

impl Access {
    /// Whether a request may watch; else why not.
    pub fn check(self, headers: &HeaderMap) -> Result<(), &'static str> {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(&header::HOST).unwrap_or_default();
        match self {
            Self::Nobody => {
                return Err(
                    "This server shows nobody its requests; start it with --live on to allow it.",
                );
            }
            Self::Loopback => {
                // A name of somebody else that leads here is somebody else's page.
                if !is_loopback(host) || PROXIES.iter().any(|name| headers.contains_key(*name)) {
                    return Err(
                        "This server shows its requests on its own machine only; start it with --live on to allow others.",
                    );
                }
            }
            Self::SameOrigin => {}
        }
        let site = text(&HeaderName::from_static("sec-fetch-site"));
        let foreign_site = site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
        let foreign_origin = text(&header::ORIGIN).is_some_and(|origin| {
            origin
                .split_once("://")
                .is_none_or(|(_, origin)| !origin.eq_ignore_ascii_case(host))
        });
        if foreign_site || foreign_origin {
            return Err("Only this server's own page may watch its requests.");
        }
        Ok(())
    }
}

/// Whether the host of a `Host` header is this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_servers_own_page_watches() {
        use Access::{Loopback, Nobody, SameOrigin};
        let here = ("host", "127.0.0.1:8788");
        let there = ("host", "cloud.example");
        type Headers<'a> = &'a [(&'static str, &'a str)];
        let cases: [(Access, Headers<'_>, bool); 13] = [
            (Nobody, &[here], false),
            (Loopback, &[here], true),
            (Loopback, &[("host", "localhost:8788")], true),
            (Loopback, &[("host", "[::1]:8788")], true),
            (Loopback, &[there], false),
            (Loopback, &[("host", "localhost.evil.example")], false),
            (Loopback, &[], false),
            (
                Loopback,
                &[here, ("x-forwarded-for", "198.51.100.1")],
                false,
            ),
            (
                Loopback,
                &[
                    here,
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://127.0.0.1:8788"),
                ],
                true,
            ),
            (Loopback, &[here, ("sec-fetch-site", "cross-site")], false),
            (Loopback, &[here, ("origin", "http://evil.example")], false),
            (
                SameOrigin,
                &[there, ("x-forwarded-for", "198.51.100.1")],
                true,
            ),
            (SameOrigin, &[there, ("origin", "null")], false),
        ];
        for (access, headers, expected) in cases {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            assert_eq!(
                access.check(&map).is_ok(),
                expected,
                "{access:?} {headers:?}"
            );
        }
    }
}
