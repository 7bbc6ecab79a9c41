//! What a rule file says, as data; the format itself is described in this crate's README.

use serde_json::Value;

use crate::Expression;

/// A place in a rule file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct At {
    /// Path below the rules folder: `instance/RunInstances.yaml`.
    pub file: std::sync::Arc<str>,
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in characters.
    pub column: u32,
}

/// One EC2 action.
#[derive(Clone, Debug)]
pub struct ActionRule {
    /// Where the file names the action.
    pub at: At,
    /// `RunInstances`.
    pub action: String,
    /// The mapping's reasoning, for readers.
    pub about: Option<String>,
    /// Values of parameters that the client left out.
    pub defaults: Vec<(String, Value, At)>,
    /// Calls in file order.
    pub calls: Vec<CallRule>,
    /// Named values.
    pub lets: Vec<Let>,
    /// Reasons to say no, in file order; the first that holds wins.
    pub refuse: Vec<Refusal>,
    /// When the request was fulfilled by an earlier one.
    pub already: Option<Already>,
    /// The list that `MaxResults` counts.
    pub paging: Option<Paging>,
    /// The EC2 answer, by boto3 names.
    pub answer: Tree,
    /// What becomes of parameters that are not plainly mapped.
    pub parameters: Vec<ParameterNote>,
    /// Filters beside those of the views.
    pub filters: Vec<FilterRule>,
    /// Parameters that the expressions read, as [`crate::lint::reads`] finds them once all files are loaded.
    pub reads: Vec<String>,
}

/// One OpenStack resource seen as one EC2 shape.
#[derive(Clone, Debug)]
pub struct ViewRule {
    /// Where the file names the view.
    pub at: At,
    /// `Instance`.
    pub view: String,
    /// Name of the resource inside the view: `server`.
    pub of: String,
    /// The mapping's reasoning, for readers.
    pub about: Option<String>,
    /// Views whose calls and lets are taken over.
    pub uses: Vec<String>,
    /// Reads of the joins.
    pub calls: Vec<CallRule>,
    /// Named values.
    pub lets: Vec<Let>,
    /// EC2 members: always an object.
    pub fields: Tree,
    /// EC2 filters.
    pub filters: Vec<FilterRule>,
}

/// `name: value`, evaluated when read.
#[derive(Clone, Debug)]
pub struct Let {
    /// The name.
    pub name: String,
    /// Where.
    pub at: At,
    /// The value.
    pub value: Tree,
}

/// An OpenStack call, or one per item of a list.
#[derive(Clone, Debug)]
pub struct CallRule {
    /// Where the name stands.
    pub at: At,
    /// Name of the call, and of what it gives.
    pub name: String,
    /// What is sent.
    pub request: RequestRule,
    /// EC2 filters that this call can apply too.
    pub push: Vec<Push>,
    /// What the name stands for, over `reply`; default: the reply.
    pub gives: Option<Tree>,
    /// The list in the reply whose pages are joined: an expression over the reply, whose plain names are its members.
    pub pages: Option<Expression>,
    /// Issue only if true.
    pub when: Option<Expression>,
    /// One call per item; nested from left to right.
    pub loops: Vec<Loop>,
    /// A POST that changes nothing.
    pub reads: bool,
    /// A read that must see that change.
    pub follows: Option<String>,
    /// Ask again until true.
    pub until: Option<Expression>,
    /// Give up asking.
    pub fails: Option<Expression>,
    /// Give up after so many seconds.
    pub within: Option<u32>,
    /// How to take a change back.
    pub undo: Option<Undo>,
    /// What HTTP errors mean; most specific first.
    pub faults: Vec<FaultRow>,
    /// Members of the reply that no trace may show.
    pub hide: Vec<String>,
}

impl CallRule {
    /// Whether the call changes nothing.
    pub fn is_read(&self) -> bool {
        self.reads || self.request.method == "GET" || self.request.method == "HEAD"
    }
}

