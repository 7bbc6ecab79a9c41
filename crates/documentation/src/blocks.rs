//! A text with headings, tables and code, before it is written as HTML or Markdown.

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Plain(String),
    /// A name or an expression.
    Code(String),
    /// Words that lead somewhere.
    Link {
        /// What is shown.
        text: String,
        /// Address.
        to: String,
    },
    /// A state of the ledger: shown with its sign.
    State(String),
    /// The next line.
    Break,
}

/// Text of several runs.
pub type Text = Vec<Span>;

/// A row of a table; its first cell names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Vec<Text>);

/// A piece of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A section begins.
    Heading {
        /// 1 is the page's.
        level: u8,
        /// Name of the section in links.
        id: String,
        /// Words.
        text: String,
    },
    /// Words.
    Paragraph(Text),
    /// Points.
    List(Vec<Text>),
    /// A table.
    Table {
        /// What it shows, for readers that do not see it.
        caption: String,
        /// Heads of its columns.
        columns: Vec<&'static str>,
        /// Rows.
        rows: Vec<Row>,
    },
    /// Code as it stands.
    Code(String),
    /// Something long that opens on demand.
    More {
        /// What is inside.
        summary: String,
        /// The inside.
        blocks: Vec<Block>,
    },
}

/// Words with code between backticks.
pub fn words(text: &str) -> Text {
    let pieces = text.split('`').enumerate();
    pieces
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(index, piece)| {
            if index % 2 == 1 {
                Span::Code(piece.to_owned())
            } else {
                Span::Plain(piece.to_owned())
            }
        })
        .collect()
}

/// One run of code.
pub fn code(text: impl Into<String>) -> Text {
    vec![Span::Code(text.into())]
}

/// Runs on lines of their own.
pub fn lines(texts: impl IntoIterator<Item = Text>) -> Text {
    let mut out = Text::new();
    for text in texts {
        if !out.is_empty() {
            out.push(Span::Break);
        }
        out.extend(text);
    }
    out
}
