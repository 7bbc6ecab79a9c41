//! The beginning: what can be said of a request before any call.

use bumpalo::Bump;
use ec2_wire::{Ec2Error, Ec2Request};
use rules::NoteState;
use serde_json::{Value, json};

use super::{CallState, Progress, State, Translation, undo};
use crate::answer::request_digest;
use crate::engine::Engine;
use crate::eval::Eval;
use crate::filter::Filters;
use crate::trace::{LedgerRow, LedgerState, Place, Trace};
use crate::value::{Doc, Source};
use crate::{Context, Fidelity};

pub(super) fn start<'r>(
    engine: &'r Engine,
    request: Ec2Request,
    context: Context,
    tracing: bool,
) -> Translation<'r> {
    let plan = engine.plan(&request.action).and_then(Result::ok);
    let mut parameters = match &request.parameters {
        Value::Object(members) => members.clone(),
        _ => serde_json::Map::new(),
    };
    for (name, value) in plan.iter().flat_map(|plan| &plan.defaults) {
        parameters
            .entry(name.clone())
            .or_insert_with(|| value.clone());
    }
    let parameters = Value::Object(parameters);
    let digest = request_digest(&request.action, &request.parameters);
    let known = json!({
        "project_id": context.project_id,
        "user_id": context.user_id,
        "region": context.region,
        "now": crate::time::rfc3339_seconds(context.now),
        "seed": context.seed.to_string(),
        "request_digest": digest,
        "external_network": context.external_network,
        "default_instance_type": context.default_instance_type,
        "default_vpc": context.default_vpc,
        "fidelity": context.fidelity.name(),
    });
    let calls = plan.map_or(0, |plan| plan.calls.len());
    let state = State {
        request: Doc::of(&parameters, Source::Request),
        context: Doc::of(&known, Source::Context),
        seed: context.seed,
        now: context.now,
        digest,
        calls: (0..calls)
            .map(|_| CallState {
                progress: Progress::Waiting,
                items: Vec::new(),
            })
            .collect(),
        already: false,
    };
    let trace = Trace {
        action: request.action.clone(),
        ..Trace::default()
    };
    let mut run = Translation {
        engine,
        plan,
        request,
        context,
        tracing,
        state,
        pending: Default::default(),
        queue: Vec::new(),
        wait: None,
        checked: Default::default(),
        already_decided: false,
        started: false,
        lost: Default::default(),
        undo: Default::default(),
        undo_planned: false,
        undoing: None,
        undo_repeats: undo::REPEATS,
        undo_waits: undo::WAITS,
        left_behind: Vec::new(),
        answer: None,
        provenance: Default::default(),
        refused_by: Vec::new(),
        refused_at: None,
        refused_gap: None,
        trace,
        static_ledger: Vec::new(),
        round: 0,
    };
    run.static_ledger = run.rows_by_rule();
    run
}

/// The first reason to refuse that needs no call.
pub(super) fn check(run: &mut Translation<'_>) -> Option<Ec2Error> {
    let name = &run.request.action;
    let Some(action) = ec2_model::action(name) else {
        let near = ec2_model::closest_action(name)
            .map(|near| format!(" Did you mean {}?", near.name()))
            .unwrap_or_default();
        let message = format!("The action {name} is not valid for this web service.{near}");
        return Some(Ec2Error::client("InvalidAction", message));
    };
    match run.engine.plan(name) {
        None => {
            let message = format!(
                "The action {} has no translation to OpenStack yet.",
                action.name()
            );
            return Some(Ec2Error::client("UnsupportedOperation", message));
        }
        Some(Err(problems)) => {
            let message = format!("The rule of {name} cannot be run: {}", problems.join("; "));
            return Some(Ec2Error {
                status: 500,
                code: "InternalError".into(),
                message,
            });
        }
        Some(Ok(_)) => {}
    }
    if let Some(error) = ec2_wire::check_required(&run.request) {
        return Some(error);
    }
    // A filter that cannot be honoured has an error of its own.
    let is_filter = |row: &LedgerRow| {
        row.pointer
            .as_deref()
            .is_some_and(|pointer| pointer.starts_with("/Filters/"))
    };
    let mut rows = run.static_ledger.iter();
    if let Some(row) = rows.find(|row| row.state == LedgerState::Refused && !is_filter(row)) {
        let reason = row.reason.clone().unwrap_or_default();
        return Some(Ec2Error::client(
            "UnsupportedOperation",
            format!("The parameter {} is refused: {reason}", row.key),
        ));
    }
    if run.context.fidelity == Fidelity::Strict {
        let lost = run.static_ledger.iter().find(|row| {
            matches!(
                row.state,
                LedgerState::Lossy | LedgerState::Gap | LedgerState::Unknown
            )
        });
        if let Some(row) = lost {
            let code = if row.state == LedgerState::Unknown {
                "UnknownParameter"
            } else {
                "UnsupportedOperation"
            };
            let reason = row.reason.clone().unwrap_or_default();
            return Some(Ec2Error::client(
                code,
                format!(
                    "The parameter {} cannot be fulfilled exactly: {reason}",
                    row.key
                ),
            ));
        }
    }
    if let Some(error) = wrong_kind(run) {
        return Some(error);
    }
    let plan = run.plan?;
    let arena = Bump::new();
    let eval = Eval::new(&arena, plan, run.engine.rules(), &run.state, false);
    Filters::read(&eval).err()
}

