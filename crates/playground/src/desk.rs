//! Rules beside the result: the file that is looked at, and what was edited. Time comes in with each action.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::bench::Bench;
use crate::part::Part;
use crate::state::State;

/// More bytes of edited rules than this go into no link.
pub const LARGEST: usize = 256 * 1024;

/// A bench that compares by identity.
#[derive(Clone)]
pub struct BenchRef(pub Rc<dyn Bench>);

impl PartialEq for BenchRef {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for BenchRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bench")
    }
}

/// What lies on the desk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// The files and cases, once they are there.
    pub bench: Option<BenchRef>,
    /// Whether the rule is shown.
    pub open: bool,
    /// Path of the file that is shown, or the end of one; empty: the file of the request's action.
    pub file: Rc<str>,
    /// Line to bring into view; 0 is none.
    pub line: u32,
    /// Counts the jumps to a line.
    pub jumps: u32,
    /// Whether the file may be typed in.
    pub editing: bool,
    /// Edited files by path: what links and the browser's storage keep.
    pub edits: Rc<BTreeMap<String, String>>,
    /// What was edited before a link brought other edits.
    pub before: Option<Rc<BTreeMap<String, String>>>,
    /// The edits have errors, so that the last rules without any are used.
    pub broken: bool,
    /// Counts the edits.
    pub version: u32,
    /// Counts the edits that did not come from the keyboard.
    pub resets: u32,
}

/// What a person does at the desk.
#[derive(Clone, Debug, PartialEq)]
pub enum DeskAction {
    /// Show a file (its path, the end of it, or nothing for the action's) and a line of it; 0 is none.
    Show(String, u32),
    /// Hide the rule; the edits stay.
    Close,
    /// Let the file be typed in, or not.
    Editing(bool),
    /// The file holds this text now.
    Edit(String, String),
    /// Take the edit of a file back, or all.
    Reset(Option<String>),
}

impl Desk {
    /// The whole path of the file that is shown; `own` is the action's.
    pub fn path(&self, own: &str) -> Option<String> {
        let wanted = match &*self.file {
            "" => own,
            file => file,
        };
        let paths = self.bench.as_ref()?.0.paths();
        let end = format!("/{}", wanted.trim_start_matches('/'));
        paths
            .into_iter()
            .find(|path| path == wanted || path.ends_with(&end))
    }

    /// A file as it came.
    pub fn original(&self, path: &str) -> Option<String> {
        self.bench.as_ref()?.0.text(path)
    }

    /// A file as it is now.
    pub fn text(&self, path: &str) -> Option<String> {
        let edited = self.edits.get(path).cloned();
        edited.or_else(|| self.original(path))
    }

    /// The edited files as they came.
    pub fn originals(&self) -> BTreeMap<String, String> {
        let paths = self.edits.keys();
        paths
            .filter_map(|path| Some((path.clone(), self.original(path)?)))
            .collect()
    }

    /// Takes the edits of a kept session, and shows them.
    pub(crate) fn bring(&mut self, edits: &BTreeMap<String, String>) {
        self.edits = Rc::new(edits.clone());
        self.resets += 1;
        self.editing = !edits.is_empty();
        if let Some(path) = edits.keys().next() {
            self.open = true;
            self.file = path.as_str().into();
        }
    }
}

impl State {
    /// What the page is after a person did something at the desk.
    pub(crate) fn at_desk(&mut self, action: DeskAction, now: i64) {
        match action {
            DeskAction::Show(file, line) => {
                self.desk.open = true;
                self.desk.file = file.into();
                self.desk.line = line;
                self.desk.jumps += 1;
            }
            DeskAction::Close => {
                self.desk.open = false;
                if self.part == Part::Rule {
                    self.part = Part::Request;
                }
            }
            DeskAction::Editing(editing) => self.desk.editing = editing,
            DeskAction::Edit(path, text) => {
                if self.desk.text(&path).as_ref() == Some(&text) {
                    return;
                }
                let original = self.desk.original(&path);
                let edits = Rc::make_mut(&mut self.desk.edits);
                if original.as_ref() == Some(&text) {
                    edits.remove(&path);
                } else {
                    edits.insert(path, text);
                }
                self.follow_edits(now);
            }
            DeskAction::Reset(path) => {
                let edits = Rc::make_mut(&mut self.desk.edits);
                match path {
                    Some(path) => drop(edits.remove(&path)),
                    None => edits.clear(),
                }
                self.desk.resets += 1;
                self.follow_edits(now);
            }
        }
    }

    /// Translates what is shown with the edits.
    fn follow_edits(&mut self, now: i64) {
        self.use_edits();
        if self.desk.broken {
            return;
        }
        let (notice, sent) = (self.notice.take(), self.sent);
        let text = self.view.text.clone();
        self.read(&text, self.time(now));
        (self.notice, self.sent) = (notice, sent && self.view.stale);
    }

    /// Puts the edited rules to use, unless they have errors: then the last ones that had none.
    pub(crate) fn use_edits(&mut self) {
        let Some(bench) = &self.desk.bench else {
            return;
        };
        // Who never edits never has the files read.
        if self.desk.edits.is_empty() && self.desk.version == 0 && !self.session.is_edited() {
            return;
        }
        let rules = bench.0.edit(&self.desk.edits);
        self.desk.version += 1;
        self.desk.broken = rules.is_none();
        let session = match rules {
            _ if self.desk.originals().is_empty() => self.session.with_rules(None),
            Some(rules) => self.session.with_rules(Some(rules)),
            None => return,
        };
        self.session = Rc::new(session);
    }

    /// Edits of files that this page does not have, in a sentence.
    pub(crate) fn unknown_edits(&self) -> Option<String> {
        self.desk.bench.as_ref()?;
        let known = self.desk.originals();
        let unknown: Vec<&str> = self
            .desk
            .edits
            .keys()
            .filter(|path| !known.contains_key(*path))
            .map(String::as_str)
            .collect();
        (!unknown.is_empty()).then(|| {
            format!("The link edits {}, which this page has no rule file for. What you see is without that edit.", unknown.join(", "))
        })
    }
}
