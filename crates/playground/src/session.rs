//! What the page shows for a text and a cloud; no browser in here.

use std::cell::OnceCell;
use std::rc::Rc;

use ingest::{Dialect, Reading};
use openstack_wire::{Call, Method, Reply};
use rules::Rules;
use translator::Engine;
use translator::trace::{Answer, AnswerLeaf, LedgerRow, Phase, Trace, TracedCall};

use crate::bench::Bench;
use crate::cloud_host::{CloudHost, Here, HostedCloud};
use crate::drive::{self, PROJECT, SEED, Sitting};
use crate::examples::{self, Ids};
use crate::highlight::{Lit, Threads};
use crate::in_force;
use crate::keep::{Kept, Sent, Typed};
use crate::pretty::{Doc, xml};
use crate::shared::Shared;
use crate::stand_ins::{self, Taken, Wish};

/// Quotas that the page's cloud does not have, so that a person can try how a large answer looks.
const ROOMY: [(&str, &str); 4] = [
    ("compute", "instances"),
    ("compute", "cores"),
    ("compute", "ram"),
    ("network", "port"),
];
/// Age of the furniture of a fresh cloud, in milliseconds.
const SETTLED: i64 = 120_000;

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
    /// What EC2 says of the action has not arrived, so its parameters are not checked.
    pub unchecked: bool,
    /// What stands in for values that are not of this cloud, and what was left out.
    pub taken: Rc<Taken>,
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
        if let Some((line, file)) = in_force::line_of(focus) {
            let mut keys = in_force::made_by(self, line, file);
            keys.push(focus.to_owned());
            keys.sort_unstable();
            let focus = focus.to_owned();
            return Lit { focus, keys };
        }
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

    fn new(trace: Trace, old: Option<&Self>) -> Self {
        let mut calls = Vec::with_capacity(trace.calls.len());
        for (index, call) in trace.calls.into_iter().enumerate() {
            calls.push(Shared::keep(old.and_then(|old| old.calls.get(index)), call));
        }
        let ledger = Shared::keep(old.map(|old| &old.ledger), trace.ledger);
        let calls = Shared::keep(old.map(|old| &old.calls), calls);
        let kept = old.and_then(|old| old.answer.as_ref());
        let answer = trace.answer.map(|answer| match kept {
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
            action: trace.action.into(),
            ledger,
            calls,
            answer,
            threads,
        }
    }
}

/// The rules and the cloud that remembers.
#[derive(Clone)]
pub struct Session {
    engine: Rc<Engine>,
    /// The rules as they came, without a person's edits.
    plain: Rc<Engine>,
    home: Option<Home>,
    /// When the cloud was seeded.
    started: i64,
    /// Requests sent so far; their number is part of the seed of new ids.
    log: Rc<Vec<Sent>>,
    examples: Rc<Vec<String>>,
    /// Replies that stand in for the cloud's.
    replies: Rc<Vec<Typed>>,
    wish: Wish,
}

/// Where clouds come from, and the one that remembers.
#[derive(Clone)]
struct Home {
    host: Rc<dyn CloudHost>,
    cloud: Rc<dyn HostedCloud>,
}

impl Session {
    /// A session on a seeded cloud in this program; `now` in milliseconds since the epoch.
    pub fn new(engine: Rc<Engine>, now: i64) -> Self {
        Self::on(engine, Here::host(), now)
    }

    /// A session on a seeded cloud of this host.
    pub fn on(engine: Rc<Engine>, host: Rc<dyn CloudHost>, now: i64) -> Self {
        // The furniture is old enough to have come up.
        let moved_in = now.saturating_sub(SETTLED);
        let mut cloud = host.cloud(SEED, moved_in);
        for (service, name) in ROOMY {
            cloud.set_quota(PROJECT, service, name, -1);
        }
        let cloud = Rc::from(cloud);
        let mut session = Self {
            home: Some(Home { host, cloud }),
            ..Self::waiting(engine, now)
        };
        for text in examples::FURNITURE {
            let text = session.ids(moved_in).fill(text);
            (session, _) = session.send(&text, None, moved_in, None);
        }
        session.log = Rc::default();
        session.fill_examples(now);
        session
    }

