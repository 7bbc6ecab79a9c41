//! Python with openstacksdk: the proxy's own method where it says the same, the plain request where not.

use serde_json::Value;

use super::capture::{Captures, Step};
use super::{Issued, python, remarks};
use crate::service::canonical;
use crate::{Call, Method};

pub(super) fn call(call: &Call, captures: &Captures) -> String {
    proxy_method(call, captures).unwrap_or_else(|| request(call, captures, 0))
}

pub(super) fn script(calls: &[Issued<'_>], captures: &Captures) -> String {
    let mut body = String::new();
    for (position, issued) in calls.iter().enumerate() {
        body.push_str(&format!("\n{}", remarks(issued)));
        let mut kept = captures.kept_of(position).peekable();
        if kept.peek().is_none() {
            body.push_str(&match proxy_method(issued.call, captures) {
                Some(method) => format!("print({method})\n"),
                None => format!("show({})\n", request(issued.call, captures, 0)),
            });
            continue;
        }
        body.push_str(&format!(
            "reply = show({})\n",
            request(issued.call, captures, 0)
        ));
        for capture in kept {
            let steps: String = capture
                .steps
                .iter()
                .map(|step| match step {
                    Step::Member(name) => format!("[{}]", python::text(name, &Captures::default())),
                    Step::Item(n) => format!("[{n}]"),
                })
                .collect();
            body.push_str(&format!("{} = reply{steps}\n", capture.name));
        }
    }
    format!(
        "#!/usr/bin/env python3\n\
         # Needs openstacksdk, and OS_CLOUD or the OS_* variables of an openrc file.\n\
         import json\n\n\
         import openstack\n\
         from openstack import exceptions\n\n\
         conn = openstack.connect()\n\n\n\
         def show(response):\n\
         \x20   exceptions.raise_from_response(response)\n\
         \x20   reply = response.json() if response.content else None\n\
         \x20   print(response.status_code, json.dumps(reply, indent=2))\n\
         \x20   return reply\n\n{body}"
    )
}

/// Name of the proxy on a connection, and the part of our paths that its base address already has.
fn proxy(service: &str) -> Option<(&'static str, &'static str)> {
    Some(match canonical(service) {
        "compute" => ("compute", ""),
        "network" => ("network", "/v2.0"),
        "block-storage" => ("block_storage", ""),
        "image" => ("image", "/v2"),
        "identity" => ("identity", ""),
        "placement" => ("placement", ""),
        _ => return None,
    })
}

fn request(call: &Call, captures: &Captures, indent: usize) -> String {
    let mut arguments = Vec::new();
    let path = Call {
        query: Vec::new(),
        ..call.clone()
    }
    .target();
    let (function, path) = match proxy(&call.service) {
        Some((name, version)) => {
            let function = format!("conn.{name}.{}", call.method.as_str().to_ascii_lowercase());
            (
                function,
                path.strip_prefix(version).unwrap_or(&path).to_owned(),
            )
        }
        None => ("conn.session.request".to_owned(), path),
    };
    arguments.push(python::text(&path, captures));
    if proxy(&call.service).is_none() {
        arguments.push(python::text(call.method.as_str(), captures));
        arguments.push(format!(
            "endpoint_filter={{\"service_type\": {}}}",
            python::text(&call.service, captures)
        ));
    }
    if !call.query.is_empty() {
        arguments.push(format!(
            "params={}",
            parameters(&call.query, captures, indent)
        ));
    }
    let is_json = call
        .content_type
        .as_deref()
        .is_none_or(|content_type| content_type == "application/json");
    let mut headers: Vec<(String, String)> = call.headers.clone();
    if let Some(body) = &call.body {
        arguments.push(format!("json={}", python::value(body, captures, indent)));
        if let (false, Some(content_type)) = (is_json, &call.content_type) {
            headers.push(("Content-Type".into(), content_type.clone()));
        }
    }
    if !headers.is_empty() {
        arguments.push(format!(
            "headers={}",
            parameters(&headers, captures, indent)
        ));
    }
    if let Some(version) = &call.microversion {
        arguments.push(format!("microversion={}", python::text(version, captures)));
    }
    format!("{function}({})", arguments.join(", "))
}

fn parameters(pairs: &[(String, String)], captures: &Captures, indent: usize) -> String {
    let repeats = pairs
        .iter()
        .enumerate()
        .any(|(n, (key, _))| pairs.iter().skip(n + 1).any(|(other, _)| other == key));
    if repeats {
        let pairs = pairs.iter().map(|(key, value)| {
            format!(
                "({}, {})",
                python::text(key, captures),
                python::text(value, captures)
            )
        });
        return format!("[{}]", pairs.collect::<Vec<_>>().join(", "));
    }
    let object = pairs
        .iter()
        .map(|(key, value)| (key.clone(), Value::from(value.as_str())))
        .collect();
    python::value(&Value::Object(object), captures, indent)
}

/// Reads and deletions of one thing, and server actions, by the proxy's own method.
fn proxy_method(call: &Call, captures: &Captures) -> Option<String> {
    if !call.query.is_empty() || !call.headers.is_empty() {
        return None;
    }
    let (proxy, version) = proxy(&call.service)?;
    let segments: Vec<&str> = call
        .path
        .strip_prefix(version)?
        .strip_prefix('/')?
        .split('/')
        .collect();
    let id = percent_encoding::percent_decode_str(segments.get(1)?)
        .decode_utf8()
        .ok()?;
    let id = python::text(&id, captures);
    if let ("compute", Method::Post, ["servers", _, "action"]) =
        (proxy, call.method, segments.as_slice())
    {
        return server_action(call.body.as_ref()?, &id);
    }
    let [collection, _] = segments.as_slice() else {
        return None;
    };
    let resource = match (proxy, *collection) {
        ("compute", "servers") => "server",
        ("compute", "flavors") => "flavor",
        ("compute", "os-keypairs") => "keypair",
        ("block_storage", "volumes") => "volume",
        ("block_storage", "snapshots") => "snapshot",
        ("image", "images") => "image",
        ("network", "networks") => "network",
        ("network", "subnets") => "subnet",
        ("network", "subnetpools") => "subnet_pool",
        ("network", "routers") => "router",
        ("network", "ports") => "port",
        ("network", "floatingips") => "ip",
        ("network", "security-groups") => "security_group",
        ("network", "security-group-rules") => "security_group_rule",
        _ => return None,
    };
    // The collections have operations of their own beside ids.
    if id == "\"detail\"" || call.body.is_some() {
        return None;
    }
    match call.method {
        Method::Get => Some(format!("conn.{proxy}.get_{resource}({id})")),
        Method::Delete => Some(format!(
            "conn.{proxy}.delete_{resource}({id}, ignore_missing=False)"
        )),
        _ => None,
    }
}

fn server_action(body: &Value, id: &str) -> Option<String> {
    let action = body.as_object().filter(|action| action.len() == 1)?;
    let (name, options) = action.iter().next()?;
    let none = options.is_null();
    let method = match name.as_str() {
        "os-start" if none => "start_server",
        "os-stop" if none => "stop_server",
        "pause" if none => "pause_server",
        "unpause" if none => "unpause_server",
        "suspend" if none => "suspend_server",
        "resume" if none => "resume_server",
        "shelve" if none => "shelve_server",
        "unlock" if none => "unlock_server",
        "confirmResize" if none => "confirm_server_resize",
        "revertResize" if none => "revert_server_resize",
        "reboot" => {
            let kind = options
                .as_object()
                .filter(|options| options.len() == 1)?
                .get("type")?
                .as_str()?;
            return Some(format!(
                "conn.compute.reboot_server({id}, {})",
                python::text(kind, &Captures::default())
            ));
        }
        _ => return None,
    };
    Some(format!("conn.compute.{method}({id})"))
}
