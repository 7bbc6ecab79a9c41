//! The list of documented actions.

use std::collections::BTreeMap;

use rules::Rules;

use crate::blocks::{Block, Row, Span, words};
use crate::calls::Phase;
use crate::document::{Document, document};
use crate::parameters::Fate;

/// Every action with a rule, by the folder of its rule; `address` is that of an action's page.
#[must_use]
pub fn index(rules: &Rules, address: &dyn Fn(&str) -> String) -> Vec<Block> {
    let mut families: BTreeMap<String, Vec<Document>> = BTreeMap::new();
    for name in rules.actions.keys() {
        if let Some(document) = document(rules, name) {
            let family = document
                .file
                .split('/')
                .next()
                .unwrap_or_default()
                .replace('-', " ");
            families.entry(family).or_default().push(document);
        }
    }
    let count: usize = families.values().map(Vec::len).sum();
    let mut page = vec![
        Block::Heading {
            level: 2,
            id: "top".into(),
            text: format!("{count} actions and how each is translated"),
        },
        Block::Paragraph(words(
            "Each page is made from the rule that runs: which calls are made, where every parameter goes, where every element of the answer comes from, which errors there are, and what OpenStack lacks.",
        )),
    ];
    for (family, documents) in families {
        page.push(Block::Heading {
            level: 3,
            id: format!("family-{}", family.replace(' ', "-")),
            text: title(&family),
        });
        page.push(Block::Table {
            caption: format!("Actions on {family}"),
            columns: vec![
                "action",
                "parameters",
                "lost or refused",
                "reads",
                "changes",
                "seen on",
            ],
            rows: documents
                .iter()
                .map(|document| row(document, address))
                .collect(),
        });
    }
    page
}

fn row(document: &Document, address: &dyn Fn(&str) -> String) -> Row {
    let number = |fates: &[Fate]| {
        let all = document.parameters.iter();
        all.filter(|one| fates.contains(&one.fate))
            .count()
            .to_string()
    };
    let calls = |phase: Phase| {
        let all = document.calls.iter();
        all.filter(|call| call.phase == phase).count().to_string()
    };
    let seen: Vec<&str> = document
        .proofs
        .iter()
        .map(|proof| proof.release.as_str())
        .collect();
    Row(vec![
        vec![Span::Link {
            text: document.action.clone(),
            to: address(&document.action),
        }],
        words(&document.parameters.len().to_string()),
        words(&number(&[Fate::Lossy, Fate::Gap, Fate::Refused])),
        words(&calls(Phase::Read)),
        words(&calls(Phase::Change)),
        words(&seen.join(", ")),
    ])
}

/// The name of a family as a heading; `vpc` is an abbreviation.
fn title(family: &str) -> String {
    if family == "vpc" {
        return "VPC".to_owned();
    }
    let mut characters = family.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}