    /// A session without a cloud: it reads, and shows the calls that need no reply, until [`Session::attach`].
    pub fn waiting(engine: Rc<Engine>, now: i64) -> Self {
        let mut session = Self {
            plain: engine.clone(),
            engine,
            home: None,
            started: now,
            log: Rc::default(),
            examples: Rc::default(),
            replies: Rc::default(),
            wish: Wish::default(),
        };
        session.fill_examples(now);
        session
    }

    /// A kept session that waits for its cloud.
    pub fn waiting_for(engine: Rc<Engine>, kept: &Kept) -> Self {
        // One that is shown as it was sent is sent again.
        let before = kept.sent.len() - usize::from(kept.shown && !kept.sent.is_empty());
        Self {
            log: Rc::new(kept.sent.iter().take(before).cloned().collect()),
            ..Self::waiting(engine, kept.started)
        }
    }

    /// A kept session with the rules and the host of this one.
    pub fn again(&self, kept: &Kept) -> Self {
        let mut waiting = Self::waiting_for(self.plain.clone(), kept);
        waiting.engine = self.engine.clone();
        match &self.home {
            Some(home) => waiting.attach(home.host.clone()),
            None => waiting,
        }
    }

    /// The session on a cloud of this host that has been sent what the session remembers.
    pub fn attach(&self, host: Rc<dyn CloudHost>) -> Self {
        let mut session = Self::on(self.plain.clone(), host, self.started);
        for sent in self.log.iter() {
            session.replies = Rc::new(sent.replies.clone());
            session.wish = sent.wish;
            session.engine = match sent.edited {
                true => self.engine.clone(),
                false => self.plain.clone(),
            };
            (session, _) = session.send(&sent.text, sent.dialect, sent.at, None);
        }
        session.engine = self.engine.clone();
        session.replies = self.replies.clone();
        session.wish = self.wish;
        session
    }

    /// How requests are taken that this cloud cannot fulfil as they stand.
    pub fn wish(&self) -> Wish {
        self.wish
    }

    /// The session with another such wish.
    pub fn wishing(&self, wish: Wish) -> Self {
        Self {
            wish,
            ..self.clone()
        }
    }

    /// The rules, linked.
    pub fn engine(&self) -> &Rc<Engine> {
        &self.engine
    }

    /// The session with edited rules; `None` are the rules as they came.
    pub fn with_rules(&self, rules: Option<Rules>) -> Self {
        Self {
            engine: match rules {
                Some(rules) => Rc::new(Engine::new(rules)),
                None => self.plain.clone(),
            },
            ..self.clone()
        }
    }

    /// Whether it translates with edited rules.
    pub fn is_edited(&self) -> bool {
        !Rc::ptr_eq(&self.engine, &self.plain)
    }

    /// Where rules are edited, if that is there.
    pub fn bench(&self) -> Option<Rc<dyn Bench>> {
        self.home.as_ref()?.host.bench()
    }

    /// The session with other rules for good.
    pub fn with_engine(&self, engine: Rc<Engine>) -> Self {
        Self {
            plain: engine.clone(),
            engine,
            ..self.clone()
        }
    }

    /// The replies that stand in for the cloud's.
    pub fn replies(&self) -> &[Typed] {
        &self.replies
    }

    /// The session with other replies in the place of the cloud's.
    pub fn with_replies(&self, replies: Vec<Typed>) -> Self {
        Self {
            replies: Rc::new(replies),
            ..self.clone()
        }
    }

