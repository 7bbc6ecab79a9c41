//! `stacklens convert` and `stacklens compare` as a person and as a script run them.

mod support;

use std::path::PathBuf;

/// Exit status, standard output and standard error.
fn run(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let output = support::run(arguments, input);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// A file of its own with this text.
fn file(name: &str, text: &str) -> PathBuf {
    let path =
        std::env::temp_dir().join(format!("stacklens-convert-{}-{name}", std::process::id()));
    std::fs::write(&path, text).expect("a file");
    path
}

const QUERY: &str = "Action=DescribeVpcs&VpcId.1=vpc-1&DryRun=true";

#[test]
fn a_request_is_written_in_each_dialect() {
    for (dialect, part) in [
        (
            "query",
            "Action=DescribeVpcs\n&Version=2016-11-15\n&VpcId.1=vpc-1\n&DryRun=true",
        ),
        ("url", "/?Action=DescribeVpcs&"),
        ("http", "POST / HTTP/1.1"),
        (
            "cli",
            "aws ec2 describe-vpcs \\\n  --vpc-ids vpc-1 \\\n  --dry-run\n",
        ),
        ("boto3", "ec2.describe_vpcs("),
        ("curl", "curl "),
        ("json", "\"VpcIds\": ["),
    ] {
        let (status, written, remarks) = run(&["convert", "--to", dialect, QUERY], "");
        assert_eq!((status, remarks.as_str()), (Some(0), ""), "{dialect}");
        assert!(written.contains(part), "{dialect}: {written}");
        assert!(written.ends_with('\n'), "{dialect}: {written}");
        let (status, told, _) = run(&["compare", QUERY, "-"], &written);
        assert_eq!(status, Some(0), "{dialect}: {written}{told}");
    }
}

#[test]
fn every_way_to_give_a_request_means_the_same() {
    let words = [
        "convert",
        "aws",
        "ec2",
        "describe-vpcs",
        "--vpc-ids",
        "vpc-1",
        "--dry-run",
    ];
    let expected = run(&["convert", QUERY], "");
    assert_eq!(expected.0, Some(0));
    for given in [
        run(&words, ""),
        run(&["convert"], QUERY),
        run(&["convert", "-"], QUERY),
        run(&["convert", "--dialect", "query", QUERY], ""),
        run(
            &[
                "convert",
                "ec2.describe_vpcs(VpcIds=['vpc-1'], DryRun=True)",
            ],
            "",
        ),
    ] {
        assert_eq!(given, expected);
    }
    let (status, written, _) = run(&["convert", "--to", "cli", "--input-json", QUERY], "");
    assert_eq!(status, Some(0));
    assert!(written.contains("--cli-input-json"), "{written}");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    for (arguments, input, said) in [
        (
            &["convert", "Action=DescribeVpcs&DryRun=perhaps"][..],
            "",
            "^^^^^^^",
        ),
        (&["convert", "Action=DescribeVpc"], "", "DescribeVpcs"),
        (&["convert", "hello"], "", "Action="),
        (&["convert"], "", "Paste an EC2 request"),
        (&["convert", "--to", "ruby", QUERY], "", "possible values"),
        (&["convert", "--batch", QUERY], "", "cannot be used with"),
        (
            &["convert", "--batch"],
            "\"Action=DescribeVpcs\"\nAction=DescribeVpcs\n",
            "line 2 of standard input",
        ),
        (&["convert", "Cargo.toml"], "", "\"Cargo.toml\" is a file"),
        (&["compare", QUERY], "", "<SECOND>"),
        (
            &["compare", QUERY, "no-such-file.json"],
            "",
            "\"no-such-file.json\" is neither",
        ),
        (&["compare", "-", "-"], QUERY, "only one"),
        (
            &["compare", QUERY, "Action=DescribeVpcs&DryRun=perhaps"],
            "",
            "^^^^^^^",
        ),
    ] {
        let (status, written, remarks) = run(arguments, input);
        assert_eq!(status, Some(2), "{arguments:?}: {written}{remarks}");
        assert!(remarks.contains(said), "{arguments:?}: {remarks}");
    }
}

#[test]
fn many_are_converted_line_by_line() {
    let input =
        "\"Action=DescribeVpcs&VpcId.1=vpc-1\"\n\"aws ec2 describe-vpcs --vpc-idz vpc-1\"\n\"\"\n";
    let (status, written, remarks) = run(&["convert", "--batch", "--to", "json"], input);
    assert_eq!((status, remarks.as_str()), (Some(0), ""));
    let answers: Vec<serde_json::Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let [read, refused, empty] = answers.as_slice() else {
        panic!("three lines: {written}")
    };
    assert_eq!(read["dialect"], "query");
    assert_eq!(read["query"]["VpcId.1"], "vpc-1");
    assert!(
        read["written"]
            .as_str()
            .is_some_and(|text| text.contains("VpcIds"))
    );
    assert_eq!(refused["dialect"], "cli");
    assert_eq!(refused["diagnostics"][0]["severity"], "error");
    for unread in [refused, empty] {
        assert!(unread["written"].is_null(), "{unread}");
    }
}

#[test]
fn two_requests_are_the_same_or_differ() {
    let saved = file(
        "vpcs.py",
        "import boto3\nec2 = boto3.client('ec2')\nec2.describe_vpcs(VpcIds=['vpc-2', 'vpc-1'])\n",
    );
    let saved = saved.to_str().expect("a name");
    for (second, status, told) in [
        (
            "aws ec2 describe-vpcs --vpc-ids vpc-1 vpc-2",
            0,
            "The same request: DescribeVpcs, 2 parameters.\n",
        ),
        (saved, 0, "The same request: DescribeVpcs, 2 parameters.\n"),
        (
            "Action=DescribeVpcs&VpcId.1=vpc-1&VpcId.2=vpc-3",
            1,
            "Not the same request: both are DescribeVpcs, 1 parameter is the same, 2 differ.\n- VpcId.2 = \"vpc-2\"\n+ VpcId.2 = \"vpc-3\"\n",
        ),
        (
            "Action=DescribeVpcs&VpcId.1=vpc-1&VpcId.2=vpc-2&MaxResults=5",
            1,
            "Not the same request: both are DescribeVpcs, 2 parameters are the same, 1 differs.\n+ MaxResults = \"5\"\n",
        ),
        (
            "Action=DescribeRegions",
            1,
            "Not the same request: DescribeVpcs and DescribeRegions.\n",
        ),
    ] {
        let first = "Action=DescribeVpcs&VpcId.1=vpc-1&VpcId.2=vpc-2";
        let (code, out, remarks) = run(&["compare", first, second], "");
        assert_eq!(
            (code, remarks.as_str()),
            (Some(status), ""),
            "{second}: {out}"
        );
        assert!(out.starts_with(told), "{second}: {out}");
        let (code, out, _) = run(&["compare", "--format", "json", first, second], "");
        assert_eq!(code, Some(status), "{second}: {out}");
        let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(document["same"], status == 0, "{second}: {out}");
    }
}
