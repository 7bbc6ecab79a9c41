//! Markdown of a page, for a terminal, a wiki or a review.

use crate::blocks::{Block, Row, Span, Text};

/// Writes blocks as Markdown.
#[must_use]
pub fn markdown(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        write(block, &mut out);
    }
    out
}

fn write(block: &Block, out: &mut String) {
    match block {
        Block::Heading { level, text, .. } => {
            let signs = "#".repeat(usize::from(*level));
            out.push_str(&format!("{signs} {text}\n\n"));
        }
        Block::Paragraph(text) => out.push_str(&format!("{}\n\n", spans(text, "\n"))),
        Block::List(items) => {
            for item in items {
                out.push_str(&format!("- {}\n", spans(item, "\n  ")));
            }
            out.push('\n');
        }
        Block::Table { columns, rows, .. } => {
            out.push_str(&format!("| {} |\n", columns.join(" | ")));
            out.push_str(&format!("|{}\n", " --- |".repeat(columns.len())));
            for Row(cells) in rows {
                let cells: Vec<String> = cells
                    .iter()
                    .map(|cell| spans(cell, "<br>").replace('|', "\\|").replace('\n', " "))
                    .collect();
                out.push_str(&format!("| {} |\n", cells.join(" | ")));
            }
            out.push('\n');
        }
        Block::Code(text) => out.push_str(&format!("```\n{}\n```\n\n", text.trim_end())),
        Block::More { summary, blocks } => {
            out.push_str(&format!("**{summary}**\n\n"));
            blocks.iter().for_each(|block| write(block, out));
        }
    }
}

fn spans(text: &Text, line: &str) -> String {
    let mut out = String::new();
    for span in text {
        match span {
            Span::Plain(text) => out.push_str(text),
            Span::Code(text) => {
                // A fence longer than any inside.
                let fence = if text.contains('`') { "``" } else { "`" };
                let space = if text.contains('`') { " " } else { "" };
                out.push_str(&format!("{fence}{space}{text}{space}{fence}"));
            }
            Span::Link { text, to } => out.push_str(&format!("[{text}]({to})")),
            Span::State(state) => out.push_str(&format!("*{state}*")),
            Span::Break => out.push_str(line),
        }
    }
    out
}
