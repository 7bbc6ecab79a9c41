//! The runner itself, with a cloud of three replies.

use cases::{Case, Cloud, Identity};
use openstack_wire::{Call, Reply};
use rules::Rules;
use translator::Engine;

const RULE: &str = r#"
action: DeleteVolume
calls:
  volume: { request: "GET block-storage /volumes/{uuid(VolumeId)}", gives: reply.volume }
  gone: { request: "DELETE block-storage /volumes/{volume.id}", undo: none }
"#;

const KINDS: &str = "table: kinds
rows:
  vol: { resource-type: volume, service: block-storage, path: /volumes, not-found: InvalidVolume.NotFound, malformed: InvalidVolumeID.Malformed }
";

const FAULTS: &str = "table: faults\nrows: [ { error: InternalError } ]\n";

const FILE: &str = "# A comment that stays.
title: Delete a volume
given:
  - { openstack: { method: POST, service: block-storage, path: /volumes, body: { volume: { size: 1 } } }, name: made }
  - { wait: 5 }
request: Action=DeleteVolume&VolumeId=vol-${made.volume.hex}
";

struct Scripted(Vec<(String, i64)>);

impl Cloud for Scripted {
    fn identity(&mut self, project: &str, _: i64) -> Identity {
        Identity {
            project_id: format!("id of {project}"),
            user_id: "someone".into(),
        }
    }

    fn handle(&mut self, _: &str, call: &Call, now: i64) -> Reply {
        self.0.push((
            format!("{:?} {}", call.method, call.path),
            now - cases::START,
        ));
        let volume = r#"{"volume": {"id": "11111111-2222-3333-4444-555555555555", "hex": "11111111222233334444555555555555"}}"#;
        match call.method {
            openstack_wire::Method::Delete => Reply {
                status: 202,
                ..Reply::default()
            },
            _ => Reply {
                status: 200,
                headers: vec![("date".into(), "x".into())],
                body: volume.into(),
            },
        }
    }
}

fn engine() -> Engine {
    let (rules, problems) = Rules::load([
        ("volume/DeleteVolume.yaml", RULE),
        ("kinds.table.yaml", KINDS),
        ("faults.table.yaml", FAULTS),
    ]);
    assert_eq!(problems, []);
    Engine::new(rules)
}

#[test]
fn a_recording_becomes_the_expectation_and_replays() {
    let engine = engine();
    let case = Case::read("volume/delete.yaml", FILE).unwrap();
    let mut cloud = Scripted(vec![]);
    let recording = case.record(&engine, &mut cloud).unwrap();
    let volume = "/volumes/11111111-2222-3333-4444-555555555555";
    assert_eq!(
        cloud.0,
        [
            ("Post /volumes".into(), 0),
            (format!("Get {volume}"), 5000),
            (format!("Delete {volume}"), 5000)
        ]
    );
    assert_eq!(recording.expect["ledger"]["VolumeId"], "mapped");
    assert_eq!(
        recording.expect["request"],
        "Action=DeleteVolume&VolumeId=vol-11111111222233334444555555555555"
    );

    let blessed = case.with_expectation(&recording.expect);
    assert!(blessed.starts_with(FILE), "what a person wrote stays");
    let again = Case::read("volume/delete.yaml", &blessed).unwrap();
    assert_eq!(
        again.compare(again.replay(&engine)).differences,
        Vec::<String>::new()
    );
    assert_eq!(
        again
            .compare(again.record(&engine, &mut Scripted(vec![])))
            .differences,
        Vec::<String>::new()
    );
    assert_eq!(again.with_expectation(&recording.expect), blessed);
}

#[test]
fn a_difference_is_shown_by_lines() {
    let engine = engine();
    let case = Case::read("volume/delete.yaml", FILE).unwrap();
    let recording = case.record(&engine, &mut Scripted(vec![])).unwrap();
    let mut expect = recording.expect.clone();
    expect["ledger"]["VolumeId"] = "lossy".into();
    let other = Case {
        expect: Some(expect),
        ..case.clone()
    };
    let told = other
        .compare(other.record(&engine, &mut Scripted(vec![])))
        .differences
        .concat();
    assert!(
        told.contains("-  ledger: { VolumeId: lossy }\n+  ledger: { VolumeId: mapped }"),
        "{told}"
    );

    let mut expect = recording.expect;
    expect["calls"][1]["call"] = "DELETE block-storage /volumes/other".into();
    let other = Case {
        expect: Some(expect),
        ..case
    };
    let told = other.compare(other.replay(&engine)).differences.concat();
    assert!(told.contains("the case holds no reply to"), "{told}");
}

#[test]
fn what_cannot_run_says_why() {
    let engine = engine();
    for (file, why) in [
        ("title: x\n", "missing field `request`"),
        (
            "title: x\nrequest: y\nexpects: z\n",
            "unknown field `expects`",
        ),
        (
            "title: x\nrequest: y\ngiven: [ {} ]\n",
            "needs one of request, openstack, wait",
        ),
        (
            "title: x\nrequest: Action=DeleteVolume&VolumeId=${a.b}\n",
            "${a.b} stands for nothing",
        ),
        ("title: x\nrequest: \"\"\n", "no EC2 request can be read"),
        (
            "title: x\nrequest: Action=DeleteVolume\ngiven: [ { request: Action=DeleteVolume&VolumeId=x } ]\n",
            "DeleteVolume answers InvalidVolumeID.Malformed",
        ),
    ] {
        let told = match Case::read("x.yaml", file) {
            Err(told) => told,
            Ok(case) => case.record(&engine, &mut Scripted(vec![])).expect_err(file),
        };
        assert!(told.contains(why), "{file}: {told}");
    }
    let case = Case::read("x.yaml", "title: x\nrequest: Action=DeleteVolume\n").unwrap();
    assert!(
        case.replay(&engine)
            .expect_err("no expectation")
            .contains("BLESS=1")
    );
}
