//! A request from somebody's own shell names things that the in-browser cloud does not have: ids of AWS, names of types and
//! keys. So that its translation can be seen all the same, things of this cloud stand in for them, and the page says which.
//! A parameter that is refused can be left out in the same way, to see what the rest of the request would do.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use ec2_wire::{Ec2Request, Leaf};
use openstack_wire::{Call, Method, Reply};
use rules::Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use translator::trace::{LedgerRow, LedgerState, Trace};

/// More runs of one request than this are not made.
const MOST_RUNS: usize = 10;
/// How many digits an id of AWS has.
const FOREIGN: [usize; 2] = [8, 17];
/// How many an id of this cloud has.
const OWN: usize = 32;

/// How a request is taken that this cloud cannot fulfil as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// Ids and names stay as they are given, though nothing here has them.
    #[serde(skip_serializing_if = "is_no")]
    pub as_given: bool,
    /// Parameters that are refused are left out.
    #[serde(skip_serializing_if = "is_no")]
    pub without_refused: bool,
}

impl Wish {
    /// What the cloud says of ids and names as they are.
    pub const AS_GIVEN: Self = Self {
        as_given: true,
        without_refused: false,
    };

    /// Whether it is the usual one.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

fn is_no(flag: &bool) -> bool {
    !flag
}

/// Something that this cloud does not have, and what stands in for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// As the request names it.
    pub given: String,
    /// The id or name of this cloud; `None` where it has nothing of the kind, or where the request is taken as given.
    pub used: Option<String>,
    /// Name of the thing that stands in, where it has one beside its id.
    pub name: String,
}

/// How a request was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// What is not of this cloud, in the order of the request.
    pub stand_ins: Vec<StandIn>,
    /// Keys of the parameters that were left out.
    pub left_out: Vec<String>,
    /// Whether leaving out what is refused would show more.
    pub refused: bool,
}

impl Taken {
    /// What stands in for a value of the request.
    pub fn of(&self, given: &str) -> Option<&StandIn> {
        let found = self.stand_ins.iter().find(|one| one.given == given)?;
        found.used.is_some().then_some(found)
    }
}

/// Names that a request may give instead of an id: the last word of the parameter, and where its values are listed.
struct Named {
    members: &'static [&'static str],
    service: &'static str,
    path: &'static str,
    list: &'static str,
    name: &'static str,
}

const NAMED: [Named; 5] = [
    Named {
        members: &["InstanceType"],
        service: "compute",
        path: "/flavors",
        list: "/flavors",
        name: "/name",
    },
    Named {
        members: &["KeyName"],
        service: "compute",
        path: "/os-keypairs",
        list: "/keypairs",
        name: "/keypair/name",
    },
    Named {
        members: &["AvailabilityZone", "ZoneName"],
        service: "compute",
        path: "/os-availability-zone",
        list: "/availabilityZoneInfo",
        name: "/zoneName",
    },
    Named {
        members: &["SecurityGroup", "GroupName"],
        service: "network",
        path: "/v2.0/security-groups",
        list: "/security_groups",
        name: "/name",
    },
    Named {
        members: &["PublicIp"],
        service: "network",
        path: "/v2.0/floatingips",
        list: "/floatingips",
        name: "/floating_ip_address",
    },
];

/// Errors that a name may cause which this cloud does not have.
fn is_of_a_name(code: &str) -> bool {
    code.ends_with("NotFound") || code == "InvalidParameterValue"
}

/// What a stand-in is chosen from.
enum Choice<'a> {
    Id(&'a Kind),
    Name(&'static Named),
}

/// One value of the request that something stands in for.
struct Part<'a> {
    given: String,
    choice: Choice<'a>,
    things: OnceCell<Vec<(String, String)>>,
    /// Which of them; `None` for a name that was not complained of.
    at: Option<usize>,
}

