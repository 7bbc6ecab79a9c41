//! A rule made ready to run: names resolved to slots, views written into the places that use them.
//!
//! Linking is done once per action. Every name that can hold a value has one slot of its own, views included, since
//! rules cannot recurse; evaluation is then array access instead of name lookup.

mod dependencies;
mod link;
mod scope;
mod steady;
mod unfilled;

use rules::{At, Comparator, FaultRow, Meaning, NoteState};

use crate::functions::Function;
use crate::value::Doc;

pub use link::{empty, link, link_value};

/// An action ready to run.
#[derive(Debug)]
pub struct Plan {
    /// Its entry in the EC2 model.
    pub action: ec2_model::Action,
    /// What every slot holds.
    pub slots: Vec<SlotDef>,
    /// Calls of the action in file order, then those that views bring.
    pub calls: Vec<CallPlan>,
    /// Values of parameters that the client left out.
    pub defaults: Vec<(String, serde_json::Value)>,
    /// Reasons to say no.
    pub refuse: Vec<RefusalPlan>,
    /// When an earlier request did it all.
    pub already: Option<AlreadyPlan>,
    /// The list that `MaxResults` counts.
    pub paging: Option<PagingPlan>,
    /// The EC2 answer.
    pub answer: Tree,
    /// Filters by name.
    pub filters: Vec<FilterPlan>,
    /// Notes on parameters, each with its condition and the slot of `item` in it.
    pub notes: Vec<(rules::ParameterNote, Option<(u32, Ex)>)>,
    /// Where the action is named.
    pub at: At,
    /// EC2 elements that no row fills.
    pub unfilled: Vec<String>,
    /// Dotted names of the parameters that the rule reads, each with the first place that does.
    pub covered: Vec<(String, At)>,
}

/// What a slot holds.
#[derive(Debug)]
pub enum SlotDef {
    /// Set while a loop, a view or a call runs.
    Bound,
    /// Computed when read.
    Let(Tree),
    /// What a call gives.
    Call(usize),
}

/// A linked expression.
#[derive(Debug)]
pub enum Ex {
    /// The current value.
    Current,
    /// The whole request.
    Request,
    /// A parameter of the request.
    Parameter(Box<str>),
    /// The context.
    Context,
    /// A slot.
    Slot(u32),
    /// A constant.
    Literal(Literal),
    /// `left.name`
    Member(Box<Ex>, Box<str>),
    /// `left | right`
    Then(Box<Ex>, Box<Ex>),
    /// `left[n]`
    Index(Box<Ex>, i64),
    /// `left[a:b:c]`
    Slice(Box<Ex>, Option<i64>, Option<i64>, i64),
    /// `left[]`
    Flatten(Box<Ex>),
    /// `left.*`
    Values(Box<Ex>),
    /// `left[*].right`
    Project(Box<Ex>, Box<Ex>),
    /// `left[?condition].right`
    Filter(Box<Ex>, Box<Ex>, Box<Ex>),
    /// Comparison.
    Compare(Comparator, Box<Ex>, Box<Ex>),
    /// `&&`
    And(Box<Ex>, Box<Ex>),
    /// `||`
    Or(Box<Ex>, Box<Ex>),
    /// `!`
    Not(Box<Ex>),
    /// `[a, b]`; whether the current node is the scope, which is never null.
    List(Vec<Ex>, bool),
    /// `{a: b}`; likewise.
    Object(Vec<(Box<str>, Ex)>, bool),
    /// A function.
    Call(Function, Vec<Ex>),
    /// `&expression`
    Reference(Box<Ex>),
}

/// A constant.
#[derive(Debug)]
pub enum Literal {
    /// `null`
    Null,
    /// Boolean.
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(Box<str>),
    /// List or object.
    Doc(Box<Doc>),
}

/// A linked value of a body, an answer or a `let`.
#[derive(Debug)]
pub enum Tree {
    /// An expression.
    Ex(Ex, At),
    /// A constant; null is sent.
    Constant(Literal, At),
    /// An object; `None` as key merges the value's members in.
    Object(Vec<(Option<Box<str>>, Tree)>),
    /// The concatenation of its entries.
    List(Vec<Tree>),
    /// Something that repeats or is left out.
    Block(Box<BlockPlan>),
}

/// A linked block.
#[derive(Debug)]
pub struct BlockPlan {
    /// Only if true.
    pub when: Option<Ex>,
    /// Loops from the outside in.
    pub each: Vec<(u32, Ex)>,
    /// Grouping.
    pub group: Option<GroupPlan>,
    /// The one thing seen: slot and value.
    pub of: Option<(u32, Ex)>,
    /// Slots to forget for each item.
    pub lets: Vec<u32>,
    /// The item.
    pub item: Tree,
    /// Part in the filtering of the answer.
    pub part: Part,
}

/// Grouping of a list by key.
#[derive(Debug)]
pub struct GroupPlan {
    /// Slot of the item while its key is computed.
    pub item: u32,
    /// The list.
    pub list: Ex,
    /// The key.
    pub by: Vec<Ex>,
    /// Slot of the key.
    pub key: u32,
    /// Slot of the items of one key.
    pub group: u32,
}

/// The part a block plays when the request's filters are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// None.
    Plain,
    /// Its items are what the filters choose from.
    Item,
    /// Its items hold such items; those left empty go.
    Holder,
}

