//! What becomes of every parameter, and where it goes.

use std::collections::BTreeMap;

use ec2_model::{Action, Kind, Shape};
use rules::{ActionRule, CallRule, NoteState, ParameterNote, Piece, Rules, Text, ViewRule};
use serde::Serialize;

use crate::calls;
use crate::paths::{Paths, Reader, inner};

/// The state in which a parameter ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// An expression of the rule reads it.
    Mapped,
    /// Told in part.
    Lossy,
    /// Safe to leave out.
    Ignored,
    /// The request is refused.
    Refused,
    /// OpenStack has no such concept.
    Gap,
}

impl Fate {
    /// All of them, the best first.
    pub const ALL: [Self; 5] = [
        Self::Mapped,
        Self::Lossy,
        Self::Ignored,
        Self::Refused,
        Self::Gap,
    ];

    /// Its word in the ledger.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Lossy => "lossy",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
            Self::Gap => "gap",
        }
    }
}

/// One parameter, or a whole branch that is treated alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// boto3's names, dotted, without indices; `Placement.*` for a branch.
    pub name: String,
    /// `string`, `list of integer` ….
    pub kind: String,
    /// EC2 asks for it.
    pub required: bool,
    /// What becomes of it.
    pub fate: Fate,
    /// Only under this condition; otherwise it is mapped.
    pub when: Option<String>,
    /// Why it is not plainly mapped.
    pub reason: Option<String>,
    /// Gap that explains it.
    pub gap: Option<String>,
    /// The value that it has if the client leaves it out.
    pub default: Option<String>,
    /// Where it goes.
    pub goes: Vec<Destination>,
}

/// A place that a parameter goes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Destination {
    /// `POST block-storage /volumes`; empty for a check or the engine itself.
    pub call: String,
    /// Dotted member of the body, key of the query, or words: `path`, `decides whether`, `checked`.
    pub place: String,
}

/// Every parameter that EC2 knows, in EC2's order.
pub fn all(
    rules: &Rules,
    rule: &ActionRule,
    action: Action,
    views: &[&ViewRule],
) -> Vec<Parameter> {
    let goes = destinations(rule, action, views);
    let read = rules::lint::reads(rules, rule);
    let mut out = Vec::new();
    let mut leaves = Vec::new();
    collect(action.input(), "", &mut Vec::new(), &mut leaves);
    let mut told: Vec<&str> = Vec::new();
    for leaf in leaves {
        let note = note_of(rule, &leaf.name);
        if let Some(note) = note.filter(|note| note.when.is_none() && note.name != leaf.name) {
            // A branch that is treated alike is one row.
            if !told.contains(&note.name.as_str()) {
                told.push(&note.name);
                out.push(branch(note, &goes));
            }
            continue;
        }
        let mut places = nearest(&goes, &leaf.name);
        if places.is_empty() && note.is_none() {
            places.extend(engine(rule, &leaf.name, read.contains(&leaf.name)));
        }
        let default = rule.defaults.iter().find(|(name, ..)| *name == leaf.name);
        out.push(Parameter {
            fate: note.map_or(Fate::Mapped, |note| fate(note.state)),
            when: note
                .and_then(|note| note.when.as_ref())
                .map(|when| when.text.clone()),
            reason: note.map(|note| note.reason.clone()),
            gap: note.and_then(|note| note.gap.clone()),
            default: default.map(|(_, value, _)| value.to_string()),
            goes: places,
            name: leaf.name,
            kind: leaf.kind,
            required: leaf.required,
        });
    }
    out
}

/// Where a parameter goes, or the branch that it stands in: functions take whole structures.
fn nearest(goes: &BTreeMap<String, Vec<Destination>>, name: &str) -> Vec<Destination> {
    let mut name = name;
    loop {
        if let Some(places) = goes.get(name) {
            return places.clone();
        }
        match name.rsplit_once('.') {
            Some((above, _)) => name = above,
            None => return Vec::new(),
        }
    }
}

fn branch(note: &ParameterNote, goes: &BTreeMap<String, Vec<Destination>>) -> Parameter {
    let below = format!("{}.", note.name);
    let mut places: Vec<Destination> = goes
        .iter()
        .filter(|(name, _)| **name == note.name || name.starts_with(&below))
        .flat_map(|(_, places)| places.clone())
        .collect();
    places.sort();
    places.dedup();
    Parameter {
        name: format!("{}.*", note.name),
        kind: "structure".into(),
        required: false,
        fate: fate(note.state),
        when: None,
        reason: Some(note.reason.clone()),
        gap: note.gap.clone(),
        default: None,
        goes: places,
    }
}

