//! Any text as a command line, and as whatever it looks like: places stay on character boundaries, and what was read
//! can be written and read again.
#![no_main]

use ingest::{Dialect, read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for dialect in [Some(Dialect::Cli), None] {
        let reading = read(text, dialect);
        let spans = reading.tokens.iter().map(|token| &token.span);
        for span in spans.chain(reading.diagnostics.iter().map(|remark| &remark.span)) {
            assert!(text.get(span.clone()).is_some(), "{span:?}");
        }
        let Some(request) = reading.request else {
            continue;
        };
        // The wire cannot tell what was unknown or unreadable from what was meant otherwise.
        if request.leaves.iter().any(|leaf| leaf.pointer.is_none())
            || ec2_model::action(&request.action).is_none()
        {
            continue;
        }
        let again = read(&write(&request, Dialect::Query), Some(Dialect::Query)).request;
        let again = again.map(|again| ec2_wire::encode_query(&again));
        assert_eq!(again, Some(ec2_wire::encode_query(&request)));
    }
});
