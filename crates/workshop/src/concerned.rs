//! Which cases an edit could change.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use cases::Case;
use rules::Rules;
use serde::{Deserialize, Serialize};

use crate::Workshop;

/// A case that could come out differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concerned {
    /// Path below the cases folder.
    pub path: String,
    /// What the case shows.
    pub title: String,
    /// What the edited rule does in it.
    pub part: Part,
}

/// What the edited rule does in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// It translates the request that the case is about.
    Request,
    /// It translates a request that goes before.
    Preparation,
}

/// A case file, read as far as somebody asked.
pub(crate) struct Known {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    head: OnceCell<Option<Head>>,
    case: OnceCell<Result<Case, String>>,
}

/// What a case says before its expectation.
struct Head {
    title: String,
    action: String,
    before: BTreeSet<String>,
}

impl Known {
    pub(crate) fn new(path: &'static str, text: &'static str) -> Self {
        Self {
            path,
            text,
            head: OnceCell::new(),
            case: OnceCell::new(),
        }
    }

    /// The whole case.
    pub(crate) fn case(&self) -> Result<&Case, String> {
        self.case
            .get_or_init(|| Case::read(self.path, self.text))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Title and actions; the expectation, which is most of the file, is not read for them.
    fn head(&self) -> Option<&Head> {
        self.head
            .get_or_init(|| {
                let end = self
                    .text
                    .find("\nexpect:")
                    .map_or(self.text.len(), |at| at + 1);
                let case = Case::read(self.path, self.text.get(..end)?).ok()?;
                let before = case.given.iter().filter_map(|step| step.request.as_deref());
                Some(Head {
                    action: action(&case.request)?,
                    before: before.filter_map(action).collect(),
                    title: case.title,
                })
            })
            .as_ref()
    }
}

fn action(request: &str) -> Option<String> {
    ingest::read(request, None)
        .request
        .map(|request| request.action)
}

impl Workshop {
    /// The cases that the edits could change: first those about an edited action, then those that it prepares.
    pub fn concerned(&self) -> Vec<Concerned> {
        let edited: Vec<&str> = self.edits().keys().map(String::as_str).collect();
        self.concerned_by(&edited)
    }

    /// Reads what the case of that number is about, so that [`Workshop::concerned`] need not; `false` if there is none.
    pub fn warm(&self, number: usize) -> bool {
        let known = self.cases.get(number);
        known.is_some_and(|known| {
            known.head();
            true
        })
    }

    /// The cases that changes of these files could change.
    pub fn concerned_by(&self, paths: &[&str]) -> Vec<Concerned> {
        let engine_rules = self.engine().rules();
        let actions = [&self.rules(), &engine_rules]
            .into_iter()
            .map(|rules| actions(rules, paths))
            .reduce(|before, after| Some(before?.union(&after?).cloned().collect()))
            .flatten();
        let holds = |name: &String| {
            actions
                .as_ref()
                .is_none_or(|actions| actions.contains(name))
        };
        let mut found: Vec<Concerned> = Vec::new();
        for known in &self.cases {
            let Some(head) = known.head() else { continue };
            let part = if holds(&head.action) {
                Part::Request
            } else if head.before.iter().any(holds) {
                Part::Preparation
            } else {
                continue;
            };
            found.push(Concerned {
                path: known.path.to_owned(),
                title: head.title.clone(),
                part,
            });
        }
        found.sort_by_key(|one| one.part);
        found
    }

    /// Whether a request before the one of the case is translated by an edited rule.
    pub(crate) fn prepares(&self, known: &Known) -> bool {
        let edited: Vec<&str> = self.edits().keys().map(String::as_str).collect();
        let Some(head) = known.head() else {
            return true;
        };
        match actions(self.engine().rules(), &edited) {
            Some(actions) => head.before.iter().any(|name| actions.contains(name)),
            None => true,
        }
    }
}

/// Actions whose translation reads one of the files; `None`: all, since tables of kinds, faults and words are for everybody.
pub(crate) fn actions(rules: &Rules, paths: &[&str]) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut views = BTreeSet::new();
    for path in paths {
        let action = rules.actions.values().find(|rule| *rule.at.file == **path);
        let view = rules.views.values().find(|rule| *rule.at.file == **path);
        match (action, view) {
            (Some(rule), _) => drop(found.insert(rule.action.clone())),
            (None, Some(rule)) => drop(views.insert(rule.view.as_str())),
            // A rule that cannot be read for the moment is known from the other set of rules.
            (None, None) if rules.files.contains_key(*path) && is_rule(path) => {}
            // A gap is words about rules.
            (None, None) if path.contains("/gaps/") => {}
            (None, None) => return None,
        }
    }
    if !views.is_empty() {
        for rule in rules.actions.values() {
            if rules::lint::views(rules, rule)
                .iter()
                .any(|view| views.contains(view))
            {
                found.insert(rule.action.clone());
            }
        }
    }
    Some(found)
}

fn is_rule(path: &str) -> bool {
    path.contains('/') && !path.ends_with(".table.yaml") && !path.contains("/gaps/")
}
