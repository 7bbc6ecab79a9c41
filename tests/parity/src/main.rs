//! Writes the report to the file named on the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("parity: name the file to write");
        return ExitCode::FAILURE;
    };
    match std::fs::write(&path, parity::report()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("parity: writing {}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}
