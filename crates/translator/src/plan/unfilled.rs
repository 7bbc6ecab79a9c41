//! EC2 elements that no row of a rule fills: the response gaps.

use ec2_model::{Kind, Shape};

use super::Tree;

/// Dotted paths of the members that no row names, `Reservations[].Instances[].Platform`; a structure that is wholly
/// unfilled is named once.
pub fn unfilled(shape: Shape, answer: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    walk(shape, answer, "", &mut found, 0);
    found
}

fn walk(shape: Shape, tree: &Tree, path: &str, found: &mut Vec<String>, depth: usize) {
    if depth > 12 {
        return;
    }
    match (shape.kind(), tree) {
        (Kind::List, Tree::List(entries)) => {
            let Some(item) = shape.item() else { return };
            // Several entries may fill the same shape: a member is unfilled if none of them names it.
            if entries.iter().all(|entry| object(entry).is_some()) {
                structure(
                    item,
                    &entries.iter().filter_map(object).collect::<Vec<_>>(),
                    &format!("{path}[]"),
                    found,
                    depth,
                );
            }
        }
        (Kind::List, Tree::Block(block)) => {
            if let Some(item) = shape.item() {
                walk(item, &block.item, &format!("{path}[]"), found, depth + 1);
            }
        }
        (Kind::Structure, tree) => {
            if let Some(members) = object(tree) {
                structure(shape, &[members], path, found, depth);
            }
        }
        _ => {}
    }
}

type Members = [(Option<Box<str>>, Tree)];

fn object(tree: &Tree) -> Option<&Members> {
    match tree {
        Tree::Object(members) => Some(members),
        Tree::Block(block) => object(&block.item),
        _ => None,
    }
}

fn structure(shape: Shape, rows: &[&Members], path: &str, found: &mut Vec<String>, depth: usize) {
    if rows.is_empty()
        || rows
            .iter()
            .any(|row| row.iter().any(|(key, _)| key.is_none()))
    {
        return;
    }
    for member in shape.members() {
        let name = member.name();
        if name == "NextToken" {
            continue;
        }
        let dotted = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        let mut fillers = rows
            .iter()
            .filter_map(|row| row.iter().find(|(key, _)| key.as_deref() == Some(name)));
        match fillers.next() {
            Some((_, tree)) => walk(member.shape(), tree, &dotted, found, depth + 1),
            None => found.push(dotted),
        }
    }
}
