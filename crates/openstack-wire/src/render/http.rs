//! Raw HTTP, in the notation of `.http` files.

use super::capture::{Capture, Captures, Piece, Step};
use super::{Issued, remark, remarks, services, variable_stem};
use crate::Call;
use crate::service::microversion_headers;

pub(super) fn call(call: &Call, captures: &Captures) -> String {
    let mut lines = vec![format!(
        "{} {{{{{}_URL}}}}{} HTTP/1.1",
        call.method,
        variable_stem(&call.service),
        with_variables(&call.target(), captures)
    )];
    let mut header =
        |name: &str, value: &str| lines.push(format!("{}: {}", remark(name), remark(value)));
    header("X-Auth-Token", "{{OS_TOKEN}}");
    for (name, value) in microversion_headers(call) {
        header(name, &value);
    }
    header("Accept", "application/json");
    for (name, value) in &call.headers {
        header(name, value);
    }
    if let Some(content_type) = call.body_type() {
        header("Content-Type", content_type);
    }
    if let Some(body) = &call.body {
        lines.push(String::new());
        let text = serde_json::to_string_pretty(body).unwrap_or_default();
        lines.push(with_variables(&text, captures));
    }
    lines.join("\n")
}

fn with_variables(text: &str, captures: &Captures) -> String {
    let pieces = captures.split(text);
    let written = pieces.into_iter().map(|piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Variable(name) => format!("{{{{{name}}}}}"),
    });
    written.collect()
}

pub(super) fn script(calls: &[Issued<'_>], captures: &Captures) -> String {
    let mut out = String::from(
        "# Put in a token (openstack token issue) and the addresses of your cloud (openstack catalog list).\n",
    );
    out.push_str("@OS_TOKEN = \n");
    for service in services(calls) {
        let example = match crate::service::canonical(service) {
            "compute" => "http://controller/compute/v2.1",
            "network" => "http://controller:9696",
            "block-storage" => "http://controller/volume/v3/PROJECT_ID",
            "image" => "http://controller:9292",
            "identity" => "http://controller/identity/v3",
            _ => "http://controller",
        };
        out.push_str(&format!("@{}_URL = {example}\n", variable_stem(service)));
    }
    for (position, issued) in calls.iter().enumerate() {
        let name = request_name(issued.name, position);
        out.push_str(&format!("\n##{}# @name {name}\n", remarks(issued)));
        out.push_str(&call(issued.call, captures));
        out.push('\n');
        for capture in captures.kept_of(position) {
            out.push_str(&format!(
                "\n@{} = {{{{{name}.response.body.{}}}}}\n",
                capture.name,
                json_path(capture)
            ));
        }
    }
    out
}

fn request_name(name: &str, position: usize) -> String {
    let name: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    format!("{name}_{}", position + 1)
        .trim_start_matches('_')
        .to_owned()
}

fn json_path(capture: &Capture) -> String {
    let steps = capture.steps.iter().map(|step| match step {
        Step::Item(n) => format!("[{n}]"),
        Step::Member(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
            format!(".{name}")
        }
        Step::Member(name) => format!("['{}']", remark(name)),
    });
    std::iter::once("$".to_owned()).chain(steps).collect()
}
