//! The sections of an action's page.

use std::collections::BTreeMap;

use crate::answer::Element;
use crate::blocks::{Block, Row, Span, Text, code, lines, words};
use crate::calls::{Called, Phase, Undoing};
use crate::document::{Document, Lack};
use crate::errors::{Fault, Refused};
use crate::examples::Sample;
use crate::filters::{Filter, Treatment};
use crate::parameters::{Destination, Fate, Parameter};

/// More examples than this are folded away.
const SHOWN: usize = 6;

/// Lays a document out. `section` is the address of a section of the page, by its name; `open` that of the main page
/// with a request in its input.
///
/// ```
/// let document = documentation::document(rules::Rules::built_in(), "DeleteVolume").expect("there is a rule");
/// let blocks = documentation::page(&document, &|name| format!("#{name}"), &|_| None);
/// assert!(documentation::markdown(&blocks).starts_with("## DeleteVolume"));
/// ```
#[must_use]
pub fn page(
    document: &Document,
    section: &dyn Fn(&str) -> String,
    open: &dyn Fn(&str) -> Option<String>,
) -> Vec<Block> {
    let mut page = Vec::new();
    heading(&mut page, 2, "top", &document.action);
    page.push(Block::Paragraph(summary(document)));
    for (view, text) in &document.about {
        if let Some(view) = view {
            heading(
                &mut page,
                3,
                &format!("view-{view}"),
                &format!("How {view} is seen"),
            );
        }
        for paragraph in text.split("\n\n") {
            page.push(Block::Paragraph(words(&paragraph.replace('\n', " "))));
        }
    }
    heading(&mut page, 3, "calls", "OpenStack calls");
    page.push(Block::Paragraph(words(
        "Reads go out together as soon as what they name is known. Changes begin when every read and every refusal is settled, and run one after another.",
    )));
    table(
        &mut page,
        "OpenStack calls",
        &["call", "request", "sends", "if it must be taken back"],
        document.calls.iter().map(call),
    );
    heading(&mut page, 3, "parameters", "Parameters");
    let lack = |gap: &str| link_to_gap(gap, section);
    table(
        &mut page,
        "Parameters and what becomes of them",
        &["parameter", "state", "goes to", "why"],
        document.parameters.iter().map(|one| parameter(one, &lack)),
    );
    if !document.filters.is_empty() {
        heading(&mut page, 3, "filters", "Filters");
        table(
            &mut page,
            "Filters and what they look at",
            &["filter", "looks at", "narrows the call", "why not"],
            document.filters.iter().map(|one| filter(one, &lack)),
        );
    }
    heading(&mut page, 3, "answer", "Answer");
    if document.answer.is_empty() {
        page.push(Block::Paragraph(words(
            "The answer has no elements beside the request's id.",
        )));
    } else {
        table(
            &mut page,
            "Elements of the answer and where they come from",
            &["element", "from", "condition", "rule"],
            document.answer.iter().map(element),
        );
    }
    if !document.absent.is_empty() {
        page.push(Block::More {
            summary: format!(
                "{} that EC2 documents and nothing here fills",
                count(document.absent.len(), "element")
            ),
            blocks: vec![Block::List(document.absent.iter().map(code).collect())],
        });
    }
    errors(&mut page, document, &lack);
    if !document.gaps.is_empty() {
        heading(&mut page, 3, "gaps", "What OpenStack lacks");
        document.gaps.iter().for_each(|one| gap(&mut page, one));
    }
    proofs(&mut page, document);
    examples(&mut page, &document.examples, open);
    page
}

fn proofs(page: &mut Vec<Block>, document: &Document) {
    heading(page, 3, "evidence", "Seen on a real cloud");
    if document.proofs.is_empty() {
        page.push(Block::Paragraph(words(
            "Not yet: the translation was held to the simulated cloud only.",
        )));
    }
    for proof in &document.proofs {
        page.push(Block::Paragraph(words(&format!(
            "OpenStack {} ({}), on {}, asked by {}.",
            proof.release, proof.services, proof.date, proof.clients
        ))));
        let names = |label: &str, seen: &BTreeMap<String, bool>, looked: bool| {
            let found: Vec<&String> = seen
                .iter()
                .filter(|(_, how)| **how == looked)
                .map(|(name, _)| name)
                .collect();
            (!found.is_empty()).then(|| labelled(label, found))
        };
        let points = [
            names(
                "Parameters whose effect was looked at",
                &proof.parameters,
                true,
            ),
            names(
                "Parameters that were sent and answered as expected",
                &proof.parameters,
                false,
            ),
            names("Filters whose effect was looked at", &proof.filters, true),
            names(
                "Filters that were sent and answered as expected",
                &proof.filters,
                false,
            ),
            (!proof.errors.is_empty()).then(|| labelled("Errors", proof.errors.iter().collect())),
        ];
        page.push(Block::List(points.into_iter().flatten().collect()));
    }
}

