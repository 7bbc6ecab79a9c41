//! A call, or a sequence of calls, as something a person can run.
//!
//! ```
//! use openstack_wire::{Call, Method, render};
//! let call = Call::new(Method::Get, "network", "/v2.0/ports").with_query("network_id", "n1");
//! assert_eq!(render::call(render::Style::Cli, &call), "openstack port list --network n1");
//! assert_eq!(
//!     render::call(render::Style::Sdk, &call),
//!     "conn.network.get(\"/ports\", params={\"network_id\": \"n1\"})",
//! );
//! ```

mod capture;
mod cli;
mod curl;
mod http;
mod python;
mod sdk;
mod shell;

use serde::{Deserialize, Serialize};

use crate::{Call, Reply};
use capture::Captures;

/// The four ways to write a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// HTTP as it goes over the wire, with `{{COMPUTE_URL}}` and `{{OS_TOKEN}}` for what a cloud adds
    /// (the notation of `.http` files, which editors can run).
    Http,
    /// `curl`, with `$COMPUTE_URL`, `$NETWORK_URL`, `$VOLUME_URL`, `$IMAGE_URL`, `$IDENTITY_URL` and `$OS_TOKEN`.
    Curl,
    /// The `openstack` command, where it has one; curl where it has not, with a remark.
    Cli,
    /// Python with openstacksdk.
    Sdk,
}

impl Style {
    /// Every style, in the order that a page shows them.
    pub const ALL: [Self; 4] = [Self::Http, Self::Curl, Self::Cli, Self::Sdk];

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Curl => "curl",
            Self::Cli => "openstack",
            Self::Sdk => "openstacksdk",
        }
    }

    /// Ending of a file that holds such a script.
    pub fn file_ending(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Curl | Self::Cli => "sh",
            Self::Sdk => "py",
        }
    }
}

/// One call of a sequence that was, or would be, issued.
#[derive(Clone, Copy, Debug)]
pub struct Issued<'a> {
    /// What the call is for, in a word: its name in the rule.
    pub name: &'a str,
    /// The call.
    pub call: &'a Call,
    /// Its reply, where there is one: an id that it created becomes a variable of the script.
    pub reply: Option<&'a Reply>,
    /// Where its values come from, a remark each: `ImageId ami-1 is server.imageRef`.
    pub origins: &'a [String],
}

/// One call, without what a script declares around it. No newline at the end.
pub fn call(style: Style, call: &Call) -> String {
    let captures = Captures::default();
    match style {
        Style::Http => http::call(call, &captures),
        Style::Curl => curl::call(call, &captures),
        Style::Cli => cli::call(call, &captures),
        Style::Sdk => sdk::call(call, &captures),
    }
}

/// One call as HTTP. Who calls only this and [`http_script`] does not carry the tables of the other styles.
pub fn http(call: &Call) -> String {
    http::call(call, &Captures::default())
}

/// A sequence as HTTP.
pub fn http_script(calls: &[Issued<'_>]) -> String {
    http::script(calls, &Captures::of(calls))
}

/// Whether the `openstack` command can say a call wholly.
pub fn has_command(call: &Call) -> bool {
    cli::is_whole(call)
}

/// A whole sequence as a script that runs as it stands, newline at the end.
///
/// An id that a reply brought into the world is a variable: run again, the script uses the ids of that run.
pub fn script(style: Style, calls: &[Issued<'_>]) -> String {
    let captures = Captures::of(calls);
    match style {
        Style::Http => http::script(calls, &captures),
        Style::Curl => curl::script(calls, &captures),
        Style::Cli => cli::script(calls, &captures),
        Style::Sdk => sdk::script(calls, &captures),
    }
}

/// A service as an identifier in upper case, for variables: `VOLUME` for `block-storage`.
fn variable_stem(service: &str) -> String {
    if crate::service::canonical(service) == "block-storage" {
        return "VOLUME".into();
    }
    let stem: String = service
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    if stem.starts_with(|c: char| c.is_ascii_alphabetic()) {
        stem
    } else {
        format!("SERVICE_{stem}")
    }
}

/// Services of a sequence, each once, in order of first use.
fn services<'a>(calls: &[Issued<'a>]) -> Vec<&'a str> {
    let mut services: Vec<&str> = Vec::new();
    for issued in calls {
        if !services.contains(&issued.call.service.as_str()) {
            services.push(&issued.call.service);
        }
    }
    services
}

/// The name of a call and where its values come from, as remarks of a script.
fn remarks(issued: &Issued<'_>) -> String {
    let mut out = format!("# {}\n", remark(issued.name));
    for origin in issued.origins {
        out.push_str(&format!("#   {}\n", remark(origin)));
    }
    out
}

/// A name that is safe in a comment: one line.
fn remark(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
