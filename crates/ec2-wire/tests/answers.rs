//! Answers as EC2 writes them, and what becomes of values that the model has no place for.

use ec2_wire::{decode_error, decode_response, encode_response, encode_response_with};
use serde_json::{Value, json};

fn action(name: &str) -> ec2_model::Action {
    ec2_model::action(name).expect("EC2 has it")
}

/// The answer without what is the same in all.
fn inner(name: &str, value: &Value) -> String {
    let xml = encode_response(action(name), "r", value);
    let head = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{name}Response xmlns=\"{}\"><requestId>r</requestId>",
        ec2_model::NAMESPACE
    );
    let rest = xml.strip_prefix(&head).unwrap_or_else(|| panic!("{xml}"));
    rest.strip_suffix(&format!("</{name}Response>"))
        .unwrap_or_else(|| panic!("{xml}"))
        .to_owned()
}

#[test]
fn values_are_written_by_the_model() {
    let cases = [
        ("DescribeVpcs", json!({"Vpcs": []}), "<vpcSet/>"),
        ("DescribeVpcs", json!({"Vpcs": null}), ""),
        (
            "DescribeVpcs",
            json!({"Vpcs": [{"IsDefault": true}]}),
            "<vpcSet><item><isDefault>true</isDefault></item></vpcSet>",
        ),
        (
            "DescribeVpcs",
            json!({"Vpcs": [{"IsDefault": 0}]}),
            "<vpcSet><item><isDefault>false</isDefault></item></vpcSet>",
        ),
        ("DeleteVpc", json!({}), "<return>true</return>"),
        ("DeleteSecurityGroup", json!({}), "<return>true</return>"),
        (
            "DeleteSecurityGroup",
            json!({"Return": false}),
            "<return>false</return>",
        ),
        (
            "DeleteSecurityGroup",
            json!({"Return": null, "GroupId": "sg-1"}),
            "<groupId>sg-1</groupId><return>true</return>",
        ),
        (
            "GetConsoleOutput",
            json!({"Timestamp": "2021-09-29T11:04:43Z"}),
            "<timestamp>2021-09-29T11:04:43.000Z</timestamp>",
        ),
        (
            "GetConsoleOutput",
            json!({"Timestamp": 1_632_913_483}),
            "<timestamp>2021-09-29T11:04:43.000Z</timestamp>",
        ),
        (
            "GetConsoleOutput",
            json!({"Output": "a\r\n\u{1b}[0m"}),
            "<output>a&#13;\n\u{FFFD}[0m</output>",
        ),
        (
            "CreateVolume",
            json!({"Size": 8, "VolumeId": "vol-1"}),
            "<size>8</size><volumeId>vol-1</volumeId>",
        ),
        (
            "CreateVolume",
            json!({"VolumeId": "vol-1", "Size": 8.0}),
            "<volumeId>vol-1</volumeId><size>8</size>",
        ),
        (
            "CreateVolume",
            json!({"Size": {"a": 1}, "Tags": "x", "Colour": "red"}),
            "",
        ),
    ];
    for (name, value, xml) in cases {
        assert_eq!(inner(name, &value), xml, "{name} {value}");
    }
}

#[test]
fn what_the_model_has_no_place_for_is_told() {
    struct Dropped(Vec<String>);
    impl<'a> ec2_wire::Places<'a, &'a Value> for Dropped {
        fn leaf(&mut self, _: std::ops::Range<usize>, _: &[ec2_wire::Segment<'a>], _: &'a Value) {}
        fn dropped(&mut self, path: &[ec2_wire::Segment<'a>], _: &'a Value) {
            self.0.push(ec2_wire::pointer(path));
        }
    }
    let value = json!({"Volumes": [{"Size": [1], "VolumeId": "v"}, 7, {"Colour": {"a": 1}}]});
    let mut dropped = Dropped(Vec::new());
    let _ = encode_response_with(action("DescribeVolumes"), "r", &value, &mut dropped);
    assert_eq!(
        dropped.0,
        ["/Volumes/0/Size", "/Volumes/1", "/Volumes/2/Colour"]
    );
}

#[test]
fn answers_of_any_origin_are_read() {
    let cases = [
        (
            "DescribeVpcs",
            "<?xml version=\"1.0\"?>\n<!-- c -->\n<ec2:DescribeVpcsResponse xmlns:ec2=\"x\">\n  <ec2:requestId>r</ec2:requestId>\n  \
             <ec2:vpcSet>\n    <ec2:item>\n <ec2:vpcId>a<![CDATA[<b>]]>&amp;&#x41;</ec2:vpcId>\n<new><deep/></new></ec2:item>\n  </ec2:vpcSet></ec2:DescribeVpcsResponse>",
            json!({"Vpcs": [{"VpcId": "a<b>&A"}]}),
        ),
        ("DescribeVpcs", "<DescribeVpcsResponse/>", json!({})),
        (
            "DescribeVpcs",
            "<DescribeVpcsResponse><vpcSet/><nextToken/></DescribeVpcsResponse>",
            json!({"Vpcs": [], "NextToken": ""}),
        ),
        (
            "DescribeVpcs",
            "<DescribeVpcsResponse><vpcSet><item><isDefault>maybe</isDefault></item></vpcSet></DescribeVpcsResponse>",
            json!({"Vpcs": [{"IsDefault": "maybe"}]}),
        ),
    ];
    for (name, xml, value) in cases {
        assert_eq!(decode_response(action(name), xml), Ok(value), "{xml}");
    }
}

#[test]
fn malformed_documents_are_refused_at_their_place() {
    let deep = "<a>".repeat(100_000);
    let cases = [
        ("", "found nothing"),
        ("<DescribeTagsResponse/>", "expected <DescribeVpcsResponse>"),
        ("<DescribeVpcsResponse>", "ends inside"),
        ("<DescribeVpcsResponse></other>", ""),
        (
            "<DescribeVpcsResponse><nextToken>&nbsp;</nextToken></DescribeVpcsResponse>",
            "&nbsp; is not defined",
        ),
        (
            "<!DOCTYPE x [<!ENTITY a \"b\">]><DescribeVpcsResponse/>",
            "document type",
        ),
    ];
    for (xml, message) in cases {
        let error = decode_response(action("DescribeVpcs"), xml).expect_err(xml);
        assert!(
            error.message.contains(message) && error.at <= xml.len(),
            "{xml}: {error}"
        );
    }
    let wrapped = format!("<DescribeVpcsResponse>{deep}");
    let error = decode_response(action("DescribeVpcs"), &wrapped).expect_err("too deep");
    assert!(error.message.contains("deeper"), "{error}");
}

#[test]
fn error_documents_are_read() {
    let xml = "<Response><Errors><Error><Code>AuthFailure</Code><Message>no &lt;way&gt;</Message></Error>\
               <Error><Code>Second</Code></Error></Errors><RequestID>id</RequestID></Response>";
    let (error, id) = decode_error(xml).expect("an error document");
    assert_eq!(
        (error.status, error.to_string().as_str(), id.as_str()),
        (401, "AuthFailure: no <way>", "id")
    );
    assert!(decode_error("<html/>").is_err());
}
