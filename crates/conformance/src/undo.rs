//! Taking away what was made.

use serde_json::{Map, Value, json};

use crate::client::{Client, Reply};
use crate::exchange::{Exchange, Sender};
use crate::format::{Settle, Undo, UndoTable, Who};
use crate::values::{filled_map, search};

/// How long a thing that cannot be taken away yet is tried again, in milliseconds.
const PATIENCE: u64 = 90_000;
/// Between two tries, in milliseconds.
const PAUSE: u64 = 700;

/// Something to take away.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pending {
    who: Who,
    action: String,
    with: Map<String, Value>,
    gone: Vec<String>,
    after: Option<Settle>,
    it: Value,
}

/// Notes what an answered request made, and crosses out what it took away.
pub(crate) fn note(table: &UndoTable, exchange: &Exchange, pending: &mut Vec<Pending>) {
    let Reply::Answer(answer) = &exchange.reply else {
        return;
    };
    let ask = &exchange.ask;
    pending
        .retain(|one| one.who != ask.who || one.action != ask.action || one.with != ask.parameters);
    if let Some(undo) = table.get(&ask.action) {
        let about = json!({ "request": ask.parameters, "answer": answer });
        let found = search(&undo.each, &about).unwrap_or_default();
        pending.extend(made(undo, found, &about, ask.who));
    }
}

/// What to do about each thing that was found.
pub(crate) fn made(undo: &Undo, found: Value, about: &Value, who: Who) -> Vec<Pending> {
    let things = match found {
        Value::Array(things) => things,
        Value::Null | Value::Bool(false) => Vec::new(),
        one => vec![one],
    };
    let pending = things.into_iter().filter_map(|it| {
        let known = with_it(about, &it);
        let with = filled_map(&undo.with, &known).ok()?;
        Some(Pending {
            who,
            action: undo.action.clone(),
            with,
            gone: undo.gone.clone(),
            after: undo.after.clone(),
            it,
        })
    });
    pending.collect()
}

fn with_it(about: &Value, it: &Value) -> Value {
    let mut known = about.as_object().cloned().unwrap_or_default();
    known.insert("it".to_owned(), it.clone());
    Value::Object(known)
}

/// Takes everything away, the last first; what stays is said.
pub(crate) async fn undo<C: Client>(
    mut pending: Vec<Pending>,
    sender: &Sender<'_, C>,
) -> Vec<String> {
    let mut left = Vec::new();
    while let Some(one) = pending.pop() {
        if let Err(why) = take_away(&one, sender).await {
            left.push(format!(
                "{} {}: {why}",
                one.action,
                Value::Object(one.with.clone())
            ));
        }
    }
    left
}

async fn take_away<C: Client>(one: &Pending, sender: &Sender<'_, C>) -> Result<(), String> {
    let end = sender.client.now() + PATIENCE;
    loop {
        let exchange = sender.ask(one.who, &one.action, one.with.clone()).await;
        let why = match exchange.reply {
            Reply::Answer(_) => break,
            Reply::Refused(refusal) if one.gone.contains(&refusal.code) => return Ok(()),
            Reply::Refused(refusal) => format!("{}: {}", refusal.code, refusal.message),
            Reply::Broken(why) | Reply::Unsendable(why) => why,
        };
        if sender.client.now() >= end {
            return Err(why);
        }
        sender.client.pause(PAUSE).await;
    }
    let Some(settle) = &one.after else {
        return Ok(());
    };
    let known = with_it(&json!({}), &one.it);
    let with = filled_map(&settle.with, &known)?;
    loop {
        let exchange = sender.ask(one.who, &settle.action, with.clone()).await;
        match exchange.reply {
            Reply::Answer(answer) if search(&settle.until, &answer)? != Value::Bool(true) => {}
            Reply::Answer(_) | Reply::Refused(_) => return Ok(()),
            Reply::Broken(why) | Reply::Unsendable(why) => return Err(why),
        }
        if sender.client.now() >= end {
            return Err("it does not go away".to_owned());
        }
        sender.client.pause(PAUSE).await;
    }
}
