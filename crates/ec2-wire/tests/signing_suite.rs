//! AWS's signing test suite: every case, header and query form, signed and verified.

use std::path::{Path, PathBuf};

use ec2_wire::signature::{Expectation, PathEncoding, Profile, Request, Signer, explain, verify};

const TIME_2015: i64 = 1_440_938_160_000; // 2015-08-30T12:36:00Z
const TIME_2021: i64 = 1_620_747_645_000; // 2021-05-11T15:40:45Z

struct Http {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Http {
    fn read(path: &Path) -> Self {
        let text = read(path);
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let line = lines.next().expect("request line");
        let line = line.strip_suffix(" HTTP/1.1").unwrap_or(line);
        let (method, target) = line.split_once(' ').expect("method and target");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines {
            match line.split_once(':') {
                Some((name, value)) if !line.starts_with(' ') => {
                    headers.push((name.to_owned(), value.to_owned()))
                }
                _ => {
                    let (_, value) = headers
                        .last_mut()
                        .expect("a header before its continuation");
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
        Self {
            method: method.into(),
            path: path.into(),
            query: query.into(),
            headers,
            body: body.into(),
        }
    }

    fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
            body: self.body.as_bytes(),
        }
    }
}

struct Case {
    name: String,
    folder: PathBuf,
    access_key: String,
    secret: String,
    token: Option<String>,
    region: String,
    service: String,
    sign_body: bool,
    now: i64,
    profile: Profile,
}

impl Case {
    fn read(folder: PathBuf) -> Self {
        let name = folder
            .file_name()
            .expect("name")
            .to_string_lossy()
            .into_owned();
        let profile = Profile::EC2;
        let text = |text: &str| text.to_owned();
        let old = |access_key: &str, secret: &str, region: &str, service: &str, now| Self {
            name: name.clone(),
            folder: folder.clone(),
            access_key: text(access_key),
            secret: text(secret),
            token: None,
            region: text(region),
            service: text(service),
            sign_body: false,
            now,
            profile,
        };
        match name.as_str() {
            "double-encode-path" => old(
                "ANOTREAL",
                "notrealrnrELgWzOk3IfjzDKtFBhDby",
                "us-east-1",
                "service",
                TIME_2015,
            ),
            "double-url-encode" => old(
                "AKIDEXAMPLE",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                "us-east-2",
                "lambda",
                TIME_2021,
            ),
            _ => {
                let context: serde_json::Value =
                    serde_json::from_str(&read(&folder.join("context.json")))
                        .expect("context.json");
                let string = |pointer: &str| {
                    context
                        .pointer(pointer)
                        .and_then(|v| v.as_str())
                        .map(str::to_owned)
                };
                assert_eq!(
                    string("/timestamp").as_deref(),
                    Some("2015-08-30T12:36:00Z")
                );
                assert_eq!(context["expiration_in_seconds"], 3600);
                Self {
                    access_key: string("/credentials/access_key_id").expect("access key"),
                    secret: string("/credentials/secret_access_key").expect("secret"),
                    token: string("/credentials/token"),
                    region: string("/region").expect("region"),
                    service: string("/service").expect("service"),
                    sign_body: context["sign_body"] == true,
                    now: TIME_2015,
                    profile: Profile {
                        normalize_path: context["normalize"] == true,
                        path_encoding: PathEncoding::Twice,
                        sign_session_token: context["omit_session_token"] != true,
                    },
                    name,
                    folder,
                }
            }
        }
    }

    fn signer(&self) -> Signer<'_> {
        let path_encoding = if self.name == "get-space-normalized" {
            PathEncoding::Once
        } else {
            self.profile.path_encoding
        };
        Signer {
            access_key: &self.access_key,
            secret: &self.secret,
            session_token: self.token.as_deref(),
            region: &self.region,
            service: &self.service,
            sign_body: self.sign_body,
            profile: Profile {
                path_encoding,
                ..self.profile
            },
        }
    }

    fn expectation(&self) -> Expectation<'_> {
        Expectation {
            region: Some(&self.region),
            service: &self.service,
            profile: self.profile,
        }
    }

    fn file(&self, form: &str, part: &str) -> Option<String> {
        let path = self.folder.join(format!("{form}-{part}.txt"));
        path.exists().then(|| read(&path))
    }

    fn check(&self, form: &str, signed: &Http) {
        let secret = |key: &str| (key == self.access_key).then(|| self.secret.clone());
        let verified = verify(&signed.request(), self.now, &self.expectation(), secret);
        let verified =
            verified.unwrap_or_else(|refusal| panic!("{} {form}: {refusal:?}", self.name));
        assert_eq!(verified.access_key, self.access_key, "{}", self.name);
        assert_eq!(verified.session_token, self.token, "{} {form}", self.name);
        let explanation = explain(&signed.request(), self.profile).expect("explained");
        if let (Some(expected), true) = (
            self.file(form, "canonical-request"),
            self.name != "double-encode-path",
        ) {
            assert_eq!(
                explanation.canonical_request,
                Some(expected),
                "{} {form}",
                self.name
            );
        }
        if let Some(expected) = self.file(form, "string-to-sign") {
            assert_eq!(
                explanation.string_to_sign,
                expected.trim_end(),
                "{} {form}",
                self.name
            );
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws-signing-test-suite/v4");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the suite")
        .map(|entry| entry.expect("entry").path())
        .collect();
    folders.sort();
    folders.into_iter().map(Case::read).collect()
}

#[test]
fn the_suite_is_whole() {
    assert_eq!(cases().len(), 40);
}

#[test]
fn header_form() {
    for case in cases() {
        let recorded = Http::read(&case.folder.join("header-signed-request.txt"));
        case.check("header", &recorded);

        let mut unsigned = Http::read(&case.folder.join("request.txt"));
        if case.name == "double-encode-path" {
            // Its signature was made at the date in the request, its canonical request at another.
            let explanation = explain(&recorded.request(), case.profile).expect("explained");
            let expected = case
                .file("header", "canonical-request")
                .map(|text| text.replace("20210511T154045Z", "20150830T123600Z"));
            assert_eq!(explanation.canonical_request, expected);
        }
        let authorization = |http: &Http| {
            let found = http
                .headers
                .iter()
                .find(|(name, _)| name == "Authorization");
            found.map(|(_, value)| value.trim().to_owned())
        };
        let added = case.signer().headers(&unsigned.request(), case.now);
        unsigned.headers.extend(added);
        assert_eq!(
            authorization(&unsigned),
            authorization(&recorded),
            "{}",
            case.name
        );
        if let Some(signature) = case.file("header", "signature") {
            assert!(
                authorization(&unsigned).is_some_and(|value| value.ends_with(&signature)),
                "{}",
                case.name
            );
        }
        if case.name != "get-space-normalized" {
            case.check("header", &unsigned);
        }
    }
}

#[test]
fn query_form() {
    let mut seen = 0;
    for case in cases() {
        let Some(signature) = case.file("query", "signature") else {
            continue;
        };
        seen += 1;
        let recorded = Http::read(&case.folder.join("query-signed-request.txt"));
        case.check("query", &recorded);
        let mut unsigned = Http::read(&case.folder.join("request.txt"));
        unsigned.query = case
            .signer()
            .presigned_query(&unsigned.request(), case.now, 3600);
        assert!(
            unsigned
                .query
                .ends_with(&format!("&X-Amz-Signature={signature}")),
            "{}",
            case.name
        );
        if case.name != "get-space-normalized" {
            case.check("query", &unsigned);
        }
    }
    assert_eq!(seen, 38);
}
