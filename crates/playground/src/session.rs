//! What the page shows for a text and a cloud; no browser in here.

use std::cell::OnceCell;
use std::rc::Rc;

use ingest::{Dialect, Reading};
use openstack_wire::{Call, Reply};
use simcloud::Cloud;
use translator::trace::{Answer, AnswerLeaf, LedgerRow, Phase, TracedCall};
use translator::{Context, Engine, Fidelity, Step, Tracing, Translation};

use crate::dialects;
use crate::examples::{self, Ids};
use crate::highlight::{Lit, Threads};
use crate::keep::{Kept, Sent};
use crate::pretty::{Doc, xml};
use crate::shared::Shared;

/// Seed of the demo cloud: the same ids in every browser, so that examples can name them.
pub const SEED: u64 = 1;
/// User that the page acts as.
const USER: &str = "demo";
/// Project that the page works in.
const PROJECT: &str = "demo";
/// More rounds than a request of any length needs; a rule that asks for more is stopped.
const MOST_ROUNDS: usize = 1_000;
/// Quotas that the page's cloud does not have, so that a person can try how a large answer looks.
const ROOMY: [(&str, &str); 4] = [
    ("compute", "instances"),
    ("compute", "cores"),
    ("compute", "ram"),
    ("network", "port"),
];
/// Age of the furniture of a fresh cloud, in milliseconds.
const SETTLED: i64 = 120_000;
/// Pause between two rounds, in milliseconds of the simulated clock.
const ROUND: i64 = 40;

/// A reading, what became of it, and whether that still belongs to the text.
#[derive(Clone, Debug)]
pub struct View {
    /// The text that was read.
    pub text: Rc<str>,
    /// How it was understood.
    pub reading: Shared<Reading>,
    /// The latest translation; of an earlier text if `stale`.
    pub result: Option<Translated>,
    /// The text cannot be read now, so `result` is the last one that could be made.
    pub stale: bool,
}

/// A translation, cut into what the panes draw.
#[derive(Clone, Debug)]
pub struct Translated {
    /// EC2 action.
    pub action: Rc<str>,
    /// One row for every parameter.
    pub ledger: Shared<Vec<LedgerRow>>,
    /// Calls in order.
    pub calls: Shared<Vec<Shared<TracedCall>>>,
    /// The EC2 answer.
    pub answer: Option<Shared<AnswerView>>,
    threads: Rc<OnceCell<Threads>>,
}

/// The EC2 answer, laid out.
#[derive(Debug)]
pub struct AnswerView {
    /// The answer as the translator gave it.
    pub answer: Answer,
    /// Its document, one element a line.
    pub doc: Shared<Doc>,
}

impl View {
    /// Whether the text is a request that a client could send.
    pub fn can_be_sent(&self) -> bool {
        !self.stale && !self.reading.has_errors()
    }
}

impl PartialEq for AnswerView {
    fn eq(&self, other: &Self) -> bool {
        self.answer == other.answer
    }
}

impl Translated {
    /// What lights up with a place.
    pub fn lit(&self, focus: &str) -> Lit {
        let threads = self
            .threads
            .get_or_init(|| Threads::new(self.calls.iter().map(|call| &**call), self.leaves()));
        threads.lit(focus)
    }

    /// Leaves of the answer.
    pub fn leaves(&self) -> &[AnswerLeaf] {
        self.answer.as_ref().map_or(&[], |view| &view.answer.leaves)
    }

    /// Whether a call of it changes the cloud.
    pub fn changes(&self) -> bool {
        self.calls.iter().any(|call| call.phase != Phase::Read)
    }

    /// The places that "next" and "previous" visit: parameters, then answer elements, as keys of [`crate::highlight`].
    pub fn stops(&self) -> Vec<String> {
        let rows = self
            .ledger
            .iter()
            .filter_map(|row| row.pointer.as_ref())
            .map(|pointer| format!("q{pointer}"));
        rows.chain(
            self.leaves()
                .iter()
                .map(|leaf| format!("a{}", leaf.pointer)),
        )
        .collect()
    }

