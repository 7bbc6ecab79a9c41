//! Queries as clients send and people type them.

use ec2_wire::{Decoded, Pair, Severity, decode_pairs, decode_query, encode_query};
use serde_json::{Value, json};

#[test]
fn parameters_are_typed_by_the_model() {
    let cases = [
        (
            "Action=ImportKeyPair&KeyName=123&PublicKeyMaterial=aGk",
            json!({"KeyName": "123", "PublicKeyMaterial": "aGk="}),
        ),
        (
            "Action=ImportKeyPair&PublicKeyMaterial=a+8/",
            json!({"PublicKeyMaterial": "a+8/"}),
        ),
        (
            "Action=ImportKeyPair&PublicKeyMaterial=a-8_",
            json!({"PublicKeyMaterial": "a+8/"}),
        ),
        (
            "Action=DescribeInstances&MaxResults=5&DryRun=TRUE",
            json!({"MaxResults": 5, "DryRun": true}),
        ),
        (
            "Action=DescribeInstances&DryRun=0",
            json!({"DryRun": false}),
        ),
        (
            "Action=DescribeSpotPriceHistory&StartTime=2021-09-29T11:04:43",
            json!({"StartTime": "2021-09-29T11:04:43Z"}),
        ),
        (
            "Action=DescribeInstances&InstanceId.10=b&InstanceId.9=a&InstanceId.4000000000=c",
            json!({"InstanceIds": ["a", "b", "c"]}),
        ),
        (
            "Action=DescribeInstances&InstanceId.01=a&InstanceId.2=b",
            json!({"InstanceIds": ["a", "b"]}),
        ),
        (
            "Action=DescribeInstances&Filter.18446744073709551615.Value.7=b&Filter.18446744073709551615.Name=n&Filter.3.Name=m",
            json!({"Filters": [{"Name": "m"}, {"Name": "n", "Values": ["b"]}]}),
        ),
        (
            "Action=DescribeInstances&InstanceId=",
            json!({"InstanceIds": []}),
        ),
        (
            "Action=RunInstances&BlockDeviceMapping.1.Ebs.VolumeSize=8&BlockDeviceMapping.1.DeviceName=%2Fdev%2Fsda1",
            json!({"BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8}}]}),
        ),
        (
            "Action=DescribeInstances&NextToken=%EF%BF%BD\u{FFFD}",
            json!({"NextToken": "\u{FFFD}\u{FFFD}"}),
        ),
        (
            "?Action=DescribeInstances&\nInstanceId.1=a\n&\r\n\tInstanceId.2=b+c&&=",
            json!({"InstanceIds": ["a", "b c"]}),
        ),
        (
            "AWSAccessKeyId=k&Action=DescribeVpcs&Signature=s&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=t&Expires=e\
             &SecurityToken=t&X-Amz-Date=d&x-amz-signature=s&Version=2016-11-15",
            json!({}),
        ),
    ];
    for (body, parameters) in cases {
        let decoded = decode_query(body);
        assert_eq!(decoded.diagnostics, [], "{body}");
        assert_eq!(decoded.request.parameters, parameters, "{body}");
        assert_eq!(
            decode_query(&encode_query(&decoded.request))
                .request
                .parameters,
            without_empty(parameters),
            "{body}"
        );
    }
}

/// Query cannot express an empty list.
fn without_empty(mut parameters: Value) -> Value {
    if let Some(object) = parameters.as_object_mut() {
        object.retain(|_, value| value.as_array().is_none_or(|items| !items.is_empty()));
    }
    parameters
}

#[test]
fn mistakes_are_named_with_the_mend() {
    use Severity::{Error, Warning};
    let cases = [
        (
            "DescribeInstances&Filters.1.Values.1=x",
            Warning,
            "UnknownParameter",
            "did you mean Filter.1.Value.1?",
        ),
        (
            "DescribeInstances&Filter.Name=x",
            Warning,
            "UnknownParameter",
            "did you mean Filter.1.Name?",
        ),
        (
            "DescribeInstances&filter.1.name=x",
            Warning,
            "UnknownParameter",
            "did you mean Filter.1.Name?",
        ),
        (
            "DescribeInstances&InstanceIds.member.2=x",
            Warning,
            "UnknownParameter",
            "did you mean InstanceId.2?",
        ),
        (
            "DescribeInstances&InstanceIds[1]=x",
            Warning,
            "UnknownParameter",
            "did you mean InstanceId.1?",
        ),
        (
            "DescribeInstances&InstanceId.=x",
            Warning,
            "UnknownParameter",
            "did you mean InstanceId.1?",
        ),
        (
            "DescribeInstances&InstanceId.99999999999999999999=x",
            Warning,
            "UnknownParameter",
            "is not recognized",
        ),
        (
            "DescribeInstances&Nonsense=x",
            Warning,
            "UnknownParameter",
            "The parameter Nonsense is not recognized.",
        ),
        (
            "DescribeInstances&InstanceId=x",
            Error,
            "InvalidParameterValue",
            "a list, not a single value; did you mean InstanceId.1?",
        ),
        (
            "DescribeInstances&Filter.1=x",
            Error,
            "InvalidParameterValue",
            "Filter.1 is a structure, not a single value",
        ),
        (
            "DescribeInstances&MaxResults.1=5",
            Warning,
            "UnknownParameter",
            "MaxResults.1 is not recognized",
        ),
        (
            "DescribeInstances&MaxResults=abc",
            Error,
            "InvalidParameterValue",
            "Value (abc) for parameter MaxResults is invalid. Expected an integer",
        ),
        (
            "DescribeInstances&MaxResults=99999999999",
            Error,
            "InvalidParameterValue",
            "MaxResults",
        ),
        (
            "DescribeInstances&MaxResults=",
            Error,
            "InvalidParameterValue",
            "MaxResults",
        ),
        (
            "DescribeInstances&DryRun=yes",
            Error,
            "InvalidParameterValue",
            "Expected true or false",
        ),
        (
            "DescribeSpotPriceHistory&StartTime=soon",
            Error,
            "InvalidParameterValue",
            "Expected a timestamp",
        ),
        (
            "ImportKeyPair&PublicKeyMaterial=!!",
            Error,
            "InvalidParameterValue",
            "Expected base64",
        ),
        (
            "DescribeInstances&NextToken=a&NextToken=b",
            Error,
            "InvalidParameterCombination",
            "NextToken is given more than once",
        ),
        (
            "DescribeInstances&InstanceId.1=a&InstanceId.01=b",
            Error,
            "InvalidParameterCombination",
            "InstanceId.01",
        ),
        (
            "DescribeInstances&NextToken=%ff",
            Error,
            "MalformedQueryString",
            "NextToken is not UTF-8",
        ),
        (
            "DescribeInstances&Action=DescribeVpcs",
            Error,
            "InvalidParameterCombination",
            "Action",
        ),
        (
            "DescribeInstance",
            Error,
            "InvalidAction",
            "Did you mean DescribeInstances?",
        ),
        ("&InstanceId.1=a", Error, "MissingAction", "names no action"),
    ];
    for (rest, severity, code, message) in cases {
        let decoded = decode_query(&format!("Action={rest}"));
        let found = decoded
            .diagnostics
            .first()
            .unwrap_or_else(|| panic!("{rest}: nothing reported"));
        assert_eq!(
            (found.severity, found.error.code.as_str()),
            (severity, code),
            "{rest}"
        );
        assert!(
            found.error.message.contains(message),
            "{rest}: {}",
            found.error.message
        );
        assert_eq!(decoded.diagnostics.len(), 1, "{rest}");
        assert_eq!(decoded.strict().is_err(), severity == Error, "{rest}");
    }
}

#[test]
fn every_scalar_is_a_leaf_in_the_order_of_the_text() {
    let text = "Action=RunInstances&Foo.1=x&TagSpecification.7.Tag.2.Value=b%20c&TagSpecification.7.Tag.1.Key=a&MinCount=x";
    let Decoded { request, .. } = decode_query(text);
    let rows: Vec<_> = request
        .leaves
        .iter()
        .map(|leaf| {
            let place = |span: &Option<ec2_wire::Span>| {
                span.clone()
                    .and_then(|span| text.get(span))
                    .unwrap_or_default()
            };
            (
                leaf.pointer.as_deref(),
                place(&leaf.key_span),
                place(&leaf.span),
                leaf.text.as_str(),
                leaf.note.is_some(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (None, "Foo.1", "x", "x", true),
            (
                Some("/TagSpecifications/0/Tags/1/Value"),
                "TagSpecification.7.Tag.2.Value",
                "b%20c",
                "b c",
                false
            ),
            (
                Some("/TagSpecifications/0/Tags/0/Key"),
                "TagSpecification.7.Tag.1.Key",
                "a",
                "a",
                false
            ),
            (None, "MinCount", "x", "x", true),
        ]
    );
    for leaf in request.leaves.iter().filter(|leaf| leaf.pointer.is_some()) {
        let pointer = leaf.pointer.as_deref().unwrap_or_default();
        assert_eq!(
            request.parameters.pointer(pointer),
            Some(&Value::from(leaf.text.clone()))
        );
    }
}

#[test]
fn hostile_sizes_are_errors_not_hangs() {
    let deep = format!(
        "Action=DescribeInstances&{}=x",
        vec!["Filter"; 5000].join(".")
    );
    let nested = format!("Action=CreateFleet&{}=x", vec!["1"; 40].join("."));
    let many = "Action=DescribeInstances".to_owned() + &"&Unknown=1".repeat(ec2_wire::MAX_KEYS + 5);
    let large = "Action=DescribeInstances&NextToken=".to_owned() + &"x".repeat(ec2_wire::MAX_BYTES);
    let typos = "Action=RunInstances".to_owned()
        + &format!("&{}=1", "NetworkInterfaze".repeat(20)).repeat(19_000 / 20);
    for (text, strict) in [
        (deep, true),
        (nested, true),
        (typos, true),
        (many, false),
        (large, false),
    ] {
        let decoded = decode_query(&text);
        assert!(!decoded.diagnostics.is_empty());
        assert!(
            decoded
                .diagnostics
                .iter()
                .all(|found| found.error.message.len() < 800)
        );
        assert_eq!(
            decoded.strict().is_ok(),
            strict,
            "{}",
            text.get(..60).unwrap_or_default()
        );
    }
}

#[test]
fn pairs_without_places_are_read_too() {
    let decoded = decode_pairs([
        Pair::new("InstanceId.1", "a"),
        Pair::new("Action", "StopInstances"),
    ]);
    assert_eq!(decoded.request.parameters, json!({"InstanceIds": ["a"]}));
    assert_eq!(
        decoded
            .request
            .leaves
            .first()
            .and_then(|leaf| leaf.span.clone()),
        None
    );
}
