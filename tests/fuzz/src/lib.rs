//! What must hold of every text that is read as a request.
#![deny(missing_docs)]

use ec2_wire::Ec2Request;
use ingest::{Dialect, read, write};

/// Reads a text, as the given dialect or as the one that it looks like: places stay on character boundaries, and what
/// was read can be written and read again.
pub fn check_reading(text: &str, dialect: Option<Dialect>) {
    let reading = read(text, dialect);
    let spans = reading.tokens.iter().map(|token| &token.span);
    for span in spans.chain(reading.diagnostics.iter().map(|remark| &remark.span)) {
        assert!(text.get(span.clone()).is_some(), "{span:?}");
    }
    let Some(request) = reading.request else {
        return;
    };
    // The wire cannot tell what was unknown or unreadable from what was meant otherwise.
    if request.leaves.iter().any(|leaf| leaf.pointer.is_none())
        || ec2_model::action(&request.action).is_none()
    {
        return;
    }
    let again = read(&write(&request, Dialect::Query), Some(Dialect::Query)).request;
    assert_eq!(again.map(|again| pairs(&again)), Some(pairs(&request)));
}

/// The parameters of a request on the wire; their order is the order of the text and means nothing.
fn pairs(request: &Ec2Request) -> Vec<String> {
    let query = ec2_wire::encode_query(request);
    let mut pairs: Vec<String> = query.split('&').map(str::to_owned).collect();
    pairs.sort_unstable();
    pairs
}
