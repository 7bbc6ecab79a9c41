//! HTML of a page, as a piece to be put into a document.

use crate::blocks::{Block, Row, Span, Text};

/// Writes blocks as HTML; every text is escaped. Links to sections of the same page are left to the caller, which gives
/// the address before the section's name.
#[must_use]
pub fn html(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        write(block, &mut out);
    }
    out
}

fn write(block: &Block, out: &mut String) {
    match block {
        Block::Heading { level, id, text } => {
            let level = level.clamp(&1, &6);
            out.push_str(&format!("<h{level} id=\"{}\" tabindex=\"-1\">", escape(id)));
            out.push_str(&escape(text));
            out.push_str(&format!("</h{level}>\n"));
        }
        Block::Paragraph(text) => wrap("p", text, out),
        Block::List(items) => {
            out.push_str("<ul>\n");
            items.iter().for_each(|item| wrap("li", item, out));
            out.push_str("</ul>\n");
        }
        Block::Table {
            caption,
            columns,
            rows,
        } => table(caption, columns, rows, out),
        Block::Code(text) => {
            out.push_str("<pre tabindex=\"0\"><code>");
            out.push_str(&escape(text));
            out.push_str("</code></pre>\n");
        }
        Block::More { summary, blocks } => {
            out.push_str("<details><summary>");
            out.push_str(&escape(summary));
            out.push_str("</summary>\n");
            blocks.iter().for_each(|block| write(block, out));
            out.push_str("</details>\n");
        }
    }
}

fn table(caption: &str, columns: &[&str], rows: &[Row], out: &mut String) {
    let name = escape(caption);
    // Wide tables scroll by themselves, and by keyboard. On a phone the style sheet stacks the cells, each with the head of
    // its column; the roles keep it a table for those who hear it.
    out.push_str(&format!(
        "<div class=\"wide\" role=\"region\" aria-label=\"{name}\" tabindex=\"0\"><table role=\"table\"><caption>{name}</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">"
    ));
    for column in columns {
        out.push_str(&format!(
            "<th role=\"columnheader\" scope=\"col\">{}</th>",
            escape(column)
        ));
    }
    out.push_str("</tr></thead>\n<tbody role=\"rowgroup\">\n");
    for Row(cells) in rows {
        out.push_str("<tr role=\"row\">");
        for (index, cell) in cells.iter().enumerate() {
            let column = columns.get(index).map_or("", |column| *column);
            if index == 0 {
                out.push_str("<th role=\"rowheader\" scope=\"row\">");
                spans(cell, out);
                out.push_str("</th>");
            } else {
                out.push_str(&format!(
                    "<td role=\"cell\" data-column=\"{}\">",
                    escape(column)
                ));
                spans(cell, out);
                out.push_str("</td>");
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

fn wrap(tag: &str, text: &Text, out: &mut String) {
    out.push_str(&format!("<{tag}>"));
    spans(text, out);
    out.push_str(&format!("</{tag}>\n"));
}

fn spans(text: &Text, out: &mut String) {
    for span in text {
        match span {
            Span::Plain(text) => out.push_str(&escape(text)),
            Span::Code(text) => out.push_str(&format!("<code>{}</code>", escape(text))),
            Span::Link { text, to } => {
                out.push_str(&format!("<a href=\"{}\">{}</a>", escape(to), escape(text)));
            }
            Span::State(state) => {
                let state = escape(state);
                out.push_str(&format!("<span class=\"state {state}\">{state}</span>"));
            }
            Span::Break => out.push_str("<br>"),
        }
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::words;

    #[test]
    fn markup_in_a_text_is_text() {
        let written = html(&[Block::Paragraph(words("a < b & \"c\" `<script>`"))]);
        assert_eq!(
            written,
            "<p>a &lt; b &amp; &quot;c&quot; <code>&lt;script&gt;</code></p>\n"
        );
    }
}