    fn new(run: Run, old: Option<&Self>) -> Self {
        let mut calls = Vec::with_capacity(run.trace.calls.len());
        for (index, call) in run.trace.calls.into_iter().enumerate() {
            calls.push(Shared::keep(old.and_then(|old| old.calls.get(index)), call));
        }
        let ledger = Shared::keep(old.map(|old| &old.ledger), run.trace.ledger);
        let calls = Shared::keep(old.map(|old| &old.calls), calls);
        let kept = old.and_then(|old| old.answer.as_ref());
        let answer = run.trace.answer.map(|answer| match kept {
            Some(kept) if kept.answer == answer => kept.clone(),
            _ => {
                // Keys are made as they are met: a large answer has tens of thousands.
                let leaves = answer
                    .leaves
                    .iter()
                    .map(|leaf| (leaf.span.clone(), format!("a{}", leaf.pointer)));
                let doc = Shared::new(xml::layout(&answer.xml, leaves));
                Shared::new(AnswerView { answer, doc })
            }
        });
        let threads = match old {
            Some(old) if old.calls == calls && old.answer == answer => old.threads.clone(),
            _ => Rc::default(),
        };
        Self {
            action: run.trace.action.into(),
            ledger,
            calls,
            answer,
            threads,
        }
    }
}

struct Run {
    trace: translator::trace::Trace,
}

/// The rules and the cloud that remembers.
#[derive(Clone)]
pub struct Session {
    engine: Rc<Engine>,
    cloud: Rc<Cloud>,
    /// When the cloud was seeded.
    started: i64,
    /// Requests sent so far; their number is part of the seed of new ids.
    log: Rc<Vec<Sent>>,
    examples: Rc<Vec<String>>,
}

impl Session {
    /// A session on the seeded cloud; `now` in milliseconds since the epoch.
    pub fn new(engine: Rc<Engine>, now: i64) -> Self {
        // The furniture is old enough to have come up.
        let moved_in = now.saturating_sub(SETTLED);
        let mut cloud = Cloud::new(SEED, moved_in);
        for (service, name) in ROOMY {
            cloud.set_quota(PROJECT, service, name, -1);
        }
        let cloud = Rc::new(cloud);
        let mut session = Self {
            engine,
            cloud,
            started: now,
            log: Rc::default(),
            examples: Rc::default(),
        };
        for text in examples::FURNITURE {
            let text = session.ids(moved_in).fill(text);
            (session, _) = session.send(&text, None, moved_in, None);
        }
        session.log = Rc::default();
        session.fill_examples(now);
        session
    }

    /// The texts of the examples, with ids of this cloud.
    pub fn examples(&self) -> &[String] {
        &self.examples
    }

    fn ids(&self, now: i64) -> Ids {
        Ids::read(&self.ask(examples::calls(), now))
    }

    fn fill_examples(&mut self, now: i64) {
        let ids = self.ids(now);
        self.examples = Rc::new(
            examples::ALL
                .iter()
                .map(|example| ids.fill(example.request))
                .collect(),
        );
    }

    /// A kept session: the same cloud, made again from what was sent to it.
    pub fn replay(engine: Rc<Engine>, kept: &Kept) -> Self {
        let mut session = Self::new(engine, kept.started);
        for sent in &kept.sent {
            let dialect = sent
                .dialect
                .and_then(|index| dialects::ALL.get(index).copied());
            (session, _) = session.send(&sent.text, dialect, sent.at, None);
        }
        session
    }

    /// When the cloud was seeded, in milliseconds since the epoch.
    pub fn started(&self) -> i64 {
        self.started
    }

    /// What was sent, in order.
    pub fn log(&self) -> &[Sent] {
        &self.log
    }

    /// The same rules on a fresh cloud.
    pub fn reset(&self, now: i64) -> Self {
        Self::new(self.engine.clone(), now)
    }

