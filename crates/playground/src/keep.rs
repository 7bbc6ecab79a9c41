//! What outlives a reload of the tab: the text, and the requests sent, from which the cloud is made again.

use serde::{Deserialize, Serialize};

/// More bytes than this are not kept.
const LARGEST: usize = 512 * 1024;

/// One request that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The text.
    pub text: String,
    /// Its dialect, if chosen by hand: index into [`crate::dialects::ALL`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<usize>,
    /// When, in milliseconds since the epoch.
    pub at: i64,
}

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The text in the input.
    pub text: String,
    /// When the cloud was seeded.
    pub started: i64,
    /// What was sent since, in order.
    pub sent: Vec<Sent>,
}

impl Kept {
    /// As text for the browser's storage; `None` if it is too large, or if it holds what must not be kept.
    pub fn written(&self) -> Option<String> {
        let texts = self.sent.iter().map(|sent| &sent.text).chain([&self.text]);
        if texts.clone().map(String::len).sum::<usize>() > LARGEST
            || !texts.into_iter().all(|text| may_be_kept(text))
        {
            return None;
        }
        serde_json::to_string(self).ok()
    }

    /// From the browser's storage; `None` for anything that is not a kept session.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Words that stand beside a secret: signatures, keys, tokens, user data, passwords.
const SECRET: [&str; 12] = [
    "signature=",
    "x-amz-security-token",
    "securitytoken",
    "authorization:",
    "awsaccesskeyid",
    "aws_secret",
    "akia",
    "asia",
    "userdata",
    "user-data",
    "password",
    "private key",
];

/// Whether a text holds nothing that looks like a secret.
fn may_be_kept(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    !SECRET.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Kept {
        let sent = Sent {
            text: "Action=AllocateAddress".into(),
            dialect: Some(0),
            at: 12,
        };
        Kept {
            text: text.into(),
            started: 7,
            sent: vec![sent],
        }
    }

    #[test]
    fn a_session_comes_back_as_it_was() {
        let session = kept("Action=DescribeVpcs");
        assert_eq!(Kept::read(&session.written().unwrap()), Some(session));
    }

    #[test]
    fn secrets_and_very_long_texts_are_not_kept() {
        for text in [
            "Action=X&X-Amz-Signature=abc",
            "POST / HTTP/1.1\nAuthorization: AWS4-HMAC-SHA256 Credential=…",
            "Action=RunInstances&UserData=IyEv",
            "aws ec2 run-instances --user-data file://x",
            "Action=X&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE",
        ] {
            assert_eq!(kept(text).written(), None, "{text}");
        }
        assert_eq!(kept(&"x".repeat(LARGEST + 1)).written(), None);
        let mut session = kept("fine");
        session.sent[0].text = "Signature=abc".into();
        assert_eq!(session.written(), None);
    }

    #[test]
    fn what_is_no_session_is_left_alone() {
        for text in ["", "{}", "[1]", "{\"text\":1}"] {
            assert_eq!(Kept::read(text), None);
        }
    }
}
