//! Everything that is known of one translation.

use std::collections::BTreeMap;

use rules::{Gap, Rules, ViewRule};
use serde::Serialize;

use crate::answer::{self, Element};
use crate::calls::{self, Called};
use crate::errors::{self, Fault, Refused};
use crate::examples::{self, Sample};
use crate::filters::{self, Filter};
use crate::parameters::{self, Parameter};
use crate::proof::{self, Proof};

/// Everything that is known of one translation, as data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    /// EC2 action.
    pub action: String,
    /// The rule file, below the rules folder.
    pub file: String,
    /// EC2's own page about the action.
    pub reference: String,
    /// The reasoning of the mapping: the rule's, then each view's with its name.
    pub about: Vec<(Option<String>, String)>,
    /// OpenStack calls in the order of the file.
    pub calls: Vec<Called>,
    /// Every parameter that EC2 knows.
    pub parameters: Vec<Parameter>,
    /// Every element of the answer that the rule fills.
    pub answer: Vec<Element>,
    /// Elements that EC2 documents and nothing fills.
    pub absent: Vec<String>,
    /// Every filter that EC2 documents.
    pub filters: Vec<Filter>,
    /// Reasons to refuse, in the order in which they are looked at.
    pub refused: Vec<Refused>,
    /// What errors of OpenStack become.
    pub faults: Vec<Fault>,
    /// What OpenStack lacks for it: id, title, what EC2 does, what to do today, what it would need.
    pub gaps: Vec<Lack>,
    /// What was seen to work on real clouds.
    pub proofs: Vec<Proof>,
    /// Requests whose calls and answers are recorded.
    pub examples: Vec<Sample>,
}

/// Something that OpenStack lacks for the action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// Id of the gap.
    pub gap: String,
    /// One line.
    pub title: String,
    /// OpenStack projects that would have to change.
    pub services: Vec<String>,
    /// What EC2 does.
    pub what: String,
    /// What to do today.
    pub today: String,
    /// What would have to be built.
    pub would_need: String,
    /// Bugs, blueprints, specs.
    pub upstream: Vec<String>,
}

/// The documentation of an action; `None` if there is no rule for it.
///
/// ```
/// let rules = rules::Rules::built_in();
/// let document = documentation::document(rules, "CreateVolume").expect("there is a rule");
/// let size = document.parameters.iter().find(|parameter| parameter.name == "Size").expect("EC2 has it");
/// assert_eq!(size.goes[0].place, "volume.size");
/// ```
#[must_use]
pub fn document(rules: &Rules, name: &str) -> Option<Document> {
    let rule = rules.actions.get(name)?;
    let action = ec2_model::action(name)?;
    let views = calls::views(rules, rule);
    let calls = calls::all(rule, &views);
    let parameters = parameters::all(rules, rule, action, &views);
    let (answer, absent) = answer::all(rules, rule, action);
    let filters = filters::all(rule, action, &views);
    let refused = errors::refused(rule);
    let faults = errors::faults(rules, rule, &views);
    let mut named: BTreeMap<&str, &Gap> = BTreeMap::new();
    let ids = parameters
        .iter()
        .filter_map(|parameter| parameter.gap.as_deref())
        .chain(filters.iter().filter_map(|filter| filter.gap.as_deref()))
        .chain(refused.iter().filter_map(|refused| refused.gap.as_deref()))
        .chain(faults.iter().filter_map(|fault| fault.gap.as_deref()));
    for id in ids {
        if let Some(gap) = rules.gaps.get(id) {
            named.insert(&gap.gap, gap);
        }
    }
    let gaps = named.values().map(|gap| lack(gap)).collect();
    Some(Document {
        action: name.to_owned(),
        file: rule.at.file.to_string(),
        reference: format!(
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_{name}.html"
        ),
        about: about(rule.about.as_deref(), &views),
        calls,
        parameters,
        answer,
        absent,
        filters,
        refused,
        faults,
        gaps,
        proofs: proof::of(name),
        examples: examples::of(name),
    })
}

fn about(rule: Option<&str>, views: &[&ViewRule]) -> Vec<(Option<String>, String)> {
    let own = rule.map(|text| (None, text.trim().to_owned()));
    let of_views = views.iter().filter_map(|view| {
        let text = view.about.as_deref()?;
        Some((Some(view.view.clone()), text.trim().to_owned()))
    });
    own.into_iter().chain(of_views).collect()
}

fn lack(gap: &Gap) -> Lack {
    Lack {
        gap: gap.gap.clone(),
        title: gap.title.clone(),
        services: gap.services.clone(),
        what: gap.what.trim().to_owned(),
        today: gap.today.trim().to_owned(),
        would_need: gap.would_need.trim().to_owned(),
        upstream: gap.upstream.clone(),
    }
}
