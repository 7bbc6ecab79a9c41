//! The developer's one entry: `cargo xtask <task> [arguments]`.

use std::process::ExitCode;

mod model;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.split_first() {
        Some((task, rest)) => match task.as_str() {
            "model" => model::run(rest),
            other => Err(anyhow::anyhow!("no task named \"{other}\"; tasks: model")),
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
