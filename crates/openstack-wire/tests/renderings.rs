//! Every call can be written in every style; scripts are programs that their interpreters accept and that do what was meant.

#![allow(
    clippy::disallowed_types,
    reason = "the tests run the interpreters that the scripts are for"
)]

use std::process::{Command, Stdio};

use openstack_wire::render::{self, Issued, Style};
use openstack_wire::{Call, Method, Reply};
use proptest::prelude::*;
use serde_json::{Value, json};

const MADE: &str = "22222222-bbbb-4bbb-8bbb-222222222222";

fn reply(body: Value) -> Reply {
    Reply {
        status: 200,
        headers: vec![],
        body: body.to_string(),
    }
}

fn sequence() -> Vec<(&'static str, Call, Reply)> {
    vec![
        (
            "network",
            Call::new(Method::Post, "network", "/v2.0/networks")
                .with_body(json!({"network": {"name": "it's"}})),
            reply(json!({"network": {"id": MADE}})),
        ),
        (
            "tagged",
            Call::new(
                Method::Put,
                "network",
                format!("/v2.0/networks/{MADE}/tags"),
            )
            .with_body(json!({"tags": ["$HOME", "a b"]})),
            reply(json!({"tags": []})),
        ),
        (
            "ports",
            Call::new(Method::Get, "network", "/v2.0/ports")
                .with_query("network_id", MADE)
                .with_query("name", "a&b"),
            reply(json!({"ports": []})),
        ),
        (
            "odd",
            Call {
                microversion: Some("2.96".into()),
                ..Call::new(Method::Put, "compute", "/servers/s1/metadata")
                    .with_body(json!({"metadata": {"net": format!("x{MADE}y"), "n": null}}))
            },
            Reply::default(),
        ),
    ]
}

fn script(style: Style) -> String {
    let sequence = sequence();
    let issued: Vec<Issued<'_>> = sequence
        .iter()
        .map(|(name, call, reply)| Issued {
            name,
            call,
            reply: Some(reply),
            origins: &[],
        })
        .collect();
    render::script(style, &issued)
}

