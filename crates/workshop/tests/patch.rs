//! The patch is taken by `git am`, and gives exactly the edited texts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io::Write};

use workshop::{CASES, Letter, Outcome, Patch, RULES, Workshop};

fn workshop() -> Workshop {
    let rules = rules::Rules::built_in_files().iter().copied();
    Workshop::new(rules, cases::files().iter().copied())
}

fn letter(subject: &str) -> Letter {
    Letter {
        name: "Zoë \"Z\" Example".into(),
        address: "zoe@example.org".into(),
        date: "Sun, 22 Nov 2026 23:20:00 +0000".into(),
        subject: subject.into(),
        body: "Because it is so.\n\n--- this is no end\nFrom here on it is plain.\n".into(),
        rules_only: false,
    }
}

/// A repository with the rules and cases in it, removed at the end.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str, files: &BTreeMap<String, String>) -> Self {
        let root = env::temp_dir().join(format!("stacklens-patch-{}-{name}", std::process::id()));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let made = Self(root);
        made.git(&["init", "-q"], None);
        made.git(&["add", "."], None);
        made.git(&["commit", "-q", "-m", "As it was"], None);
        made
    }

    fn git(&self, arguments: &[&str], input: Option<&str>) -> String {
        let mut git = Command::new("git");
        git.args([
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@example.org",
            "-c",
            "core.autocrlf=false",
        ])
        .args(arguments)
        .current_dir(&self.0)
        // The configuration of whoever runs the test is not tested.
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
        let mut git = git.spawn().expect("git is installed");
        git.stdin
            .take()
            .unwrap()
            .write_all(input.unwrap_or_default().as_bytes())
            .unwrap();
        let output = git.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "git {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn read(&self, path: impl AsRef<Path>) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        // A folder that stays behind harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn all_files() -> BTreeMap<String, String> {
    let rules = rules::Rules::built_in_files().iter();
    let rules = rules.map(|(path, text)| (format!("{RULES}/{path}"), (*text).to_owned()));
    let cases = cases::files().iter();
    let cases = cases.map(|(path, text)| (format!("{CASES}/{path}"), (*text).to_owned()));
    rules.chain(cases).collect()
}

/// Applies the patch to a repository of the files and gives back what they are then.
fn applied(name: &str, files: &BTreeMap<String, String>, patch: &Patch) -> Repository {
    let repository = Repository::new(name, files);
    repository.git(&["am", "-q"], Some(&patch.text));
    let changed = repository.git(&["diff", "--name-only", "HEAD~1"], None);
    let mut wanted = patch.files.clone();
    wanted.sort();
    assert_eq!(changed.lines().collect::<Vec<_>>(), wanted);
    repository
}

#[test]
fn git_takes_the_patch_and_has_the_edited_rule_and_its_cases() {
    let mut workshop = workshop();
    let path = "volume/DeleteVolume.yaml";
    let text = workshop
        .text("volume/CreateVolume.yaml")
        .unwrap()
        .replace("size: Size ", "size: not_null(Size, `7`) ");
    let checked = workshop.edit("volume/CreateVolume.yaml", &text);
    assert!(checked.usable && checked.changed, "{checked:?}");
    let untouched = workshop.text(path).unwrap().to_owned();
    let subject = "Make volumes of 7 GiB when a size is left out, größer als nötig";
    let patch = workshop.patch(&letter(subject)).unwrap();
    assert_eq!(
        patch.file,
        "0001-make-volumes-of-7-gib-when-a-size-is-left-out-gr-er.patch"
    );
    let repository = applied("both", &all_files(), &patch);
    assert_eq!(
        repository.read(format!("{RULES}/volume/CreateVolume.yaml")),
        text
    );
    assert_eq!(repository.read(format!("{RULES}/{path}")), untouched);
    assert!(
        patch.files.len() > 1,
        "a volume made from a snapshot has no size of its own: {:?}",
        patch.files
    );

    let log = repository.git(&["log", "-1", "--format=%an|%ae|%at|%s|%b"], None);
    let start = format!("Zoë Z Example|zoe@example.org|1795389600|{subject}|Because it is so.");
    assert!(log.starts_with(&start), "{log}");
    assert!(
        log.contains("\n --- this is no end\n From here on it is plain.\n"),
        "{log}"
    );
    assert!(
        log.contains(&format!("Changes {} of ", patch.files.len() - 1)),
        "{log}"
    );

    // The cases are those that the runner would write.
    let engine = translator::Engine::new({
        let mut rules = rules::Rules::built_in().clone();
        rules.replace("volume/CreateVolume.yaml", &text);
        rules
    });
    for path in patch
        .files
        .iter()
        .filter_map(|path| path.strip_prefix("tests/cases/"))
    {
        let case = cases::Case::read(path, &repository.read(format!("{CASES}/{path}"))).unwrap();
        assert_eq!(
            case.compare(case.replay(&engine)).differences,
            Vec::<String>::new()
        );
    }

    let letter = Letter {
        rules_only: true,
        ..letter("")
    };
    let patch = workshop.patch(&letter).unwrap();
    assert_eq!(patch.files, ["crates/rules/ec2/volume/CreateVolume.yaml"]);
    assert_eq!(patch.file, "0001-change-translation-rules.patch");
    applied("rule", &all_files(), &patch);
}

#[test]
fn files_that_do_not_end_a_line_come_out_as_they_are() {
    let base = rules::Rules::built_in_files();
    let path = "volume/DeleteVolume.yaml";
    let whole = base.iter().find(|(known, _)| *known == path).unwrap().1;
    let open = whole.trim_end_matches('\n');
    let changed = whole.replace("calls:", "# A remark — with a dash.\ncalls:");
    let comment = format!("{open}\n# the end");
    for (index, (before, after)) in [
        (whole, open),
        (open, whole),
        (open, comment.as_str()),
        (open, changed.trim_end()),
        (whole, changed.as_str()),
        (whole, changed.trim_end()),
    ]
    .into_iter()
    .enumerate()
    {
        let mut files: BTreeMap<String, String> = base
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        files.insert(path.into(), before.into());
        let mut workshop = Workshop::new(files.clone(), []);
        assert!(workshop.edit(path, after).usable);
        let patch = workshop.patch(&letter("Change the end")).unwrap();
        let files = files
            .into_iter()
            .map(|(path, text)| (format!("{RULES}/{path}"), text))
            .collect();
        let repository = applied(&format!("end-{index}"), &files, &patch);
        assert_eq!(repository.read(format!("{RULES}/{path}")), after, "{index}");
    }
}

#[test]
fn nothing_is_proposed_without_an_edit_or_with_errors() {
    let mut workshop = workshop();
    assert!(
        workshop
            .patch(&letter("x"))
            .unwrap_err()
            .contains("nothing to propose")
    );
    let path = "volume/DeleteVolume.yaml";
    let text = workshop.text(path).unwrap().replace("VolumeId", "VolumeID");
    assert!(!workshop.edit(path, &text).usable);
    let told = workshop.patch(&letter("x")).unwrap_err();
    assert!(
        told.starts_with(path) && told.contains("Mend it first"),
        "{told}"
    );
    assert_eq!(Outcome::Same, workshop_outcome_after_reset(&mut workshop));
}

fn workshop_outcome_after_reset(workshop: &mut Workshop) -> Outcome {
    workshop.reset();
    workshop.run("volume/delete-plain.yaml").outcome
}