/// Method, service, path, query and body of a call.
#[derive(Clone, Debug)]
pub struct RequestRule {
    /// Where the request line stands.
    pub at: At,
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE` or `HEAD`.
    pub method: String,
    /// Service type of the catalogue.
    pub service: String,
    /// Path; each expression is one percent-encoded segment.
    pub path: Text,
    /// Microversion, where it is not the service's default.
    pub microversion: Option<String>,
    /// Query; a list repeats the key.
    pub query: Vec<(String, Tree, At)>,
    /// Body.
    pub body: Option<Tree>,
}

/// `name in list`.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Name of the item.
    pub name: String,
    /// The list.
    pub list: Expression,
}

/// How a change is taken back.
#[derive(Clone, Debug)]
pub enum Undo {
    /// Nothing to take back, or nothing that could be.
    None,
    /// A request, perhaps one per item.
    Request {
        /// One per item of these.
        loops: Vec<Loop>,
        /// What is sent.
        request: Box<RequestRule>,
    },
}

/// What one kind of HTTP error means.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultRow {
    /// Where.
    pub at: At,
    /// Service the row is for; rules leave it out, the fault table may name it.
    pub service: Option<String>,
    /// HTTP status; `None` in the table means any.
    pub status: Option<u16>,
    /// Neutron's error type.
    pub kind: Option<String>,
    /// Pattern on the message, `*` for any text.
    pub pattern: Option<String>,
    /// The meaning.
    pub meaning: Meaning,
}

/// The meaning of an HTTP error.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// The call's name is null.
    Nothing,
    /// Taken as success.
    Fine,
    /// The EC2 error of the kind that the path was made with: `InvalidVolume.NotFound`.
    NotFound,
    /// An EC2 error.
    Error {
        /// EC2 code.
        code: String,
        /// Message; default: OpenStack's own.
        message: Option<Text>,
        /// Gap that explains it.
        gap: Option<String>,
    },
}

/// A reason to refuse the request.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Where.
    pub at: At,
    /// Refuse when true.
    pub when: Expression,
    /// EC2 code.
    pub error: String,
    /// Message.
    pub message: Option<Text>,
    /// Gap that explains it.
    pub gap: Option<String>,
}

/// `already: { when, use }`.
#[derive(Clone, Debug)]
pub struct Already {
    /// Where.
    pub at: At,
    /// No change is issued when true.
    pub when: Expression,
    /// What names stand for then.
    pub using: Vec<Let>,
}

/// The list that `MaxResults` counts, and its order.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Where.
    pub at: At,
    /// Name of the list; must be a plain name.
    pub over: Expression,
    /// Members of an item that give the order: expressions over the item, whose plain names are its members.
    pub by: Vec<Expression>,
}

/// What becomes of a parameter that is not plainly mapped.
#[derive(Clone, Debug)]
pub struct ParameterNote {
    /// Where.
    pub at: At,
    /// Dotted member names, without indices: `Placement.Tenancy`.
    pub name: String,
    /// The state.
    pub state: NoteState,
    /// Why, in a sentence. For a gap without its own sentence: the gap's title.
    pub reason: String,
    /// Id of the gap.
    pub gap: Option<String>,
    /// Only if true, over the request and `item`: the entry of the outermost list that the parameter stands in, or the
    /// parameter itself.
    pub when: Option<Expression>,
}

/// The four states that must be given a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteState {
    /// Told in part.
    Lossy,
    /// Safe to leave out.
    Ignored,
    /// The request is refused.
    Refused,
    /// OpenStack has no such concept.
    Gap,
}

/// An EC2 filter.
#[derive(Clone, Debug)]
pub struct FilterRule {
    /// Where.
    pub at: At,
    /// Name: `instance-state-name`.
    pub name: String,
    /// What it looks at.
    pub target: FilterTarget,
}

/// What a filter looks at.
#[derive(Clone, Debug)]
pub enum FilterTarget {
    /// A path in the EC2 shape: `NetworkInterfaces[].Association.PublicIp`, an expression over the shape's value.
    Path(Expression),
    /// It cannot be honoured.
    Note {
        /// `Refused`, `Ignored` or `Gap`.
        state: NoteState,
        /// Why.
        reason: String,
        /// Gap that explains it.
        gap: Option<String>,
    },
}

/// An EC2 filter that a call can apply too.
#[derive(Clone, Debug)]
pub struct Push {
    /// Where.
    pub at: At,
    /// Key of the query.
    pub key: String,
    /// EC2 filter, perhaps `tag:*`.
    pub filter: String,
    /// The value to send, over `value` (and `key` for `tag:*`); default: the value.
    pub value: Option<Expression>,
    /// The key may be repeated for several values.
    pub many: bool,
}

/// Text with expressions in braces.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Where.
    pub at: At,
    /// The pieces in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As it stands.
    Literal(String),
    /// In braces.
    Expression(Expression),
}

/// A value of a body, an answer, a `let`, a query.
#[derive(Clone, Debug)]
pub enum Tree {
    /// An expression.
    Expression(Expression),
    /// A YAML number, `true`, `false` or `null`.
    Constant(Value, At),
    /// An object; in file order.
    Object(Vec<(Key, Tree)>, At),
    /// A list: the concatenation of its entries.
    List(Vec<Tree>, At),
    /// Something that repeats, is left out, or is seen as a view.
    Block(Box<Block>),
}

/// The key of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// A member.
    Name(String),
    /// `"*"`: the members of the value are merged in.
    Merge,
}

/// `item` or `view`, with what decides how often.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where.
    pub at: At,
    /// Only if true.
    pub when: Option<Expression>,
    /// `each: x in list, y in f(x)`.
    pub each: Vec<Loop>,
    /// `group: x in list`, with `by`.
    pub group: Option<(Loop, Vec<Expression>)>,
    /// `of`: the one thing seen.
    pub of: Option<Expression>,
    /// `with`: stands for calls and lets of the view.
    pub with: Vec<Let>,
    /// Names for each item.
    pub lets: Vec<Let>,
    /// The item.
    pub item: Option<Tree>,
    /// Or the view it is seen as.
    pub view: Option<String>,
}
