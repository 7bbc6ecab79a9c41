//! What was found out about a cloud.

use std::collections::BTreeSet;

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// As it should be.
    Fine,
    /// Works, and is worth knowing.
    Note,
    /// Some actions fail because of it.
    Missing,
    /// Could not be found out.
    Unknown,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Part of the cloud: `identity`, `compute`.
    pub area: &'static str,
    /// Short name of the check, for programs: `extension-router`.
    pub check: String,
    /// How bad it is.
    pub status: Status,
    /// What was found, in a sentence.
    pub says: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
    /// EC2 actions that fail or do less because of it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub actions: BTreeSet<String>,
}

impl Finding {
    fn new(area: &'static str, check: &str, status: Status, says: String) -> Self {
        Self {
            area,
            check: check.to_owned(),
            status,
            says,
            mend: None,
            actions: BTreeSet::new(),
        }
    }

    /// As it should be.
    pub fn fine(area: &'static str, check: &str, says: impl Into<String>) -> Self {
        Self::new(area, check, Status::Fine, says.into())
    }

    /// Worth knowing.
    pub fn note(area: &'static str, check: &str, says: impl Into<String>) -> Self {
        Self::new(area, check, Status::Note, says.into())
    }

    /// Missing, with the actions that need it.
    pub fn missing(
        area: &'static str,
        check: &str,
        says: impl Into<String>,
        actions: BTreeSet<String>,
    ) -> Self {
        let mut finding = Self::new(area, check, Status::Missing, says.into());
        finding.actions = actions;
        finding
    }

    /// Could not be found out.
    pub fn unknown(area: &'static str, check: &str, says: impl Into<String>) -> Self {
        Self::new(area, check, Status::Unknown, says.into())
    }

    /// What to do about it.
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }
}

/// All that was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Name of the cloud in `clouds.yaml`.
    pub cloud: String,
    /// What was looked at, in order.
    pub findings: Vec<Finding>,
    /// Actions that have a rule.
    pub actions: usize,
    /// Actions that something that is missing affects.
    pub affected: BTreeSet<String>,
    /// The worst that was found; `unknown` when the cloud could not be looked at.
    pub verdict: Option<Status>,
}

impl Report {
    /// Closes the report. A cloud that could not be looked at is `unknown`; a single open question is not.
    pub fn close(&mut self, could_look: bool) {
        self.affected = self
            .findings
            .iter()
            .filter(|finding| finding.status == Status::Missing)
            .flat_map(|finding| finding.actions.iter().cloned())
            .collect();
        let missing = self
            .findings
            .iter()
            .any(|finding| finding.status == Status::Missing);
        self.verdict = Some(match (could_look, missing) {
            (false, _) => Status::Unknown,
            (true, true) => Status::Missing,
            (true, false) => Status::Fine,
        });
    }
}
