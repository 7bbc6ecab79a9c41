//! Reading the files, and saying what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use ec2_model::Action;
use serde_json::{Map, Value};

use crate::format::{Needs, Scenario, Step, UndoTable};
use crate::run::shown_name;
use crate::seen::{filter_names, parameter_names};

include!(concat!(env!("OUT_DIR"), "/stories.rs"));

/// Stories, what they need, and how what they make is undone.
#[derive(Clone, Debug)]
pub struct Suite {
    /// The stories by name.
    pub scenarios: Vec<Scenario>,
    /// What they may need.
    pub needs: Needs,
    /// What undoes what.
    pub undo: UndoTable,
}

impl Suite {
    /// The stories that are built in.
    ///
    /// # Errors
    /// A sentence for the first file that cannot be read.
    pub fn built_in() -> Result<Self, String> {
        Self::read(STORIES.iter().copied(), NEEDS, UNDO)
    }

    /// The built-in tables for what stories need and how they are undone: the texts of `setup/needs.yaml` and `setup/undo.yaml`.
    #[must_use]
    pub fn built_in_setup() -> (&'static str, &'static str) {
        (NEEDS, UNDO)
    }

    /// Reads stories, each as name and text.
    ///
    /// # Errors
    /// A sentence that names the file and what is wrong with it.
    pub fn read<'a>(
        stories: impl IntoIterator<Item = (&'a str, &'a str)>,
        needs: &str,
        undo: &str,
    ) -> Result<Self, String> {
        let needs: Needs =
            serde_saphyr::from_str(needs).map_err(|why| format!("setup/needs.yaml: {why}"))?;
        let undo: UndoTable =
            serde_saphyr::from_str(undo).map_err(|why| format!("setup/undo.yaml: {why}"))?;
        let mut suite = Self {
            scenarios: Vec::new(),
            needs,
            undo,
        };
        for (name, text) in stories {
            let scenario = Scenario {
                name: name.to_owned(),
                ..serde_saphyr::from_str(text).map_err(|why| format!("{name}.yaml: {why}"))?
            };
            if let Some(mistake) = suite.mistakes(&scenario).first() {
                return Err(format!("{name}.yaml: {mistake}"));
            }
            suite.scenarios.push(scenario);
        }
        Ok(suite)
    }

    /// What is wrong with a story besides its form.
    fn mistakes(&self, scenario: &Scenario) -> Vec<String> {
        let mut mistakes = Vec::new();
        for need in &scenario.needs {
            if !self.needs.contains_key(need) {
                mistakes.push(format!("setup/needs.yaml has no '{need}'"));
            }
        }
        let mut sent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let two = scenario.needs.iter().any(|need| need == "other");
        for (index, step) in scenario.steps.iter().enumerate() {
            let mut found = Vec::new();
            let all = if step.together.is_empty() {
                std::slice::from_ref(step)
            } else {
                step.together.as_slice()
            };
            for one in all {
                self.mistakes_of(one, two, &mut sent, &mut found);
            }
            let number = index + 1;
            mistakes.extend(
                found
                    .iter()
                    .map(|mistake| format!("step {number}: {mistake}")),
            );
        }
        mistakes
    }

    fn mistakes_of(
        &self,
        step: &Step,
        two: bool,
        sent: &mut BTreeMap<String, BTreeSet<String>>,
        mistakes: &mut Vec<String>,
    ) {
        let Some(name) = step.action.as_deref() else {
            mistakes.push("it needs 'do' or 'together'".to_owned());
            return;
        };
        if !step.together.is_empty() {
            mistakes.push("'together' cannot stand in itself".to_owned());
        }
        if step.who == crate::Who::Other && !two {
            mistakes.push("'as: other' needs 'needs: [other]'".to_owned());
        }
        if step.up_to.is_some() && step.error.is_none() {
            mistakes.push("'up_to' needs the 'error' that ends it".to_owned());
        }
        // A story may ask for what EC2 does not know, if it expects to be refused.
        let action = match ec2_model::action(name) {
            Some(action) => action,
            None if step.error.is_some() => return,
            None => {
                mistakes.push(format!("EC2 has no action '{name}'"));
                return;
            }
        };
        if step.error.is_none() {
            unknown(action, &step.with, mistakes);
        }
        let names = sent.entry(name.to_owned()).or_default();
        names.extend(parameter_names(&step.with));
        names.extend(
            filter_names(&step.with)
                .iter()
                .map(|name| format!("filter:{name}")),
        );
        if step.pages {
            names.insert("NextToken".to_owned());
        }
        if let Some(mark) = self.undo.get(name).and_then(|undo| undo.mark.as_ref()) {
            names.insert(mark.clone());
        }
        if !step.shows.is_empty()
            && step.expect.is_empty()
            && step.wish.is_empty()
            && step.until.is_empty()
            && step.error.is_none()
        {
            mistakes.push("'shows' needs something that is expected".to_owned());
        }
        for shown in &step.shows {
            let (action, part) = shown_name(shown, name);
            if !sent.get(action).is_some_and(|names| names.contains(part)) {
                mistakes.push(format!("'shows': {action} was not sent with {part}"));
            }
        }
    }
}

/// Parameters that EC2 does not know.
fn unknown(action: Action, with: &Map<String, Value>, mistakes: &mut Vec<String>) {
    for name in parameter_names(with) {
        let mut shape = Some(action.input());
        let known = name.split('.').all(|part| {
            while let Some(item) = shape.and_then(ec2_model::Shape::item) {
                shape = Some(item);
            }
            shape = shape
                .and_then(|shape| shape.member(part))
                .map(|member| member.shape());
            // The text that becomes base64 stands where a text goes.
            shape.is_some() || part == "base64"
        });
        if !known {
            mistakes.push(format!("{} has no parameter {name}", action.name()));
        }
    }
}
