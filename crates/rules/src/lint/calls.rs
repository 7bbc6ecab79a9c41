//! Calls: what they send, what they read, and whether a change can be taken back.

use super::types::Type;
use super::walker::{Binding, Walker};
use super::words::COLLECTIONS;
use crate::spelling::did_you_mean;
use crate::{At, CallRule, FaultRow, Meaning, Piece, RequestRule, Undo};

impl<'r> Walker<'r> {
    /// Checks a call with all its keys, once.
    pub fn walk_call(&mut self, call: &'r CallRule, from_view: bool) {
        if !self.first_walk(&call.name) {
            return;
        }
        self.scoped(vec![], |walker| {
            walker.loops(&call.loops);
            walker.conditions(&call.when);
            walker.request(&call.request);
            for push in &call.push {
                walker.in_push = true;
                let names = vec![("value", Type::Text), ("key", Type::Text)];
                let names = names
                    .into_iter()
                    .map(|(name, known)| (name.to_owned(), Binding::Known(known)))
                    .collect();
                walker.scoped(names, |walker| {
                    if let Some(value) = &push.value {
                        walker.expression(value);
                    }
                });
                walker.in_push = false;
            }
            walker.conditions(call.until.iter().chain(&call.fails));
            if let (Some(until), Some(_)) = (&call.until, &call.pages) {
                let mend = "ask for one thing, or leave until out";
                walker.problem(
                    &until.at,
                    "a list of several pages cannot be asked for again",
                    Some(mend.into()),
                );
            }
            walker.scoped(
                vec![("reply".to_owned(), Binding::Known(Type::Unknown))],
                |walker| {
                    if let Some(gives) = &call.gives {
                        walker.tree(gives, None, false);
                    }
                    walker.faults(&call.faults);
                },
            );
            if let Some(Undo::Request { loops, request }) = &call.undo {
                let item = walker.given(call);
                walker.scoped(vec![(call.name.clone(), Binding::Known(item))], |walker| {
                    walker.loops(loops);
                    walker.request(request);
                });
            }
        });
        self.change(call, from_view);
        if let Some(name) = &call.follows {
            match self.calls.get(name.as_str()) {
                Some((followed, _)) if !followed.is_read() => {}
                Some(_) => self.problem(
                    &call.at,
                    format!("'{name}' changes nothing, so there is nothing to follow"),
                    None,
                ),
                None => {
                    let mend = did_you_mean(name, self.calls.keys().copied());
                    self.problem(
                        &call.at,
                        format!("there is no call '{name}' to follow"),
                        mend,
                    );
                }
            }
        }
    }

    /// What the name of a call stands for.
    pub fn call_type(&mut self, name: &str) -> Type {
        let Some((call, _)) = self.calls.get(name).copied() else {
            return Type::Unknown;
        };
        let item = self.given(call);
        if call.loops.is_empty() {
            item
        } else {
            item.list_of()
        }
    }

    /// What one call gives.
    fn given(&mut self, call: &'r CallRule) -> Type {
        let Some(gives) = &call.gives else {
            return Type::Unknown;
        };
        if self
            .calls
            .get(call.name.as_str())
            .is_some_and(|(_, view)| view.is_some())
        {
            return Type::Unknown;
        }
        // A call that gives what it needs itself is reported with the order of things.
        if self.open_calls.contains(&call.name.as_str()) {
            return Type::Unknown;
        }
        self.open_calls.push(&call.name);
        let problems = self.problems.len();
        let made = self.within(1, |walker| {
            walker.scoped(vec![], |walker| {
                walker.loops(&call.loops);
                walker.bind("reply", Binding::Known(Type::Unknown));
                walker.tree(gives, None, false)
            })
        });
        self.problems.truncate(problems);
        self.open_calls.pop();
        made
    }

