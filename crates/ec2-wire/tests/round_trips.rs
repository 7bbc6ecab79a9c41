//! Whatever the model allows survives the wire, and whatever bytes come, nothing panics.

mod draw;

use ec2_wire::{
    Ec2Error, Ec2Request, decode_error, decode_query, decode_response, encode_error, encode_query,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use draw::drawn;

/// The text as XML can carry it.
fn carried(text: &str) -> String {
    let forbidden = |c: char| matches!(c, '\0'..'\t' | '\u{B}' | '\u{C}' | '\u{E}'..' ' | '\u{FFFE}' | '\u{FFFF}');
    text.chars()
        .map(|c| if forbidden(c) { '\u{FFFD}' } else { c })
        .collect()
}

fn carried_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = carried(text),
        Value::Array(items) => items.iter_mut().for_each(carried_value),
        Value::Object(object) => object.values_mut().for_each(carried_value),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn scalars(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(scalars).sum(),
        Value::Object(object) => object.values().map(scalars).sum(),
        _ => 1,
    }
}

proptest! {
    #[test]
    fn requests_survive_the_wire((action, mut draw) in drawn()) {
        let parameters = draw.value(action.input(), 0).unwrap_or_else(|| json!({}));
        let request = Ec2Request {
            action: action.name().to_owned(), version: None, parameters: parameters.clone(), leaves: Vec::new(),
        };
        let body = encode_query(&request);
        let decoded = decode_query(&body);
        prop_assert_eq!(&decoded.diagnostics, &[]);
        prop_assert_eq!(&decoded.request.parameters, &parameters);
        prop_assert_eq!(decoded.request.leaves.len(), scalars(&parameters));
        for leaf in &decoded.request.leaves {
            let pointer = leaf.pointer.clone().unwrap_or_default();
            prop_assert!(parameters.pointer(&pointer).is_some(), "{}", pointer);
            let key = ec2_wire::wire_key(action, &pointer);
            prop_assert_eq!(key.as_deref(), Some(leaf.key.as_str()));
            prop_assert_eq!(leaf.key_span.clone().and_then(|span| body.get(span)), Some(leaf.key.as_str()));
        }
    }

    #[test]
    fn structured_parameters_are_what_the_wire_gives((action, mut draw) in drawn()) {
        let parameters = draw.value(action.input(), 0).unwrap_or_else(|| json!({}));
        let structured = ec2_wire::from_parameters(action.name(), &parameters, |_| (None, None));
        prop_assert_eq!(&structured.diagnostics, &[]);
        prop_assert_eq!(&structured.request.parameters, &parameters);
        let decoded = decode_query(&encode_query(&structured.request)).request;
        let keys = |request: &Ec2Request| {
            let mut keys: Vec<_> = request.leaves.iter().map(|leaf| (leaf.key.clone(), leaf.pointer.clone())).collect();
            keys.sort();
            keys
        };
        prop_assert_eq!(keys(&decoded), keys(&structured.request));
    }

    #[test]
    fn answers_survive_the_wire((action, mut draw) in drawn()) {
        let mut value = draw.value(action.output(), 0).unwrap_or_else(|| json!({}));
        let mut places: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        let xml = ec2_wire::encode_response_with(action, "r", &value, &mut places);
        prop_assert_eq!(&xml, &ec2_wire::encode_response(action, "r", &value));
        prop_assert_eq!(places.len(), scalars(&value));
        for (range, pointer) in places {
            let leaf = value.pointer(&pointer).cloned().unwrap_or_default();
            let written = xml.get(range).unwrap_or_default();
            let plain = leaf.as_str().map_or_else(|| leaf.to_string().trim_end_matches(".0").to_owned(), ec2_wire::xml::escape);
            prop_assert_eq!(written, plain);
        }
        carried_value(&mut value);
        if let (Some(_), Value::Object(object)) = (action.output().member("Return"), &mut value) {
            let success = action.output().member("Return").map(|member| member.shape().kind());
            let truth = if success == Some(ec2_model::Kind::Boolean) { json!(true) } else { json!("true") };
            object.entry("Return").or_insert(truth);
        }
        prop_assert_eq!(decode_response(action, &xml), Ok(value));
    }

    #[test]
    fn errors_survive_the_wire(code in "[A-Za-z.]{1,30}", message in any::<String>(), id in any::<String>()) {
        let xml = encode_error(&Ec2Error::client(code.clone(), message.clone()), &id);
        let (error, request_id) = decode_error(&xml).expect("what was written is read");
        prop_assert_eq!((error.code, error.message, request_id), (code, carried(&message), carried(&id)));
    }

    #[test]
    fn any_text_is_read_without_panic(text in "(\\?|Action=(RunInstances|DescribeInstances|CreateFleet))?([&=.%+1-3]|Filter|Value|Name|InstanceId|\\PC){0,40}") {
        let decoded = decode_query(&text);
        for leaf in &decoded.request.leaves {
            prop_assert!(leaf.span.clone().is_some_and(|span| text.get(span).is_some()));
        }
        let again = decode_query(&encode_query(&decoded.request));
        prop_assert_eq!(again.request.action, decoded.request.action);
    }

    #[test]
    fn any_xml_is_read_without_panic(text in "(<|>|/|&|;|#|x|DescribeVpcsResponse|vpcSet|item|vpcId|isDefault|\"| |<!\\[CDATA\\[|\\]\\]>|\\PC){0,60}") {
        let action = ec2_model::action("DescribeVpcs").expect("EC2 has it");
        let wrapped = format!("<DescribeVpcsResponse><vpcSet><item>{text}</item></vpcSet></DescribeVpcsResponse>");
        for xml in [&text, &wrapped] {
            if let Err(error) = decode_response(action, xml) {
                prop_assert!(error.at <= xml.len());
            }
            let _ = decode_error(xml);
        }
    }
}
