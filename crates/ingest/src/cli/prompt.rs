//! Where a command begins: behind comments, a shell's prompt, or at once.

use super::command::action_of;
use crate::Span;
use crate::characters::blank;
use crate::token::TokenKind;

/// Where the command begins and what stands before it.
pub(crate) struct Start {
    pub command: usize,
    pub before: Vec<(Span, TokenKind)>,
}

/// A prompt ends with one of these.
const ENDS: [char; 8] = ['$', '#', '>', '%', '❯', '➜', '»', 'λ'];

/// No prompt is longer, in bytes.
const LONGEST: usize = 200;

/// As much of a line as tells what it is; the bound keeps a megabyte without a blank cheap.
fn head(line: &str) -> &str {
    let end = line
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| *at >= 10 * LONGEST);
    line.get(..end.unwrap_or(line.len())).unwrap_or(line)
}

pub(crate) fn start(text: &str) -> Start {
    let mut at = 0;
    let mut before = Vec::new();
    let mut root_prompt = None;
    for line in text.split_inclusive('\n') {
        let inset = line.len() - line.trim_start_matches(blank).len();
        let shown = line.trim_matches(blank);
        let opening = head(shown);
        let begin = at + inset.min(line.len());
        at += line.len();
        if shown.is_empty() {
            continue;
        }
        if let Some(rest) = opening.strip_prefix('#') {
            let gap = rest.len() - rest.trim_start_matches(blank).len();
            if begins_command(rest.trim_start_matches(blank)) {
                root_prompt = root_prompt.or(Some(begin + 1 + gap));
            }
            before.push((begin..begin + shown.len(), TokenKind::Comment));
            continue;
        }
        let prompt = prompt_length(opening);
        if prompt > 0 {
            before.push((begin..begin + prompt, TokenKind::Comment));
        }
        return Start {
            command: begin + prompt,
            before,
        };
    }
    match root_prompt {
        Some(command) => {
            before.retain(|(span, _)| span.start >= command || span.end <= command);
            Start { command, before }
        }
        None => Start {
            command: text.len(),
            before,
        },
    }
}

/// Bytes of a prompt, the blanks after it included; 0 if the line begins with the command.
fn prompt_length(line: &str) -> usize {
    if begins_command(line) {
        return 0;
    }
    let ends = line
        .char_indices()
        .take_while(|(at, _)| *at < LONGEST)
        .filter(|(_, c)| ENDS.contains(c));
    for (at, c) in ends {
        let after = at + c.len_utf8();
        let rest = line.get(after..).unwrap_or("");
        let command = rest.trim_start_matches(blank);
        if begins_command(command) {
            return after + rest.len() - command.len();
        }
    }
    0
}

/// Whether a line, behind its prompt, is one that this dialect reads.
pub(crate) fn looks_like(line: &str) -> bool {
    let line = head(line).trim_start_matches('#').trim_start_matches(blank);
    begins_command(line.get(prompt_length(line)..).unwrap_or(line))
}

fn begins_command(line: &str) -> bool {
    let mut words = line.split(blank).filter(|word| !word.is_empty()).take(8);
    loop {
        let Some(word) = words.next() else {
            return false;
        };
        if is_program(word) {
            return true;
        }
        if word == "ec2" {
            return words.next().is_some();
        }
        if word.contains('-') && action_of(word).is_some() {
            return true;
        }
        if !is_prefix(word) {
            return false;
        }
    }
}

/// `aws`, `/usr/local/bin/aws`, `aws.exe`.
pub(crate) fn is_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    ["aws", "aws.exe", "aws2", "awslocal"]
        .iter()
        .any(|program| name.eq_ignore_ascii_case(program))
}

/// What may stand before the program: `sudo`, `AWS_PROFILE=x`.
pub(crate) fn is_prefix(word: &str) -> bool {
    let assignment = word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    });
    assignment || ["sudo", "time", "command", "env", "exec", "&"].contains(&word)
}
