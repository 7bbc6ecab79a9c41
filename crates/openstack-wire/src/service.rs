//! The services: names in the catalogue, endpoints, microversion headers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Call;

/// What differs between the services.
struct Service {
    /// Name that a [`Call`] uses.
    name: &'static str,
    /// Other names that catalogues use.
    aliases: &'static [&'static str],
    /// Name in the `OpenStack-API-Version` header.
    header: &'static str,
}

const SERVICES: [Service; 5] = [
    Service {
        name: "compute",
        aliases: &[],
        header: "compute",
    },
    Service {
        name: "network",
        aliases: &[],
        header: "network",
    },
    Service {
        name: "block-storage",
        aliases: &["volumev3", "block-store", "volume"],
        header: "volume",
    },
    Service {
        name: "image",
        aliases: &[],
        header: "image",
    },
    Service {
        name: "identity",
        aliases: &["identityv3"],
        header: "identity",
    },
];

fn service(name: &str) -> Option<&'static Service> {
    SERVICES
        .iter()
        .find(|service| service.name == name || service.aliases.contains(&name))
}

/// The name that a [`Call`] uses for a service type of a catalogue; a type this crate does not know is its own name.
///
/// ```
/// use openstack_wire::service::canonical;
/// assert_eq!(canonical("volumev3"), "block-storage");
/// assert_eq!(canonical("dns"), "dns");
/// ```
pub fn canonical(service_type: &str) -> &str {
    service(service_type).map_or(service_type, |service| service.name)
}

/// Every name a catalogue may use for a service, the preferred first.
pub fn names(service_type: &str) -> Vec<&str> {
    match service(service_type) {
        Some(service) => std::iter::once(service.name)
            .chain(service.aliases.iter().copied())
            .collect(),
        None => vec![service_type],
    }
}

/// Headers that pin the microversion of a call; empty if it pins none.
///
/// Nova before 2.27 knows only its own header, so both are sent there.
pub fn microversion_headers(call: &Call) -> Vec<(&'static str, String)> {
    let Some(version) = &call.microversion else {
        return Vec::new();
    };
    let Some(service) = service(&call.service) else {
        return vec![(
            "OpenStack-API-Version",
            format!("{} {version}", call.service),
        )];
    };
    let mut headers = vec![(
        "OpenStack-API-Version",
        format!("{} {version}", service.header),
    )];
    let minor = version
        .split_once('.')
        .and_then(|(_, minor)| minor.parse::<u32>().ok());
    if service.name == "compute" && minor.is_some_and(|minor| minor < 27) {
        headers.push(("X-OpenStack-Nova-API-Version", version.clone()));
    }
    headers
}

/// The catalogue of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Every endpoint, in the order of the token.
    pub endpoints: Vec<Endpoint>,
}

/// One endpoint of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Service type as the catalogue writes it.
    pub service: String,
    /// `public`, `internal` or `admin`.
    pub interface: String,
    /// Region id.
    pub region: String,
    /// Address.
    pub url: String,
}

impl Catalog {
    /// Reads `token.catalog` of a Keystone v3 reply; entries that lack a member are left out.
    pub fn from_token_body(body: &Value) -> Self {
        let services = body.pointer("/token/catalog").and_then(Value::as_array);
        let endpoints = services.into_iter().flatten().flat_map(|service| {
            let kind = service.get("type").and_then(Value::as_str);
            let endpoints = service.get("endpoints").and_then(Value::as_array);
            endpoints.into_iter().flatten().filter_map(move |endpoint| {
                let text = |name: &str| endpoint.get(name).and_then(Value::as_str);
                Some(Endpoint {
                    service: kind?.to_owned(),
                    interface: text("interface")?.to_owned(),
                    region: text("region_id")
                        .or_else(|| text("region"))
                        .unwrap_or_default()
                        .to_owned(),
                    url: text("url")?.to_owned(),
                })
            })
        });
        Self {
            endpoints: endpoints.collect(),
        }
    }

