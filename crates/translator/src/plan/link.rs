//! From a rule as written to a plan.

use std::collections::HashMap;

use rules::{
    ActionRule, At, Block, CallRule, Expression, Key, Let, Loop, Meaning, Node, Piece, RequestRule,
    Rules, Text,
};

use super::scope::{Frame, ViewFrame};
use super::{
    AlreadyPlan, BlockPlan, CallPlan, Ex, FaultPlan, FilterPlan, FilterTarget, GroupPlan, Literal,
    MeaningPlan, PagingPlan, Part, PiecePlan, Plan, PushPlan, RefusalPlan, RequestPlan, SlotDef,
    Tree, UndoPlan, dependencies, unfilled,
};
use crate::functions;
use crate::value::{Doc, Source};

/// Links an action.
///
/// # Errors
/// A sentence for each name, function or view that does not exist, with its place.
pub fn link(rules: &Rules, rule: &ActionRule) -> Result<Plan, Vec<String>> {
    let Some(action) = ec2_model::action(&rule.action) else {
        return Err(vec![format!("EC2 has no action '{}'", rule.action)]);
    };
    let mut linker = Linker {
        rules,
        rule,
        input: action.input(),
        slots: Vec::new(),
        calls: Vec::new(),
        frames: vec![Frame::default()],
        call_names: HashMap::new(),
        problems: Vec::new(),
        reads: Default::default(),
        depth: 0,
    };
    for call in &rule.calls {
        linker.declare_call(call, false);
    }
    for (index, call) in rule.calls.iter().enumerate() {
        linker.fill_call(index, call, None);
    }
    let refuse = rule
        .refuse
        .iter()
        .map(|refusal| linker.refusal(refusal))
        .collect();
    let paging = rule.paging.as_ref().and_then(|paging| {
        let Ex::Slot(over) = linker.expression(&paging.over) else {
            linker.problem(
                &paging.at,
                "paging.over must be the name of a call or a let",
            );
            return None;
        };
        Some(PagingPlan {
            over,
            by: paging
                .by
                .iter()
                .map(|by| linker.value_expression(by))
                .collect(),
        })
    });
    let already = rule.already.as_ref().map(|already| {
        let when = linker.expression(&already.when);
        let mut using = Vec::new();
        for Let { name, value, at } in &already.using {
            match linker.resolve(name, at) {
                Some(Ex::Slot(slot)) => {
                    let tree = linker.tree(value, false);
                    using.push((slot, tree));
                }
                _ => linker.problem(at, &format!("'{name}' is no call or let of this rule")),
            }
        }
        AlreadyPlan {
            when,
            needs: 0,
            using,
        }
    });
    let answer = linker.tree(&rule.answer, true);
    let filters = linker.filters(action);
    let unfilled = unfilled::unfilled(action.output(), &answer);
    let notes = rule
        .parameters
        .iter()
        .map(|note| {
            (
                note.clone(),
                note.when.as_ref().map(|when| linker.note(when)),
            )
        })
        .collect();
    let Linker {
        slots,
        calls,
        mut problems,
        reads,
        ..
    } = linker;
    let covered = covered(rules, rule, &reads);
    let mut linked = Vec::new();
    for (name, call) in calls {
        match call {
            Some(call) => linked.push(call),
            None => problems.push(format!("the call '{name}' could not be linked")),
        }
    }
    if linked.len() > 60 {
        problems.push(format!("{}: more than 60 calls in one action", rule.action));
    }
    let mut plan = Plan {
        action,
        slots,
        calls: linked,
        defaults: rule
            .defaults
            .iter()
            .map(|(name, value, _)| (name.clone(), value.clone()))
            .collect(),
        refuse,
        already,
        paging,
        answer,
        filters,
        notes,
        at: rule.at.clone(),
        unfilled,
        covered,
    };
    if problems.is_empty()
        && let Err(problem) = dependencies::settle(&mut plan)
    {
        problems.push(format!("{}: {problem}", rule.at.file));
    }
    if problems.is_empty() {
        Ok(plan)
    } else {
        Err(problems)
    }
}

