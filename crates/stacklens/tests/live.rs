//! The live view as the page meets it.

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use support::Server;

/// A stream of server-sent events.
struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(server: &Server, headers: &str) -> Self {
        let mut stream = TcpStream::connect(&server.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a timeout");
        let head = format!(
            "GET /live/events HTTP/1.1\r\nhost: {}\r\n{headers}\r\n",
            server.address
        );
        stream.write_all(head.as_bytes()).expect("a request");
        let mut stream = Self(BufReader::new(stream));
        let status = stream.line().expect("a status");
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        // Only after the first line of the body is the watcher counted for sure.
        while stream.line().expect("a line") != "retry: 2000" {}
        stream
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.0.read_line(&mut line).expect("a line in time");
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// The next event of a request; `None` when the stream ends.
    fn event(&mut self) -> Option<Value> {
        loop {
            if let Some(data) = self.line()?.strip_prefix("data: ") {
                return Some(serde_json::from_str(data).expect("JSON"));
            }
        }
    }
}

#[test]
fn what_passes_is_told_with_its_trace() {
    let server = Server::start(&[]);
    assert_eq!(
        server.ec2("demo", "demo", "Action=DescribeRegions").status,
        200
    );
    let mut stream = Stream::open(&server, "");
    let before = stream.event().expect("what came before");
    assert_eq!(
        (&before["action"], &before["traced"], &before["id"]),
        (&"DescribeRegions".into(), &false.into(), &1.into())
    );
    let made = server.ec2(
        "demo",
        "demo",
        "Action=CreateVolume&Version=2016-11-15&Size=3&AvailabilityZone=nova&Color=red",
    );
    let event = stream.event().expect("an event");
    assert_eq!(event["action"], "CreateVolume");
    assert_eq!(event["request_id"], made.header("x-amzn-requestid"));
    assert_eq!(event["status"], 200);
    assert_eq!(event["error"], Value::Null);
    assert_eq!(event["traced"], true);
    assert!(
        event["milliseconds"]
            .as_f64()
            .is_some_and(|time| time > 0.0)
    );

    let whole = server.get(&format!("/live/{}", event["id"]), &[]).json();
    assert_eq!(
        whole["query"],
        "Action=CreateVolume&Version=2016-11-15&Size=3&AvailabilityZone=nova&Color=red"
    );
    let trace: translator::trace::Trace =
        serde_json::from_value(whole["trace"].clone()).expect("a trace");
    assert_eq!(Value::from(trace.calls.len()), event["calls"]);
    assert_eq!(trace.ledger.len(), 3);
    assert_eq!(trace.answer.expect("an answer").xml, made.body);

    assert_eq!(
        server.ec2("demo", "wrong", "Action=DescribeVpcs").status,
        401
    );
    let refused = stream.event().expect("an event");
    assert_eq!(
        (&refused["error"], &refused["action"], &refused["traced"]),
        (&"AuthFailure".into(), &Value::Null, &false.into())
    );

    let mut again = Stream::open(&server, "last-event-id: 2\r\n");
    assert_eq!(again.event().expect("the one after it")["id"], 3);
    assert_eq!(server.get("/live/99", &[]).status, 404);
    assert_eq!(server.get("/live/else", &[]).status, 404);
}

/// Requests full of secrets, each told to a watcher: none of them is in what the watcher can get.
#[test]
fn no_secret_is_told() {
    let cloud = Server::start(&["--secret-key", "planted-secret-key"]);
    let image = cloud.ec2("demo", "planted-secret-key", "Action=DescribeImages");
    let image = image
        .body
        .split("<imageId>")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .expect("an image")
        .to_owned();
    // "planted user data" in base64
    let user_data = "cGxhbnRlZCB1c2VyIGRhdGE%3D";
    let mut stream = Stream::open(&cloud, "");
    let requests = [
        format!(
            "Action=RunInstances&ImageId={image}&InstanceType=m1.small&MinCount=1&MaxCount=1&UserData={user_data}&DbPassword=planted-password"
        ),
        format!(
            "Action=RunInstances&ImageId={image}&InstanceType=m1.small&MinCount=1&MaxCount=1&UserData={user_data}&ClientToken={user_data}"
        ),
        format!("Action=ModifyInstanceAttribute&InstanceId=i-1&UserData.Value={user_data}"),
        "Action=CreateKeyPair&KeyName=mine".to_owned(),
    ];
    let mut told = String::new();
    let mut secrets = vec![
        "planted".to_owned(),
        "cGxhbnRlZCB1c2VyIGRhdGE".to_owned(),
        "PRIVATE KEY".to_owned(),
        "Signature=".to_owned(),
    ];
    for request in &requests {
        let answer = cloud.ec2("demo", "planted-secret-key", request);
        if let Some(key) = answer.body.split("<keyMaterial>").nth(1) {
            secrets.push(key.chars().take(40).collect());
        }
        let mut event = stream.event().expect("an event");
        while event["action"] == "DescribeImages" {
            event = stream.event().expect("an event");
        }
        assert_eq!(event["request_id"], answer.header("x-amzn-requestid"));
        told.push_str(&event.to_string());
        let whole = cloud.get(&format!("/live/{}", event["id"]), &[]);
        assert_eq!(whole.json()["traced"], true, "{whole:?}");
        told.push_str(&whole.body);
    }
    assert!(told.contains("(hidden)"));
    assert!(secrets.len() > 4, "a key was made");
    for secret in &secrets {
        let at = told.find(secret.as_str());
        assert_eq!(
            at,
            None,
            "{}",
            &told[at.unwrap_or(0).saturating_sub(300)..][..600]
        );
    }
}

#[test]
fn who_may_not_watch_is_told_why() {
    let open = Server::start(&[]);
    let closed = Server::start(&["--live", "off"]);
    let cases = [
        (&closed, ("accept", "text/event-stream"), 403),
        (&open, ("origin", "http://elsewhere.example"), 403),
        (&open, ("sec-fetch-site", "cross-site"), 403),
        (&open, ("host", "elsewhere.example"), 403),
        (&open, ("x-forwarded-for", "192.0.2.1"), 403),
        (&open, ("sec-fetch-site", "same-origin"), 404),
    ];
    for (server, header, status) in cases {
        let answer = server.get("/live/1", &[header]);
        assert_eq!(answer.status, status, "{header:?} {answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), "");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    }
    let many: Vec<Stream> = (0..16).map(|_| Stream::open(&open, "")).collect();
    assert_eq!(open.get("/live/events", &[]).status, 503);
    drop(many);
}

#[cfg(unix)]
#[test]
fn a_watcher_does_not_keep_the_server() {
    let mut server = Server::start(&[]);
    let mut stream = Stream::open(&server, "");
    let begun = std::time::Instant::now();
    server.tell_to_stop();
    assert_eq!(stream.event(), None);
    assert!(server.child.wait().expect("it ends").success());
    assert!(begun.elapsed() < Duration::from_secs(9));
}
