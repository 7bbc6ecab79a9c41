//! `stacklens convert`: a request in another dialect.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use ingest::{Reading, Writer};
use serde_json::json;

use crate::arguments::Convert;
use crate::translate::{request_text, tell};

/// Runs the command.
pub fn run(options: &Convert) -> anyhow::Result<ExitCode> {
    if options.batch {
        return batch(options);
    }
    let text = request_text(&options.request)?;
    let reading = read(&text, options);
    tell(
        &reading,
        &text,
        options.color,
        std::io::stderr().is_terminal(),
    )?;
    let Some(written) = written(&reading, options) else {
        return Ok(ExitCode::from(2));
    };
    let mut out = std::io::stdout().lock();
    out.write_all(written.as_bytes())?;
    if !written.ends_with('\n') {
        writeln!(out)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One JSON string a line in, one JSON object a line out.
fn batch(options: &Convert) -> anyhow::Result<ExitCode> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (number, line) in (1..).zip(std::io::stdin().lock().lines()) {
        let line = line.with_context(|| format!("cannot read line {number} of standard input"))?;
        let text: String = serde_json::from_str(&line).with_context(|| {
            format!("line {number} of standard input must be a request as a JSON string, \"Action=DescribeVpcs\"")
        })?;
        let reading = read(&text, options);
        let parameters = reading.request.as_ref().map(|request| {
            let query = ec2_wire::encode_query(request);
            ec2_wire::split_query(&query)
                .map(|pair| (pair.key.into_owned(), pair.value.into_owned()))
                .collect::<std::collections::BTreeMap<_, _>>()
        });
        let document = json!({
            "dialect": reading.dialect,
            "diagnostics": reading.diagnostics,
            "query": parameters,
            "written": written(&reading, options),
        });
        serde_json::to_writer(&mut out, &document)?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn read(text: &str, options: &Convert) -> Reading {
    ingest::read(text, options.dialect.map(ingest::Dialect::from))
}

/// `None` if the request could not be read whole.
fn written(reading: &Reading, options: &Convert) -> Option<String> {
    let request = reading.request.as_ref().filter(|_| !reading.has_errors())?;
    let writer = Writer {
        region: reading.region.as_deref(),
        input_json: options.input_json,
    };
    Some(writer.write(request, options.to.into()))
}
