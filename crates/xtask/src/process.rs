//! Programs that are started, watched, and ended in time.

use std::collections::BTreeMap;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How often a running program is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs a program to its end, without input; what it prints is shown.
///
/// # Errors
/// When it cannot start, fails, or is still running at the limit; then it is ended, with everything it started.
pub fn run(command: &mut Command, limit: Duration) -> Result<()> {
    let name = described(command);
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("starting {name}"))?;
    match within(&mut child, limit)? {
        Some(status) if status.success() => Ok(()),
        Some(status) => bail!("{name} failed: {status}"),
        None => bail!(
            "{name} was still running after {} s and was ended",
            limit.as_secs()
        ),
    }
}

/// Waits for a program; `None` if it had to be ended at the limit.
fn within(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begun.elapsed() >= limit {
            end(child);
            return Ok(None);
        }
        std::thread::sleep(PAUSE);
    }
}

/// Ends a program and everything it started.
pub fn end(child: &mut Child) {
    for descendant in descendants(child.id(), &parents()) {
        // It may have ended by itself meanwhile.
        let _ = Command::new("kill")
            .arg(descendant.to_string())
            .stderr(Stdio::null())
            .status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Every process of this machine with its parent, where the system shows them as files.
fn parents() -> BTreeMap<u32, u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name, in parentheses, may hold anything.
            let (_, fields) = stat.rsplit_once(')')?;
            Some((id, fields.split_whitespace().nth(1)?.parse().ok()?))
        })
        .collect()
}

/// Children, their children and so on, the last ones first.
fn descendants(of: u32, parents: &BTreeMap<u32, u32>) -> Vec<u32> {
    let mut found = vec![of];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        let children = parents
            .iter()
            .filter(|(id, its)| **its == parent && !found.contains(id))
            .map(|(id, _)| *id);
        let children: Vec<u32> = children.collect();
        found.extend(children);
        next += 1;
    }
    found.drain(..1);
    found.reverse();
    found
}

/// A command as a person would type it.
fn described(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let words = std::iter::once(program.file_name().unwrap_or(program.as_os_str()))
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned());
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a program of this name is on the `PATH`.
pub fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_how_it_ended() {
        let limit = Duration::from_secs(60);
        assert!(run(&mut Command::new("true"), limit).is_ok());
        let failed = run(Command::new("sh").args(["-c", "exit 3"]), limit)
            .unwrap_err()
            .to_string();
        assert!(failed.contains("sh -c exit 3 failed"), "{failed}");
        let absent = run(&mut Command::new("no-such-program"), limit)
            .unwrap_err()
            .to_string();
        assert!(absent.contains("starting no-such-program"), "{absent}");
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_what_it_started() {
        let mut child = Command::new("sh")
            .args(["-c", "sleep 600 & wait"])
            .spawn()
            .unwrap();
        // The grandchild appears a moment after the child.
        let grandchild = loop {
            if let Some(found) = descendants(child.id(), &parents()).first() {
                break *found;
            }
            std::thread::yield_now();
        };
        assert!(
            within(&mut child, Duration::from_millis(1))
                .unwrap()
                .is_none()
        );
        let ended = || {
            let stat = std::fs::read_to_string(format!("/proc/{grandchild}/stat"));
            stat.map_or(true, |stat| stat.contains(") Z "))
        };
        let begun = Instant::now();
        while !ended() && begun.elapsed() < Duration::from_secs(60) {
            std::thread::yield_now();
        }
        assert!(ended(), "the grandchild runs on");
    }

    #[test]
    fn descendants_come_last_first() {
        let parents = BTreeMap::from([(2, 1), (3, 2), (4, 3), (5, 1), (9, 8)]);
        assert_eq!(descendants(2, &parents), [4, 3]);
        assert_eq!(descendants(4, &parents), Vec::<u32>::new());
        // A process that is its own ancestor cannot be, but a loop here would never end.
        assert_eq!(descendants(6, &BTreeMap::from([(6, 7), (7, 6)])), [7]);
    }
}
