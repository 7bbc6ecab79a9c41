//! What a story sends, expects, counts and takes away.

use conformance::{Outcome, Reply, Suite};
use serde_json::{Value, json};

use crate::support::{Endpoint, answered, refused, subnet, tell, vpc};

const BOTH: &str = "steps: [ { do: CreateVpc, with: { CidrBlock: 10.0.0.0/16 }, save: { vpc: Vpc.VpcId } }, { do: CreateSubnet, with: { VpcId: '${vpc}' } }";

#[test]
fn what_was_made_is_undone_in_reverse_also_after_a_failure() {
    let endpoint = Endpoint::new(&[
        ("CreateVpc", &[vpc()]),
        ("CreateSubnet", &[subnet()]),
        ("DescribeVpcs", &[refused("InternalError")]),
        (
            "DeleteVpc",
            &[refused("DependencyViolation"), answered(json!({}))],
        ),
    ]);
    let (told, _) = tell(&format!("{BOTH}, {{ do: DescribeVpcs }} ]"), &endpoint);
    assert_eq!(told.outcome, Outcome::Failed);
    assert!(
        told.why
            .unwrap()
            .contains("step 3 (DescribeVpcs): DescribeVpcs was refused: InternalError")
    );
    assert_eq!(
        endpoint.asked(),
        [
            "me CreateVpc {\"CidrBlock\":\"10.0.0.0/16\",\"TagSpecifications\":[{\"ResourceType\":\"vpc\",\"Tags\":[{\"Key\":\"Name\",\"Value\":\"n\"}]}]}",
            "me CreateSubnet {\"VpcId\":\"vpc-1\"}",
            "me DescribeVpcs {}",
            "me DeleteSubnet {\"SubnetId\":\"subnet-1\"}",
            "me DeleteVpc {\"VpcId\":\"vpc-1\"}",
            "me DeleteVpc {\"VpcId\":\"vpc-1\"}",
        ]
    );
}

#[test]
fn what_a_story_takes_away_itself_is_not_taken_away_again() {
    let endpoint = Endpoint::new(&[("CreateVpc", &[vpc()]), ("CreateSubnet", &[subnet()])]);
    let steps = format!("{BOTH}, {{ do: DeleteSubnet, with: {{ SubnetId: subnet-1 }} }} ]");
    let (told, report) = tell(&steps, &endpoint);
    assert_eq!(
        (told.outcome, told.steps, told.requests),
        (Outcome::Passed, 3, 4)
    );
    assert!(report.good());
    assert_eq!(endpoint.asked().len(), 4);
}

#[test]
fn what_cannot_be_taken_away_fails_the_story_and_is_named() {
    let endpoint = Endpoint::new(&[
        ("CreateVpc", &[vpc()]),
        ("DeleteVpc", &[refused("DependencyViolation")]),
    ]);
    let (told, report) = tell("steps: [ { do: CreateVpc } ]", &endpoint);
    assert_eq!(told.outcome, Outcome::Failed);
    assert!(
        told.left[0].contains("DeleteVpc {\"VpcId\":\"vpc-1\"}: DependencyViolation"),
        "{:?}",
        told.left
    );
    assert!(!report.good());
}

#[test]
fn an_endpoint_that_lacks_something_is_not_judged() {
    let zones = |value: Value| answered(json!({ "AvailabilityZones": value }));
    for (steps, answers, why) in [
        (
            "needs: [ zone ]\nsteps: [ { do: DescribeVpcs } ]",
            vec![("DescribeAvailabilityZones", vec![zones(json!([]))])],
            "there is not a zone",
        ),
        (
            "needs: [ other ]\nsteps: [ { do: DescribeVpcs } ]",
            vec![],
            "there is not another",
        ),
        (
            "steps: [ { do: DescribeVpcs } ]",
            vec![("DescribeVpcs", vec![refused("InvalidAction")])],
            "InvalidAction",
        ),
        (
            "steps: [ { do: DescribeVpcs, lacking: [ Odd ] } ]",
            vec![("DescribeVpcs", vec![refused("Odd")])],
            "Odd",
        ),
        (
            "steps: [ { do: AllocateAddress, up_to: 3, error: Full } ]",
            vec![],
            "was not refused 3 times",
        ),
        (
            "steps: [ { do: DescribeVpcs } ]",
            vec![("DescribeVpcs", vec![Reply::Unsendable("so".to_owned())])],
            "cannot send",
        ),
    ] {
        let answers: Vec<(&str, &[Reply])> = answers
            .iter()
            .map(|(action, replies)| (*action, replies.as_slice()))
            .collect();
        let (told, report) = tell(steps, &Endpoint::new(&answers));
        assert_eq!(told.outcome, Outcome::NotApplicable, "{steps}: {told:?}");
        assert!(told.why.unwrap().contains(why), "{steps}");
        assert!(!report.good(), "nothing was judged");
    }
}

