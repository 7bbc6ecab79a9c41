//! The order of things: reads together, then refusals, then changes one after another, undone in reverse.

use crate::support::{DIGITS, UUID, engine, json, run};
use translator::{Context, Fidelity};

const ATTACH: &str = "\
action: AttachVolume
calls:
  server: { request: 'GET compute /servers/{uuid(InstanceId)}', gives: reply.server }
  volume: { request: 'GET block-storage /volumes/{uuid(VolumeId)}', gives: reply.volume }
  first:
    request: POST block-storage /volumes/{volume.id}/action
    body: { os-reserve: null }
    undo: { request: 'POST block-storage /volumes/{volume.id}/action', body: { os-unreserve: null } }
  second:
    request: POST compute /servers/{server.id}/os-volume_attachments
    body: { volumeAttachment: { volumeId: volume.id, device: Device } }
    gives: reply.volumeAttachment
    undo: DELETE compute /servers/{server.id}/os-volume_attachments/{second.volumeId}
    faults: { 409: IncorrectInstanceState }
  after: { request: 'GET compute /servers/{server.id}', follows: second, gives: reply.server }
refuse:
  - when: volume.status != 'available'
    error: VolumeInUse
    message: '{VolumeId} is {volume.status}'
answer: { InstanceId: InstanceId, State: after.status }
";

fn request() -> String {
    format!("Action=AttachVolume&InstanceId=i-{DIGITS}&VolumeId=vol-{DIGITS}&Device=/dev/vdb")
}

fn server() -> String {
    format!("{{\"server\": {{\"id\": \"{UUID}\", \"status\": \"ACTIVE\"}}}}")
}

#[test]
fn independent_reads_go_together_and_changes_follow_in_file_order() {
    let engine = engine(&[("volume/AttachVolume.yaml", ATTACH)]);
    let run = run(&engine, &request(), Context::default(), |call| {
        match call.path.as_str() {
            path if path.ends_with("/os-volume_attachments") => json(
                200,
                &format!("{{\"volumeAttachment\": {{\"volumeId\": \"{UUID}\"}}}}"),
            ),
            path if path.starts_with("/servers") => json(200, &server()),
            path if path.ends_with("/action") => json(202, ""),
            _ => json(
                200,
                &format!("{{\"volume\": {{\"id\": \"{UUID}\", \"status\": \"available\"}}}}"),
            ),
        }
    });
    assert_eq!(
        run.story,
        format!(
            "1 read Get /servers/{UUID}\n\
             1 read Get /volumes/{UUID}\n\
             2 change Post /volumes/{UUID}/action {{\"os-reserve\":null}}\n\
             3 change Post /servers/{UUID}/os-volume_attachments {{\"volumeAttachment\":{{\"volumeId\":\"{UUID}\",\"device\":\"/dev/vdb\"}}}}\n\
             4 read Get /servers/{UUID}"
        )
    );
    assert!(
        run.outcome.xml.contains("<status>ACTIVE</status>"),
        "{}",
        run.outcome.xml
    );
}

#[test]
fn a_refusal_comes_before_any_change_and_names_its_parameter() {
    let engine = engine(&[("volume/AttachVolume.yaml", ATTACH)]);
    let run = run(&engine, &request(), Context::default(), |call| {
        match call.path.starts_with("/servers") {
            true => json(200, &server()),
            false => json(
                200,
                &format!("{{\"volume\": {{\"id\": \"{UUID}\", \"status\": \"in-use\"}}}}"),
            ),
        }
    });
    assert_eq!(run.trace.calls.len(), 2, "{}", run.story);
    let error = run.outcome.error.expect("an error");
    assert_eq!(
        (error.code.as_str(), error.message.as_str()),
        ("VolumeInUse", format!("vol-{DIGITS} is in-use").as_str())
    );
}

#[test]
fn a_failed_change_takes_back_the_finished_ones() {
    let engine = engine(&[("volume/AttachVolume.yaml", ATTACH)]);
    let run = run(&engine, &request(), Context::default(), |call| {
        match call.path.as_str() {
            path if path.ends_with("/os-volume_attachments") => json(
                409,
                "{\"conflictingRequest\": {\"code\": 409, \"message\": \"busy\"}}",
            ),
            path if path.starts_with("/servers") => json(200, &server()),
            path if path.ends_with("/action") => json(202, ""),
            _ => json(
                200,
                &format!("{{\"volume\": {{\"id\": \"{UUID}\", \"status\": \"available\"}}}}"),
            ),
        }
    });
    assert!(
        run.story.ends_with(&format!(
            "4 undo Post /volumes/{UUID}/action {{\"os-unreserve\":null}}"
        )),
        "{}",
        run.story
    );
    let error = run.outcome.error.expect("an error");
    assert_eq!(
        (error.code.as_str(), error.message.as_str()),
        ("IncorrectInstanceState", "busy")
    );
}