    /// Whether there is a cloud to ask and to send to.
    pub fn has_cloud(&self) -> bool {
        self.home.is_some()
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
        Self::waiting_for(engine, kept).attach(Here::host())
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
        let fresh = match &self.home {
            Some(home) => Self::on(self.plain.clone(), home.host.clone(), now),
            None => Self::waiting(self.plain.clone(), now),
        };
        Self {
            engine: self.engine.clone(),
            ..fresh
        }
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
            self.take(request, now, &mut None)
        })
    }

    /// A request that somebody else translated, with all that became of it; `text` is its Query text.
    pub fn recorded(&self, text: &str, trace: Trace, old: Option<&View>) -> View {
        self.view(text, Some(Dialect::Query), old, |request| {
            (placed(trace, &request), Taken::default())
        })
    }

    /// Reads and translates a text against the cloud itself, which remembers what changed. Without a cloud it is a
    /// preview.
    pub fn send(
        &self,
        text: &str,
        dialect: Option<Dialect>,
        now: i64,
        old: Option<&View>,
    ) -> (Self, View) {
        let mut cloud = None;
        let view = self.view(text, dialect, old, |request| {
            self.take(request, now, &mut cloud)
        });
        let mut next = self.clone();
        if let (false, Some(home), Some(cloud)) = (view.stale, &mut next.home, cloud) {
            home.cloud = Rc::from(cloud);
            if view.result.as_ref().is_some_and(Translated::changes) {
                next.fill_examples(now);
            }
            Rc::make_mut(&mut next.log).push(Sent {
                text: text.into(),
                dialect,
                at: now,
                replies: self.replies.to_vec(),
                wish: self.wish,
                edited: self.is_edited(),
            });
        }
        (next, view)
    }

    /// Asks the cloud something that changes nothing, as a member of the page's project. Without a cloud there are no
    /// replies.
    pub fn ask(&self, calls: Vec<Call>, now: i64) -> Vec<Reply> {
        let Some(mut cloud) = self.fork() else {
            return Vec::new();
        };
        drive::ask(&mut *cloud, calls, now)
    }

    /// Everything in the cloud as of that moment, for a drawing, and the id of the page's project; nothing without a
    /// cloud.
    pub fn look(&self, now: i64) -> (simcloud::View, String) {
        let Some(mut cloud) = self.fork() else {
            return Default::default();
        };
        // What takes time is settled when a call with a later time comes.
        let settling = [("compute", "/servers"), ("block-storage", "/volumes")];
        let calls = settling.map(|(service, path)| Call::new(Method::Get, service, path));
        drive::ask(&mut *cloud, calls.into(), now);
        let (_, project) = cloud.owner(drive::USER);
        (cloud.view(), project)
    }

    fn sitting(&self, now: i64) -> Sitting<'_> {
        Sitting {
            engine: &self.engine,
            sent: self.log.len() as u64,
            now,
            replies: &self.replies,
        }
    }

    fn fork(&self) -> Option<Box<dyn HostedCloud>> {
        self.home.as_ref().map(|home| home.cloud.fork())
    }

    fn view(
        &self,
        text: &str,
        dialect: Option<Dialect>,
        old: Option<&View>,
        run: impl FnOnce(ec2_wire::Ec2Request) -> (Trace, Taken),
    ) -> View {
        let mut reading = ingest::read(text, dialect);
        let unchecked = drive::check_later(&mut reading);
        let old_result = old.and_then(|old| old.result.as_ref());
        let mut taken = Taken::default();
        // Without the facts of an action, its rule is not here either.
        let known = reading
            .request
            .clone()
            .filter(|_| self.has_cloud() || !unchecked);
        let result = known.map(|request| {
            let trace;
            (trace, taken) = run(request);
            Translated::new(trace, old_result)
        });
        let stale = result.is_none();
        // An empty input has no last result to hold on to.
        let old_result = old_result.filter(|_| !text.trim().is_empty());
        View {
            text: text.into(),
            reading: Shared::new(reading),
            result: result.or_else(|| old_result.cloned()),
            stale,
            unchecked,
            taken: Rc::new(taken),
        }
    }

    /// Takes a request to its end on a copy of the cloud, which is left in `after`.
    fn take(
        &self,
        request: ec2_wire::Ec2Request,
        now: i64,
        after: &mut Option<Box<dyn HostedCloud>>,
    ) -> (Trace, Taken) {
        let kinds = &self.engine.rules().kinds;
        let ask = |call| self.ask(vec![call], now).pop();
        stand_ins::take(&request, self.wish, kinds, &ask, &mut |request| {
            *after = self.fork();
            drive::translate(self.sitting(now), after.as_deref_mut(), request)
        })
    }
}

/// A trace whose parameters stand where the request has them.
fn placed(mut trace: Trace, request: &ec2_wire::Ec2Request) -> Trace {
    for row in &mut trace.ledger {
        let leaf = request.leaves.iter().find(|leaf| leaf.key == row.key);
        row.span = leaf.and_then(|leaf| leaf.span.clone());
    }
    trace
}
