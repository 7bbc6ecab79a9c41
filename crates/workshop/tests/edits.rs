//! An edit: what is wrong with it, and what it does to the cases.

use workshop::{Checked, Concerned, Line, Outcome, Part, Section, Side, Workshop};

fn workshop() -> Workshop {
    let rules = rules::Rules::built_in_files().iter().copied();
    Workshop::new(rules, cases::files().iter().copied())
}

/// Edits a file by replacing a text that stands in it.
fn edit(workshop: &mut Workshop, path: &str, from: &str, to: &str) -> Checked {
    let text = workshop.text(path).unwrap().to_owned();
    assert!(text.contains(from), "{path} has no {from}");
    workshop.edit(path, &text.replacen(from, to, 1))
}

fn changed(workshop: &mut Workshop, of: &[Concerned]) -> Vec<(String, Vec<Section>)> {
    of.iter()
        .filter_map(|case| match workshop.run(&case.path).outcome {
            Outcome::Same => None,
            Outcome::Changed { sections } => Some((case.path.clone(), sections)),
            Outcome::Fails { why } => panic!("{}: {why}", case.path),
        })
        .collect()
}

#[test]
fn a_rule_as_it_came_concerns_its_cases_and_changes_none() {
    let mut workshop = workshop();
    let path = "volume/DeleteVolume.yaml";
    let concerned = workshop.concerned_by(&[path]);
    assert!(
        concerned
            .iter()
            .any(|case| case.path == "volume/delete-plain.yaml" && case.part == Part::Request)
    );
    assert!(concerned.is_sorted_by_key(|case| case.part));
    let comment = edit(&mut workshop, path, "action:", "# Only a remark.\naction:");
    assert!(comment.usable && comment.changed && comment.remarks.is_empty());
    assert_eq!(workshop.concerned(), concerned);
    assert_eq!(changed(&mut workshop, &concerned), []);
    let original = workshop.original(path).unwrap().to_owned();
    assert!(
        !workshop.edit(path, &original.replace('\n', "\r\n")).changed,
        "line ends are no edit"
    );
    assert_eq!(workshop.concerned(), []);
}

#[test]
fn what_an_edit_changes_is_shown_part_by_part() {
    let mut workshop = workshop();
    let checked = edit(
        &mut workshop,
        "volume/CreateVolume.yaml",
        "volume_type: find",
        "description: \"'made by EC2'\"\n        volume_type: find",
    );
    assert!(checked.usable, "{checked:?}");
    let own: Vec<Concerned> = workshop
        .concerned()
        .into_iter()
        .filter(|case| case.part == Part::Request)
        .collect();
    let changed = changed(&mut workshop, &own);
    let names = || changed.iter().map(|(path, _)| path).collect::<Vec<_>>();
    assert!(
        changed.len() > 3 && changed.len() < own.len(),
        "refused requests stay as they are: {:?} of {own:?}",
        names()
    );
    let (_, sections) = changed
        .iter()
        .find(|(path, _)| path == "volume/create-plain.yaml")
        .unwrap();
    assert_eq!(
        sections
            .iter()
            .map(|section| section.name.as_str())
            .collect::<Vec<_>>(),
        ["calls"]
    );
    let new = sections[0]
        .lines
        .iter()
        .filter(|line| line.side == Side::New);
    assert!(
        new.clone().any(|line| line.text.contains("made by EC2")),
        "{sections:?}"
    );
    assert_eq!(sections[0].added, new.count());
    assert!(
        sections[0].lines.contains(&Line {
            side: Side::Both,
            text: "calls:".into()
        }) || sections[0].lines[0].side == Side::Between
    );
}

#[test]
fn an_edited_preparation_is_run_anew() {
    let mut workshop = workshop();
    edit(
        &mut workshop,
        "volume/CreateVolume.yaml",
        "volume_type: find",
        "description: \"'made by EC2'\"\n        volume_type: find",
    );
    let prepared: Vec<Concerned> = workshop
        .concerned()
        .into_iter()
        .filter(|case| case.part == Part::Preparation)
        .collect();
    let changed = changed(&mut workshop, &prepared);
    let (_, sections) = changed
        .iter()
        .find(|(path, _)| path == "volume/describe-by-id.yaml")
        .expect("a described volume has its description");
    assert!(
        sections
            .iter()
            .flat_map(|section| &section.lines)
            .any(|line| line.side == Side::New && line.text.contains("made by EC2"))
    );
}

#[test]
fn a_view_concerns_the_actions_that_show_it_and_a_table_concerns_all() {
    let workshop = workshop();
    let view = workshop.concerned_by(&["volume/Volume.view.yaml"]);
    assert!(
        view.iter()
            .any(|case| case.path == "volume/describe-by-id.yaml" && case.part == Part::Request)
    );
    assert!(
        view.iter()
            .all(|case| case.part == Part::Preparation || !case.path.starts_with("key-pair/"))
    );
    assert!(workshop.concerned_by(&["kinds.table.yaml"]).len() >= cases::files().len() - 2);
    assert_eq!(
        workshop.concerned_by(&["volume/gaps/iops-per-volume.yaml"]),
        []
    );
}

