//! What both tables of the benchmark are made with.

pub mod cloud;
pub mod linear;

use std::time::{Duration, Instant};

use openstack_wire::{Call, Reply};
use translator::{Context, Engine, Step, Tracing, Translation};

/// Medians in milliseconds; the contenders take turns, so that a slow moment of the machine meets all of them. Each
/// answers the time that counts.
pub fn alternate<const N: usize>(
    rounds: usize,
    mut contenders: [&mut dyn FnMut() -> Duration; N],
) -> [f64; N] {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    for _ in 0..=rounds {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            times.push(contender());
        }
    }
    times.map(|mut times| {
        times.remove(0);
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e3
    })
}

/// How long something takes, what it made being dropped within.
pub fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    drop(std::hint::black_box(run()));
    start.elapsed()
}

/// Drives a request to its end; `cloud` gives the bodies of replies.
pub fn run<'e>(
    engine: &'e Engine,
    query: &str,
    tracing: Tracing,
    mut cloud: impl FnMut(&Call) -> String,
) -> (Translation<'e>, String) {
    let request = ec2_wire::decode_query(query)
        .strict()
        .expect("a sound request");
    let context = Context {
        project_id: "p".repeat(32),
        now: 1_795_341_600_000,
        ..Context::default()
    };
    let mut translation = Translation::new(engine, request, context, tracing);
    loop {
        match translation.poll() {
            Step::Calls(calls) => {
                for (id, call) in calls {
                    let body = cloud(&call);
                    let reply = Reply {
                        status: 200,
                        headers: Vec::new(),
                        body,
                    };
                    translation.reply(id, reply);
                }
            }
            Step::Wait { .. } => {}
            Step::Done(outcome) => {
                assert_eq!(outcome.status, 200, "{}", outcome.xml);
                return (translation, outcome.xml);
            }
        }
    }
}
