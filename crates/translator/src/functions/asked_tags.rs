//! The tags that a request asks for, as OpenStack is told of them.

use std::collections::HashSet;

use ec2_wire::Ec2Error;

use super::jmespath::items;
use super::tags::{TAG, escape_key, escape_value};
use crate::eval::Eval;
use crate::value::Value;

/// `tag_specification(specs, type)`: the tags asked for that resource type; null where there are none.
pub fn tag_specification<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [specs, wanted] = args else {
        return Value::NULL;
    };
    let mut found = Vec::new();
    for spec in items(*specs) {
        if eval.member(spec, "ResourceType").same(wanted) {
            found.extend(items(eval.member(spec, "Tags")));
        }
    }
    if found.is_empty() {
        return Value::NULL;
    }
    match unfit(eval, found.iter().copied()) {
        Some(message) => refused(eval, message),
        None => eval.list(found),
    }
}

/// Most characters of a key, and of a value.
const LONGEST: (usize, usize) = (128, 256);

/// Why EC2 takes none of these tags.
fn unfit<'a>(eval: &Eval<'a>, tags: impl Iterator<Item = Value<'a>>) -> Option<String> {
    let mut known = HashSet::new();
    tags.filter_map(|tag| key_and_value(eval, tag))
        .find_map(|(key, value)| {
            if key.starts_with("aws:") {
                return Some("Tag keys starting with 'aws:' are reserved for internal use".into());
            }
            if key.chars().count() > LONGEST.0 {
                return Some(format!(
                    "Tag key exceeds the maximum length of {} characters",
                    LONGEST.0
                ));
            }
            let text = value.scalar_text().unwrap_or_default();
            if text.chars().count() > LONGEST.1 {
                return Some(format!(
                    "Tag value exceeds the maximum length of {} characters",
                    LONGEST.1
                ));
            }
            (!known.insert(key)).then(|| format!("Duplicate tag key '{key}' specified."))
        })
}

fn refused<'a>(eval: &Eval<'a>, message: String) -> Value<'a> {
    eval.stop(Ec2Error::client("InvalidParameterValue", message))
}

fn key_and_value<'a>(eval: &Eval<'a>, tag: Value<'a>) -> Option<(&'a str, Value<'a>)> {
    Some((eval.member(tag, "Key").as_str()?, eval.member(tag, "Value")))
}

/// `tag_metadata(tags)`: as metadata or properties.
pub fn tag_metadata<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(list) = args.first().filter(|list| !list.is_null()) else {
        return Value::NULL;
    };
    if let Some(message) = unfit(eval, items(*list)) {
        return refused(eval, message);
    }
    let mut made: Vec<(&'a str, Value<'a>)> = Vec::new();
    for tag in items(*list) {
        let Some((key, value)) = key_and_value(eval, tag) else {
            continue;
        };
        let stored: &'a str = eval.arena.alloc_str(&format!("{TAG}{}", escape_key(key)));
        let text = value.scalar_text().unwrap_or_default();
        let value = eval.made(eval.text(&text), &[value, eval.member(tag, "Key")]);
        match made.iter_mut().find(|(known, _)| *known == stored) {
            Some((_, place)) => *place = value,
            None => made.push((stored, value)),
        }
    }
    eval.object(made)
}

fn tag_text<'a>(eval: &Eval<'a>, tag: Value<'a>) -> Option<Value<'a>> {
    let (key, value) = key_and_value(eval, tag)?;
    let text = format!(
        "{TAG}{}={}",
        escape_key(key),
        escape_value(&value.scalar_text().unwrap_or_default())
    );
    Some(eval.made(eval.text(&text), &[eval.member(tag, "Key"), value]))
}

/// `tag_list(tags)`: as Neutron tags.
pub fn tag_list<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    match args.first() {
        Some(list) if !list.is_null() => eval.list(
            items(*list)
                .filter_map(|tag| tag_text(eval, tag))
                .collect::<Vec<_>>(),
        ),
        _ => Value::NULL,
    }
}

/// `with_tags(list, tags)`: Neutron's list with these tags set.
pub fn with_tags<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [list, tags] = args else {
        return Value::NULL;
    };
    if let Some(message) = unfit(eval, items(*tags)) {
        return refused(eval, message);
    }
    let heads: Vec<String> = items(*tags)
        .filter_map(|tag| Some(format!("{TAG}{}=", escape_key(key_and_value(eval, tag)?.0))))
        .collect();
    let kept = items(*list).filter(|old| {
        old.as_str()
            .is_none_or(|old| !heads.iter().any(|head| old.starts_with(head)))
    });
    let mut all: Vec<Value<'a>> = kept.collect();
    all.extend(items(tag_list(eval, &[*tags])));
    eval.list(all)
}
