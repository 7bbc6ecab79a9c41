//! `stacklens`: an EC2 endpoint for an OpenStack cloud, the host of the page, and the translation on the command line.

mod arguments;
mod clock;
mod cloud;
mod compare;
mod conformance;
mod convert;
mod doctor;
mod driver;
mod embedded;
mod openrc;
mod openstack;
mod rule_files;
mod serve;
mod translate;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Serve(options) => runtime().and_then(|runtime| {
            runtime
                .block_on(serve::run(options))
                .map(|()| ExitCode::SUCCESS)
        }),
        Command::Translate(options) => {
            runtime().and_then(|runtime| runtime.block_on(translate::run(options)))
        }
        Command::Convert(options) => convert::run(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Doctor(options) => {
            quiet();
            runtime().and_then(|runtime| runtime.block_on(doctor::run(options)))
        }
        Command::Conformance(options) => {
            runtime().and_then(|runtime| runtime.block_on(conformance::run(*options)))
        }
        Command::Openrc(options) => openrc::print(&options).map(|()| ExitCode::SUCCESS),
        Command::Lint(options) => rule_files::lint(&options),
        Command::Review(options) => rule_files::review(&options),
    };
    done.unwrap_or_else(|error| {
        // A reader that closed early, as `head` does, is no failure worth words.
        let closed = error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe);
        if !closed {
            let _ = writeln!(std::io::stderr(), "stacklens: {error:#}");
        }
        ExitCode::from(2)
    })
}

/// Only errors go to standard error: what the doctor finds it says itself.
fn quiet() {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::ERROR)
        .with_writer(std::io::stderr)
        .init();
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}
