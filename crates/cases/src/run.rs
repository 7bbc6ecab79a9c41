//! The one runner: a request through the translator, with whatever answers its calls.

use std::collections::BTreeMap;

use ec2_wire::Ec2Request;
use openstack_wire::{Call, Reply};
use serde_json::{Value, json};
use translator::trace::Trace;
use translator::{Context, Engine, Outcome, Step, Tracing, Translation};

use crate::expectation::{answer, diff, expectation, reply_of, sent};
use crate::file::{Case, Native};
use crate::reference::{Answers, resolved, resolved_value};
use crate::{Cloud, Identity};

/// When a case begins: 2026-01-15T12:00:00Z, in milliseconds.
pub const START: i64 = 1_768_478_400_000;
/// Seed of the first request of an action.
const SEED: u64 = 7;
/// Longest that a case may take in calls; a rule that asks for ever is stopped here.
const MOST_CALLS: usize = 2_000;

/// What happened.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Resolved request.
    pub request: String,
    /// The trace, with links and provenance.
    pub trace: Trace,
    /// What a case file expects, as it would be written.
    pub expect: Value,
}

/// What differs from the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The file.
    pub path: String,
    /// Empty if nothing differs; otherwise a diff by lines, or why the case could not run.
    pub differences: Vec<String>,
}

struct Run<'a> {
    engine: &'a Engine,
    now: i64,
    seed: u64,
    project: &'a str,
    identity: Identity,
    case: &'a Case,
}

impl Case {
    /// Runs the case on a fresh cloud.
    ///
    /// # Errors
    /// A sentence if a step before the request fails, or the request cannot be read.
    pub fn record(&self, engine: &Engine, cloud: &mut dyn Cloud) -> Result<Recording, String> {
        let project = self.project.as_deref().unwrap_or("demo");
        let mut run = Run {
            engine,
            now: START,
            seed: SEED,
            project,
            identity: Identity::default(),
            case: self,
        };
        let mut answers = Answers::new();
        for (index, step) in self.given.iter().enumerate() {
            let failed = |why: String| format!("step {} of 'given': {why}", index + 1);
            if let Some(seconds) = step.wait {
                run.now += i64::from(seconds) * 1000;
                continue;
            }
            run.project = step.project.as_deref().unwrap_or(project);
            run.identity = cloud.identity(run.project, run.now);
            let answer = if let Some(text) = &step.request {
                run.seed = self.seed(index, text);
                let text = resolved(text, &answers).map_err(failed)?;
                run.ec2(&text, cloud).map_err(failed)?
            } else if let Some(native) = &step.openstack {
                run.native(native, &answers, cloud).map_err(failed)?
            } else {
                continue;
            };
            if let Some(name) = &step.name {
                answers.insert(name.clone(), answer);
            }
        }
        run.project = project;
        run.identity = cloud.identity(project, run.now);
        run.seed = self.seed(self.given.len(), &self.request);
        let request = resolved(&self.request, &answers)?;
        let context = json!({
            "now": run.now,
            "project_id": run.identity.project_id,
            "user_id": run.identity.user_id,
        });
        let mut replies = BTreeMap::new();
        let (project, parsed) = (run.project, read(&request)?);
        let (outcome, trace) = run.drive(
            parsed.clone(),
            |call, now| Ok(cloud.handle(project, call, now)),
            &mut replies,
        )?;
        let expect = expectation(
            &self.request,
            &request,
            context,
            &parsed.action,
            &trace,
            &replies,
            &outcome,
        )?;
        Ok(Recording {
            request,
            trace,
            expect,
        })
    }

