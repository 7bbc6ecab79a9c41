//! `stacklens lint` and `stacklens review` as a rule author runs them.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::{env, fs};

/// A rule as it is in the repository, with a text replaced, in a folder of its own.
fn edited(name: &str, rule: &str, from: &str, to: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../rules/ec2");
    let text = fs::read_to_string(root.join(rule)).unwrap();
    assert!(
        from.is_empty() || text.contains(from),
        "{rule} has no {from}"
    );
    let path = env::temp_dir()
        .join(format!("stacklens-rules-{}-{name}", std::process::id()))
        .join(rule);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = if from.is_empty() {
        text
    } else {
        text.replacen(from, to, 1)
    };
    fs::write(&path, text).unwrap();
    path
}

fn run(command: &str, path: &PathBuf) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_stacklens"))
        .arg(command)
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    (status.code(), text)
}

#[test]
fn lint_names_place_and_mend() {
    let rule = "volume/DeleteVolume.yaml";
    let path = edited("lint", rule, "uuid(VolumeId)", "uuid(VolumeID)");
    let (status, text) = run("lint", &path);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains(&format!("{}:8:", path.display())), "{text}");
    assert!(text.contains("did you mean 'VolumeId'"), "{text}");
    let (status, text) = run("lint", &edited("clean", rule, "", ""));
    assert_eq!(
        (status, text.as_str()),
        (Some(0), "1 file looked at: 0 errors, 0 warnings\n")
    );
    assert_eq!(run("lint", &"no/such.yaml".into()).0, Some(2));
}

#[test]
fn review_shows_what_the_cases_come_to() {
    let rule = "volume/DeleteVolume.yaml";
    let (status, text) = run("review", &edited("same", rule, "", ""));
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("changes 0 of 0 cases"), "{text}");
    let (status, text) = run(
        "review",
        &edited(
            "changed",
            rule,
            "error: VolumeInUse",
            "error: IncorrectState",
        ),
    );
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("volume/delete-in-use.yaml"), "{text}");
    assert!(
        text.contains("-   code: VolumeInUse\n") || text.contains("IncorrectState"),
        "{text}"
    );
    let (status, text) = run("review", &edited("wrong", rule, "calls:", "cals:"));
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("has no key 'cals'"), "{text}");
}
