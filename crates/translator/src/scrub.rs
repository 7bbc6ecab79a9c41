//! A trace that may be shown to others: secrets are gone from it.
//!
//! Members that EC2's model marks as sensitive are taken away, and every other place where a secret of the request stands
//! again, as in a service's complaint that quotes it. Which names stand beside secrets, and which shapes only secrets have,
//! the crate `scrub` knows.

use ec2_wire::Ec2Request;
use openstack_wire::Reply;
use serde_json::Value;

use crate::run::hide::{HIDDEN, sensitive};
use crate::trace::{Answer, Trace, TracedCall};

/// A secret shorter than this is hidden in its own place only: it may be a word like `true` that stands everywhere.
const SHORTEST: usize = 8;

/// The secrets of one request, to be taken out of all that is told about it.
#[derive(Default)]
pub struct Scrub {
    values: Vec<String>,
}

impl Scrub {
    /// The secrets of a request, and further ones: a token that its calls are made with.
    ///
    /// ```
    /// let request = ec2_wire::decode_query("Action=RunInstances&ImageId=ami-1&UserData=aHVzaCBodXNo").request;
    /// let scrub = translator::scrub::Scrub::of(&request, &[]);
    /// let texts: Vec<_> = scrub.request(&request).leaves.into_iter().map(|leaf| leaf.text).collect();
    /// assert_eq!(texts, ["ami-1", "(hidden)"]);
    /// assert_eq!(scrub.text("cannot read aHVzaCBodXNo"), "cannot read (hidden)");
    /// ```
    pub fn of(request: &Ec2Request, further: &[&str]) -> Self {
        let marked = request
            .leaves
            .iter()
            .filter(|leaf| is_secret_leaf(request, leaf))
            .map(|leaf| leaf.text.as_str());
        let mut values: Vec<String> = marked
            .chain(further.iter().copied())
            .filter(|value| value.len() >= SHORTEST)
            .map(str::to_owned)
            .collect();
        // The longest first: one may begin with another.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { values }
    }

    /// A text without the secrets.
    pub fn text(&self, text: &str) -> String {
        let mut out = text.to_owned();
        self.clean(&mut out);
        out
    }

    /// A request without the secrets.
    pub fn request(&self, request: &Ec2Request) -> Ec2Request {
        let mut out = request.clone();
        self.value(&mut out.parameters);
        for (leaf, shown) in request.leaves.iter().zip(&mut out.leaves) {
            if !is_secret_leaf(request, leaf) {
                self.clean(&mut shown.text);
                continue;
            }
            shown.text = HIDDEN.to_owned();
            shown.note = None;
            if let Some(place) = leaf
                .pointer
                .as_deref()
                .and_then(|pointer| out.parameters.pointer_mut(pointer))
            {
                *place = HIDDEN.into();
            }
        }
        out
    }

    /// A trace without the secrets.
    pub fn trace(&self, mut trace: Trace) -> Trace {
        for row in &mut trace.ledger {
            if row.pointer.is_none() && is_secret_name(&row.key) {
                row.text = HIDDEN.to_owned();
            }
            self.clean(&mut row.text);
            row.reason.iter_mut().for_each(|reason| self.words(reason));
        }
        trace.calls.iter_mut().for_each(|call| self.call(call));
        if let Some(answer) = &mut trace.answer {
            self.answer(&trace.action, answer);
        }
        trace
    }

    fn call(&self, traced: &mut TracedCall) {
        let call = &mut traced.call;
        if self.clean(&mut call.path) {
            // Links name ranges of the path.
            traced.links.clear();
        }
        for (name, value) in &mut call.query {
            if is_secret_name(name) {
                *value = HIDDEN.to_owned();
            }
            self.clean(value);
        }
        self.headers(&mut call.headers);
        if let Some(body) = &mut call.body {
            self.value(body);
        }
        if let Some(reply) = &mut traced.reply {
            self.reply(reply);
        }
        traced.fault.iter_mut().for_each(|fault| self.words(fault));
    }

    fn reply(&self, reply: &mut Reply) {
        self.headers(&mut reply.headers);
        match serde_json::from_str::<Value>(&reply.body) {
            Ok(mut body) => {
                if self.value(&mut body) {
                    reply.body = body.to_string();
                }
            }
            Err(_) => self.words(&mut reply.body),
        }
    }

    fn headers(&self, headers: &mut [(String, String)]) {
        for (name, value) in headers {
            if is_secret_name(name) {
                *value = HIDDEN.to_owned();
            }
            self.clean(value);
        }
    }

    fn answer(&self, action: &str, answer: &mut Answer) {
        let output = ec2_model::action(action).map(ec2_model::Action::output);
        let mut removed = 0_isize;
        for leaf in &mut answer.leaves {
            let shifted = |at: usize| at.saturating_add_signed(removed);
            leaf.span = shifted(leaf.span.start)..shifted(leaf.span.end);
            let Some(text) = answer.xml.get(leaf.span.clone()) else {
                continue;
            };
            let named = leaf.pointer.split('/').any(is_secret_name)
                || output.is_some_and(|output| sensitive(output, &leaf.pointer));
            if text != HIDDEN && (named || self.values.iter().any(|value| text.contains(value))) {
                let old = leaf.span.len() as isize;
                answer.xml.replace_range(leaf.span.clone(), HIDDEN);
                leaf.span.end = leaf.span.start + HIDDEN.len();
                removed += HIDDEN.len() as isize - old;
            }
        }
        // Outside its leaves a document holds a secret only where an error quotes it, and an error has no leaves.
        if self.clean(&mut answer.xml) {
            answer.leaves.clear();
        }
        if let Some(error) = &mut answer.error {
            self.words(&mut error.message);
        }
        let left = answer.left_behind.iter_mut();
        left.for_each(|words| self.words(words));
    }