impl Part<'_> {
    fn things(&self, ask: &dyn Fn(Call) -> Option<Reply>) -> &[(String, String)] {
        self.things.get_or_init(|| match self.choice {
            Choice::Id(kind) => ids(kind, ask),
            Choice::Name(named) => names(named, ask),
        })
    }

    fn stand_in(&self, ask: &dyn Fn(Call) -> Option<Reply>) -> Option<StandIn> {
        let at = self.at?;
        let things = self.things(ask);
        let found = things.get(at % things.len().max(1));
        Some(StandIn {
            given: self.given.clone(),
            used: found.map(|(value, _)| value.clone()),
            name: found.map(|(_, name)| name.clone()).unwrap_or_default(),
        })
    }
}

/// Takes a request to its end by `run`, which begins with the same cloud each time. `ask` asks that cloud; it has no
/// answer where there is no cloud yet.
pub fn take(
    request: &Ec2Request,
    wish: Wish,
    kinds: &BTreeMap<String, Kind>,
    ask: &dyn Fn(Call) -> Option<Reply>,
    run: &mut dyn FnMut(Ec2Request) -> Trace,
) -> (Trace, Taken) {
    let mut parts = parts(request, kinds);
    if parts.is_empty() && !wish.without_refused {
        let trace = run(request.clone());
        let refused = refused(&trace, &[]).is_some();
        let taken = Taken {
            refused,
            ..Taken::default()
        };
        return (trace, taken);
    }
    if wish.as_given {
        parts.retain(|part| part.at.is_some());
    }
    let mut out: Vec<usize> = Vec::new();
    let once = |parts: &[Part<'_>], out: &[usize], run: &mut dyn FnMut(Ec2Request) -> Trace| {
        let parts = if wish.as_given { &[] } else { parts };
        played(request, parts, out, ask, run)
    };
    let mut trace = once(&parts, &out, run);
    // What is shown if no other choice does better.
    let mut first: Option<(Trace, Vec<Option<usize>>, Vec<usize>)> = None;
    for _ in 1..MOST_RUNS {
        let Some(error) = trace
            .answer
            .as_ref()
            .and_then(|answer| answer.error.as_ref())
        else {
            break;
        };
        let row = refused(&trace, &out);
        let blamed = row.and_then(|(_, row)| {
            let part = |part: &Part<'_>| part.given == row.text;
            parts.iter().position(part)
        });
        let next = match (blamed, row) {
            _ if wish.as_given => None,
            (Some(part), _) if parts[part].at.is_none() && is_of_a_name(&error.code) => Some(part),
            (None, Some((index, _))) if wish.without_refused && !out.contains(&index) => {
                out.push(index);
                trace = once(&parts, &out, run);
                continue;
            }
            // Another thing of the kind may be in the state that is needed.
            (Some(part), _) => another(&parts, part, ask).then_some(part),
            (None, None) => (0..parts.len()).find(|part| another(&parts, *part, ask)),
            (None, Some(_)) => None,
        };
        let Some(next) = next else {
            break;
        };
        let fresh = parts[next].at.is_none();
        if !fresh && first.is_none() {
            let choices = parts.iter().map(|part| part.at).collect();
            first = Some((trace, choices, out.clone()));
        }
        let before = parts.iter().filter(|part| same(part, &parts[next])).count();
        parts[next].at = Some(parts[next].at.map_or(before.saturating_sub(1), |at| at + 1));
        trace = once(&parts, &out, run);
    }
    let failed = |trace: &Trace| {
        let answer = trace.answer.as_ref();
        answer.is_some_and(|answer| answer.error.is_some())
    };
    if failed(&trace)
        && let Some((earlier, choices, left_out)) = first
    {
        (trace, out) = (earlier, left_out);
        for (part, at) in parts.iter_mut().zip(choices) {
            part.at = at;
        }
    }
    let mut stand_ins: Vec<StandIn> = parts.iter().filter_map(|part| part.stand_in(ask)).collect();
    if wish.as_given {
        stand_ins.iter_mut().for_each(|one| one.used = None);
    }
    let refused = refused(&trace, &out)
        .is_some_and(|(_, row)| !stand_ins.iter().any(|one| one.given == row.text));
    let key = |index: &usize| request.leaves.get(*index).map(|leaf| leaf.key.clone());
    let taken = Taken {
        stand_ins,
        left_out: out.iter().filter_map(key).collect(),
        refused,
    };
    (trace, taken)
}