    /// Reads and translates a text against a copy of the cloud: nothing is remembered.
    pub fn preview(
        &self,
        text: &str,
        dialect: Option<Dialect>,
        now: i64,
        old: Option<&View>,
    ) -> View {
        self.view(text, dialect, old, |request| {
            self.run(&mut Cloud::clone(&self.cloud), request, now)
        })
    }

    /// Reads and translates a text against the cloud itself, which remembers what changed.
    pub fn send(
        &self,
        text: &str,
        dialect: Option<Dialect>,
        now: i64,
        old: Option<&View>,
    ) -> (Self, View) {
        let mut cloud = Cloud::clone(&self.cloud);
        let view = self.view(text, dialect, old, |request| {
            self.run(&mut cloud, request, now)
        });
        let mut next = self.clone();
        if !view.stale {
            let dialect = dialect
                .and_then(|dialect| dialects::ALL.iter().position(|known| *known == dialect));
            next.cloud = Rc::new(cloud);
            if view.result.as_ref().is_some_and(Translated::changes) {
                next.fill_examples(now);
            }
            Rc::make_mut(&mut next.log).push(Sent {
                text: text.into(),
                dialect,
                at: now,
            });
        }
        (next, view)
    }

    /// Asks the cloud something that changes nothing, as a member of the page's project.
    pub fn ask(&self, calls: Vec<Call>, now: i64) -> Vec<Reply> {
        let mut cloud = Cloud::clone(&self.cloud);
        let token = cloud.issue_token(USER, PROJECT, now).unwrap_or_default();
        calls
            .into_iter()
            .map(|call| cloud.handle(&with_token(call, &token), now))
            .collect()
    }

    fn view(
        &self,
        text: &str,
        dialect: Option<Dialect>,
        old: Option<&View>,
        run: impl FnOnce(ec2_wire::Ec2Request) -> Run,
    ) -> View {
        let reading = ingest::read(text, dialect);
        let old_result = old.and_then(|old| old.result.as_ref());
        let result = reading
            .request
            .clone()
            .map(|request| Translated::new(run(request), old_result));
        let stale = result.is_none();
        // An empty input has no last result to hold on to.
        let old_result = old_result.filter(|_| !text.trim().is_empty());
        View {
            text: text.into(),
            reading: Shared::new(reading),
            result: result.or_else(|| old_result.cloned()),
            stale,
        }
    }

    fn run(&self, cloud: &mut Cloud, request: ec2_wire::Ec2Request, now: i64) -> Run {
        let token = cloud.issue_token(USER, PROJECT, now).unwrap_or_default();
        // The demo user's access key has the user's name.
        let (user_id, project_id) = cloud.ec2_owner(USER).unwrap_or_default();
        let sent = self.log.len() as u64;
        let context = Context {
            project_id,
            user_id,
            region: "RegionOne".into(),
            now,
            seed: SEED.wrapping_add(sent),
            fidelity: Fidelity::Warn,
            request_id: format!("00000000-0000-4000-8000-{sent:012x}"),
            external_network: None,
            default_instance_type: Some(translator::DEFAULT_INSTANCE_TYPE.to_owned()),
            default_vpc: None,
        };
        let mut translation = Translation::new(&self.engine, request, context, Tracing::On);
        let mut clock = now;
        for _ in 0..MOST_ROUNDS {
            match translation.poll() {
                Step::Calls(calls) => {
                    for (id, call) in calls {
                        translation.reply(id, cloud.handle(&with_token(call, &token), clock));
                    }
                    clock += ROUND;
                }
                // Nobody waits in the page: its clock is an argument.
                Step::Wait { milliseconds } => clock = clock.saturating_add_unsigned(milliseconds),
                Step::Done(_) => break,
            }
        }
        Run {
            trace: translation.trace(),
        }
    }
}

fn with_token(mut call: Call, token: &str) -> Call {
    call.headers.push(("X-Auth-Token".into(), token.into()));
    call
}
