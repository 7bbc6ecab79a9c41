//! A remark with the line it is about and a caret under the place.

use ingest::{Diagnostic, Severity};

use super::paint::{Paint, harmless, wrapped};

/// Width of the text.
const WIDTH: usize = 100;
/// Columns of the source line that are shown.
const WINDOW: usize = 90;

/// One remark, ending in a newline.
pub fn text(source: &str, diagnostic: &Diagnostic, paint: Paint) -> String {
    let (start, end) = (
        floor(source, diagnostic.span.start),
        floor(source, diagnostic.span.end),
    );
    let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = source[start..]
        .find('\n')
        .map_or(source.len(), |at| start + at);
    let number = source[..start].matches('\n').count() + 1;

    // Columns count what is printed, so escapes of invisible characters move the caret along.
    let before = harmless(&source[line_start..start]);
    let marked = harmless(&source[start..end.clamp(start, line_end)]);
    let line = harmless(source[line_start..line_end].trim_end_matches('\r'));
    let column = before.chars().count();
    let length = marked.chars().count().max(1);

    // A long line is cut around the place.
    let skip = if column + length.min(30) > WINDOW {
        column.saturating_sub(WINDOW / 3)
    } else {
        0
    };
    let mut shown: String = line.chars().skip(skip).take(WINDOW).collect();
    if skip > 0 {
        shown = std::iter::once('…').chain(shown.chars().skip(1)).collect();
    }
    if line.chars().count() > skip + WINDOW {
        shown.push('…');
    }
    let carets = "^".repeat(length.min(WINDOW.saturating_sub(column - skip).max(1)));

    let (word, colour): (&str, fn(Paint, &str) -> String) = match diagnostic.severity {
        Severity::Error => ("error", Paint::red),
        Severity::Warning => ("warning", Paint::yellow),
        Severity::Note => ("note", Paint::dim),
    };
    let gutter = number.to_string();
    let empty = " ".repeat(gutter.len());
    let mut out = String::new();
    for (n, part) in wrapped(&diagnostic.message, WIDTH - word.len() - 2)
        .iter()
        .enumerate()
    {
        let head = if n == 0 {
            format!("{}: ", colour(paint, word))
        } else {
            " ".repeat(word.len() + 2)
        };
        out.push_str(&format!("{head}{part}\n"));
    }
    out.push_str(&format!("{empty} {}\n", paint.dim("|")));
    out.push_str(&format!(
        "{} {} {shown}\n",
        paint.dim(&gutter),
        paint.dim("|")
    ));
    out.push_str(&format!(
        "{empty} {} {}{}\n",
        paint.dim("|"),
        " ".repeat(column - skip),
        colour(paint, &carets)
    ));
    for (n, part) in diagnostic
        .mend
        .iter()
        .flat_map(|mend| wrapped(mend, WIDTH - gutter.len() - 3))
        .enumerate()
    {
        let sign = if n == 0 {
            paint.dim("=")
        } else {
            " ".to_owned()
        };
        out.push_str(&format!("{empty} {sign} {part}\n"));
    }
    out
}

/// The last character boundary at or before a place.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str, span: std::ops::Range<usize>) -> String {
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            span,
            message: "No.".into(),
            mend: Some("Write yes.".into()),
        };
        text(source, &diagnostic, Paint(false))
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        assert_eq!(
            told("aws ec2 describe", 8..16),
            "error: No.\n  |\n1 | aws ec2 describe\n  |         ^^^^^^^^\n  = Write yes.\n"
        );
        assert_eq!(
            told("a\nb\u{a0}c", 2..3),
            "error: No.\n  |\n2 | b\u{a0}c\n  | ^\n  = Write yes.\n"
        );
    }

    #[test]
    fn any_place_in_any_text_can_be_shown() {
        for source in [
            "",
            "\n",
            "ü\u{200b}\r\n\u{1b}x",
            &"ü ".repeat(300),
            &"x".repeat(5000),
        ] {
            for start in (0..source.len() + 3).step_by(1 + source.len() / 50) {
                for end in [start, start + 1, source.len(), source.len() + 9, 0] {
                    let text = told(source, start..end);
                    assert!(
                        text.lines().all(|line| line.chars().count() <= WIDTH),
                        "{text}"
                    );
                    assert!(text.contains('^'));
                }
            }
        }
    }
}
