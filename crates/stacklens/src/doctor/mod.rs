//! `doctor`: what a cloud has and what it lacks for the rules, in plain words, and which EC2 actions that affects.

mod finding;
mod identity;
mod needs;
mod network;
mod quotas;
mod resources;
mod services;
mod text;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use openstack_wire::{Call, Fault, Method, Reply};
use serde_json::Value;

use crate::arguments::{Doctor, ReportFormat};
use crate::openstack::config::Config;
use crate::openstack::{Caller, OpenStack, environment};
use finding::{Finding, Report, Status};
use needs::Needs;

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The parts of a cloud, in the order of the report.
const AREAS: [&str; 5] = ["identity", "compute", "network", "block-storage", "image"];

/// Looks at a cloud and says what it found. Exit status: 0 nothing is missing, 1 something is, 2 the cloud could not be looked at.
pub async fn run(options: Doctor) -> anyhow::Result<ExitCode> {
    let name = match options.os_cloud.clone() {
        Some(name) => name,
        None => usual_cloud()?,
    };
    let mut config = Config::find(&name)?;
    config.region = options.region.or(config.region);
    let service = Config::find_service(options.service_os_cloud.as_deref())?;
    let engine = translator::Engine::new(rules::Rules::built_in().clone());
    let needs = Needs::of(&engine);
    let mut report = Report {
        cloud: name,
        actions: needs.len(),
        ..Report::default()
    };
    let could_look = examine(config, service, &needs, &mut report).await?;
    let place = |finding: &Finding| AREAS.iter().position(|area| *area == finding.area);
    report.findings.sort_by_key(place);
    report.close(could_look);
    let mut out = std::io::stdout().lock();
    match options.format {
        ReportFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &report)?;
            writeln!(out)?;
        }
        ReportFormat::Text => {
            let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            out.write_all(text::report(&report, colour).as_bytes())?;
        }
    }
    Ok(match report.verdict {
        Some(Status::Missing) => ExitCode::from(1),
        Some(Status::Unknown) | None => ExitCode::from(2),
        _ => ExitCode::SUCCESS,
    })
}

/// The cloud that the OpenStack clients would use.
fn usual_cloud() -> anyhow::Result<String> {
    let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    given("OS_CLOUD")
        .or_else(|| given("OS_AUTH_URL").map(|_| environment::NAME.to_owned()))
        .ok_or_else(|| {
            anyhow::anyhow!(
                "which cloud? Give --os-cloud NAME, an entry of clouds.yaml, or load an openrc file"
            )
        })
}

/// Whether the cloud could be looked at.
async fn examine(
    config: Config,
    service: Option<Config>,
    needs: &Needs,
    report: &mut Report,
) -> anyhow::Result<bool> {
    let own = config.clone();
    let mut cloud = OpenStack::new(config, service.as_ref())?;
    let findings = &mut report.findings;
    let Some(caller) = identity::check(&mut cloud, &own, service.as_ref(), needs, findings).await?
    else {
        return Ok(false);
    };
    let patient = Patient {
        cloud: Arc::new(cloud),
        caller,
    };
    let reached = services::check(&patient, needs, findings).await;
    if reached.contains("network") {
        network::check(&patient, needs, findings).await;
    }
    resources::check(&patient, &reached, needs, findings).await;
    quotas::check(&patient, &reached, needs, findings).await;
    Ok(true)
}

/// The cloud as one project sees it.
pub struct Patient {
    cloud: Arc<OpenStack>,
    caller: Caller,
}

impl Patient {
    /// Reads from a service; the path may have a plain query.
    async fn get(&self, service: &str, path: &str) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut call = Call::new(Method::Get, service, path);
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            call = call.with_query(name, value);
        }
        self.cloud.answer(&self.caller, call, PATIENCE).await
    }

    /// Reads a body; the fault says why there is none.
    async fn read(&self, service: &str, path: &str) -> Result<Value, Fault> {
        let reply = self.get(service, path).await;
        match Fault::of(&reply) {
            Some(fault) => Err(fault),
            None => Ok(serde_json::from_str(&reply.body).unwrap_or_default()),
        }
    }
}

/// A list in a body; `None` if there is none.
fn list<'a>(body: &'a Value, name: &str) -> &'a [Value] {
    body.get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// That something could not be read.
fn unread(area: &'static str, check: &str, what: &str, fault: &Fault) -> Finding {
    Finding::unknown(area, check, format!("cannot read {what}: {fault}"))
}
