//! `stacklens conformance`: the stories told to any EC2 endpoint, and what it made of them.

mod http;
mod options;
mod through;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use conformance::{
    Ask, Client, Outcome, PREFIX, Reply, Report, Scenario, Seen, Settings, Suite, Told, Who,
};
use futures_util::StreamExt as _;
use futures_util::stream;
use moment::Moment;
use serde_json::Map;

use crate::clock::{self, Chance};
use http::{Credential, Http};
pub use options::Conformance;
use options::ReportFormat;
use through::Through;

/// Runs what the options say: 0 when all stories pass, 1 when one does not, an error when nothing can be said.
pub async fn run(options: Conformance) -> anyhow::Result<ExitCode> {
    let suite = chosen(&options)?;
    if options.list {
        let mut out = std::io::stdout().lock();
        for scenario in &suite.scenarios {
            writeln!(out, "{:<34} {}", scenario.name, scenario.title)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let host = Host::new(&options).await?;
    let other = options.other_access.is_some();
    if options.clean {
        let (count, left) = conformance::clean(&suite, other, &host).await;
        println!(
            "{} of {count} things of earlier runs were taken away",
            count.saturating_sub(left.len())
        );
        for line in &left {
            println!("left behind: {line}");
        }
        return Ok(if left.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    let begun = clock::now();
    let told = tokio::select! {
        told = tell(&suite, &options, &host) => told,
        () = host.ended_twice() => bail!("ended at once; `--clean` takes away what was made"),
    };
    ensure!(
        host.heard.load(Ordering::Relaxed),
        "the endpoint gave no answer: {}",
        told.iter()
            .find_map(|(one, _)| one.why.as_deref())
            .unwrap_or_default()
    );
    let report = report(&options, &host, begun, told)?;
    write(&options, &report)?;
    Ok(if report.good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The stories to tell.
fn chosen(options: &Conformance) -> anyhow::Result<Suite> {
    let mut suite = match &options.scenarios {
        None => Suite::built_in().map_err(anyhow::Error::msg)?,
        Some(folder) => read_folder(folder)?,
    };
    if !options.scenario.is_empty() {
        for name in &options.scenario {
            ensure!(
                suite
                    .scenarios
                    .iter()
                    .any(|scenario| scenario.name == *name),
                "there is no story '{name}'; --list names them"
            );
        }
        suite
            .scenarios
            .retain(|scenario| options.scenario.contains(&scenario.name));
    }
    ensure!(!suite.scenarios.is_empty(), "there is no story to tell");
    Ok(suite)
}

fn read_folder(folder: &std::path::Path) -> anyhow::Result<Suite> {
    let mut stories = Vec::new();
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("reading {}", path.display()))?;
            stories.push((name, text));
        }
    }
    stories.sort();
    let (needs, undo) = Suite::built_in_setup();
    let own = |file: &str, built_in: &str| {
        std::fs::read_to_string(folder.join("setup").join(file))
            .unwrap_or_else(|_| built_in.to_owned())
    };
    let pairs = stories
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    Suite::read(pairs, &own("needs.yaml", needs), &own("undo.yaml", undo))
        .map_err(anyhow::Error::msg)
}

/// Tells all stories: several at once, then those that want to be alone.
async fn tell(suite: &Suite, options: &Conformance, host: &Host) -> Vec<(Told, Seen)> {
    let run = format!("{:06x}", Chance::default().number() & 0xff_ffff);
    let given: Map<_, _> = options
        .need
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    let one = |(number, scenario): (usize, Scenario)| {
        let settings = Settings {
            name: format!("{PREFIX}{run}-{number}"),
            given: given.clone(),
            other: options.other_access.is_some(),
        };
        async move {
            let done = conformance::run(suite, &scenario, &settings, host).await;
            eprintln!("{}: {}", done.0.name, done.0.outcome.word());
            (number, done)
        }
    };
    let numbered = suite.scenarios.iter().cloned().enumerate();
    let (alone, crowd): (Vec<_>, Vec<_>) = numbered.partition(|(_, scenario)| scenario.alone);
    let mut done: Vec<_> = stream::iter(crowd)
        .map(one)
        .buffer_unordered(usize::from(options.parallel))
        .collect()
        .await;
    for scenario in alone {
        done.push(one(scenario).await);
    }
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, told)| told).collect()
}

fn report(
    options: &Conformance,
    host: &Host,
    begun: i64,
    told: Vec<(Told, Seen)>,
) -> anyhow::Result<Report> {
    let mut actions = Seen::new();
    let mut scenarios = Vec::new();
    for (one, seen) in told {
        conformance::merge(&mut actions, &seen);
        scenarios.push(one);
    }
    let took = clock::now().saturating_sub(begun);
    Ok(Report {
        format: 1,
        endpoint: options
            .endpoint
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        client: host.name(),
        begun: Moment::from_milliseconds(begun)
            .context("the clock is beyond all years")?
            .ec2(),
        milliseconds: u64::try_from(took).unwrap_or_default(),
        scenarios,
        actions,
    })
}

fn write(options: &Conformance, report: &Report) -> anyhow::Result<()> {
    let text = match options.format {
        ReportFormat::Text => conformance::text(report),
        ReportFormat::Json => serde_json::to_string_pretty(report)? + "\n",
        ReportFormat::Junit => conformance::junit(report),
    };
    let mut out = std::io::stdout().lock();
    match &options.output {
        None => out.write_all(text.as_bytes())?,
        Some(path) => {
            std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
            out.write_all(conformance::text(report).as_bytes())?;
        }
    }
    if report.count(Outcome::Passed) == 0 {
        eprintln!("no story passed");
    }
    Ok(())
}

/// The endpoint, the clock, and the wish to end.
#[derive(Debug)]
struct Host {
    http: Http,
    through: Option<Through>,
    me: Credential,
    other: Option<Credential>,
    begun: Instant,
    /// Whether anything that was EC2 came back.
    heard: AtomicBool,
    ended: std::sync::Arc<AtomicBool>,
    ended_twice: std::sync::Arc<tokio::sync::Notify>,
}

impl Host {
    async fn new(options: &Conformance) -> anyhow::Result<Self> {
        let url = options.endpoint.clone().context("--endpoint is missing")?;
        let me = Credential {
            access: options.access.clone().context("--access is missing")?,
            secret: options.secret.clone().context("--secret is missing")?,
            token: options.session_token.clone(),
        };
        let other = options
            .other_access
            .clone()
            .zip(options.other_secret.clone());
        let other = other.map(|(access, secret)| Credential {
            access,
            secret,
            token: None,
        });
        let through = match &options.through {
            None => None,
            Some(command) => {
                let mut environment = vec![
                    ("AWS_ENDPOINT_URL_EC2", url.to_string()),
                    ("AWS_ACCESS_KEY_ID", me.access.clone()),
                    ("AWS_SECRET_ACCESS_KEY", me.secret.clone()),
                    ("AWS_DEFAULT_REGION", options.region.clone()),
                ];
                environment.extend(me.token.clone().map(|token| ("AWS_SESSION_TOKEN", token)));
                if let Some(other) = &other {
                    environment.push(("STACKLENS_OTHER_ACCESS", other.access.clone()));
                    environment.push(("STACKLENS_OTHER_SECRET", other.secret.clone()));
                }
                Some(Through::start(command, &environment).await?)
            }
        };
        let host = Self {
            http: Http::new(url, &options.region, options.insecure)?,
            through,
            me,
            other,
            begun: Instant::now(),
            heard: AtomicBool::new(false),
            ended: Default::default(),
            ended_twice: Default::default(),
        };
        host.listen();
        Ok(host)
    }

    /// The first Ctrl-C or SIGTERM ends the stories and lets them clean up; the second ends everything.
    fn listen(&self) {
        let (ended, twice) = (self.ended.clone(), self.ended_twice.clone());
        tokio::spawn(async move {
            let Ok(mut terminate) =
                tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            else {
                return;
            };
            loop {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
                if ended.swap(true, Ordering::Relaxed) {
                    twice.notify_one();
                } else {
                    eprintln!("ending: what was made is taken away first; once more ends at once");
                }
            }
        });
    }

    async fn ended_twice(&self) {
        self.ended_twice.notified().await;
    }

    fn name(&self) -> String {
        match &self.through {
            Some(through) => through.name.clone(),
            None => concat!("stacklens ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl Client for Host {
    async fn ask(&self, ask: &Ask) -> Reply {
        let credential = match ask.who {
            Who::Me => Some(&self.me),
            Who::Other => self.other.as_ref(),
        };
        let reply = match (&self.through, credential) {
            (Some(through), _) => through.ask(ask).await,
            (None, Some(credential)) => self.http.ask(ask, credential).await,
            (None, None) => Reply::Unsendable("there is no other credential".to_owned()),
        };
        if matches!(reply, Reply::Answer(_) | Reply::Refused(_)) {
            self.heard.store(true, Ordering::Relaxed);
        }
        reply
    }

    async fn pause(&self, milliseconds: u64) {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn stopped(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_with_a_rule_is_in_a_story() {
        let suite = Suite::built_in().unwrap();
        let steps = suite.scenarios.iter().flat_map(|scenario| &scenario.steps);
        let told: std::collections::BTreeSet<&str> = steps
            .flat_map(|step| std::iter::once(step).chain(&step.together))
            .filter_map(|step| step.action.as_deref())
            .collect();
        let untold: Vec<&str> = rules::Rules::built_in()
            .actions
            .keys()
            .map(String::as_str)
            .filter(|action| !told.contains(action))
            .collect();
        assert!(untold.is_empty(), "no story has {untold:?}");
    }
}
