//! Any text is read as a Query: no panic, spans inside the text, and what was read survives being written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let decoded = ec2_wire::decode_query(text);
    let request = decoded.request;
    for leaf in &request.leaves {
        assert!(
            leaf.span
                .clone()
                .is_none_or(|span| text.get(span).is_some())
        );
        assert!(
            leaf.key_span
                .clone()
                .is_none_or(|span| text.get(span).is_some())
        );
        assert!(
            leaf.pointer
                .as_deref()
                .is_none_or(|pointer| request.parameters.pointer(pointer).is_some())
        );
    }
    let _ = ec2_wire::check_required(&request);
    let again = ec2_wire::decode_query(&ec2_wire::encode_query(&request)).request;
    assert_eq!(again.action, request.action);
    let structured =
        ec2_wire::from_parameters(&request.action, &request.parameters, |_| (None, None));
    assert_eq!(structured.request.parameters, request.parameters);
});
