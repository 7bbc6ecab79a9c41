//! The rows of the tables on an action's page.

use crate::answer::Element;
use crate::blocks::{Row, Span, Text, code, lines, words};
use crate::calls::{Called, Phase, Undoing};
use crate::errors::{Fault, Refused};
use crate::filters::{Filter, Treatment};
use crate::parameters::{Destination, Parameter};

pub fn call(call: &Called) -> Row {
    let mut name = code(&call.name);
    name.push(Span::Break);
    name.push(Span::Plain(match (call.phase, &call.view) {
        (Phase::Read, None) => "read".into(),
        (Phase::Change, None) => "change".into(),
        (_, Some(view)) => format!("read, by the view {view}"),
    }));
    let mut request = code(&call.request);
    let notes = [
        ("microversion", &call.microversion),
        ("when", &call.when),
        ("for each", &call.each),
        ("again until", &call.until),
    ];
    for (word, text) in notes {
        if let Some(text) = text {
            request.extend([
                Span::Break,
                Span::Plain(format!("{word} ")),
                Span::Code(text.clone()),
            ]);
        }
    }
    let query = call
        .query
        .iter()
        .map(|(key, value)| format!("?{key}: {value}"));
    let body = call
        .body
        .iter()
        .map(|(place, value)| format!("{place}: {value}"));
    let mut sends = lines(query.chain(body).map(code));
    if !call.narrows.is_empty() {
        sends = lines(
            [
                sends,
                words(&format!("narrowed by {}", call.narrows.join(", "))),
            ]
            .into_iter()
            .filter(|text| !text.is_empty()),
        );
    }
    let undo = match &call.undo {
        None => Text::new(),
        Some(Undoing::Nothing) => words("nothing to take back"),
        Some(Undoing::By(request)) => code(request),
    };
    Row(vec![name, request, sends, undo])
}

pub fn parameter(parameter: &Parameter, lack: &dyn Fn(&str) -> Span) -> Row {
    let mut name = code(&parameter.name);
    name.push(Span::Break);
    let required = if parameter.required { ", required" } else { "" };
    name.push(Span::Plain(format!("{}{required}", parameter.kind)));
    if let Some(default) = &parameter.default {
        name.push(Span::Plain(", default ".into()));
        name.push(Span::Code(default.clone()));
    }
    let mut state = vec![Span::State(parameter.fate.word().to_owned())];
    if let Some(when) = &parameter.when {
        state.extend([
            Span::Plain(" when ".into()),
            Span::Code(when.clone()),
            Span::Plain(", else mapped".into()),
        ]);
    }
    let goes = lines(parameter.goes.iter().map(destination));
    let why = because(parameter.reason.as_deref(), parameter.gap.as_deref(), lack);
    Row(vec![name, state, goes, why])
}

fn destination(destination: &Destination) -> Text {
    if destination.call.is_empty() {
        return words(&destination.place);
    }
    let mut text = code(&destination.place);
    text.push(Span::Plain(format!(" of {}", destination.call)));
    text
}

pub fn filter(filter: &Filter, lack: &dyn Fn(&str) -> Span) -> Row {
    let looks = match &filter.treatment {
        Treatment::Looks(path) => code(path),
        Treatment::Refused => vec![Span::State("refused".into())],
        Treatment::Ignored => vec![Span::State("ignored".into())],
        Treatment::Gap => vec![
            Span::State("gap".into()),
            Span::Plain(" matches nothing".into()),
        ],
    };
    let why = because(filter.reason.as_deref(), filter.gap.as_deref(), lack);
    let pushed = lines(filter.pushed.iter().map(code));
    Row(vec![code(&filter.name), looks, pushed, why])
}

pub fn element(element: &Element) -> Row {
    let when = element.when.as_deref().map(code).unwrap_or_default();
    let place = format!("{}:{}", element.file, element.line);
    Row(vec![
        code(&element.name),
        code(&element.from),
        when,
        words(&place),
    ])
}

pub fn refused(refused: &Refused, lack: &dyn Fn(&str) -> Span) -> Row {
    let message = because(refused.message.as_deref(), refused.gap.as_deref(), lack);
    Row(vec![code(&refused.code), code(&refused.when), message])
}

pub fn fault(fault: &Fault, lack: &dyn Fn(&str) -> Span) -> Row {
    let call = fault.call.as_deref();
    Row(vec![
        code(&fault.error),
        call.map_or_else(|| words("any call"), code),
        code(&fault.becomes),
        because(fault.message.as_deref(), fault.gap.as_deref(), lack),
    ])
}

/// A reason, and the gap behind it.
fn because(reason: Option<&str>, gap: Option<&str>, lack: &dyn Fn(&str) -> Span) -> Text {
    let mut why = reason.map(words).unwrap_or_default();
    if let Some(gap) = gap {
        why.push(Span::Plain(" Gap: ".into()));
        why.push(lack(gap));
    }
    why
}
