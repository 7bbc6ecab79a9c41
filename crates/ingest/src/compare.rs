//! Whether two requests are the same, and if not, what differs.

use std::collections::{BTreeMap, BTreeSet};

use ec2_model::{Action, Kind, Shape};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use ec2_wire::Leaf;

use crate::{Ec2Request, Span};

/// Lists whose order means something to EC2: priorities, servers asked one after the other.
const ORDERED: [&str; 6] = [
    "Overrides",
    "LaunchTemplateConfigs",
    "LaunchSpecifications",
    "PrivateIpAddresses",
    "DnsServers",
    "DhcpConfigurations",
];

/// Members that tell the items of a list apart, the first that an item has.
const IDENTITIES: [&str; 7] = [
    "Key",
    "Name",
    "DeviceName",
    "DeviceIndex",
    "ResourceType",
    "CidrIp",
    "GroupId",
];

/// Deeper values are compared as wholes.
const DEEPEST: usize = 32;

/// How two requests differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Whether EC2 would do the same for both.
    pub same: bool,
    /// Action of the first and of the second request.
    pub actions: (String, String),
    /// What differs: first the parameters of the first request in its order, then what only the second one has.
    pub differences: Vec<Difference>,
    /// How many scalar parameters are the same in both.
    pub equal: usize,
}

/// One scalar parameter that differs. A side is `None` where the request lacks it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// In the first request.
    pub first: Option<Side>,
    /// In the second request.
    pub second: Option<Side>,
}

/// A parameter in one of the requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// JSON pointer into the parameters; `None` if the model does not know the parameter.
    pub pointer: Option<String>,
    /// The key on the wire, `Filter.1.Value.2`.
    pub key: String,
    /// The value as text.
    pub text: String,
    /// Where the value stands in the text of this request.
    pub span: Option<Span>,
    /// Where the key stands in the text of this request.
    pub key_span: Option<Span>,
}

/// Compares two requests as EC2 takes them: numbers, truth values, moments and base64 by what they mean; lists without their
/// order, except those whose order EC2 minds; tags, filters and the like by their names.
///
/// ```
/// use ingest::{compare, read};
/// let request = |text| read(text, None).request.unwrap();
/// let shell = request("aws ec2 create-tags --resources i-1 --tags Key=a,Value=1 Key=b,Value=2");
/// let python = request("ec2.create_tags(Resources=['i-1'], Tags=[{'Key': 'b', 'Value': '2'}, {'Key': 'a', 'Value': '3'}])");
/// let comparison = compare(&shell, &python);
/// assert!(!comparison.same);
/// let [difference] = comparison.differences.as_slice() else { panic!() };
/// assert_eq!(difference.first.as_ref().unwrap().key, "Tag.1.Value");
/// assert_eq!(difference.second.as_ref().unwrap().key, "Tag.2.Value");
/// assert_eq!(comparison.equal, 4);
/// ```
pub fn compare(first: &Ec2Request, second: &Ec2Request) -> Comparison {
    let mut comparer = Comparer {
        first: Of::new(first),
        second: Of::new(second),
        differences: Vec::new(),
        equal: 0,
    };
    let actions = (first.action.clone(), second.action.clone());
    let place = |parameters| Some((parameters, String::new()));
    let shape = |action: &str| ec2_model::action(action).map(Action::input);
    if actions.0 == actions.1 {
        if let Some(shape) = shape(&actions.0) {
            comparer.values(
                shape,
                place(&first.parameters),
                place(&second.parameters),
                false,
                0,
            );
        }
    } else {
        if let Some(shape) = shape(&actions.0) {
            comparer.values(shape, place(&first.parameters), None, false, 0);
        }
        if let Some(shape) = shape(&actions.1) {
            comparer.values(shape, None, place(&second.parameters), false, 0);
        }
    }
    comparer.unknown();
    Comparison {
        same: actions.0 == actions.1 && comparer.differences.is_empty(),
        actions,
        differences: comparer.differences,
        equal: comparer.equal,
    }
}

/// A request and its leaves by their places.
struct Of<'r> {
    request: &'r Ec2Request,
    leaves: BTreeMap<&'r str, &'r Leaf>,
}

impl<'r> Of<'r> {
    fn new(request: &'r Ec2Request) -> Self {
        let leaves = request.leaves.iter();
        Self {
            request,
            leaves: leaves
                .filter_map(|leaf| Some((leaf.pointer.as_deref()?, leaf)))
                .collect(),
        }
    }

    fn side(&self, value: &Value, pointer: String) -> Side {
        let leaf = self.leaves.get(pointer.as_str());
        let text = match value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        let key = ec2_model::action(&self.request.action)
            .and_then(|action| ec2_wire::wire_key(action, &pointer))
            .unwrap_or_default();
        Side {
            key,
            text,
            span: leaf.and_then(|leaf| leaf.span.clone()),
            key_span: leaf.and_then(|leaf| leaf.key_span.clone()),
            pointer: Some(pointer),
        }
    }
}

struct Comparer<'r> {
    first: Of<'r>,
    second: Of<'r>,
    differences: Vec<Difference>,
    equal: usize,
}

/// A value and where it is.
type Place<'v> = Option<(&'v Value, String)>;