    /// Runs the request alone, with the replies that the file holds.
    ///
    /// # Errors
    /// A sentence if the file expects nothing yet, or the request cannot be read.
    pub fn replay(&self, engine: &Engine) -> Result<Recording, String> {
        let expect = self
            .expect
            .as_ref()
            .ok_or("the case expects nothing yet; write its expectation with BLESS=1")?;
        let request = self.resolved_request().to_owned();
        let context = expect.get("context").cloned().unwrap_or_default();
        let text = |name: &str| {
            context
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let identity = Identity {
            project_id: text("project_id"),
            user_id: text("user_id"),
        };
        let now = context.get("now").and_then(Value::as_i64).unwrap_or(START);
        let project = self.project.as_deref().unwrap_or("demo");
        let mut run = Run {
            engine,
            now,
            seed: self.seed(self.given.len(), &self.request),
            project,
            identity,
            case: self,
        };
        let mut left: Vec<Value> = expect
            .get("calls")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let mut replies = BTreeMap::new();
        let parsed = read(&request)?;
        let answer = |call: &Call, _: i64| {
            let wanted = sent(call);
            let found = left.iter().position(|line| {
                wanted
                    .iter()
                    .all(|(key, value)| line.get(key) == Some(value))
            });
            match found {
                Some(index) => Ok(reply_of(&left.remove(index))),
                None => Err(format!(
                    "the case holds no reply to {}",
                    Value::Object(wanted)
                )),
            }
        };
        let (outcome, trace) = run.drive(parsed.clone(), answer, &mut replies)?;
        let expect = expectation(
            &self.request,
            &request,
            context,
            &parsed.action,
            &trace,
            &replies,
            &outcome,
        )?;
        Ok(Recording {
            request,
            trace,
            expect,
        })
    }

    /// The seed of a request after so many steps. Requests of one action have different ones: two launches are two reservations.
    fn seed(&self, steps: usize, request: &str) -> u64 {
        let action = |text: &str| {
            ingest::read(text, None)
                .request
                .map(|request| request.action)
        };
        let own = action(request);
        let earlier = self
            .given
            .iter()
            .take(steps)
            .filter_map(|step| step.request.as_deref());
        let same = earlier.filter(|text| action(text) == own).count();
        SEED.saturating_add(u64::try_from(same).unwrap_or(u64::MAX))
    }

    /// What differs between the file and a recording.
    pub fn compare(&self, recording: Result<Recording, String>) -> Report {
        let differences = match (recording, &self.expect) {
            (Err(why), _) => vec![why],
            (Ok(_), None) => {
                vec!["the case expects nothing yet; write its expectation with BLESS=1".to_owned()]
            }
            (Ok(recording), Some(expect)) if recording.expect == *expect => vec![],
            (Ok(recording), Some(expect)) => vec![diff(expect, &recording.expect)],
        };
        Report {
            path: self.path.clone(),
            differences,
        }
    }
}

impl Run<'_> {
    fn drive(
        &mut self,
        request: Ec2Request,
        mut answer: impl FnMut(&Call, i64) -> Result<Reply, String>,
        replies: &mut BTreeMap<u32, Reply>,
    ) -> Result<(Outcome, Trace), String> {
        let context = Context {
            project_id: self.identity.project_id.clone(),
            user_id: self.identity.user_id.clone(),
            region: "RegionOne".to_owned(),
            now: self.now,
            seed: self.seed,
            fidelity: self.case.fidelity.map(Into::into).unwrap_or_default(),
            request_id: "11111111-2222-4333-8444-555555555555".to_owned(),
            ..Context::default()
        };
        let mut translation = Translation::new(self.engine, request, context, Tracing::On);
        loop {
            match translation.poll() {
                Step::Done(outcome) => return Ok((outcome, translation.trace())),
                Step::Wait { milliseconds } => {
                    self.now = self
                        .now
                        .saturating_add(i64::try_from(milliseconds).unwrap_or(i64::MAX));
                }
                Step::Calls(calls) => {
                    for (id, call) in calls {
                        if replies.len() >= MOST_CALLS {
                            return Err(format!("more than {MOST_CALLS} calls"));
                        }
                        let reply = answer(&call, self.now)?;
                        replies.insert(id, reply.clone());
                        translation.reply(id, reply);
                    }
                }
            }
        }
    }

    /// An EC2 request before the one under test: its answer, which must not be an error.
    fn ec2(&mut self, text: &str, cloud: &mut dyn Cloud) -> Result<Value, String> {
        let request = read(text)?;
        let action = request.action.clone();
        let project = self.project;
        let (outcome, _) = self.drive(
            request,
            |call, now| Ok(cloud.handle(project, call, now)),
            &mut BTreeMap::new(),
        )?;
        match outcome.error {
            Some(error) => Err(format!("{action} answers {error}")),
            None => answer(&action, &outcome.xml),
        }
    }

    fn native(
        &mut self,
        native: &Native,
        answers: &Answers,
        cloud: &mut dyn Cloud,
    ) -> Result<Value, String> {
        let path = resolved(&native.path, answers)?;
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let call = Call {
            method: native.method,
            service: native.service.clone(),
            path: path.to_owned(),
            query: query
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            microversion: native.microversion.clone(),
            body: native
                .body
                .as_ref()
                .map(|body| resolved_value(body, answers))
                .transpose()?,
            content_type: None,
            headers: vec![],
        };
        let reply = cloud.handle(self.project, &call, self.now);
        if reply.status >= 400 || reply.status == 0 {
            return Err(format!(
                "{} answers {} {}",
                native.path, reply.status, reply.body
            ));
        }
        Ok(serde_json::from_str(&reply.body).unwrap_or(Value::Null))
    }
}

fn read(text: &str) -> Result<Ec2Request, String> {
    ingest::read(text, None)
        .request
        .ok_or_else(|| format!("no EC2 request can be read from '{text}'"))
}
