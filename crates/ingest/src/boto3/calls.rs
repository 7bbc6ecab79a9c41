//! Attributes, subscripts and calls; among them the one that is the request.

use ec2_model::{Action, actions};

use super::arguments::Arguments;
use super::{Call, Reader, Thing, Unknown};
use crate::cli::{action_of, waiter, waiter_names};
use crate::diagnostic::Flaw;
use crate::kebab::kebab;
use crate::node::{Entry, Node, Value};
use crate::query::shortened;
use crate::suggest::nearest;
use crate::token::TokenKind;
use crate::{Span, url};

/// The action of a client's method: `describe_instances`.
pub(super) fn action_of_method(name: &str) -> Option<Action> {
    if name.contains('-') {
        return None;
    }
    action_of(&name.replace('_', "-"))
}

pub(super) fn method(action: Action) -> String {
    kebab(action.name()).replace('-', "_")
}

fn near_method(name: &str) -> Option<String> {
    let names: Vec<String> = actions().map(method).collect();
    let snake = kebab(name).replace('-', "_");
    if names.contains(&snake) {
        return Some(snake);
    }
    nearest(&snake, names.iter().map(String::as_str)).map(str::to_owned)
}

impl Reader<'_, '_> {
    /// What follows an operand: `.name`, `(…)`, `[…]`.
    pub(super) fn trailers(
        &mut self,
        mut thing: Thing,
        start: usize,
        depth: usize,
    ) -> Result<Thing, Flaw> {
        loop {
            let end = self.cursor.at;
            self.blanks();
            match self.cursor.peek() {
                Some('.') => {
                    let dot = self.cursor.at;
                    self.cursor.at += 1;
                    self.blanks();
                    let at = self.cursor.at;
                    let name = self.next_name();
                    if name.is_empty() {
                        return Err(self
                            .cursor
                            .here("A name is expected behind the dot.", "Write it."));
                    }
                    self.cursor.at += name.len();
                    if self.cursor.peek() == Some('(') {
                        thing = self.call(Some(thing), name, start..dot, at, depth)?;
                    } else {
                        thing = match thing {
                            // Such as `client.meta.client`.
                            Thing::Client { service, .. } if name == "client" => Thing::Client {
                                service,
                                resource: false,
                            },
                            Thing::Client { .. } if name == "meta" => thing,
                            _ => self.at_run(start),
                        };
                    }
                }
                Some('(') => {
                    thing = match thing {
                        Thing::Name(name, _) => {
                            self.call(None, &name, start..start, start, depth)?
                        }
                        _ => {
                            self.arguments(depth, &mut Arguments::default())?;
                            self.result(start, "")
                        }
                    };
                }
                Some('[') => {
                    self.enter();
                    while self.separator_of_slice()? {
                        self.expression(depth + 1)?;
                    }
                    self.leave();
                    thing = self.at_run(start);
                }
                _ => {
                    if self.open == 0 {
                        self.cursor.at = end;
                    }
                    return Ok(thing);
                }
            }
        }
    }

    /// In a subscript: whether an expression follows.
    fn separator_of_slice(&mut self) -> Result<bool, Flaw> {
        loop {
            self.blanks();
            match self.cursor.peek() {
                Some(',' | ':') => self.cursor.at += 1,
                Some(']') => return Ok(false),
                None => return Err(self.cursor.ended("]")),
                Some(_) => return Ok(true),
            }
        }
    }

    fn at_run(&self, start: usize) -> Thing {
        Thing::Unknown(Unknown::new(
            self.cursor.source(start..self.cursor.at),
            "This value is known only when the program runs.",
            "Write the value itself: 'i-1234567890abcdef0', for example.",
        ))
    }

    fn result(&self, start: usize, name: &str) -> Thing {
        Thing::Unknown(Unknown::new(
            self.cursor.source(start..self.cursor.at),
            format!("{name}() is a function; its result is known only when the program runs."),
            "Write the value itself.",
        ))
    }

