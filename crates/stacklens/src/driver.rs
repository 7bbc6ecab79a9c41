//! The loop between the translator and a cloud: issue what it wants, hand in what came back.

use std::time::Duration;

use ec2_wire::Ec2Request;
use openstack_wire::{Call, Reply};
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
/// Longest that a request usually takes; undoing comes on top. EC2's clients listen for 60 seconds.
pub const REQUEST: Duration = Duration::from_secs(55);
/// What calls get after the deadline: time to take changes back.
const GRACE: Duration = Duration::from_secs(5);
/// Longest pause between two questions.
const PAUSE: Duration = Duration::from_secs(10);
/// More rounds than any request needs; the translator has bounds of its own, this one ends a fault in them.
const MOST_ROUNDS: usize = 10_000;

/// The end of a request.
pub struct Finished {
    /// The answer for the client; `None` if the translation did not end.
    pub outcome: Option<Outcome>,
    /// What happened.
    pub trace: Trace,
}

/// Translates one request against a cloud. No call is waited for past the deadline, but those that take changes back.
pub async fn run<A: Answerer + Sync>(
    engine: &Engine,
    request: Ec2Request,
    context: Context,
    tracing: Tracing,
    cloud: &A,
    deadline: Instant,
) -> Finished {
    let mut translation = Translation::new(engine, request, context, tracing);
    for _ in 0..MOST_ROUNDS {
        let calls = match translation.poll() {
            Step::Done(outcome) => {
                return Finished {
                    outcome: Some(outcome),
                    trace: translation.trace(),
                };
            }
            Step::Wait { milliseconds } => {
                tokio::time::sleep(Duration::from_millis(milliseconds).min(PAUSE)).await;
                continue;
            }
            Step::Calls(calls) => calls,
        };
        let (ids, calls): (Vec<u32>, Vec<Call>) = calls.into_iter().unzip();
        let left = deadline.saturating_duration_since(Instant::now());
        let replies = cloud.answer_all(calls, left.max(GRACE).min(CALL)).await;
        for (id, reply) in ids.into_iter().zip(replies) {
            translation.reply(id, reply);
        }
    }
    Finished {
        outcome: None,
        trace: translation.trace(),
    }
}
