//! A story goes on after a deviation, with what does not depend on it.

use conformance::{Kind, Outcome, Reply};
use serde_json::json;

use crate::support::{Endpoint, answered, refused, tell, vpc};

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
