//! Opens the page in Chromium and does what people do.
//!
//! `cargo run -p browser-tests` runs every check and ends with one line; names given as arguments choose checks. The page is
//! taken from `STACKLENS_URL`, or else served from `www/dist` (made by `cargo xtask bundle`). `STACKLENS_SHOTS` names a
//! folder for screenshots. `cargo run -p browser-tests -- --write-shell` renews `www/shell.html`, the page as it
//! stands before the program arrives.

mod browser;
#[path = "../../../crates/xtask/src/budget.rs"]
mod budget;
mod checks;
mod host;
mod shell;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use browser::Browser;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("browser-tests: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the chosen checks; the number that failed.
async fn run() -> Result<usize> {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    let address = match std::env::var("STACKLENS_URL") {
        Ok(address) => address,
        Err(_) => host::serve()?,
    };
    let browser = Browser::start(&address).await?;
    let outcome = if chosen.iter().any(|argument| argument == "--write-shell") {
        shell::write(&browser).await.map(|()| 0)
    } else {
        Ok(all(&browser, &chosen).await)
    };
    browser.quit().await?;
    outcome
}

async fn all(browser: &Browser, chosen: &[String]) -> usize {
    let (mut passed, mut failed) = (0, 0);
    for name in checks::NAMES {
        if !chosen.is_empty() && !chosen.iter().any(|wanted| wanted == name) {
            continue;
        }
        let begun = Instant::now();
        // A check stands alone: nothing of an earlier one is left in the page.
        let outcome = match browser.open_afresh().await {
            Ok(()) => checks::run(name, browser).await,
            Err(error) => Err(error),
        };
        let quiet = match outcome {
            Ok(()) => browser.no_complaints().await,
            Err(error) => Err(error),
        };
        match quiet {
            Ok(()) => {
                passed += 1;
                println!("ok      {name} ({:.1} s)", begun.elapsed().as_secs_f32());
            }
            Err(error) => {
                failed += 1;
                // The driver adds the stack of the browser's own program, which tells nothing here.
                let words = format!("{error:#}");
                println!(
                    "FAILED  {name}: {}",
                    words
                        .split("Stacktrace")
                        .next()
                        .unwrap_or_default()
                        .trim_end()
                );
            }
        }
    }
    println!("browser: {passed} passed, {failed} failed");
    // No check at all is not a success.
    failed + usize::from(passed + failed == 0)
}
