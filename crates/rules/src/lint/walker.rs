//! The names in sight at a place of a rule, and what they stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ec2_model::Shape;

use super::types::{Type, is_leaf, joined, leaves};
use super::words::CONTEXT;
use crate::spelling::{closest, did_you_mean};
use crate::{ActionRule, At, CallRule, Let, Loop, Problem, Rules, ViewRule};

/// Walks one action with all it uses.
pub(super) struct Walker<'r> {
    pub rules: &'r Rules,
    pub action: &'r ActionRule,
    pub input: Shape,
    pub problems: Vec<Problem>,
    /// Dotted paths of the request that an expression reads.
    pub reads: BTreeSet<String>,
    /// Views that stand in the answer itself, with the shape they are seen as.
    pub answered: Vec<(&'r ViewRule, Option<Shape>)>,
    /// Places of the lets that something reads.
    pub used_lets: BTreeSet<(Rc<str>, u32, u32)>,
    pub uses: &'r std::cell::RefCell<Uses>,
    pub frames: Vec<Frame<'r>>,
    pub views: Vec<&'r str>,
    pub in_push: bool,
    /// Calls of the action and of every view it reaches, by name.
    pub calls: BTreeMap<&'r str, (&'r CallRule, Option<&'r ViewRule>)>,
    /// Calls whose value is being computed.
    pub open_calls: Vec<&'r str>,
    walked: BTreeSet<&'r str>,
}

/// What the rules as a whole use, so that the rest can be found.
#[derive(Default)]
pub(super) struct Uses {
    pub views: BTreeSet<String>,
    pub tables: BTreeSet<String>,
    /// Tables read elsewhere than in `push`: these have to be total, or the words asked of them are an EC2 enumeration.
    pub total: BTreeMap<String, (At, Vec<&'static str>)>,
    pub gaps: BTreeSet<String>,
}

/// Names of one level.
#[derive(Default)]
pub(super) struct Frame<'r> {
    pub names: Vec<(String, Binding<'r>)>,
    /// A view's own names end the search: what stands outside it is not in sight.
    pub barrier: bool,
}

/// What a name stands for.
#[derive(Clone)]
pub(super) enum Binding<'r> {
    Known(Type),
    Let(&'r Let, Option<Type>),
}

impl<'r> Walker<'r> {
    pub fn new(
        rules: &'r Rules,
        action: &'r ActionRule,
        input: Shape,
        uses: &'r std::cell::RefCell<Uses>,
    ) -> Self {
        let mut reached = Vec::new();
        super::reach::views_of_action(rules, action, &mut reached);
        let mut calls: BTreeMap<&str, (&CallRule, Option<&ViewRule>)> = BTreeMap::new();
        for call in &action.calls {
            calls.insert(&call.name, (call, None));
        }
        for view in reached {
            for call in &view.calls {
                calls.entry(&call.name).or_insert((call, Some(view)));
            }
        }
        let names = action
            .lets
            .iter()
            .map(|one| (one.name.clone(), Binding::Let(one, None)))
            .collect();
        Self {
            rules,
            action,
            input,
            problems: Vec::new(),
            reads: BTreeSet::new(),
            answered: Vec::new(),
            used_lets: BTreeSet::new(),
            uses,
            frames: vec![Frame {
                names,
                barrier: false,
            }],
            views: Vec::new(),
            in_push: false,
            calls,
            open_calls: Vec::new(),
            walked: BTreeSet::new(),
        }
    }

    pub fn problem(&mut self, at: &At, message: impl Into<String>, mend: Option<String>) {
        self.problems
            .push(Problem::error(at.clone(), message).mend_if(mend));
    }

    pub fn scoped<T>(
        &mut self,
        names: Vec<(String, Binding<'r>)>,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.frames.push(Frame {
            names,
            barrier: false,
        });
        let result = run(self);
        self.frames.pop();
        result
    }

