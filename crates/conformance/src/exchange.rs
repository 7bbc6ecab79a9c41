//! The requests of one step, in the ways in which a step can send them.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use crate::check::differs;
use crate::client::{Ask, Client, Reply};
use crate::format::{Step, Who};
use crate::values::filled_map;

/// Longest time for `until` where the step does not say, in seconds.
const PATIENCE: u32 = 120;
/// The same where a step before has failed, in seconds.
const HASTE: u32 = 10;
/// Between two looks, in milliseconds: the first, and the longest.
const PAUSES: (u64, u64) = (300, 2_000);
/// Most pages that are followed.
const MOST_PAGES: usize = 200;
/// Codes of endpoints that know an action, or not even that, and do not have it.
const LACKING: &[&str] = &[
    "InvalidAction",
    "NotImplemented",
    "Unsupported",
    "UnsupportedOperation",
];

/// Why a story does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Failed(String),
    Lacking(String),
    Interrupted,
}

/// A request and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub ask: Ask,
    pub reply: Reply,
}

/// Everything that a step sent, and the answer it is judged by.
#[derive(Debug)]
pub(crate) struct Sent {
    pub exchanges: Vec<Exchange>,
    /// What expectations look at; null after an expected refusal.
    pub answer: Result<Value, Stop>,
}

/// Sends what a step says; it changes nothing but the count.
pub(crate) struct Sender<'a, C> {
    pub client: &'a C,
    pub known: &'a Value,
    pub requests: &'a AtomicU32,
    /// A step before has failed, so what this one waits for may never come.
    pub hasty: bool,
}

