//! `stacklens compare`: whether two requests are the same.

use std::io::{IsTerminal, Read, Write};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use ingest::{Comparison, Ec2Request, Side};

use crate::arguments::{Compare, CompareFormat};
use crate::translate::{is_word, tell};

/// Largest request that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Runs the command.
pub fn run(options: &Compare) -> anyhow::Result<ExitCode> {
    if options.first == "-" && options.second == "-" {
        bail!("only one of the two requests can come from standard input");
    }
    let terminal = std::io::stderr().is_terminal();
    let mut requests = Vec::new();
    for given in [&options.first, &options.second] {
        let text = text(given)?;
        let reading = ingest::read(&text, None);
        tell(&reading, &text, options.color, terminal)?;
        let failed = reading.has_errors();
        requests.extend(reading.request.filter(|_| !failed));
    }
    let [first, second] = requests.as_slice() else {
        return Ok(ExitCode::from(2));
    };
    let comparison = ingest::compare(first, second);
    let mut out = std::io::stdout().lock();
    match options.format {
        CompareFormat::Text => out.write_all(told(&comparison, first, second).as_bytes())?,
        CompareFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &comparison)?;
            writeln!(out)?;
        }
    }
    Ok(if comparison.same {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A file's content, standard input for `-`, else the argument itself.
fn text(given: &str) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if given == "-" {
        std::io::stdin()
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
    } else if std::path::Path::new(given).is_file() {
        std::fs::File::open(given)
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
            .with_context(|| format!("cannot read {given}"))?;
    } else if is_word(given) {
        bail!("{given:?} is neither a file nor a request");
    } else {
        return Ok(given.to_owned());
    }
    if bytes.len() as u64 > LARGEST {
        bail!("the request is larger than {LARGEST} bytes");
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn told(comparison: &Comparison, first: &Ec2Request, second: &Ec2Request) -> String {
    let (a, b) = (&first.action, &second.action);
    let mut out = match (comparison.same, a == b) {
        (true, _) => format!("The same request: {a}, {}.\n", counted(comparison.equal)),
        (false, true) => format!(
            "Not the same request: both are {a}, {} the same, {}.\n",
            match comparison.equal {
                1 => "1 parameter is".to_owned(),
                many => format!("{many} parameters are"),
            },
            match comparison.differences.len() {
                1 => "1 differs".to_owned(),
                many => format!("{many} differ"),
            }
        ),
        (false, false) => format!("Not the same request: {a} and {b}.\n"),
    };
    for difference in &comparison.differences {
        if let Some(side) = &difference.first {
            out.push_str(&line('-', side));
        }
        if let Some(side) = &difference.second {
            out.push_str(&line('+', side));
        }
    }
    out
}

fn counted(parameters: usize) -> String {
    match parameters {
        1 => "1 parameter".to_owned(),
        many => format!("{many} parameters"),
    }
}

fn line(sign: char, side: &Side) -> String {
    format!("{sign} {} = {:?}\n", side.key, side.text)
}
