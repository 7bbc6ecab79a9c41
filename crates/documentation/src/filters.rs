//! What becomes of EC2's filters.

use ec2_model::Action;
use rules::{ActionRule, FilterRule, FilterTarget, NoteState, ViewRule};
use serde::Serialize;

use crate::calls;

/// How a filter is treated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// Compared with this path of the answer.
    Looks(String),
    /// The request is refused.
    Refused,
    /// Taken and left alone.
    Ignored,
    /// OpenStack has no such thing: nothing matches.
    Gap,
}

/// A filter of the action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// `instance-state-name`.
    pub name: String,
    /// What is done with it.
    pub treatment: Treatment,
    /// Calls that apply it too, so that less is fetched.
    pub pushed: Vec<String>,
    /// Why it is not looked at.
    pub reason: Option<String>,
    /// Gap that explains it.
    pub gap: Option<String>,
}

/// The rule's filters and those of the view of its answer, by name.
pub fn all(rule: &ActionRule, action: Action, views: &[&ViewRule]) -> Vec<Filter> {
    let documented: Vec<&str> = action.filters().collect();
    let named = rule
        .filters
        .iter()
        .chain(views.iter().flat_map(|view| &view.filters));
    let mut all: Vec<Filter> = Vec::new();
    for filter in named {
        let known = documented.is_empty() || documented.contains(&filter.name.as_str());
        if !known || all.iter().any(|other| other.name == filter.name) {
            continue;
        }
        let pushed = calls::of(rule, views)
            .filter(|(call, _)| call.push.iter().any(|push| push.filter == filter.name))
            .map(|(call, _)| call.name.clone());
        all.push(one(filter, pushed.collect()));
    }
    if action.input().member("Filters").is_none() {
        return Vec::new();
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn one(filter: &FilterRule, pushed: Vec<String>) -> Filter {
    let (treatment, reason, gap) = match &filter.target {
        FilterTarget::Path(path) => (Treatment::Looks(path.text.clone()), None, None),
        FilterTarget::Note { state, reason, gap } => {
            let treatment = match state {
                NoteState::Refused => Treatment::Refused,
                NoteState::Ignored | NoteState::Lossy => Treatment::Ignored,
                NoteState::Gap => Treatment::Gap,
            };
            (treatment, Some(reason.clone()), gap.clone())
        }
    };
    Filter {
        name: filter.name.clone(),
        treatment,
        pushed,
        reason,
        gap,
    }
}
