//! Every case file: the translator gives what is expected, and every action with a rule has a case.

use std::collections::BTreeSet;

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
    assert!(told.is_empty(), "{} cases differ\n{}", told.len(), told.join("\n"));
}

#[test]
fn every_case_replays_with_the_replies_of_its_file() {
    let engine = Engine::new(Rules::built_in().clone());
    fail_on(cases().iter().map(|case| case.compare(case.replay(&engine))).collect());
}

#[test]
fn every_action_with_a_rule_has_a_case() {
    let covered: BTreeSet<String> = cases()
        .iter()
        .filter_map(|case| ingest::read(&case.request, None).request)
        .map(|request| request.action)
        .collect();
    let missing: Vec<&String> = Rules::built_in().actions.keys().filter(|action| !covered.contains(*action)).collect();
    assert!(missing.is_empty(), "no case in tests/cases asks for {missing:?}");
}
