//! Any text as a command line, and as whatever it looks like.
#![no_main]

use fuzz::check_reading;
use ingest::Dialect;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        check_reading(text, Some(Dialect::Cli));
        check_reading(text, None);
    }
});
