//! A story, told to an endpoint.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use crate::check::differs;
use crate::client::{Client, Reply};
use crate::exchange::{Sender, Sent, Stop};
use crate::format::{Need, Scenario, Step, Who};
use crate::load::Suite;
use crate::report::{Outcome, Told};
use crate::seen::{self, PartSeen, Seen, filter_names, parameter_names};
use crate::undo::{self, Pending};
use crate::values::{filled_map, search};

/// Beginning of the names of everything that stories make.
pub const PREFIX: &str = "stacklens-conformance-";

/// What differs between runs of a story.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Name of what this story makes in this run; begins with [`PREFIX`].
    pub name: String,
    /// Values of needs that the person who runs it has chosen.
    pub given: Map<String, Value>,
    /// Whether there is a second credential.
    pub other: bool,
}

/// Tells a story, takes away what it made, and says what became of it.
pub async fn run<C: Client>(
    suite: &Suite,
    scenario: &Scenario,
    settings: &Settings,
    client: &C,
) -> (Told, Seen) {
    let begun = client.now();
    let requests = AtomicU32::new(0);
    let mut known = settings.given.clone();
    known.insert("name".to_owned(), settings.name.clone().into());
    known.insert("prefix".to_owned(), PREFIX.into());
    let mut run = Run {
        suite,
        scenario,
        settings,
        client,
        requests: &requests,
        known: Value::Object(known),
        pending: Vec::new(),
        seen: Seen::new(),
        lacks: Vec::new(),
        steps: 0,
    };
    let ended = run.all().await;
    let sender = Sender {
        client,
        known: &run.known,
        requests: &requests,
    };
    let left = undo::undo(std::mem::take(&mut run.pending), &sender).await;
    let (mut outcome, mut why) = match ended {
        Ok(()) => (Outcome::Passed, None),
        Err(Stop::Failed(why)) => (Outcome::Failed, Some(why)),
        Err(Stop::Lacking(why)) => (Outcome::NotApplicable, Some(why)),
        Err(Stop::Interrupted) => (Outcome::Interrupted, Some("it was ended".to_owned())),
    };
    if !left.is_empty() && outcome == Outcome::Passed {
        outcome = Outcome::Failed;
        why = Some(format!("could not be taken away: {}", left.join("; ")));
    }
    let told = Told {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        outcome,
        why,
        lacks: run.lacks,
        steps: run.steps,
        requests: requests.load(Ordering::Relaxed),
        milliseconds: client.now().saturating_sub(begun),
        left,
    };
    (told, run.seen)
}

struct Run<'a, C> {
    suite: &'a Suite,
    scenario: &'a Scenario,
    settings: &'a Settings,
    client: &'a C,
    requests: &'a AtomicU32,
    known: Value,
    pending: Vec<Pending>,
    seen: Seen,
    lacks: Vec<String>,
    steps: u32,
}

