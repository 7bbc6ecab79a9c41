//! Parameters and filters: each is read by an expression, or a note says what becomes of it.

use std::collections::BTreeSet;

use ec2_model::{Action, Kind, Shape};

use super::types::{Type, leaves};
use super::walker::{Binding, Walker};
use crate::spelling::did_you_mean;
use crate::{FilterRule, FilterTarget, Node, NoteState};

/// Taken care of by the engine, whatever the action.
const GENERIC: &[&str] = &["DryRun"];

impl Walker<'_> {
    /// Reports what is in the model and in no rule, and what is in the rule and not in the model.
    pub fn coverage(&mut self, action: Action) {
        let mut known = BTreeSet::new();
        leaves(self.input, "", &mut known);
        let rule = self.action;
        for (name, value, at) in &rule.defaults {
            match self.input.member(name) {
                Some(member) if super::expressions::fits(value, member.shape().kind()) => {}
                Some(_) => self.problem(at, format!("{value} is no value for {name}"), None),
                None => {
                    let mend = did_you_mean(name, self.input.members().map(|member| member.name()));
                    self.problem(
                        at,
                        format!("{} has no parameter '{name}'", rule.action),
                        mend,
                    );
                }
            }
        }
        let mut noted: Vec<&str> = Vec::new();
        for note in &rule.parameters {
            let below = format!("{}.", note.name);
            if !known
                .iter()
                .any(|leaf| *leaf == note.name || leaf.starts_with(&below))
            {
                let mend = did_you_mean(&note.name, known.iter().map(String::as_str));
                self.problem(
                    &note.at,
                    format!("{} has no parameter '{}'", rule.action, note.name),
                    mend,
                );
            }
            self.note(note.state, &note.reason, note.gap.as_deref(), &note.at);
            match &note.when {
                // Otherwise the parameter is mapped, so an expression has to read it all the same.
                Some(when) => self.note_condition(&note.name, when),
                None => noted.push(&note.name),
            }
        }
        let mut generic: Vec<&str> = GENERIC.to_vec();
        if rule.paging.is_some() {
            generic.extend(["MaxResults", "NextToken"]);
        }
        let filtered = self.has_filters();
        if filtered {
            generic.extend(["Filters.Name", "Filters.Values"]);
        }
        let mut unknown: Vec<&str> = Vec::new();
        for leaf in &known {
            let covered = self.reads.contains(leaf)
                || generic.contains(&leaf.as_str())
                || noted.iter().any(|note| {
                    leaf == note
                        || leaf
                            .strip_prefix(note)
                            .is_some_and(|rest| rest.starts_with('.'))
                });
            if !covered {
                unknown.push(leaf);
            }
        }
        for parameter in gathered(&unknown, &known) {
            let message = format!(
                "no expression reads the parameter {parameter}, and no note says what becomes of it"
            );
            let mend =
                format!("parameters: {{ {parameter}: {{ lossy | ignored | refused | gap: … }} }}");
            self.problem(&rule.at, message, Some(mend));
        }
        self.filter_coverage(action, filtered);
    }

    fn note_condition(&mut self, name: &str, when: &'_ crate::Expression) {
        let first = name.split('.').next().unwrap_or(name);
        let Some(member) = self.input.member(first) else {
            return;
        };
        let shape = member.shape();
        let item = Type::Input(shape.item().unwrap_or(shape), first.into());
        self.scoped(vec![("item".into(), Binding::Known(item))], |walker| {
            walker.condition(when)
        });
    }

    fn has_filters(&self) -> bool {
        !self.action.filters.is_empty()
            || self
                .answered
                .iter()
                .any(|(view, _)| !view.filters.is_empty())
    }

    fn filter_coverage(&mut self, action: Action, filtered: bool) {
        let rule = self.action;
        let documented: Vec<&str> = action.filters().filter(|name| !is_generic(name)).collect();
        let output = action.output();
        // A path that does not begin in the answer begins in an item of its list.
        let items = output
            .members()
            .map(|member| member.shape())
            .filter(|shape| shape.kind() == Kind::List);
        let mut shapes: Vec<Shape> = items
            .filter_map(Shape::item)
            .filter(|item| item.kind() == Kind::Structure)
            .collect();
        shapes.push(output);
        for filter in &rule.filters {
            let fitting = match &filter.target {
                FilterTarget::Path(path) => shapes
                    .iter()
                    .find(|shape| shape_of(&path.root, **shape).is_ok()),
                FilterTarget::Note { .. } => None,
            };
            self.filter_paths(
                std::slice::from_ref(filter),
                fitting.copied().unwrap_or(output),
            );
            let names = documented.iter().copied().collect();
            if !is_documented(&filter.name, &names)
                && !is_generic(&filter.name)
                && action.filters().len() > 0
            {
                let mend = did_you_mean(&filter.name, documented.iter().copied());
                self.problem(
                    &filter.at,
                    format!(
                        "EC2 documents no filter '{}' for {}",
                        filter.name, rule.action
                    ),
                    mend,
                );
            }
        }
        if !filtered && rule.parameters.iter().any(|note| note.name == "Filters") {
            return;
        }
        let views = self.answered.iter().flat_map(|(view, _)| &view.filters);
        let named: BTreeSet<&str> = rule
            .filters
            .iter()
            .chain(views)
            .map(|filter| filter.name.as_str())
            .collect();
        let missing: Vec<&str> = documented
            .into_iter()
            .filter(|name| !named.contains(name))
            .collect();
        if !missing.is_empty() && self.input.member("Filters").is_some() {
            let message = format!(
                "{} has filters that nothing names: {}",
                rule.action,
                missing.join(", ")
            );
            self.problem(
                &rule.at,
                message,
                Some("filters: { name: Path }, or a note with the reason".into()),
            );
        }
    }

    /// Paths of filters have to exist in the shape they look into.
    pub fn filter_paths(&mut self, filters: &[FilterRule], shape: Shape) {
        for filter in filters {
            match &filter.target {
                FilterTarget::Path(path) => match shape_of(&path.root, shape) {
                    Ok(Some(found)) if matches!(found.kind(), Kind::Structure) => {
                        let mend = found
                            .members()
                            .map(|member| member.name())
                            .collect::<Vec<_>>()
                            .join(", ");
                        self.problem(
                            &path.at,
                            format!("{} is a structure and cannot be compared", path.text),
                            Some(mend),
                        );
                    }
                    Ok(_) => {}
                    Err((message, mend)) => self.problem(&path.at, message, mend),
                },
                FilterTarget::Note { state, reason, gap } => {
                    self.note(*state, reason, gap.as_deref(), &filter.at)
                }
            }
        }
    }

    fn note(&mut self, state: NoteState, reason: &str, gap: Option<&str>, at: &crate::At) {
        if let Some(gap) = gap {
            self.gap(gap, at);
        }
        if reason.is_empty() && (gap.is_none() || state != NoteState::Gap) {
            self.problem(
                at,
                "the note gives no reason",
                Some("a sentence that says why".into()),
            );
        }
    }

    pub fn gap(&mut self, gap: &str, at: &crate::At) {
        self.uses.borrow_mut().gaps.insert(gap.to_owned());
        if !self.rules.gaps.contains_key(gap) {
            let mend = did_you_mean(gap, self.rules.gaps.keys().map(String::as_str))
                .unwrap_or_else(|| format!("write gaps/{gap}.yaml"));
            self.problem(at, format!("there is no gap '{gap}'"), Some(mend));
        }
    }
}

