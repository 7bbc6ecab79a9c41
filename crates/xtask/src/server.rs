//! A running `stacklens serve` for tests to talk to.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::process;

/// A server on a free port of this machine, ended when dropped.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
}

impl Server {
    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it ends before it listens.
    pub fn start(binary: &Path) -> Result<Self> {
        let mut child = Command::new(binary)
            .args(["serve", "--port", "0", "--log", "warn"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", binary.display()))?;
        let output = child.stdout.take().context("the server's output")?;
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let Some(address) = lines.by_ref().find_map(|line| address(&line)) else {
            process::end(&mut child);
            anyhow::bail!("the server ended before it listened");
        };
        // The rest must be read, or a full pipe would stop the server.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self {
            child,
            url: format!("http://{address}"),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        process::end(&mut self.child);
    }
}

/// The address in the first line that the server prints.
fn address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("listens on ")?;
    Some(rest.split(',').next()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_stands_in_the_first_line() {
        assert_eq!(
            address("Stacklens 0.1.0 listens on 127.0.0.1:4711, on the embedded cloud.").as_deref(),
            Some("127.0.0.1:4711")
        );
        assert_eq!(address("Try:"), None);
    }
}
