//! What is wrong inside an expression, in the words of somebody who writes rules.

/// What is wrong inside an expression.
#[derive(Debug)]
pub(crate) struct Mistake {
    /// Byte offset into the expression.
    pub offset: usize,
    pub message: String,
    pub mend: Option<String>,
}

impl Mistake {
    pub fn new(offset: usize, message: impl Into<String>, mend: &str) -> Self {
        Self {
            offset,
            message: message.into(),
            mend: (!mend.is_empty()).then(|| mend.to_owned()),
        }
    }
}

/// The parser's reasons in the words of somebody who writes rules.
pub(crate) fn explain(text: &str, offset: usize, reason: &str) -> Mistake {
    let rest = text.get(offset..).unwrap_or_default();
    let before = text.get(..offset).unwrap_or_default();
    let after_name = before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let quote_it = "names with other characters than letters, digits and _ are quoted: server.\"OS-EXT-STS:vm_state\"";
    if reason.starts_with("'-' must be followed") || (rest.starts_with('-') && after_name) {
        return Mistake::new(
            offset,
            "'-' cannot stand here; JMESPath has no subtraction",
            quote_it,
        );
    }
    if reason.contains("found Colon") || rest.starts_with(':') {
        return Mistake::new(offset, "':' cannot stand here", quote_it);
    }
    if reason.contains("'=' is not valid") {
        return Mistake::new(offset, "'=' compares nothing", "write ==");
    }
    if reason.contains("Unable to parse literal JSON") {
        return Mistake::new(
            offset,
            "backticks hold JSON, and this is none",
            "a text stands in single quotes: 'text'",
        );
    }
    if reason.contains("Unable to parse quoted identifier") {
        return Mistake::new(
            offset,
            "double quotes hold a name as JSON text, and this is none",
            "",
        );
    }
    if reason.starts_with("Unclosed") {
        let quote = rest.chars().next().unwrap_or('\'');
        return Mistake::new(offset, format!("{quote} is not closed"), "");
    }
    if reason.contains("Number(") {
        let digits: String = rest
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '-' || *c == '.')
            .collect();
        return Mistake::new(
            offset,
            "a number cannot stand here",
            &format!("numbers stand in backticks: `{digits}`"),
        );
    }
    if reason.contains("found Eof") || rest.is_empty() {
        return Mistake::new(offset, "the expression ends too early", "");
    }
    if let Some(character) = reason.strip_prefix("Invalid character: ") {
        let mend = match character {
            "+" | "/" | "%" | "-" => "JMESPath has no arithmetic",
            "$" | "#" => quote_it,
            _ => "names and operators are ASCII; a text stands in single quotes: 'text'",
        };
        return Mistake::new(offset, format!("'{character}' cannot stand here"), mend);
    }
    if reason.starts_with("Did not parse the complete expression") {
        return Mistake::new(
            offset,
            format!("the expression should end before '{}'", head(rest)),
            "a text stands in single quotes: 'two words'",
        );
    }
    Mistake::new(offset, format!("'{}' cannot stand here", head(rest)), "")
}

fn head(rest: &str) -> String {
    let mut head: String = rest.chars().take(16).collect();
    if head.len() < rest.len() {
        head.push('…');
    }
    head
}