/// Filters that every list of tagged things has by itself.
pub(super) fn is_generic(name: &str) -> bool {
    name == "tag-key" || name == "tag-value" || name == "tag" || name.starts_with("tag:")
}

/// Whether EC2 names the filter; its guide gives some a second spelling (`availabilityZone`, `cidr` beside `cidr-block`), and
/// boto3's own collections of addresses ask for a `domain` that the guide does not name any more.
pub(super) fn is_documented(name: &str, documented: &BTreeSet<&str>) -> bool {
    let plain = |name: &str| name.replace('-', "").to_lowercase();
    let block = name == "cidr" && documented.contains("cidr-block");
    let domain = name == "domain" && documented.contains("allocation-id");
    block
        || domain
        || documented.contains(name)
        || documented.iter().any(|known| plain(known) == plain(name))
}

/// The fewest dotted names that stand for all of these leaves and no others.
fn gathered(leaves: &[&str], known: &BTreeSet<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for leaf in leaves {
        if found.iter().any(|name| {
            leaf.strip_prefix(name.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
        }) {
            continue;
        }
        let whole = leaf
            .match_indices('.')
            .map(|(end, _)| &leaf[..end])
            .find(|prefix| {
                let below = format!("{prefix}.");
                known
                    .iter()
                    .filter(|other| other.starts_with(&below))
                    .all(|other| leaves.contains(&other.as_str()))
            });
        found.push(whole.unwrap_or(leaf).to_owned());
    }
    found
}

type Wrong = (String, Option<String>);

/// The shape at the end of a path; nothing where a function makes the value.
fn shape_of(node: &Node, from: Shape) -> Result<Option<Shape>, Wrong> {
    match node {
        Node::Current => Ok(Some(from)),
        Node::Member(left, name) => match shape_of(left, from)? {
            None => Ok(None),
            Some(shape) if shape.kind() == Kind::List => Err((
                format!("there is a list before '{name}'"),
                Some(format!("write [] before .{name}")),
            )),
            Some(shape) => match shape.member(name) {
                Some(member) => Ok(Some(member.shape())),
                None => Err((
                    format!("{} has no member '{name}'", shape.name()),
                    did_you_mean(name, shape.members().map(|member| member.name())),
                )),
            },
        },
        Node::Index(left, _) => Ok(shape_of(left, from)?.and_then(Shape::item)),
        Node::Flatten(left) | Node::Slice(left, ..) => {
            let shape = shape_of(left, from)?;
            Ok(shape.map(|shape| match shape.item() {
                Some(item) if item.kind() == Kind::List => item,
                _ => shape,
            }))
        }
        Node::Project(left, right) | Node::Filter(left, _, right) => match shape_of(left, from)? {
            None => Ok(None),
            Some(shape) => match shape.item() {
                Some(item) => shape_of(right, item),
                None => Err((
                    format!("{} is no list", shape.name()),
                    Some("leave [] out".into()),
                )),
            },
        },
        Node::Then(left, right) => match shape_of(left, from)? {
            None => Ok(None),
            Some(shape) => shape_of(right, shape),
        },
        _ => Ok(None),
    }
}
