//! Every call that a rule makes is among those that the simulated cloud and a real one are asked alike.

use std::collections::BTreeMap;
use std::path::Path;

use rules::{Piece, RequestRule, Rules, Undo, Value};

/// Method, service and path; a segment that a rule computes is empty.
type Template = (String, String, Vec<String>);

fn template(request: &RequestRule) -> Template {
    let path: String = request
        .path
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => text.as_str(),
            Piece::Expression(_) => "{}",
        })
        .collect();
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments = segments.map(|segment| segment.replace("{}", ""));
    (
        request.method.clone(),
        request.service.clone(),
        segments.collect(),
    )
}

/// The calls of all sequences: `METHOD service /path`.
fn asked() -> Vec<Template> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/likeness");
    let mut calls = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the sequences are there") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|ending| ending != "yaml")
            || path.ends_with("differences.yaml")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        let sequences: Vec<BTreeMap<String, Value>> =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let steps = sequences
            .iter()
            .filter_map(|one| one.get("steps")?.as_array())
            .flatten();
        for call in steps.filter_map(|step| step["call"].as_str()) {
            let mut words = call.splitn(3, ' ');
            let mut word = || words.next().unwrap_or("").to_owned();
            let (method, service, path) = (word(), word(), word());
            let path = path.split('?').next().unwrap_or("");
            let segments = path.split('/').filter(|segment| !segment.is_empty());
            calls.push((method, service, segments.map(str::to_owned).collect()));
        }
    }
    calls
}

fn fits(rule: &Template, call: &Template) -> bool {
    rule.0 == call.0
        && rule.1 == call.1
        && rule.2.len() == call.2.len()
        && rule
            .2
            .iter()
            .zip(&call.2)
            .all(|(wanted, given)| wanted.is_empty() || wanted == given)
}

#[test]
fn every_call_of_a_rule_has_a_sequence() {
    let asked = asked();
    assert!(asked.len() >= 300, "{} calls only", asked.len());
    let mut missing = BTreeMap::new();
    let rules = Rules::built_in();
    let actions = rules.actions.iter().map(|(name, rule)| (name, &rule.calls));
    let views = rules.views.iter().map(|(name, view)| (name, &view.calls));
    for (action, calls) in actions.chain(views) {
        for call in calls {
            let undone = match &call.undo {
                Some(Undo::Request { request, .. }) => Some(request.as_ref()),
                _ => None,
            };
            for request in [Some(&call.request), undone].into_iter().flatten() {
                let template = template(request);
                if !asked.iter().any(|call| fits(&template, call)) {
                    missing.entry(template).or_insert_with(|| action.clone());
                }
            }
        }
    }
    assert!(
        missing.is_empty(),
        "Add a step to tests/likeness for each of these calls: {missing:#?}"
    );
}
