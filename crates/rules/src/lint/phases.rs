//! The order of things: what a name needs, and whether that is there in time.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ActionRule, Block, CallRule, Expression, Let, Loop, Node, Piece, Problem, RequestRule, Text,
    Tree,
};

/// Reports circles, and changes that need a later change.
pub(super) fn check(action: &ActionRule, problems: &mut Vec<Problem>) {
    let order = Order::of(action);
    let mut told = BTreeSet::new();
    for (name, at) in action
        .lets
        .iter()
        .map(|one| (&one.name, &one.at))
        .chain(action.calls.iter().map(|call| (&call.name, &call.at)))
    {
        if let Some(circle) = order.circle(name)
            && told.insert(circle.iter().cloned().collect::<BTreeSet<_>>())
        {
            problems.push(
                Problem::error(
                    at.clone(),
                    format!("'{name}' needs itself: {}", circle.join(" needs ")),
                )
                .mend("name the part that comes first with a call or let of its own"),
            );
        }
    }
    if !told.is_empty() {
        return;
    }
    let changes: Vec<&CallRule> = action.calls.iter().filter(|call| !call.is_read()).collect();
    for (index, change) in changes.iter().enumerate() {
        let needs = order.closure(&change.name);
        for later in changes
            .iter()
            .skip(index + 1)
            .filter(|later| needs.contains(&later.name))
        {
            problems.push(
                Problem::error(
                    change.at.clone(),
                    format!(
                        "'{}' needs '{}', which is changed after it",
                        change.name, later.name
                    ),
                )
                .mend("changes run in file order: write the other one first"),
            );
        }
    }
    if let Some(already) = &action.already {
        let mut needs = BTreeSet::new();
        for name in names_of(&already.when) {
            needs.extend(order.closure(&name));
            needs.insert(name);
        }
        for change in changes.iter().filter(|change| needs.contains(&change.name)) {
            problems.push(
                Problem::error(
                    already.at.clone(),
                    format!(
                        "'already' is asked before '{}' changes anything",
                        change.name
                    ),
                )
                .mend("ask a call that only reads"),
            );
        }
        for one in &already.using {
            let known = action.calls.iter().any(|call| call.name == one.name)
                || action.lets.iter().any(|l| l.name == one.name);
            if !known {
                problems.push(Problem::error(
                    one.at.clone(),
                    format!("there is no call or let '{}' to stand in for", one.name),
                ));
            }
        }
    }
}

/// What each call and let names.
struct Order {
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl Order {
    fn of(action: &ActionRule) -> Self {
        let mut needs = BTreeMap::new();
        for one in &action.lets {
            let mut names = Names::default();
            names.tree(&one.value);
            needs.insert(one.name.clone(), names.free);
        }
        for call in &action.calls {
            let mut names = Names::default();
            names.call(call);
            needs.insert(call.name.clone(), names.free);
        }
        Self { needs }
    }

    fn closure(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&str> = vec![name];
        while let Some(next) = open.pop() {
            for need in self.needs.get(next).into_iter().flatten() {
                if self.needs.contains_key(need) && found.insert(need.clone()) {
                    open.push(need);
                }
            }
        }
        found
    }

    /// The way from a name back to itself.
    fn circle(&self, name: &str) -> Option<Vec<String>> {
        if !self.closure(name).contains(name) {
            return None;
        }
        let mut way = vec![name.to_owned()];
        let mut here = name;
        while let Some(next) = self.needs.get(here)?.iter().find(|next| {
            *next == name || (!way.contains(next) && self.closure(next).contains(name))
        }) {
            way.push(next.clone());
            if next == name {
                break;
            }
            here = next;
        }
        Some(way)
    }
}

fn names_of(expression: &Expression) -> BTreeSet<String> {
    let mut names = Names::default();
    names.node(&expression.root);
    names.free
}

/// Names of the scope that a rule's part reads, without those it binds itself.
#[derive(Default)]
struct Names {
    free: BTreeSet<String>,
    bound: Vec<String>,
}

impl Names {
    fn node(&mut self, node: &Node) {
        if let Node::Name(name) = node
            && !self.bound.contains(name)
        {
            self.free.insert(name.clone());
        }
        for child in node.children() {
            self.node(child);
        }
    }

    fn expressions<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expression>) {
        for expression in expressions {
            self.node(&expression.root);
        }
    }

    fn text(&mut self, text: &Text) {
        for piece in &text.pieces {
            if let Piece::Expression(expression) = piece {
                self.node(&expression.root);
            }
        }
    }

    fn loops(&mut self, loops: &[Loop]) {
        for each in loops {
            self.node(&each.list.root);
            self.bound.push(each.name.clone());
        }
    }

    /// What a call needs to be issued, and what it gives; not what its undo names.
    fn call(&mut self, call: &CallRule) {
        let before = self.bound.len();
        self.loops(&call.loops);
        self.expressions(&call.when);
        self.request(&call.request);
        self.expressions(call.push.iter().filter_map(|push| push.value.as_ref()));
        self.bound.push("reply".to_owned());
        if let Some(gives) = &call.gives {
            self.tree(gives);
        }
        self.free.extend(call.follows.clone());
        self.bound.truncate(before);
    }

    fn request(&mut self, request: &RequestRule) {
        self.text(&request.path);
        for (_, value, _) in &request.query {
            self.tree(value);
        }
        if let Some(body) = &request.body {
            self.tree(body);
        }
    }

    fn lets(&mut self, lets: &[Let]) {
        self.bound.extend(lets.iter().map(|one| one.name.clone()));
        for one in lets {
            self.tree(&one.value);
        }
    }

    fn tree(&mut self, tree: &Tree) {
        match tree {
            Tree::Expression(expression) => self.node(&expression.root),
            Tree::Constant(..) => {}
            Tree::Object(members, _) => members.iter().for_each(|(_, tree)| self.tree(tree)),
            Tree::List(entries, _) => entries.iter().for_each(|tree| self.tree(tree)),
            Tree::Block(block) => self.block(block),
        }
    }

    fn block(&mut self, block: &Block) {
        let before = self.bound.len();
        if let Some((each, by)) = &block.group {
            self.loops(std::slice::from_ref(each));
            self.expressions(by);
            self.bound.extend(["key".to_owned(), "group".to_owned()]);
        }
        self.loops(&block.each);
        for one in &block.with {
            self.tree(&one.value);
        }
        self.lets(&block.lets);
        self.expressions(block.when.iter().chain(&block.of));
        if let Some(item) = &block.item {
            self.tree(item);
        }
        self.bound.truncate(before);
    }
}
