//! The rules as a whole: tables, kinds, faults, gaps, and what nothing uses.

use std::collections::BTreeSet;

use super::calls::place_of;
use super::parameters::{is_documented, is_generic};
use super::walker::Uses;
use super::words::STATES;
use crate::spelling::did_you_mean;
use crate::{Meaning, Problem, Rules, Table};

/// Checks everything that is no action.
pub(super) fn check(rules: &Rules, uses: &mut Uses, problems: &mut Vec<Problem>) {
    kinds(rules, problems);
    faults(rules, uses, problems);
    further(rules, uses, problems);
    tables(rules, uses, problems);
    view_filters(rules, problems);
    for gap in rules
        .gaps
        .values()
        .filter(|gap| !uses.gaps.contains(&gap.gap))
    {
        problems.push(
            Problem::error(
                gap.at.clone(),
                format!("nothing names the gap '{}'", gap.gap),
            )
            .mend("name it in a note, a refusal or actions.yaml, or remove the file"),
        );
    }
    for view in rules
        .views
        .values()
        .filter(|view| !uses.views.contains(&view.view))
    {
        problems.push(
            Problem::error(
                view.at.clone(),
                format!("no action shows the view '{}'", view.view),
            )
            .mend("remove the file"),
        );
    }
}

fn kinds(rules: &Rules, problems: &mut Vec<Problem>) {
    for kind in rules.kinds.values() {
        for (message, mend) in place_of(&kind.service, &kind.path, false) {
            problems.push(Problem::error(kind.at.clone(), message).mend(mend));
        }
        if kind.service == "network" && kind.tags_in.is_some() && kind.collection.is_none() {
            problems.push(
                Problem::error(
                    kind.at.clone(),
                    format!(
                        "'{}' keeps tags in Neutron and names no collection",
                        kind.prefix
                    ),
                )
                .mend("collection: ports"),
            );
        }
    }
    for (service, version) in &rules.microversions {
        let plain = version.split_once('.').is_some_and(|(major, minor)| {
            [major, minor]
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        });
        if !plain {
            let at = rules
                .kinds
                .values()
                .next()
                .map(|kind| kind.at.clone())
                .unwrap_or_default();
            problems.push(
                Problem::error(at, format!("'{version}' is no microversion of {service}"))
                    .mend("two numbers: 2.90"),
            );
        }
    }
}

fn faults(rules: &Rules, uses: &mut Uses, problems: &mut Vec<Problem>) {
    for row in &rules.faults {
        if let Meaning::Error { gap: Some(gap), .. } = &row.meaning {
            named_gap(rules, uses, gap, &row.at, problems);
        }
    }
    let all = rules.faults.iter().any(|row| {
        row.status.is_none() && row.kind.is_none() && row.pattern.is_none() && row.service.is_none()
    });
    if let (Some(row), false) = (rules.faults.last(), all) {
        problems.push(
            Problem::error(
                row.at.clone(),
                "an error that no row names would have no meaning",
            )
            .mend("end with a row that names neither status, type nor message"),
        );
    }
}

fn further(rules: &Rules, uses: &mut Uses, problems: &mut Vec<Problem>) {
    for other in rules.further.values() {
        if ec2_model::action(&other.action).is_none() {
            let mend = ec2_model::closest_action(&other.action)
                .map(|action| format!("did you mean '{}'?", action.name()));
            problems.push(
                Problem::error(
                    other.at.clone(),
                    format!("EC2 has no action '{}'", other.action),
                )
                .mend_if(mend),
            );
        }
        if let Some(rule) = rules.actions.get(&other.action) {
            let message = format!("'{}' has a rule: {}", other.action, rule.at.file);
            problems
                .push(Problem::error(other.at.clone(), message).mend("remove it from this list"));
        }
        match &other.gap {
            Some(gap) => named_gap(rules, uses, gap, &other.at, problems),
            None if other.reason.is_empty() => {
                let message = format!("nothing says why '{}' has no rule", other.action);
                problems.push(
                    Problem::error(other.at.clone(), message)
                        .mend("reason: a sentence, or gap: its id"),
                );
            }
            None => {}
        }
    }
    if rules.further.is_empty() {
        return;
    }
    let missing: Vec<&str> = ec2_model::actions()
        .map(|action| action.name())
        .filter(|name| !rules.actions.contains_key(*name) && !rules.further.contains_key(*name))
        .collect();
    if let (Some(first), false) = (rules.further.values().next(), missing.is_empty()) {
        let at = crate::At {
            line: 1,
            column: 1,
            ..first.at.clone()
        };
        let some: Vec<&str> = missing.iter().take(8).copied().collect();
        let message = format!(
            "{} EC2 actions have neither a rule nor a line here: {}",
            missing.len(),
            some.join(", ")
        );
        problems.push(Problem::error(at, message).mend("add them to a family"));
    }
}

