//! Which views a tree brings in.

use crate::{ActionRule, Rules, Tree, ViewRule};

/// Every view that an action reaches, each once: through its answer, its lets, and through other views.
pub(super) fn views_of_action<'r>(
    rules: &'r Rules,
    action: &'r ActionRule,
    found: &mut Vec<&'r ViewRule>,
) {
    views_of_tree(rules, &action.answer, found);
    for one in &action.lets {
        views_of_tree(rules, &one.value, found);
    }
    for one in action.already.iter().flat_map(|already| &already.using) {
        views_of_tree(rules, &one.value, found);
    }
}

fn views_of_tree<'r>(rules: &'r Rules, tree: &'r Tree, found: &mut Vec<&'r ViewRule>) {
    let mut names = Vec::new();
    names_in(tree, &mut names);
    for name in names {
        reach(rules, name, found);
    }
}

fn reach<'r>(rules: &'r Rules, name: &str, found: &mut Vec<&'r ViewRule>) {
    let Some(view) = rules.views.get(name) else {
        return;
    };
    if found.iter().any(|known| std::ptr::eq(*known, view)) {
        return;
    }
    found.push(view);
    for used in &view.uses {
        reach(rules, used, found);
    }
    views_of_tree(rules, &view.fields, found);
    for one in &view.lets {
        views_of_tree(rules, &one.value, found);
    }
}

/// Names of the views that stand in a tree.
pub(super) fn names_in<'r>(tree: &'r Tree, names: &mut Vec<&'r str>) {
    match tree {
        Tree::Expression(_) | Tree::Constant(..) => {}
        Tree::Object(members, _) => members.iter().for_each(|(_, tree)| names_in(tree, names)),
        Tree::List(entries, _) => entries.iter().for_each(|tree| names_in(tree, names)),
        Tree::Block(block) => {
            names.extend(block.view.as_deref());
            let lets = block.lets.iter().chain(&block.with).map(|one| &one.value);
            lets.chain(&block.item)
                .for_each(|tree| names_in(tree, names));
        }
    }
}