impl<C: Client> Run<'_, C> {
    async fn all(&mut self) -> Result<(), Stop> {
        for name in &self.scenario.needs {
            self.find(name).await?;
        }
        for (index, step) in self.scenario.steps.iter().enumerate() {
            if self.client.stopped() {
                return Err(Stop::Interrupted);
            }
            let place = |stop: Stop| match stop {
                Stop::Failed(why) => Stop::Failed(format!("{}: {why}", title(index, step))),
                Stop::Lacking(why) => Stop::Lacking(format!("{}: {why}", title(index, step))),
                Stop::Interrupted => Stop::Interrupted,
            };
            self.step(step).await.map_err(place)?;
            self.steps += 1;
        }
        Ok(())
    }

    async fn find(&mut self, name: &str) -> Result<(), Stop> {
        let lacking = |need: &Need| Stop::Lacking(format!("there is not {}", need.about));
        let Some(need) = self.suite.needs.get(name) else {
            return Err(Stop::Failed(format!(
                "nothing is known of the need '{name}'"
            )));
        };
        if need.tries.is_empty() {
            // Only the second credential is found by nobody but the person who runs this.
            return if self.settings.other {
                Ok(())
            } else {
                Err(lacking(need))
            };
        }
        if self.known.get(name).is_some() {
            return Ok(());
        }
        for attempt in &need.tries {
            let with = filled_map(&attempt.with, &self.known).map_err(Stop::Failed)?;
            let sender = self.sender();
            let exchange = sender.ask(Who::Me, &attempt.action, with).await;
            match exchange.reply {
                Reply::Answer(answer) => {
                    let found = search(&attempt.take, &answer).map_err(Stop::Failed)?;
                    if !found.is_null() && found != json!([]) {
                        self.know(name, found);
                        return Ok(());
                    }
                }
                Reply::Refused(_) => {}
                Reply::Broken(why) => {
                    return Err(Stop::Failed(format!(
                        "{} got no answer: {why}",
                        attempt.action
                    )));
                }
                Reply::Unsendable(why) => return Err(Stop::Lacking(why)),
            }
        }
        Err(lacking(need))
    }

    fn sender(&self) -> Sender<'_, C> {
        Sender {
            client: self.client,
            known: &self.known,
            requests: self.requests,
        }
    }

    fn know(&mut self, name: &str, value: Value) {
        if let Some(known) = self.known.as_object_mut() {
            known.insert(name.to_owned(), value);
        }
    }

    async fn step(&mut self, step: &Step) -> Result<(), Stop> {
        if step.together.is_empty() {
            let with = self.marked(step);
            let sent = self.sender().send(step, &with).await;
            return self.judge(step, sent);
        }
        let sender = self.sender();
        let withs: Vec<_> = step.together.iter().map(|one| self.marked(one)).collect();
        let sends = step.together.iter().zip(&withs);
        let all = join_all(sends.map(|(one, with)| sender.send(one, with))).await;
        let judged: Vec<_> = step
            .together
            .iter()
            .zip(all)
            .map(|(one, sent)| self.judge(one, sent))
            .collect();
        judged.into_iter().collect()
    }

    /// Parameters with the tag that marks what they make, unless the story says its own.
    fn marked(&self, step: &Step) -> Map<String, Value> {
        let mut with = step.with.clone();
        let undo = step
            .action
            .as_ref()
            .and_then(|action| self.suite.undo.get(action));
        if let Some(undo) = undo
            && let (Some(mark), Some(resource)) = (&undo.mark, &undo.resource_type)
            && !step.unmarked
            && !with.contains_key(mark)
        {
            let tag = json!([{ "ResourceType": resource, "Tags": [{ "Key": "Name", "Value": "${name}" }] }]);
            with.insert(mark.clone(), tag);
        }
        with
    }

    fn judge(&mut self, step: &Step, sent: Sent) -> Result<(), Stop> {
        for exchange in &sent.exchanges {
            undo::note(&self.suite.undo, exchange, &mut self.pending);
        }
        let done =
            sent.answer
                .and_then(|answer| match differs(&step.expect, &answer, &self.known) {
                    None => Ok(answer),
                    Some(why) => Err(Stop::Failed(why)),
                });
        let asserted = !step.expect.is_empty() || !step.until.is_empty();
        for exchange in &sent.exchanges {
            let seen = self.seen.entry(exchange.ask.action.clone()).or_default();
            seen::note(&mut seen.by, &self.scenario.name);
            let expected = step.error.as_ref().map(|codes| codes.all());
            match &exchange.reply {
                Reply::Answer(_) if done.is_ok() => {
                    seen.answered += 1;
                    seen.asserted += u32::from(asserted);
                    for name in parameter_names(&exchange.ask.parameters) {
                        seen.parameters.entry(name).or_default().sent += 1;
                    }
                    for name in filter_names(&exchange.ask.parameters) {
                        seen.filters.entry(name).or_default().sent += 1;
                    }
                }
                Reply::Refused(refusal)
                    if expected.is_some_and(|codes| codes.contains(&refusal.code)) =>
                {
                    *seen.refused.entry(refusal.code.clone()).or_default() += 1;
                }
                _ => seen.failed += 1,
            }
        }
        let answer = done?;
        for (name, expression) in &step.save {
            let value = search(expression, &answer).map_err(Stop::Failed)?;
            if value.is_null() {
                return Err(Stop::Failed(format!(
                    "{expression} gives nothing to save as '{name}'"
                )));
            }
            self.know(name, value);
        }
        if let Some(why) = differs(&step.wish, &answer, &self.known) {
            let action = step.action.as_deref().unwrap_or_default();
            self.lacks.push(format!("{action}: {why}"));
            return Ok(());
        }
        for shown in &step.shows {
            self.show(step, shown);
        }
        Ok(())
    }

    fn show(&mut self, step: &Step, shown: &str) {
        let own = step.action.as_deref().unwrap_or_default();
        let (action, name) = shown_name(shown, own);
        let seen = self.seen.entry(action.to_owned()).or_default();
        let part: &mut PartSeen = match name.strip_prefix("filter:") {
            Some(filter) => seen.filters.entry(filter.to_owned()).or_default(),
            None => seen.parameters.entry(name.to_owned()).or_default(),
        };
        part.asserted += 1;
        seen::note(&mut part.by, &self.scenario.name);
    }
}

/// Action and parameter of a line of `shows`.
pub(crate) fn shown_name<'a>(shown: &'a str, own: &'a str) -> (&'a str, &'a str) {
    match shown.split_once('.') {
        Some((action, rest))
            if ec2_model::action(action).is_some() && !shown.starts_with("filter:") =>
        {
            (action, rest)
        }
        _ => (own, shown),
    }
}

fn title(index: usize, step: &Step) -> String {
    let number = index + 1;
    match (&step.say, &step.action) {
        (Some(say), _) => format!("step {number} ({say})"),
        (None, Some(action)) => format!("step {number} ({action})"),
        (None, None) => format!("step {number}"),
    }
}
