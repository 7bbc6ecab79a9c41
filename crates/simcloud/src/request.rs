//! A call as the services see it: split path, checked caller, agreed microversion.

use openstack_wire::{Call, Method, Reply};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::fault::{Fault, Service};

/// Major and minor number of a microversion.
pub(crate) type Version = (u32, u32);

/// Who asks, as the token says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    pub(crate) user: String,
    pub(crate) project: String,
    pub(crate) admin: bool,
}

/// A call that passed authentication.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    pub(crate) path: Vec<String>,
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: &'a Value,
    pub(crate) content_type: &'a str,
    pub(crate) caller: Caller,
    pub(crate) version: Version,
    /// Address of the service's endpoint, for links.
    pub(crate) endpoint: String,
}

impl Request<'_> {
    /// The first value of a query key.
    pub(crate) fn param(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v.as_str())
    }

    /// Every value of a query key.
    pub(crate) fn params(&self, key: &str) -> Vec<&str> {
        self.query
            .iter()
            .filter(|(k, _)| k == key)
            .map(|(_, v)| v.as_str())
            .collect()
    }

    /// Whether Nova is asked.
    pub(crate) fn is_compute(&self) -> bool {
        self.version.0 == 2
    }

    /// Whether the microversion is 2.`minor` (or 3.`minor`) or later.
    pub(crate) fn from(&self, minor: u32) -> bool {
        self.version.1 >= minor
    }

    /// Whether the caller may see what belongs to the project.
    pub(crate) fn owns(&self, project: &str) -> bool {
        self.caller.admin || self.caller.project == project
    }
}

/// What a handler answers when all went well.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
}

impl Answer {
    pub(crate) fn new(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Some(body),
        }
    }

    pub(crate) fn ok(body: Value) -> Self {
        Self::new(200, body)
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn reply(self) -> Reply {
        let mut headers = self.headers;
        let body = match &self.body {
            Some(body) => {
                headers.push(("content-type".to_owned(), "application/json".to_owned()));
                body.to_string()
            }
            None => String::new(),
        };
        Reply {
            status: self.status,
            headers,
            body,
        }
    }
}

/// What every handler gives back.
pub(crate) type Handled = Result<Answer, Fault>;

/// A header of the call; names are compared without regard to case.
pub(crate) fn header<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// Segments of a path, decoded. A version prefix that the endpoint already holds is taken off.
pub(crate) fn segments(service: Service, path: &str) -> Vec<String> {
    let mut list: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let prefix = match (service, list.first().map(String::as_str)) {
        (Service::Compute, Some("v2.1" | "v2")) | (Service::Identity, Some("v3")) => 1,
        (Service::BlockStorage, Some("v3")) => 2.min(list.len()),
        _ => 0,
    };
    list.drain(..prefix);
    list
}

/// The microversion that the call asks for, as it is written.
pub(crate) fn asked_version(service: Service, call: &Call) -> Option<&str> {
    let names: &[&str] = match service {
        Service::Compute => &["compute", "nova"],
        Service::BlockStorage => &["volume", "block-storage"],
        _ => return None,
    };
    let headed = || {
        let value = header(call, "OpenStack-API-Version")?;
        value.split(',').find_map(|one| {
            let mut words = one.split_whitespace();
            names
                .contains(&words.next()?)
                .then(|| words.next())
                .flatten()
        })
    };
    let old = || {
        if service == Service::Compute {
            header(call, "X-OpenStack-Nova-API-Version")
        } else {
            None
        }
    };
    call.microversion.as_deref().or_else(headed).or_else(old)
}

/// The microversion that the call asks for, or the least.
pub(crate) fn version(service: Service, call: &Call) -> Result<Version, Fault> {
    let (least, most): (Version, Version) = match service {
        Service::Compute => ((2, 1), (2, 104)),
        Service::BlockStorage => ((3, 0), (3, 71)),
        _ => return Ok((0, 0)),
    };
    let Some(text) = asked_version(service, call) else {
        return Ok(least);
    };
    if text == "latest" {
        return Ok(most);
    }
    let asked = text
        .split_once('.')
        .and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let Some(asked) = asked else {
        return Err(Fault::bad(format!(
            "API Version String {text} is of invalid format. Must be of format MajorNum.MinorNum."
        )));
    };
    if asked < least || asked > most {
        return Err(Fault::new(
            406,
            format!(
                "Version {text} is not supported by the API. Minimum is {}.{} and maximum is {}.{}.",
                least.0, least.1, most.0, most.1
            ),
        ));
    }
    Ok(asked)
}
