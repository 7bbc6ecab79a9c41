//! What earlier runs left behind, found by its names.

use std::sync::atomic::AtomicU32;

use serde_json::json;

use crate::client::{Client, Reply};
use crate::exchange::Sender;
use crate::format::Who;
use crate::load::Suite;
use crate::run::PREFIX;
use crate::undo;
use crate::values::{filled_map, search};

/// Takes away everything whose name begins with [`PREFIX`]: how many things were found, and what could not be taken away
/// or asked for.
pub async fn clean<C: Client>(suite: &Suite, other: bool, client: &C) -> (usize, Vec<String>) {
    let known = json!({ "prefix": PREFIX });
    let requests = AtomicU32::new(0);
    let sender = Sender {
        client,
        known: &known,
        requests: &requests,
        hasty: false,
    };
    let (mut pending, mut left) = (Vec::new(), Vec::new());
    let all = if other {
        &[Who::Me, Who::Other][..]
    } else {
        &[Who::Me][..]
    };
    for who in all {
        // What is made first is taken away last, and the list ends with what is taken away first.
        for undo in suite.undo.values() {
            let Some(leftovers) = &undo.leftovers else {
                continue;
            };
            let with = match filled_map(&leftovers.with, &known) {
                Ok(with) => with,
                Err(why) => {
                    left.push(why);
                    continue;
                }
            };
            let exchange = sender.ask(*who, &leftovers.action, with).await;
            let found = match exchange.reply {
                Reply::Answer(answer) => crate::values::filled_text(&leftovers.take, &known)
                    .and_then(|take| search(&take, &answer)),
                Reply::Refused(refusal) => Err(format!("{}: {}", refusal.code, refusal.message)),
                Reply::Broken(why) | Reply::Unsendable(why) => Err(why),
            };
            match found {
                Ok(found) => pending.extend(undo::made(undo, found, &json!({}), *who)),
                Err(why) => left.push(format!("{}: {why}", leftovers.action)),
            }
        }
    }
    let count = pending.len();
    left.extend(undo::undo(pending, &sender).await);
    (count, left)
}