impl Comparer<'_> {
    fn values(
        &mut self,
        shape: Shape,
        first: Place<'_>,
        second: Place<'_>,
        ordered: bool,
        depth: usize,
    ) {
        let kinds = [&first, &second].map(|place| place.as_ref().map(|(value, _)| *value));
        match (shape.kind(), kinds) {
            (Kind::Structure, [a, b])
                if depth < DEEPEST && a.or(b).is_some_and(Value::is_object) =>
            {
                self.structure(shape, first, second, depth);
            }
            (Kind::List, [a, b]) if depth < DEEPEST && a.or(b).is_some_and(Value::is_array) => {
                self.list(shape, first, second, ordered, depth);
            }
            (_, [Some(a), Some(b)]) if a == b => self.equal += 1,
            _ => {
                let first = first.map(|(value, pointer)| self.first.side(value, pointer));
                let second = second.map(|(value, pointer)| self.second.side(value, pointer));
                self.differences.push(Difference { first, second });
            }
        }
    }

    fn structure(&mut self, shape: Shape, first: Place<'_>, second: Place<'_>, depth: usize) {
        let mut names: Vec<&String> = Vec::new();
        let mut seen = BTreeSet::new();
        for (value, _) in [&first, &second].into_iter().flatten() {
            for name in value.as_object().into_iter().flat_map(Map::keys) {
                if seen.insert(name) {
                    names.push(name);
                }
            }
        }
        for name in names {
            let Some(member) = shape.member(name) else {
                continue;
            };
            // The values of a filter have no order, those of a DHCP option do.
            let ordered = ORDERED.contains(&member.name())
                || (member.name() == "Values" && shape.name().contains("Dhcp"));
            self.values(
                member.shape(),
                inside(&first, name),
                inside(&second, name),
                ordered,
                depth + 1,
            );
        }
    }

    fn list(
        &mut self,
        shape: Shape,
        first: Place<'_>,
        second: Place<'_>,
        ordered: bool,
        depth: usize,
    ) {
        let Some(item) = shape.item() else { return };
        let (left, right) = (items(&first), items(&second));
        let partners = if ordered {
            (0..left.len())
                .map(|at| Some(at).filter(|at| *at < right.len()))
                .collect()
        } else {
            partners(&left, &right)
        };
        let mut alone: BTreeSet<usize> = (0..right.len()).collect();
        for ((value, pointer), partner) in left.into_iter().zip(partners) {
            let second = partner.and_then(|at| {
                alone.remove(&at);
                right.get(at).cloned()
            });
            self.values(item, Some((value, pointer)), second, false, depth + 1);
        }
        for at in alone {
            self.values(item, None, right.get(at).cloned(), false, depth + 1);
        }
    }

    /// Parameters that the model does not know, by key and text.
    fn unknown(&mut self) {
        let of = |request: &Ec2Request| -> Vec<Side> {
            let leaves = request.leaves.iter().filter(|leaf| leaf.pointer.is_none());
            leaves
                .map(|leaf| Side {
                    pointer: None,
                    key: leaf.key.clone(),
                    text: leaf.text.clone(),
                    span: leaf.span.clone(),
                    key_span: leaf.key_span.clone(),
                })
                .collect()
        };
        let mut right = of(self.second.request);
        for left in of(self.first.request) {
            let other = right
                .iter()
                .position(|other| other.key == left.key)
                .map(|at| right.remove(at));
            match other {
                Some(other) if other.text == left.text => self.equal += 1,
                second => self.differences.push(Difference {
                    first: Some(left),
                    second,
                }),
            }
        }
        self.differences
            .extend(right.into_iter().map(|second| Difference {
                first: None,
                second: Some(second),
            }));
    }
}

fn inside<'v>(place: &Place<'v>, name: &str) -> Place<'v> {
    let (value, pointer) = place.as_ref()?;
    Some((value.get(name)?, format!("{pointer}/{name}")))
}

fn items<'v>(place: &Place<'v>) -> Vec<(&'v Value, String)> {
    let Some((Value::Array(items), pointer)) = place else {
        return Vec::new();
    };
    items
        .iter()
        .enumerate()
        .map(|(at, value)| (value, format!("{pointer}/{at}")))
        .collect()
}

/// For each item on the left its partner on the right: an equal one, else one of the same name, else the next one left over
/// if neither has a name.
fn partners(left: &[(&Value, String)], right: &[(&Value, String)]) -> Vec<Option<usize>> {
    let mut partners: Vec<Option<usize>> = vec![None; left.len()];
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let marks: [fn(&Value) -> Option<String>; 3] = [
        |value| Some(canonical(value, 0)),
        identity,
        |value| (value.is_object() && identity(value).is_none()).then(String::new),
    ];
    for mark in marks {
        let mut open: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (value, _)) in right.iter().enumerate().rev() {
            if !taken.contains(&at)
                && let Some(mark) = mark(value)
            {
                open.entry(mark).or_default().push(at);
            }
        }
        for (partner, (value, _)) in partners.iter_mut().zip(left) {
            if partner.is_none() {
                *partner = mark(value).and_then(|mark| open.get_mut(&mark)?.pop());
                taken.extend(*partner);
            }
        }
    }
    partners
}

/// What tells an item of a list from the others.
fn identity(value: &Value) -> Option<String> {
    IDENTITIES
        .iter()
        .find_map(|name| value.get(name).map(|value| format!("{name}={value}")))
}

/// A value whose members and items have one order.
fn canonical(value: &Value, depth: usize) -> String {
    match value {
        Value::Object(object) if depth < DEEPEST => {
            let mut members: Vec<String> = object
                .iter()
                .map(|(name, value)| format!("{name:?}:{}", canonical(value, depth + 1)))
                .collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) if depth < DEEPEST => {
            let mut items: Vec<String> = items
                .iter()
                .map(|item| canonical(item, depth + 1))
                .collect();
            items.sort_unstable();
            format!("[{}]", items.join(","))
        }
        value => value.to_string(),
    }
}
