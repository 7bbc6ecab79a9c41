//! Signatures beyond AWS's suite: Version 2, clocks, scopes, malformed input, Keystone's view.

mod signed;

use ec2_wire::signature::{
    CLOCK_SKEW, Ec2Credentials, Expectation, Hash, Refusal, V2_LIFETIME, Version, verify,
};
use signed::*;

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
