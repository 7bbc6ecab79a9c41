//! Signatures beyond AWS's suite: Version 2, clocks, scopes, malformed input, mutations, Keystone's view.

use ec2_wire::signature::{
    CLOCK_SKEW, Ec2Credentials, Expectation, Hash, Refusal, Request, Signer, V2_LIFETIME, Verified,
    Version, verify,
};
use proptest::prelude::*;

const NOW: i64 = 1_440_938_160_000; // 2015-08-30T12:36:00Z
const BODY: &str = "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0";

#[derive(Clone, Debug)]
struct Http {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Http {
    fn new(method: &str, query: &str, body: &str) -> Self {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![header("Host", "ec2.example.com")];
        if !body.is_empty() {
            headers.push(header(
                "Content-Type",
                "application/x-www-form-urlencoded; charset=utf-8",
            ));
        }
        Self {
            method: method.into(),
            path: "/".into(),
            query: query.into(),
            headers,
            body: body.into(),
        }
    }

    fn request(&self) -> Request<'_> {
        let Self {
            method,
            path,
            query,
            headers,
            body,
        } = self;
        Request {
            method,
            path,
            query,
            headers,
            body,
        }
    }

    fn verify(&self, now: i64) -> Result<Verified, Refusal> {
        let secret = |key: &str| (key == "demo").then(|| "secret".to_owned());
        verify(
            &self.request(),
            now,
            &Expectation::ec2(Some("RegionOne")),
            secret,
        )
    }
}

fn signer() -> Signer<'static> {
    Signer::ec2("demo", "secret", "RegionOne")
}

fn header_signed() -> Http {
    let mut http = Http::new("POST", "", BODY);
    http.headers.extend(signer().headers(&http.request(), NOW));
    http
}

fn presigned(seconds: u32) -> Http {
    let mut http = Http::new("GET", BODY, "");
    http.query = signer().presigned_query(&http.request(), NOW, seconds);
    http
}

fn v2(method: &str, hash: Hash) -> Http {
    let mut http = if method == "GET" {
        Http::new("GET", BODY, "")
    } else {
        Http::new("POST", "", BODY)
    };
    let added = signer().v2_parameters(&http.request(), NOW, hash);
    let text = form_urlencoded::Serializer::new(BODY.to_owned())
        .extend_pairs(added)
        .finish();
    if method == "GET" {
        http.query = text
    } else {
        http.body = text.into_bytes()
    }
    http
}

fn all() -> Vec<Http> {
    vec![
        header_signed(),
        presigned(60),
        v2("GET", Hash::Sha256),
        v2("GET", Hash::Sha1),
        v2("POST", Hash::Sha256),
        v2("POST", Hash::Sha1),
    ]
}

#[test]
fn every_form_verifies() {
    let versions: Vec<Version> = all()
        .iter()
        .map(|http| http.verify(NOW).expect("verifies").version)
        .collect();
    let v2 = Version::V2;
    assert_eq!(
        versions,
        [Version::V4Header, Version::V4Query, v2, v2, v2, v2]
    );
}

