//! `stacklens translate` as a person runs it.

mod support;

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], input: &str) -> Output {
    support::run(&[&["translate"], arguments].concat(), input)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn argument_and_input_mean_the_same() {
    let query = "Action=DescribeRegions&Version=2016-11-15";
    let expected = "DescribeRegions  read as ";
    for output in [
        run(&[query], ""),
        run(&[], query),
        run(&["-"], query),
        run(&["aws", "ec2", "describe-regions"], ""),
    ] {
        assert!(text(&output.stdout).starts_with(expected), "{output:?}");
        assert!(
            text(&output.stdout).contains("<regionName>RegionOne</regionName>"),
            "{output:?}"
        );
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn every_line_fits_in_a_hundred_columns() {
    let output = run(
        &[
            "aws",
            "ec2",
            "describe-instances",
            "--filters",
            "Name=tag:a b,Values=x,y",
        ],
        "",
    );
    let story = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let calls = story.split("Answer:").next().expect("a story");
    assert!(
        calls.lines().all(|line| line.chars().count() <= 100),
        "{story}"
    );
}

#[test]
fn json_is_the_trace() {
    let output = run(
        &[
            "--format",
            "json",
            "Action=DescribeVolumes&VolumeId.1=vol-00000000",
        ],
        "",
    );
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["trace"]["action"], "DescribeVolumes");
    assert_eq!(
        document["request"]["leaves"].as_array().map(Vec::len),
        document["trace"]["ledger"].as_array().map(Vec::len)
    );
}

#[test]
fn the_exit_status_tells_what_happened() {
    let cases = [
        (vec!["Action=DescribeRegions"], 0),
        (
            vec!["Action=DescribeVolumes&VolumeId.1=vol-0123456789abcdef0123456789abcdef"],
            1,
        ),
        (vec!["this is no request"], 2),
        (vec!["--dialect", "klingon", "Action=DescribeRegions"], 2),
        (vec!["--format", "yaml", "x"], 2),
    ];
    for (arguments, code) in cases {
        let output = run(&arguments, "");
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {output:?}");
    }
}

#[test]
fn an_error_points_at_its_place() {
    let output = run(&["aws ec2 describe-instancs"], "");
    let told = text(&output.stderr);
    assert!(told.contains("1 | aws ec2 describe-instancs\n"), "{told}");
    assert!(told.contains("|         ^^^^^^^^^^^^^^^^^\n"), "{told}");
    assert!(told.contains("describe-instances"), "{told}");
}

#[test]
fn the_calls_can_be_had_as_a_script() {
    let request = [
        "aws",
        "ec2",
        "create-volume",
        "--size",
        "3",
        "--availability-zone",
        "nova",
    ];
    let cases = [
        (
            "openstack",
            "openstack volume create --size 3",
            "bash",
            vec!["-n", "/dev/stdin"],
        ),
        (
            "curl",
            "\"$VOLUME_URL/volumes\"",
            "bash",
            vec!["-n", "/dev/stdin"],
        ),
        (
            "sdk",
            "conn.block_storage.post(\"/volumes\"",
            "python3",
            vec!["-c", "import ast, sys; ast.parse(sys.stdin.read())"],
        ),
        (
            "http",
            "POST {{VOLUME_URL}}/volumes HTTP/1.1",
            "cat",
            vec![],
        ),
    ];
    for (format, expected, interpreter, arguments) in cases {
        let output = run(&[&["--format", format][..], &request].concat(), "");
        let script = text(&output.stdout);
        assert!(script.contains(expected), "{format}: {script}");
        let mut child = Command::new(interpreter)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        child
            .stdin
            .take()
            .expect("its input")
            .write_all(script.as_bytes())
            .expect("a script is written");
        assert!(
            child.wait().expect("it ends").success(),
            "{format}: {script}"
        );
    }
}