#[test]
fn an_undo_that_fails_is_named_in_the_error() {
    let engine = engine(&[("volume/AttachVolume.yaml", ATTACH)]);
    let run = run(&engine, &request(), Context::default(), |call| {
        match call.path.as_str() {
            path if path.ends_with("/os-volume_attachments") => json(
                409,
                "{\"conflictingRequest\": {\"code\": 409, \"message\": \"busy\"}}",
            ),
            path if path.starts_with("/servers") => json(200, &server()),
            path if path.ends_with("/action")
                && call
                    .body
                    .as_ref()
                    .is_some_and(|body| body.get("os-unreserve").is_some()) =>
            {
                json(503, "")
            }
            path if path.ends_with("/action") => json(202, ""),
            _ => json(
                200,
                &format!("{{\"volume\": {{\"id\": \"{UUID}\", \"status\": \"available\"}}}}"),
            ),
        }
    });
    let error = run.outcome.error.expect("an error");
    assert!(
        error.message.contains("What could not be taken back"),
        "{}",
        error.message
    );
    assert_eq!(run.trace.answer.expect("an answer").left_behind.len(), 1);
}

#[test]
fn an_undo_that_meets_a_restart_is_repeated() {
    let engine = engine(&[("volume/AttachVolume.yaml", ATTACH)]);
    let mut down = 2;
    let run = run(&engine, &request(), Context::default(), |call| {
        let back = call
            .body
            .as_ref()
            .is_some_and(|body| body.get("os-unreserve").is_some());
        match call.path.as_str() {
            path if path.ends_with("/os-volume_attachments") => json(500, ""),
            path if path.starts_with("/servers") => json(200, &server()),
            path if path.ends_with("/action") && back && down > 0 => {
                down -= 1;
                json(if down == 1 { 0 } else { 503 }, "")
            }
            path if path.ends_with("/action") => json(202, ""),
            _ => json(
                200,
                &format!("{{\"volume\": {{\"id\": \"{UUID}\", \"status\": \"available\"}}}}"),
            ),
        }
    });
    assert_eq!(run.story.matches("undo Post").count(), 3, "{}", run.story);
    assert!(run.trace.answer.expect("an answer").left_behind.is_empty());
}

#[test]
fn dry_run_checks_everything_and_changes_nothing() {
    let engine = engine(&[("volume/AttachVolume.yaml", ATTACH)]);
    let run = run(
        &engine,
        &format!("{}&DryRun=true", request()),
        Context::default(),
        |call| match call.path.starts_with("/servers") {
            true => json(200, &server()),
            false => json(
                200,
                &format!("{{\"volume\": {{\"id\": \"{UUID}\", \"status\": \"available\"}}}}"),
            ),
        },
    );
    assert_eq!(run.trace.calls.len(), 2, "{}", run.story);
    let error = run.outcome.error.expect("EC2 answers an error");
    assert_eq!(
        (error.status, error.code.as_str()),
        (412, "DryRunOperation")
    );
}

#[test]
fn ids_are_checked_before_any_call() {
    let engine = engine(&[("volume/AttachVolume.yaml", ATTACH)]);
    for (instance, code) in [
        ("nonsense", "InvalidInstanceID.Malformed"),
        ("i-xyz", "InvalidInstanceID.Malformed"),
        ("i-0123456789abcdef0", "InvalidInstanceID.NotFound"),
        (&format!("vol-{DIGITS}"), "InvalidParameterValue"),
    ] {
        let query = format!(
            "Action=AttachVolume&InstanceId={instance}&VolumeId=vol-{DIGITS}&Device=/dev/vdb"
        );
        let run = run(&engine, &query, Context::default(), |_| json(500, ""));
        assert_eq!(
            run.outcome.error.expect("an error").code,
            code,
            "{instance}"
        );
        assert_eq!(run.story, "", "{instance}");
    }
}

#[test]
fn errors_without_a_row_of_the_rule_go_by_the_path_and_the_table() {
    let engine = engine(&[("volume/AttachVolume.yaml", ATTACH)]);
    for (status, code) in [
        (404, "InvalidInstanceID.NotFound"),
        (503, "Unavailable"),
        (0, "InternalError"),
    ] {
        let run = run(&engine, &request(), Context::default(), |call| {
            match call.path.starts_with("/servers") {
                true => json(status, ""),
                false => json(
                    200,
                    &format!("{{\"volume\": {{\"id\": \"{UUID}\", \"status\": \"available\"}}}}"),
                ),
            }
        });
        assert_eq!(run.outcome.error.expect("an error").code, code);
        assert!(!run.story.contains("change"), "{}", run.story);
    }
}

const NAMED: &str = "\
action: DeleteKeyPair
calls:
  gone: { request: 'DELETE compute /os-keypairs/{KeyName}', undo: none, faults: { 404: fine } }
answer: { Return: true }
parameters: { KeyPairId: { refused: Say the name. } }
";