#[test]
fn version_2_as_documented() {
    let mut http = Http::new(
        "GET",
        "Action=DescribeJobFlows&Version=2009-03-31&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&SignatureVersion=2\
         &SignatureMethod=HmacSHA256&Timestamp=2011-10-03T15%3A19%3A30\
         &Signature=i91nKc4PWAt0JJIdXwz9HxZCJDdiy6cf%2FMj6vPxyYIs%3D",
        "",
    );
    http.headers = vec![("host".into(), "elasticmapreduce.amazonaws.com:443".into())];
    let now = 1_317_655_170_000;
    let secret = |_: &str| Some("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned());
    let verified = verify(&http.request(), now, &Expectation::ec2(None), secret).expect("verifies");
    assert_eq!(verified.access_key, "AKIAIOSFODNN7EXAMPLE");
}

#[test]
fn clocks() {
    let long = presigned(600);
    let cases = [
        (header_signed(), CLOCK_SKEW, true),
        (header_signed(), CLOCK_SKEW + 1, false),
        (header_signed(), -CLOCK_SKEW, true),
        (header_signed(), -CLOCK_SKEW - 1, false),
        (long.clone(), 600_000, true),
        (long.clone(), 600_001, false),
        (long, -CLOCK_SKEW - 1, false),
        (v2("GET", Hash::Sha256), V2_LIFETIME, true),
        (v2("GET", Hash::Sha256), V2_LIFETIME + 1, false),
        (v2("GET", Hash::Sha256), -CLOCK_SKEW - 1, false),
        (header_signed(), i64::MAX - NOW, false),
        (header_signed(), i64::MIN, false),
    ];
    for (http, later, good) in cases {
        let outcome = http.verify(NOW.saturating_add(later));
        match outcome {
            Ok(_) => assert!(good, "{later}"),
            Err(refusal) => {
                assert!(!good, "{later} {refusal}");
                assert_eq!(refusal.error().code, "RequestExpired", "{later}");
            }
        }
    }
}

#[test]
fn version_2_with_expires() {
    let mut http = v2("GET", Hash::Sha256);
    http.query = http.query.replace("Timestamp=", "Expires=");
    // The client signed another text, but the time is checked first.
    assert!(matches!(http.verify(NOW + 1), Err(Refusal::Expired(_))));
    assert!(matches!(
        http.verify(NOW - 1),
        Err(Refusal::Mismatch { .. })
    ));
}

#[test]
fn what_is_refused_and_how() {
    let authorization = |from: &'static str, to: &'static str| {
        move |http: &mut Http| {
            let value = &mut http.headers.last_mut().expect("Authorization").1;
            assert!(value.contains(from), "{value}");
            *value = value.replace(from, to);
        }
    };
    let add = |name: &'static str, value: &'static str| {
        move |http: &mut Http| http.headers.push((name.into(), value.into()))
    };
    type Change = Box<dyn Fn(&mut Http)>;
    let in_header: Vec<(Change, &str, &str)> = vec![
        (
            Box::new(|http| {
                http.headers.pop();
            }),
            "AuthFailure",
            "carries no signature",
        ),
        (
            Box::new(authorization("demo/", "nobody/")),
            "AuthFailure",
            "not valid",
        ),
        (
            Box::new(authorization("RegionOne", "RegionTwo")),
            "AuthFailure",
            "Set the client's region to RegionOne",
        ),
        (
            Box::new(authorization("/ec2/", "/s3/")),
            "AuthFailure",
            "service \"s3\"",
        ),
        (
            Box::new(authorization("20150830", "20150829")),
            "IncompleteSignature",
            "same day",
        ),
        (
            Box::new(authorization("aws4_request", "aws3_request")),
            "IncompleteSignature",
            "Credential is",
        ),
        (
            Box::new(authorization(
                ", SignedHeaders=content-type;host;x-amz-date",
                "",
            )),
            "IncompleteSignature",
            "lacks SignedHeaders",
        ),
        (
            Box::new(authorization("content-type;host;", "")),
            "IncompleteSignature",
            "Host header",
        ),
        (
            Box::new(authorization("content-type;host", "Content-Type;host")),
            "IncompleteSignature",
            "lower-case",
        ),
        (
            Box::new(authorization("Signature=", "Signature=0, Signature=")),
            "IncompleteSignature",
            "Signature twice",
        ),
        (
            Box::new(authorization("Signature=", "Sig=")),
            "IncompleteSignature",
            "unknown part \"Sig\"",
        ),
        (
            Box::new(authorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")),
            "IncompleteSignature",
            "only AWS4-HMAC-SHA256",
        ),
        (
            Box::new(authorization("AWS4-HMAC-SHA256", "Basic")),
            "IncompleteSignature",
            "\"Basic\"",
        ),
        (
            Box::new(authorization("content-type;", "content-type;x-lost;")),
            "AuthFailure",
            "not valid",
        ),
        (
            Box::new(add("X-Amz-Date", "20150830T123600Z")),
            "IncompleteSignature",
            "x-amz-date is there twice",
        ),
        (
            Box::new(add("x-amz-content-sha256", "UNSIGNED-PAYLOAD")),
            "InvalidParameterValue",
            "EC2 does not accept",
        ),
        (
            Box::new(add("x-amz-content-sha256", "00")),
            "InvalidParameterValue",
            "not the SHA-256",
        ),
        (
            Box::new(|http| http.query = "X-Amz-Signature=00".into()),
            "IncompleteSignature",
            "signed twice",
        ),
        (
            Box::new(|http| http.headers.retain(|(name, _)| name != "X-Amz-Date")),
            "IncompleteSignature",
            "neither",
        ),
        (
            Box::new(|http| {
                http.headers.iter_mut().for_each(|(name, value)| {
                    if name == "X-Amz-Date" {
                        *value = "now".into()
                    }
                })
            }),
            "InvalidParameterValue",
            "\"now\"",
        ),
    ];
    let in_query: Vec<(&str, &str, &str, &str)> = vec![
        (
            "X-Amz-Expires=60",
            "X-Amz-Expires=604801",
            "InvalidParameterValue",
            "1 to 604800",
        ),
        (
            "X-Amz-Expires=60",
            "X-Amz-Expires=0",
            "InvalidParameterValue",
            "1 to 604800",
        ),
        (
            "X-Amz-Expires=60",
            "X-Amz-Expires=%2B60",
            "InvalidParameterValue",
            "\"+60\"",
        ),
        (
            "&X-Amz-Expires=60",
            "",
            "IncompleteSignature",
            "lacks X-Amz-Expires",
        ),
        (
            "X-Amz-Expires=60",
            "X-Amz-Expires=60&X-Amz-Expires=60",
            "IncompleteSignature",
            "twice",
        ),
        (
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA1",
            "IncompleteSignature",
            "X-Amz-Algorithm",
        ),
    ];
    let in_v2: Vec<(&str, &str, &str, &str)> = vec![
        (
            "SignatureVersion=2",
            "SignatureVersion=1",
            "InvalidParameterValue",
            "SignatureVersion is \"1\"",
        ),
        ("HmacSHA256", "HmacMD5", "InvalidParameterValue", "HmacMD5"),
        (
            "Timestamp=",
            "Time=",
            "IncompleteSignature",
            "neither Timestamp nor Expires",
        ),
        (
            "Timestamp=",
            "Expires=2015-08-30&Timestamp=",
            "IncompleteSignature",
            "both",
        ),
        (
            "Timestamp=2015",
            "Timestamp=x",
            "InvalidParameterValue",
            "Timestamp is",
        ),
        (
            "AWSAccessKeyId=demo&",
            "",
            "IncompleteSignature",
            "no AWSAccessKeyId",
        ),
        (
            "&Signature=",
            "&Sig=",
            "IncompleteSignature",
            "no Signature",
        ),
    ];
    let changed = |http: Http, from: &str, to: &str| {
        assert!(http.query.contains(from), "{from}");
        Http {
            query: http.query.replace(from, to),
            ..http
        }
    };
    let mut checks: Vec<(Http, &str, &str)> = Vec::new();
    for (change, code, message) in in_header {
        let mut http = header_signed();
        change(&mut http);
        checks.push((http, code, message));
    }
    checks.extend(
        in_query
            .iter()
            .map(|(from, to, code, message)| (changed(presigned(60), from, to), *code, *message)),
    );
    checks.extend(in_v2.iter().map(|(from, to, code, message)| {
        (changed(v2("GET", Hash::Sha256), from, to), *code, *message)
    }));
    for (http, code, message) in checks {
        let refusal = http.verify(NOW).expect_err(message);
        let error = refusal.error();
        assert_eq!(error.code, code, "{refusal}");
        assert!(
            error.message.contains(message),
            "{} should hold {message}",
            error.message
        );
    }
}

#[test]
fn a_lost_header_is_hinted_at() {
    let mut http = header_signed();
    http.headers.retain(|(name, _)| name != "Content-Type");
    let refusal = http.verify(NOW).expect_err("must not verify");
    assert!(
        refusal
            .to_string()
            .contains("content-type, which did not arrive"),
        "{refusal}"
    );
}

#[test]
fn date_header_will_do() {
    let mut http = Http::new("POST", "", BODY);
    http.headers
        .push(("X-Amz-Date".into(), "20150830T123600Z".into()));
    http.headers.extend(signer().headers(&http.request(), NOW));
    assert!(http.verify(NOW).is_ok());
    http.headers
        .iter_mut()
        .filter(|(name, _)| name == "X-Amz-Date")
        .for_each(|header| {
            *header = ("Date".into(), "Sun, 30 Aug 2015 12:36:00 GMT".into());
        });
    // Same instant, but the signature covers the header's name.
    assert!(matches!(http.verify(NOW), Err(Refusal::Mismatch { .. })));
}

#[test]
fn keystone_gets_what_it_needs() {
    let header = Ec2Credentials::of(&header_signed().request()).expect("credentials");
    let names: Vec<&str> = header.headers.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["Authorization", "Content-Type", "Host", "X-Amz-Date"]
    );
    assert_eq!(
        (
            header.access.as_str(),
            header.verb.as_str(),
            header.path.as_str()
        ),
        ("demo", "POST", "/")
    );
    assert!(header.params.is_empty());
    assert_eq!(header.body_hash.len(), 64);

    let query = Ec2Credentials::of(&presigned(60).request()).expect("credentials");
    assert!(
        query.params.contains_key("X-Amz-Credential")
            && !query.params.contains_key("X-Amz-Signature")
    );
    let json = serde_json::to_value(&query).expect("json");
    let keys: Vec<&String> = json.as_object().expect("object").keys().collect();
    assert_eq!(
        keys,
        [
            "access",
            "signature",
            "host",
            "verb",
            "path",
            "params",
            "headers",
            "body_hash"
        ]
    );

    let old = Ec2Credentials::of(&v2("POST", Hash::Sha256).request()).expect("credentials");
    assert_eq!(
        old.params.get("Action").map(String::as_str),
        Some("DescribeInstances")
    );
    assert!(!old.params.contains_key("Signature"));
}

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
