//! Every case file: the translator gives what is expected, and every action with a rule has a case.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use rules::Rules;
use translator::Engine;

fn cases() -> Vec<cases::Case> {
    cases::all().unwrap_or_else(|why| panic!("{why}"))
}

fn fail_on(reports: Vec<cases::Report>) {
    let told: Vec<String> = reports
        .iter()
        .filter(|report| !report.differences.is_empty())
        .map(|report| format!("== {}\n{}", report.path, report.differences.join("\n")))
        .collect();
    assert!(
        told.is_empty(),
        "{} cases differ\n{}",
        told.len(),
        told.join("\n")
    );
}

#[test]
fn every_case_replays_with_the_replies_of_its_file() {
    // The files are being written: what is embedded is what they were.
    if env::var_os("BLESS").is_some() {
        return;
    }
    let engine = Engine::new(Rules::built_in().clone());
    fail_on(
        cases()
            .iter()
            .map(|case| case.compare(case.replay(&engine)))
            .collect(),
    );
}

/// With `BLESS` set, the files are written as the simulation finds them; without, they have to agree.
#[test]
fn every_case_is_what_the_simulated_cloud_gives() {
    let engine = Engine::new(Rules::built_in().clone());
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let bless = env::var_os("BLESS").is_some();
    let mut reports = Vec::new();
    for case in cases() {
        let recording = case.record(&engine, &mut cases::Simulated::new());
        match (&recording, bless) {
            (Ok(found), true) => {
                let text = case.with_expectation(&found.expect);
                if text != case.text {
                    fs::write(root.join(&case.path), text)
                        .unwrap_or_else(|error| panic!("{}: {error}", case.path));
                }
            }
            _ => reports.push(case.compare(recording)),
        }
    }
    fail_on(reports);
}

#[test]
fn every_action_with_a_rule_has_a_case() {
    let covered: BTreeSet<String> = cases()
        .iter()
        .filter_map(|case| ingest::read(&case.request, None).request)
        .map(|request| request.action)
        .collect();
    let missing: Vec<&String> = Rules::built_in()
        .actions
        .keys()
        .filter(|action| !covered.contains(*action))
        .collect();
    assert!(
        missing.is_empty(),
        "no case in tests/cases asks for {missing:?}"
    );
}
