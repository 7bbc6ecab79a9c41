//! Parameters that have their structure already, as boto3 and JSON write them.

use ec2_wire::{MAX_KEYS, Severity, from_parameters};
use serde_json::{Value, json};

#[test]
fn structured_parameters_are_typed_by_the_same_rules() {
    let given = json!({
        "MaxResults": "5", "DryRun": "True", "InstanceIds": ["i-1", 7], "NextToken": null,
        "Filters": [{"Name": "x", "Values": "y"}, {"Nam": "z"}], "Bogus": {"a/b": [1, 2]},
    });
    let decoded = from_parameters("DescribeInstances", &given, |pointer| {
        (Some(0..pointer.len()), None)
    });
    assert_eq!(
        decoded.request.parameters,
        json!({"MaxResults": 5, "DryRun": true, "InstanceIds": ["i-1", "7"], "Filters": [{"Name": "x"}, {}]}),
    );
    let rows: Vec<_> = decoded
        .request
        .leaves
        .iter()
        .map(|leaf| {
            (
                leaf.key.as_str(),
                leaf.pointer.as_deref(),
                leaf.text.as_str(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("MaxResults", Some("/MaxResults"), "5"),
            ("DryRun", Some("/DryRun"), "True"),
            ("InstanceId.1", Some("/InstanceIds/0"), "i-1"),
            ("InstanceId.2", Some("/InstanceIds/1"), "7"),
            ("NextToken", None, "null"),
            ("Filter.1.Name", Some("/Filters/0/Name"), "x"),
            ("Filter.1.Value", None, "y"),
            ("Filter.2.Nam", None, "z"),
            ("Bogus.a/b.1", None, "1"),
            ("Bogus.a/b.2", None, "2"),
        ]
    );
    let spans: Vec<_> = decoded
        .request
        .leaves
        .iter()
        .filter_map(|leaf| leaf.span.clone())
        .map(|span| span.end)
        .collect();
    assert_eq!(spans.last(), Some(&"/Bogus/a~1b/1".len()));
    let errors: Vec<_> = decoded
        .diagnostics
        .iter()
        .map(|found| (found.severity, found.error.message.as_str()))
        .collect();
    assert_eq!(
        errors.first().map(|(severity, _)| *severity),
        Some(Severity::Warning),
        "{errors:?}"
    );
    assert!(
        errors
            .iter()
            .any(|(_, message)| message.contains("did you mean Name?")),
        "{errors:?}"
    );
    assert!(
        errors.contains(&(
            Severity::Error,
            "Value (y) for parameter Filter.1.Value is invalid. Expected a list."
        )),
        "{errors:?}"
    );
    assert_eq!(
        decoded.strict().map_err(|error| error.code),
        Err("InvalidParameterValue".to_owned())
    );
}

#[test]
fn structured_parameters_may_be_anything() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!({"LaunchTemplateConfigs": [deep]});
    }
    let many = json!({"InstanceIds": vec!["i"; MAX_KEYS + 100]});
    let cases = [
        ("DescribeInstances", json!([1]), 1),
        ("DescribeInstances", json!("text"), 1),
        ("DescribeInstances", Value::Null, 0),
        ("DescribeInstance", json!({"a": {"b": 1}}), 1),
        ("", json!({}), 1),
        ("CreateFleet", deep, 1),
        ("DescribeInstances", many, 1),
    ];
    for (action, given, diagnostics) in cases {
        let decoded = from_parameters(action, &given, |_| (None, None));
        assert_eq!(
            decoded.diagnostics.len(),
            diagnostics,
            "{action}: {:?}",
            decoded.diagnostics
        );
    }
}