    /// Whether something was taken out.
    fn value(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) => self.clean(text),
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |changed, item| self.value(item) | changed),
            Value::Object(members) => members.iter_mut().fold(false, |changed, (name, member)| {
                let hidden = is_secret_name(name) && blank(member);
                hidden | self.value(member) | changed
            }),
            _ => false,
        }
    }

    /// Takes secrets out of a sentence or a page, also those that nobody named.
    fn words(&self, text: &mut String) {
        self.clean(text);
        let found = ::scrub::scrub(text, &[]);
        if found.replaced.is_empty() {
            return;
        }
        *text = found.text;
        for one in found.replaced.into_iter().rev() {
            text.replace_range(one.span, HIDDEN);
        }
    }

    fn clean(&self, text: &mut String) -> bool {
        let mut changed = false;
        for value in &self.values {
            if text.contains(value) {
                *text = text.replace(value, HIDDEN);
                changed = true;
            }
        }
        changed
    }
}

fn is_secret_leaf(request: &Ec2Request, leaf: &ec2_wire::Leaf) -> bool {
    let input = ec2_model::action(&request.action).map(ec2_model::Action::input);
    let marked = leaf.pointer.as_deref().zip(input);
    marked.is_some_and(|(pointer, input)| sensitive(input, pointer))
        || leaf.key.split('.').any(is_secret_name)
}

/// Whether a name says that a secret stands beside it. An access key's name is none here: it tells whose request it was. What
/// a console shows may hold the first password of a machine.
fn is_secret_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("output")
        || ::scrub::named(name).is_some_and(|kind| kind != ::scrub::Kind::AccessKey)
}

/// Blanks the texts of a value, whatever its shape. Whether there were any.
fn blank(value: &mut Value) -> bool {
    match value {
        Value::String(text) if !text.is_empty() => {
            HIDDEN.clone_into(text);
            true
        }
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |changed, item| blank(item) | changed),
        Value::Object(members) => members
            .values_mut()
            .fold(false, |changed, member| blank(member) | changed),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use openstack_wire::{Call, Method};
    use serde_json::json;

    use super::*;
    use crate::trace::{AnswerLeaf, LedgerRow, LedgerState, Phase, RuleLine};

    fn line() -> RuleLine {
        RuleLine {
            file: "f".into(),
            line: 1,
        }
    }

    /// Each secret is planted wherever it may stand; none of them is in what is shown.
    #[test]
    fn no_planted_secret_is_shown() {
        let query = "Action=RunInstances&ImageId=ami-1&UserData=cGxhbnRlZA%3D%3D&DbPassword=planted-unknown";
        let request = ec2_wire::decode_query(query).request;
        let scrub = Scrub::of(&request, &["planted-token"]);
        let xml = "<a><u>cGxhbnRlZA==</u><k>planted-key</k><n>kept</n></a>";
        let leaf = |pointer: &str, text: &str| AnswerLeaf {
            pointer: pointer.into(),
            span: xml.find(text).map(|at| at..at + text.len()).unwrap(),
            from: vec![],
            rule: line(),
        };
        let trace = Trace {
            action: "CreateKeyPair".into(),
            ledger: vec![LedgerRow {
                pointer: None,
                key: "DbPassword".into(),
                text: "planted-unknown".into(),
                span: None,
                state: LedgerState::Unknown,
                reason: Some("cGxhbnRlZA== is unknown".into()),
                gap: None,
                rule: None,
            }],
            calls: vec![TracedCall {
                id: 0,
                name: "server".into(),
                round: 1,
                phase: Phase::Change,
                call: Call {
                    headers: vec![("X-Auth-Token".into(), "planted-other".into())],
                    ..Call::new(Method::Post, "compute", "/servers")
                        .with_query("q", "planted-token")
                        .with_body(json!({"server": {"user_data": "planted-body", "name": "kept", "metadata": {"a": "cGxhbnRlZA=="}}}))
                },
                reply: Some(Reply {
                    status: 400,
                    headers: vec![("x-subject-token".into(), "planted-subject".into())],
                    body: json!({"adminPass": "planted-pass", "badRequest": {"message": "Value: cGxhbnRlZA== is wrong, kept"}}).to_string(),
                }),
                fault: Some("planted-token, password=planted-unnamed".into()),
                links: vec![],
                rule: line(),
            }],
            answer: Some(Answer {
                status: 200,
                xml: xml.into(),
                error: Some(ec2_wire::Ec2Error::client("A", "cGxhbnRlZA==")),
                leaves: vec![leaf("/Other", "cGxhbnRlZA=="), leaf("/KeyMaterial", "planted-key"), leaf("/Name", "kept")],
                unfilled: vec![],
                left_behind: vec!["planted-token".into()],
            }),
        };
        let shown = scrub.trace(trace);
        let text = serde_json::to_string(&(&shown, scrub.request(&request))).unwrap();
        for secret in ["planted", "cGxhbnRlZA"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert_eq!(text.matches("kept").count(), 3, "{text}");
        let answer = shown.answer.unwrap();
        for (leaf, expected) in answer.leaves.iter().zip([HIDDEN, HIDDEN, "kept"]) {
            assert_eq!(answer.xml.get(leaf.span.clone()), Some(expected));
        }
    }

    #[test]
    fn tokens_that_are_no_secrets_stay() {
        for (name, secret) in [
            ("ClientToken", false),
            ("NextToken", false),
            ("key_name", false),
            ("os-getConsoleOutput", false),
            ("user_data", true),
            ("OS-EXT-SRV-ATTR:user_data", true),
            ("admin_password", true),
            ("X-Amz-Signature", true),
        ] {
            assert_eq!(is_secret_name(name), secret, "{name}");
        }
    }
}