#[test]
fn an_empty_name_does_not_ask_for_the_whole_collection() {
    let engine = engine(&[("key-pair/DeleteKeyPair.yaml", NAMED)]);
    let run = run(
        &engine,
        "Action=DeleteKeyPair&KeyName=",
        Context::default(),
        |_| json(500, ""),
    );
    assert_eq!(
        run.outcome.error.expect("an error").code,
        "InvalidParameterValue"
    );
    assert_eq!(run.story, "");
}

const WAITING: &str = "\
action: ModifyInstanceAttribute
calls:
  resize:
    request: POST compute /servers/{uuid(InstanceId)}/action
    body: { resize: { flavorRef: InstanceType.Value } }
    undo: none
  resized:
    follows: resize
    request: GET compute /servers/{uuid(InstanceId)}
    gives: reply.server
    until: resized.status == 'VERIFY_RESIZE'
    fails: resized.status == 'ERROR'
    within: 3 s
  confirm:
    when: resized
    request: POST compute /servers/{uuid(InstanceId)}/action
    body: { confirmResize: null }
    undo: none
answer: { Return: true }
parameters: { UserData: { refused: Not after the launch. } }
";

#[test]
fn a_question_is_asked_again_until_it_is_so() {
    let engine = engine(&[("instance/ModifyInstanceAttribute.yaml", WAITING)]);
    let query =
        format!("Action=ModifyInstanceAttribute&InstanceId=i-{DIGITS}&InstanceType.Value=m1.small");
    for (statuses, waits, code) in [
        (vec!["RESIZE", "RESIZE", "VERIFY_RESIZE"], 2, None),
        (vec!["RESIZE", "ERROR"], 1, Some("InternalError")),
        (vec!["RESIZE"; 9], 3, Some("InternalError")),
    ] {
        let mut left = statuses.into_iter();
        let run = run(&engine, &query, Context::default(), |call| {
            match call.method {
                openstack_wire::Method::Get => json(
                    200,
                    &format!(
                        "{{\"server\": {{\"status\": \"{}\"}}}}",
                        left.next().unwrap_or("RESIZE")
                    ),
                ),
                _ => json(202, ""),
            }
        });
        assert_eq!(run.waits, waits, "{}", run.story);
        assert_eq!(run.outcome.error.map(|error| error.code).as_deref(), code);
    }
}

#[test]
fn what_a_rule_refuses_is_refused_in_every_fidelity() {
    let engine = engine(&[("instance/ModifyInstanceAttribute.yaml", WAITING)]);
    let query = format!("Action=ModifyInstanceAttribute&InstanceId=i-{DIGITS}&UserData.Value=eA==");
    for fidelity in [Fidelity::Strict, Fidelity::Warn, Fidelity::BestEffort] {
        let context = Context {
            fidelity,
            ..Context::default()
        };
        let run = run(&engine, &query, context, |_| json(500, ""));
        assert_eq!(
            run.outcome.error.expect("an error").code,
            "UnsupportedOperation"
        );
        assert_eq!(run.story, "");
    }
}

const IDEMPOTENT: &str = "\
action: CreateVolume
calls:
  earlier:
    request: GET block-storage /volumes/detail
    when: ClientToken
    query: { metadata: \"mark('token', digest(ClientToken))\" }
    pages: volumes
  created:
    request: POST block-storage /volumes
    body: { volume: { size: Size, metadata: { 'ec2:token': digest(ClientToken) } } }
    gives: reply.volume
    undo: DELETE block-storage /volumes/{created.id}
already: { when: earlier, use: { created: 'earlier[0]' } }
answer: { VolumeId: \"ec2_id('vol', created.id)\" }
";

#[test]
fn a_repeated_request_changes_nothing_and_gets_the_same_answer() {
    let engine = engine(&[("volume/CreateVolume.yaml", IDEMPOTENT)]);
    let query = "Action=CreateVolume&Size=1&AvailabilityZone=nova&ClientToken=abc";
    let mut made = false;
    let mut cloud = |call: &openstack_wire::Call| match call.method {
        openstack_wire::Method::Post => {
            made = true;
            json(202, &format!("{{\"volume\": {{\"id\": \"{UUID}\"}}}}"))
        }
        _ if made => json(200, &format!("{{\"volumes\": [{{\"id\": \"{UUID}\"}}]}}")),
        _ => json(200, "{\"volumes\": []}"),
    };
    let first = run(&engine, query, Context::default(), &mut cloud);
    let second = run(&engine, query, Context::default(), &mut cloud);
    assert_eq!(first.trace.calls.len(), 2, "{}", first.story);
    assert_eq!(second.trace.calls.len(), 1, "{}", second.story);
    assert_eq!(first.outcome.xml, second.outcome.xml);
    assert!(
        first
            .outcome
            .xml
            .contains(&format!("<volumeId>vol-{DIGITS}</volumeId>"))
    );
}
