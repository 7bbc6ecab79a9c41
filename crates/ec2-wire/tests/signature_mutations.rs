//! No change to a signed request goes unnoticed, and no request makes the verifier panic.

mod signed;

use ec2_wire::signature::Ec2Credentials;
use proptest::prelude::*;
use signed::*;

/// Replaces one byte of one signed part by another letter or digit.
fn mutated(http: &Http, part: usize, at: prop::sample::Index, with: u8) -> Option<Http> {
    let mut http = http.clone();
    let replace = |text: &mut String| {
        let mut bytes = std::mem::take(text).into_bytes();
        if bytes.is_empty() {
            return false;
        }
        let at = at.index(bytes.len());
        let changed = std::mem::replace(&mut bytes[at], with) != with;
        *text = String::from_utf8(bytes).expect("ASCII");
        changed
    };
    let changed = match part {
        0 => replace(&mut http.method),
        1 => replace(&mut http.path),
        2 => {
            let before = http.query.clone();
            let decoded = |text: &str| {
                form_urlencoded::parse(text.as_bytes())
                    .into_owned()
                    .collect::<Vec<_>>()
            };
            // `%2f` and `%2F` are the same request.
            replace(&mut http.query) && decoded(&before) != decoded(&http.query)
        }
        3 => {
            let mut body = String::from_utf8(std::mem::take(&mut http.body)).expect("ASCII");
            let before = body.clone();
            let decoded = |text: &str| {
                form_urlencoded::parse(text.as_bytes())
                    .into_owned()
                    .collect::<Vec<_>>()
            };
            let changed = replace(&mut body) && decoded(&before) != decoded(&body);
            http.body = body.into_bytes();
            changed
        }
        _ => {
            // Of Version 2, only the host is signed.
            let v4 = http.headers.iter().any(|(name, _)| name == "Authorization");
            let count = if v4 { http.headers.len() } else { 1 };
            let (name, value) = &mut http.headers[part % count];
            let before = value.to_ascii_lowercase();
            let changed = replace(value);
            // Host names have no case.
            changed && !(name == "Host" && before == value.to_ascii_lowercase())
        }
    };
    changed.then_some(http)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_mutated_request_never_verifies(
        form in 0..6usize, part in 0..9usize, at in any::<prop::sample::Index>(), with in "[A-Za-z0-9]",
    ) {
        let original = all().swap_remove(form);
        prop_assert!(original.verify(NOW).is_ok());
        if let Some(http) = mutated(&original, part, at, with.as_bytes()[0]) {
            prop_assert!(http.verify(NOW).is_err(), "{http:?}");
        }
    }

    #[test]
    fn added_and_removed_text_never_verifies(form in 0..6usize, text in "[a-zA-Z0-9=&%.+]{1,8}", at in any::<prop::sample::Index>()) {
        let original = all().swap_remove(form);
        let decoded = |http: &Http| {
            let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
            (pairs(http.query.as_bytes()), pairs(&http.body))
        };
        let mut http = original.clone();
        if http.body.is_empty() {
            let at = at.index(http.query.len());
            http.query.insert_str(at, &text);
        } else {
            let at = at.index(http.body.len());
            http.body.splice(at..at, text.bytes());
        }
        if decoded(&http) != decoded(&original) {
            prop_assert!(http.verify(NOW).is_err(), "{http:?}");
        }
    }

    #[test]
    fn arbitrary_requests_never_panic(
        method in ".{0,8}", path in ".{0,20}", query in ".{0,80}",
        headers in prop::collection::vec(("(?i)authorization|host|date|x-amz-date|.{0,12}", ".{0,80}"), 0..6),
        body in prop::collection::vec(any::<u8>(), 0..80), now in any::<i64>(),
    ) {
        let http = Http { method, path, query, headers, body };
        prop_assert!(http.verify(now).is_err());
        let _ = Ec2Credentials::of(&http.request());
    }
}