#[test]
fn only_what_was_looked_at_counts_as_asserted() {
    let endpoint = Endpoint::new(&[
        ("CreateVpc", &[vpc()]),
        (
            "DescribeVpcs",
            &[answered(
                json!({"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}),
            )],
        ),
        (
            "DeleteVpc",
            &[refused("DryRunOperation"), answered(json!({}))],
        ),
    ]);
    let (told, report) = tell(
        "steps:
  - { do: CreateVpc, with: { CidrBlock: 10.0.0.0/16, InstanceTenancy: default } }
  - { do: DescribeVpcs, with: { VpcIds: [ vpc-1 ], Filters: [ { Name: 'tag:a', Values: [ b ] } ] }, expect: { 'Vpcs[0].CidrBlock': 10.0.0.0/16 }, shows: [ VpcIds, CreateVpc.CidrBlock ], wish: { 'Vpcs[0].VpcId': vpc-1 } }
  - { do: DescribeVpcs, with: { VpcIds: [ vpc-1 ], MaxResults: 5 }, wish: { 'Vpcs[0].State': available }, shows: [ MaxResults ] }
  - { do: DeleteVpc, with: { VpcId: vpc-1, DryRun: true }, error: DryRunOperation, shows: [ DryRun ] }
",
        &endpoint,
    );
    assert_eq!(told.outcome, Outcome::Passed, "{told:?}");
    assert_eq!(told.lacks.len(), 1, "{:?}", told.lacks);
    let part = |action: &str, name: &str| {
        let seen = &report.actions[action];
        let part = seen.parameters.get(name).or_else(|| seen.filters.get(name));
        part.map(|part| (part.sent, part.asserted))
            .unwrap_or_default()
    };
    assert_eq!(part("CreateVpc", "CidrBlock"), (1, 1));
    assert_eq!(part("CreateVpc", "InstanceTenancy"), (1, 0));
    assert_eq!(part("DescribeVpcs", "VpcIds"), (2, 1));
    assert_eq!(part("DescribeVpcs", "tag:<key>"), (1, 0));
    assert_eq!(
        part("DescribeVpcs", "MaxResults"),
        (1, 0),
        "the wish was not fulfilled"
    );
    assert_eq!(part("DeleteVpc", "DryRun"), (0, 1));
    assert_eq!(report.actions["DeleteVpc"].refused["DryRunOperation"], 1);
    let junit = conformance::junit(&report);
    assert!(
        junit.contains("<testcase classname=\"actions\" name=\"CreateVpc\"/>"),
        "{junit}"
    );
    assert!(conformance::text(&report).contains("1 stories: 1 passed, 0 failed"));
}

#[test]
fn steps_wait_repeat_and_page_within_bounds() {
    let states = ["pending", "pending", "available"]
        .map(|state| answered(json!({"Vpcs": [{"State": state}]})));
    let pages = [json!({"Vpcs": [1], "NextToken": "t"}), json!({"Vpcs": [2]})].map(answered);
    for (steps, answers, outcome) in [
        (
            "{ do: DescribeVpcs, until: { 'Vpcs[0].State': available } }",
            &states[..],
            Outcome::Passed,
        ),
        (
            "{ do: DescribeVpcs, until: { 'Vpcs[0].State': gone }, within: 5 }",
            &states[..],
            Outcome::Failed,
        ),
        (
            "{ do: DescribeVpcs, pages: true, expect: { 'Pages[].Vpcs[]': [ 1, 2 ] } }",
            &pages[..],
            Outcome::Passed,
        ),
        (
            "{ do: DescribeVpcs, times: 2, expect: { 'length(Answers)': 2 } }",
            &pages[..],
            Outcome::Passed,
        ),
        (
            "{ do: DescribeVpcs, copies: 3, with: { VpcIds: [ 'vpc-${number}' ] }, expect: { 'length(Answers)': 3 } }",
            &states[..],
            Outcome::Passed,
        ),
        (
            "{ do: DescribeVpcs, up_to: 5, error: Full, expect: { 'length(Answers)': 1 } }",
            &[answered(json!({})), refused("Full")][..],
            Outcome::Passed,
        ),
        (
            "{ do: DescribeVpcs, error: Gone, within: 5 }",
            &[answered(json!({})), refused("Gone")][..],
            Outcome::Passed,
        ),
        (
            "{ do: DescribeVpcs, error: Gone }",
            &[answered(json!({}))][..],
            Outcome::Failed,
        ),
        (
            "{ do: DescribeVpcs, error: Gone }",
            &[refused("Other")][..],
            Outcome::Failed,
        ),
        (
            "{ do: DescribeVpcs }",
            &[Reply::Broken("cut".to_owned())][..],
            Outcome::Failed,
        ),
        (
            "{ together: [ { do: DescribeVpcs, save: { a: Vpcs } }, { do: DescribeVpcs, save: { b: Vpcs } } ] }, { do: DescribeVpcs, with: { VpcIds: '${[a, b][]}' } }",
            &pages[..],
            Outcome::Passed,
        ),
        (
            "{ do: DescribeVpcs, with: { VpcIds: [ '${nothing}' ] } }",
            &pages[..],
            Outcome::Failed,
        ),
    ] {
        let endpoint = Endpoint::new(&[("DescribeVpcs", answers)]);
        let (told, _) = tell(&format!("steps: [ {steps} ]"), &endpoint);
        assert_eq!(told.outcome, outcome, "{steps}: {told:?}");
    }
}

#[test]
fn who_ends_a_run_finds_nothing_left() {
    let endpoint = Endpoint {
        stops_after: Some(1),
        ..Endpoint::new(&[("CreateVpc", &[vpc()])])
    };
    let (told, report) = tell(
        "steps: [ { do: CreateVpc }, { do: DescribeVpcs } ]",
        &endpoint,
    );
    assert_eq!(told.outcome, Outcome::Interrupted);
    assert!(endpoint.asked().last().unwrap().starts_with("me DeleteVpc"));
    assert!(!report.good());
}

#[test]
fn leftovers_are_found_by_name_and_taken_away() {
    let (needs, undo) = Suite::built_in_setup();
    let suite = Suite::read(
        [("story", "title: t\nsteps: [ { do: DescribeVpcs } ]")],
        needs,
        undo,
    )
    .unwrap();
    let endpoint = Endpoint::new(&[
        (
            "DescribeVpcs",
            &[answered(
                json!({"Vpcs": [{"VpcId": "vpc-1"}, {"VpcId": "vpc-2"}]}),
            )],
        ),
        (
            "DescribeSubnets",
            &[answered(json!({"Subnets": [{"SubnetId": "subnet-1"}]}))],
        ),
        (
            "DescribeKeyPairs",
            &[answered(
                json!({"KeyPairs": [{"KeyName": "stacklens-conformance-1-2"}, {"KeyName": "mine"}]}),
            )],
        ),
        ("DescribeVolumes", &[answered(json!({"Volumes": []}))]),
        ("DescribeSnapshots", &[refused("InternalError")]),
    ]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (count, left) = runtime.block_on(conformance::clean(&suite, false, &endpoint));
    assert_eq!(count, 4);
    assert_eq!(left, ["DescribeSnapshots: InternalError: no"]);
    let deletes: Vec<String> = endpoint
        .asked()
        .into_iter()
        .filter(|line| line.contains(" Delete"))
        .collect();
    assert_eq!(
        deletes,
        [
            "me DeleteKeyPair {\"KeyName\":\"stacklens-conformance-1-2\"}",
            "me DeleteSubnet {\"SubnetId\":\"subnet-1\"}",
            "me DeleteVpc {\"VpcId\":\"vpc-2\"}",
            "me DeleteVpc {\"VpcId\":\"vpc-1\"}",
        ]
    );
    assert!(
        endpoint
            .asked()
            .iter()
            .any(|line| line.contains("\"stacklens-conformance-*\""))
    );
}
