//! Filters: which part of the answer each looks at.

use rules::Node;

use super::Linker;
use crate::plan::{FilterPlan, FilterTarget};

impl<'r> Linker<'r> {
    pub(super) fn filters(&mut self, action: ec2_model::Action) -> Vec<FilterPlan> {
        let mut rows: Vec<&'r rules::FilterRule> = self.rule.filters.iter().collect();
        let mut views = Vec::new();
        answer_views(&self.rule.answer, &mut views);
        for name in views {
            if let Some(view) = self.rules.views.get(name) {
                rows.extend(&view.filters);
            }
        }
        let mut linked: Vec<FilterPlan> = Vec::new();
        for row in rows {
            if linked.iter().any(|known| known.name == row.name) {
                continue;
            }
            let target = match &row.target {
                rules::FilterTarget::Path(path) => {
                    let (inner, first) = below(&path.root);
                    match first.filter(|first| action.output().member(first).is_some()) {
                        Some(_) => FilterTarget::Holder(self.node(&inner, false, &path.at)),
                        None => FilterTarget::Item(self.value_expression(path)),
                    }
                }
                rules::FilterTarget::Note { state, reason, gap } => FilterTarget::Note {
                    state: *state,
                    reason: reason.clone(),
                    gap: gap.clone(),
                },
            };
            linked.push(FilterPlan {
                name: row.name.clone(),
                target,
                at: row.at.clone(),
            });
        }
        linked
    }
}

/// A path without its first name, and that name: `Reservations[].OwnerId` is `OwnerId` below `Reservations`.
fn below(node: &Node) -> (Node, Option<String>) {
    fn strip(node: &Node) -> Option<(Node, String)> {
        let rebuilt = |left: &Node, make: &dyn Fn(Box<Node>) -> Node| {
            let (inner, first) = strip(left)?;
            Some((make(Box::new(inner)), first))
        };
        match node {
            Node::Name(name) => Some((Node::Current, name.clone())),
            Node::Member(left, name) if matches!(**left, Node::Current) => {
                Some((Node::Current, name.clone()))
            }
            Node::Flatten(left) => strip(left),
            Node::Member(left, name) => rebuilt(left, &|left| Node::Member(left, name.clone())),
            Node::Project(left, right) => match strip(left)? {
                (Node::Current, first) => Some(((**right).clone(), first)),
                (inner, first) => Some((Node::Project(Box::new(inner), right.clone()), first)),
            },
            _ => None,
        }
    }
    strip(node).map_or((node.clone(), None), |(inner, first)| (inner, Some(first)))
}

/// Views that stand in the answer itself, not inside other views.
fn answer_views<'r>(tree: &'r rules::Tree, found: &mut Vec<&'r str>) {
    match tree {
        rules::Tree::Expression(_) | rules::Tree::Constant(..) => {}
        rules::Tree::Object(members, _) => members
            .iter()
            .for_each(|(_, tree)| answer_views(tree, found)),
        rules::Tree::List(entries, _) => entries.iter().for_each(|tree| answer_views(tree, found)),
        rules::Tree::Block(block) => {
            found.extend(block.view.as_deref());
            if let Some(item) = &block.item {
                answer_views(item, found);
            }
        }
    }
}
