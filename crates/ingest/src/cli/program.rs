//! What begins an `aws ec2` command.

use super::command::action_of;
use crate::characters::blank;
use crate::prompt::{is_prefix, names};

/// Whether a line without its prompt is an `aws ec2` command.
pub(crate) fn begins_command(line: &str) -> bool {
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
    names(word, &["aws", "aws.exe", "aws2", "awslocal"])
}
