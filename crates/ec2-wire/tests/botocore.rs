//! The codec against what botocore sends and reads: `tests/oracle/ec2_wire.jsonl`, written by the script beside it.

use ec2_wire::{check_required, decode_query, decode_response, encode_query, encode_response};
use serde_json::Value;

const PAIRS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/oracle/ec2_wire.jsonl"
));

fn pairs(key: &'static str) -> impl Iterator<Item = (ec2_model::Action, Value)> {
    PAIRS
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON line"))
        .filter_map(move |pair: Value| {
            let action =
                ec2_model::action(pair["action"].as_str()?).expect("botocore's actions are known");
            pair.get(key)?;
            Some((action, pair))
        })
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn reads_what_botocore_sends() {
    let mut count = 0;
    for (action, pair) in pairs("body") {
        let decoded = decode_query(text(&pair["body"]));
        assert_eq!(decoded.diagnostics, [], "{action:?}");
        assert_eq!(decoded.request.parameters, pair["parameters"], "{action:?}");
        assert!(
            decoded
                .request
                .leaves
                .iter()
                .all(|leaf| leaf.pointer.is_some()),
            "{action:?}"
        );
        count += 1;
    }
    assert!(count > 150, "{count} requests");
}

#[test]
fn sends_what_botocore_sends() {
    for (action, pair) in pairs("body") {
        let body = encode_query(&decode_query(text(&pair["body"])).request);
        let sorted = |body: &str| {
            let mut pairs: Vec<_> = ec2_wire::split_query(body)
                .map(|pair| (pair.key.into_owned(), pair.value.into_owned()))
                .collect();
            pairs.sort();
            pairs
        };
        assert_eq!(sorted(&body), sorted(text(&pair["body"])), "{action:?}");
    }
}

#[test]
fn reads_answers_as_botocore_does() {
    let mut count = 0;
    for (action, pair) in pairs("xml") {
        assert_eq!(
            decode_response(action, text(&pair["xml"])),
            Ok(pair["value"].clone()),
            "{action:?}"
        );
        count += 1;
    }
    assert!(count > 150, "{count} answers");
}

#[test]
fn writes_answers_that_botocore_reads() {
    for (action, pair) in pairs("xml") {
        let xml = encode_response(action, "r", &pair["value"]);
        let body = xml
            .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
            .expect("the declaration");
        assert_eq!(body, text(&pair["xml"]), "{action:?}");
    }
}

#[test]
fn missing_parameters_are_named_as_on_the_wire() {
    let cases = [
        ("Action=RunInstances&MinCount=1", Some("MaxCount")),
        ("Action=RunInstances&MinCount=1&MaxCount=1", None),
        ("Action=CreateTags&ResourceId.1=i-1", Some("Tag")),
        (
            "Action=CreateTags&ResourceId=&Tag.1.Key=a",
            Some("ResourceId"),
        ),
        (
            "Action=AttachVolume&Device=/dev/sdf&InstanceId=i-1",
            Some("VolumeId"),
        ),
        (
            "Action=RunInstances&MinCount=1&MaxCount=1&ElasticInferenceAccelerator.2.Count=1",
            Some("ElasticInferenceAccelerator.1.Type"),
        ),
        ("Action=DescribeInstances", None),
        ("Action=NoSuchAction", None),
    ];
    for (body, key) in cases {
        let missing = check_required(&decode_query(body).request).map(|error| error.to_string());
        let expected = key
            .map(|key| format!("MissingParameter: The request must contain the parameter {key}"));
        assert_eq!(missing, expected, "{body}");
    }
}
