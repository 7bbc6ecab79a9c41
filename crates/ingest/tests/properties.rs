//! What holds for any text and any request.

use ingest::{Dialect, Ec2Request, Reading, read, write};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn sound(text: &str, reading: &Reading) {
    let mut end = 0;
    for token in &reading.tokens {
        assert!(
            text.get(token.span.clone())
                .is_some_and(|part| !part.is_empty()),
            "{token:?}"
        );
        assert!(token.span.start >= end, "{token:?} overlaps");
        end = token.span.end;
    }
    for remark in &reading.diagnostics {
        assert!(text.get(remark.span.clone()).is_some(), "{remark:?}");
    }
    for leaf in reading.request.iter().flat_map(|request| &request.leaves) {
        for span in [&leaf.span, &leaf.key_span].into_iter().flatten() {
            assert!(text.get(span.clone()).is_some(), "{leaf:?}");
        }
    }
}

fn read_every_way(text: &str) {
    sound(text, &read(text, None));
    for dialect in Dialect::ALL {
        sound(text, &read(text, Some(dialect)));
    }
}

/// Pieces that mean something in one dialect or another.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "aws ",
        "ec2 ",
        "describe-instances ",
        "run-instances ",
        "authorize-security-group-ingress ",
        "wait instance-running ",
        "--filters ",
        "--instance-ids ",
        "--count ",
        "--port ",
        "--tag-specifications ",
        "--block-device-mappings ",
        "--user-data ",
        "--cli-input-json ",
        "--no-dry-run ",
        "--associate-public-ip-address ",
        "--network-interfaces ",
        "--page-size ",
        "Name=x,Values=y,z ",
        "Ebs={VolumeSize=8} ",
        "{\"a\":[1,true,null,\"x\\u00e9\"]}",
        "Action=",
        "DescribeInstances",
        "&",
        "=",
        "?",
        "%",
        "%20",
        "+",
        "'",
        "\"",
        "\\",
        "\\\n",
        "^\n",
        "`\n",
        "\n",
        "\r\n",
        "\n\n",
        "#",
        "$X ",
        "$'",
        "$(",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "-",
        "—",
        "“",
        "”",
        "’",
        "\u{A0}",
        "\u{200B}",
        "\u{FEFF}",
        "é",
        "😀",
        "POST / HTTP/1.1\n",
        "curl ",
        "-d ",
        "--data-urlencode ",
        "-G ",
        "-u x:y ",
        "ec2.run_instances(",
        "ec2.describe_instances(InstanceIds=",
        "boto3.client('ec2')",
        ".get_paginator('describe_instances').paginate(",
        "x = ",
        "x",
        "**",
        "f'{x}'",
        "b'\\xff'",
        "\"\"\"",
        "'''",
        "dict(",
        "(",
        ")",
        " for ",
        " if ",
        " in ",
        "+ ",
        "# c\n",
        ">>> ",
        "... ",
        "{\"Action\": \"DescribeInstances\", ",
        "{\"eventName\": \"RunInstances\", \"requestParameters\": {\"instancesSet\": {\"items\": [",
        "GET /?",
        "Host: ec2.us-east-1.amazonaws.com\n",
        "https://",
        "ec2.amazonaws.com/?",
        "file://",
        "@=",
        "|",
        ">",
        ";",
    ]);
    prop_oneof![8 => fixed.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from), 1 => "[a-zA-Z0-9.]{1,8}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_is_read_with_sound_places(pieces in prop::collection::vec(piece(), 0..40)) {
        read_every_way(&pieces.concat());
    }

    #[test]
    fn any_characters_are_read_with_sound_places(text in "\\PC{0,200}") {
        read_every_way(&text);
    }

    #[test]
    fn written_and_read_again_it_is_the_same_request(request in request()) {
        for dialect in Dialect::ALL {
            let text = write(&request, dialect);
            let reading = read(&text, None);
            sound(&text, &reading);
            prop_assert_eq!(reading.dialect, dialect, "{}", text);
            let again = reading.request.clone().expect("a request");
            prop_assert_eq!(&again.action, &request.action);
            prop_assert_eq!(&again.version, &request.version);
            prop_assert_eq!(&again.parameters, &request.parameters, "{:?}: {}", reading.diagnostics, text);
            prop_assert!(!reading.has_errors(), "{:?}: {}", reading.diagnostics, text);
        }
    }
}

