//! The order of things: what a name needs, and whether that is there in time.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ActionRule, At, Block, CallRule, Expression, Let, Loop, Node, Piece, Problem, RequestRule,
    Rules, Text, Tree, ViewRule,
};

/// Reports circles, and changes that need a later change.
pub(super) fn check(action: &ActionRule, problems: &mut Vec<Problem>) {
    let order = Order::of(&action.lets, &action.calls);
    if order.tell_circles(problems) {
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

/// Reports circles among the names of a view, and names that nothing in it reads.
pub(super) fn check_view(rules: &Rules, view: &ViewRule, problems: &mut Vec<Problem>) {
    let used = view.uses.iter().filter_map(|used| rules.views.get(used));
    let lets: Vec<Let> = view
        .lets
        .iter()
        .chain(used.flat_map(|used| &used.lets))
        .cloned()
        .collect();
    Order::of(&lets, &view.calls).tell_circles(problems);

    let mut read = Names::default();
    let users = rules
        .views
        .values()
        .filter(|other| other.uses.contains(&view.view));
    for part in std::iter::once(view).chain(users) {
        read.tree(&part.fields);
        part.lets.iter().for_each(|one| read.tree(&one.value));
        part.calls.iter().for_each(|call| read.call(call));
    }
    for one in view
        .lets
        .iter()
        .filter(|one| !read.free.contains(&one.name))
    {
        let message = format!("nothing in the view reads '{}'", one.name);
        problems.push(Problem::error(one.at.clone(), message).mend("remove it, or use it"));
    }
}

/// What each call and let names.
struct Order {
    needs: BTreeMap<String, BTreeSet<String>>,
    places: Vec<(String, At)>,
}

impl Order {
    fn of(lets: &[Let], calls: &[CallRule]) -> Self {
        let mut needs = BTreeMap::new();
        let mut places = Vec::new();
        for one in lets {
            let mut names = Names::default();
            names.tree(&one.value);
            needs.insert(one.name.clone(), names.free);
            places.push((one.name.clone(), one.at.clone()));
        }
        for call in calls {
            let mut names = Names::default();
            names.call(call);
            needs.insert(call.name.clone(), names.free);
            places.push((call.name.clone(), call.at.clone()));
        }
        Self { needs, places }
    }

    /// Reports each circle once; whether there is any.
    fn tell_circles(&self, problems: &mut Vec<Problem>) -> bool {
        let mut told = BTreeSet::new();
        for (name, at) in &self.places {
            if let Some(circle) = self.circle(name)
                && told.insert(circle.iter().cloned().collect::<BTreeSet<_>>())
            {
                let message = format!("'{name}' needs itself: {}", circle.join(" needs "));
                let mend = "name the part that comes first with a call or let of its own";
                problems.push(Problem::error(at.clone(), message).mend(mend));
            }
        }
        !told.is_empty()
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