fn labelled(label: &str, names: Vec<&String>) -> Text {
    let mut text = words(&format!("{label}: "));
    for (index, name) in names.into_iter().enumerate() {
        if index > 0 {
            text.push(Span::Plain(", ".into()));
        }
        text.push(Span::Code(name.clone()));
    }
    text
}

fn summary(document: &Document) -> Text {
    let mut states: Vec<String> = Vec::new();
    for (fate, name) in FATES {
        let number = document
            .parameters
            .iter()
            .filter(|one| one.fate == fate)
            .count();
        if number > 0 {
            states.push(format!("{number} {name}"));
        }
    }
    let parameters = count(document.parameters.len(), "parameter");
    let calls = count(document.calls.len(), "OpenStack call");
    vec![
        Span::Plain(format!(
            "{parameters} ({}), {calls} at most in its rule ",
            states.join(", ")
        )),
        Span::Code(document.file.clone()),
        Span::Plain(". ".into()),
        Span::Link {
            text: "The action in EC2's reference".into(),
            to: document.reference.clone(),
        },
    ]
}

const FATES: [(Fate, &str); 5] = [
    (Fate::Mapped, "mapped"),
    (Fate::Lossy, "lossy"),
    (Fate::Ignored, "ignored"),
    (Fate::Refused, "refused"),
    (Fate::Gap, "gap"),
];

fn word(fate: Fate) -> &'static str {
    let found = FATES.iter().find(|(known, _)| *known == fate);
    found.map_or("", |(_, word)| word)
}

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

fn heading(page: &mut Vec<Block>, level: u8, id: &str, text: &str) {
    page.push(Block::Heading {
        level,
        id: id.to_owned(),
        text: text.to_owned(),
    });
}

