//! The rule files as they are and as they are edited.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use rules::{Problem, Rules, Severity};
use serde::{Deserialize, Serialize};
use translator::Engine;

use crate::concerned::{Known, actions};
use crate::difference::with_line_feeds;

/// Rule files and cases, and what was edited in them.
pub struct Workshop {
    rules: Rules,
    pub(crate) cases: Vec<Known>,
    edits: BTreeMap<String, String>,
    edited: Option<Edited>,
    /// Case files as they come out with the edited rules, by path.
    pub(crate) renewed: BTreeMap<String, String>,
    as_is: OnceCell<Engine>,
}

/// The rules with the edits in them.
struct Edited {
    engine: Engine,
    remarks: Vec<Remark>,
    /// What was looked at has no errors.
    usable: bool,
    /// All was looked at that can be wrong.
    whole: bool,
}

/// What is wrong with a rule file, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Path below the rules folder.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in characters.
    pub column: u32,
    /// The rule must not be used; otherwise it works, and a reviewer would ask for a change.
    pub error: bool,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What to write instead, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl From<&Problem> for Remark {
    fn from(problem: &Problem) -> Self {
        Self {
            file: problem.at.file.to_string(),
            line: problem.at.line,
            column: problem.at.column,
            error: problem.severity == Severity::Error,
            message: problem.message.clone(),
            mend: problem.mend.clone(),
        }
    }
}

/// What was found in the edited rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What is wrong, in the order of files and lines; also in files that were not edited, if the edit broke them.
    pub remarks: Vec<Remark>,
    /// Whether requests can be translated with these rules: nothing is wrong with the edited actions themselves.
    pub usable: bool,
    /// Whether any file differs from what it was.
    pub changed: bool,
}

impl Workshop {
    /// Takes rule files (path below the rules folder, text) and case files (path below the cases folder, text).
    ///
    /// ```
    /// use workshop::Workshop;
    ///
    /// let rules = rules::Rules::built_in_files().iter().copied();
    /// let mut workshop = Workshop::new(rules, cases::files().iter().copied());
    /// let path = "volume/DeleteVolume.yaml";
    /// let text = workshop.text(path).unwrap().replace("calls:", "cals:");
    /// let checked = workshop.edit(path, &text);
    /// assert!(!checked.usable);
    /// assert_eq!(checked.remarks[0].mend.as_deref(), Some("did you mean 'calls'?"));
    /// ```
    pub fn new<P: Into<String>, T: Into<String>>(
        rule_files: impl IntoIterator<Item = (P, T)>,
        case_files: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Self {
        Self {
            rules: Rules::load(rule_files).0,
            cases: case_files
                .into_iter()
                .map(|(path, text)| Known::new(path, text))
                .collect(),
            edits: BTreeMap::new(),
            edited: None,
            renewed: BTreeMap::new(),
            as_is: OnceCell::new(),
        }
    }

    /// Paths of all rule files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.rules.files.keys().map(String::as_str)
    }

