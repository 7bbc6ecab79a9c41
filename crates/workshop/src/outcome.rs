//! What a case comes to with the edited rules.

use cases::{Case, Recording, Simulated};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::difference::{Section, sections};
use crate::{Part, Workshop};

/// A case that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran {
    /// Path below the cases folder.
    pub path: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Outcome {
    /// The same calls, ledger and answer.
    Same,
    /// Something differs.
    Changed {
        /// What differs, part by part.
        sections: Vec<Section>,
    },
    /// The case cannot be run.
    Fails {
        /// Why.
        why: String,
    },
}

impl Workshop {
    /// Runs a case with the rules as they are edited. A request whose calls are the recorded ones gets the recorded
    /// replies; otherwise the case is run on a fresh simulated cloud, as it was when it was recorded.
    pub fn run(&mut self, path: &str) -> Ran {
        let outcome = self.outcome(path);
        Ran {
            path: path.to_owned(),
            outcome,
        }
    }

    fn outcome(&mut self, path: &str) -> Outcome {
        let fails = |why: String| Outcome::Fails { why };
        let Some(known) = self.cases.iter().find(|known| known.path == path) else {
            return fails(format!("there is no case '{path}'"));
        };
        let case = match known.case() {
            Ok(case) => case,
            Err(why) => return fails(why),
        };
        if !self.prepares(known) && is_as_expected(case, &case.replay(self.engine())) {
            self.renewed.remove(path);
            return Outcome::Same;
        }
        match case.record(self.engine(), &mut Simulated::new()) {
            Err(why) => {
                self.renewed.remove(path);
                fails(why)
            }
            Ok(found) if case.expect.as_ref() == Some(&found.expect) => {
                self.renewed.remove(path);
                Outcome::Same
            }
            Ok(found) => {
                let before = case.expect.as_ref().unwrap_or(&Value::Null);
                let sections = sections(before, &found.expect);
                let text = case.with_expectation(&found.expect);
                self.renewed.insert(path.to_owned(), text);
                Outcome::Changed { sections }
            }
        }
    }

    /// Runs every concerned case that a patch may hold.
    pub(crate) fn run_all(&mut self) -> Vec<(Part, Ran)> {
        self.concerned()
            .into_iter()
            .map(|case| (case.part, self.run(&case.path)))
            .collect()
    }
}

fn is_as_expected(case: &Case, recording: &Result<Recording, String>) -> bool {
    recording
        .as_ref()
        .is_ok_and(|found| case.expect.as_ref() == Some(&found.expect))
}
