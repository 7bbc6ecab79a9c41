//! Facts that users of EC2 know, and what must hold for every action.

use std::collections::BTreeSet;

use ec2_model::{Action, Kind, Shape, action, actions, closest_action};

fn known(name: &str) -> Action {
    action(name).unwrap_or_else(|| panic!("EC2 has {name}"))
}

#[test]
fn every_action_is_found_by_its_name() {
    assert_eq!(actions().len(), 830);
    let names: Vec<_> = actions().map(Action::name).collect();
    assert!(names.is_sorted());
    for one in actions() {
        assert_eq!(action(one.name()), Some(one));
        assert_eq!(closest_action(one.name()), Some(one));
        assert_eq!(
            (one.input().kind(), one.output().kind()),
            (Kind::Structure, Kind::Structure)
        );
    }
    assert_eq!(action(""), None);
    assert_eq!(action("Zzz"), None);
    assert!(ec2_model::source().starts_with("botocore 1."));
}

#[test]
fn every_member_is_found_by_each_of_its_names() {
    let mut seen = BTreeSet::new();
    let mut queue: Vec<(Shape, bool)> = actions()
        .flat_map(|action| [(action.input(), true), (action.output(), false)])
        .collect();
    while let Some((shape, request)) = queue.pop() {
        if !seen.insert((shape, request)) {
            continue;
        }
        queue.extend(shape.item().map(|item| (item, request)));
        let mut last = None;
        for member in shape.members() {
            assert_eq!(shape.member(member.name()), Some(member), "{shape:?}");
            assert_eq!(
                shape.member_after(last, member.name()),
                Some(member),
                "{shape:?}"
            );
            if request {
                assert_eq!(
                    shape.member_by_query(member.query_name()),
                    Some(member),
                    "{shape:?}"
                );
            } else {
                assert_eq!(
                    shape.member_by_xml(member.xml_name()),
                    Some(member),
                    "{shape:?}"
                );
                assert_eq!(
                    shape.member_by_xml_after(last, member.xml_name()),
                    Some(member),
                    "{shape:?}"
                );
            }
            last = Some(member);
            queue.push((member.shape(), request));
        }
        assert_eq!(shape.item().is_some(), shape.kind() == Kind::List);
        assert!(shape.kind() == Kind::Structure || shape.members().len() == 0);
        assert!(shape.member("no such member").is_none());
    }
    assert!(seen.len() > 4000, "{} shapes", seen.len());
}

#[test]
fn wire_names_differ_by_direction() {
    let cases = [
        ("RunInstances", "BlockDeviceMappings", "BlockDeviceMapping"),
        ("RunInstances", "NetworkInterfaces", "NetworkInterface"),
        ("RunInstances", "TagSpecifications", "TagSpecification"),
        ("DescribeInstances", "Filters", "Filter"),
        ("DescribeInstances", "MaxResults", "MaxResults"),
        ("DescribeTags", "Filters", "Filter"),
        ("ModifyInstanceAttribute", "InstanceType", "InstanceType"),
        (
            "ModifyInstanceAttribute",
            "SourceDestCheck",
            "SourceDestCheck",
        ),
    ];
    for (action, member, query) in cases {
        let found = known(action)
            .input()
            .member(member)
            .map(|member| member.query_name());
        assert_eq!(found, Some(query), "{action} {member}");
    }
    // The one structure whose members have query names of their own.
    let interfaces = known("RunInstances")
        .input()
        .member("NetworkInterfaces")
        .map(|member| member.shape());
    let interface = interfaces.and_then(Shape::item).expect("a list");
    let addresses = interface.member("PrivateIpAddresses").expect("it has them");
    assert_eq!(
        (addresses.query_name(), addresses.xml_name()),
        ("PrivateIpAddresses", "privateIpAddressesSet")
    );

    let answers = [
        (
            "DescribeInstances",
            "Reservations",
            "reservationSet",
            "item",
        ),
        (
            "DescribeSecurityGroups",
            "SecurityGroups",
            "securityGroupInfo",
            "item",
        ),
        ("DescribeKeyPairs", "KeyPairs", "keySet", "item"),
    ];
    for (action, member, element, item) in answers {
        let member = known(action).output().member(member).expect(member);
        assert_eq!(
            (member.xml_name(), member.shape().item_xml()),
            (element, item),
            "{action}"
        );
    }
}