/// Each parameter that the rule reads, down to the leaf, with the place that reads its outermost member.
fn covered(
    rules: &Rules,
    rule: &ActionRule,
    reads: &std::collections::BTreeMap<String, At>,
) -> Vec<(String, At)> {
    let place = |name: &str| {
        let first = name.split('.').next().unwrap_or(name);
        reads.get(first).unwrap_or(&rule.at).clone()
    };
    rules::lint::reads(rules, rule)
        .into_iter()
        .map(|name| (name.clone(), place(&name)))
        .collect()
}

/// Links an expression whose outermost node is a value, as in a path of a filter or a plain JMESPath query.
///
/// # Errors
/// A sentence for each function that does not exist.
pub fn link_value(rules: &Rules, expression: &Expression) -> Result<Ex, Vec<String>> {
    let nothing = empty_rule();
    let mut linker = Linker {
        rules,
        rule: &nothing,
        input: ec2_model::actions().next().ok_or_else(Vec::new)?.input(),
        slots: Vec::new(),
        calls: Vec::new(),
        frames: Vec::new(),
        call_names: HashMap::new(),
        problems: Vec::new(),
        reads: Default::default(),
        depth: 0,
    };
    let ex = linker.value_expression(expression);
    if linker.problems.is_empty() {
        Ok(ex)
    } else {
        Err(linker.problems)
    }
}

/// A plan that does nothing, for expressions on their own.
pub fn empty() -> Option<Plan> {
    let action = ec2_model::actions().next()?;
    let rule = ActionRule {
        action: action.name().to_owned(),
        ..empty_rule()
    };
    link(&Rules::default(), &rule).ok()
}

fn empty_rule() -> ActionRule {
    ActionRule {
        at: At::default(),
        action: String::new(),
        about: None,
        defaults: Vec::new(),
        calls: Vec::new(),
        lets: Vec::new(),
        refuse: Vec::new(),
        already: None,
        paging: None,
        answer: rules::Tree::Object(Vec::new(), At::default()),
        parameters: Vec::new(),
        filters: Vec::new(),
    }
}

struct Linker<'r> {
    rules: &'r Rules,
    rule: &'r ActionRule,
    input: ec2_model::Shape,
    slots: Vec<SlotDef>,
    calls: Vec<(String, Option<CallPlan>)>,
    /// The innermost last; the first one is the action's own.
    frames: Vec<Frame<'r>>,
    call_names: HashMap<String, usize>,
    problems: Vec<String>,
    reads: std::collections::BTreeMap<String, At>,
    depth: usize,
}

impl<'r> Linker<'r> {
    fn problem(&mut self, at: &At, message: &str) {
        self.problems
            .push(format!("{}:{}:{}: {message}", at.file, at.line, at.column));
    }

    fn slot(&mut self, def: SlotDef) -> u32 {
        self.slots.push(def);
        self.slots.len() as u32 - 1
    }

    fn bound(&mut self) -> u32 {
        self.slot(SlotDef::Bound)
    }

    fn bind(&mut self, name: &str) -> u32 {
        let slot = self.bound();
        if let Some(frame) = self.frames.last_mut() {
            frame.names.insert(name.to_owned(), slot);
        }
        slot
    }

