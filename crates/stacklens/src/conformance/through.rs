//! Requests sent by another program, so that its client library is what is tried.
//!
//! The program gets the endpoint and the credentials in its environment (`AWS_ENDPOINT_URL_EC2`, `AWS_ACCESS_KEY_ID`,
//! `AWS_SECRET_ACCESS_KEY`, `AWS_DEFAULT_REGION`, `STACKLENS_OTHER_ACCESS`, `STACKLENS_OTHER_SECRET`). It writes its name as a first line,
//! `{"client": "boto3 1.44.5"}`, then reads lines
//! `{"id": 1, "as": "me", "action": "DescribeVpcs", "parameters": {…}}` and answers each, in any order, with
//! `{"id": 1, "answer": {…}}`, `{"id": 1, "error": {"status": 400, "code": "…", "message": "…"}}`,
//! `{"id": 1, "broken": "…"}` or `{"id": 1, "unsendable": "…"}`.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use conformance::{Ask, Refusal, Reply};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::oneshot;

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Reply>>>>;

/// A program that sends requests.
#[derive(Debug)]
pub struct Through {
    /// What it says it is.
    pub name: String,
    input: tokio::sync::Mutex<ChildStdin>,
    waiting: Waiting,
    next: AtomicU64,
    // Ends the program when this is dropped.
    _child: Child,
}

#[derive(Deserialize)]
struct Line {
    id: u64,
    answer: Option<Value>,
    error: Option<Refusal>,
    broken: Option<String>,
    unsendable: Option<String>,
}

#[derive(Deserialize)]
struct First {
    client: String,
}

impl Through {
    /// Starts a program with words apart by blanks.
    pub async fn start(command: &str, environment: &[(&str, String)]) -> anyhow::Result<Self> {
        let mut words = command.split_whitespace();
        let program = words.next().context("--through names no program")?;
        let mut child = Command::new(program)
            .args(words)
            .envs(environment.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // The end of its input tells it to end; Ctrl-C must not end it before everything is taken away.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        let input = child.stdin.take().context("the program's input")?;
        let output = child.stdout.take().context("the program's output")?;
        let mut lines = BufReader::new(output).lines();
        let Some(first) = lines.next_line().await? else {
            bail!("{program} ended before it said which client it is");
        };
        let first: First = serde_json::from_str(&first).with_context(|| {
            format!("the first line of {program} is not {{\"client\": …}}: {first}")
        })?;
        let waiting = Waiting::default();
        let answered = Arc::clone(&waiting);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Ok(line) = serde_json::from_str::<Line>(&line)
                    && let Some(sender) = lock(&answered).remove(&line.id)
                {
                    let _ = sender.send(reply(line));
                }
            }
            // Whoever still waits is told by the end of the channel.
            lock(&answered).clear();
        });
        Ok(Self {
            name: first.client,
            input: tokio::sync::Mutex::new(input),
            waiting,
            next: AtomicU64::new(1),
            _child: child,
        })
    }

    /// Sends a request by the program.
    pub async fn ask(&self, ask: &Ask) -> Reply {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        lock(&self.waiting).insert(id, sender);
        let mut line = json!({
            "id": id,
            "as": ask.who.word(),
            "action": ask.action,
            "parameters": ask.parameters,
        })
        .to_string();
        line.push('\n');
        if let Err(why) = self.input.lock().await.write_all(line.as_bytes()).await {
            lock(&self.waiting).remove(&id);
            return Reply::Broken(format!("the client program takes no request: {why}"));
        }
        receiver
            .await
            .unwrap_or_else(|_| Reply::Broken("the client program ended".to_owned()))
    }
}

fn reply(line: Line) -> Reply {
    match line {
        Line {
            answer: Some(answer),
            ..
        } => Reply::Answer(answer),
        Line {
            error: Some(error), ..
        } => Reply::Refused(error),
        Line {
            unsendable: Some(why),
            ..
        } => Reply::Unsendable(why),
        Line { broken, .. } => Reply::Broken(broken.unwrap_or_default()),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
