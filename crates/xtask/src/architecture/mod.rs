//! What holds between and within the crates, checked on the checkout itself.

mod arrows;
mod documents;
mod per_action;
mod purity;
mod tidy;

use anyhow::Result;

use crate::workspace;

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// What must not be; each with its place and the mend.
    pub faults: Vec<String>,
    /// What should be better.
    pub notes: Vec<String>,
}

/// Looks at the whole checkout.
///
/// # Errors
/// When a file cannot be read.
pub fn check() -> Result<Report> {
    let root = workspace::root();
    let metadata = workspace::metadata()?;
    let mut report = Report::default();
    report.faults.extend(arrows::faults(&metadata));
    report.faults.extend(purity::faults(&metadata)?);
    report.faults.extend(per_action::faults(&root)?);
    report.faults.extend(documents::faults(&root)?);
    tidy::look(&root, &mut report)?;
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_checkout_is_sound() {
        let report = check().unwrap();
        assert!(report.faults.is_empty(), "{}", report.faults.join("\n"));
    }
}
