//! The loop between the translator and a cloud: issue what it wants, hand in what came back.

use std::pin::pin;
use std::time::Duration;

use ec2_wire::{Ec2Error, Ec2Request};
use openstack_wire::{Call, Method, Reply};
use tokio::sync::oneshot;
use tokio::time::Instant;
use translator::trace::Trace;
use translator::{Context, Engine, Outcome, Step, Tracing, Translation};

/// Whoever answers OpenStack calls for one caller.
pub trait Answerer {
    /// Issues calls that do not depend on each other and gives their replies in the same order. A call that takes
    /// longer than `patience` has status 0.
    fn answer_all(
        &self,
        calls: Vec<Call>,
        patience: Duration,
    ) -> impl Future<Output = Vec<Reply>> + Send;
}

/// Longest that a call may take.
const CALL: Duration = Duration::from_secs(30);
/// Longest that a request usually takes. EC2's clients listen for 60 seconds.
pub const REQUEST: Duration = Duration::from_secs(55);
/// What a call gets at least while somebody waits.
const GRACE: Duration = Duration::from_secs(5);
/// Longest that a change is followed whose client was told that nothing is known of it.
const ABANDONED: Duration = Duration::from_secs(10 * 60);
/// Longest pause between two questions.
const PAUSE: Duration = Duration::from_secs(10);
/// More rounds than any request needs; the translator has bounds of its own, this one ends a fault in them.
const MOST_ROUNDS: usize = 10_000;

/// Whoever waits for the answer.
pub struct Client {
    /// When it is answered at the latest.
    pub deadline: Instant,
    /// Told at the deadline, if changes are under way that have to be followed to their end. Without it they are given up.
    pub told: Option<oneshot::Sender<()>>,
    /// Whether it will find what was made when it asks again, since the request has an idempotency token.
    pub asks_again: bool,
}

/// The end of a request.
pub struct Finished {
    /// The answer for the client; `None` if the translation did not end.
    pub outcome: Option<Outcome>,
    /// What happened.
    pub trace: Trace,
    /// Whether the client was told before.
    pub late: bool,
}

/// What a client is told that cannot wait for the end.
pub fn too_late() -> Ec2Error {
    Ec2Error {
        status: 503,
        code: "Unavailable".into(),
        message: "The cloud did not answer in time. Please try again.".into(),
    }
}

/// Translates one request against a cloud.
///
/// A service may carry a change out though nobody waits for its answer any more. So at the deadline the client is told, and
/// the change is followed: then the request goes on, if its client finds what it made by its token, or is taken back.
pub async fn run<A: Answerer + Sync>(
    engine: &Engine,
    request: Ec2Request,
    context: Context,
    tracing: Tracing,
    cloud: &A,
    client: Client,
) -> Finished {
    let mut drive = Drive {
        translation: Translation::new(engine, request, context, tracing),
        cloud,
        client,
        changed: false,
        late: false,
    };
    let outcome = drive.run_on().await;
    Finished {
        outcome,
        trace: drive.translation.trace(),
        late: drive.late,
    }
}

struct Drive<'a, A> {
    translation: Translation<'a>,
    cloud: &'a A,
    client: Client,
    /// Whether a change was sent.
    changed: bool,
    /// Whether the client was told.
    late: bool,
}

impl<A: Answerer + Sync> Drive<'_, A> {
    async fn run_on(&mut self) -> Option<Outcome> {
        for _ in 0..MOST_ROUNDS {
            if !self.late && self.left().is_zero() {
                self.end_waiting();
            }
            match self.translation.poll() {
                Step::Done(outcome) => return Some(outcome),
                Step::Wait { milliseconds } => {
                    tokio::time::sleep(Duration::from_millis(milliseconds).min(PAUSE)).await;
                }
                Step::Calls(calls) => self.issue(calls).await,
            }
        }
        None
    }

    fn left(&self) -> Duration {
        self.client
            .deadline
            .saturating_duration_since(Instant::now())
    }

    /// Tells the client, or ends what has changed nothing.
    fn end_waiting(&mut self) {
        match self.client.told.take().filter(|_| self.changed) {
            Some(told) => {
                // Nobody hears it if the client has gone away.
                let _ = told.send(());
                self.late = true;
            }
            None => self.translation.give_up(too_late()),
        }
        if !self.client.asks_again {
            self.translation.give_up(too_late());
        }
    }

    async fn issue(&mut self, calls: Vec<(u32, Call)>) {
        let (ids, calls): (Vec<u32>, Vec<Call>) = calls.into_iter().unzip();
        let left = self.left().max(GRACE);
        let changes = calls
            .iter()
            .any(|call| !matches!(call.method, Method::Get | Method::Head));
        self.changed |= changes;
        let replies = if self.late || !changes || self.client.told.is_none() {
            let patience = if self.late { CALL } else { left.min(CALL) };
            self.cloud.answer_all(calls, patience).await
        } else {
            let mut answers = pin!(self.cloud.answer_all(calls, ABANDONED));
            match tokio::time::timeout(left, &mut answers).await {
                Ok(replies) => replies,
                Err(_) => {
                    let told = self.client.told.take();
                    let _ = told.map(|told| told.send(()));
                    self.late = true;
                    answers.await
                }
            }
        };
        let was_late = self.late && changes;
        for (id, reply) in ids.into_iter().zip(replies) {
            self.translation.reply(id, reply);
        }
        if was_late && !self.client.asks_again {
            self.translation.give_up(too_late());
        }
    }
}
