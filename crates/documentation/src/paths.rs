//! Which parameters of the request an expression reads.

use std::collections::BTreeSet;

use ec2_model::Shape;
use rules::{ActionRule, Expression, Key, Let, Loop, Node, Tree, ViewRule};

use crate::written::below;

/// Dotted member names: `BlockDeviceMappings.Ebs.VolumeSize`.
pub type Paths = BTreeSet<String>;

/// Names and what parameters they stand for.
pub struct Reader<'r> {
    input: Shape,
    lets: Vec<&'r Let>,
    /// Loop names and names of blocks, innermost last.
    bound: Vec<(&'r str, Paths)>,
    /// Names that are being looked up: a let may not wait for itself.
    open: Vec<&'r str>,
}

impl<'r> Reader<'r> {
    /// A reader for an action and the views that it reaches.
    pub fn new(input: Shape, rule: &'r ActionRule, views: &[&'r ViewRule]) -> Self {
        let lets = rule
            .lets
            .iter()
            .chain(views.iter().flat_map(|view| &view.lets));
        Self {
            input,
            lets: lets.collect(),
            bound: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Parameters that an expression reads.
    pub fn expression(&mut self, expression: &'r Expression) -> Paths {
        self.node(&expression.root, None)
    }

    /// Runs with the names of loops bound.
    pub fn with<T>(
        &mut self,
        loops: &'r [Loop],
        lets: &'r [Let],
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.bound.len();
        for one in loops {
            let paths = self.node(&one.list.root, None);
            self.bound.push((&one.name, paths));
        }
        for one in lets {
            let paths = self.tree(&one.value);
            self.bound.push((&one.name, paths));
        }
        let result = run(self);
        self.bound.truncate(before);
        result
    }

    /// Parameters that any leaf of a tree reads.
    pub fn tree(&mut self, tree: &'r Tree) -> Paths {
        let mut paths = Paths::new();
        self.each_leaf(tree, String::new(), &mut |_, leaf| paths.extend(leaf));
        paths
    }

    /// Calls back with the place of every leaf and the parameters that it reads.
    pub fn each_leaf(&mut self, tree: &'r Tree, place: String, found: &mut dyn FnMut(&str, Paths)) {
        match tree {
            Tree::Expression(expression) => found(&place, self.expression(expression)),
            Tree::Constant(..) => {}
            Tree::Object(members, _) => {
                for (key, tree) in members {
                    match key {
                        Key::Name(name) => self.each_leaf(tree, below(&place, name), found),
                        Key::Merge => self.merged(tree, &place, found),
                    }
                }
            }
            Tree::List(entries, _) => {
                for entry in entries {
                    self.each_leaf(entry, format!("{place}[]"), found);
                }
            }
            Tree::Block(block) => {
                let group = block.group.as_ref().map(|(one, _)| one);
                let grouped = group.map_or(&[][..], std::slice::from_ref);
                self.with(&block.each, &[], |reader| {
                    reader.with(grouped, &block.lets, |reader| {
                        if let Some(of) = &block.of {
                            found(&place, reader.expression(of));
                        }
                        if let Some(item) = &block.item {
                            reader.each_leaf(item, place, found);
                        }
                    });
                });
            }
        }
    }

    /// The members of a named structure stand where they are merged in.
    fn merged(&mut self, tree: &'r Tree, place: &str, found: &mut dyn FnMut(&str, Paths)) {
        let name = match tree {
            Tree::Expression(Expression {
                root: Node::Name(name),
                ..
            }) => name.as_str(),
            _ => return self.each_leaf(tree, below(place, "*"), found),
        };
        let one = self.lets.iter().find(|one| one.name == name).copied();
        match one.filter(|one| matches!(one.value, Tree::Object(..)) && !self.open.contains(&name))
        {
            Some(one) => {
                self.open.push(name);
                self.each_leaf(&one.value, place.to_owned(), found);
                self.open.pop();
            }
            None => self.each_leaf(tree, below(place, "*"), found),
        }
    }

    fn name(&mut self, name: &'r str) -> Paths {
        if let Some((_, paths)) = self.bound.iter().rev().find(|(bound, _)| *bound == name) {
            return paths.clone();
        }
        if self.input.member(name).is_some() {
            return Paths::from([name.to_owned()]);
        }
        let Some(one) = self.lets.iter().find(|one| one.name == name).copied() else {
            return Paths::new();
        };
        if self.open.contains(&name) {
            return Paths::new();
        }
        self.open.push(name);
        let paths = self.tree(&one.value);
        self.open.pop();
        paths
    }

    /// Parameters that a node reads; `current` is what `@` stands for inside a value.
    fn node(&mut self, node: &'r Node, current: Option<&Paths>) -> Paths {
        match node {
            Node::Current => current.cloned().unwrap_or_default(),
            Node::Name(name) => self.name(name),
            Node::Literal(_) => Paths::new(),
            Node::Member(left, name) => {
                let left = self.node(left, current);
                left.into_iter()
                    .map(|path| self.member(path, name))
                    .collect()
            }
            Node::Then(left, right) | Node::Project(left, right) => {
                let left = self.node(left, current);
                self.through(left, &[right])
            }
            Node::Filter(left, condition, right) => {
                let left = self.node(left, current);
                self.through(left, &[condition, right])
            }
            Node::Index(left, _)
            | Node::Slice(left, ..)
            | Node::Flatten(left)
            | Node::Values(left)
            | Node::Not(left) => self.node(left, current),
            Node::Compare(_, left, right) | Node::And(left, right) | Node::Or(left, right) => {
                let mut paths = self.node(left, current);
                paths.extend(self.node(right, current));
                paths
            }
            Node::List(nodes) => self.union(nodes.iter(), current),
            Node::Object(members) => self.union(members.iter().map(|(_, node)| node), current),
            Node::Call(_, arguments) => {
                let plain = arguments
                    .iter()
                    .filter(|node| !matches!(node, Node::Reference(_)));
                let mut paths = self.union(plain, current);
                for argument in arguments {
                    if let Node::Reference(node) = argument {
                        let inner = self.node(node, Some(&paths));
                        paths.extend(inner);
                    }
                }
                paths
            }
            Node::Reference(node) => self.node(node, current),
        }
    }

    /// What nodes read of a value; the value itself counts only where nothing inside it is named.
    fn through(&mut self, left: Paths, nodes: &[&'r Node]) -> Paths {
        let mut paths = Paths::new();
        for node in nodes {
            paths.extend(self.node(node, Some(&left)));
        }
        if paths.is_empty() { left } else { paths }
    }

    fn union<'n>(
        &mut self,
        nodes: impl Iterator<Item = &'r Node>,
        current: Option<&'n Paths>,
    ) -> Paths {
        let mut paths = Paths::new();
        for node in nodes {
            paths.extend(self.node(node, current));
        }
        paths
    }

    /// A member of what a path names; functions give values of other shapes, for which the path itself stands.
    fn member(&self, path: String, name: &str) -> String {
        let shape = path.split('.').try_fold(self.input, |shape, part| {
            let member = inner(shape).member(part)?;
            Some(member.shape())
        });
        match shape {
            Some(shape) if inner(shape).member(name).is_some() => format!("{path}.{name}"),
            _ => path,
        }
    }
}

/// The shape inside lists.
pub fn inner(mut shape: Shape) -> Shape {
    while let Some(item) = shape.item() {
        shape = item;
    }
    shape
}