    /// The rules as they are, without the edits.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// A rule file as it is now: edited, or as it came. `None` if there is no such file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.edits
            .get(path)
            .or_else(|| self.rules.files.get(path))
            .map(String::as_str)
    }

    /// A rule file as it came.
    pub fn original(&self, path: &str) -> Option<&str> {
        self.rules.files.get(path).map(String::as_str)
    }

    /// The edited files that differ from what they were: path, text.
    pub fn edits(&self) -> &BTreeMap<String, String> {
        &self.edits
    }

    /// Gives a rule file another text and says what is wrong now. Line ends become line feeds, as all rule files have
    /// them. The original text takes the edit back.
    pub fn edit(&mut self, path: &str, text: &str) -> Checked {
        let text = with_line_feeds(text);
        match self.rules.files.get(path) {
            Some(original) if *original == text => drop(self.edits.remove(path)),
            Some(_) => drop(self.edits.insert(path.to_owned(), text)),
            // Nobody can be offered a file that is not there; a caller that asks is told so below.
            None => {
                let remark = Remark {
                    file: path.to_owned(),
                    line: 1,
                    column: 1,
                    error: true,
                    message: format!("there is no rule file '{path}'"),
                    mend: rules::closest(path, self.paths())
                        .map(|known| format!("did you mean '{known}'?")),
                };
                return Checked {
                    remarks: vec![remark],
                    usable: false,
                    changed: !self.edits.is_empty(),
                };
            }
        }
        self.renewed.clear();
        self.load(true);
        self.checked()
    }

    /// Gives these rule files other texts, and all others the texts they came with. Without a change since the last
    /// edit nothing is loaded anew. Files that do not exist are left out. Only what the edits concern is looked at;
    /// [`Workshop::look_at_all`] does the rest.
    pub fn edit_all(&mut self, edits: &BTreeMap<String, String>) -> Checked {
        let wanted: BTreeMap<String, String> = edits
            .iter()
            .map(|(path, text)| (path.clone(), with_line_feeds(text)))
            .filter(|(path, text)| self.original(path).is_some_and(|original| original != text))
            .collect();
        if wanted != self.edits {
            self.edits = wanted;
            self.renewed.clear();
            self.load(false);
        }
        self.checked()
    }

    /// Looks at all that can be wrong with the edited rules, once; what is wrong now.
    pub fn look_at_all(&mut self) -> Checked {
        if let Some(edited) = &mut self.edited
            && !edited.whole
        {
            let problems = rules::lint(edited.engine.rules());
            edited.remarks = problems.iter().map(Remark::from).collect();
            edited.whole = true;
        }
        self.checked()
    }

    /// The rules with the edits in them.
    pub fn edited_rules(&self) -> &Rules {
        self.engine().rules()
    }

    /// Takes all edits back.
    pub fn reset(&mut self) {
        self.edits.clear();
        self.renewed.clear();
        self.edited = None;
    }

    /// What is wrong with the rules as they are edited now.
    pub fn checked(&self) -> Checked {
        let edited = self.edited.as_ref();
        Checked {
            remarks: edited
                .map(|edited| edited.remarks.clone())
                .unwrap_or_default(),
            usable: edited.is_none_or(|edited| edited.usable),
            changed: !self.edits.is_empty(),
        }
    }

    /// The edited rules, ready to translate with; as they came if nothing is edited.
    pub fn engine(&self) -> &Engine {
        match &self.edited {
            Some(edited) => &edited.engine,
            None => self.as_is.get_or_init(|| Engine::new(self.rules.clone())),
        }
    }

    fn load(&mut self, whole: bool) {
        if self.edits.is_empty() {
            self.edited = None;
            return;
        }
        let mut rules = self.rules.clone();
        let mut problems = Vec::new();
        for (path, text) in &self.edits {
            problems.append(&mut rules.replace(path, text));
        }
        // What cannot be read would only make the linter repeat itself.
        let wrong = |problems: &[rules::Problem]| {
            problems
                .iter()
                .any(|problem| problem.severity == Severity::Error)
        };
        let unreadable = wrong(&problems);
        if !unreadable && whole {
            problems.append(&mut rules::lint(&rules));
        } else if !unreadable {
            let paths: Vec<&str> = self.edits.keys().map(String::as_str).collect();
            let concerned = actions(&rules, &paths);
            let is_concerned = |rule: &rules::ActionRule| {
                concerned
                    .as_ref()
                    .is_none_or(|concerned| concerned.contains(&rule.action))
            };
            problems.append(&mut rules::lint::some(&rules, is_concerned));
        }
        self.edited = Some(Edited {
            remarks: problems.iter().map(Remark::from).collect(),
            usable: !wrong(&problems),
            whole: whole || unreadable,
            engine: Engine::new(rules),
        });
    }
}
