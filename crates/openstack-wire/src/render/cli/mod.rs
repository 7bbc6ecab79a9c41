//! The `openstack` command, where it can say what a call says.
//!
//! A command is built from tables that name the option of each body member and query key. What no option says is
//! kept as `unsaid`: a single call shows the command and names the rest; a script falls back to curl for that call.

mod builder;
mod compute;
mod identity;
mod image;
mod network;
mod network_tables;
mod server_parts;
mod volume;

use percent_encoding::percent_decode_str;

use super::capture::{Capture, Captures, Step};
use super::{Issued, curl, remark, remarks, services, shell};
use crate::Call;
use crate::service::canonical;
use builder::{Argument, Command};

/// Longest command kept on one line.
const WIDTH: usize = 92;

/// Options of the compute commands that its first microversion, the command's default, does not know.
const NEWER: [&str; 6] = [
    "--description",
    "--hostname",
    "--not-tags",
    "--reason",
    "--tag",
    "--tags",
];

/// The microversion that a command must be told to be understood.
fn version_needed<'a>(call: &'a Call, command: &Command) -> Option<&'a str> {
    let newer = |argument: &Argument| matches!(argument, Argument::Word(word) if NEWER.contains(&word.as_str()));
    let is_compute = canonical(&call.service) == "compute";
    let needed = is_compute
        && command
            .words()
            .iter()
            .any(|group| group.first().is_some_and(newer));
    call.microversion.as_deref().filter(|_| needed)
}

/// The commands that do what a call does, in order; `None` if `openstack` has none.
fn commands(call: &Call) -> Option<Vec<Command>> {
    // Headers change what a call means in ways that no command knows.
    if !call.headers.is_empty() {
        return None;
    }
    let decoded: Vec<String> = call
        .path
        .trim_matches('/')
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let path: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let commands = match (canonical(&call.service), path.as_slice()) {
        ("compute", path) => compute::commands(call, path),
        ("block-storage", path) => volume::commands(call, path),
        ("network", ["v2.0", path @ ..]) => network::commands(call, path),
        ("image", ["v2", path @ ..]) => image::commands(call, path),
        ("identity", path) => identity::commands(call, path),
        _ => None,
    }?;
    (!commands.is_empty()).then_some(commands)
}

pub(super) fn is_whole(call: &Call) -> bool {
    commands(call).is_some_and(|commands| commands.iter().all(|command| command.unsaid.is_empty()))
}

pub(super) fn call(call: &Call, captures: &Captures) -> String {
    let Some(commands) = commands(call) else {
        return format!(
            "# The openstack command has nothing for this call; with curl:\n{}",
            curl::call(call, captures)
        );
    };
    let mut lines = Vec::new();
    let unsaid: Vec<&str> = commands
        .iter()
        .flat_map(|command| command.unsaid.iter().map(String::as_str))
        .collect();
    if !unsaid.is_empty() {
        lines.push(format!(
            "# The command has no option for: {}",
            remark(&unsaid.join(", "))
        ));
    }
    if commands.len() > 1 {
        lines.push(
            "# One command each: unlike the call, some may succeed where others fail.".to_owned(),
        );
    }
    lines.extend(commands.iter().map(|command| {
        let mut words = command.words();
        if let Some(version) = version_needed(call, command) {
            let option =
                ["--os-compute-api-version", version].map(|word| Argument::Word(word.to_owned()));
            words.insert(0, option.to_vec());
        }
        written(&words, captures)
    }));
    lines.join("\n")
}

pub(super) fn script(calls: &[Issued<'_>], captures: &Captures) -> String {
    let mut body = String::new();
    let mut by_curl = Vec::new();
    for (position, issued) in calls.iter().enumerate() {
        body.push_str(&format!("\n{}", remarks(issued)));
        match said(issued, position, captures) {
            Some(lines) => body.push_str(&lines),
            None => {
                body.push_str("# The openstack command cannot say this call; with curl:\n");
                body.push_str(&curl::captured(issued, position, captures));
                by_curl.push(*issued);
            }
        }
    }
    let newest = calls
        .iter()
        .filter(|issued| canonical(&issued.call.service) == "compute")
        .filter_map(|issued| issued.call.microversion.as_deref())
        .max_by_key(|version| {
            version
                .split('.')
                .map(|part| part.parse::<u32>().unwrap_or(0))
                .collect::<Vec<_>>()
        });
    if let Some(version) = newest {
        let version = shell::literal(version);
        body.insert_str(0, &format!("\nexport OS_COMPUTE_API_VERSION={version}\n"));
    }
    let mut out = String::from(
        "#!/usr/bin/env bash\n# Needs the openstack command with OS_CLOUD or the OS_* variables of an openrc file",
    );
    if by_curl.is_empty() {
        out.push_str(".\nset -euo pipefail\n");
    } else {
        out.push_str(", curl and jq.\nset -euo pipefail\n\n");
        out.push_str(&curl::declarations(&services(&by_curl)));
    }
    out + &body
}

/// A call of a script as commands, or `None` if they would say less than the call or lose an id that it makes.
fn said(issued: &Issued<'_>, position: usize, captures: &Captures) -> Option<String> {
    let commands = commands(issued.call)?;
    if commands.iter().any(|command| !command.unsaid.is_empty()) {
        return None;
    }
    let kept: Vec<&Capture> = captures.kept_of(position).collect();
    let [command] = commands.as_slice() else {
        let lines = commands
            .iter()
            .map(|command| written(&command.words(), captures) + "\n");
        return kept.is_empty().then(|| lines.collect());
    };
    let Some((capture, others)) = kept.split_first() else {
        return Some(written(&command.words(), captures) + "\n");
    };
    let mut words = command.words();
    let pick = match capture.steps.as_slice() {
        [Step::Member(id)] | [Step::Member(_), Step::Member(id)]
            if id == "id" && command.makes_one =>
        {
            words.extend(column("id"));
            String::new()
        }
        [Step::Member(_), Step::Item(n), Step::Member(id)] if id == "id" && command.lists => {
            words.extend(column("ID"));
            format!(" | sed -n {}p", n + 1)
        }
        _ => return None,
    };
    others.is_empty().then(|| {
        format!(
            "{}=$({}{pick})\n",
            capture.name.to_ascii_uppercase(),
            written(&words, captures)
        )
    })
}

/// Options that print one column alone.
fn column(name: &str) -> [Vec<Argument>; 2] {
    [["-f", "value"], ["-c", name]]
        .map(|option| option.map(|word| Argument::Word(word.to_owned())).to_vec())
}

/// Groups of words as a command line; a group (an option with its value) is never torn apart.
fn written(groups: &[Vec<Argument>], captures: &Captures) -> String {
    let groups: Vec<String> = groups
        .iter()
        .map(|group| {
            group
                .iter()
                .map(|argument| argument.written(captures))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let line = format!("openstack {}", groups.join(" "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let mut lines = vec!["openstack".to_owned()];
    for group in groups {
        let is_option = group.starts_with('-');
        match lines.last_mut() {
            Some(last) if !is_option && !last.starts_with("  -") => {
                last.push(' ');
                last.push_str(&group);
            }
            _ => lines.push(format!("  {group}")),
        }
    }
    lines.join(" \\\n")
}

impl Argument {
    fn written(&self, captures: &Captures) -> String {
        match self {
            Self::Word(text) => shell::word(text, captures),
            Self::File {
                text,
                base64: false,
            } => format!("<(printf %s {})", shell::word(text, captures)),
            Self::File { text, base64: true } => {
                format!("<(printf %s {} | base64 -d)", shell::word(text, captures))
            }
        }
    }
}
