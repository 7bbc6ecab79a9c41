//! One helper for tests of the engine: rule files as text, a cloud as a list of replies, the story as text.

use openstack_wire::{Call, Reply};
use rules::Rules;
use translator::trace::{Phase, Trace};
use translator::{Context, Engine, Outcome, Step, Tracing, Translation};

/// Kinds that every test needs.
pub const KINDS: &str = "\
table: kinds
microversions: { compute: '2.96' }
rows:
  i: { resource-type: instance, service: compute, path: /servers, not-found: InvalidInstanceID.NotFound, malformed: InvalidInstanceID.Malformed, tags-in: metadata }
  vol: { resource-type: volume, service: block-storage, path: /volumes, not-found: InvalidVolume.NotFound, malformed: InvalidVolumeID.Malformed, tags-in: metadata }
";

/// Fault rows that every test needs.
pub const FAULTS: &str = "\
table: faults
rows:
  - { status: 503, error: Unavailable, says: 'Try again.' }
  - { error: InternalError }
";

/// An id that a cloud of OpenStack could have given.
pub const UUID: &str = "0f7f3bb2-6d3c-4b6f-9a43-9e1c1d1f0a11";

/// The same, as EC2 sees it.
pub const DIGITS: &str = "0f7f3bb26d3c4b6f9a439e1c1d1f0a11";

/// The engine of one rule file beside the usual tables.
pub fn engine(files: &[(&str, &str)]) -> Engine {
    let files = files
        .iter()
        .copied()
        .chain([("kinds.table.yaml", KINDS), ("faults.table.yaml", FAULTS)]);
    let (rules, problems) = Rules::load(files);
    assert!(problems.is_empty(), "{problems:#?}");
    let engine = Engine::new(rules);
    assert_eq!(engine.link_all(), Vec::<String>::new());
    engine
}

/// A reply with a JSON body.
pub fn json(status: u16, body: &str) -> Reply {
    Reply {
        status,
        headers: Vec::new(),
        body: body.to_owned(),
    }
}

/// What came of a request.
pub struct Run {
    pub outcome: Outcome,
    pub trace: Trace,
    /// `1 read GET /servers/detail` a line: round, phase, method and path with query and body.
    pub story: String,
    pub waits: usize,
}

/// Runs a Query request against a cloud.
pub fn run(
    engine: &Engine,
    query: &str,
    context: Context,
    mut cloud: impl FnMut(&Call) -> Reply,
) -> Run {
    let request = ec2_wire::decode_query(query).request;
    let leaves = request.leaves.len();
    let mut translation = Translation::new(engine, request, context, Tracing::On);
    let mut waits = 0;
    let outcome = loop {
        match translation.poll() {
            Step::Calls(calls) => {
                for (id, call) in calls {
                    let reply = cloud(&call);
                    translation.reply(id, reply);
                }
            }
            Step::Wait { .. } => waits += 1,
            Step::Done(outcome) => break outcome,
        }
    };
    let trace = translation.trace();
    assert_eq!(
        trace.ledger.len(),
        leaves,
        "one ledger row for every leaf of the request"
    );
    let story = trace.calls.iter().map(line).collect::<Vec<_>>().join("\n");
    Run {
        outcome,
        trace,
        story,
        waits,
    }
}

fn line(traced: &translator::trace::TracedCall) -> String {
    let phase = match traced.phase {
        Phase::Read => "read",
        Phase::Change => "change",
        Phase::Undo => "undo",
    };
    let call = &traced.call;
    let mut line = format!("{} {phase} {:?} {}", traced.round, call.method, call.path);
    for (at, (key, value)) in call.query.iter().enumerate() {
        line.push_str(&format!("{}{key}={value}", if at == 0 { "?" } else { "&" }));
    }
    if let Some(body) = &call.body {
        line.push_str(&format!(" {body}"));
    }
    line
}
