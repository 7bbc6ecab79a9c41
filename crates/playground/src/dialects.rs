//! The dialects of the input, and the colours of its tokens.

use ingest::{Dialect, TokenKind};

/// Every dialect, in the order of the menu.
///
/// Kept texts and links name a dialect by its place here: new ones come last.
pub const ALL: [Dialect; 7] = Dialect::ALL;

/// A dialect for people.
pub fn name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Query => "Query string",
        Dialect::Url => "URL",
        Dialect::Http => "HTTP request",
        Dialect::Cli => "AWS CLI",
        Dialect::Boto3 => "boto3",
        Dialect::Curl => "curl",
        Dialect::Json => "JSON",
    }
}

/// The language of a block of Markdown that holds it.
pub fn language(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Http => "http",
        Dialect::Cli => "sh",
        _ => "",
    }
}

/// CSS class of a token.
pub fn ink(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Program | TokenKind::Punctuation => "ink-quiet",
        TokenKind::Action => "ink-action",
        TokenKind::Key => "ink-key",
        TokenKind::Value => "ink-text",
        TokenKind::Protocol => "ink-word",
        TokenKind::Secret => "ink-secret",
        TokenKind::Client | TokenKind::Comment => "ink-comment",
    }
}