/// A linked call.
#[derive(Debug)]
pub struct CallPlan {
    /// Name.
    pub name: Box<str>,
    /// Where.
    pub at: At,
    /// Slot of what it gives.
    pub slot: u32,
    /// Slot of `reply`.
    pub reply: u32,
    /// What is sent.
    pub request: RequestPlan,
    /// One call per item.
    pub loops: Vec<(u32, Ex)>,
    /// Issue only if true.
    pub when: Option<Ex>,
    /// EC2 filters that the call can apply too.
    pub push: Vec<PushPlan>,
    /// What the name stands for.
    pub gives: Option<Tree>,
    /// The list whose pages are joined.
    pub pages: Option<Ex>,
    /// Whether it changes nothing.
    pub read: bool,
    /// A change that this read must see.
    pub follows: Option<usize>,
    /// Ask again until true; give up when; after so many tries.
    pub until: Option<(Ex, Option<Ex>, u32)>,
    /// How to take it back.
    pub undo: Option<UndoPlan>,
    /// What errors mean.
    pub faults: Vec<FaultPlan>,
    /// Members that no trace shows.
    pub hide: Vec<String>,
    /// Calls whose results it needs, as a bit set.
    pub needs: u64,
    /// Calls whose results `when` and the loops need.
    pub when_needs: u64,
    /// Calls whose results what it gives needs, itself included.
    pub gives_needs: u64,
    /// Whether it is brought by a view.
    pub from_view: bool,
    /// Whether it has to wait for a change.
    pub after_change: bool,
}

/// A linked request.
#[derive(Debug)]
pub struct RequestPlan {
    /// Where.
    pub at: At,
    /// Method.
    pub method: openstack_wire::Method,
    /// Service type.
    pub service: String,
    /// Path.
    pub path: Vec<PiecePlan>,
    /// Microversion.
    pub microversion: Option<String>,
    /// Query.
    pub query: Vec<(String, Tree)>,
    /// Body.
    pub body: Option<Tree>,
    /// EC2 ids that the path is made with, for their NotFound code.
    pub ids: Vec<Ex>,
}

/// A piece of a text.
#[derive(Debug)]
pub enum PiecePlan {
    /// As it stands.
    Literal(Box<str>),
    /// An expression.
    Ex(Ex),
}

/// A linked `push`.
#[derive(Debug)]
pub struct PushPlan {
    /// Key of the query.
    pub key: String,
    /// EC2 filter.
    pub filter: String,
    /// Slots of `value` and `key`.
    pub value: u32,
    /// Slot of the tag's key.
    pub tag_key: u32,
    /// What to send.
    pub send: Option<Ex>,
    /// The key may be repeated.
    pub many: bool,
    /// Where.
    pub at: At,
}

/// A linked undo.
#[derive(Debug)]
pub struct UndoPlan {
    /// One per item of these.
    pub loops: Vec<(u32, Ex)>,
    /// What is sent.
    pub request: RequestPlan,
}

/// A linked fault row.
#[derive(Debug)]
pub struct FaultPlan {
    /// The row as written.
    pub row: FaultRow,
    /// The meaning.
    pub meaning: MeaningPlan,
}

/// The meaning of an HTTP error.
#[derive(Debug)]
pub enum MeaningPlan {
    /// The name is null.
    Nothing,
    /// Taken as success.
    Fine,
    /// NotFound of the id in the path.
    NotFound,
    /// An EC2 error.
    Error {
        /// Code.
        code: String,
        /// Message.
        message: Option<Vec<PiecePlan>>,
    },
}

impl MeaningPlan {
    /// A meaning whose message has no expressions that need linking.
    pub fn plain(meaning: &Meaning) -> Self {
        match meaning {
            Meaning::Nothing => Self::Nothing,
            Meaning::Fine => Self::Fine,
            Meaning::NotFound => Self::NotFound,
            Meaning::Error { code, .. } => Self::Error {
                code: code.clone(),
                message: None,
            },
        }
    }
}

/// A linked refusal.
#[derive(Debug)]
pub struct RefusalPlan {
    /// Where.
    pub at: At,
    /// Refuse when true.
    pub when: Ex,
    /// Code.
    pub error: String,
    /// Message.
    pub message: Option<Vec<PiecePlan>>,
    /// Gap.
    pub gap: Option<String>,
    /// Calls that `when` needs.
    pub needs: u64,
    /// Calls that the message needs beside.
    pub message_needs: u64,
}

/// A linked `already`.
#[derive(Debug)]
pub struct AlreadyPlan {
    /// When true.
    pub when: Ex,
    /// Calls that it needs.
    pub needs: u64,
    /// What slots stand for then.
    pub using: Vec<(u32, Tree)>,
}

/// A linked `paging`.
#[derive(Debug)]
pub struct PagingPlan {
    /// Slot of the list.
    pub over: u32,
    /// The order, over an item.
    pub by: Vec<Ex>,
}

/// A linked filter.
#[derive(Debug)]
pub struct FilterPlan {
    /// Name.
    pub name: String,
    /// What it looks at.
    pub target: FilterTarget,
    /// Where.
    pub at: At,
}

/// What a filter looks at.
#[derive(Debug)]
pub enum FilterTarget {
    /// A path in the item.
    Item(Ex),
    /// A path in what holds the items.
    Holder(Ex),
    /// It cannot be honoured.
    Note {
        /// State.
        state: NoteState,
        /// Why.
        reason: String,
        /// Gap.
        gap: Option<String>,
    },
}
