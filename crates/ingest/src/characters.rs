//! Characters that a copy leaves in a text and that nobody sees.

/// White space in a pasted text, the kinds of no-break space included; line ends too.
pub(crate) fn blank(c: char) -> bool {
    c.is_whitespace() || zero_width(c)
}

/// Takes no room on the screen.
pub(crate) fn zero_width(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

/// A character that looks like a space or like nothing, but is neither a plain space, tab nor line end.
pub(crate) fn deceptive(c: char) -> bool {
    zero_width(c)
        || (c.is_whitespace() && !matches!(c, ' ' | '\t' | '\r' | '\n'))
        || (c.is_control() && !c.is_whitespace())
}

/// The character's code and name, for a message.
pub(crate) fn named(c: char) -> String {
    let name = match c {
        '\u{00A0}' => "no-break space",
        '\u{202F}' => "narrow no-break space",
        '\u{2007}' => "figure space",
        '\u{3000}' => "ideographic space",
        '\u{200B}' => "zero width space",
        '\u{200C}' => "zero width non-joiner",
        '\u{200D}' => "zero width joiner",
        '\u{2060}' => "word joiner",
        '\u{FEFF}' => "byte order mark",
        '\u{00AD}' => "soft hyphen",
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            "text direction mark"
        }
        '\u{2018}' | '\u{2019}' | '\u{201A}' => "typographic single quote",
        '\u{201C}' | '\u{201D}' | '\u{201E}' => "typographic double quote",
        '\u{2013}' => "en dash",
        '\u{2014}' => "em dash",
        c if c.is_control() => "control character",
        c if c.is_whitespace() => "unusual space",
        _ => return format!("{c:?}"),
    };
    format!("U+{:04X}, {name}", u32::from(c))
}

/// The plain quote that a typographic one stands for.
pub(crate) fn plain_quote(c: char) -> Option<char> {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201A}' => Some('\''),
        '\u{201C}' | '\u{201D}' | '\u{201E}' => Some('"'),
        _ => None,
    }
}

/// `text` without blanks at both ends, as a range into it.
pub(crate) fn trimmed(text: &str) -> std::ops::Range<usize> {
    let start = text.len() - text.trim_start_matches(blank).len();
    let end = text.trim_end_matches(blank).len();
    start.min(end)..end
}