    /// A call; stands in front of the opening parenthesis. `before` is what the method is called on.
    fn call(
        &mut self,
        receiver: Option<Thing>,
        name: &str,
        before: Span,
        at: usize,
        depth: usize,
    ) -> Result<Thing, Flaw> {
        let span = self.cursor.source(at..at + name.len());
        let receiver = match receiver {
            Some(Thing::Name(variable, _)) => match self.scope.get(&variable) {
                Some(Thing::Value(_)) => Some(self.at_run(at)),
                Some(bound) => Some(bound.clone()),
                None => None,
            },
            other => other,
        };
        let alone = before.is_empty();
        let (action, poll) = match &receiver {
            Some(Thing::Asks(action)) if matches!(name, "paginate" | "wait") => {
                (Some(*action), true)
            }
            Some(Thing::Value(_)) => (None, false),
            Some(Thing::Client { service, .. }) if service != "ec2" => (None, false),
            Some(Thing::Client { resource: true, .. }) => (None, false),
            _ => (action_of_method(name), false),
        };
        if let Some(action) = action.filter(|_| !self.in_call) {
            return self.request(action, poll, span, before, at, depth);
        }
        if let Some(Thing::Client { service, resource }) = &receiver
            && self.candidate.is_none()
            && !self.in_call
            && !matches!(
                name,
                "get_paginator" | "get_waiter" | "close" | "can_paginate"
            )
        {
            self.candidate = Some(wrong_method(name, span.clone(), service, *resource));
        } else if action.is_none()
            && !alone
            && self.candidate.is_none()
            && let Some(near) = near_method(name)
        {
            self.candidate = Some(Flaw {
                span: span.clone(),
                message: format!("{} is no method of the EC2 client.", shortened(name)),
                mend: format!("Did you mean {near}?"),
            });
        }
        let mut arguments = Arguments::default();
        self.arguments(depth, &mut arguments)?;
        Ok(match name {
            "client" | "resource" if !alone => self.client(name, &arguments, before),
            "get_paginator" if !alone => self.asks(&arguments, action_of_method, "paginator"),
            "get_waiter" if !alone => {
                self.asks(&arguments, |name| waiter(&name.replace('_', "-")), "waiter")
            }
            "dict" if alone && arguments.positional.is_empty() => match arguments.unknown.pop() {
                Some((_, unknown)) => self.refused(unknown).unwrap_or_else(|| self.at_run(at)),
                None => Thing::Value(Node {
                    span: self.cursor.source(at..self.cursor.at),
                    value: Value::Map(arguments.named),
                }),
            },
            _ => self.result(before.start.min(at), name),
        })
    }

    fn client(&mut self, name: &str, arguments: &Arguments, before: Span) -> Thing {
        let service = arguments
            .first_text()
            .map(|(text, _)| text)
            .or_else(|| arguments.text("service_name"));
        let thing = match service {
            Some(service) => Thing::Client {
                service: service.to_owned(),
                resource: name == "resource",
            },
            None => return self.at_run(before.start),
        };
        let region = arguments
            .text("region_name")
            .map(str::to_owned)
            .or_else(|| {
                let host = arguments.text("endpoint_url")?.split("//").nth(1)?;
                url::host_region(host.split('/').next()?)
            });
        if self.call.is_none() {
            self.desk.region = region.or(self.desk.region.take());
        }
        let start = self.cursor.source(before.start..before.end).start;
        self.desk.tokens.add(
            start..start + (before.end - before.start) + 1 + name.len(),
            TokenKind::Program,
        );
        for entry in &arguments.named {
            let secret = entry.key.starts_with("aws_");
            self.desk
                .tokens
                .add(entry.key_span.clone(), TokenKind::Client);
            self.desk.tokens.add(
                entry.node.span.clone(),
                if secret {
                    TokenKind::Secret
                } else {
                    TokenKind::Client
                },
            );
        }
        thing
    }

    fn asks(
        &mut self,
        arguments: &Arguments,
        find: impl Fn(&str) -> Option<Action>,
        what: &str,
    ) -> Thing {
        let Some((name, span)) = arguments.first_text() else {
            return self.at_run(self.cursor.at);
        };
        if let Some(action) = find(name) {
            if self.call.is_none() {
                self.desk.tokens.add(span.clone(), TokenKind::Action);
            }
            return Thing::Asks(action);
        }
        let near = if what == "waiter" {
            nearest(&name.replace('_', "-"), waiter_names()).map(|near| near.replace('-', "_"))
        } else {
            near_method(name)
        };
        let unknown = Unknown::new(
            span.clone(),
            format!("{:?} is no {what} of EC2.", shortened(name)),
            near.map_or_else(
                || "Write 'describe_instances', for example.".to_owned(),
                |near| format!("Did you mean {near}?"),
            ),
        );
        self.candidate.get_or_insert(Flaw {
            span: unknown.span.clone(),
            message: unknown.message.clone(),
            mend: unknown.mend.clone(),
        });
        Thing::Unknown(unknown)
    }

