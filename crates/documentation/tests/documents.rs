//! The documents of the built-in rules.

use documentation::{Block, Fate, Treatment, document, html, markdown, page};
use rules::Rules;

fn read(action: &str) -> documentation::Document {
    document(Rules::built_in(), action).unwrap_or_else(|| panic!("{action} has a rule"))
}

fn blocks(action: &str) -> Vec<Block> {
    page(&read(action), &|name| format!("#{name}"), &|_| None)
}

#[test]
fn every_action_with_a_rule_has_a_document_and_others_have_none() {
    for name in Rules::built_in().actions.keys() {
        assert!(
            !read(name).calls.is_empty() || !read(name).answer.is_empty(),
            "{name}"
        );
    }
    assert!(document(Rules::built_in(), "AcceptVpcPeeringConnection").is_none());
    assert!(document(Rules::built_in(), "").is_none());
}

#[test]
fn every_mapped_parameter_says_where_it_goes() {
    let mut silent = Vec::new();
    for name in Rules::built_in().actions.keys() {
        for parameter in read(name).parameters {
            if parameter.fate == Fate::Mapped && parameter.goes.is_empty() {
                silent.push(format!("{name} {}", parameter.name));
            }
            if parameter.fate != Fate::Mapped {
                assert!(parameter.reason.is_some(), "{name} {}", parameter.name);
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

/// Action, parameter, call, place.
const DESTINATIONS: [(&str, &str, &str, &str); 6] = [
    (
        "CreateVolume",
        "Size",
        "POST block-storage /volumes",
        "volume.size",
    ),
    (
        "CreateVolume",
        "SnapshotId",
        "POST block-storage /volumes",
        "volume.snapshot_id",
    ),
    (
        "CreateVolume",
        "TagSpecifications.Tags.Value",
        "POST block-storage /volumes",
        "volume.name",
    ),
    (
        "AssociateAddress",
        "AllocationId",
        "GET network /v2.0/floatingips/{uuid(AllocationId)}",
        "path",
    ),
    (
        "AssociateAddress",
        "PublicIp",
        "GET network /v2.0/floatingips",
        "?floating_ip_address",
    ),
    (
        "RunInstances",
        "UserData",
        "POST compute /servers",
        "server.user_data",
    ),
];

#[test]
fn parameters_are_followed_to_the_place_that_they_go_to() {
    for (action, name, call, place) in DESTINATIONS {
        let parameters = read(action).parameters;
        let found = parameters.iter().find(|parameter| parameter.name == name);
        let goes = &found.unwrap_or_else(|| panic!("{action} {name}")).goes;
        assert!(
            goes.iter()
                .any(|one| one.call == call && one.place == place),
            "{action} {name}: {goes:#?}"
        );
    }
}

#[test]
fn the_answer_is_told_through_views_and_what_nothing_fills_is_listed() {
    let document = read("DescribeVolumes");
    let find = |name: &str| document.answer.iter().find(|element| element.name == name);
    let device = find("Volumes[].Attachments[].Device").expect("a view inside fills it");
    assert_eq!(device.view.as_deref(), Some("Volume"));
    assert!(
        document.absent.contains(&"Volumes.Iops".to_owned()),
        "{:?}",
        document.absent
    );
    assert!(
        !document
            .absent
            .iter()
            .any(|name| name == "Volumes.VolumeId")
    );
}

#[test]
fn every_documented_filter_is_told() {
    for name in Rules::built_in().actions.keys() {
        let document = read(name);
        let action = ec2_model::action(name).expect("a rule is for an action");
        if action.input().member("Filters").is_none() || document.filters.is_empty() {
            continue;
        }
        for filter in &document.filters {
            let looks = matches!(filter.treatment, Treatment::Looks(_));
            assert!(looks || filter.reason.is_some(), "{name} {}", filter.name);
        }
    }
    let names: Vec<String> = read("DescribeVolumes")
        .filters
        .into_iter()
        .map(|one| one.name)
        .collect();
    assert!(
        names.contains(&"attachment.instance-id".to_owned()),
        "{names:?}"
    );
}

#[test]
fn examples_are_the_recorded_requests_of_the_action() {
    let examples = read("DeleteVolume").examples;
    assert!(examples.iter().any(|sample| sample.error.is_none()));
    assert!(
        examples
            .iter()
            .any(|sample| sample.error.as_deref() == Some("InvalidVolume.NotFound"))
    );
}

#[test]
fn a_gap_is_linked_and_told_on_the_same_page() {
    let written = html(&blocks("CreateVolume"));
    assert!(written.contains("href=\"#gap-iops-per-volume\""));
    assert!(written.contains("id=\"gap-iops-per-volume\""));
}

#[test]
fn both_writings_tell_everything() {
    for name in Rules::built_in().actions.keys() {
        let document = read(name);
        let blocks = page(&document, &|name| format!("#{name}"), &|_| None);
        let (html, markdown) = (html(&blocks), markdown(&blocks));
        for parameter in &document.parameters {
            assert!(
                html.contains(&parameter.name) && markdown.contains(&parameter.name),
                "{name} {}",
                parameter.name
            );
        }
        assert_eq!(
            html.matches("<table ").count(),
            html.matches("</table>").count()
        );
    }
}

#[test]
fn what_was_seen_on_a_real_cloud_is_told() {
    for name in Rules::built_in().actions.keys() {
        let document = read(name);
        let told = html(&blocks(name));
        match rules::evidence::of(name).next() {
            Some((run, _)) => {
                assert_eq!(document.proofs[0].release, run.release);
                assert!(
                    told.contains(&format!("OpenStack {}", run.release)),
                    "{name}"
                );
            }
            None => assert!(told.contains("Not yet"), "{name}"),
        }
    }
}
