//! Requests sent as EC2's own clients send them: signed, retried where they are told to slow down.

use std::time::Duration;

use anyhow::Context as _;
use conformance::{Ask, Refusal, Reply};
use ec2_wire::Ec2Request;
use ec2_wire::signature::{Request, Signer};
use serde_json::Value;

use crate::clock;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(120);
/// Codes by which an endpoint asks its clients to try again later.
const AGAIN: &[&str] = &[
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "Unavailable",
    "ServiceUnavailable",
];
/// Tries of one request.
const TRIES: u32 = 4;

/// Who signs.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Access key.
    pub access: String,
    /// Its secret.
    pub secret: String,
    /// Session token.
    pub token: Option<String>,
}

/// An endpoint.
#[derive(Debug)]
pub struct Http {
    http: reqwest::Client,
    url: reqwest::Url,
    region: String,
    host: String,
}

impl Http {
    /// Prepares to talk to an endpoint.
    pub fn new(url: reqwest::Url, region: &str, insecure: bool) -> anyhow::Result<Self> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!(
                "stacklens/",
                env!("CARGO_PKG_VERSION"),
                " conformance"
            ))
            .connect_timeout(Duration::from_secs(10))
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none());
        if insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        let name = url.host_str().context("the endpoint names no host")?;
        let host = match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        Ok(Self {
            http: builder.build().context("cannot prepare TLS")?,
            region: region.to_owned(),
            url,
            host,
        })
    }

    /// Sends a request; tries again where the endpoint asks for it, as its clients do.
    pub async fn ask(&self, ask: &Ask, credential: &Credential) -> Reply {
        let mut tries = 0;
        loop {
            tries += 1;
            let reply = self.once(ask, credential).await;
            let again = match &reply {
                Reply::Refused(refusal) => {
                    refusal.status == 503 || AGAIN.contains(&refusal.code.as_str())
                }
                _ => false,
            };
            if !again || tries == TRIES {
                return reply;
            }
            tokio::time::sleep(Duration::from_millis(300 << tries)).await;
        }
    }

    async fn once(&self, ask: &Ask, credential: &Credential) -> Reply {
        let body = ec2_wire::encode_query(&Ec2Request {
            action: ask.action.clone(),
            version: None,
            parameters: Value::Object(ask.parameters.clone()),
            leaves: Vec::new(),
        });
        match self.exchange(&body, credential).await {
            Ok((status, text)) => read(&ask.action, status, &text),
            Err(why) => Reply::Broken(format!("{why:#}")),
        }
    }

    async fn exchange(&self, body: &str, credential: &Credential) -> anyhow::Result<(u16, String)> {
        let mut headers = vec![
            ("Host".to_owned(), self.host.clone()),
            (
                "Content-Type".to_owned(),
                "application/x-www-form-urlencoded; charset=utf-8".to_owned(),
            ),
        ];
        let unsigned = Request {
            method: "POST",
            path: self.url.path(),
            query: self.url.query().unwrap_or_default(),
            headers: &headers,
            body: body.as_bytes(),
        };
        let signer = Signer {
            session_token: credential.token.as_deref(),
            ..Signer::ec2(&credential.access, &credential.secret, &self.region)
        };
        let added = signer.headers(&unsigned, clock::now());
        headers.extend(added);
        let mut request = self.http.post(self.url.clone()).body(body.to_owned());
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        Ok((status, response.text().await?))
    }
}

/// What an endpoint answered to an action.
fn read(action: &str, status: u16, text: &str) -> Reply {
    if (200..300).contains(&status) {
        let Some(action) = ec2_model::action(action) else {
            return Reply::Broken(format!("an answer to {action}, which EC2 does not have"));
        };
        return match ec2_wire::decode_response(action, text) {
            Ok(answer) => Reply::Answer(answer),
            Err(why) => Reply::Broken(format!("the answer is no EC2 XML: {why}")),
        };
    }
    match ec2_wire::decode_error(text) {
        Ok((error, _)) => Reply::Refused(Refusal {
            status,
            code: error.code,
            message: error.message,
        }),
        // A server that does not have an action often says so without EC2's error document.
        Err(_) if status == 501 => Reply::Refused(Refusal {
            status,
            code: "NotImplemented".to_owned(),
            message: String::new(),
        }),
        Err(_) => Reply::Broken(format!(
            "HTTP {status} without an EC2 error: {}",
            text.chars().take(200).collect::<String>().trim()
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_and_errors_are_read_and_nothing_else_is_taken_for_one() {
        let error = "<Response><Errors><Error><Code>InvalidVolume.NotFound</Code><Message>none</Message></Error></Errors><RequestID>r</RequestID></Response>";
        let answer = "<DeleteVolumeResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId><return>true</return></DeleteVolumeResponse>";
        assert_eq!(read("DeleteVolume", 200, answer), Reply::Answer(json!({})));
        match read("DeleteVolume", 400, error) {
            Reply::Refused(refusal) => assert_eq!(
                (refusal.status, refusal.code.as_str()),
                (400, "InvalidVolume.NotFound")
            ),
            other => panic!("{other:?}"),
        }
        for (status, text) in [(200, "hello"), (502, "<html>Bad gateway</html>"), (400, "")] {
            let reply = read("DeleteVolume", status, text);
            assert!(
                matches!(reply, Reply::Broken(_)),
                "{status} {text}: {reply:?}"
            );
        }
    }
}
