//! The doctor, looking at the cloud of a running server.

mod support;

use std::process::{Command, Output};

use serde_json::Value;
use support::{CloudsFile, Server};

fn doctor(file: &CloudsFile, service: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stacklens"))
        .arg("doctor")
        .args(arguments)
        .envs(file.variables(service))
        .env_remove("OS_CLOUD")
        .env_remove("OS_AUTH_URL")
        .output()
        .expect("the program runs")
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn finding<'a>(report: &'a Value, check: &str) -> &'a Value {
    let findings = report["findings"].as_array().expect("findings");
    findings
        .iter()
        .find(|finding| finding["check"] == check)
        .unwrap_or_else(|| panic!("{check}: {report:#}"))
}

#[test]
fn a_sound_cloud_is_fine() {
    let cloud = Server::start(&[]);
    let file = CloudsFile::of(&cloud, "doctor-sound");
    let output = doctor(
        &file,
        "service",
        &["--os-cloud", "member", "--format", "json"],
    );
    let report = report(&output);
    assert_eq!(output.status.code(), Some(0), "{report:#}");
    assert_eq!(report["verdict"], "fine");
    assert_eq!(report["affected"], serde_json::json!([]));
    for check in [
        "keystone",
        "clock",
        "login",
        "login-service",
        "ec2tokens",
        "ec2-credentials",
        "endpoint",
        "microversion",
        "extensions",
        "external-network",
        "subnet",
        "flavors",
        "images",
        "types",
        "zones",
        "quota",
    ] {
        assert_eq!(
            finding(&report, check)["status"],
            "fine",
            "{check}: {report:#}"
        );
    }
    let text = doctor(&file, "service", &["--os-cloud", "member"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    let actions = report["actions"].as_u64().unwrap_or_default();
    let end = format!("has what the {actions} actions need.\n");
    assert!(actions > 49 && text.ends_with(&end), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour in a pipe: {text}");
}

#[test]
fn what_is_missing_is_told_with_the_actions() {
    let cloud = Server::start(&[]);
    let file = CloudsFile::of(&cloud, "doctor-missing");
    // A member may not verify signatures: nothing works.
    let output = doctor(&file, "", &["--os-cloud", "member", "--format", "json"]);
    let without = report(&output);
    assert_eq!(output.status.code(), Some(1), "{without:#}");
    let finding_of_role = finding(&without, "ec2tokens");
    assert_eq!(finding_of_role["status"], "missing");
    assert_eq!(
        without["affected"].as_array().map(Vec::len),
        without["actions"].as_u64().map(|n| n as usize)
    );

    // The quota of volumes is used up: only what makes volumes is affected.
    let full = (0..200).any(|_| {
        let make = "Action=CreateVolume&Size=1&AvailabilityZone=nova";
        cloud.ec2("demo", "demo", make).status != 200
    });
    assert!(full);
    let output = doctor(
        &file,
        "service",
        &["--os-cloud", "member", "--format", "json"],
    );
    let full = report(&output);
    assert_eq!(output.status.code(), Some(1), "{full:#}");
    assert_eq!(finding(&full, "quota-volumes")["status"], "missing");
    assert_eq!(full["affected"], serde_json::json!(["CreateVolume"]));
    let text = doctor(&file, "service", &["--os-cloud", "member"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("affects: CreateVolume\n"), "{text}");
    let end = format!(
        "1 thing is missing in the cloud \"member\"; 1 of {} actions are affected.\n",
        full["actions"]
    );
    assert!(text.ends_with(&end), "{text}");
}

#[test]
fn what_cannot_be_looked_at_is_told() {
    let cloud = Server::start(&[]);
    let file = CloudsFile::of(&cloud, "doctor-unknown");
    let cases: [(&[&str], &str); 3] = [
        (&[], "which cloud? Give --os-cloud NAME"),
        (&["--os-cloud", "nowhere"], "no cloud is named \"nowhere\""),
        (&["--os-cloud", "elsewhere"], "has no region \"Mars\""),
    ];
    for (arguments, expected) in cases {
        let output = doctor(&file, "", arguments);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    let address = cloud.address.clone();
    drop(cloud);
    let output = doctor(&file, "service", &["--os-cloud", "member"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains(&format!("cannot reach Keystone at http://{address}")),
        "{said}"
    );
}
