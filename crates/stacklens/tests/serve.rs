//! The server as its clients meet it: the built program on a free port.

mod support;

use std::process::Command;

use openstack_wire::service::Catalog;
use openstack_wire::{Call, Method};
use support::{CloudsFile, Server};

#[test]
fn whatever_is_wrong_the_answer_is_an_ec2_error() {
    let server = Server::start(&[]);
    let form = (
        "content-type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    );
    let unsigned = server.send(
        "POST",
        "/",
        &[form],
        b"Action=DescribeVpcs&Version=2016-11-15",
    );
    assert_eq!(
        (unsigned.status, unsigned.ec2_error().as_str()),
        (401, "AuthFailure")
    );

    for (access_key, secret) in [("demo", "wrong"), ("nobody", "demo"), ("demo", "")] {
        let answer = server.ec2(access_key, secret, "Action=DescribeVpcs&Version=2016-11-15");
        assert_eq!(
            (answer.status, answer.ec2_error().as_str()),
            (401, "AuthFailure"),
            "{access_key}"
        );
    }
    let cases = [
        (
            "Action=DescribeVpc&Version=2016-11-15",
            400,
            "InvalidAction",
        ),
        ("Action=&Version=2016-11-15", 400, "MissingAction"),
        ("Version=2016-11-15", 400, "MissingAction"),
        ("", 400, "MissingAction"),
    ];
    for (body, status, code) in cases {
        let answer = server.ec2("demo", "demo", body);
        assert_eq!(
            (answer.status, answer.ec2_error().as_str()),
            (status, code),
            "{body}"
        );
    }
    let large = server.ec2(
        "demo",
        "demo",
        &format!("Action=DescribeVpcs&X={}", "x".repeat(1 << 20)),
    );
    assert_eq!(
        (large.status, large.ec2_error().as_str()),
        (413, "RequestEntityTooLarge")
    );
    let put = server.send("PUT", "/", &[], b"");
    assert_eq!(
        (put.status, put.ec2_error().as_str()),
        (405, "InvalidRequest")
    );
    assert_eq!(
        server.get("/?Action=DescribeVpcs", &[]).ec2_error(),
        "AuthFailure"
    );
    assert_eq!(
        server.get("/", &[("accept", "*/*")]).ec2_error(),
        "AuthFailure"
    );
}

#[test]
fn a_signed_request_is_answered_with_its_verdict() {
    let server = Server::start(&["--access-key", "mine", "--secret-key", "hidden one"]);
    let answer = server.ec2(
        "mine",
        "hidden one",
        "Action=DescribeRegions&Version=2016-11-15&AllRegions=true",
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(
        answer.body.contains("<regionName>RegionOne</regionName>"),
        "{answer:?}"
    );
    assert!(
        answer.header("x-stacklens-parameters").contains('='),
        "{answer:?}"
    );
    assert_eq!(
        server.ec2("demo", "demo", "Action=DescribeRegions").status,
        401
    );
}

#[test]
fn a_browser_gets_the_page_and_a_strict_policy() {
    let server = Server::start(&[]);
    let page = server.get("/", &[("accept", "text/html,application/xhtml+xml")]);
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{page:?}"
    );
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'")
    );
    assert_eq!(
        server.get("/nothing", &[("accept", "text/html")]).status,
        404
    );
    let health = server.get("/healthz", &[]);
    assert_eq!((health.status, health.body.as_str()), (200, "ok\n"));
}

#[test]
fn the_same_cloud_speaks_openstack() {
    let server = Server::start(&[]);
    let discovery = server.get("/openstack/identity/v3", &[]).json();
    assert_eq!(
        discovery["version"]["links"][0]["href"],
        format!("http://{}/openstack/identity/v3/", server.address)
    );

    let (token, catalogue) = log_in(&server);
    for service in ["compute", "network", "block-storage", "image", "identity"] {
        let url = catalogue
            .url(service, Some("RegionOne"), "public")
            .unwrap_or_else(|| panic!("{service}"));
        assert!(
            url.starts_with(&format!("http://{}/openstack/", server.address)),
            "{url}"
        );
    }
    for (service, path, member) in [
        ("compute", "/servers/detail", "servers"),
        ("compute", "/flavors/detail", "flavors"),
        ("network", "/v2.0/networks", "networks"),
        ("block-storage", "/volumes/detail", "volumes"),
        ("image", "/v2/images", "images"),
    ] {
        let call = Call::new(Method::Get, service, path);
        let target = target(&server, &catalogue, &call);
        let reply = server.get(&target, &[("x-auth-token", &token)]);
        assert_eq!(reply.status, 200, "{target} {reply:?}");
        assert!(reply.json()[member].is_array(), "{target} {reply:?}");
        assert_eq!(server.get(&target, &[]).status, 401, "{target}");
    }
    let broken = server.send(
        "POST",
        "/openstack/identity/v3/auth/tokens",
        &[json()],
        b"{",
    );
    assert_eq!(broken.status, 400, "{broken:?}");
    assert_eq!(server.get("/openstack/dns/v2/zones", &[]).status, 404);
}

