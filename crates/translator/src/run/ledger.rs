//! The ledger: every scalar of the request in exactly one state.

use std::collections::HashMap;

use bumpalo::Bump;
use ec2_wire::Leaf;

use super::Translation;
use super::hide::{HIDDEN, sensitive};
use super::start::state_of;
use crate::eval::Eval;
use crate::plan::{Ex, FilterTarget, Plan};
use crate::request::line;
use crate::trace::{AnswerLeaf, LedgerRow, LedgerState, Place, RuleLine};
use crate::value::Value;

impl Translation<'_> {
    /// What the rule alone says of each parameter, before anything runs.
    pub(super) fn rows_by_rule(&self) -> Vec<LedgerRow> {
        let input = ec2_model::action(&self.request.action).map(ec2_model::Action::input);
        self.request
            .leaves
            .iter()
            .map(|leaf| {
                let hidden = leaf
                    .pointer
                    .as_deref()
                    .zip(input)
                    .is_some_and(|(pointer, input)| sensitive(input, pointer));
                let mut row = LedgerRow {
                    pointer: leaf.pointer.clone(),
                    key: leaf.key.clone(),
                    text: if hidden {
                        HIDDEN.to_owned()
                    } else {
                        leaf.text.clone()
                    },
                    span: leaf.span.clone(),
                    state: LedgerState::Unknown,
                    reason: None,
                    gap: None,
                    rule: None,
                };
                self.decide_row(leaf, &mut row);
                row
            })
            .collect()
    }

    fn decide_row(&self, leaf: &Leaf, row: &mut LedgerRow) {
        let Some(pointer) = &leaf.pointer else {
            let note = leaf.note.clone();
            row.reason = Some(note.unwrap_or_else(|| {
                format!(
                    "EC2 has no parameter of this name in {}.",
                    self.request.action
                )
            }));
            return;
        };
        let Some(plan) = self.plan else {
            row.reason = Some(format!(
                "The action {} has no translation.",
                self.request.action
            ));
            return;
        };
        let name = dotted(pointer);
        let noted = plan.notes.iter().filter(|(note, when)| {
            covers(&note.name, &name) && self.holds(plan, when.as_ref(), pointer)
        });
        if let Some((note, _)) = noted.max_by_key(|(note, _)| note.name.len()) {
            row.state = state_of(note.state);
            row.reason = Some(note.reason.clone())
                .filter(|reason| !reason.is_empty())
                .or_else(|| self.title(note.gap.as_deref()));
            row.gap.clone_from(&note.gap);
            row.rule = Some(line(&note.at));
            return;
        }
        if self.decide_generic(plan, &name, pointer, row) {
            return;
        }
        match plan.covered.iter().find(|(path, _)| covers(path, &name)) {
            Some((_, at)) => {
                row.state = LedgerState::Mapped;
                row.rule = Some(line(at));
            }
            None => {
                row.reason =
                    Some("No rule mentions this parameter, so it has no effect.".to_owned())
            }
        }
    }

    /// Whether the condition of a note holds for the parameter at a pointer.
    fn holds(&self, plan: &Plan, when: Option<&(u32, Ex)>, pointer: &str) -> bool {
        let Some((item, when)) = when else {
            return true;
        };
        let arena = Bump::new();
        let eval = Eval::new(&arena, plan, self.engine.rules(), &self.state, false);
        let mut steps = pointer.split('/').skip(1);
        let mut value = eval.member(
            Value::root(&self.state.request),
            steps.next().unwrap_or_default(),
        );
        if let (Some(list), Some(at)) = (
            value.as_list(),
            steps.next().and_then(|step| step.parse().ok()),
        ) {
            value = list.get(at).unwrap_or(Value::NULL);
        }
        eval.set(*item, value);
        eval.ex(when, Value::NULL).is_true()
    }

    fn title(&self, gap: Option<&str>) -> Option<String> {
        self.engine
            .rules()
            .gaps
            .get(gap?)
            .map(|gap| gap.title.clone())
    }

    /// What every action treats alike.
    fn decide_generic(&self, plan: &Plan, name: &str, pointer: &str, row: &mut LedgerRow) -> bool {
        let first = name.split('.').next().unwrap_or_default();
        match first {
            "DryRun" => {
                row.state = LedgerState::Mapped;
                row.reason = Some("Everything is checked and nothing is changed.".to_owned());
            }
            "MaxResults" | "NextToken" if plan.paging.is_some() => {
                row.state = LedgerState::Mapped;
                row.reason = Some("Pages are cut from the finished answer.".to_owned());
            }
            "MaxResults" | "NextToken" => {
                row.state = LedgerState::Ignored;
                row.reason = Some("The answer is always whole.".to_owned());
            }
            "Filters" => self.decide_filter(plan, pointer, row),
            _ => return false,
        }
        true
    }

    fn decide_filter(&self, plan: &Plan, pointer: &str, row: &mut LedgerRow) {
        row.state = LedgerState::Mapped;
        row.reason = Some("Applied to the finished answer.".to_owned());
        let index = pointer.split('/').nth(2).unwrap_or_default();
        let name = self
            .request
            .parameters
            .pointer(&format!("/Filters/{index}/Name"))
            .and_then(serde_json::Value::as_str);
        let Some(name) = name else { return };
        let found = plan.filters.iter().find(|filter| filter.name == name);
        match found.map(|filter| (&filter.target, &filter.at)) {
            Some((FilterTarget::Note { state, reason, gap }, at)) => {
                row.state = state_of(*state);
                row.reason = Some(reason.clone());
                row.gap.clone_from(gap);
                row.rule = Some(line(at));
            }
            Some((_, at)) => row.rule = Some(line(at)),
            None if name.starts_with("tag:") || matches!(name, "tag-key" | "tag-value") => {}
            None => {
                row.state = LedgerState::Refused;
                row.reason = Some(format!("{} has no filter '{name}'.", plan.action.name()));
            }
        }
    }

    /// The ledger with what the run has shown: rows that were used name the row of the rule, a refusal its cause.
    pub(super) fn ledger(&self, leaves: &[AnswerLeaf]) -> Vec<LedgerRow> {
        let mut rows = self.static_ledger.clone();
        let mut used: HashMap<&str, &RuleLine> = HashMap::new();
        let calls = self
            .trace
            .calls
            .iter()
            .flat_map(|call| &call.links)
            .map(|link| (&link.from, &link.rule));
        let answer = leaves.iter().map(|leaf| (&leaf.from, &leaf.rule));
        for (from, rule) in calls.chain(answer) {
            for place in from {
                if let Place::Request { pointer } = place {
                    used.entry(pointer).or_insert(rule);
                }
            }
        }
        let error = self
            .answer
            .as_ref()
            .and_then(|answer| answer.error.as_ref());
        for row in &mut rows {
            let Some(pointer) = &row.pointer else {
                continue;
            };
            // An error that no refusal made, as of an id that names nothing, quotes what it is about.
            let refused = match error {
                Some(error) if self.refused_at.is_none() => quotes(&error.message, &row.text),
                _ => self.refused_by.iter().any(|place| match place {
                    Place::Request { pointer: by } => {
                        by == pointer || pointer.starts_with(&format!("{by}/"))
                    }
                    _ => false,
                }),
            };
            if refused
                && matches!(
                    row.state,
                    LedgerState::Mapped | LedgerState::Lossy | LedgerState::Unknown
                )
            {
                row.state = LedgerState::Refused;
                row.reason = error.map(ToString::to_string);
                row.rule = self.refused_at.as_ref().map(line);
                row.gap.clone_from(&self.refused_gap);
            } else if let Some(rule) = used.get(pointer.as_str()) {
                if row.state == LedgerState::Unknown {
                    row.state = LedgerState::Mapped;
                    row.reason = None;
                }
                if row.state == LedgerState::Mapped {
                    row.rule = Some((*rule).clone());
                }
            }
        }
        rows
    }
}

/// Whether a message names a value as EC2's messages do: in quotes or brackets.
fn quotes(message: &str, value: &str) -> bool {
    !value.is_empty()
        && message.match_indices(value).any(|(at, _)| {
            let before = message.get(..at).and_then(|text| text.chars().last());
            let after = message
                .get(at + value.len()..)
                .and_then(|text| text.chars().next());
            matches!(
                (before, after),
                (Some('\''), Some('\''))
                    | (Some('"'), Some('"'))
                    | (Some('('), Some(')'))
                    | (Some('['), Some(']'))
            )
        })
}

/// `BlockDeviceMappings.Ebs.VolumeSize` of `/BlockDeviceMappings/0/Ebs/VolumeSize`.
fn dotted(pointer: &str) -> String {
    let steps: Vec<&str> = pointer
        .split('/')
        .skip(1)
        .filter(|step| !step.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    steps.join(".")
}

/// Whether a name covers a leaf: itself, or anything below it.
fn covers(name: &str, leaf: &str) -> bool {
    leaf.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
