//! A request taken to its end: the translator says what it wants of the cloud, and is handed the replies.

use ec2_wire::Ec2Request;
use ingest::Reading;
use openstack_wire::{Call, Reply};
use translator::trace::Trace;
use translator::{Context, Engine, Fidelity, Step, Tracing, Translation};

use crate::cloud_host::HostedCloud;
use crate::keep::Typed;

/// Seed of the demo cloud: the same ids in every browser, so that examples can name them.
pub const SEED: u64 = 1;
/// User that the page acts as.
pub const USER: &str = "demo";
/// Project that the page works in.
pub const PROJECT: &str = "demo";
/// More rounds than a request of any length needs; a rule that asks for more is stopped.
const MOST_ROUNDS: usize = 1_000;
/// Pause between two rounds, in milliseconds of the simulated clock.
const ROUND: i64 = 40;

/// Whether what EC2 says of the action has not arrived: then nobody can tell yet whether its parameters exist, and no
/// remark stands.
pub fn check_later(reading: &mut Reading) -> bool {
    let action = reading.request.as_ref().map(|request| &request.action);
    let later = action
        .and_then(|action| ec2_model::action(action))
        .is_some_and(|action| !action.has_facts());
    if later {
        reading.diagnostics.clear();
    }
    later
}

/// What a request meets.
#[derive(Clone, Copy)]
pub struct Sitting<'a> {
    /// The rules.
    pub engine: &'a Engine,
    /// How many requests were sent before; part of the seed of new ids.
    pub sent: u64,
    /// Milliseconds since the epoch.
    pub now: i64,
    /// Replies that stand in for the cloud's.
    pub replies: &'a [Typed],
}

/// Translates a request against a cloud. Without one, what can be told before the first reply.
pub fn translate(
    sitting: Sitting<'_>,
    mut cloud: Option<&mut (dyn HostedCloud + 'static)>,
    request: Ec2Request,
) -> Trace {
    let Sitting {
        engine,
        sent,
        now,
        replies,
    } = sitting;
    let mut asked = Vec::new();
    let (token, (user_id, project_id)) = match &mut cloud {
        // The demo user's access key has the user's name.
        Some(cloud) => (cloud.token(USER, PROJECT, now), cloud.owner(USER)),
        None => Default::default(),
    };
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
    let mut translation = Translation::new(engine, request, context, Tracing::On);
    let mut clock = now;
    for _ in 0..MOST_ROUNDS {
        match translation.poll() {
            Step::Calls(calls) => {
                // The calls of the first round are all that can be told without replies.
                let Some(cloud) = &mut cloud else { break };
                for (id, call) in calls {
                    let reply = match stand_in(replies, &mut asked, &call) {
                        // What failed did not happen; what was done is there for the calls that follow.
                        Some(reply) => {
                            if (200..300).contains(&reply.status) {
                                cloud.handle(&with_token(call, &token), clock);
                            }
                            reply
                        }
                        None => cloud.handle(&with_token(call, &token), clock),
                    };
                    translation.reply(id, reply);
                }
                clock += ROUND;
            }
            // Nobody waits in the page: its clock is an argument.
            Step::Wait { milliseconds } => clock = clock.saturating_add_unsigned(milliseconds),
            Step::Done(_) => break,
        }
    }
    translation.trace()
}

/// What a call is known by among those of its request: `POST compute /servers`.
pub fn title(call: &Call) -> String {
    format!("{} {} {}", call.method, call.service, call.path)
}

/// The reply typed for a call; `asked` remembers the calls so far, because several may be written alike.
fn stand_in(replies: &[Typed], asked: &mut Vec<String>, call: &Call) -> Option<Reply> {
    if replies.is_empty() {
        return None;
    }
    let title = title(call);
    let nth = asked.iter().filter(|known| **known == title).count();
    let typed = replies
        .iter()
        .find(|typed| typed.call == title && typed.nth as usize == nth);
    asked.push(title);
    typed.map(|typed| Reply {
        status: typed.status,
        headers: Vec::new(),
        body: typed.body.clone(),
    })
}

/// Sends calls as a member of the page's project.
pub fn ask(cloud: &mut dyn HostedCloud, calls: Vec<Call>, now: i64) -> Vec<Reply> {
    let token = cloud.token(USER, PROJECT, now);
    calls
        .into_iter()
        .map(|call| cloud.handle(&with_token(call, &token), now))
        .collect()
}

fn with_token(mut call: Call, token: &str) -> Call {
    call.headers.push(("X-Auth-Token".into(), token.into()));
    call
}