fn table(
    page: &mut Vec<Block>,
    caption: &str,
    columns: &[&'static str],
    rows: impl Iterator<Item = Row>,
) {
    page.push(Block::Table {
        caption: caption.to_owned(),
        columns: columns.to_vec(),
        rows: rows.collect(),
    });
}

fn link_to_gap(gap: &str, section: &dyn Fn(&str) -> String) -> Span {
    Span::Link {
        text: gap.to_owned(),
        to: section(&format!("gap-{gap}")),
    }
}

fn call(call: &Called) -> Row {
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

fn parameter(parameter: &Parameter, lack: &dyn Fn(&str) -> Span) -> Row {
    let mut name = code(&parameter.name);
    name.push(Span::Break);
    let required = if parameter.required { ", required" } else { "" };
    name.push(Span::Plain(format!("{}{required}", parameter.kind)));
    if let Some(default) = &parameter.default {
        name.push(Span::Plain(", default ".into()));
        name.push(Span::Code(default.clone()));
    }
    let mut state = vec![Span::State(word(parameter.fate).to_owned())];
    if let Some(when) = &parameter.when {
        state.extend([
            Span::Plain(" when ".into()),
            Span::Code(when.clone()),
            Span::Plain(", else mapped".into()),
        ]);
    }
    let goes = lines(parameter.goes.iter().map(destination));
    let mut why = parameter.reason.as_deref().map(words).unwrap_or_default();
    if let Some(gap) = &parameter.gap {
        why.push(Span::Plain(" Gap: ".into()));
        why.push(lack(gap));
    }
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

fn filter(filter: &Filter, lack: &dyn Fn(&str) -> Span) -> Row {
    let looks = match &filter.treatment {
        Treatment::Looks(path) => code(path),
        Treatment::Refused => vec![Span::State("refused".into())],
        Treatment::Ignored => vec![Span::State("ignored".into())],
        Treatment::Gap => vec![
            Span::State("gap".into()),
            Span::Plain(" matches nothing".into()),
        ],
    };
    let mut why = filter.reason.as_deref().map(words).unwrap_or_default();
    if let Some(gap) = &filter.gap {
        why.push(Span::Plain(" Gap: ".into()));
        why.push(lack(gap));
    }
    let pushed = lines(filter.pushed.iter().map(code));
    Row(vec![code(&filter.name), looks, pushed, why])
}

fn element(element: &Element) -> Row {
    let when = element.when.as_deref().map(code).unwrap_or_default();
    let place = format!("{}:{}", element.file, element.line);
    Row(vec![
        code(&element.name),
        code(&element.from),
        when,
        words(&place),
    ])
}

fn errors(page: &mut Vec<Block>, document: &Document, lack: &dyn Fn(&str) -> Span) {
    heading(page, 3, "errors", "Errors");
    if !document.refused.is_empty() {
        page.push(Block::Paragraph(words("Looked at in this order before anything is changed; the first that holds is the answer.")));
        let rows = document.refused.iter().map(|one: &Refused| {
            let mut message = one.message.as_deref().map(words).unwrap_or_default();
            if let Some(gap) = &one.gap {
                message.push(Span::Plain(" Gap: ".into()));
                message.push(lack(gap));
            }
            Row(vec![code(&one.code), code(&one.when), message])
        });
        table(
            page,
            "Reasons to refuse",
            &["EC2 code", "when", "message"],
            rows,
        );
    }
    let row = |one: &Fault| {
        let mut message = one.message.as_deref().map(words).unwrap_or_default();
        if let Some(gap) = &one.gap {
            message.push(Span::Plain(" Gap: ".into()));
            message.push(lack(gap));
        }
        Row(vec![
            code(&one.error),
            one.call
                .as_deref()
                .map(code)
                .unwrap_or_else(|| words("any call")),
            code(&one.becomes),
            message,
        ])
    };
    let columns = ["OpenStack answers", "to", "becomes", "message"];
    let own = document.faults.iter().filter(|one| one.call.is_some());
    if own.clone().next().is_some() {
        table(
            page,
            "What errors of its calls become",
            &columns,
            own.map(row),
        );
    }
    let mut general = Vec::new();
    table(
        &mut general,
        "What errors become wherever the rule says nothing",
        &columns,
        document
            .faults
            .iter()
            .filter(|one| one.call.is_none())
            .map(row),
    );
    page.push(Block::More {
        summary: "Errors that mean the same in every action".into(),
        blocks: general,
    });
}

fn gap(page: &mut Vec<Block>, gap: &Lack) {
    heading(page, 4, &format!("gap-{}", gap.gap), &gap.title);
    page.push(Block::Paragraph(words(&gap.what)));
    let labelled = |label: &str, text: &str| {
        let mut out = vec![Span::Plain(format!("{label}: "))];
        out.extend(words(text));
        out
    };
    let mut points = vec![
        labelled("Today", &gap.today),
        labelled("It would need", &gap.would_need),
        labelled("In", &gap.services.join(", ")),
    ];
    for upstream in &gap.upstream {
        points.push(if upstream.starts_with("https://") {
            vec![Span::Link {
                text: upstream.clone(),
                to: upstream.clone(),
            }]
        } else {
            words(upstream)
        });
    }
    page.push(Block::List(points));
}

fn examples(page: &mut Vec<Block>, samples: &[Sample], open: &dyn Fn(&str) -> Option<String>) {
    if samples.is_empty() {
        return;
    }
    heading(page, 3, "examples", "Examples");
    page.push(Block::Paragraph(words(
        "Each is a test: its calls, replies and answer are recorded and compared.",
    )));
    let each = |sample: &Sample| {
        let mut title = words(&sample.title);
        if let Some(code) = &sample.error {
            title.push(Span::Plain(": answered with ".into()));
            title.push(Span::Code(code.clone()));
        }
        if let Some(to) = open(&sample.request) {
            title.push(Span::Plain(". ".into()));
            title.push(Span::Link {
                text: "Try it".into(),
                to,
            });
        }
        [Block::Paragraph(title), Block::Code(sample.request.clone())]
    };
    let (first, rest) = samples.split_at(samples.len().min(SHOWN));
    page.extend(first.iter().flat_map(each));
    if !rest.is_empty() {
        page.push(Block::More {
            summary: format!("{} more", rest.len()),
            blocks: rest.iter().flat_map(each).collect(),
        });
    }
}
