//! Where a command begins: behind comments, a shell's prompt, or at once.

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

/// Where the line begins that `begins` takes for a command.
pub(crate) fn start(text: &str, begins: fn(&str) -> bool) -> Start {
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
            if begins(rest.trim_start_matches(blank)) {
                root_prompt = root_prompt.or(Some(begin + 1 + gap));
            }
            before.push((begin..begin + shown.len(), TokenKind::Comment));
            continue;
        }
        let prompt = prompt_length(opening, begins);
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
fn prompt_length(line: &str, begins: fn(&str) -> bool) -> usize {
    if begins(line) {
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
        if begins(command) {
            return after + rest.len() - command.len();
        }
    }
    0
}

/// Whether a line, behind its prompt, is one that `begins` takes for a command.
pub(crate) fn looks_like(line: &str, begins: fn(&str) -> bool) -> bool {
    let line = head(line).trim_start_matches('#').trim_start_matches(blank);
    begins(line.get(prompt_length(line, begins)..).unwrap_or(line))
}

/// Whether a word is one of some programs, with or without its folder.
pub(crate) fn names(word: &str, programs: &[&str]) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    programs
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