    /// The call that is the request.
    fn request(
        &mut self,
        action: Action,
        poll: bool,
        span: Span,
        before: Span,
        at: usize,
        depth: usize,
    ) -> Result<Thing, Flaw> {
        if self.call.is_some() {
            self.more.get_or_insert(span);
            return Err(self.cursor.here("", ""));
        }
        self.desk
            .tokens
            .add(self.cursor.source(before.clone()), TokenKind::Program);
        self.desk.tokens.add(span.clone(), TokenKind::Action);
        if before.is_empty() {
            self.desk.remarks.warning(
                span.clone(),
                "The client is missing before the method.",
                format!("Write ec2.{}(…).", method(action)),
            );
        }
        if poll {
            self.desk.remarks.note(
                span.clone(),
                format!(
                    "The client sends {} again and again until it is done.",
                    action.name()
                ),
                "",
            );
        }
        self.in_call = true;
        let mut arguments = Arguments::default();
        let read = self.arguments(depth, &mut arguments);
        self.in_call = false;
        for thing in arguments.positional {
            let unknown = match thing {
                Thing::Value(node) => positional(&node),
                Thing::Name(_, span) => Unknown::new(
                    span,
                    "boto3 takes parameters by name only.",
                    "Write Name= before it, or two asterisks if it is a dictionary.",
                ),
                Thing::Unknown(unknown) => unknown,
                Thing::Client { .. } | Thing::Asks(_) => continue,
            };
            self.desk
                .remarks
                .error(unknown.span, unknown.message, unknown.mend);
        }
        let mut refused = Vec::new();
        for (name, unknown) in arguments.unknown {
            self.desk
                .remarks
                .error(unknown.span, unknown.message, unknown.mend);
            if name.is_empty() {
                // Whatever is missing may have been in it.
                refused.extend(
                    action
                        .input()
                        .members()
                        .map(|member| member.name().to_owned()),
                );
            }
            refused.push(name);
        }
        let mut entries = arguments.named;
        if poll {
            entries = polling(action, entries);
        }
        let broken = read
            .as_ref()
            .err()
            .map(|flaw| (flaw.span.clone(), flaw.message.clone(), flaw.mend.clone()));
        if let Some((span, message, mend)) = broken {
            self.desk.remarks.error(span, message, mend);
            refused.extend(
                action
                    .input()
                    .members()
                    .map(|member| member.name().to_owned()),
            );
        }
        self.call = Some(Call {
            action,
            place: span,
            entries,
            refused,
        });
        read?;
        Ok(self.at_run(at))
    }
}

fn positional(node: &Node) -> Unknown {
    let mend = match node.value {
        Value::Map(_) => "Write two asterisks before the dictionary: **{…}.",
        _ => "Write Name= before the value.",
    };
    Unknown::new(
        node.span.clone(),
        "boto3 takes parameters by name only.",
        mend,
    )
}

fn wrong_method(name: &str, span: Span, service: &str, resource: bool) -> Flaw {
    let near = near_method(name);
    let (message, mend) = if service != "ec2" {
        (
            format!("The client is one of {}, not of EC2.", shortened(service)),
            "Write boto3.client('ec2').".to_owned(),
        )
    } else if resource {
        let method = match name {
            "create_instances" => Some("run_instances".to_owned()),
            _ => near,
        };
        (
            "This is the resource interface of boto3, which is not read here.".to_owned(),
            format!(
                "Write boto3.client('ec2').{}(…).",
                method.unwrap_or_else(|| "describe_instances".to_owned())
            ),
        )
    } else {
        (
            format!("{} is no method of the EC2 client.", shortened(name)),
            near.map_or_else(
                || "Methods are EC2's actions with underscores: describe_instances.".to_owned(),
                |near| format!("Did you mean {near}?"),
            ),
        )
    };
    Flaw {
        span,
        message,
        mend,
    }
}

/// What paginators and waiters take for themselves.
fn polling(action: Action, entries: Vec<Entry>) -> Vec<Entry> {
    let mut kept = Vec::with_capacity(entries.len());
    for mut entry in entries {
        match entry.key.as_str() {
            "WaiterConfig" => {}
            "PaginationConfig" => {
                let paging = action.pagination();
                let limit = paging.and_then(|paging| paging.limit_key());
                let token = paging.map(|paging| paging.input_token());
                for inner in entry.node.entries().map(std::mem::take).unwrap_or_default() {
                    let key = match inner.key.as_str() {
                        "PageSize" => limit,
                        "StartingToken" => token,
                        _ => None,
                    };
                    if let Some(key) = key {
                        kept.push(Entry {
                            key: key.to_owned(),
                            ..inner
                        });
                    }
                }
            }
            _ => kept.push(entry),
        }
    }
    kept
}
