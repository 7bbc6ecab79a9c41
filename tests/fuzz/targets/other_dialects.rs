//! Any text as a boto3 call, a curl command and JSON.
#![no_main]

use fuzz::check_reading;
use ingest::Dialect;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        for dialect in [Dialect::Boto3, Dialect::Curl, Dialect::Json] {
            check_reading(text, Some(dialect));
        }
    }
});