fn fate(state: NoteState) -> Fate {
    match state {
        NoteState::Lossy => Fate::Lossy,
        NoteState::Ignored => Fate::Ignored,
        NoteState::Refused => Fate::Refused,
        NoteState::Gap => Fate::Gap,
    }
}

/// The most exact note about a parameter.
fn note_of<'r>(rule: &'r ActionRule, name: &str) -> Option<&'r ParameterNote> {
    let about = |note: &&ParameterNote| {
        let rest = name.strip_prefix(note.name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let notes = rule.parameters.iter().filter(about);
    notes.max_by_key(|note| note.name.len())
}

/// What the engine does with parameters that mean the same in every action.
fn engine(rule: &ActionRule, name: &str, read: bool) -> Option<Destination> {
    let words = match name {
        "DryRun" => "everything is looked at, nothing is changed",
        "MaxResults" | "NextToken" if rule.paging.is_some() => "the answer is cut into pages",
        "Filters.Name" | "Filters.Values" => "applied to the answer",
        _ if read => "read on the way",
        _ => return None,
    };
    Some(Destination {
        call: String::new(),
        place: words.into(),
    })
}

struct Leaf {
    name: String,
    kind: String,
    required: bool,
}

fn collect(shape: Shape, prefix: &str, open: &mut Vec<Shape>, out: &mut Vec<Leaf>) {
    for member in shape.members() {
        let name = crate::written::below(prefix, member.name());
        let core = inner(member.shape());
        if core.kind() == Kind::Structure && core.members().len() > 0 {
            // A shape inside itself is told once.
            if !open.contains(&core) {
                open.push(core);
                collect(core, &name, open, out);
                open.pop();
            }
            continue;
        }
        out.push(Leaf {
            name,
            kind: kind(member.shape()),
            required: member.required(),
        });
    }
}

/// `list of integer`.
pub fn kind(shape: Shape) -> String {
    match shape.item() {
        Some(item) => format!("list of {}", kind(item)),
        None => format!("{:?}", shape.kind()).to_lowercase(),
    }
}

/// For every parameter the places that it goes to, in the order of the file.
fn destinations(
    rule: &ActionRule,
    action: Action,
    views: &[&ViewRule],
) -> BTreeMap<String, Vec<Destination>> {
    let mut found = Found::default();
    let mut reader = Reader::new(action.input(), rule, views);
    for (call, _) in calls::of(rule, views) {
        let line = calls::request(&call.request);
        reader.with(&call.loops, &[], |reader| {
            of_call(reader, call, &line, &mut found)
        });
    }
    for refusal in &rule.refuse {
        let paths = reader.expression(&refusal.when);
        found.add(paths, "", &format!("checked, else {}", refusal.error));
    }
    reader.each_leaf(&rule.answer, String::new(), &mut |place, paths| {
        found.add(paths, "", &format!("answer: {place}"));
    });
    found.0
}

fn of_call<'r>(reader: &mut Reader<'r>, call: &'r CallRule, line: &str, found: &mut Found) {
    if let Some(when) = &call.when {
        let paths = reader.expression(when);
        found.add(paths, line, "decides whether");
    }
    for one in &call.loops {
        let paths = reader.expression(&one.list);
        found.add(paths, line, "one call for each");
    }
    of_text(reader, &call.request.path, line, found);
    for (key, tree, _) in &call.request.query {
        let paths = reader.tree(tree);
        found.add(paths, line, &format!("?{key}"));
    }
    if let Some(body) = &call.request.body {
        reader.each_leaf(body, String::new(), &mut |place, paths| {
            found.add(paths, line, place)
        });
    }
}

fn of_text<'r>(reader: &mut Reader<'r>, text: &'r Text, line: &str, found: &mut Found) {
    for piece in &text.pieces {
        if let Piece::Expression(expression) = piece {
            let paths = reader.expression(expression);
            found.add(paths, line, "path");
        }
    }
}

#[derive(Default)]
struct Found(BTreeMap<String, Vec<Destination>>);

impl Found {
    fn add(&mut self, paths: Paths, call: &str, place: &str) {
        let destination = Destination {
            call: call.to_owned(),
            place: place.to_owned(),
        };
        for path in paths {
            let places = self.0.entry(path).or_default();
            if !places.contains(&destination) {
                places.push(destination.clone());
            }
        }
    }
}
