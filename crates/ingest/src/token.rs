//! The coloured pieces of a text, for a highlight layer.

use serde::{Deserialize, Serialize};

use crate::Span;

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Byte range, on character boundaries; tokens come in order and do not overlap.
    pub span: Span,
    /// What the piece is.
    pub kind: TokenKind,
}

/// What a piece of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenKind {
    /// `aws ec2`, or the prompt before it.
    Program,
    /// The EC2 action, `RunInstances` or `run-instances`.
    Action,
    /// Name of a request parameter.
    Key,
    /// Value of a request parameter.
    Value,
    /// Part of the protocol: API version, HTTP method, path, header.
    Protocol,
    /// Access key, signature, token or another secret.
    Secret,
    /// Meant for the client alone, `--profile`; nothing of it reaches EC2.
    Client,
    /// `&`, `=`, `?`, a continuation, a shell operator.
    Punctuation,
    /// A comment.
    Comment,
}

/// Collects tokens in any order.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Vec<Token>);

impl Tokens {
    pub fn add(&mut self, span: Span, kind: TokenKind) {
        if !span.is_empty() {
            self.0.push(Token { span, kind });
        }
    }

    /// The tokens in order; of two that overlap, the later one is dropped.
    pub fn finish(mut self) -> Vec<Token> {
        self.0
            .sort_by_key(|token| (token.span.start, token.span.end));
        let mut end = 0;
        self.0.retain(|token| {
            let keep = token.span.start >= end;
            if keep {
                end = token.span.end;
            }
            keep
        });
        self.0
    }
}
