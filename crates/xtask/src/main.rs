//! The developer's one entry: `cargo xtask <task> [arguments]`.

use std::process::ExitCode;

use anyhow::{Result, bail};

mod architecture;
mod bench;
mod budget;
mod bundle;
mod fuzz;
mod install;
mod lighter;
mod model;
mod openstack;
mod process;
mod serve;
mod server;
mod test;
mod texts;
mod wasm;
mod workspace;

const TASKS: &str = "\
cargo xtask serve [OPTIONS]           build page and binary, and run `stacklens serve` with the options
cargo xtask test [STEP...] [--list]   run every check, or the named steps
cargo xtask bench [NAME...]           measure, and print the tables
cargo xtask bundle [--dev]            build the page into www/dist
cargo xtask fuzz [TARGET...] [--seconds N]
                                      search for input that makes a reader fail
cargo xtask model [--check] [--botocore DIR]
                                      renew the EC2 facts from botocore, or see that they are current
cargo xtask openstack up|down|status|evidence|...
                                      a real OpenStack on loopback for the tests; --help tells the rest";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        // What failed was said where it failed.
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<bool> {
    let Some((task, rest)) = arguments.split_first() else {
        bail!("name a task:\n{TASKS}");
    };
    let done = match task.as_str() {
        "serve" => serve::run(rest),
        "test" => return test::run(rest),
        "bench" => bench::run(rest),
        "bundle" => bundle::bundle(!rest.iter().any(|argument| argument == "--dev")),
        "fuzz" => fuzz::run(rest),
        "model" => model::run(rest),
        "openstack" => return openstack::run(rest),
        "help" | "--help" | "-h" => {
            println!("{TASKS}");
            Ok(())
        }
        other => bail!("no task named \"{other}\":\n{TASKS}"),
    };
    done.map(|()| true)
}
