//! A request to a form body.

use ec2_model::{Kind, Shape};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::MAX_DEPTH;
use crate::{Ec2Request, scalar};

/// What AWS signatures leave unescaped: letters, digits and `-_.~`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The request as a form body: `Action`, `Version`, the parameters, then the leaves that the model does not know.
///
/// What Query cannot express, empty lists and structures, is left out.
///
/// ```
/// let request = ec2_wire::decode_query("Action=CreateTags&ResourceId.7=i-1&Tag.1.Key=a%20b").request;
/// assert_eq!(
///     ec2_wire::encode_query(&request),
///     "Action=CreateTags&Version=2016-11-15&ResourceId.1=i-1&Tag.1.Key=a%20b",
/// );
/// ```
#[must_use]
pub fn encode_query(request: &Ec2Request) -> String {
    let mut out = String::new();
    pair(&mut out, "Action", &request.action);
    pair(
        &mut out,
        "Version",
        request.version.as_deref().unwrap_or(ec2_model::VERSION),
    );
    if let Some(action) = ec2_model::action(&request.action) {
        encode(
            &mut out,
            &mut String::new(),
            action.input(),
            &request.parameters,
            0,
        );
    }
    for leaf in request.leaves.iter().filter(|leaf| leaf.pointer.is_none()) {
        pair(&mut out, &leaf.key, &leaf.text);
    }
    out
}

fn pair(out: &mut String, key: &str, value: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    out.extend(utf8_percent_encode(key, ESCAPED));
    out.push('=');
    out.extend(utf8_percent_encode(value, ESCAPED));
}

fn encode(out: &mut String, key: &mut String, shape: Shape, value: &Value, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let length = key.len();
    match (shape.kind(), value) {
        (Kind::Structure, Value::Object(object)) => {
            let mut last = None;
            for (name, value) in object {
                if let Some(member) = shape.member_after(last, name) {
                    last = Some(member);
                    extend(key, member.query_name());
                    encode(out, key, member.shape(), value, depth + 1);
                    key.truncate(length);
                }
            }
        }
        (Kind::List, Value::Array(items)) => {
            let Some(item) = shape.item() else { return };
            for (at, value) in items.iter().enumerate() {
                extend(key, &(at + 1).to_string());
                encode(out, key, item, value, depth + 1);
                key.truncate(length);
            }
        }
        (kind, value) if kind.is_scalar() => {
            if let Some(text) = scalar::write(value) {
                pair(out, key, &text);
            }
        }
        _ => {}
    }
}

pub(super) fn extend(key: &mut String, part: &str) {
    if !key.is_empty() {
        key.push('.');
    }
    key.push_str(part);
}

/// The wire key of the parameter at a JSON pointer; `None` if the action has no such parameter.
///
/// ```
/// let action = ec2_model::action("RunInstances").unwrap();
/// let key = ec2_wire::wire_key(action, "/BlockDeviceMappings/0/Ebs/VolumeSize");
/// assert_eq!(key.as_deref(), Some("BlockDeviceMapping.1.Ebs.VolumeSize"));
/// ```
#[must_use]
pub fn wire_key(action: ec2_model::Action, pointer: &str) -> Option<String> {
    let mut shape = action.input();
    let mut key = String::new();
    for part in pointer.strip_prefix('/')?.split('/') {
        shape = if let Some(item) = shape.item() {
            let index: u64 = part.parse().ok()?;
            extend(&mut key, &index.checked_add(1)?.to_string());
            item
        } else {
            let member = shape.member(part)?;
            extend(&mut key, member.query_name());
            member.shape()
        };
    }
    Some(key)
}
