//! Parameters as CloudTrail records them: names of the XML, lists in `items`, several sets for one parameter.

use ec2_model::{Action, Kind, Member, Shape};

use crate::Desk;
use crate::node::{Entry, Node, Value, set};

/// More names than any structure has; the rest stays as it is.
const MOST: usize = 500;

/// The parameters by the model's names; what fits none stays as it is.
pub(super) fn parameters(action: Action, mut entries: Vec<Entry>, desk: &mut Desk) -> Vec<Entry> {
    let input = action.input();
    if let [only] = entries.as_mut_slice()
        && only.key.ends_with("Request")
        && input.member(&only.key).is_none()
        && let Some(inner) = only.node.entries()
    {
        entries = std::mem::take(inner);
    }
    structure(input, entries, desk)
}

fn structure(shape: Shape, entries: Vec<Entry>, desk: &mut Desk) -> Vec<Entry> {
    let mut result = Vec::with_capacity(entries.len());
    for (at, mut entry) in entries.into_iter().enumerate() {
        if at >= MOST {
            result.push(entry);
            continue;
        }
        if let Some(member) = member(shape, &entry) {
            fit(member.shape(), &mut entry.node, desk);
            let nothing = matches!(&entry.node.value, Value::List(items) if items.is_empty());
            if !nothing {
                set(&mut result, member.name(), entry.key_span, entry.node);
            }
        } else if entry.key == "tag" && matches!(entry.node.value, Value::Number(_)) {
            // The number of an item, left over from the XML.
        } else if let Some(inner) = wrapped(&mut entry.node) {
            for entry in structure(shape, inner, desk) {
                set(&mut result, &entry.key, entry.key_span, entry.node);
            }
        } else {
            result.push(entry);
        }
    }
    result
}

/// The members of the only item of a set.
fn wrapped(node: &mut Node) -> Option<Vec<Entry>> {
    let entries = node.entries()?;
    if entries.is_empty() {
        return Some(Vec::new());
    }
    let items = entries.iter_mut().find(|entry| entry.key == "items")?;
    match &mut items.node.value {
        Value::List(items) if items.len() <= 1 => {
            let Some(first) = items.first_mut() else {
                return Some(Vec::new());
            };
            first.entries().map(std::mem::take)
        }
        _ => None,
    }
}

fn fit(shape: Shape, node: &mut Node, desk: &mut Desk) {
    match shape.kind() {
        Kind::List => list(shape, node, desk),
        Kind::Structure => {
            if let Some(entries) = node.entries() {
                *entries = structure(shape, std::mem::take(entries), desk);
            }
        }
        _ => scalar(node, desk),
    }
}

fn list(shape: Shape, node: &mut Node, desk: &mut Desk) {
    let Some(item) = shape.item() else { return };
    let span = node.span.clone();
    let value = std::mem::replace(&mut node.value, Value::Null);
    let mut items = match value {
        Value::Map(entries) if entries.is_empty() => Vec::new(),
        Value::Map(mut entries) => match entries.iter().position(|entry| entry.key == "items") {
            Some(at) => match entries.swap_remove(at).node.value {
                Value::List(items) => items,
                _ => Vec::new(),
            },
            None => vec![Node {
                span,
                value: Value::Map(entries),
            }],
        },
        Value::List(items) => items,
        other => vec![Node { span, value: other }],
    };
    for node in &mut items {
        if item.kind().is_scalar()
            && let Some(entries) = node.entries()
        {
            entries.retain(|entry| entry.key != "tag");
            if let [only] = entries.as_mut_slice() {
                *node = only.node.clone();
            }
        }
        fit(item, node, desk);
    }
    node.value = Value::List(items);
}

fn scalar(node: &mut Node, desk: &mut Desk) {
    if let Some(content) = node
        .entries()
        .and_then(|entries| entries.iter().find(|entry| entry.key == "content").cloned())
    {
        *node = content.node;
    }
    if matches!(&node.value, Value::Text(text) if text.contains("sensitiveDataRemoved")) {
        desk.remarks.warning(
            node.span.clone(),
            "CloudTrail left the value out; this mark was read in its place.",
            "Write the value itself.",
        );
    }
}

/// The member that a recorded name means.
fn member(shape: Shape, entry: &Entry) -> Option<Member> {
    let key = entry.key.to_ascii_lowercase();
    let outer = stem(&entry.key);
    let inner = inner(&entry.node).map(stem);
    let score = |member: Member| {
        let same = [member.name(), member.query_name(), member.xml_name()]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&key));
        let stems = [stem(member.name()), stem(member.query_name())];
        let list = member.shape().kind() == Kind::List;
        let texts = member
            .shape()
            .item()
            .is_some_and(|item| item.kind().is_scalar());
        let holds = |wanted: &dyn Fn(&str) -> bool| stems.iter().any(|stem| wanted(stem));
        match &inner {
            _ if same => 6,
            Some(inner) if texts && holds(&|stem| stem == inner) => 5,
            _ if holds(&|stem| stem == outer) => 4,
            _ if list && holds(&|stem| stem.strip_suffix("id") == Some(&outer)) => 3,
            Some(inner) if texts && inner.len() > 4 && holds(&|stem| stem.ends_with(inner)) => 2,
            Some(_) if list && outer.len() > 4 && holds(&|stem| stem.ends_with(&outer)) => 1,
            _ => 0,
        }
    };
    shape
        .members()
        .map(|member| (score(member), member))
        .filter(|(score, _)| *score > 0)
        // The first of the best.
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, member)| member)
}

/// The name of the only member that the items of a set have.
fn inner(node: &Node) -> Option<&str> {
    let Value::Map(entries) = &node.value else {
        return None;
    };
    let items = entries.iter().find(|entry| entry.key == "items")?;
    let Value::List(items) = &items.node.value else {
        return None;
    };
    match &items.first()?.value {
        Value::Map(entries) => match entries.as_slice() {
            [only] => Some(&only.key),
            _ => None,
        },
        _ => None,
    }
}

/// `instancesSet`, `InstanceIds` and `InstanceId` to what they share.
fn stem(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let bare = lower.strip_suffix("set").unwrap_or(&lower);
    bare.strip_suffix('s').unwrap_or(bare).to_owned()
}
