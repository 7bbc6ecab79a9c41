//! A story, told to an endpoint.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use crate::check::differs;
use crate::client::{Client, Reply};
use crate::depend::{Spoiled, looks};
use crate::exchange::{Exchange, Sender, Sent, Stop};
use crate::format::{Need, Scenario, Step, Who};
use crate::load::Suite;
use crate::report::{Deviation, Kind, Outcome, Told};
use crate::seen::{self, PartSeen, Seen, filter_names, parameter_names};
use crate::undo::{self, Pending};
use crate::values::{filled_map, search};

/// Beginning of the names of everything that stories make.
pub const PREFIX: &str = "stacklens-conformance-";

/// After so many requests without any answer there is nobody to tell the rest to.
const UNANSWERED: u32 = 3;

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
        deviations: Vec::new(),
        spoiled: Spoiled::default(),
        unanswered: 0,
        steps: 0,
    };
    let ended = run.all().await;
    let sender = Sender {
        client,
        known: &run.known,
        requests: &requests,
        hasty: false,
    };
    let left = undo::undo(std::mem::take(&mut run.pending), &sender).await;
    let (mut outcome, mut why) = match ended {
        Ok(()) => verdict(&run.deviations),
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
        deviations: run.deviations,
        lacks: run.lacks,
        steps: run.steps,
        requests: requests.load(Ordering::Relaxed),
        milliseconds: client.now().saturating_sub(begun),
        left,
    };
    (told, run.seen)
}

/// The first deviation of the gravest kind decides.
fn verdict(deviations: &[Deviation]) -> (Outcome, Option<String>) {
    for (kind, outcome) in [
        (Kind::Failed, Outcome::Failed),
        (Kind::Lacking, Outcome::NotApplicable),
    ] {
        if let Some(first) = deviations.iter().find(|one| one.kind == kind) {
            return (outcome, Some(format!("{}: {}", first.step, first.why)));
        }
    }
    (Outcome::Passed, None)
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
    deviations: Vec<Deviation>,
    spoiled: Spoiled,
    unanswered: u32,
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
            let before = self.deviations.len();
            self.step(step, &title(index, step)).await?;
            self.steps += u32::from(self.deviations.len() == before);
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
            hasty: false,
        }
    }

    fn know(&mut self, name: &str, value: Value) {
        self.spoiled.found(name);
        if let Some(known) = self.known.as_object_mut() {
            known.insert(name.to_owned(), value);
        }
    }

    /// Sends a step, or what of it can be sent, and notes what deviates. Only the wish to end stops the story.
    async fn step(&mut self, step: &Step, title: &str) -> Result<(), Stop> {
        let all = if step.together.is_empty() {
            std::slice::from_ref(step)
        } else {
            step.together.as_slice()
        };
        let mut reached = Vec::new();
        for one in all {
            match self.spoiled.unreachable(one) {
                Some(why) => {
                    self.spoiled.lose(one, title);
                    self.deviate(title, Kind::NotReached, why);
                }
                None => reached.push(one),
            }
        }
        let (client, known, requests) = (self.client, &self.known, self.requests);
        let withs: Vec<_> = reached.iter().map(|one| self.marked(one)).collect();
        let sends = reached.iter().zip(&withs).map(|(one, with)| {
            let hasty = self.spoiled.doubted(one).is_some();
            async move {
                let sender = Sender {
                    client,
                    known,
                    requests,
                    hasty,
                };
                sender.send(one, with).await
            }
        });
        let sent = join_all(sends).await;
        for (one, sent) in reached.into_iter().zip(sent) {
            self.judge(one, sent, title)?;
        }
        Ok(())
    }

    fn deviate(&mut self, step: &str, kind: Kind, why: String) {
        self.deviations.push(Deviation {
            step: step.to_owned(),
            kind,
            why,
        });
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

    fn judge(&mut self, step: &Step, sent: Sent, title: &str) -> Result<(), Stop> {
        for exchange in &sent.exchanges {
            undo::note(&self.suite.undo, exchange, &mut self.pending);
        }
        let doubted = self.spoiled.doubted(step).map(str::to_owned);
        let differing = match &sent.answer {
            Ok(answer) => differs(&step.expect, answer, &self.known).map(Stop::Failed),
            Err(stop) => Some(stop.clone()),
        };
        let waited_in_vain = !step.until.is_empty() && sent.answer.is_err();
        if sent.answer.is_err() && (waited_in_vain || !looks(step)) {
            let known = self.known.as_object().cloned().unwrap_or_default();
            self.spoiled.doubt(step, &known, title);
        }
        self.count(step, &sent, differing.is_none(), doubted.is_some());
        let broken = |exchange: &&Exchange| matches!(exchange.reply, Reply::Broken(_));
        self.unanswered += sent.exchanges.iter().filter(broken).count() as u32;
        let answer = sent.answer.unwrap_or_default();
        let saved = self.save(step, &answer, title);
        let deviation = match differing {
            Some(Stop::Interrupted) => return Err(Stop::Interrupted),
            Some(Stop::Lacking(why)) => Some((Kind::Lacking, why)),
            Some(Stop::Failed(why)) => Some((Kind::Failed, why)),
            None => saved.map(|why| (Kind::Failed, why)),
        };
        match (deviation, doubted) {
            (Some((_, why)), Some(by)) => {
                let why = format!("not judged, since it follows {by}: {why}");
                self.deviate(title, Kind::Consequence, why);
            }
            (Some((kind, why)), None) => self.deviate(title, kind, why),
            (None, _) => {
                if let Some(why) = differs(&step.wish, &answer, &self.known) {
                    let action = step.action.as_deref().unwrap_or_default();
                    self.lacks.push(format!("{action}: {why}"));
                } else {
                    for shown in &step.shows {
                        self.show(step, shown);
                    }
                }
            }
        }
        if self.unanswered >= UNANSWERED {
            let last = self.deviations.last().map(|one| one.why.clone());
            return Err(Stop::Failed(format!(
                "{title}: {}",
                last.unwrap_or_default()
            )));
        }
        Ok(())
    }

    /// Keeps what later steps need; says what is not in the answer.
    fn save(&mut self, step: &Step, answer: &Value, title: &str) -> Option<String> {
        self.spoiled.lose(step, title);
        let mut missing = None;
        for (name, expression) in &step.save {
            match search(expression, answer) {
                Ok(Value::Null) => {
                    missing = Some(format!("{expression} gives nothing to save as '{name}'"));
                }
                Ok(value) => self.know(name, value),
                Err(why) => missing = Some(why),
            }
        }
        missing
    }

    /// Counts what was sent; what deviates after a failed step counts for nothing.
    fn count(&mut self, step: &Step, sent: &Sent, done: bool, doubted: bool) {
        let asserted = !step.expect.is_empty() || !step.until.is_empty();
        for exchange in &sent.exchanges {
            let seen = self.seen.entry(exchange.ask.action.clone()).or_default();
            seen::note(&mut seen.by, &self.scenario.name);
            let expected = step.error.as_ref().map(|codes| codes.all());
            match &exchange.reply {
                Reply::Answer(_) if done => {
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
                _ => seen.failed += u32::from(!doubted),
            }
        }
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
