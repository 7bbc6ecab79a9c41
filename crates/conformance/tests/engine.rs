//! The engine against an endpoint that answers by a table.

use std::collections::VecDeque;
use std::sync::Mutex;

use conformance::{Ask, Client, Kind, Outcome, Refusal, Reply, Report, Settings, Suite, Told};
use serde_json::{Value, json};

/// Answers in order, by action; remembers what was asked. Waiting moves its clock.
#[derive(Default)]
struct Endpoint {
    answers: Mutex<Vec<(&'static str, VecDeque<Reply>)>>,
    asked: Mutex<Vec<String>>,
    clock: Mutex<u64>,
    stops_after: Option<usize>,
}

impl Endpoint {
    fn new(answers: &[(&'static str, &[Reply])]) -> Self {
        let answers = answers
            .iter()
            .map(|(action, replies)| (*action, replies.iter().cloned().collect()))
            .collect();
        Self {
            answers: Mutex::new(answers),
            ..Self::default()
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Client for Endpoint {
    async fn ask(&self, ask: &Ask) -> Reply {
        let parameters = Value::Object(ask.parameters.clone());
        let line = format!("{} {} {parameters}", ask.who.word(), ask.action);
        self.asked.lock().unwrap().push(line);
        let mut answers = self.answers.lock().unwrap();
        let found = answers.iter_mut().find(|(action, _)| *action == ask.action);
        match found {
            // The last answer stays.
            Some((_, replies)) if replies.len() > 1 => replies.pop_front().unwrap(),
            Some((_, replies)) => replies[0].clone(),
            None => Reply::Answer(json!({})),
        }
    }

    async fn pause(&self, milliseconds: u64) {
        *self.clock.lock().unwrap() += milliseconds;
    }

    fn now(&self) -> u64 {
        *self.clock.lock().unwrap()
    }

    fn stopped(&self) -> bool {
        self.stops_after
            .is_some_and(|most| self.asked.lock().unwrap().len() >= most)
    }
}

fn refused(code: &str) -> Reply {
    Reply::Refused(Refusal {
        status: 400,
        code: code.to_owned(),
        message: "no".to_owned(),
    })
}

fn answered(value: Value) -> Reply {
    Reply::Answer(value)
}

const NEEDS: &str = "zone: { about: a zone, tries: [ { do: DescribeAvailabilityZones, take: 'AvailabilityZones[0].ZoneName' } ] }\nother: { about: another }\n";
const UNDO: &str = "
CreateVpc: { each: answer.Vpc.VpcId, do: DeleteVpc, with: { VpcId: '${it}' }, gone: [ InvalidVpcID.NotFound ], mark: TagSpecifications, resource_type: vpc }
CreateSubnet: { each: answer.Subnet.SubnetId, do: DeleteSubnet, with: { SubnetId: '${it}' } }
";

fn tell(steps: &str, endpoint: &Endpoint) -> (Told, Report) {
    let text = format!("title: t\n{steps}");
    let suite = Suite::read([("story", text.as_str())], NEEDS, UNDO).unwrap();
    let settings = Settings {
        name: "n".to_owned(),
        ..Settings::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (told, seen) = runtime.block_on(conformance::run(
        &suite,
        &suite.scenarios[0],
        &settings,
        endpoint,
    ));
    let report = Report {
        format: 1,
        endpoint: "http://e".to_owned(),
        client: "c".to_owned(),
        begun: "2026-01-01T00:00:00.000Z".to_owned(),
        milliseconds: 1,
        scenarios: vec![told.clone()],
        actions: seen,
    };
    (told, report)
}

fn vpc() -> Reply {
    answered(json!({"Vpc": {"VpcId": "vpc-1"}}))
}

fn subnet() -> Reply {
    answered(json!({"Subnet": {"SubnetId": "subnet-1"}}))
}

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

const LONG: &str = "steps:
  - { do: CreateVpc, save: { vpc: Vpc.VpcId } }
  - { do: CreateSubnet, with: { VpcId: '${vpc}' }, save: { subnet: Subnet.SubnetId } }
  - { do: DeleteSubnet, with: { SubnetId: '${subnet}' } }
  - { do: DescribeRegions, expect: { 'Regions[0].RegionName': here } }
  - { do: AllocateAddress, save: { a: AllocationId } }
  - { do: AssociateAddress, with: { AllocationId: '${a}' }, expect: { AssociationId: eipassoc-1 } }
  - { do: DescribeAddresses, with: { AllocationIds: [ '${a}' ] }, until: { 'Addresses[0].InstanceId': i-1 } }
  - { do: DescribeAddresses, expect: { 'length(Addresses)': 1 } }
";

#[test]
fn a_story_goes_on_after_a_deviation_with_what_does_not_depend_on_it() {
    let endpoint = Endpoint::new(&[
        ("CreateVpc", &[refused("InternalError")]),
        (
            "AllocateAddress",
            &[answered(json!({"AllocationId": "eipalloc-1"}))],
        ),
        ("AssociateAddress", &[refused("Odd")]),
        (
            "DescribeAddresses",
            &[answered(json!({"Addresses": [{"InstanceId": null}]}))],
        ),
    ]);
    let (told, report) = tell(LONG, &endpoint);
    assert_eq!(told.outcome, Outcome::Failed);
    let deviations: Vec<(&str, Kind)> = told
        .deviations
        .iter()
        .map(|one| (one.step.as_str(), one.kind))
        .collect();
    assert_eq!(
        deviations,
        [
            ("step 1 (CreateVpc)", Kind::Failed),
            ("step 2 (CreateSubnet)", Kind::NotReached),
            ("step 3 (DeleteSubnet)", Kind::NotReached),
            ("step 4 (DescribeRegions)", Kind::Failed),
            ("step 6 (AssociateAddress)", Kind::Failed),
            ("step 7 (DescribeAddresses)", Kind::Consequence),
        ]
    );
    assert_eq!(
        told.deviations[2].why,
        "not reached because step 2 (CreateSubnet) gave no 'subnet'"
    );
    assert!(told.deviations[5].why.contains("step 6 (AssociateAddress)"));
    assert_eq!(told.steps, 2, "the fifth and the last");
    assert!(!report.actions.contains_key("CreateSubnet"));
    assert_eq!(report.actions["DescribeAddresses"].failed, 0);
    assert!(*endpoint.clock.lock().unwrap() < 15_000, "{told:?}");
    for text in [conformance::text(&report), conformance::junit(&report)] {
        assert!(text.contains("not reached because step 2"), "{text}");
    }
}

#[test]
fn what_deviates_is_kept_where_it_can_be() {
    let endpoint = Endpoint::new(&[("CreateVpc", &[vpc()])]);
    let (told, _) = tell(
        "steps: [ { do: CreateVpc, expect: { Vpc.CidrBlock: 10.0.0.0/16 }, save: { vpc: Vpc.VpcId } }, { do: DeleteVpc, with: { VpcId: '${vpc}' } } ]",
        &endpoint,
    );
    assert_eq!((told.steps, told.deviations.len()), (1, 1), "{told:?}");
    assert_eq!(told.outcome, Outcome::Failed);
}

#[test]
fn what_is_lacking_does_not_hide_what_fails() {
    let endpoint = Endpoint::new(&[
        ("DescribeRegions", &[refused("InvalidAction")]),
        ("DescribeVpcs", &[refused("InternalError")]),
    ]);
    let (told, _) = tell(
        "steps: [ { do: DescribeRegions }, { do: DescribeVpcs } ]",
        &endpoint,
    );
    assert_eq!(told.outcome, Outcome::Failed);
    assert!(told.why.unwrap().starts_with("step 2 (DescribeVpcs)"));
}

#[test]
fn nobody_is_told_the_rest_when_nobody_answers() {
    let broken = [Reply::Broken("cut".to_owned())];
    let endpoint = Endpoint::new(&[("DescribeVpcs", &broken)]);
    let (told, _) = tell(
        &format!("steps: [ {} ]", "{ do: DescribeVpcs },".repeat(9)),
        &endpoint,
    );
    assert_eq!((told.outcome, told.requests), (Outcome::Failed, 3));
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
