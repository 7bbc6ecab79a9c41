//! The course: lessons and the map of concepts, as `www/learn` holds them. A test plays every request of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything at `#/learn`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Lessons in order.
    pub lessons: Vec<Lesson>,
    /// EC2's concepts and OpenStack's.
    pub concepts: Vec<Concept>,
}

/// One lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// Its name in addresses; the file's without number and ending.
    #[serde(default)]
    pub name: String,
    /// What it is about, as a sentence that is true.
    pub title: String,
    /// What one can do afterwards.
    pub about: String,
    /// Steps in order.
    pub steps: Vec<Step>,
}

/// One step: a text, a question, or a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Step {
    /// A request, and a question to answer before looking.
    Question(Question),
    /// Something to do in the playground.
    Task {
        /// What to do.
        task: String,
        /// The request to begin with; ids as placeholders.
        #[serde(rename = "try")]
        begin: String,
    },
    /// Something to know; paragraphs.
    Text {
        /// The words, code between backticks.
        text: String,
    },
}

/// Predict, then look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The request; ids as placeholders.
    pub request: String,
    /// What to predict.
    pub ask: String,
    /// Possible answers.
    pub options: Vec<String>,
    /// The true one, word for word.
    pub answer: String,
    /// Why.
    pub reveal: String,
    /// What the translation shows for it.
    #[serde(default, skip_serializing)]
    pub shows: Shows,
}

/// What the translation of a lesson's request must show, so that the lesson stays true.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shows {
    /// Beginnings of calls, `GET compute /servers`, in this order among others.
    pub calls: Vec<String>,
    /// Parameters as the ledger writes them, and their states.
    pub states: BTreeMap<String, String>,
    /// EC2 error code; without it the request succeeds.
    pub error: Option<String>,
    /// Texts of the answer by JSON pointer.
    pub answer: BTreeMap<String, String>,
}

/// A row of the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// EC2's word.
    pub ec2: String,
    /// Prefix of its ids, if it has ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// OpenStack's word.
    pub openstack: String,
    /// The service or services that keep it.
    pub service: String,
    /// An action whose documentation tells more.
    pub rule: String,
    /// Where the two differ most.
    pub trap: String,
}
