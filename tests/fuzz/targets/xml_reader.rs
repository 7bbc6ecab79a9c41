//! Any text is read as an answer and as an error: no panic, and what was read survives being written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let name = text
        .split(['<', '>', ' '])
        .find_map(|word| word.strip_suffix("Response"));
    let action = name
        .and_then(ec2_model::action)
        .or_else(|| ec2_model::action("DescribeInstances"));
    let Some(action) = action else { return };
    match ec2_wire::decode_response(action, text) {
        Ok(value) => {
            let xml = ec2_wire::encode_response(action, "r", &value);
            let again = ec2_wire::decode_response(action, &xml);
            assert!(again.is_ok(), "{again:?}");
        }
        Err(error) => assert!(error.at <= text.len()),
    }
    if let Ok((error, id)) = ec2_wire::decode_error(text) {
        assert!(ec2_wire::decode_error(&ec2_wire::encode_error(&error, &id)).is_ok());
    }
});