    pub fn bind(&mut self, name: &str, binding: Binding<'r>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.names.push((name.to_owned(), binding));
        }
    }

    pub fn loops(&mut self, loops: &'r [Loop]) {
        for each in loops {
            let item = self.expression(&each.list).item();
            self.bind(&each.name, Binding::Known(item));
        }
    }

    /// Runs with the names of a view in sight.
    pub fn in_view_of(&mut self, view: &'r ViewRule, run: impl FnOnce(&mut Self)) {
        let mut names: Vec<(String, Binding<'r>)> =
            vec![(view.of.clone(), Binding::Known(Type::Unknown))];
        names.extend(
            view.lets
                .iter()
                .map(|one| (one.name.clone(), Binding::Let(one, None))),
        );
        self.frames.push(Frame {
            names,
            barrier: true,
        });
        self.views.push(&view.view);
        run(self);
        self.views.pop();
        self.frames.pop();
    }

    /// Only names of the innermost view are in sight, with the calls of all.
    fn in_view(&self) -> bool {
        self.frames.iter().any(|frame| frame.barrier)
    }

    fn find(&self, name: &str) -> Option<(usize, usize)> {
        for (depth, frame) in self.frames.iter().enumerate().rev() {
            if let Some(index) = frame.names.iter().rposition(|(known, _)| known == name) {
                return Some((depth, index));
            }
            if frame.barrier {
                return None;
            }
        }
        None
    }

    /// The let that a name stands for, with the number of frames it sees.
    pub fn let_named(&self, name: &str) -> Option<(&'r Let, usize)> {
        let (depth, index) = self.find(name)?;
        match &self.frames.get(depth)?.names.get(index)?.1 {
            Binding::Let(one, _) => Some((one, depth + 1)),
            Binding::Known(_) => None,
        }
    }

    /// Runs with the first frames only, as the value of a name is made where the name stands.
    pub fn within<T>(&mut self, keep: usize, run: impl FnOnce(&mut Self) -> T) -> T {
        let inner = self.frames.split_off(keep.min(self.frames.len()));
        let result = run(self);
        self.frames.truncate(keep);
        self.frames.extend(inner);
        result
    }

    /// What a name stands for; an unknown one is reported.
    pub fn name(&mut self, name: &str, at: &At) -> Type {
        if let Some((depth, index)) = self.find(name) {
            let binding = self.frames[depth].names[index].1.clone();
            return match binding {
                Binding::Known(known) => self.touched(known),
                Binding::Let(one, Some(known)) => {
                    self.use_let(one);
                    self.touched(known)
                }
                Binding::Let(one, None) => {
                    self.use_let(one);
                    // Known as nothing while it is computed: a circle is reported by the order of things, not followed.
                    self.frames[depth].names[index].1 = Binding::Known(Type::Unknown);
                    let made =
                        self.within(depth + 1, |walker| walker.tree(&one.value, None, false));
                    self.frames[depth].names[index].1 = Binding::Let(one, Some(made.clone()));
                    made
                }
            };
        }
        if name == "context" {
            return Type::Unknown;
        }
        if self.calls.contains_key(name) {
            return self.call_type(name);
        }
        if !self.in_view()
            && let Some(member) = self.input.member(name)
        {
            return self.touched(Type::Input(member.shape(), name.into()));
        }
        self.unknown(name, at);
        Type::Unknown
    }

    fn use_let(&mut self, one: &Let) {
        self.used_lets.insert((
            one.at.file.clone().as_ref().into(),
            one.at.line,
            one.at.column,
        ));
    }

    pub fn touched(&mut self, value: Type) -> Type {
        if let Type::Input(shape, path) = &value
            && is_leaf(*shape)
        {
            self.reads.insert(path.to_string());
        }
        value
    }

    /// Everything in the value is read: it is sent, or made into one text.
    pub fn consume(&mut self, value: &Type) {
        match value {
            Type::Input(shape, path) => leaves(*shape, path, &mut self.reads),
            Type::Request => leaves(self.input, "", &mut self.reads),
            Type::List(item) => self.consume(item),
            Type::Either(types) => types.iter().for_each(|one| self.consume(one)),
            Type::Object(members) => members.iter().for_each(|(_, one)| self.consume(one)),
            Type::Unknown | Type::Null | Type::Boolean | Type::Number | Type::Text => {}
        }
    }

    fn unknown(&mut self, name: &str, at: &At) {
        let mut visible: Vec<&str> = Vec::new();
        for frame in self.frames.iter().rev() {
            visible.extend(frame.names.iter().map(|(name, _)| name.as_str()));
            if frame.barrier {
                break;
            }
        }
        visible.extend(self.calls.keys());
        visible.push("context");
        if !self.in_view() {
            visible.extend(self.input.members().map(|member| member.name()));
        }
        let mend = match closest(name, visible) {
            Some(close) => format!("did you mean '{close}', or the text \"'{name}'\"?"),
            None => format!("did you mean the text \"'{name}'\"?"),
        };
        let message = if self.in_view() && self.input.member(name).is_some() {
            format!("a view does not see the request, so nothing here is named '{name}'")
        } else {
            format!("nothing here is named '{name}'")
        };
        self.problem(at, message, Some(mend));
    }

    /// A member of a value; one that cannot be there is reported.
    pub fn member(&mut self, value: &Type, name: &str, at: &At) -> Type {
        match value {
            Type::Request => match self.input.member(name) {
                Some(member) => self.touched(Type::Input(member.shape(), name.into())),
                None => {
                    let mend = did_you_mean(name, self.input.members().map(|member| member.name()));
                    self.problem(
                        at,
                        format!("{} has no parameter '{name}'", self.action.action),
                        mend,
                    );
                    Type::Unknown
                }
            },
            Type::Input(shape, path) => match shape.kind() {
                ec2_model::Kind::Structure => match shape.member(name) {
                    Some(member) => {
                        let path = joined(path, name);
                        self.touched(Type::Input(member.shape(), path.as_str().into()))
                    }
                    None => {
                        let mend = did_you_mean(name, shape.members().map(|member| member.name()));
                        self.problem(at, format!("'{path}' has no member '{name}'"), mend);
                        Type::Unknown
                    }
                },
                ec2_model::Kind::List => {
                    let mend = format!("{path}[].{name}, or {path}[0].{name}");
                    self.problem(at, format!("'{path}' is a list"), Some(mend));
                    Type::Unknown
                }
                _ => {
                    let mend = "inside [?…], [*] and & names are members of the item; join with find or each";
                    self.problem(
                        at,
                        format!("'{path}' is a plain value and has no member '{name}'"),
                        Some(mend.into()),
                    );
                    Type::Unknown
                }
            },
            Type::Object(members) => match members.iter().find(|(known, _)| known == name) {
                Some((_, member)) => {
                    let member = member.clone();
                    self.touched(member)
                }
                None => {
                    let mend = did_you_mean(name, members.iter().map(|(known, _)| known.as_str()));
                    self.problem(at, format!("nothing gives it a member '{name}'"), mend);
                    Type::Unknown
                }
            },
            Type::Either(types) => {
                let types: Vec<Type> = types
                    .iter()
                    .filter(|one| may_have(one, name))
                    .cloned()
                    .collect();
                if types.is_empty() {
                    return Type::Unknown;
                }
                let found = types.iter().map(|one| self.member(one, name, at)).collect();
                Type::either(found)
            }
            _ => Type::Unknown,
        }
    }

    pub fn context_member(&mut self, name: &str, at: &At) {
        if !CONTEXT.contains(&name) {
            let mend =
                did_you_mean(name, CONTEXT.iter().copied()).unwrap_or_else(|| CONTEXT.join(", "));
            self.problem(at, format!("the context has no '{name}'"), Some(mend));
        }
    }

    /// Whether a call is walked for the first time in this action.
    pub fn first_walk(&mut self, name: &'r str) -> bool {
        self.walked.insert(name)
    }
}

fn may_have(value: &Type, name: &str) -> bool {
    match value {
        Type::Input(shape, _) => shape.member(name).is_some(),
        Type::Object(members) => members.iter().any(|(known, _)| known == name),
        Type::Either(types) => types.iter().any(|one| may_have(one, name)),
        Type::Unknown | Type::Request => true,
        Type::Null | Type::Boolean | Type::Number | Type::Text | Type::List(_) => false,
    }
}