impl<C: Client> Sender<'_, C> {
    /// All requests of a step with these parameters (before `${…}` is replaced).
    pub async fn send(&self, step: &Step, with: &Map<String, Value>) -> Sent {
        let mut exchanges = Vec::new();
        let answer = self.by_kind(step, with, &mut exchanges).await;
        Sent { exchanges, answer }
    }

    async fn by_kind(
        &self,
        step: &Step,
        with: &Map<String, Value>,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Value, Stop> {
        if let Some(copies) = step.copies {
            return self.copies(step, with, copies, exchanges).await;
        }
        let parameters = filled_map(with, self.known).map_err(Stop::Failed)?;
        if let Some(most) = step.up_to {
            return self.up_to(step, &parameters, most, exchanges).await;
        }
        if let Some(times) = step.times {
            let mut answers = Vec::new();
            for _ in 0..times {
                answers.push(self.once(step, &parameters, exchanges).await?);
            }
            return Ok(json!({ "Answers": answers }));
        }
        if step.pages {
            return self.pages(step, parameters, exchanges).await;
        }
        if !step.until.is_empty() || (step.error.is_some() && step.within.is_some()) {
            return self.until(step, &parameters, exchanges).await;
        }
        self.once(step, &parameters, exchanges).await
    }

    /// One request; the count is all that is kept of it here.
    pub async fn ask(&self, who: Who, action: &str, parameters: Map<String, Value>) -> Exchange {
        let ask = Ask {
            who,
            action: action.to_owned(),
            parameters,
        };
        self.requests.fetch_add(1, Ordering::Relaxed);
        let reply = self.client.ask(&ask).await;
        Exchange { ask, reply }
    }

    /// The request of a step.
    async fn request(&self, step: &Step, parameters: &Map<String, Value>) -> Exchange {
        let action = step.action.as_deref().unwrap_or_default();
        self.ask(step.who, action, parameters.clone()).await
    }

    async fn once(
        &self,
        step: &Step,
        parameters: &Map<String, Value>,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Value, Stop> {
        let exchange = self.request(step, parameters).await;
        let judged = judged(step, &exchange);
        exchanges.push(exchange);
        judged
    }

    async fn copies(
        &self,
        step: &Step,
        with: &Map<String, Value>,
        copies: u32,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Value, Stop> {
        let action = step.action.as_deref().unwrap_or_default();
        let mut asks = Vec::new();
        for number in 0..copies {
            let mut known = self.known.clone();
            if let Some(known) = known.as_object_mut() {
                known.insert("number".to_owned(), number.into());
            }
            let parameters = filled_map(with, &known).map_err(Stop::Failed)?;
            asks.push(self.ask(step.who, action, parameters));
        }
        let done = join_all(asks).await;
        let judged: Vec<_> = done.iter().map(|one| judged(step, one)).collect();
        exchanges.extend(done);
        let answers = judged.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(json!({ "Answers": answers }))
    }

    async fn up_to(
        &self,
        step: &Step,
        parameters: &Map<String, Value>,
        most: u32,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Value, Stop> {
        let mut answers = Vec::new();
        for _ in 0..most {
            if self.client.stopped() {
                return Err(Stop::Interrupted);
            }
            let exchange = self.request(step, parameters).await;
            let answer = match &exchange.reply {
                Reply::Answer(answer) => Ok(Some(answer.clone())),
                _ => judged(step, &exchange).map(|_| None),
            };
            exchanges.push(exchange);
            match answer? {
                Some(answer) => answers.push(answer),
                None => return Ok(json!({ "Answers": answers })),
            }
        }
        Err(Stop::Lacking(format!(
            "{} was not refused {most} times",
            step.action.as_deref().unwrap_or_default()
        )))
    }

    async fn pages(
        &self,
        step: &Step,
        mut parameters: Map<String, Value>,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Value, Stop> {
        let mut pages = Vec::new();
        while pages.len() < MOST_PAGES {
            let page = self.once(step, &parameters, exchanges).await?;
            let token = page.get("NextToken").and_then(Value::as_str);
            let token = token.filter(|token| !token.is_empty()).map(str::to_owned);
            pages.push(page);
            match token {
                Some(token) => parameters.insert("NextToken".to_owned(), token.into()),
                None => return Ok(json!({ "Pages": pages })),
            };
        }
        Err(Stop::Failed(format!("more than {MOST_PAGES} pages")))
    }

    async fn until(
        &self,
        step: &Step,
        parameters: &Map<String, Value>,
        exchanges: &mut Vec<Exchange>,
    ) -> Result<Value, Stop> {
        let patience = step.within.unwrap_or(PATIENCE);
        let patience = if self.hasty {
            patience.min(HASTE)
        } else {
            patience
        };
        let end = self.client.now() + u64::from(patience) * 1000;
        let mut pause = PAUSES.0;
        loop {
            let exchange = self.request(step, parameters).await;
            let waits_for_refusal = step.error.is_some() && step.until.is_empty();
            let missing = match &exchange.reply {
                Reply::Answer(_) if waits_for_refusal => Some("it is still answered".to_owned()),
                Reply::Answer(answer) => differs(&step.until, answer, self.known),
                _ => None,
            };
            let Some(missing) = missing else {
                let judged = judged(step, &exchange);
                exchanges.push(exchange);
                return judged;
            };
            if self.client.stopped() {
                return Err(Stop::Interrupted);
            }
            if self.client.now() >= end {
                exchanges.push(exchange);
                return Err(Stop::Failed(format!(
                    "not within {patience} seconds: {missing}"
                )));
            }
            self.client.pause(pause).await;
            pause = (pause + pause / 4).min(PAUSES.1);
        }
    }
}

/// The answer, if the reply is as the step wants it.
fn judged(step: &Step, exchange: &Exchange) -> Result<Value, Stop> {
    let action = &exchange.ask.action;
    match (&exchange.reply, &step.error) {
        (Reply::Answer(answer), None) => Ok(answer.clone()),
        (Reply::Answer(_), Some(codes)) => Err(Stop::Failed(format!(
            "{action} was answered, expected the error {}",
            codes.all().join(" or ")
        ))),
        (Reply::Refused(refusal), codes) => {
            let wanted = codes.as_ref().map(|codes| codes.all()).unwrap_or_default();
            let said = format!(
                "{action} was refused: {} ({}): {}",
                refusal.code, refusal.status, refusal.message
            );
            if wanted.contains(&refusal.code) {
                Ok(Value::Null)
            } else if step.lacking.contains(&refusal.code)
                || LACKING.contains(&refusal.code.as_str())
                || refusal.status == 501
            {
                Err(Stop::Lacking(said))
            } else if wanted.is_empty() {
                Err(Stop::Failed(said))
            } else {
                Err(Stop::Failed(format!(
                    "{said}; expected the error {}",
                    wanted.join(" or ")
                )))
            }
        }
        (Reply::Broken(why), _) => Err(Stop::Failed(format!("{action} got no answer: {why}"))),
        (Reply::Unsendable(why), _) => Err(Stop::Lacking(format!(
            "the client cannot send {action}: {why}"
        ))),
    }
}
