//! `curl`, and the shell script around it.

use super::capture::{Capture, Captures, Step};
use super::{Issued, remark, remarks, services, shell, variable_stem};
use crate::service::{canonical, microversion_headers, names};
use crate::{Call, Method};

/// Longest body kept on one line.
const SHORT_BODY: usize = 76;

pub(super) fn call(call: &Call, captures: &Captures) -> String {
    let verb = match call.method {
        Method::Get => "curl -sS --fail-with-body".to_owned(),
        Method::Head => "curl -sS --fail -I".to_owned(),
        method => format!("curl -sS --fail-with-body -X {method}"),
    };
    let url = shell::after_variable(
        &format!("{}_URL", variable_stem(&call.service)),
        &call.target(),
        captures,
    );
    let mut lines = vec![
        format!("{verb} {url}"),
        "-H \"X-Auth-Token: $OS_TOKEN\"".to_owned(),
    ];
    let mut header = |name: &str, value: &str| {
        lines.push(format!(
            "-H {}",
            shell::word(&format!("{}: {}", remark(name), remark(value)), captures)
        ));
    };
    for (name, value) in microversion_headers(call) {
        header(name, &value);
    }
    for (name, value) in &call.headers {
        header(name, value);
    }
    if let Some(content_type) = call.body_type() {
        header("Content-Type", content_type);
    }
    if let Some(body) = &call.body {
        let short = body.to_string();
        let text = if short.len() <= SHORT_BODY {
            short
        } else {
            serde_json::to_string_pretty(body).unwrap_or(short)
        };
        lines.push(format!("-d {}", shell::word(&text, captures)));
    }
    lines.join(" \\\n  ")
}

pub(super) fn script(calls: &[Issued<'_>], captures: &Captures) -> String {
    let mut out = String::from(
        "#!/usr/bin/env bash\n# Needs curl, jq and the openstack command with OS_CLOUD or the OS_* variables of an openrc file.\nset -euo pipefail\n\n",
    );
    out.push_str(&declarations(&services(calls)));
    for (position, issued) in calls.iter().enumerate() {
        out.push_str(&format!(
            "\n{}{}",
            remarks(issued),
            captured(issued, position, captures)
        ));
    }
    out
}

/// One call of a script, with the lines that keep the ids it makes.
pub(super) fn captured(issued: &Issued<'_>, position: usize, captures: &Captures) -> String {
    let command = call(issued.call, captures);
    let mut kept = captures.kept_of(position).peekable();
    if kept.peek().is_none() {
        return format!("{command}\n");
    }
    let mut out = format!("REPLY=$({command})\nprintf '%s\\n' \"$REPLY\"\n");
    for capture in kept {
        out.push_str(&format!(
            "{}=$(jq -r {} <<<\"$REPLY\")\n",
            capture.name.to_ascii_uppercase(),
            shell::literal(&jq_path(capture))
        ));
    }
    out
}

/// Token and addresses of the services, read from the catalogue.
pub(super) fn declarations(services: &[&str]) -> String {
    let mut out = String::from(
        "endpoint() { # address of the first service type that the catalogue knows\n\
         \x20 local type url\n\
         \x20 for type in \"$@\"; do\n\
         \x20   url=$(openstack catalog show \"$type\" -f json 2>/dev/null |\n\
         \x20     jq -r --arg region \"${OS_REGION_NAME:-}\" '[.endpoints[] | select(.interface == \"public\"\n\
         \x20       and ($region == \"\" or .region == $region)) | .url][0] // empty') || continue\n\
         \x20   if [ -n \"$url\" ]; then printf '%s' \"${url%/}\"; return; fi\n\
         \x20 done\n\
         \x20 echo \"no endpoint for $*\" >&2\n\
         \x20 return 1\n\
         }\n\
         : \"${OS_TOKEN:=$(openstack token issue -f value -c id)}\"\n",
    );
    for service in services {
        let variable = format!("{}_URL", variable_stem(service));
        let types: Vec<String> = names(service).into_iter().map(shell::literal).collect();
        out.push_str(&format!(
            ": \"${{{variable}:=$(endpoint {})}}\"\n",
            types.join(" ")
        ));
        // The paths begin with the version where the services' own clients find it by discovery.
        match canonical(service) {
            "network" => out.push_str(&format!("{variable}=${{{variable}%/v2.0}}\n")),
            "image" => out.push_str(&format!("{variable}=${{{variable}%/v2}}\n")),
            "identity" => out.push_str(&format!("{variable}=${{{variable}%/v3}}/v3\n")),
            _ => {}
        }
    }
    out
}

fn jq_path(capture: &Capture) -> String {
    let steps = capture
        .steps
        .iter()
        .enumerate()
        .map(|(position, step)| match step {
            Step::Item(n) => format!("[{n}]"),
            Step::Member(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
                format!(".{name}")
            }
            Step::Member(name) => format!(
                "{}[{}]",
                if position == 0 { "." } else { "" },
                serde_json::Value::from(name.as_str())
            ),
        });
    steps.collect()
}
