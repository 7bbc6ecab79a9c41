//! Runs the scenarios of `tests/scenarios/*.txt`: calls in order, with the statuses and fields they must give.
//!
//! A line is one of
//! * `# text`: a heading; every heading starts with a fresh cloud
//! * `as NAME`: the calls that follow are made by this user in the project of that name; `as nobody` sends no token
//! * `wait MS`: time passes
//! * `METHOD SERVICE[@MICROVERSION] PATH[?QUERY] [BODY] => STATUS`: a call
//! * indented, about the reply before: `FIELD = JSON`, `FIELD ~ "PART OF THE TEXT"`, `FIELD absent`, `NAME := FIELD`
//!
//! `$NAME` stands for a kept value. In a field, a number is a place in a list and `#` its length; `.` alone is the whole body.

use std::collections::BTreeMap;

use openstack_wire::{Call, Method, Reply};
use serde_json::{Value, json};
use simcloud::Cloud;

const START: i64 = 1_795_341_600_000;

struct Run {
    cloud: Cloud,
    now: i64,
    user: String,
    tokens: BTreeMap<String, String>,
    kept: BTreeMap<String, String>,
    reply: Reply,
}

impl Run {
    fn new() -> Self {
        Self {
            cloud: Cloud::new(7, START),
            now: START,
            user: "demo".into(),
            tokens: BTreeMap::new(),
            kept: BTreeMap::new(),
            reply: Reply::default(),
        }
    }

    fn filled(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in self.kept.iter().rev() {
            text = text.replace(&format!("${name}"), value);
        }
        text
    }

    fn call(&mut self, line: &str) -> Result<(), String> {
        let (call, status) = line
            .rsplit_once(" => ")
            .ok_or("a call needs ' => STATUS'")?;
        let call = self.filled(call);
        let mut words = call.splitn(3, ' ');
        let method = words.next().unwrap_or("");
        let method: Method =
            serde_json::from_value(json!(method)).map_err(|_| format!("no method: {method}"))?;
        let service = words.next().ok_or("no service")?;
        let rest = words.next().ok_or("no path")?;
        let at = rest.find([' ']).unwrap_or(rest.len());
        let (address, body) = rest.split_at(at);
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let body = match body.trim() {
            "" => None,
            text => Some(serde_json::from_str(text).map_err(|error| format!("body: {error}"))?),
        };
        let decoded = |text: &str| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        };
        let query = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decoded(key), decoded(value))
            });
        let (service, microversion) = match service.split_once('@') {
            Some((service, version)) => (service, Some(version.to_owned())),
            None => (service, None),
        };
        let patch = method == Method::Patch;
        let mut headers = Vec::new();
        if self.user != "nobody" {
            let (user, now) = (self.user.clone(), self.now);
            let token = match self.tokens.get(&user) {
                Some(token) => token.clone(),
                None => self
                    .cloud
                    .issue_token(&user, &user, now)
                    .ok_or("no such user")?,
            };
            self.tokens.insert(user, token.clone());
            headers.push(("X-Auth-Token".to_owned(), token));
        }
        if let Some(subject) = self.kept.get("subject") {
            headers.push(("X-Subject-Token".to_owned(), subject.clone()));
        }
        let call = Call {
            method,
            service: service.to_owned(),
            path: path.to_owned(),
            query: query.collect(),
            microversion,
            body,
            content_type: patch.then(|| "application/openstack-images-v2.1-json-patch".to_owned()),
            headers,
        };
        self.reply = self.cloud.handle(&call, self.now);
        if self.reply.status.to_string() != status.trim() {
            return Err(format!(
                "answered {} {}",
                self.reply.status, self.reply.body
            ));
        }
        Ok(())
    }

    fn field(&self, path: &str) -> Option<Value> {
        if let Some(name) = path.strip_prefix("header ") {
            return self
                .reply
                .headers
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| json!(value));
        }
        let mut value: Value = serde_json::from_str(&self.reply.body).unwrap_or(Value::Null);
        if path == "." {
            return Some(value);
        }
        for part in path.split('/') {
            value = match &value {
                Value::Array(list) if part == "#" => json!(list.len()),
                Value::Array(list) => list.get(part.parse::<usize>().ok()?)?.clone(),
                Value::Object(map) => map.get(part)?.clone(),
                _ => return None,
            };
        }
        Some(value)
    }

    fn expect(&mut self, line: &str) -> Result<(), String> {
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        if let Some((name, path)) = line.split_once(" := ") {
            let value = self
                .field(path.trim())
                .ok_or_else(|| format!("no {path} in {}", self.reply.body))?;
            self.kept.insert(name.trim().to_owned(), text(&value));
            return Ok(());
        }
        if let Some(path) = line.strip_suffix(" absent") {
            return match self.field(path) {
                None => Ok(()),
                Some(value) => Err(format!("{path} is {value}")),
            };
        }
        if let Some((path, wanted)) = line.split_once(" = ") {
            let wanted: Value = serde_json::from_str(&self.filled(wanted))
                .map_err(|error| format!("{wanted}: {error}"))?;
            let found = self
                .field(path)
                .ok_or_else(|| format!("no {path} in {}", self.reply.body))?;
            return if found == wanted {
                Ok(())
            } else {
                Err(format!("{path} is {found}"))
            };
        }
        let (path, wanted) = line
            .split_once(" ~ ")
            .ok_or("an expectation is =, ~, := or absent")?;
        let wanted: String =
            serde_json::from_str(&self.filled(wanted)).map_err(|error| error.to_string())?;
        let found = self
            .field(path)
            .map(|value| text(&value))
            .unwrap_or_default();
        if found.contains(&wanted) {
            Ok(())
        } else {
            Err(format!("{path} is {found}"))
        }
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        if line.starts_with(' ') {
            return self.expect(line.trim());
        }
        match line.split_once(' ') {
            Some(("as", user)) => self.user = user.trim().to_owned(),
            Some(("wait", time)) => {
                self.now += time
                    .trim()
                    .parse::<i64>()
                    .map_err(|error| error.to_string())?
            }
            _ => return self.call(line),
        }
        Ok(())
    }
}

fn run(name: &str, text: &str) {
    let (mut run, mut calls) = (Run::new(), 0);
    let mut failures = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            run = Run::new();
        } else if !line.trim().is_empty() {
            calls += 1;
            if let Err(reason) = run.line(line) {
                failures.push(format!("{name}:{}: {line}\n    {reason}", number + 1));
            }
        }
    }
    assert!(calls > 0, "{name} holds no calls");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

macro_rules! scenarios {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name), include_str!(concat!("scenarios/", stringify!($name), ".txt")));
        })*
    };
}

scenarios! { identity compute_lists compute_create compute_actions keypairs network_basics security_groups routing volumes images quotas scheduling }
