//! A request signed in each of the ways, for the tests beside this folder.
#![allow(dead_code, missing_docs, reason = "each test uses a part of it")]

use ec2_wire::signature::{Expectation, Hash, Refusal, Request, Signer, Verified, verify};

pub const NOW: i64 = 1_440_938_160_000; // 2015-08-30T12:36:00Z
pub const BODY: &str =
    "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0";

#[derive(Clone, Debug)]
pub struct Http {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Http {
    pub fn new(method: &str, query: &str, body: &str) -> Self {
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

    pub fn request(&self) -> Request<'_> {
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

    pub fn verify(&self, now: i64) -> Result<Verified, Refusal> {
        let secret = |key: &str| (key == "demo").then(|| "secret".to_owned());
        verify(
            &self.request(),
            now,
            &Expectation::ec2(Some("RegionOne")),
            secret,
        )
    }
}

pub fn signer() -> Signer<'static> {
    Signer::ec2("demo", "secret", "RegionOne")
}

pub fn header_signed() -> Http {
    let mut http = Http::new("POST", "", BODY);
    http.headers.extend(signer().headers(&http.request(), NOW));
    http
}

pub fn presigned(seconds: u32) -> Http {
    let mut http = Http::new("GET", BODY, "");
    http.query = signer().presigned_query(&http.request(), NOW, seconds);
    http
}

pub fn v2(method: &str, hash: Hash) -> Http {
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

pub fn all() -> Vec<Http> {
    vec![
        header_signed(),
        presigned(60),
        v2("GET", Hash::Sha256),
        v2("GET", Hash::Sha1),
        v2("POST", Hash::Sha256),
        v2("POST", Hash::Sha1),
    ]
}
