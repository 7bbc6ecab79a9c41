//! The parts of the playground: side by side where there is room, one at a time where there is not.

use serde::{Deserialize, Serialize};

/// One part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The pasted request.
    #[default]
    Request,
    /// What became of each parameter.
    Ledger,
    /// The OpenStack calls.
    Calls,
    /// The EC2 answer.
    Answer,
    /// The in-browser cloud.
    Cloud,
    /// The rule beside the result.
    Rule,
}

impl Part {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 6] = [
        Self::Request,
        Self::Ledger,
        Self::Calls,
        Self::Answer,
        Self::Cloud,
        Self::Rule,
    ];

    /// The id of its element.
    pub fn id(self) -> &'static str {
        match self {
            Self::Request => "input",
            Self::Ledger => "ledger",
            Self::Calls => "calls",
            Self::Answer => "answer",
            Self::Cloud => "cloud",
            Self::Rule => "rule",
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Ledger => "Ledger",
            Self::Calls => "Calls",
            Self::Answer => "Answer",
            Self::Cloud => "Cloud",
            Self::Rule => "Rule",
        }
    }

    /// Whether a lit place, a key of [`crate::highlight`], is seen in it.
    pub fn shows(self, key: &str) -> bool {
        match self {
            Self::Request | Self::Ledger => key.starts_with('q'),
            Self::Calls => key.starts_with(['b', 'u', 'p', 'r']),
            Self::Answer => key.starts_with('a'),
            Self::Cloud | Self::Rule => false,
        }
    }
}
