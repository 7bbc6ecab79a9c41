//! What happened, as a case file says it, and back to the replies that a replay needs.

use std::collections::BTreeMap;

use openstack_wire::{Call, Reply};
use serde_json::{Map, Value, json};
use translator::Outcome;
use translator::trace::Trace;

pub(crate) fn answer(action: &str, xml: &str) -> Result<Value, String> {
    let action =
        ec2_model::action(action).ok_or_else(|| format!("EC2 has no action '{action}'"))?;
    ec2_wire::decode_response(action, xml)
        .map_err(|error| format!("the answer is no EC2 XML: {error}\n{xml}"))
}

pub(crate) fn expectation(
    written: &str,
    request: &str,
    context: Value,
    action: &str,
    trace: &Trace,
    replies: &BTreeMap<u32, Reply>,
    outcome: &Outcome,
) -> Result<Value, String> {
    let mut expect = Map::new();
    if request != written {
        expect.insert("request".into(), request.into());
    }
    expect.insert("context".into(), context);
    let calls: Vec<Value> = trace
        .calls
        .iter()
        .map(|traced| {
            let mut line = Map::new();
            line.insert("name".into(), traced.name.clone().into());
            line.insert("round".into(), traced.round.into());
            line.insert(
                "phase".into(),
                serde_json::to_value(traced.phase).unwrap_or_default(),
            );
            line.extend(sent(&traced.call));
            if let Some(reply) = replies.get(&traced.id) {
                line.extend(received(reply));
            }
            if let Some(fault) = &traced.fault {
                line.insert("taken-as".into(), fault.clone().into());
            }
            Value::Object(line)
        })
        .collect();
    expect.insert("calls".into(), calls.into());
    let ledger: Map<String, Value> = trace
        .ledger
        .iter()
        .map(|row| {
            let state = serde_json::to_value(row.state).unwrap_or_default();
            let said = match (&row.gap, state.as_str()) {
                (Some(gap), Some(state)) => Value::from(format!("{state} ({gap})")),
                _ => state,
            };
            (row.key.clone(), said)
        })
        .collect();
    expect.insert("ledger".into(), Value::Object(ledger));
    match &outcome.error {
        Some(error) => {
            let error =
                json!({ "status": error.status, "code": error.code, "message": error.message });
            expect.insert("error".into(), error);
        }
        None => {
            expect.insert("answer".into(), answer(action, &outcome.xml)?);
        }
    }
    Ok(Value::Object(expect))
}

/// What a call sends, as a case file says it.
pub(crate) fn sent(call: &Call) -> Map<String, Value> {
    let mut line = Map::new();
    let method = serde_json::to_value(call.method).unwrap_or_default();
    line.insert(
        "call".into(),
        format!(
            "{} {} {}",
            method.as_str().unwrap_or_default(),
            call.service,
            call.path
        )
        .into(),
    );
    let mut query: Map<String, Value> = Map::new();
    for (key, value) in &call.query {
        match query.get_mut(key) {
            Some(Value::Array(values)) => values.push(value.clone().into()),
            Some(first) => *first = json!([first.clone(), value]),
            None => {
                query.insert(key.clone(), value.clone().into());
            }
        }
    }
    if !query.is_empty() {
        line.insert("query".into(), Value::Object(query));
    }
    for (key, value) in [
        ("microversion", &call.microversion),
        ("content-type", &call.content_type),
    ] {
        if let Some(value) = value {
            line.insert(key.into(), value.clone().into());
        }
    }
    if let Some(body) = &call.body {
        line.insert("body".into(), body.clone());
    }
    line
}

/// Headers that say something about the resource; the others differ from cloud to cloud.
const HEADERS: &[&str] = &["location", "retry-after", "www-authenticate"];

fn received(reply: &Reply) -> Map<String, Value> {
    let mut line = Map::new();
    line.insert("status".into(), reply.status.into());
    let headers: Map<String, Value> = reply
        .headers
        .iter()
        .filter(|(name, _)| HEADERS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    if !headers.is_empty() {
        line.insert("headers".into(), Value::Object(headers));
    }
    if !reply.body.is_empty() {
        match serde_json::from_str(&reply.body) {
            Ok(body @ (Value::Object(_) | Value::Array(_))) => line.insert("reply".into(), body),
            _ => line.insert("reply".into(), reply.body.clone().into()),
        };
    }
    line
}

pub(crate) fn reply_of(line: &Value) -> Reply {
    let status = line
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok())
        .unwrap_or(0);
    let mut headers: Vec<(String, String)> = line
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let body = match line.get("reply") {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(body) => {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
            body.to_string()
        }
    };
    Reply {
        status,
        headers,
        body,
    }
}

/// The two as YAML, line against line, with a little of what stands around each difference.
pub(crate) fn diff(expected: &Value, found: &Value) -> String {
    let (mut before, mut after) = (String::new(), String::new());
    crate::yaml::entry(&mut before, 0, "expect", expected);
    crate::yaml::entry(&mut after, 0, "expect", found);
    similar::TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(3)
        .header("in the file", "as it is")
        .to_string()
}