fn named_gap(
    rules: &Rules,
    uses: &mut Uses,
    gap: &str,
    at: &crate::At,
    problems: &mut Vec<Problem>,
) {
    uses.gaps.insert(gap.to_owned());
    if !rules.gaps.contains_key(gap) {
        let mend = did_you_mean(gap, rules.gaps.keys().map(String::as_str))
            .unwrap_or_else(|| format!("write gaps/{gap}.yaml"));
        problems.push(Problem::error(at.clone(), format!("there is no gap '{gap}'")).mend(mend));
    }
}

/// The table that no rule reads: what a cloud must have for a call.
const NEEDS: &str = "needs";

fn tables(rules: &Rules, uses: &Uses, problems: &mut Vec<Problem>) {
    for table in rules.tables.values() {
        if table.name == NEEDS {
            continue;
        }
        if !uses.tables.contains(&table.name) {
            problems.push(
                Problem::error(
                    table.at.clone(),
                    format!("nothing reads the table '{}'", table.name),
                )
                .mend("remove the file"),
            );
        }
        let mut seen = BTreeSet::new();
        for (key, _, at) in &table.rows {
            if !seen.insert(key) {
                problems.push(Problem::error(
                    at.clone(),
                    format!("the row '{key}' stands here a second time"),
                ));
            }
        }
        if table.otherwise.is_some() {
            continue;
        }
        let states = STATES
            .iter()
            .find(|(name, _)| *name == table.name)
            .map(|(_, states)| states.to_vec());
        let words = uses.total.get(&table.name).map(|(_, words)| words.clone());
        let wanted = match (states, words) {
            (Some(states), _) => states,
            (None, Some(words)) if !words.is_empty() => words,
            (None, Some(_)) => {
                problems.push(
                    Problem::error(
                        table.at.clone(),
                        format!("nothing says what '{}' gives for other keys", table.name),
                    )
                    .mend("else: a value, or else: null"),
                );
                continue;
            }
            (None, None) => continue,
        };
        let missing: BTreeSet<&str> = wanted
            .into_iter()
            .filter(|word| !names(table, word))
            .collect();
        if !missing.is_empty() {
            let missing: Vec<&str> = missing.into_iter().collect();
            problems.push(
                Problem::error(
                    table.at.clone(),
                    format!("'{}' has no row for {}", table.name, missing.join(", ")),
                )
                .mend("add the rows, or else: a value"),
            );
        }
    }
}

fn names(table: &Table, word: &str) -> bool {
    let any = format!("{word}/*");
    table
        .rows
        .iter()
        .any(|(key, ..)| key == word || *key == any)
}

/// A filter of a view is one that EC2 documents for some action that lists the view.
fn view_filters(rules: &Rules, problems: &mut Vec<Problem>) {
    for view in rules.views.values().filter(|view| !view.filters.is_empty()) {
        let mut documented: BTreeSet<&str> = BTreeSet::new();
        for rule in rules.actions.values() {
            let mut names = Vec::new();
            super::reach::names_in(&rule.answer, &mut names);
            if names.contains(&view.view.as_str())
                && let Some(action) = ec2_model::action(&rule.action)
            {
                documented.extend(action.filters());
            }
        }
        if documented.is_empty() {
            continue;
        }
        for filter in &view.filters {
            if is_generic(&filter.name) {
                let message = format!("the filter '{}' comes by itself", filter.name);
                problems.push(Problem::error(filter.at.clone(), message).mend("remove it"));
            } else if !is_documented(&filter.name, &documented) {
                let mend = did_you_mean(&filter.name, documented.iter().copied());
                problems.push(
                    Problem::error(
                        filter.at.clone(),
                        format!("EC2 documents no filter '{}' here", filter.name),
                    )
                    .mend_if(mend),
                );
            }
        }
    }
}
