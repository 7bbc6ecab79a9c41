//! What outlives a reload of the tab, and what a link carries: the text, how it is looked at, and the requests sent,
//! from which the cloud is made again. Secrets are in neither.

use std::collections::BTreeMap;

use ingest::Dialect;
use openstack_wire::render::Style;
use scrub::Kind;
use serde::{Deserialize, Serialize};

use crate::part::Part;
use crate::position::excerpt;
use crate::stand_ins::Wish;

/// More bytes than this are not kept.
const LARGEST: usize = 512 * 1024;

/// One request that was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// The text.
    pub text: String,
    /// Its dialect, if chosen by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Dialect>,
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// Replies that stood in for the cloud's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Typed>,
    /// How it was taken.
    #[serde(default, skip_serializing_if = "Wish::is_usual")]
    pub wish: Wish,
    /// It was translated with the edited rules.
    #[serde(default, skip_serializing_if = "is_no")]
    pub edited: bool,
}

/// A reply typed by hand, or taken from a sample, that stands in for the cloud's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// The call it answers: `POST compute /servers`.
    pub call: String,
    /// Which of the calls that are written alike, from 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub nth: u32,
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// A second text to compare the first with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// The text.
    pub text: String,
    /// Its dialect, if chosen by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Dialect>,
}

/// The rule that a translation was made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// EC2 action.
    pub action: String,
    /// Its version: [`crate::pins::version`].
    pub version: String,
}

/// A session as it is kept or shared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The text in the input.
    pub text: String,
    /// Its dialect, if chosen by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Dialect>,
    /// How calls are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<Style>,
    /// The answer is written as the AWS CLI prints it.
    #[serde(skip_serializing_if = "is_no")]
    pub printed: bool,
    /// The dialect that the request is shown in beside its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<Dialect>,
    /// The place looked at, a key of [`crate::highlight`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus: Option<String>,
    /// Calls opened or closed by hand, by number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub opened: BTreeMap<u32, bool>,
    /// The part that a narrow screen shows.
    #[serde(skip_serializing_if = "is_first")]
    pub part: Part,
    /// When the cloud was seeded, in milliseconds since the epoch; 0 for "when it is opened".
    pub started: i64,
    /// The time at which it is looked at; 0 for "when it is opened".
    #[serde(skip_serializing_if = "is_past")]
    pub at: i64,
    /// What was sent since it was seeded, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Sent>,
    /// The last request sent is what is looked at, not a preview.
    #[serde(skip_serializing_if = "is_no")]
    pub shown: bool,
    /// Replies that stand in for the cloud's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Typed>,
    /// How a request is taken that the cloud cannot fulfil as it stands.
    #[serde(skip_serializing_if = "Wish::is_usual")]
    pub wish: Wish,
    /// The text beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<Second>,
    /// The rule as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
    /// Rule files as edited in the page: path below the rules' folder, text.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub edited: BTreeMap<String, String>,
    /// The same files as they came, which hold no secret.
    #[serde(skip)]
    pub public: BTreeMap<String, String>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn is_past(time: &i64) -> bool {
    *time == 0
}

fn is_no(flag: &bool) -> bool {
    !flag
}

fn is_first(part: &Part) -> bool {
    *part == Part::default()
}

/// A secret that was taken out, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOut {
    /// What it was.
    pub kind: Kind,
    /// Which text it was in: `the request`.
    pub of: String,
    /// 1-based line.
    pub line: usize,
    /// The line as it stands now.
    pub now: String,
}

impl Kept {
    /// Takes every secret out of every text; what was taken, in the order of the texts.
    pub fn scrubbed(mut self) -> (Self, Vec<TakenOut>) {
        let mut taken = Vec::new();
        let mut note = |text: &mut String, found: scrub::Scrubbed, of: String| {
            for one in found.replaced {
                let place = excerpt(&found.text, &one.span);
                taken.push(TakenOut {
                    kind: one.kind,
                    of: of.clone(),
                    line: place.line,
                    now: place.text,
                });
            }
            *text = found.text;
        };
        let mut clean = |text: &mut String, dialect: Option<Option<Dialect>>, of: String| {
            // The reader knows secrets by their meaning, the scrubber by name and shape.
            let known = match dialect {
                Some(dialect) => secrets(text, dialect),
                None => Vec::new(),
            };
            let found = scrub::scrub(text, &known);
            note(text, found, of);
        };
        clean(&mut self.text, Some(self.dialect), "the request".into());
        for (index, sent) in self.sent.iter_mut().enumerate() {
            let of = format!("sent request {}", index + 1);
            clean(&mut sent.text, Some(sent.dialect), of.clone());
            for typed in &mut sent.replies {
                clean(&mut typed.body, None, format!("a reply to {of}"));
            }
        }
        for typed in &mut self.replies {
            clean(
                &mut typed.body,
                None,
                format!("the reply to {}", typed.call),
            );
        }
        if let Some(second) = &mut self.second {
            clean(
                &mut second.text,
                Some(second.dialect),
                "the second request".into(),
            );
        }
        for (path, text) in &mut self.edited {
            let public = self.public.get(path).map_or("", String::as_str);
            let found = scrub::scrub_rule(text, public);
            note(text, found, path.clone());
        }
        (self, taken)
    }

