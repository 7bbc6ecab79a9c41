//! What is wrong with rules that load: names, notes, coverage.

use crate::{Problem, Rules};

/// Checks rules against the EC2 model and against each other.
pub fn lint(_rules: &Rules) -> Vec<Problem> {
    Vec::new()
}
