//! The developer's one entry: `cargo xtask <task> [arguments]`.

use std::process::ExitCode;

mod bundle;
mod fuzz;
mod model;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.split_first() {
        Some((task, rest)) => match task.as_str() {
            "bundle" => bundle::bundle(!rest.iter().any(|argument| argument == "--dev")),
            "fuzz" => fuzz::run(rest),
            "model" => model::run(rest),
            other => Err(anyhow::anyhow!("no task named \"{other}\"; tasks: bundle, fuzz, model")),
        },
        None => Err(anyhow::anyhow!(
            "name a task: cargo xtask model [--check] [--botocore DIR]"
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