    /// Address of a service by any of its names; the preferred name wins. `region` `None` takes the first region.
    pub fn url(&self, service_type: &str, region: Option<&str>, interface: &str) -> Option<&str> {
        names(service_type).into_iter().find_map(|name| {
            let fits = |endpoint: &&Endpoint| {
                endpoint.service == name
                    && endpoint.interface == interface
                    && region.is_none_or(|region| endpoint.region == region)
            };
            self.endpoints
                .iter()
                .find(fits)
                .map(|endpoint| endpoint.url.as_str())
        })
    }

    /// Region ids, each once, in the order of the catalogue.
    pub fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = Vec::new();
        for endpoint in &self.endpoints {
            if !endpoint.region.is_empty() && !regions.contains(&endpoint.region.as_str()) {
                regions.push(&endpoint.region);
            }
        }
        regions
    }
}

/// The address of a call: an endpoint as the catalogue has it, made to end where the service's paths begin.
///
/// Clouds register endpoints with or without version and project: `http://h:9696`, `http://h:9292/v2`,
/// `http://h/compute/v2.1`, `http://h/volume/v3/{project}` all work.
///
/// ```
/// use openstack_wire::{Call, Method, service::address};
/// let ports = Call::new(Method::Get, "network", "/v2.0/ports").with_query("name", "a b");
/// assert_eq!(address("http://h:9696", None, &ports), "http://h:9696/v2.0/ports?name=a%20b");
/// assert_eq!(address("http://h/network/v2.0/", None, &ports), "http://h/network/v2.0/ports?name=a%20b");
/// ```
pub fn address(endpoint: &str, project_id: Option<&str>, call: &Call) -> String {
    format!(
        "{}{}",
        base(endpoint, project_id, &call.service),
        call.target()
    )
}

/// The address below which a service's paths stand, from an endpoint of the catalogue.
pub fn base(endpoint: &str, project_id: Option<&str>, service_type: &str) -> String {
    let endpoint = endpoint
        .trim()
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    match canonical(service_type) {
        "network" | "image" => without_version(endpoint).to_owned(),
        "identity" => format!("{}/v3", without_version(endpoint)),
        "compute" if !has_version(endpoint) => format!("{endpoint}/v2.1"),
        "block-storage" => {
            let versioned = if has_version(endpoint) {
                endpoint.to_owned()
            } else {
                format!("{endpoint}/v3")
            };
            match project_id {
                Some(project) if ends_with_version(&versioned) => format!("{versioned}/{project}"),
                _ => versioned,
            }
        }
        _ => endpoint.to_owned(),
    }
}

/// The address of the version document that names a service's microversions, from an endpoint of the catalogue.
///
/// ```
/// use openstack_wire::service::version_document;
/// assert_eq!(version_document("http://h/volume/v3/p1", "block-storage"), "http://h/volume/v3/");
/// assert_eq!(version_document("http://h:8774", "compute"), "http://h:8774/v2.1/");
/// ```
pub fn version_document(endpoint: &str, service_type: &str) -> String {
    let base = base(endpoint, None, service_type);
    let mut segments: Vec<&str> = base.split('/').collect();
    // What follows the version is the project.
    let host = 3.min(segments.len());
    if let Some(version) = segments
        .iter()
        .skip(host)
        .position(|segment| is_version(segment))
    {
        segments.truncate(host + version + 1);
    }
    format!("{}/", segments.join("/"))
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
    })
}

fn path_of(endpoint: &str) -> &str {
    let after_scheme = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest);
    after_scheme.split_once('/').map_or("", |(_, path)| path)
}

fn ends_with_version(endpoint: &str) -> bool {
    path_of(endpoint).rsplit('/').next().is_some_and(is_version)
}

fn has_version(endpoint: &str) -> bool {
    path_of(endpoint).split('/').any(is_version)
}