/// One run, told with the values as they were given.
fn played(
    request: &Ec2Request,
    parts: &[Part<'_>],
    out: &[usize],
    ask: &dyn Fn(Call) -> Option<Reply>,
    run: &mut dyn FnMut(Ec2Request) -> Trace,
) -> Trace {
    let mut request = request.clone();
    let given: Vec<String> = request
        .leaves
        .iter()
        .map(|leaf| leaf.text.clone())
        .collect();
    let used: Vec<StandIn> = parts.iter().filter_map(|part| part.stand_in(ask)).collect();
    for leaf in &mut request.leaves {
        let known = used.iter().find(|one| one.given == leaf.text);
        let value = known.and_then(|one| one.used.clone());
        let pointer = leaf.pointer.as_deref().filter(|_| stands(leaf));
        if let (Some(value), Some(pointer)) = (value, pointer)
            && let Some(place) = request.parameters.pointer_mut(pointer)
        {
            leaf.text.clone_from(&value);
            *place = Value::String(value);
        }
    }
    // From the end, so that the places of a list stay true.
    let mut out = out.to_vec();
    out.sort_unstable();
    let mut gone = Vec::new();
    for index in out.iter().rev().copied() {
        if index < request.leaves.len() {
            let leaf = request.leaves.remove(index);
            if let Some(pointer) = &leaf.pointer {
                remove(&mut request.parameters, pointer);
            }
            gone.push((index, leaf));
        }
    }
    let mut trace = run(request);
    for (index, leaf) in gone.into_iter().rev() {
        let row = LedgerRow {
            pointer: leaf.pointer,
            key: leaf.key,
            text: leaf.text,
            span: leaf.span,
            state: LedgerState::Refused,
            reason: Some("Left out here; a request with it is refused.".into()),
            gap: None,
            rule: None,
        };
        trace.ledger.insert(index.min(trace.ledger.len()), row);
    }
    for (row, given) in trace.ledger.iter_mut().zip(given) {
        if used
            .iter()
            .any(|one| one.used.as_deref() == Some(&*row.text))
        {
            row.text = given;
        }
    }
    trace
}

/// Takes a scalar out, and what holds nothing else; lists keep their length, for the places after it.
fn remove(parameters: &mut Value, pointer: &str) {
    let mut pointer = pointer;
    while let Some((above, name)) = pointer.rsplit_once('/') {
        let empty = match parameters.pointer_mut(above) {
            Some(Value::Object(members)) => {
                members.remove(name);
                members.is_empty()
            }
            Some(Value::Array(items)) => {
                let last = items.len().saturating_sub(1);
                if name.parse() == Ok(last) {
                    items.pop();
                }
                items.is_empty()
            }
            _ => false,
        };
        if !empty || above.is_empty() {
            return;
        }
        pointer = above;
    }
}

/// The row that the request was refused for, with its number; not one that was left out.
fn refused<'t>(trace: &'t Trace, out: &[usize]) -> Option<(usize, &'t LedgerRow)> {
    let mut rows = trace.ledger.iter().enumerate();
    rows.find(|(index, row)| row.state == LedgerState::Refused && !out.contains(index))
}

fn another(parts: &[Part<'_>], part: usize, ask: &dyn Fn(Call) -> Option<Reply>) -> bool {
    parts
        .get(part)
        .is_some_and(|part| part.at.is_some_and(|at| at + 1 < part.things(ask).len()))
}

fn same(one: &Part<'_>, other: &Part<'_>) -> bool {
    match (&one.choice, &other.choice) {
        (Choice::Id(one), Choice::Id(other)) => one.prefix == other.prefix,
        (Choice::Name(one), Choice::Name(other)) => {
            one.path == other.path && one.name == other.name
        }
        _ => false,
    }
}

/// Values of the request that something may stand in for, each once.
fn parts<'a>(request: &Ec2Request, kinds: &'a BTreeMap<String, Kind>) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    for leaf in request.leaves.iter().filter(|leaf| stands(leaf)) {
        if parts.iter().any(|part| part.given == leaf.text) {
            continue;
        }
        let (choice, sure) = match (foreign(leaf, kinds), named(leaf)) {
            (Some(kind), _) => (Choice::Id(kind), true),
            (None, Some(named)) => (Choice::Name(named), false),
            (None, None) => continue,
        };
        let mut part = Part {
            given: leaf.text.clone(),
            choice,
            things: OnceCell::new(),
            at: None,
        };
        if sure {
            // Two ids are two things, where there are two.
            part.at = Some(parts.iter().filter(|other| same(other, &part)).count());
        }
        parts.push(part);
    }
    parts
}