    fn set(&mut self, slot: u32, def: SlotDef) {
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = def;
        }
    }

    /// Runs with only the first `keep` frames in sight, as names of an outer frame are resolved there.
    fn within<T>(&mut self, keep: usize, run: impl FnOnce(&mut Self) -> T) -> T {
        let inner = self.frames.split_off(keep.min(self.frames.len()));
        let result = run(self);
        self.frames.truncate(keep);
        self.frames.extend(inner);
        result
    }

    fn resolve(&mut self, name: &str, at_name: &At) -> Option<Ex> {
        if name == "context" {
            return Some(Ex::Context);
        }
        for at in (0..self.frames.len()).rev() {
            if let Some(slot) = self.frames.get(at)?.names.get(name) {
                return Some(Ex::Slot(*slot));
            }
            if self.frames.get(at)?.view.is_some() {
                return self.resolve_in_view(at, name);
            }
        }
        self.resolve_in_action(name, at_name)
    }

    fn resolve_in_view(&mut self, at: usize, name: &str) -> Option<Ex> {
        let view = self.frames.get(at)?.view.as_ref()?;
        if let Some(found) = view.find_let(name) {
            // The name is known before its value is linked, so that a circle is found later instead of followed here.
            let slot = self.bound();
            let frame = self.frames.get_mut(at)?;
            frame.names.insert(name.to_owned(), slot);
            frame.view.as_mut()?.lets.push(slot);
            let tree = self.within(at + 1, |linker| linker.tree(&found.value, false));
            self.set(slot, SlotDef::Let(tree));
            return Some(Ex::Slot(slot));
        }
        if let Some(&index) = self.call_names.get(name) {
            return self.calls_slot(index);
        }
        let call = view.find_call(name)?;
        let views = view.views.clone();
        let index = self.declare_call(call, true);
        self.fill_call(index, call, Some(views));
        self.calls_slot(index)
    }

    fn resolve_in_action(&mut self, name: &str, at: &At) -> Option<Ex> {
        if let Some(found) = self.rule.lets.iter().find(|l| l.name == name) {
            let slot = self.bound();
            self.frames.first_mut()?.names.insert(name.to_owned(), slot);
            let tree = self.within(1, |linker| linker.tree(&found.value, false));
            self.set(slot, SlotDef::Let(tree));
            return Some(Ex::Slot(slot));
        }
        if let Some(&index) = self.call_names.get(name) {
            return self.calls_slot(index);
        }
        if self.input.member(name).is_some() {
            self.reads
                .entry(name.to_owned())
                .or_insert_with(|| at.clone());
            return Some(Ex::Parameter(name.into()));
        }
        None
    }

    fn calls_slot(&self, index: usize) -> Option<Ex> {
        let slot = self
            .slots
            .iter()
            .position(|def| matches!(def, SlotDef::Call(call) if *call == index))?;
        Some(Ex::Slot(slot as u32))
    }

    fn declare_call(&mut self, call: &CallRule, from_view: bool) -> usize {
        let index = self.calls.len();
        self.slot(SlotDef::Call(index));
        self.calls.push((call.name.clone(), None));
        if !from_view || !self.call_names.contains_key(&call.name) {
            self.call_names.insert(call.name.clone(), index);
        }
        index
    }

    fn fill_call(
        &mut self,
        index: usize,
        call: &'r CallRule,
        view: Option<Vec<&'r rules::ViewRule>>,
    ) {
        let from_view = view.is_some();
        let frames = std::mem::take(&mut self.frames);
        self.frames = match (view, frames.first()) {
            (Some(views), _) => {
                vec![Frame {
                    view: Some(ViewFrame {
                        views,
                        lets: Vec::new(),
                    }),
                    ..Frame::default()
                }]
            }
            (None, Some(first)) => vec![Frame {
                names: first.names.clone(),
                view: None,
            }],
            (None, None) => vec![Frame::default()],
        };
        self.frames.push(Frame::default());
        let loops = self.loops(&call.loops);
        let when = call.when.as_ref().map(|when| self.expression(when));
        let request = self.request(&call.request);
        let push = call.push.iter().map(|push| self.push(push)).collect();
        self.frames.push(Frame::default());
        let reply = self.bind("reply");
        let gives = call.gives.as_ref().map(|gives| self.tree(gives, false));
        let faults = call.faults.iter().map(|row| self.fault(row)).collect();
        self.frames.pop();
        let pages = call
            .pages
            .as_ref()
            .map(|pages| self.value_expression(pages));
        let until = call.until.as_ref().map(|until| {
            let until = self.expression(until);
            let fails = call.fails.as_ref().map(|fails| self.expression(fails));
            (until, fails, call.within.unwrap_or(60))
        });
        let undo = match &call.undo {
            Some(rules::Undo::Request { loops, request }) => {
                self.frames.push(Frame::default());
                let loops = self.loops(loops);
                let request = self.request(request);
                self.frames.pop();
                Some(UndoPlan { loops, request })
            }
            _ => None,
        };
        let follows = call.follows.as_ref().and_then(|name| {
            let found = self.call_names.get(name).copied();
            if found.is_none() {
                self.problem(&call.at, &format!("follows: there is no call '{name}'"));
            }
            found
        });
        self.frames.pop();
        let mine = std::mem::replace(&mut self.frames, frames);
        if !from_view
            && let (Some(mine), Some(first)) = (mine.into_iter().next(), self.frames.first_mut())
        {
            first.names.extend(mine.names);
        }
        let slot = match self.calls_slot(index) {
            Some(Ex::Slot(slot)) => slot,
            _ => 0,
        };
        let plan = CallPlan {
            name: call.name.as_str().into(),
            at: call.at.clone(),
            slot,
            reply,
            request,
            loops,
            when,
            push,
            gives,
            pages,
            read: call.is_read(),
            follows,
            until,
            undo,
            faults,
            hide: call.hide.clone(),
            needs: 0,
            when_needs: 0,
            gives_needs: 0,
            from_view,
            after_change: false,
        };
        if let Some((_, place)) = self.calls.get_mut(index) {
            *place = Some(plan);
        }
    }

    fn loops(&mut self, loops: &'r [Loop]) -> Vec<(u32, Ex)> {
        let mut linked = Vec::new();
        for each in loops {
            let list = self.expression(&each.list);
            linked.push((self.bind(&each.name), list));
        }
        linked
    }

    fn request(&mut self, request: &'r RequestRule) -> RequestPlan {
        use openstack_wire::Method;
        let method = match request.method.as_str() {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "PATCH" => Method::Patch,
            "DELETE" => Method::Delete,
            other => {
                self.problem(&request.at, &format!("'{other}' is no HTTP method"));
                Method::Get
            }
        };
        let mut ids = Vec::new();
        for piece in &request.path.pieces {
            if let Piece::Expression(expression) = piece
                && let Node::Call(name, arguments) = &expression.root
                && name == "uuid"
                && let Some(id) = arguments.first()
            {
                ids.push(self.node(id, true, &expression.at));
            }
        }
        RequestPlan {
            at: request.at.clone(),
            method,
            service: request.service.clone(),
            path: self.text(&request.path),
            microversion: request.microversion.clone(),
            query: request
                .query
                .iter()
                .map(|(key, tree, _)| (key.clone(), self.tree(tree, false)))
                .collect(),
            body: request.body.as_ref().map(|body| self.tree(body, false)),
            ids,
        }
    }

    fn push(&mut self, push: &'r rules::Push) -> PushPlan {
        self.frames.push(Frame::default());
        let value = self.bind("value");
        let tag_key = self.bind("key");
        let send = push.value.as_ref().map(|send| self.expression(send));
        self.frames.pop();
        PushPlan {
            key: push.key.clone(),
            filter: push.filter.clone(),
            value,
            tag_key,
            send,
            many: push.many,
            at: push.at.clone(),
        }
    }

    fn fault(&mut self, row: &'r rules::FaultRow) -> FaultPlan {
        let meaning = match &row.meaning {
            Meaning::Error {
                code,
                message: Some(text),
                ..
            } => MeaningPlan::Error {
                code: code.clone(),
                message: Some(self.text(text)),
            },
            plain => MeaningPlan::plain(plain),
        };
        FaultPlan {
            row: row.clone(),
            meaning,
        }
    }

    fn note(&mut self, when: &'r Expression) -> (u32, Ex) {
        self.frames.push(Frame::default());
        let item = self.bind("item");
        let when = self.expression(when);
        self.frames.pop();
        (item, when)
    }

    fn refusal(&mut self, refusal: &'r rules::Refusal) -> RefusalPlan {
        RefusalPlan {
            at: refusal.at.clone(),
            when: self.expression(&refusal.when),
            error: refusal.error.clone(),
            message: refusal.message.as_ref().map(|text| self.text(text)),
            gap: refusal.gap.clone(),
            needs: 0,
            message_needs: 0,
        }
    }

    fn text(&mut self, text: &'r Text) -> Vec<PiecePlan> {
        let mut pieces = Vec::new();
        for piece in &text.pieces {
            pieces.push(match piece {
                Piece::Literal(literal) => PiecePlan::Literal(literal.as_str().into()),
                Piece::Expression(expression) => PiecePlan::Ex(self.expression(expression)),
            });
        }
        pieces
    }

    fn expression(&mut self, expression: &'r Expression) -> Ex {
        self.node(&expression.root, true, &expression.at)
    }

    /// An expression over a value: what would be a name of the scope is a member.
    fn value_expression(&mut self, expression: &Expression) -> Ex {
        self.node(&expression.root, false, &expression.at)
    }

    fn node(&mut self, node: &Node, scope: bool, at: &At) -> Ex {
        let one =
            |linker: &mut Self, node: &Node, scope: bool| Box::new(linker.node(node, scope, at));
        match node {
            Node::Current if scope => Ex::Request,
            Node::Current => Ex::Current,
            Node::Name(name) if scope => self.resolve(name, at).unwrap_or_else(|| {
                self.problem(
                    at,
                    &format!("nothing here is named '{name}'; for the text write \"'{name}'\""),
                );
                Ex::Literal(Literal::Null)
            }),
            Node::Name(name) => Ex::Member(Box::new(Ex::Current), name.as_str().into()),
            Node::Literal(value) => Ex::Literal(literal(value)),
            Node::Member(left, name) => Ex::Member(one(self, left, scope), name.as_str().into()),
            Node::Then(left, right) => Ex::Then(one(self, left, scope), one(self, right, false)),
            Node::Index(left, index) => Ex::Index(one(self, left, scope), *index),
            Node::Slice(left, start, stop, step) => {
                Ex::Slice(one(self, left, scope), *start, *stop, *step)
            }
            Node::Flatten(left) => Ex::Flatten(one(self, left, scope)),
            Node::Values(left) => Ex::Values(one(self, left, scope)),
            Node::Project(left, right) => {
                Ex::Project(one(self, left, scope), one(self, right, false))
            }
            Node::Filter(left, condition, right) => Ex::Filter(
                one(self, left, scope),
                one(self, condition, false),
                one(self, right, false),
            ),
            Node::Compare(comparator, left, right) => {
                Ex::Compare(*comparator, one(self, left, scope), one(self, right, scope))
            }
            Node::And(left, right) => Ex::And(one(self, left, scope), one(self, right, scope)),
            Node::Or(left, right) => Ex::Or(one(self, left, scope), one(self, right, scope)),
            Node::Not(inner) => Ex::Not(one(self, inner, scope)),
            Node::List(items) => Ex::List(
                items
                    .iter()
                    .map(|item| self.node(item, scope, at))
                    .collect(),
                scope,
            ),
            Node::Object(members) => Ex::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.as_str().into(), self.node(value, scope, at)))
                    .collect(),
                scope,
            ),
            Node::Reference(inner) => Ex::Reference(one(self, inner, false)),
            Node::Call(name, arguments) => {
                let arguments: Vec<Ex> = arguments
                    .iter()
                    .map(|argument| self.node(argument, scope, at))
                    .collect();
                match functions::find(name) {
                    Some(function) if function.takes(arguments.len()) => {
                        Ex::Call(function, arguments)
                    }
                    Some(function) => {
                        let takes = function.arity_text();
                        self.problem(
                            at,
                            &format!("{name}() takes {takes}, not {}", arguments.len()),
                        );
                        Ex::Literal(Literal::Null)
                    }
                    None => {
                        self.problem(at, &format!("there is no function '{name}'"));
                        Ex::Literal(Literal::Null)
                    }
                }
            }
        }
    }

    fn tree(&mut self, tree: &'r rules::Tree, answer: bool) -> Tree {
        match tree {
            rules::Tree::Expression(expression) => {
                Tree::Ex(self.expression(expression), expression.at.clone())
            }
            rules::Tree::Constant(value, at) => Tree::Constant(literal(value), at.clone()),
            rules::Tree::Object(members, _) => {
                let mut linked = Vec::new();
                for (key, value) in members {
                    let key = match key {
                        Key::Name(name) => Some(name.as_str().into()),
                        Key::Merge => None,
                    };
                    linked.push((key, self.tree(value, answer)));
                }
                Tree::Object(linked)
            }
            rules::Tree::List(entries, _) => Tree::List(
                entries
                    .iter()
                    .map(|entry| self.tree(entry, answer))
                    .collect(),
            ),
            rules::Tree::Block(block) => Tree::Block(Box::new(self.block(block, answer))),
        }
    }

    fn block(&mut self, block: &'r Block, answer: bool) -> BlockPlan {
        self.depth += 1;
        let linked = self.block_inside(block, answer);
        self.depth -= 1;
        linked
    }

    fn block_inside(&mut self, block: &'r Block, answer: bool) -> BlockPlan {
        let when_outside = block.each.is_empty() && block.group.is_none();
        self.frames.push(Frame::default());
        let mut group = None;
        if let Some((each, by)) = &block.group {
            let list = self.expression(&each.list);
            let item = self.bind(&each.name);
            let by = by.iter().map(|by| self.expression(by)).collect();
            let key = self.bind("key");
            let members = self.bind("group");
            group = Some(GroupPlan {
                item,
                list,
                by,
                key,
                group: members,
            });
        }
        let each = self.loops(&block.each);
        let mut lets = Vec::new();
        for found in &block.lets {
            lets.push((self.bind(&found.name), found));
        }
        for (slot, found) in &lets {
            let tree = self.tree(&found.value, false);
            self.set(*slot, SlotDef::Let(tree));
        }
        let when = block.when.as_ref().map(|when| self.expression(when));
        let mut lets: Vec<u32> = lets.into_iter().map(|(slot, _)| slot).collect();
        let mut of = None;
        let repeats = !when_outside;
        let item = match (&block.item, &block.view) {
            (Some(item), _) => self.tree(item, answer),
            (None, Some(view)) => {
                let subject = match &block.of {
                    Some(of) => Some(self.expression(of)),
                    None => each.last().map(|(slot, _)| Ex::Slot(*slot)),
                };
                let (slot, tree, slots) = self.view(block, view);
                lets.extend(slots);
                match subject {
                    Some(subject) => of = Some((slot, subject)),
                    None => self.problem(&block.at, "a view needs `each` or `of`"),
                }
                tree
            }
            (None, None) => {
                self.problem(&block.at, "a block needs `item` or `view`");
                Tree::List(Vec::new())
            }
        };
        self.frames.pop();
        let part = match () {
            () if !answer || !repeats => Part::Plain,
            () if block.view.is_none() && holds_items(&item) => Part::Holder,
            () => Part::Item,
        };
        BlockPlan {
            when,
            each,
            group,
            of,
            lets,
            item,
            part,
        }
    }

    fn view(&mut self, block: &'r Block, name: &str) -> (u32, Tree, Vec<u32>) {
        let nothing = (0, Tree::List(Vec::new()), Vec::new());
        let Some(view) = self.rules.views.get(name) else {
            self.problem(&block.at, &format!("there is no view '{name}'"));
            return nothing;
        };
        if self.depth > 24 {
            self.problem(&block.at, &format!("the view '{name}' holds itself"));
            return nothing;
        }
        let mut views = vec![view];
        for used in &view.uses {
            match self.rules.views.get(used) {
                Some(used) => views.push(used),
                None => self.problem(&view.at, &format!("uses: there is no view '{used}'")),
            }
        }
        let mut names = HashMap::new();
        let mut with = Vec::new();
        for found in &block.with {
            let slot = self.bound();
            let tree = self.tree(&found.value, false);
            self.set(slot, SlotDef::Let(tree));
            names.insert(found.name.clone(), slot);
            with.push(slot);
        }
        let subject = self.bound();
        for view in &views {
            names.insert(view.of.clone(), subject);
        }
        self.frames.push(Frame {
            names,
            view: Some(ViewFrame {
                views,
                lets: Vec::new(),
            }),
        });
        let fields = self.tree(&view.fields, false);
        let mut lets = with;
        if let Some(Frame {
            view: Some(frame), ..
        }) = self.frames.pop()
        {
            lets.extend(frame.lets);
        }
        (subject, fields, lets)
    }

    fn filters(&mut self, action: ec2_model::Action) -> Vec<FilterPlan> {
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

/// Whether a repeated view stands inside: then the block around it only holds the items that filters choose from.
fn holds_items(tree: &Tree) -> bool {
    match tree {
        Tree::Ex(..) | Tree::Constant(..) => false,
        Tree::Object(members) => members.iter().any(|(_, tree)| holds_items(tree)),
        Tree::List(entries) => entries.iter().any(holds_items),
        Tree::Block(block) => {
            (block.part == Part::Item && block.of.is_some()) || holds_items(&block.item)
        }
    }
}

pub(super) fn literal(value: &serde_json::Value) -> Literal {
    use serde_json::Value as Json;
    match value {
        Json::Null => Literal::Null,
        Json::Bool(b) => Literal::Bool(*b),
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(i), _) => Literal::Int(i),
            (None, Some(f)) => Literal::Float(f),
            (None, None) => Literal::Null,
        },
        Json::String(s) => Literal::Str(s.as_str().into()),
        list_or_object => Literal::Doc(Box::new(Doc::of(list_or_object, Source::Rule))),
    }
}
