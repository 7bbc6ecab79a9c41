//! What is wrong with rules that load: names, notes, order, coverage.

mod calls;
mod expressions;
mod parameters;
mod phases;
mod reach;
mod trees;
mod types;
mod walker;
mod whole;
mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::{ActionRule, Problem, Rules};
use walker::{Uses, Walker};

/// Checks rules against the EC2 model, against the names of OpenStack's services, and against each other.
///
/// Problems come in the order of files and lines. [`Rules::load`] has reported what cannot be read; this reports what
/// can be read and is wrong.
///
/// ```
/// use rules::{Rules, lint};
/// let file = "action: DeleteVolume\ncalls:\n  gone: { request: \"DELETE block-storage /volumes/{uuid(VolumeID)}\", undo: none }\n";
/// let (rules, _) = Rules::load([("volume/DeleteVolume.yaml", file)]);
/// assert_eq!(
///     lint(&rules)[1].to_string(),
///     "volume/DeleteVolume.yaml:3:52: nothing here is named 'VolumeID' (did you mean 'VolumeId', or the text \"'VolumeID'\"?)",
/// );
/// ```
pub fn lint(rules: &Rules) -> Vec<Problem> {
    let uses = RefCell::new(Uses::default());
    let mut problems = Vec::new();
    for action in rules.actions.values() {
        check_action(rules, action, &uses, &mut problems);
    }
    for view in rules.views.values() {
        phases::check_view(rules, view, &mut problems);
    }
    whole::check(rules, &mut uses.borrow_mut(), &mut problems);
    in_order(problems)
}

/// Each problem once, by file and line.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut seen = HashSet::new();
    problems.retain(|problem| seen.insert(problem.clone()));
    problems.sort_by(|a, b| {
        (&a.at.file, a.at.line, a.at.column).cmp(&(&b.at.file, b.at.line, b.at.column))
    });
    problems
}

/// Checks some actions, and every view by itself: what an edit of them needs at once. The rest of what [`lint`] finds is
/// about the rules as a whole.
///
/// ```
/// let rules = rules::Rules::built_in();
/// assert_eq!(rules::lint::some(rules, |rule| rule.action == "DeleteVolume"), []);
/// ```
pub fn some(rules: &Rules, wanted: impl Fn(&ActionRule) -> bool) -> Vec<Problem> {
    let uses = RefCell::new(Uses::default());
    let mut problems = Vec::new();
    for action in rules.actions.values().filter(|action| wanted(action)) {
        check_action(rules, action, &uses, &mut problems);
    }
    for view in rules.views.values() {
        phases::check_view(rules, view, &mut problems);
    }
    in_order(problems)
}

/// The parameters that a rule's expressions read: dotted names down to the leaf, `BlockDeviceMappings.Ebs.VolumeSize`.
///
/// ```
/// let rules = rules::Rules::built_in();
/// assert!(rules::lint::reads(rules, &rules.actions["StopInstances"]).contains("InstanceIds"));
/// ```
pub fn reads(rules: &Rules, rule: &ActionRule) -> BTreeSet<String> {
    let Some(action) = ec2_model::action(&rule.action) else {
        return BTreeSet::new();
    };
    let uses = RefCell::new(Uses::default());
    let mut walker = Walker::new(rules, rule, action.input(), &uses);
    walk(&mut walker, rule, action);
    walker.reads
}

/// Names of the views that an action is translated with, through other views too.
///
/// ```
/// let rules = rules::Rules::built_in();
/// assert!(rules::lint::views(rules, &rules.actions["DescribeInstances"]).contains("Instance"));
/// ```
pub fn views<'r>(rules: &'r Rules, rule: &'r ActionRule) -> BTreeSet<&'r str> {
    let mut found = Vec::new();
    reach::views_of_action(rules, rule, &mut found);
    found.into_iter().map(|view| view.view.as_str()).collect()
}

/// Goes through everything that an action evaluates.
fn walk<'r>(walker: &mut Walker<'r>, rule: &'r ActionRule, action: ec2_model::Action) {
    for call in &rule.calls {
        walker.walk_call(call, false);
    }
    for refusal in &rule.refuse {
        walker.condition(&refusal.when);
        if let Some(message) = &refusal.message {
            walker.text(message);
        }
        if let Some(gap) = &refusal.gap {
            walker.gap(gap, &refusal.at);
        }
    }
    if let Some(already) = &rule.already {
        walker.condition(&already.when);
        for one in &already.using {
            walker.tree(&one.value, None, false);
        }
    }
    if let Some(paging) = &rule.paging {
        walker.expression(&paging.over);
        if action.pagination().is_none() && action.input().member("MaxResults").is_none() {
            walker.problem(
                &paging.at,
                format!("EC2 does not page {}", rule.action),
                Some("remove paging".into()),
            );
        }
    }
    walker.tree(&rule.answer, Some(action.output()), true);
    let from_views: BTreeMap<_, _> = walker.calls.clone();
    for (call, view) in from_views.values() {
        if let Some(view) = view {
            walker.in_view_of(view, |walker| walker.walk_call(call, true));
        }
    }
}

fn check_action<'r>(
    rules: &'r Rules,
    rule: &'r ActionRule,
    uses: &'r RefCell<Uses>,
    problems: &mut Vec<Problem>,
) {
    let Some(action) = ec2_model::action(&rule.action) else {
        let mend = ec2_model::closest_action(&rule.action)
            .map(|action| format!("did you mean '{}'?", action.name()));
        problems.push(
            Problem::error(
                rule.at.clone(),
                format!("EC2 has no action '{}'", rule.action),
            )
            .mend_if(mend),
        );
        return;
    };
    let mut walker = Walker::new(rules, rule, action.input(), uses);
    twice(&mut walker);
    walk(&mut walker, rule, action);
    for one in &rule.lets {
        let place = (one.at.file.as_ref().into(), one.at.line, one.at.column);
        if !walker.used_lets.contains(&place) {
            walker.problem(
                &one.at,
                format!("nothing reads '{}'", one.name),
                Some("remove it, or use it".into()),
            );
        }
        walker.name(&one.name, &one.at);
    }
    walker.coverage(action);
    problems.append(&mut walker.problems);
    phases::check(rule, problems);
}

/// One name, one meaning.
fn twice(walker: &mut Walker<'_>) {
    let rule = walker.action;
    for call in &rule.calls {
        if rule.lets.iter().any(|one| one.name == call.name) {
            walker.problem(
                &call.at,
                format!("'{}' is a call and a let", call.name),
                Some("choose another name".into()),
            );
        }
    }
    for one in rule
        .lets
        .iter()
        .map(|one| (&one.name, &one.at))
        .chain(rule.calls.iter().map(|call| (&call.name, &call.at)))
    {
        let (name, at) = one;
        if walker.input.member(name).is_some() || name == "context" {
            walker.problem(
                at,
                format!("'{name}' is a parameter of the request already"),
                Some("choose another name".into()),
            );
        }
    }
}
