//! The OpenStack calls of a translation.

use rules::{ActionRule, CallRule, Meaning, Push, RequestRule, Rules, Undo, ViewRule};
use serde::Serialize;

use crate::written;

/// When a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Looks; goes out as soon as what it names is known.
    Read,
    /// Changes; waits until every look and every refusal is settled.
    Change,
}

/// How a change is taken back if a later one fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Undoing {
    /// The rule says that there is nothing to take back.
    Nothing,
    /// By this request.
    By(String),
}

/// One call of a rule or of a view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Called {
    /// Name in the rule.
    pub name: String,
    /// The view that brings it, if it is not the rule's own.
    pub view: Option<String>,
    /// When.
    pub phase: Phase,
    /// `POST block-storage /volumes`.
    pub request: String,
    /// Microversion, where it is not the service's default.
    pub microversion: Option<String>,
    /// The condition under which it is made.
    pub when: Option<String>,
    /// One call for each of these.
    pub each: Option<String>,
    /// Keys of the query and what is sent.
    pub query: Vec<(String, String)>,
    /// Members of the body, dotted, and what is sent.
    pub body: Vec<(String, String)>,
    /// EC2 filters that the call may apply too, so that less is fetched.
    pub narrows: Vec<String>,
    /// Asked again until this holds.
    pub until: Option<String>,
    /// How it is taken back; reads have none.
    pub undo: Option<Undoing>,
    /// Line in the file of the rule or view.
    pub file: String,
    /// 1-based.
    pub line: u32,
}

/// Every view that the action reaches.
pub fn views<'r>(rules: &'r Rules, rule: &'r ActionRule) -> Vec<&'r ViewRule> {
    let names = rules::lint::views(rules, rule).into_iter();
    names.filter_map(|name| rules.views.get(name)).collect()
}

/// The rule's calls, then those of its views with the view's name.
pub fn of<'r>(
    rule: &'r ActionRule,
    views: &[&'r ViewRule],
) -> impl Iterator<Item = (&'r CallRule, Option<&'r str>)> {
    let own = rule.calls.iter().map(|call| (call, None));
    let of_views = views.iter().flat_map(|view| {
        let name = view.view.as_str();
        view.calls.iter().map(move |call| (call, Some(name)))
    });
    own.chain(of_views)
}

/// The same, told.
pub fn all(rule: &ActionRule, views: &[&ViewRule]) -> Vec<Called> {
    of(rule, views)
        .map(|(call, view)| called(call, view))
        .collect()
}

fn called(call: &CallRule, view: Option<&str>) -> Called {
    let read = call.is_read();
    let query = call.request.query.iter();
    Called {
        name: call.name.clone(),
        view: view.map(str::to_owned),
        phase: if read { Phase::Read } else { Phase::Change },
        request: request(&call.request),
        microversion: call.request.microversion.clone(),
        when: call.when.as_ref().map(|when| when.text.clone()),
        each: (!call.loops.is_empty()).then(|| written::loops(&call.loops)),
        query: query
            .map(|(key, tree, _)| {
                let values: Vec<String> = written::leaves(tree)
                    .into_iter()
                    .map(|(_, text)| text)
                    .collect();
                (key.clone(), values.join(", "))
            })
            .collect(),
        body: call
            .request
            .body
            .as_ref()
            .map(written::leaves)
            .unwrap_or_default(),
        narrows: call.push.iter().map(narrows).collect(),
        until: call.until.as_ref().map(|until| until.text.clone()),
        undo: call.undo.as_ref().filter(|_| !read).map(|undo| match undo {
            Undo::None => Undoing::Nothing,
            Undo::Request { request: of, .. } => Undoing::By(request(of)),
        }),
        file: call.at.file.to_string(),
        line: call.at.line,
    }
}

/// `POST block-storage /volumes`.
pub fn request(request: &RequestRule) -> String {
    format!(
        "{} {} {}",
        request.method,
        request.service,
        written::text(&request.path)
    )
}

fn narrows(push: &Push) -> String {
    format!("{} as {}", push.filter, push.key)
}

/// What an HTTP error becomes, in words.
pub fn meaning(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Nothing => "taken as: there is none".to_owned(),
        Meaning::Fine => "taken as success".to_owned(),
        Meaning::NotFound => "the NotFound code of the id's kind".to_owned(),
        Meaning::Error { code, .. } => code.clone(),
    }
}