/// Runs a program with a text on its standard input and gives what it printed.
fn run(program: &str, arguments: &[&str], input: &str) -> String {
    use std::io::Write;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{program}: {e}"));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{program}: {}\n{input}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a shell script with commands replaced by functions that print their words, one line for each command.
fn words_of(script: &str) -> Vec<Vec<String>> {
    let stand_ins = format!(
        "say() {{ printf '%s\\037' \"$@\" >&3; printf '\\n' >&3; }}\n\
         curl() {{ say curl \"$@\"; printf '{{\"network\": {{\"id\": \"{MADE}\"}}}}'; }}\n\
         jq() {{ printf '{MADE}'; }}\n\
         openstack() {{ case $1 in catalog|token) printf 'T';; *) say openstack \"$@\"; printf '{MADE}';; esac; }}\n\
         export COMPUTE_URL=http://c NETWORK_URL=http://n OS_TOKEN=T\nexec 3>&1 >/dev/null\n"
    );
    let printed = run("bash", &["-s"], &format!("{stand_ins}{script}"));
    printed
        .lines()
        .map(|line| {
            line.split('\u{1f}')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .collect()
}

#[test]
fn the_curl_script_sends_each_call_with_the_new_id() {
    let text = script(Style::Curl);
    assert_eq!(text.matches(MADE).count(), 0, "{text}");
    let words = words_of(&text);
    assert_eq!(words.len(), 4);
    assert!(
        words[0].contains(&r#"{"network":{"name":"it's"}}"#.to_owned()),
        "{words:?}"
    );
    assert!(
        words[1].contains(&format!("http://n/v2.0/networks/{MADE}/tags")),
        "{words:?}"
    );
    assert!(
        words[1].contains(&r#"{"tags":["$HOME","a b"]}"#.to_owned()),
        "{words:?}"
    );
    assert!(
        words[2].contains(&format!("http://n/v2.0/ports?network_id={MADE}&name=a%26b")),
        "{words:?}"
    );
    assert!(
        words[3].contains(&format!(r#"{{"metadata":{{"net":"x{MADE}y","n":null}}}}"#)),
        "{words:?}"
    );
    assert!(
        words[3].contains(&"OpenStack-API-Version: compute 2.96".to_owned()),
        "{words:?}"
    );
}

#[test]
fn the_command_script_falls_back_to_curl() {
    let text = script(Style::Cli);
    let words = words_of(&text);
    let expected = [
        vec![
            "openstack",
            "network",
            "create",
            "it's",
            "-f",
            "value",
            "-c",
            "id",
        ],
        vec![
            "openstack",
            "network",
            "set",
            "--no-tag",
            "--tag",
            "$HOME",
            "--tag",
            "a b",
            MADE,
        ],
        vec![
            "openstack",
            "port",
            "list",
            "--network",
            MADE,
            "--name",
            "a&b",
        ],
    ];
    for (found, expected) in words.iter().zip(&expected) {
        assert_eq!(found, expected, "{text}");
    }
    assert_eq!(words[3][0], "curl");
}

#[test]
fn the_python_script_is_python_and_carries_the_id() {
    let text = script(Style::Sdk);
    run(
        "python3",
        &["-c", "import ast, sys; ast.parse(sys.stdin.read())"],
        &text,
    );
    for part in [
        "network_id = reply[\"network\"][\"id\"]",
        "show(conn.network.put(f\"/networks/{network_id}/tags\", json={\"tags\": [\"$HOME\", \"a b\"]}))",
        "show(conn.network.get(\"/ports\", params={\"network_id\": network_id, \"name\": \"a&b\"}))",
        "f\"x{network_id}y\"",
        "microversion=\"2.96\"",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn the_http_script_declares_its_variables() {
    let text = script(Style::Http);
    for part in [
        "@NETWORK_URL = http://controller:9696",
        "PUT {{NETWORK_URL}}/v2.0/networks/{{network_id}}/tags HTTP/1.1\nX-Auth-Token: {{OS_TOKEN}}\n",
        "@network_id = {{network_1.response.body.$.network.id}}",
        "OpenStack-API-Version: compute 2.96",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

fn any_call() -> impl Strategy<Value = Call> {
    let method = prop::sample::select(vec![
        Method::Get,
        Method::Head,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ]);
    let service = prop_oneof![
        prop::sample::select(vec![
            "compute",
            "network",
            "block-storage",
            "image",
            "identity",
            "dns",
            ""
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    let segment = prop_oneof![
        prop::sample::select(vec![
            "servers",
            "detail",
            "action",
            "metadata",
            "tags",
            "volumes",
            "snapshots",
            "v2",
            "v2.0",
            "images",
            "ports",
            "routers",
            "floatingips",
            "subnets",
            "security-group-rules",
            "os-keypairs",
            "os-volume_attachments",
            "os-interface",
            "%zz",
            MADE,
        ])
        .prop_map(str::to_owned),
        "[ -~\n]{0,8}|\\PC{0,5}",
    ];
    let path = prop::collection::vec(segment, 0..5)
        .prop_map(|segments| format!("/{}", segments.join("/")));
    let query = prop::collection::vec(
        ("\\PC{0,6}|id|name|status|tags", "[ -~\n]{0,8}|\\PC{0,6}"),
        0..4,
    );
    let key = prop_oneof![
        prop::sample::select(vec![
            "server",
            "volume",
            "port",
            "router",
            "image",
            "reboot",
            "os-stop",
            "networks",
            "name",
            "id",
            "tags",
            "metadata",
            "security_groups",
            "block_device_mapping_v2",
            "external_gateway_info",
            "fixed_ips",
            "security_group_rule",
            "direction",
            "security_group_id",
            "volumeAttachment",
            "user_data",
            "op",
            "path",
            "value",
            "keypair",
            "subnet",
            "floatingip",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,5}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[ -~\n]{0,8}|\\PC{0,6}".prop_map(Value::from)
    ];
    let body = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    let headers = prop::collection::vec(("\\PC{0,6}|[ -~\n]{0,6}", "[ -~\r\n]{0,8}"), 0..2);
    (
        method,
        service,
        path,
        query,
        prop::option::of(body),
        prop::option::of("[ -~\n]{0,5}"),
        headers,
    )
        .prop_map(
            |(method, service, path, query, body, microversion, headers)| Call {
                method,
                service,
                path,
                query,
                microversion,
                body,
                content_type: None,
                headers,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn no_call_is_beyond_any_style(first in any_call(), second in any_call()) {
        let made = reply(json!({"a": {"id": MADE}, "b": [{"id": "odd id"}, {"$x_id": MADE}]}));
        let issued = [Issued { name: "a\nb", call: &first, reply: Some(&made), origins: &[] }, Issued { name: "", call: &second, reply: None, origins: &[] }];
        for style in Style::ALL {
            prop_assert!(!render::call(style, &first).is_empty());
            prop_assert!(render::script(style, &issued).ends_with('\n'));
        }
    }

    #[test]
    fn scripts_of_any_calls_are_programs(calls in prop::collection::vec(any_call(), 30)) {
        // One interpreter for many calls: starting it is what costs.
        let made = reply(json!({"a": {"id": MADE}}));
        let issued: Vec<Issued<'_>> = calls.iter().map(|call| Issued { name: "call", call, reply: Some(&made), origins: &[] }).collect();
        for style in [Style::Curl, Style::Cli] {
            run("bash", &["-n", "/dev/stdin"], &render::script(style, &issued));
        }
        run("python3", &["-c", "import ast, sys; ast.parse(sys.stdin.buffer.read().decode())"], &render::script(Style::Sdk, &issued));
    }
}

#[test]
fn a_script_says_where_its_values_come_from_in_remarks_only() {
    let call = Call::new(Method::Get, "compute", "/servers");
    let origins = ["InstanceId i-1\nrm -rf ~ is in the path".to_owned()];
    let issued = [Issued {
        name: "servers",
        call: &call,
        reply: None,
        origins: &origins,
    }];
    for style in Style::ALL {
        let script = render::script(style, &issued);
        assert!(
            script.contains("# servers\n")
                && script.contains("#   InstanceId i-1 rm -rf ~ is in the path\n"),
            "{script}"
        );
    }
}