fn without_version(endpoint: &str) -> &str {
    if !ends_with_version(endpoint) {
        return endpoint;
    }
    endpoint
        .rsplit_once('/')
        .map_or(endpoint, |(rest, _)| rest.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Method;

    #[test]
    fn an_endpoint_of_any_form_joins_with_a_path() {
        let cases = [
            ("network", "http://h:9696", "http://h:9696"),
            ("network", "http://h:9696/", "http://h:9696"),
            ("network", "http://h/network/v2.0", "http://h/network"),
            ("image", "http://h:9292/v2", "http://h:9292"),
            ("image", "http://h/image/v2.9/", "http://h/image"),
            ("compute", "http://h/compute", "http://h/compute/v2.1"),
            ("compute", "http://h/compute/v2.1", "http://h/compute/v2.1"),
            ("compute", "http://h:8774/v2.1/p1", "http://h:8774/v2.1/p1"),
            (
                "block-storage",
                "http://h/volume/v3/p1",
                "http://h/volume/v3/p1",
            ),
            ("volumev3", "http://h:8776/v3", "http://h:8776/v3/p1"),
            ("block-storage", "http://h/volume", "http://h/volume/v3/p1"),
            ("identity", "http://h/identity", "http://h/identity/v3"),
            ("identity", "http://h:5000/v2.0", "http://h:5000/v3"),
            ("identity", "http://v3:5000", "http://v3:5000/v3"),
            ("dns", "http://h/dns/", "http://h/dns"),
            ("network", "", ""),
        ];
        for (service, endpoint, expected) in cases {
            assert_eq!(
                base(endpoint, Some("p1"), service),
                expected,
                "{service} {endpoint}"
            );
        }
        assert_eq!(
            base("http://h/volume/v3", None, "block-storage"),
            "http://h/volume/v3"
        );
    }

    #[test]
    fn the_catalogue_is_searched_by_every_name() {
        let endpoint = |interface: &str, region: &str, url: &str| json!({"interface": interface, "region_id": region, "region": region, "url": url});
        let body = json!({"token": {"catalog": [
            {"type": "volumev3", "endpoints": [endpoint("internal", "One", "http://i/v3/p"), endpoint("public", "One", "http://one/v3/p"), endpoint("public", "Two", "http://two/v3/p")]},
            {"type": "compute", "endpoints": [endpoint("public", "One", "http://c/v2.1"), {"url": "http://no-interface"}]},
            {"endpoints": [endpoint("public", "One", "http://no-type")]},
            {"type": "image", "endpoints": "odd"},
        ]}});
        let catalog = Catalog::from_token_body(&body);
        let cases = [
            ("block-storage", None, "public", Some("http://one/v3/p")),
            (
                "block-storage",
                Some("Two"),
                "public",
                Some("http://two/v3/p"),
            ),
            ("volumev3", Some("One"), "internal", Some("http://i/v3/p")),
            ("compute", Some("Two"), "public", None),
            ("image", None, "public", None),
        ];
        for (service, region, interface, expected) in cases {
            assert_eq!(
                catalog.url(service, region, interface),
                expected,
                "{service} {region:?} {interface}"
            );
        }
        assert_eq!(catalog.regions(), ["One", "Two"]);
        assert_eq!(Catalog::from_token_body(&json!(null)), Catalog::default());
    }

    #[test]
    fn each_service_has_its_microversion_header() {
        let cases = [
            (
                "compute",
                "2.96",
                vec![("OpenStack-API-Version", "compute 2.96")],
            ),
            (
                "compute",
                "2.1",
                vec![
                    ("OpenStack-API-Version", "compute 2.1"),
                    ("X-OpenStack-Nova-API-Version", "2.1"),
                ],
            ),
            (
                "block-storage",
                "3.59",
                vec![("OpenStack-API-Version", "volume 3.59")],
            ),
            (
                "placement",
                "1.39",
                vec![("OpenStack-API-Version", "placement 1.39")],
            ),
        ];
        for (service, version, expected) in cases {
            let call = Call {
                microversion: Some(version.into()),
                ..Call::new(Method::Get, service, "/")
            };
            let headers = microversion_headers(&call);
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            assert_eq!(headers, expected, "{service} {version}");
        }
        assert!(microversion_headers(&Call::new(Method::Get, "compute", "/")).is_empty());
    }
}