#[test]
fn what_ec2_makes_openstack_shows() {
    let server = Server::start(&[]);
    let made = server.ec2(
        "demo",
        "demo",
        "Action=CreateVolume&Version=2016-11-15&Size=3&AvailabilityZone=nova",
    );
    assert_eq!(made.status, 200, "{made:?}");
    let id = made
        .body
        .split("<volumeId>vol-")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .expect("an id")
        .to_owned();
    let uuid = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
    let (token, catalogue) = log_in(&server);
    let call = Call::new(Method::Get, "block-storage", format!("/volumes/{uuid}"));
    let target = target(&server, &catalogue, &call);
    let seen = server.get(&target, &[("x-auth-token", &token)]).json();
    assert_eq!(
        (&seen["volume"]["id"], &seen["volume"]["size"]),
        (&uuid.into(), &3.into()),
        "{seen}"
    );
}

#[test]
fn a_key_made_in_the_cloud_signs() {
    let server = Server::start(&[]);
    let (token, _) = log_in(&server);
    let own = [
        ("x-auth-token", token.as_str()),
        ("x-subject-token", token.as_str()),
    ];
    let seen = server
        .get("/openstack/identity/v3/auth/tokens", &own)
        .json();
    let user = seen["token"]["user"]["id"].as_str().expect("a user");
    let project = serde_json::json!({"tenant_id": seen["token"]["project"]["id"]});
    let path = format!("/openstack/identity/v3/users/{user}/credentials/OS-EC2");
    let headers = [("x-auth-token".to_owned(), token.clone()), json()];
    let made = server
        .send("POST", &path, &headers, project.to_string().as_bytes())
        .json();
    let key = |name: &str| {
        made["credential"][name]
            .as_str()
            .expect("a credential")
            .to_owned()
    };
    assert_eq!(
        server
            .ec2(&key("access"), &key("secret"), "Action=DescribeRegions")
            .status,
        200
    );
    assert_eq!(
        server
            .ec2(&key("access"), "demo", "Action=DescribeRegions")
            .status,
        401
    );
}

#[test]
fn many_clients_at_once_each_get_their_answer() {
    let server = Server::start(&[]);
    let make = |size: usize| {
        let made = server.ec2(
            "demo",
            "demo",
            &format!("Action=CreateVolume&Size={size}&AvailabilityZone=nova"),
        );
        // A project may have ten volumes; who comes later is told so.
        match made.status {
            200 => assert!(
                made.body.contains(&format!("<size>{size}</size>")),
                "{made:?}"
            ),
            _ => assert_eq!(made.ec2_error(), "VolumeLimitExceeded"),
        }
        made.status == 200
    };
    let made = std::thread::scope(|scope| {
        let clients: Vec<_> = (1..=16)
            .map(|size| scope.spawn(move || make(size)))
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().expect("a client"))
            .filter(|made| *made)
            .count()
    });
    assert!(made > 0);
    let seen = server.ec2("demo", "demo", "Action=DescribeVolumes");
    assert_eq!(seen.body.matches("<volumeId>").count(), made, "{seen:?}");
}

