//! Requests whose calls and answers are recorded.

use std::sync::OnceLock;

use serde::Serialize;

/// A recorded request of the action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// What it shows.
    pub title: String,
    /// The request, in the dialect in which it was written.
    pub request: String,
    /// EC2 error code that it is answered with.
    pub error: Option<String>,
    /// The case, below the cases folder.
    pub file: String,
}

/// The recorded requests of an action: those that succeed first.
pub fn of(action: &str) -> Vec<Sample> {
    let of_action = all().iter().filter(|(name, _)| name == action);
    let mut samples: Vec<Sample> = of_action.map(|(_, sample)| sample.clone()).collect();
    samples.sort_by_key(|sample| sample.error.is_some());
    samples
}

/// Every case with its action; read once, for there are hundreds.
fn all() -> &'static [(String, Sample)] {
    static ALL: OnceLock<Vec<(String, Sample)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let cases = cases::files().iter();
        cases
            .filter_map(|(path, text)| cases::Case::read(path, text).ok())
            .filter_map(|case| sample(&case))
            .collect()
    })
}

fn sample(case: &cases::Case) -> Option<(String, Sample)> {
    let expect = case.expect.as_ref()?;
    let request = case.resolved_request().trim();
    let action = ingest::read(request, None).request?.action;
    let error = expect.pointer("/error/code").and_then(|code| code.as_str());
    let sample = Sample {
        title: case.title.clone(),
        request: request.to_owned(),
        error: error.map(str::to_owned),
        file: case.path.clone(),
    };
    Some((action, sample))
}
