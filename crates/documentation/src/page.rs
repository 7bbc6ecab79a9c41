//! The sections of an action's page.

use std::collections::BTreeMap;

use crate::blocks::{Block, Row, Span, Text, code, words};
use crate::document::{Document, Lack};
use crate::examples::Sample;
use crate::parameters::Fate;
use crate::rows;

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
    let contents = page.len();
    for (view, text) in &document.about {
        if view.is_none() {
            prose(&mut page, text);
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
        document.calls.iter().map(rows::call),
    );
    heading(&mut page, 3, "parameters", "Parameters");
    let lack = |gap: &str| link_to_gap(gap, section);
    table(
        &mut page,
        "Parameters and what becomes of them",
        &["parameter", "state", "goes to", "why"],
        document
            .parameters
            .iter()
            .map(|one| rows::parameter(one, &lack)),
    );
    if !document.filters.is_empty() {
        heading(&mut page, 3, "filters", "Filters");
        table(
            &mut page,
            "Filters and what they look at",
            &["filter", "looks at", "narrows the call", "why not"],
            document.filters.iter().map(|one| rows::filter(one, &lack)),
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
            document.answer.iter().map(rows::element),
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
    for (view, text) in &document.about {
        if let Some(view) = view {
            heading(
                &mut page,
                4,
                &format!("view-{view}"),
                &format!("How {view} is seen"),
            );
            prose(&mut page, text);
        }
    }
    errors(&mut page, document, &lack);
    if !document.gaps.is_empty() {
        heading(&mut page, 3, "gaps", "What OpenStack lacks");
        document.gaps.iter().for_each(|one| gap(&mut page, one));
    }
    proofs(&mut page, document);
    examples(&mut page, &document.examples, open);
    let list = sections(&page, section);
    page.insert(contents, Block::Paragraph(list));
    page
}

/// Links to the sections, since the page is long.
fn sections(page: &[Block], section: &dyn Fn(&str) -> String) -> Text {
    let mut list = words("On this page: ");
    let mut first = true;
    for block in page {
        let Block::Heading { level: 3, id, text } = block else {
            continue;
        };
        if !first {
            list.push(Span::Plain(", ".into()));
        }
        first = false;
        list.push(Span::Link {
            text: text.clone(),
            to: section(id),
        });
    }
    list
}

fn prose(page: &mut Vec<Block>, text: &str) {
    for paragraph in text.split("\n\n") {
        page.push(Block::Paragraph(words(&paragraph.replace('\n', " "))));
    }
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
    for fate in Fate::ALL {
        let number = document
            .parameters
            .iter()
            .filter(|one| one.fate == fate)
            .count();
        if number > 0 {
            states.push(format!("{number} {}", fate.word()));
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

fn errors(page: &mut Vec<Block>, document: &Document, lack: &dyn Fn(&str) -> Span) {
    heading(page, 3, "errors", "Errors");
    if !document.refused.is_empty() {
        page.push(Block::Paragraph(words("Looked at in this order before anything is changed; the first that holds is the answer.")));
        table(
            page,
            "Reasons to refuse",
            &["EC2 code", "when", "message"],
            document.refused.iter().map(|one| rows::refused(one, lack)),
        );
    }
    let columns = ["OpenStack answers", "to", "becomes", "message"];
    let of_calls = |own: bool| {
        let all = document.faults.iter();
        all.filter(move |one| one.call.is_some() == own)
            .map(|one| rows::fault(one, lack))
    };
    if of_calls(true).next().is_some() {
        table(
            page,
            "What errors of its calls become",
            &columns,
            of_calls(true),
        );
    }
    let mut general = Vec::new();
    table(
        &mut general,
        "What errors become wherever the rule says nothing",
        &columns,
        of_calls(false),
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