    /// As text for the browser's storage, without secrets; `None` if it is too large.
    pub fn written(self) -> Option<String> {
        let (clean, _) = self.scrubbed();
        serde_json::to_string(&clean)
            .ok()
            .filter(|written| written.len() <= LARGEST)
    }

    /// From the browser's storage or a link; `None` for anything that is not a kept session.
    pub fn read(text: &str) -> Option<Self> {
        let kept: Self = serde_json::from_str(text).ok()?;
        // `{}` is a session of a kind, but none that the page wrote.
        text.contains("\"text\"").then_some(kept)
    }
}

/// Where a request holds what EC2 itself calls sensitive.
fn secrets(text: &str, dialect: Option<Dialect>) -> Vec<std::ops::Range<usize>> {
    let Some(request) = ingest::read(text, dialect).request else {
        return Vec::new();
    };
    let Some(action) = ec2_model::action(&request.action) else {
        return Vec::new();
    };
    let sensitive = |pointer: &String| action.input().sensitive_at(pointer);
    request
        .leaves
        .into_iter()
        .filter(|leaf| leaf.pointer.as_ref().is_some_and(sensitive))
        .filter_map(|leaf| leaf.span)
        .filter(|span| {
            // The name of a file is no secret.
            text.get(span.clone())
                .is_some_and(|value| !value.contains("file://") && !value.contains("fileb://"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> Kept {
        Kept {
            text: text.into(),
            started: 7,
            sent: vec![Sent {
                text: "Action=AllocateAddress".into(),
                dialect: Some(Dialect::Query),
                at: 12,
                replies: vec![],
                wish: Wish::default(),
                edited: false,
            }],
            ..Kept::default()
        }
    }

    #[test]
    fn a_session_comes_back_as_it_was() {
        let session = kept("Action=DescribeVpcs");
        assert_eq!(
            Kept::read(&session.clone().written().unwrap()),
            Some(session)
        );
    }

    #[test]
    fn secrets_are_taken_out_of_every_text() {
        let mut session = kept("Action=X&X-Amz-Signature=hunter2");
        session.sent[0].text = "aws ec2 run-instances --user-data 'hunter2'".into();
        session.sent[0].replies = vec![Typed {
            body: r#"{"server": {"adminPass": "hunter2"}}"#.into(),
            ..Typed::default()
        }];
        session.replies = vec![Typed {
            call: "POST compute /os-keypairs".into(),
            body: r#"{"keypair": {"private_key": "hunter2"}}"#.into(),
            ..Typed::default()
        }];
        session.second = Some(Second {
            text: "Action=X\n&UserData=hunter2".into(),
            dialect: None,
        });
        session.edited = BTreeMap::from([("x.yaml".into(), "password: hunter2".into())]);
        let (clean, taken) = session.clone().scrubbed();
        assert!(!serde_json::to_string(&clean).unwrap().contains("hunter2"));
        assert!(!session.written().unwrap().contains("hunter2"));
        let told: Vec<_> = taken
            .iter()
            .map(|one| format!("{} in {}, line {}", one.kind.name(), one.of, one.line))
            .collect();
        assert_eq!(
            told,
            [
                "signature in the request, line 1",
                "user data in sent request 1, line 1",
                "password in a reply to sent request 1, line 1",
                "private key in the reply to POST compute /os-keypairs, line 1",
                "user data in the second request, line 2",
                "password in x.yaml, line 1",
            ]
        );
    }

    #[test]
    fn very_long_texts_are_not_kept() {
        assert_eq!(kept(&"x".repeat(LARGEST + 1)).written(), None);
    }

    #[test]
    fn what_is_no_session_is_left_alone() {
        for text in ["", "{}", "[1]", "{\"text\":1}"] {
            assert_eq!(Kept::read(text), None);
        }
    }
}