/// A text as people give them to names, tags and descriptions, and awkward ones.
fn text() -> impl Strategy<Value = String> {
    let awkward = [
        "",
        " ",
        "a,b",
        "it's",
        "\"",
        "a=b",
        "[x",
        "{y}",
        "-1",
        "--dry-run",
        "—",
        "file://x",
        "$HOME",
        "a\\,b",
        "\\",
        "100%",
        "a+b",
        "é 😀",
        "true",
        "a\nb",
        "#",
        "`",
        "“q”",
    ];
    prop_oneof![
        3 => "[a-z0-9-]{1,12}",
        1 => "[ -~]{0,16}",
        2 => prop::sample::select(awkward.to_vec()).prop_map(str::to_owned),
    ]
}

fn some(
    value: impl Strategy<Value = Value>,
    name: &'static str,
) -> impl Strategy<Value = Option<(&'static str, Value)>> {
    prop::option::of(value.prop_map(move |value| (name, value)))
}

fn object(members: Vec<Option<(&'static str, Value)>>) -> Value {
    Value::Object(
        members
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

fn request() -> impl Strategy<Value = Ec2Request> {
    let texts = || prop::collection::vec(text(), 1..4).prop_map(|texts| json!(texts));
    let filters = || {
        prop::collection::vec((text(), prop::collection::vec(text(), 1..3)), 1..3).prop_map(
            |filters| {
                Value::Array(
                    filters
                        .into_iter()
                        .map(|(name, values)| json!({"Name": name, "Values": values}))
                        .collect(),
                )
            },
        )
    };
    let tags = || {
        prop::collection::vec((text(), text()), 1..3).prop_map(|tags| {
            Value::Array(
                tags.into_iter()
                    .map(|(key, value)| json!({"Key": key, "Value": value}))
                    .collect(),
            )
        })
    };
    let describe = (
        some(texts(), "InstanceIds"),
        some(filters(), "Filters"),
        some(any::<bool>().prop_map(Value::from), "DryRun"),
        some((5..1000).prop_map(Value::from), "MaxResults"),
    )
        .prop_map(|(a, b, c, d)| ("DescribeInstances", object(vec![a, b, c, d])));
    let run = (
        (1..5_i64, 0..5_i64), text(), some(tags().prop_map(|tags| json!([{"ResourceType": "instance", "Tags": tags}])), "TagSpecifications"),
        some((any::<bool>(), 1..100, text()).prop_map(|(yes, size, name)| json!([{"DeviceName": name, "Ebs": {"VolumeSize": size, "Encrypted": yes}}])), "BlockDeviceMappings"),
        some("[ -~\n]{0,20}".prop_map(|text| json!(base64(text.as_bytes()))), "UserData"),
        some(text().prop_map(|zone| json!({"AvailabilityZone": zone})), "Placement"),
        some(any::<bool>().prop_map(Value::from), "EbsOptimized"),
    ).prop_map(|((least, more), image, a, b, c, d, e)| {
        let mut members = vec![Some(("ImageId", json!(image))), Some(("MinCount", json!(least))), Some(("MaxCount", json!(least + more)))];
        members.extend([a, b, c, d, e]);
        ("RunInstances", object(members))
    });
    let modify = (
        text(),
        any::<bool>(),
        some(
            text().prop_map(|kind| json!({"Value": kind})),
            "InstanceType",
        ),
    )
        .prop_map(|(id, yes, kind)| {
            (
                "ModifyInstanceAttribute",
                object(vec![
                    Some(("InstanceId", json!(id))),
                    Some(("DisableApiTermination", json!({"Value": yes}))),
                    kind,
                ]),
            )
        });
    let allow = (text(), 0..65536, text())
        .prop_map(|(id, port, cidr)| ("AuthorizeSecurityGroupIngress", json!({"GroupId": id, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}]})));
    let image = (text(), text(), any::<bool>()).prop_map(|(id, name, yes)| {
        (
            "CreateImage",
            json!({"InstanceId": id, "Name": name, "NoReboot": yes}),
        )
    });
    let key = (text(), prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(name, bytes)| {
        (
            "ImportKeyPair",
            json!({"KeyName": name, "PublicKeyMaterial": base64(&bytes)}),
        )
    });
    let tag = (texts(), tags())
        .prop_map(|(ids, tags)| ("CreateTags", json!({"Resources": ids, "Tags": tags})));
    prop_oneof![describe, run, modify, allow, image, key, tag].prop_map(|(action, parameters)| {
        let mut request = ec2_wire::from_parameters(action, &parameters, |_| (None, None)).request;
        request.version = Some(ec2_model::VERSION.to_owned());
        assert_eq!(request.parameters, parameters);
        request
    })
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn long_repetitions_of_anything_are_read() {
    let patterns = [
        "\\",
        "\\ ",
        "\n",
        " \n",
        "'",
        "\"",
        "a",
        "a=",
        "=",
        "&",
        "&&a=b",
        "%",
        "#\n",
        "# a-b\n",
        "{",
        "[",
        "[[{",
        "\u{200B}",
        "é",
        "$",
        "$(",
        "$'\\x",
        "`",
        "^",
        "--",
        "--a ",
        "--a\n",
        "--dry-run ",
        "--dry-run false ",
        "aws ",
        "ec2 ",
        "POST ",
        "POST / HTTP/1.1\n",
        "a: b\n",
        " a\n",
        "?",
        "\r\n",
        ",",
        "x,",
        "a=b,",
        "InstanceId.1=i-1&",
        "“",
        "—",
        "> ",
        "x = [x, x]\n",
        "x = x + x\n",
        "x = [x]\n",
        "(",
        ")",
        "[\n",
        "f(",
        "a.b",
        "a.b(",
        "'a' ",
        "not ",
        "x if x else ",
        "for x in ",
        "x, ",
        "x = ",
        "-d a=b ",
        "{\"a\":",
        "\"a\":1,",
    ];
    let heads = [
        "",
        "aws ec2 describe-instances --filters '",
        "aws ec2 describe-instances --filters ",
        "aws ec2 describe-instances --cli-input-json '{\"a\":1,",
        "aws ec2 run-instances --user-data \"",
        "aws ec2 describe-instances ",
        "curl https://ec2.amazonaws.com -d '",
        "curl ",
        "ec2.describe_instances(Filters=",
        "x = [",
        "import boto3\n",
        "{\"Action\": \"DescribeInstances\", \"a\": ",
        "{",
        "Action=DescribeInstances&",
        "POST / HTTP/1.1\nHost: x\n",
    ];
    for head in heads {
        for pattern in patterns {
            let text = format!("{head}{}", pattern.repeat((1 << 15) / pattern.len()));
            sound(&text, &read(&text, None));
        }
    }
    for pattern in patterns {
        let text = pattern.repeat((1 << 18) / pattern.len());
        for dialect in [
            Dialect::Query,
            Dialect::Cli,
            Dialect::Boto3,
            Dialect::Curl,
            Dialect::Json,
        ] {
            sound(&text, &read(&text, Some(dialect)));
        }
    }
    let members: Map<String, Value> = (0..60_000).map(|n| (format!("k{n}"), json!(n))).collect();
    let text = format!(
        "aws ec2 describe-instances --cli-input-json '{}'",
        Value::Object(members)
    );
    sound(&text, &read(&text, None));
}

#[test]
fn too_long_a_text_is_refused() {
    let reading = read(&"a".repeat(ingest::LONGEST + 1), None);
    assert!(reading.request.is_none() && reading.has_errors());
}