#[test]
fn mistakes_have_place_and_mend_and_keep_the_rule_from_use() {
    let path = "volume/DeleteVolume.yaml";
    for (from, to, message, mend) in [
        (
            "calls:",
            "cals:",
            "an action has no key 'cals'",
            Some("did you mean 'calls'?"),
        ),
        (
            "uuid(VolumeId)",
            "uuid(VolumeID)",
            "nothing here is named 'VolumeID'",
            Some("did you mean 'VolumeId', or the text \"'VolumeID'\"?"),
        ),
        ("calls:", "calls: [", "", None),
    ] {
        let mut workshop = workshop();
        let checked = edit(&mut workshop, path, from, to);
        assert!(!checked.usable, "{to}");
        let remark = &checked.remarks[0];
        assert_eq!(remark.file, path);
        assert!(remark.line > 0 && remark.column > 0 && remark.error);
        assert!(remark.message.contains(message), "{remark:?}");
        if mend.is_some() {
            assert_eq!(remark.mend.as_deref(), mend, "{remark:?}");
        }
        // The cases of a rule that cannot be read are still known.
        assert!(!workshop.concerned().is_empty(), "{to}");
        workshop.reset();
        assert_eq!(
            workshop.checked(),
            Checked {
                usable: true,
                ..Checked::default()
            }
        );
    }
    let mut workshop = workshop();
    let checked = workshop.edit("volume/DeleteVolumes.yaml", "x");
    assert_eq!(
        checked.remarks[0].mend.as_deref(),
        Some("did you mean 'volume/DeleteVolume.yaml'?")
    );
}

#[test]
fn a_case_that_cannot_be_run_says_why() {
    let mut workshop = workshop();
    edit(
        &mut workshop,
        "volume/CreateVolume.yaml",
        "refuse:",
        "refuse:\n  - { when: \"`true`\", error: InvalidParameterValue, message: Never. }",
    );
    let Outcome::Fails { why } = workshop.run("volume/describe-by-id.yaml").outcome else {
        panic!("a volume that is never made cannot be described")
    };
    assert!(why.contains("Never."), "{why}");
    let Outcome::Fails { why } = workshop.run("volume/no-such.yaml").outcome else {
        panic!("no such case")
    };
    assert!(why.contains("no case"), "{why}");
}

#[test]
fn results_cross_a_boundary_as_json() {
    let mut workshop = workshop();
    let checked = edit(&mut workshop, "volume/DeleteVolume.yaml", "calls:", "cals:");
    let text = serde_json::to_string(&checked).unwrap();
    assert_eq!(serde_json::from_str::<Checked>(&text).unwrap(), checked);
    let ran = workshop.run("volume/delete-plain.yaml");
    let text = serde_json::to_string(&ran).unwrap();
    assert_eq!(serde_json::from_str::<workshop::Ran>(&text).unwrap(), ran);
}

#[test]
fn edits_are_taken_together_and_back_together() {
    let mut workshop = workshop();
    let path = "volume/DeleteVolume.yaml";
    let original = workshop.original(path).unwrap().to_owned();
    let text = format!("# A remark.\r\n{original}");
    let edits = [
        (path.to_owned(), text),
        ("volume/NoSuchRule.yaml".to_owned(), "x".to_owned()),
    ]
    .into();
    let checked = workshop.edit_all(&edits);
    assert!(checked.usable && checked.changed, "{checked:?}");
    assert_eq!(
        workshop.edited_rules().files[path],
        format!("# A remark.\n{original}")
    );
    assert_eq!(workshop.edits().len(), 1);
    assert!(workshop.look_at_all().remarks.is_empty());
    assert!(!workshop.edit_all(&Default::default()).changed);
    assert_eq!(workshop.edited_rules().files[path], original);
    assert!(workshop.warm(0) && !workshop.warm(cases::files().len()));
}

#[test]
fn what_is_wrong_elsewhere_is_told_after_what_is_wrong_here() {
    let mut workshop = workshop();
    let path = "volume/CreateVolume.yaml";
    let text = workshop.original(path).unwrap().to_owned();
    let wrong = [(
        path.to_owned(),
        text.replacen("size: Size ", "size: Sise ", 1),
    )]
    .into();
    let checked = workshop.edit_all(&wrong);
    assert!(
        !checked.usable && checked.remarks[0].mend.is_some(),
        "{checked:?}"
    );
    // A gap that nothing names any more is wrong with the rules as a whole.
    let gap = "gap: iops-per-volume";
    assert!(text.contains(gap));
    let files: std::collections::BTreeMap<String, String> = rules::Rules::built_in_files()
        .iter()
        .filter(|(_, text)| text.contains(gap))
        .filter(|(path, _)| !path.contains("/gaps/"))
        .map(|(path, text)| {
            (
                (*path).to_owned(),
                text.replace(gap, "gap: encryption-on-request"),
            )
        })
        .collect();
    assert!(workshop.edit_all(&files).usable);
    let late = workshop.look_at_all();
    assert!(
        late.usable && late.remarks.iter().any(|remark| remark.error),
        "{late:?}"
    );
}
