//! Calls: what is sent, when, and what their errors mean.

use rules::{CallRule, Loop, Meaning, Node, Piece, RequestRule};

use super::Linker;
use crate::plan::scope::{Frame, ViewFrame};
use crate::plan::{CallPlan, Ex, FaultPlan, MeaningPlan, PushPlan, RequestPlan, SlotDef, UndoPlan};

impl<'r> Linker<'r> {
    pub(super) fn declare_call(&mut self, call: &CallRule, from_view: bool) -> usize {
        let index = self.calls.len();
        self.slot(SlotDef::Call(index));
        self.calls.push((call.name.clone(), None));
        if !from_view || !self.call_names.contains_key(&call.name) {
            self.call_names.insert(call.name.clone(), index);
        }
        index
    }

    pub(super) fn fill_call(
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

    pub(super) fn loops(&mut self, loops: &'r [Loop]) -> Vec<(u32, Ex)> {
        let mut linked = Vec::new();
        for each in loops {
            let list = self.expression(&each.list);
            linked.push((self.bind(&each.name), list));
        }
        linked
    }

    pub(super) fn request(&mut self, request: &'r RequestRule) -> RequestPlan {
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

    pub(super) fn push(&mut self, push: &'r rules::Push) -> PushPlan {
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

    pub(super) fn fault(&mut self, row: &'r rules::FaultRow) -> FaultPlan {
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
}