/// What a client writes on a thing is text, whatever it looks like.
fn stands(leaf: &Leaf) -> bool {
    let mut words = leaf.key.split('.');
    leaf.pointer.is_some() && !words.any(|word| matches!(word, "Tag" | "ClientToken" | "UserData"))
}

/// The kind of an id that is not of this cloud: by its form, or by the parameter that it is given to, for scripts have
/// variables and help pages have ids of any length.
fn foreign<'a>(leaf: &Leaf, kinds: &'a BTreeMap<String, Kind>) -> Option<&'a Kind> {
    let by_form = leaf.text.rsplit_once('-').and_then(|(prefix, digits)| {
        let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let kind = kinds.get(prefix).filter(|_| hexadecimal)?;
        Some((kind, digits.len()))
    });
    match by_form {
        Some((kind, length)) if FOREIGN.contains(&length) => Some(kind),
        // An id of this cloud, whatever parameter it is given to.
        Some((_, OWN)) => None,
        _ => {
            let member = member(&leaf.key);
            kinds.values().find(|kind| takes(member, kind))
        }
    }
}

/// Whether ids of the kind are given to a parameter of this name.
fn takes(member: &str, kind: &Kind) -> bool {
    let thing = match kind.resource_type.as_str() {
        "elastic-ip" => "allocation",
        other => other,
    };
    let Some(name) = member.strip_suffix("Id") else {
        return false;
    };
    let same = |name: &str| {
        let words = thing.split('-').flat_map(str::chars);
        name.chars()
            .map(|letter| letter.to_ascii_lowercase())
            .eq(words)
    };
    match (thing, name) {
        // Kernels and RAM disks are images too.
        ("image", "Image") => kind.prefix == "ami",
        ("security-group", "Group") => true,
        _ => same(name),
    }
}

fn named(leaf: &Leaf) -> Option<&'static Named> {
    let member = member(&leaf.key);
    let mut all = NAMED.iter();
    all.find(|named| named.members.contains(&member))
}

/// The last word of a key that is no number.
fn member(key: &str) -> &str {
    let mut words = key.rsplit('.');
    words
        .find(|word| word.parse::<u32>().is_err())
        .unwrap_or_default()
}

fn ids(kind: &Kind, ask: &dyn Fn(Call) -> Option<Reply>) -> Vec<(String, String)> {
    let id = |uuid: &str| format!("{}-{}", kind.prefix, uuid.replace('-', ""));
    let call = Call::new(Method::Get, kind.service.as_str(), kind.path.as_str());
    let Some(reply) = ask(call) else {
        return vec![(id(&"0".repeat(32)), String::new())];
    };
    let body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
    let list = kind.path.rsplit('/').next().unwrap_or_default();
    let things = body.get(list.replace('-', "_")).and_then(Value::as_array);
    let thing = |thing: &Value| {
        let text = |name: &str| thing.get(name).and_then(Value::as_str);
        let name = text("name").or_else(|| text("floating_ip_address"));
        Some((id(text("id")?), name.unwrap_or_default().to_owned()))
    };
    things.into_iter().flatten().filter_map(thing).collect()
}

fn names(named: &Named, ask: &dyn Fn(Call) -> Option<Reply>) -> Vec<(String, String)> {
    let Some(reply) = ask(Call::new(Method::Get, named.service, named.path)) else {
        return Vec::new();
    };
    let body: Value = serde_json::from_str(&reply.body).unwrap_or_default();
    let things = body.pointer(named.list).and_then(Value::as_array);
    let name = |thing: &Value| {
        let name = thing.pointer(named.name)?.as_str()?;
        Some((name.to_owned(), String::new()))
    };
    things.into_iter().flatten().filter_map(name).collect()
}
