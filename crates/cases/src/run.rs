//! The one runner: a request through the translator, with whatever answers its calls.

use std::collections::BTreeMap;

use ec2_wire::Ec2Request;
use openstack_wire::{Call, Reply};
use serde_json::{Map, Value, json};
use translator::trace::Trace;
use translator::{Context, Engine, Outcome, Step, Tracing, Translation};

use crate::file::{Case, Native};
use crate::reference::{Answers, resolved, resolved_value};
use crate::{Cloud, Identity};

/// When a case begins: 2026-01-15T12:00:00Z, in milliseconds.
pub const START: i64 = 1_768_478_400_000;
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
            seed: 7,
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

fn answer(action: &str, xml: &str) -> Result<Value, String> {
    let action =
        ec2_model::action(action).ok_or_else(|| format!("EC2 has no action '{action}'"))?;
    ec2_wire::decode_response(action, xml)
        .map_err(|error| format!("the answer is no EC2 XML: {error}\n{xml}"))
}

fn expectation(
    written: &str,
    request: &str,
    context: Value,
    action: &str,
    trace: &Trace,
    replies: &BTreeMap<u32, Reply>,
    outcome: &Outcome,
) -> Result<Value, String> {
    let mut expect = Map::new();
    if request != written {
        expect.insert("request".into(), request.into());
    }
    expect.insert("context".into(), context);
    let calls: Vec<Value> = trace
        .calls
        .iter()
        .map(|traced| {
            let mut line = Map::new();
            line.insert("name".into(), traced.name.clone().into());
            line.insert("round".into(), traced.round.into());
            line.insert(
                "phase".into(),
                serde_json::to_value(traced.phase).unwrap_or_default(),
            );
            line.extend(sent(&traced.call));
            if let Some(reply) = replies.get(&traced.id) {
                line.extend(received(reply));
            }
            if let Some(fault) = &traced.fault {
                line.insert("taken-as".into(), fault.clone().into());
            }
            Value::Object(line)
        })
        .collect();
    expect.insert("calls".into(), calls.into());
    let ledger: Map<String, Value> = trace
        .ledger
        .iter()
        .map(|row| {
            let state = serde_json::to_value(row.state).unwrap_or_default();
            let said = match (&row.gap, state.as_str()) {
                (Some(gap), Some(state)) => Value::from(format!("{state} ({gap})")),
                _ => state,
            };
            (row.key.clone(), said)
        })
        .collect();
    expect.insert("ledger".into(), Value::Object(ledger));
    match &outcome.error {
        Some(error) => {
            let error =
                json!({ "status": error.status, "code": error.code, "message": error.message });
            expect.insert("error".into(), error);
        }
        None => {
            expect.insert("answer".into(), answer(action, &outcome.xml)?);
        }
    }
    Ok(Value::Object(expect))
}

/// What a call sends, as a case file says it.
fn sent(call: &Call) -> Map<String, Value> {
    let mut line = Map::new();
    let method = serde_json::to_value(call.method).unwrap_or_default();
    line.insert(
        "call".into(),
        format!(
            "{} {} {}",
            method.as_str().unwrap_or_default(),
            call.service,
            call.path
        )
        .into(),
    );
    let mut query: Map<String, Value> = Map::new();
    for (key, value) in &call.query {
        match query.get_mut(key) {
            Some(Value::Array(values)) => values.push(value.clone().into()),
            Some(first) => *first = json!([first.clone(), value]),
            None => {
                query.insert(key.clone(), value.clone().into());
            }
        }
    }
    if !query.is_empty() {
        line.insert("query".into(), Value::Object(query));
    }
    for (key, value) in [
        ("microversion", &call.microversion),
        ("content-type", &call.content_type),
    ] {
        if let Some(value) = value {
            line.insert(key.into(), value.clone().into());
        }
    }
    if let Some(body) = &call.body {
        line.insert("body".into(), body.clone());
    }
    line
}

/// Headers that say something about the resource; the others differ from cloud to cloud.
const HEADERS: &[&str] = &["location", "retry-after", "www-authenticate"];

fn received(reply: &Reply) -> Map<String, Value> {
    let mut line = Map::new();
    line.insert("status".into(), reply.status.into());
    let headers: Map<String, Value> = reply
        .headers
        .iter()
        .filter(|(name, _)| HEADERS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    if !headers.is_empty() {
        line.insert("headers".into(), Value::Object(headers));
    }
    if !reply.body.is_empty() {
        match serde_json::from_str(&reply.body) {
            Ok(body @ (Value::Object(_) | Value::Array(_))) => line.insert("reply".into(), body),
            _ => line.insert("reply".into(), reply.body.clone().into()),
        };
    }
    line
}

fn reply_of(line: &Value) -> Reply {
    let status = line
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok())
        .unwrap_or(0);
    let mut headers: Vec<(String, String)> = line
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let body = match line.get("reply") {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(body) => {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
            body.to_string()
        }
    };
    Reply {
        status,
        headers,
        body,
    }
}

/// The two as YAML, line against line, with a little of what stands around each difference.
fn diff(expected: &Value, found: &Value) -> String {
    let (mut before, mut after) = (String::new(), String::new());
    crate::yaml::entry(&mut before, 0, "expect", expected);
    crate::yaml::entry(&mut after, 0, "expect", found);
    similar::TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(3)
        .header("in the file", "as it is")
        .to_string()
}
