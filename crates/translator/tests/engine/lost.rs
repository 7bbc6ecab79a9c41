//! Changes whose answer is lost: what is looked for, taken back and named.

use openstack_wire::Reply;

use crate::support::{Run, UUID, engine, json, run};
use translator::Context;

const RUN: &str = "\
action: RunInstances
calls:
  port:
    request: POST network /v2.0/ports
    body: { port: { description: \"'of a test'\" } }
    gives: reply.port
    undo: DELETE network /v2.0/ports/{port.id}
  address:
    request: POST network /v2.0/floatingips
    body: { floatingip: { port_id: port.id } }
    gives: reply.floatingip
    undo: DELETE network /v2.0/floatingips/{address.id}
  door:
    request: PUT network /v2.0/routers/r/add_router_interface
    body: { port_id: port.id }
    undo: { request: PUT network /v2.0/routers/r/remove_router_interface, body: { port_id: port.id } }
  made:
    request: POST compute /servers
    body: { server: { name: ImageId, tags: [ \"mark('reservation', new_id('r'))\" ] } }
    gives: reply.server
    undo: DELETE compute /servers/{made.id}
answer: { ReservationId: made.id }
parameters:
  MinCount: { ignored: not of interest here }
  MaxCount: { ignored: not of interest here }
";

const REQUEST: &str = "Action=RunInstances&ImageId=web&MinCount=1&MaxCount=1";

/// The reply to the call that makes something, or one that differs; a listing has what `listed` makes of what was sent.
fn lose(path: &str, reply: Reply, listed: impl Fn(&serde_json::Value) -> String) -> Run {
    let engine = engine(&[("instance/RunInstances.yaml", RUN)]);
    let context = Context {
        project_id: "p".to_owned(),
        ..Context::default()
    };
    let mut sent = serde_json::Value::Null;
    run(&engine, REQUEST, context, |call| {
        let method = call.method.as_str();
        if method == "GET" {
            return json(200, &listed(&sent));
        }
        if method != "DELETE" && call.path.ends_with(path) {
            sent = call.body.clone().unwrap_or_default();
            return reply.clone();
        }
        match (method, call.path.rsplit('/').next().unwrap_or_default()) {
            ("POST", "ports") => json(201, "{\"port\": {\"id\": \"port-id\"}}"),
            ("POST", "floatingips") => json(201, "{\"floatingip\": {\"id\": \"address-id\"}}"),
            ("PUT", "remove_router_interface") => json(404, ""),
            ("DELETE", _) => json(204, ""),
            _ => json(200, "{}"),
        }
    })
}

fn left(run: &Run) -> Vec<String> {
    run.trace.answer.clone().expect("an answer").left_behind
}

fn lost() -> Reply {
    Reply::lost("The service did not answer.")
}

#[test]
fn what_carries_the_requests_own_mark_is_taken_back() {
    let run = lose("/servers", lost(), |sent| {
        let mut server = sent["server"].clone();
        server["id"] = UUID.into();
        let other = r#"{"id": "other", "name": "web", "tags": []}"#;
        format!(r#"{{"servers": [{other}, {server}]}}"#)
    });
    assert!(
        run.story.contains("undo Get /servers/detail"),
        "{}",
        run.story
    );
    assert!(
        run.story.contains(&format!("undo Delete /servers/{UUID}")),
        "{}",
        run.story
    );
    assert!(!run.story.contains("servers/other"), "{}", run.story);
    let back: Vec<&str> = run
        .story
        .lines()
        .filter(|line| line.contains("Delete"))
        .collect();
    assert_eq!(
        back.len(),
        3,
        "the server, then the address and the port: {}",
        run.story
    );
    assert!(left(&run).is_empty());
}

#[test]
fn what_names_a_thing_of_the_requests_own_is_taken_back() {
    let run = lose("/floatingips", lost(), |_| {
        r#"{"floatingips": [{"id": "a", "port_id": "other"}, {"id": "b", "port_id": "port-id"}]}"#
            .to_owned()
    });
    assert!(
        run.story.contains("Delete /v2.0/floatingips/b"),
        "{}",
        run.story
    );
    assert!(!run.story.contains("floatingips/a"), "{}", run.story);
}

#[test]
fn what_only_looks_alike_is_named_and_left_alone() {
    let run = lose("/ports", lost(), |_| {
        r#"{"ports": [
            {"id": "a", "description": "of a test", "project_id": "p"},
            {"id": "b", "description": "of a test", "project_id": "q"},
            {"id": "c", "description": "of a test", "project_id": "p", "created_at": "1969-12-31T00:00:00Z"},
            {"id": "d", "description": "another", "project_id": "p"}
        ]}"#
        .to_owned()
    });
    assert!(!run.story.contains("Delete"), "{}", run.story);
    assert_eq!(
        left(&run),
        ["possibly network /v2.0/ports/a, since the answer of 'port' was lost"]
    );
}

#[test]
fn what_was_never_made_leaves_nothing() {
    let run = lose("/ports", lost(), |_| r#"{"ports": []}"#.to_owned());
    assert_eq!(
        run.story.matches("undo Get /v2.0/ports").count(),
        3,
        "{}",
        run.story
    );
    assert!(left(&run).is_empty());
}

#[test]
fn what_was_never_sent_is_not_looked_for() {
    let run = lose(
        "/servers",
        Reply::unsent("The service is not there."),
        |_| unreachable!(),
    );
    assert!(!run.story.contains("Get"), "{}", run.story);
    assert!(
        run.story.contains("Delete /v2.0/ports/port-id"),
        "{}",
        run.story
    );
}

#[test]
fn what_cannot_be_looked_for_is_named() {
    let run = lose("/ports", lost(), |_| "no".to_owned());
    assert!(
        left(&run).is_empty(),
        "a listing without things: {:?}",
        left(&run)
    );
    let engine = engine(&[("instance/RunInstances.yaml", RUN)]);
    let run = run_down(&engine);
    assert!(
        left(&run)[0].starts_with("possibly what 'port' made"),
        "{:?}",
        left(&run)
    );
}

fn run_down(engine: &translator::Engine) -> Run {
    run(engine, REQUEST, Context::default(), |_| lost())
}

#[test]
fn a_change_whose_undo_needs_no_answer_is_taken_back() {
    let run = lose("/add_router_interface", lost(), |_| unreachable!());
    assert!(
        run.story
            .contains("undo Put /v2.0/routers/r/remove_router_interface"),
        "{}",
        run.story
    );
    assert!(
        run.story.contains("undo Delete /v2.0/ports/port-id"),
        "{}",
        run.story
    );
    assert!(left(&run).is_empty(), "it was not there: {:?}", left(&run));
}

#[test]
fn what_is_still_in_use_is_tried_again() {
    let engine = engine(&[("instance/RunInstances.yaml", RUN)]);
    let mut held = 4;
    let run = run(&engine, REQUEST, Context::default(), |call| {
        match (call.method.as_str(), call.path.as_str()) {
            ("POST", "/v2.0/ports") => json(201, "{\"port\": {\"id\": \"port-id\"}}"),
            ("POST", _) => json(500, ""),
            ("DELETE", _) if held > 0 => {
                held -= 1;
                json(
                    409,
                    "{\"NeutronError\": {\"type\": \"PortInUse\", \"message\": \"in use\"}}",
                )
            }
            _ => json(204, ""),
        }
    });
    assert_eq!(run.story.matches("undo Delete").count(), 5, "{}", run.story);
    assert_eq!(run.waits, 4);
    assert!(left(&run).is_empty());
}

#[test]
fn a_request_that_is_given_up_takes_back_what_it_changed() {
    let engine = engine(&[("instance/RunInstances.yaml", RUN)]);
    let request = ec2_wire::decode_query(REQUEST).request;
    let tracing = translator::Tracing::On;
    let mut translation =
        translator::Translation::new(&engine, request, Context::default(), tracing);
    let mut story = Vec::new();
    let outcome = loop {
        match translation.poll() {
            translator::Step::Calls(calls) => {
                for (id, call) in calls {
                    story.push(format!("{} {}", call.method, call.path));
                    translation.reply(id, json(200, "{\"port\": {\"id\": \"port-id\"}}"));
                }
                if story.len() == 1 {
                    translation.give_up(ec2_wire::Ec2Error::client("Late", "too late"));
                }
            }
            translator::Step::Wait { .. } => {}
            translator::Step::Done(outcome) => break outcome,
        }
    };
    assert_eq!(story, ["POST /v2.0/ports", "DELETE /v2.0/ports/port-id"]);
    assert_eq!(outcome.error.expect("an error").code, "Late");
}
