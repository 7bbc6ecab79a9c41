//! Which rule lines made what of a translation.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use translator::trace::{RuleLine, TracedCall};

use crate::highlight;
use crate::lit::Lit;
use crate::session::Translated;

/// A line of a rule file, as a place that can be looked at: `l/12/volume/CreateVolume.yaml`.
pub fn line_key(file: &str, line: u32) -> String {
    format!("l/{line}/{file}")
}

/// The line that a key stands for, if it stands for one.
pub fn line_of(key: &str) -> Option<(u32, &str)> {
    let (line, file) = key.strip_prefix("l/")?.split_once('/')?;
    Some((line.parse().ok()?, file))
}

/// The keys of everything that a rule line made.
pub fn made_by(result: &Translated, line: u32, file: &str) -> Vec<String> {
    let is_it = |rule: &RuleLine| rule.line == line && rule.file == file;
    let mut keys = BTreeSet::new();
    each(result, |key, rule| {
        if is_it(rule) {
            keys.insert(key());
        }
    });
    keys.into_iter().collect()
}

/// Every value that was made, with its rule line; keys are made only where somebody asks.
fn each<'t>(result: &'t Translated, mut see: impl FnMut(&dyn Fn() -> String, &'t RuleLine)) {
    for row in result.ledger.iter() {
        if let (Some(pointer), Some(rule)) = (&row.pointer, &row.rule) {
            see(&|| format!("q{pointer}"), rule);
        }
    }
    for call in result.calls.iter() {
        let call: &TracedCall = call;
        for link in &call.links {
            see(&|| highlight::key(&link.to), &link.rule);
        }
    }
    for leaf in result.leaves() {
        see(&|| format!("a{}", leaf.pointer), &leaf.rule);
    }
}

/// The lines in force, and the way from a value to its line.
#[derive(Debug, Default, PartialEq)]
pub struct InForce {
    /// Lines that made something, by file.
    files: BTreeMap<String, BTreeSet<u32>>,
    /// The file that the request's action stands in.
    first: String,
    by_key: HashMap<String, RuleLine>,
}

impl InForce {
    /// Of a translation.
    pub fn new(result: &Translated) -> Self {
        let mut made = Self::default();
        each(result, |key, rule| {
            made.line(rule);
            made.by_key.entry(key()).or_insert_with(|| rule.clone());
        });
        for call in result.calls.iter() {
            made.line(&call.rule);
        }
        let own = format!("/{}.yaml", result.action);
        let first = made.files.keys().find(|file| file.ends_with(&own));
        made.first = first.cloned().unwrap_or(own);
        made
    }

    fn line(&mut self, rule: &RuleLine) {
        match self.files.get_mut(&rule.file) {
            Some(lines) => drop(lines.insert(rule.line)),
            None => drop(
                self.files
                    .insert(rule.file.clone(), BTreeSet::from([rule.line])),
            ),
        }
    }

    /// The file of the action, perhaps only its end: an action whose request was refused early has made nothing.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// Files with lines in force: the action's own, then the others by name.
    pub fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.files.keys().map(String::as_str).collect();
        files.sort_by_key(|file| *file != self.first);
        files
    }

    /// The lines in force of a file, in order.
    pub fn lines(&self, file: &str) -> Vec<u32> {
        self.files
            .get(file)
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }

    /// Their number.
    pub fn count(&self, file: &str) -> usize {
        self.files.get(file).map_or(0, BTreeSet::len)
    }

    /// The lines of a file that made what is lit.
    pub fn lit(&self, lit: &Lit, file: &str) -> BTreeSet<u32> {
        let mut lines = BTreeSet::new();
        if let Some((line, of)) = line_of(&lit.focus) {
            if of == file {
                lines.insert(line);
            }
            return lines;
        }
        for key in &lit.keys {
            // What holds a value was made by the line that made the value.
            let mut holder = Some(key.as_str());
            while let Some(key) = holder {
                if let Some(rule) = self.by_key.get(key) {
                    if rule.file == file {
                        lines.insert(rule.line);
                    }
                    break;
                }
                holder = key.rfind('/').and_then(|at| key.get(..at));
            }
        }
        lines
    }
}
