//! The files: stories, what they need, and how what they make is undone.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A story: requests in order, and what is expected of each answer.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// File name without its ending; what `--scenario` takes.
    #[serde(skip)]
    pub name: String,
    /// What the story shows, in a few words.
    pub title: String,
    /// More about it.
    #[serde(default)]
    pub about: Option<String>,
    /// What has to be there, by names of `setup/needs.yaml`; each gives a value of its name. An endpoint that lacks one is not
    /// judged by this story.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Nothing else runs at the same time, since the story uses up what all share.
    #[serde(default)]
    pub alone: bool,
    /// The requests.
    pub steps: Vec<Step>,
}

/// One request and what is expected of it, or several at once.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What happens, for whoever reads the report.
    #[serde(default)]
    pub say: Option<String>,
    /// EC2 action: `CreateVolume`.
    #[serde(default, rename = "do")]
    pub action: Option<String>,
    /// Parameters by boto3's names. `${…}` in a text is a JMESPath expression over the saved values; a text that is one such
    /// expression becomes its value, whatever its type. `{ base64: text }` is the text in base64.
    #[serde(default)]
    pub with: Map<String, Value>,
    /// Who asks; default: `me`.
    #[serde(default, rename = "as")]
    pub who: Who,
    /// What the answer must say: JMESPath over the answer, and the value it has to have.
    #[serde(default)]
    pub expect: IndexMap<String, Expected>,
    /// As `expect`, but an endpoint may be without it: the report says what is lacking, and the story goes on.
    #[serde(default)]
    pub wish: IndexMap<String, Expected>,
    /// Asked again until the answer says this, as `expect` does.
    #[serde(default)]
    pub until: IndexMap<String, Expected>,
    /// Longest time for `until`, in seconds; default: 120.
    #[serde(default)]
    pub within: Option<u32>,
    /// The request must be refused with this code, or one of these.
    #[serde(default)]
    pub error: Option<Codes>,
    /// Values to keep for later steps: name, and JMESPath over the answer.
    #[serde(default)]
    pub save: IndexMap<String, String>,
    /// What the expectations show to work: parameters as `CidrBlock` or `TagSpecifications.Tags`, filters as `filter:status`; of an
    /// earlier step with its action in front: `CreateVpc.CidrBlock`.
    #[serde(default)]
    pub shows: Vec<String>,
    /// Follow `NextToken` to the end: the answer is `{ Pages: [ … ] }`.
    #[serde(default)]
    pub pages: bool,
    /// The same request so many times, one after the other: the answer is `{ Answers: [ … ] }`.
    #[serde(default)]
    pub times: Option<u32>,
    /// The same request so many times, at once: the answer is `{ Answers: [ … ] }`. `${number}` is 0, 1, 2 …
    #[serde(default)]
    pub copies: Option<u32>,
    /// The request again and again until it is refused with `error`, at most so many times: the answer is `{ Answers: [ … ] }`. An
    /// endpoint that never refuses is not judged by the rest of the story.
    #[serde(default)]
    pub up_to: Option<u32>,
    /// Error codes that mean that the endpoint cannot do this: the rest of the story does not judge it.
    #[serde(default)]
    pub lacking: Vec<String>,
    /// Create without the tag `Name` that marks what a run made.
    #[serde(default)]
    pub unmarked: bool,
    /// Steps that are sent at once; they do not see each other's values.
    #[serde(default)]
    pub together: Vec<Step>,
}

/// Who asks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    /// The first credential.
    #[default]
    Me,
    /// The credential of another project or account.
    Other,
}

impl Who {
    /// `me` or `other`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Me => "me",
            Self::Other => "other",
        }
    }
}

/// One error code or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Codes {
    /// `InvalidVolume.NotFound`
    One(String),
    /// Any of these.
    Any(Vec<String>),
}

impl Codes {
    /// The codes.
    #[must_use]
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(code) => std::slice::from_ref(code),
            Self::Any(codes) => codes,
        }
    }
}

/// What a value has to be.
#[derive(Clone, Debug, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum Expected {
    /// A text that this regular expression finds something in.
    Matches(Matches),
    /// A list of these items in any order.
    Items(Items),
    /// One of these.
    OneOf(OneOf),
    /// Equal to this.
    Value(Value),
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let value = Value::deserialize(from)?;
        let word = match &value {
            Value::Object(members) if members.len() == 1 => members.keys().next().cloned(),
            _ => None,
        };
        let told = |why: serde_json::Error| D::Error::custom(why);
        Ok(match word.as_deref() {
            Some("matches") => Self::Matches(serde_json::from_value(value).map_err(told)?),
            Some("items") => Self::Items(serde_json::from_value(value).map_err(told)?),
            Some("one-of") => Self::OneOf(serde_json::from_value(value).map_err(told)?),
            _ => Self::Value(value),
        })
    }
}

/// `{ matches: '^vol-' }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matches {
    /// A regular expression.
    pub matches: String,
}

/// `{ items: [ … ] }`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// The items, or `${…}` that is a list.
    pub items: Value,
}

/// `{ one-of: [ … ] }`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OneOf {
    /// The values.
    pub one_of: Vec<Value>,
}

/// `setup/needs.yaml`: what stories need, by name.
pub type Needs = IndexMap<String, Need>;

/// How a value that stories need is found.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// What it is: `an image to boot from`.
    pub about: String,
    /// Describing requests, until one gives a value.
    #[serde(default)]
    pub tries: Vec<Try>,
}

/// A describing request and where the value stands in its answer.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Try {
    /// EC2 action.
    #[serde(rename = "do")]
    pub action: String,
    /// Parameters by boto3's names.
    #[serde(default)]
    pub with: Map<String, Value>,
    /// JMESPath over the answer; null or an empty list: not found.
    pub take: String,
}

/// `setup/undo.yaml`: what is undone after which action.
pub type UndoTable = IndexMap<String, Undo>;

/// How what an action made is taken away again.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// JMESPath over `{ request, answer }`: what was made, one or a list; `${it}` below.
    pub each: String,
    /// EC2 action that takes it away.
    #[serde(rename = "do")]
    pub action: String,
    /// Its parameters; `${it}` is the thing, `${request.…}` and `${answer.…}` are known too.
    pub with: Map<String, Value>,
    /// Error codes that mean that it is gone already.
    #[serde(default)]
    pub gone: Vec<String>,
    /// Asked after, until it is gone.
    #[serde(default)]
    pub after: Option<Settle>,
    /// The parameter by which a creation marks what it makes, if the story does not give it: `TagSpecifications`.
    #[serde(default)]
    pub mark: Option<String>,
    /// What `TagSpecifications` calls such a thing.
    #[serde(default)]
    pub resource_type: Option<String>,
    /// How leftovers of an earlier run are found; `${prefix}` begins the names.
    #[serde(default)]
    pub leftovers: Option<Try>,
}

/// A describing request that is repeated until its answer says so.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// EC2 action.
    #[serde(rename = "do")]
    pub action: String,
    /// Parameters.
    #[serde(default)]
    pub with: Map<String, Value>,
    /// JMESPath over the answer that is true then; an error ends the waiting too.
    pub until: String,
}