/// One server is the cloud of another: everything goes over HTTP, and Keystone verifies the signatures.
#[test]
fn a_real_cloud_is_asked_over_http() {
    let cloud = Server::start(&[]);
    let auth_url = format!("http://{}/openstack/identity/v3", cloud.address);
    let variables = [
        ("OS_AUTH_URL", auth_url.as_str()),
        ("OS_USERNAME", "admin"),
        ("OS_PASSWORD", "admin"),
        ("OS_PROJECT_NAME", "admin"),
    ];
    let gateway = Server::start_with(&["--os-cloud", "envvars"], &variables);
    let made = gateway.ec2(
        "demo",
        "demo",
        "Action=CreateVolume&Size=5&AvailabilityZone=nova",
    );
    assert_eq!(made.status, 200, "{made:?}");
    for server in [&cloud, &gateway] {
        let seen = server.ec2("demo", "demo", "Action=DescribeVolumes");
        assert!(seen.body.contains("<size>5</size>"), "{seen:?}");
    }
    let refused = gateway.ec2("demo", "wrong", "Action=DescribeVolumes");
    assert_eq!(
        (refused.status, refused.ec2_error().as_str()),
        (401, "AuthFailure")
    );
    assert_eq!(gateway.get("/openstack/identity/v3", &[]).status, 404);
    drop(cloud);
    let unanswered = gateway.ec2("demo", "demo", "Action=DescribeVolumes");
    assert_eq!(
        (unanswered.status, unanswered.ec2_error().as_str()),
        (503, "Unavailable")
    );
}

/// A member's entry says where the cloud is; another entry, named by option or variable, verifies signatures.
#[test]
fn a_members_cloud_is_served_with_a_credential_of_its_own() {
    let cloud = Server::start(&[]);
    let file = CloudsFile::of(&cloud, "service-cloud");
    let given: [(&[&str], &str); 3] = [
        (&["--os-cloud", "member"], "service"),
        (
            &["--os-cloud", "member", "--service-os-cloud", "service"],
            "",
        ),
        (&["--os-cloud", "service"], ""),
    ];
    for (arguments, variable) in given {
        let gateway = Server::start_with(arguments, &file.variables(variable));
        let answer = gateway.ec2("demo", "demo", "Action=DescribeKeyPairs");
        assert_eq!(answer.status, 200, "{arguments:?} {answer:?}");
    }
}

#[test]
fn what_is_wrong_with_a_cloud_is_told_at_the_start() {
    let cloud = Server::start(&[]);
    let file = CloudsFile::of(&cloud, "wrong-cloud");
    let cases: [(&[&str], &str, &str); 5] = [
        (
            &["--os-cloud", "member"],
            "",
            "the user demo has only the roles",
        ),
        (
            &["--os-cloud", "member"],
            "member",
            "Name another entry of clouds.yaml that has it with --service-os-cloud NAME",
        ),
        (
            &["--os-cloud", "member"],
            "nobody",
            "STACKLENS_SERVICE_CLOUD: in",
        ),
        (
            &["--os-cloud", "elsewhere"],
            "",
            "has no region \"Mars\"; there are: RegionOne",
        ),
        (
            &["--os-cloud", "nowhere"],
            "",
            "no cloud is named \"nowhere\"; there are: member, service, elsewhere",
        ),
    ];
    for (arguments, variable, expected) in cases {
        let output = Command::new(env!("CARGO_BIN_EXE_stacklens"))
            .args(["serve", "--port", "0"])
            .args(arguments)
            .envs(file.variables(variable))
            .output()
            .expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{arguments:?} {variable}: {said}");
    }
}

fn json() -> (String, String) {
    ("content-type".to_owned(), "application/json".to_owned())
}

/// A token of the demo user and the catalogue that came with it.
fn log_in(server: &Server) -> (String, Catalog) {
    let login = serde_json::json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {"name": "demo", "domain": {"id": "default"}, "password": "demo"}}},
        "scope": {"project": {"name": "demo", "domain": {"id": "default"}}},
    }});
    let reply = server.send(
        "POST",
        "/openstack/identity/v3/auth/tokens",
        &[json()],
        login.to_string().as_bytes(),
    );
    assert_eq!(reply.status, 201, "{reply:?}");
    let catalogue = Catalog::from_token_body(&reply.json());
    (reply.header("x-subject-token").to_owned(), catalogue)
}

/// Path and query of a call on a server.
fn target(server: &Server, catalogue: &Catalog, call: &Call) -> String {
    let endpoint = catalogue
        .url(&call.service, None, "public")
        .expect("an endpoint");
    let url = openstack_wire::service::address(endpoint, None, call);
    url.split_once(&server.address)
        .map(|(_, target)| target.to_owned())
        .expect("this server")
}

#[cfg(unix)]
#[test]
fn told_to_stop_it_stops() {
    let mut server = Server::start(&[]);
    server.tell_to_stop();
    assert!(server.child.wait().expect("it ends").success());
}
