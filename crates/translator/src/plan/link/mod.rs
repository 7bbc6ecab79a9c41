//! From a rule as written to a plan.

mod blocks;
mod calls;
mod filters;
mod names;
mod values;

use std::collections::HashMap;

use rules::{ActionRule, At, Expression, Let, Rules};

use super::scope::Frame;
use super::{AlreadyPlan, CallPlan, Ex, PagingPlan, Plan, SlotDef, dependencies, unfilled};

/// Links an action.
///
/// # Errors
/// A sentence for each name, function or view that does not exist, with its place.
pub fn link(rules: &Rules, rule: &ActionRule) -> Result<Plan, Vec<String>> {
    let Some(action) = ec2_model::action(&rule.action) else {
        return Err(vec![format!("EC2 has no action '{}'", rule.action)]);
    };
    let mut linker = Linker {
        rules,
        rule,
        input: action.input(),
        slots: Vec::new(),
        calls: Vec::new(),
        frames: vec![Frame::default()],
        call_names: HashMap::new(),
        problems: Vec::new(),
        reads: Default::default(),
        depth: 0,
    };
    for call in &rule.calls {
        linker.declare_call(call, false);
    }
    for (index, call) in rule.calls.iter().enumerate() {
        linker.fill_call(index, call, None);
    }
    let refuse = rule
        .refuse
        .iter()
        .map(|refusal| linker.refusal(refusal))
        .collect();
    let paging = rule.paging.as_ref().and_then(|paging| {
        let Ex::Slot(over) = linker.expression(&paging.over) else {
            linker.problem(
                &paging.at,
                "paging.over must be the name of a call or a let",
            );
            return None;
        };
        Some(PagingPlan {
            over,
            by: paging
                .by
                .iter()
                .map(|by| linker.value_expression(by))
                .collect(),
        })
    });
    let already = rule.already.as_ref().map(|already| {
        let when = linker.expression(&already.when);
        let mut using = Vec::new();
        for Let { name, value, at } in &already.using {
            match linker.resolve(name, at) {
                Some(Ex::Slot(slot)) => {
                    let tree = linker.tree(value, false);
                    using.push((slot, tree));
                }
                _ => linker.problem(at, &format!("'{name}' is no call or let of this rule")),
            }
        }
        AlreadyPlan {
            when,
            needs: 0,
            using,
        }
    });
    let answer = linker.tree(&rule.answer, true);
    let filters = linker.filters(action);
    let unfilled = unfilled::unfilled(action.output(), &answer);
    let notes = rule
        .parameters
        .iter()
        .map(|note| {
            (
                note.clone(),
                note.when.as_ref().map(|when| linker.note(when)),
            )
        })
        .collect();
    let Linker {
        slots,
        calls,
        mut problems,
        reads,
        ..
    } = linker;
    let covered = covered(rule, &reads);
    let mut linked = Vec::new();
    for (name, call) in calls {
        match call {
            Some(call) => linked.push(call),
            None => problems.push(format!("the call '{name}' could not be linked")),
        }
    }
    if linked.len() > 60 {
        problems.push(format!("{}: more than 60 calls in one action", rule.action));
    }
    let mut plan = Plan {
        action,
        slots,
        calls: linked,
        defaults: rule
            .defaults
            .iter()
            .map(|(name, value, _)| (name.clone(), value.clone()))
            .collect(),
        refuse,
        already,
        paging,
        answer,
        filters,
        notes,
        at: rule.at.clone(),
        unfilled,
        covered,
    };
    if problems.is_empty()
        && let Err(problem) = dependencies::settle(&mut plan)
    {
        problems.push(format!("{}: {problem}", rule.at.file));
    }
    if problems.is_empty() {
        Ok(plan)
    } else {
        Err(problems)
    }
}

/// Each parameter that the rule reads, down to the leaf, with the place that reads its outermost member.
fn covered(rule: &ActionRule, reads: &std::collections::BTreeMap<String, At>) -> Vec<(String, At)> {
    let place = |name: &str| {
        let first = name.split('.').next().unwrap_or(name);
        reads.get(first).unwrap_or(&rule.at).clone()
    };
    rule.reads
        .iter()
        .map(|name| (name.clone(), place(name)))
        .collect()
}

/// Links an expression whose outermost node is a value, as in a path of a filter or a plain JMESPath query.
///
/// # Errors
/// A sentence for each function that does not exist.
pub fn link_value(rules: &Rules, expression: &Expression) -> Result<Ex, Vec<String>> {
    let nothing = empty_rule();
    let mut linker = Linker {
        rules,
        rule: &nothing,
        input: ec2_model::actions().next().ok_or_else(Vec::new)?.input(),
        slots: Vec::new(),
        calls: Vec::new(),
        frames: Vec::new(),
        call_names: HashMap::new(),
        problems: Vec::new(),
        reads: Default::default(),
        depth: 0,
    };
    let ex = linker.value_expression(expression);
    if linker.problems.is_empty() {
        Ok(ex)
    } else {
        Err(linker.problems)
    }
}

/// A plan that does nothing, for expressions on their own.
pub fn empty() -> Option<Plan> {
    let action = ec2_model::actions().next()?;
    let rule = ActionRule {
        action: action.name().to_owned(),
        ..empty_rule()
    };
    link(&Rules::default(), &rule).ok()
}

fn empty_rule() -> ActionRule {
    ActionRule {
        at: At::default(),
        action: String::new(),
        about: None,
        defaults: Vec::new(),
        calls: Vec::new(),
        lets: Vec::new(),
        refuse: Vec::new(),
        already: None,
        paging: None,
        answer: rules::Tree::Object(Vec::new(), At::default()),
        parameters: Vec::new(),
        filters: Vec::new(),
        reads: Vec::new(),
    }
}

struct Linker<'r> {
    rules: &'r Rules,
    rule: &'r ActionRule,
    input: ec2_model::Shape,
    slots: Vec<SlotDef>,
    calls: Vec<(String, Option<CallPlan>)>,
    /// The innermost last; the first one is the action's own.
    frames: Vec<Frame<'r>>,
    call_names: HashMap<String, usize>,
    problems: Vec<String>,
    reads: std::collections::BTreeMap<String, At>,
    depth: usize,
}

impl<'r> Linker<'r> {
    fn problem(&mut self, at: &At, message: &str) {
        self.problems
            .push(format!("{}:{}:{}: {message}", at.file, at.line, at.column));
    }

    fn slot(&mut self, def: SlotDef) -> u32 {
        self.slots.push(def);
        self.slots.len() as u32 - 1
    }

    fn bound(&mut self) -> u32 {
        self.slot(SlotDef::Bound)
    }

    fn bind(&mut self, name: &str) -> u32 {
        let slot = self.bound();
        if let Some(frame) = self.frames.last_mut() {
            frame.names.insert(name.to_owned(), slot);
        }
        slot
    }

    fn set(&mut self, slot: u32, def: SlotDef) {
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = def;
        }
    }

    /// Runs with only the first `keep` frames in sight, as names of an outer frame are resolved there.
    fn within<T>(&mut self, keep: usize, run: impl FnOnce(&mut Self) -> T) -> T {
        let inner = self.frames.split_off(keep.min(self.frames.len()));
        let result = run(self);
        self.frames.truncate(keep);
        self.frames.extend(inner);
        result
    }
}
