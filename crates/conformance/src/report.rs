//! What a run says in the end.

use serde::{Deserialize, Serialize};

use crate::seen::Seen;

/// The report of a run; `--format json` writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this format.
    pub format: u32,
    /// The endpoint.
    pub endpoint: String,
    /// Who sent the requests: `stacklens 0.1.0`, `boto3 1.44.5`.
    pub client: String,
    /// When it began, ISO 8601.
    pub begun: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// Each story.
    pub scenarios: Vec<Told>,
    /// What was seen of each action.
    pub actions: Seen,
}

/// What became of a story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// File name without its ending.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The verdict.
    pub outcome: Outcome,
    /// Why, unless it passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Everything that was not as expected, in order; the first of the gravest kind is why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<Deviation>,
    /// What EC2 does and the endpoint does not, where a story goes on without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// Steps that went as expected.
    pub steps: u32,
    /// Requests that were sent, with those that clean up.
    pub requests: u32,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// What could not be taken away again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

/// Something that was not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation {
    /// The step: `step 3 (CreateSubnet)`.
    pub step: String,
    /// What it says of the endpoint.
    pub kind: Kind,
    /// What was found, and what was expected.
    pub why: String,
}

/// What a deviation says of the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The endpoint does not do what EC2 does.
    Failed,
    /// The endpoint does not have it.
    Lacking,
    /// Nothing: an earlier step gave no id for it.
    NotReached,
    /// Nothing: what it is about was left in another state by an earlier step.
    Consequence,
}

/// The verdict on a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was as expected.
    Passed,
    /// Something was not.
    Failed,
    /// The endpoint lacks what the story needs.
    NotApplicable,
    /// It was ended from outside.
    Interrupted,
}

impl Outcome {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotApplicable => "not applicable",
            Self::Interrupted => "interrupted",
        }
    }
}

impl Report {
    /// Number of stories with that verdict.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.scenarios
            .iter()
            .filter(|told| told.outcome == outcome)
            .count()
    }

    /// Whether nothing failed, nothing was interrupted, nothing is left, and something was judged.
    #[must_use]
    pub fn good(&self) -> bool {
        self.count(Outcome::Passed) > 0
            && self.count(Outcome::Failed) == 0
            && self.count(Outcome::Interrupted) == 0
            && self.scenarios.iter().all(|told| told.left.is_empty())
    }
}