#[test]
fn kinds_enums_and_marks_are_there() {
    let run = known("RunInstances").input();
    let member = |name| run.member(name).expect(name);
    assert_eq!(member("MinCount").shape().kind(), Kind::Integer);
    assert_eq!(member("EbsOptimized").shape().kind(), Kind::Boolean);
    assert!(member("MinCount").required() && !member("ImageId").required());
    assert!(member("ClientToken").idempotency_token() && !member("ImageId").idempotency_token());
    assert!(member("UserData").sensitive() && !member("ImageId").sensitive());
    assert!(
        member("InstanceType")
            .shape()
            .enum_values()
            .any(|value| value == "m5.large")
    );
    assert_eq!(member("ImageId").shape().enum_values().len(), 0);
    assert_eq!(known("DeleteVolume").output().members().len(), 0);
    assert_eq!(
        known("ImportKeyPair")
            .input()
            .member("PublicKeyMaterial")
            .map(|key| key.shape().kind()),
        Some(Kind::Blob)
    );
}

#[test]
fn paging_names_members_that_exist() {
    let mut count = 0;
    for action in actions() {
        let Some(page) = action.pagination() else {
            continue;
        };
        assert!(
            action.input().member(page.input_token()).is_some(),
            "{action:?}"
        );
        assert!(
            action.output().member(page.output_token()).is_some(),
            "{action:?}"
        );
        assert!(
            page.limit_key()
                .is_none_or(|key| action.input().member(key).is_some()),
            "{action:?}"
        );
        assert!(
            page.result_keys()
                .all(|key| action.output().member(key).is_some()),
            "{action:?}"
        );
        assert!(page.result_keys().len() > 0, "{action:?}");
        count += 1;
    }
    assert_eq!(count, 177);
    let services = known("DescribeVpcEndpointServices")
        .pagination()
        .expect("it pages");
    assert_eq!(
        services.result_keys().collect::<Vec<_>>(),
        ["ServiceDetails", "ServiceNames"]
    );
}

#[test]
fn documented_filters_are_there() {
    let cases: &[(&str, &[&str], usize)] = &[
        (
            "DescribeInstances",
            &[
                "instance-state-name",
                "tag:<key>",
                "tag-key",
                "vpc-id",
                "instance.group-name",
            ],
            80,
        ),
        (
            "DescribeVolumes",
            &["attachment.instance-id", "tag:<key>", "status", "volume-id"],
            15,
        ),
        (
            "DescribeTags",
            &["key", "resource-id", "resource-type", "tag:<key>", "value"],
            5,
        ),
        ("DescribeImages", &["name", "state", "owner-alias"], 30),
        ("DescribeNetworkInsightsPaths", &["source", "protocol"], 5),
        ("DescribeImportImageTasks", &["task-state"], 1),
    ];
    for (action, names, least) in cases {
        let filters: Vec<_> = known(action).filters().collect();
        assert!(filters.len() >= *least, "{action}: {filters:?}");
        for name in *names {
            assert!(filters.contains(name), "{action} lacks {name}: {filters:?}");
        }
    }
    // Values of filters stand in lists of their own and are no filters.
    assert!(
        known("DescribeImages")
            .filters()
            .all(|name| name != "informational")
    );
    assert_eq!(known("RunInstances").filters().len(), 0);
    assert!(
        actions()
            .filter(|action| action.filters().len() > 0)
            .count()
            > 140
    );
}
