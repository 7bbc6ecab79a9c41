//! `stacklens translate`: what becomes of one request, on a fresh embedded cloud.

mod caret;
mod fitting;
mod indent;
pub mod paint;
mod story;

use std::io::{IsTerminal, Read, Write};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use ingest::{Dialect, Reading, Severity};
use openstack_wire::render::{self, Issued};
use translator::{Context, Engine, Tracing, trace};

use crate::arguments::{Color, Format, Translate};
use crate::clock::{self, Chance};
use crate::driver;
use crate::embedded::{As, DEMO, Embedded, REGION};
use crate::openrc::quoted;
use paint::Paint;

/// Largest request that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Runs the command.
pub async fn run(options: Translate) -> anyhow::Result<ExitCode> {
    let text = request_text(&options.request)?;
    let reading = ingest::read(&text, options.dialect.map(Dialect::from));
    let failed = reading
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error);
    if options.format != Format::Json {
        tell(
            &reading,
            &text,
            options.color,
            std::io::stderr().is_terminal(),
        )?;
    }
    let Some(request) = reading.request.clone().filter(|_| !failed) else {
        if options.format == Format::Json {
            print_json(&reading, None)?;
        }
        return Ok(ExitCode::from(2));
    };

    let embedded = Embedded::new(DEMO, DEMO);
    let caller = embedded
        .caller(DEMO)
        .context("the embedded cloud has no demo user")?;
    let chance = Chance::default();
    let context = Context {
        project_id: caller.project_id.clone(),
        user_id: caller.user_id.clone(),
        region: REGION.to_owned(),
        now: clock::now(),
        seed: chance.number(),
        fidelity: options.fidelity.into(),
        request_id: chance.request_id(),
        external_network: None,
        default_instance_type: Some(translator::DEFAULT_INSTANCE_TYPE.to_owned()),
        default_vpc: None,
    };
    let cloud = As {
        cloud: &embedded,
        caller: &caller,
    };
    let engine = Engine::new(rules::Rules::built_in().clone());
    let client = driver::Client {
        deadline: tokio::time::Instant::now() + driver::REQUEST,
        told: None,
        asks_again: false,
    };
    let finished = driver::run(&engine, request, context, Tracing::On, &cloud, client).await;
    match (options.format, options.format.style()) {
        (Format::Json, _) => print_json(&reading, Some(&finished.trace))?,
        (_, Some(style)) => {
            let trace = &finished.trace;
            let origins: Vec<Vec<String>> = trace
                .calls
                .iter()
                .map(|traced| trace::origins(traced, &trace.ledger))
                .collect();
            let calls: Vec<Issued<'_>> = trace
                .calls
                .iter()
                .zip(&origins)
                .map(|(traced, origins)| Issued {
                    name: &traced.name,
                    call: &traced.call,
                    reply: traced.reply.as_ref(),
                    origins,
                })
                .collect();
            std::io::stdout()
                .lock()
                .write_all(render::script(style, &calls).as_bytes())?;
        }
        (_, None) => {
            let paint = Paint::new(options.color, std::io::stdout().is_terminal());
            let story = story::text(&finished.trace, dialect_name(reading.dialect), paint);
            std::io::stdout().lock().write_all(story.as_bytes())?;
        }
    }
    let Some(outcome) = finished.outcome else {
        bail!("the request needed more calls than any request may")
    };
    Ok(if outcome.error.is_some() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The request: one argument as it stands, several as the words of a command, none as standard input.
pub(crate) fn request_text(words: &[String]) -> anyhow::Result<String> {
    match words {
        [] => {}
        [one] if one == "-" => {}
        [one] if is_word(one) && std::path::Path::new(one).is_file() => {
            bail!("{one:?} is a file; give what is in it on standard input: < {one}")
        }
        [one] => return Ok(one.clone()),
        words => {
            return Ok(words
                .iter()
                .map(|word| quoted(word))
                .collect::<Vec<_>>()
                .join(" "));
        }
    }
    let mut input = std::io::stdin();
    if words.is_empty() && input.is_terminal() {
        bail!("give a request as argument or on standard input, such as: aws ec2 describe-vpcs");
    }
    let mut bytes = Vec::new();
    input
        .by_ref()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    if bytes.len() as u64 > LARGEST {
        bail!("the request is larger than {LARGEST} bytes");
    }
    // A byte that is no text shows up as U+FFFD, at which the reader points.
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Whether a text is one word with nothing in it that every request has in some form.
pub(crate) fn is_word(given: &str) -> bool {
    !given.is_empty() && !given.contains(|c: char| c.is_whitespace() || "=?&:({".contains(c))
}

fn dialect_name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Query => "EC2 Query",
        Dialect::Url => "URL",
        Dialect::Http => "HTTP request",
        Dialect::Cli => "aws command",
        Dialect::Boto3 => "boto3 call",
        Dialect::Curl => "curl command",
        Dialect::Json => "JSON",
    }
}

/// Says on standard error what the reading remarked, with a caret under the place.
pub(crate) fn tell(
    reading: &Reading,
    text: &str,
    color: Color,
    terminal: bool,
) -> anyhow::Result<()> {
    let paint = Paint::new(color, terminal);
    let mut out = std::io::stderr().lock();
    for diagnostic in &reading.diagnostics {
        out.write_all(caret::text(text, diagnostic, paint).as_bytes())?;
    }
    Ok(())
}

fn print_json(reading: &Reading, trace: Option<&translator::trace::Trace>) -> anyhow::Result<()> {
    let document = serde_json::json!({
        "dialect": reading.dialect,
        "diagnostics": reading.diagnostics,
        "request": reading.request,
        "trace": trace,
    });
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &document)?;
    writeln!(out)?;
    Ok(())
}

impl Paint {
    fn new(color: Color, terminal: bool) -> Self {
        Self(match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        })
    }
}
