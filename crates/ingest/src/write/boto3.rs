//! A request as a Python program.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ec2_model::{Kind, Shape};
use ec2_wire::Ec2Request;
use serde_json::Value;

use super::Writer;
use crate::characters::{deceptive, zero_width};
use crate::kebab::kebab;

/// Longest line that is not broken.
const WIDTH: usize = 88;

/// A client and one call, one parameter on each line.
pub(super) fn write(request: &Ec2Request, writer: Writer<'_>) -> String {
    let region = writer
        .region
        .map(|region| format!(", region_name={}", text(region)))
        .unwrap_or_default();
    let method = kebab(&request.action).replace('-', "_");
    let mut out = format!("import boto3\n\nec2 = boto3.client('ec2'{region})\n");
    let mut remarks = Vec::new();
    let mut arguments = Vec::new();
    let input = ec2_model::action(&request.action).map(ec2_model::Action::input);
    if let (Some(input), Value::Object(parameters)) = (input, &request.parameters) {
        for (name, value) in parameters {
            let Some(member) = input.member(name) else {
                continue;
            };
            let written = if request.action == "RunInstances" && name == "UserData" {
                user_data(value)
            } else {
                Some(python(member.shape(), value, 4, name.len() + 1))
            };
            match written {
                Some(written) => arguments.push(format!("    {name}={written},\n")),
                None => remarks.push(format!("{name}={value}")),
            }
        }
    }
    let unknown = request.leaves.iter().filter(|leaf| leaf.pointer.is_none());
    remarks.extend(unknown.map(|leaf| format!("{}={:?}", leaf.key, leaf.text)));
    for remark in remarks {
        out.push_str(&format!("# boto3 cannot say {remark}.\n"));
    }
    out.push_str(&format!("response = ec2.{method}("));
    if !arguments.is_empty() {
        out.push('\n');
        out.push_str(&arguments.concat());
    }
    out.push_str(")\nprint(response)\n");
    out
}

/// What the client encodes to the same base64; `None` if nothing is.
fn user_data(value: &Value) -> Option<String> {
    let encoded = value.as_str()?;
    let data = STANDARD.decode(encoded).ok()?;
    if STANDARD.encode(&data) != encoded {
        return None;
    }
    Some(match String::from_utf8(data) {
        Ok(script) => text(&script),
        Err(error) => bytes(error.as_bytes()),
    })
}

/// A value; `used` is how much of the line stands before it, behind the indent.
fn python(shape: Shape, value: &Value, indent: usize, used: usize) -> String {
    let whole = inline(shape, value);
    if indent + used + whole.chars().count() < WIDTH {
        return whole;
    }
    let inner = " ".repeat(indent + 4);
    let outer = " ".repeat(indent);
    match value {
        Value::Array(items) => {
            let shape = shape.item().unwrap_or(shape);
            let lines: Vec<String> = items
                .iter()
                .map(|item| format!("{inner}{},\n", python(shape, item, indent + 4, 1)))
                .collect();
            format!("[\n{}{outer}]", lines.concat())
        }
        Value::Object(object) => {
            let lines: Vec<String> = object
                .iter()
                .map(|(name, value)| {
                    let shape = shape.member(name).map_or(shape, ec2_model::Member::shape);
                    let name = text(name);
                    let written = python(shape, value, indent + 4, name.len() + 3);
                    format!("{inner}{name}: {written},\n")
                })
                .collect();
            format!("{{\n{}{outer}}}", lines.concat())
        }
        _ => whole,
    }
}

fn inline(shape: Shape, value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(encoded) if shape.kind() == Kind::Blob => match STANDARD.decode(encoded) {
            Ok(data) => bytes(&data),
            Err(_) => text(encoded),
        },
        Value::String(value) => text(value),
        Value::Array(items) => {
            let shape = shape.item().unwrap_or(shape);
            let items: Vec<String> = items.iter().map(|item| inline(shape, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(object) => {
            let members: Vec<String> = object
                .iter()
                .map(|(name, value)| {
                    let shape = shape.member(name).map_or(shape, ec2_model::Member::shape);
                    format!("{}: {}", text(name), inline(shape, value))
                })
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// A text in single quotes, in double ones if it holds single ones only.
fn text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() || deceptive(c) || zero_width(c) => {
                let code = u32::from(c);
                out.push_str(&match code {
                    0..=0xFF => format!("\\x{code:02x}"),
                    0x100..=0xFFFF => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                });
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn bytes(data: &[u8]) -> String {
    let mut out = String::from("b'");
    for byte in data {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' | b'\'' => {
                out.push('\\');
                out.push(char::from(*byte));
            }
            b' '..=b'~' => out.push(char::from(*byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('\'');
    out
}
