//! Requests as people have them at hand, with ids and names of AWS: the page shows their translation all the same, and says
//! what of its own cloud it took in their place.

use std::rc::Rc;

use playground::session::{Session, View};
use playground::stand_ins::Wish;
use rules::Rules;
use translator::Engine;
use translator::trace::LedgerState;

const NOW: i64 = 1_795_000_000_000;

fn session() -> Session {
    Session::new(Rc::new(Engine::new(Rules::built_in().clone())), NOW)
}

fn error(view: &View) -> Option<&str> {
    let answer = view.result.as_ref()?.answer.as_ref()?;
    Some(&answer.answer.error.as_ref()?.code)
}

fn calls(view: &View) -> usize {
    view.result.as_ref().map_or(0, |result| result.calls.len())
}

/// A request, and the values in it that something stands in for.
const FROM_ELSEWHERE: [(&str, &[&str]); 12] = [
    (
        "aws ec2 run-instances --image-id ami-0abcdef1234567890 --instance-type t3.micro --key-name MyKeyPair \
         --subnet-id subnet-08fc749671b2d077c --security-group-ids sg-0b0384b66d7d692f9",
        &[
            "ami-0abcdef1234567890",
            "MyKeyPair",
            "subnet-08fc749671b2d077c",
            "sg-0b0384b66d7d692f9",
        ],
    ),
    (
        "aws ec2 attach-volume --volume-id vol-1234567890abcdef0 --instance-id i-01474ef662b89480 --device /dev/sdf",
        &["vol-1234567890abcdef0", "i-01474ef662b89480"],
    ),
    (
        "Action=RunInstances&ImageId=ami-0abcdef1234567890&InstanceType=m5.24xlarge&MinCount=1&MaxCount=1",
        &["ami-0abcdef1234567890", "m5.24xlarge"],
    ),
    (
        "aws ec2 stop-instances --instance-ids $INSTANCE_ID",
        &["$INSTANCE_ID"],
    ),
    (
        "aws ec2 associate-address --allocation-id eipalloc-64d5890a --instance-id i-xxxxxxxx",
        &["eipalloc-64d5890a", "i-xxxxxxxx"],
    ),
    (
        "ec2.create_volume(AvailabilityZone='us-east-1a', Size=10)",
        &["us-east-1a"],
    ),
    (
        "Action=StopInstances&InstanceId.1=i-1234567890abcdef0",
        &["i-1234567890abcdef0"],
    ),
    (
        "aws ec2 create-tags --resources vol-1a2b3c4d --tags Key=origin,Value=vol-1a2b3c4d",
        &["vol-1a2b3c4d"],
    ),
    (
        "aws ec2 describe-subnets --filters Name=vpc-id,Values=vpc-3EXAMPLE",
        &[],
    ),
    (
        "aws ec2 create-subnet --vpc-id vpc-081ec835f3EXAMPLE --cidr-block 10.9.7.0/24",
        &["vpc-081ec835f3EXAMPLE"],
    ),
    (
        "aws ec2 create-snapshot --volume-id vol-1234567890abcdef0",
        &["vol-1234567890abcdef0"],
    ),
    (
        "aws ec2 authorize-security-group-ingress --group-id sg-1234567890abcdef0 --protocol tcp --port 22 --cidr 203.0.113.0/24",
        &["sg-1234567890abcdef0"],
    ),
];

#[test]
fn things_of_this_cloud_stand_in_for_those_of_another() {
    let session = session();
    for (text, expected) in FROM_ELSEWHERE {
        let view = session.preview(text, None, NOW, None);
        assert_eq!(error(&view), None, "{text}");
        assert!(calls(&view) > 0, "{text}");
        let given: Vec<_> = view.taken.stand_ins.iter().map(|one| &*one.given).collect();
        assert_eq!(given, expected, "{text}");
        let ledger = &view.result.as_ref().expect("it was read").ledger;
        for (row, leaf) in ledger
            .iter()
            .zip(&view.reading.request.as_ref().expect("it was read").leaves)
        {
            assert_eq!(
                row.text, leaf.text,
                "{text}: the ledger has the values as given"
            );
        }
    }
}

#[test]
fn who_wants_the_ids_as_they_are_gets_what_the_cloud_says_of_them() {
    let session = session().wishing(Wish::AS_GIVEN);
    let view = session.preview(FROM_ELSEWHERE[0].0, None, NOW, None);
    assert_eq!(error(&view), Some("InvalidAMIID.NotFound"));
    assert!(view.taken.stand_ins.iter().all(|one| one.used.is_none()));
    assert!(!view.taken.stand_ins.is_empty());
}

#[test]
fn names_that_are_made_are_left_alone() {
    let session = session();
    for text in [
        "aws ec2 create-key-pair --key-name fresh",
        "aws ec2 create-security-group --group-name fresh --description d",
        "aws ec2 import-key-pair --key-name demo --public-key-material x",
        "aws ec2 create-tags --resources {i} --tags Key=a,Value=sg-12345678",
    ] {
        let view = session.preview(text, None, NOW, None);
        let used = view.taken.stand_ins.iter().filter(|one| one.used.is_some());
        assert_eq!(used.count(), 0, "{text}: {:?}", view.taken);
    }
}

#[test]
fn what_is_refused_can_be_left_out_to_see_the_rest() {
    let text = "aws ec2 run-instances --image-id ami-0abcdef1234567890 --instance-type t3.micro \
                --instance-market-options MarketType=spot";
    let session = session();
    let view = session.preview(text, None, NOW, None);
    assert_eq!(error(&view), Some("UnsupportedOperation"));
    assert!(view.taken.refused);
    let without = session.wishing(Wish {
        without_refused: true,
        ..Wish::default()
    });
    let rest = without.preview(text, None, NOW, None);
    assert_eq!(error(&rest), None);
    assert_eq!(rest.taken.left_out, ["InstanceMarketOptions.MarketType"]);
    let ledger = &rest.result.as_ref().expect("it was read").ledger;
    let row = ledger
        .iter()
        .find(|row| row.key == "InstanceMarketOptions.MarketType");
    assert_eq!(
        row.expect("it is accounted for").state,
        LedgerState::Refused
    );
    assert_eq!(ledger.len(), view.result.expect("it was read").ledger.len());
}

#[test]
fn a_thing_of_another_state_is_tried_where_the_first_does_not_do() {
    let session = session();
    let (session, _) = session.send(
        "aws ec2 attach-volume --volume-id vol-12345678 --instance-id i-12345678 --device /dev/sdf",
        None,
        NOW,
        None,
    );
    let (session, _) = session.send(
        "aws ec2 create-volume --availability-zone nova --size 1",
        None,
        NOW + 60_000,
        None,
    );
    let view = session.preview(
        "aws ec2 detach-volume --volume-id vol-12345678",
        None,
        NOW + 120_000,
        None,
    );
    assert_eq!(error(&view), None);
}

#[test]
fn before_the_cloud_is_there_the_first_calls_show() {
    let session = Session::waiting(Rc::new(Engine::new(Rules::built_in().clone())), NOW);
    let view = session.preview(FROM_ELSEWHERE[0].0, None, NOW, None);
    assert_eq!(error(&view), None);
    assert!(calls(&view) > 0);
}