/// An id of a kind that its parameter does not take: `InstanceId=vol-…`. EC2's model has a shape for each kind.
fn wrong_kind(run: &Translation<'_>) -> Option<Ec2Error> {
    let input = ec2_model::action(&run.request.action)?.input();
    let kinds = &run.engine.rules().kinds;
    for leaf in &run.request.leaves {
        let Some(pointer) = &leaf.pointer else {
            continue;
        };
        let Some(resource) = shape_at(input, pointer).and_then(resource_type) else {
            continue;
        };
        let mut taken = kinds.values().filter(|kind| kind.resource_type == resource);
        // Of several prefixes the one that the table names first is what is expected.
        let Some(first) = taken.clone().min_by_key(|kind| kind.at.line) else {
            continue;
        };
        let prefix = leaf.text.rsplit_once('-').map(|(prefix, _)| prefix);
        match prefix.filter(|prefix| kinds.contains_key(*prefix)) {
            Some(prefix) if taken.any(|kind| kind.prefix == prefix) => {}
            Some(_) => {
                let message = format!(
                    "Value ({}) for parameter {} is invalid. Expected: '{}-...'.",
                    leaf.text, leaf.key, first.prefix
                );
                return Some(Ec2Error::client("InvalidParameterValue", message));
            }
            None => {
                let message = format!(
                    "Invalid id: \"{}\" (expecting \"{}-...\")",
                    leaf.text, first.prefix
                );
                return Some(Ec2Error::client(first.malformed.as_str(), message));
            }
        }
    }
    None
}

fn shape_at(input: ec2_model::Shape, pointer: &str) -> Option<ec2_model::Shape> {
    pointer
        .split('/')
        .skip(1)
        .try_fold(input, |shape, step| match shape.kind() {
            ec2_model::Kind::List => shape.item(),
            _ => shape.member(step).map(ec2_model::Member::shape),
        })
}

/// The resource type that a shape is the id of: `instance` of `InstanceId`, `volume` of `VolumeIdWithResolver`.
fn resource_type(shape: ec2_model::Shape) -> Option<String> {
    let singular = shape.name().split("With").next()?.strip_suffix("Id")?;
    let mut kebab = String::new();
    for (at, c) in singular.char_indices() {
        if c.is_ascii_uppercase() && at > 0 {
            kebab.push('-');
        }
        kebab.push(c.to_ascii_lowercase());
    }
    Some(if kebab == "allocation" {
        "elastic-ip".to_owned()
    } else {
        kebab
    })
}

/// Gives a place in a call that was made ahead the number of the call.
pub(super) fn renumber(place: &mut Place, id: u32) {
    if let Place::Path { call, .. } | Place::Query { call, .. } | Place::Body { call, .. } = place {
        *call = id;
    }
}

impl Fidelity {
    /// The name that options and rules use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Warn => "warn",
            Self::BestEffort => "best-effort",
        }
    }
}

/// Whether a note keeps a parameter from being plainly mapped.
pub(super) fn state_of(note: NoteState) -> LedgerState {
    match note {
        NoteState::Lossy => LedgerState::Lossy,
        NoteState::Ignored => LedgerState::Ignored,
        NoteState::Refused => LedgerState::Refused,
        NoteState::Gap => LedgerState::Gap,
    }
}