    pub fn faults(&mut self, rows: &'r [FaultRow]) {
        for row in rows {
            if let Meaning::Error { message, gap, .. } = &row.meaning {
                if let Some(message) = message {
                    self.text(message);
                }
                if let Some(gap) = gap {
                    self.gap(gap, &row.at);
                }
            }
        }
    }

    fn request(&mut self, request: &'r RequestRule) {
        self.text(&request.path);
        for (_, value, _) in &request.query {
            self.tree(value, None, true);
        }
        if let Some(body) = &request.body {
            self.tree(body, None, true);
            if request.method == "GET" || request.method == "HEAD" {
                self.problem(
                    &request.at,
                    format!("a {} has no body", request.method),
                    Some("query: { key: value }".into()),
                );
            }
        }
        if let Some(version) = &request.microversion {
            self.microversion(version, &request.at);
        }
        let first = match request.path.pieces.first() {
            Some(Piece::Literal(text)) => text.as_str(),
            _ => "",
        };
        for (message, mend) in place_of(&request.service, first, request.path.pieces.len() > 1) {
            self.problem(&request.at, message, Some(mend));
        }
    }

    pub fn microversion(&mut self, version: &str, at: &At) {
        let numbers: Vec<&str> = version.split('.').collect();
        let plain = numbers.len() == 2
            && numbers
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        if !plain {
            self.problem(
                at,
                format!("'{version}' is no microversion"),
                Some("two numbers: 2.90".into()),
            );
        }
    }

    fn change(&mut self, call: &CallRule, from_view: bool) {
        let read = call.is_read();
        if from_view && !read {
            self.problem(
                &call.at,
                "a view only reads",
                Some("GET, or reads: true".into()),
            );
        }
        if read && call.undo.is_some() {
            self.problem(
                &call.at,
                "a call that changes nothing needs no undo",
                Some("remove undo".into()),
            );
        }
        if !read && call.undo.is_none() {
            let mend = "undo: a request that takes it back, or undo: none";
            self.problem(
                &call.at,
                format!(
                    "'{}' changes the cloud and does not say how it is taken back",
                    call.name
                ),
                Some(mend.into()),
            );
        }
        if call.reads && (call.request.method == "GET" || call.request.method == "HEAD") {
            self.problem(
                &call.at,
                format!("a {} always only reads", call.request.method),
                Some("remove reads".into()),
            );
        }
        if !read && call.pages.is_some() {
            self.problem(
                &call.at,
                "a change has no pages",
                Some("gives: reply.name".into()),
            );
        }
        if !read && call.follows.is_some() {
            self.problem(
                &call.at,
                "changes run one after another anyway; 'follows' is for reads",
                Some("remove follows".into()),
            );
        }
        if !call.push.is_empty() && !read {
            self.problem(&call.at, "a change takes no filters", None);
        }
    }
}

/// What is wrong with a service and the beginning of a path.
pub(super) fn place_of(service: &str, path: &str, more: bool) -> Vec<(String, String)> {
    if service.is_empty() {
        return vec![];
    }
    let Some((_, version, collections)) = COLLECTIONS.iter().find(|(known, ..)| *known == service)
    else {
        let services: Vec<&str> = COLLECTIONS.iter().map(|(known, ..)| *known).collect();
        let mend =
            did_you_mean(service, services.iter().copied()).unwrap_or_else(|| services.join(", "));
        return vec![(
            format!("the catalogue has no service type '{service}'"),
            mend,
        )];
    };
    let Some(rest) = path
        .strip_prefix(version)
        .and_then(|rest| rest.strip_prefix('/'))
    else {
        return vec![(
            format!("paths of {service} begin with {version}/"),
            format!("{version}/{}", path.trim_start_matches('/')),
        )];
    };
    let segment = rest.split('/').next().unwrap_or_default();
    if (segment.is_empty() && more) || collections.contains(&segment) {
        return vec![];
    }
    let mend = did_you_mean(segment, collections.iter().copied())
        .unwrap_or_else(|| collections.join(", "));
    vec![(format!("{service} has no '{segment}'"), mend)]
}
