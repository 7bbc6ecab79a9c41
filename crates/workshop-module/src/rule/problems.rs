//! What is wrong with the edited rules, with the mend.

use std::fmt::Write as _;

use workshop::Checked;

use super::html;

/// Remarks listed; more are counted.
const SHOWN: usize = 12;

/// What is wrong; `shown` is the file that is looked at.
pub fn html(checked: &Checked, shown: &str) -> String {
    let errors = checked.remarks.iter().filter(|remark| remark.error).count();
    let standing = match (checked.changed, errors) {
        (false, _) => "Not edited. Type, and the result and all cases follow.".to_owned(),
        (true, 0) => "The request is translated with your edit.".to_owned(),
        (true, errors) if checked.usable => format!(
            "The request is translated with your edit; {} elsewhere must be mended before it can be proposed.",
            html::count(errors, "error", "errors")
        ),
        (true, errors) => format!(
            "{}: the request is still translated with the last rule that had none.",
            html::count(errors, "error", "errors")
        ),
    };
    let mut out = format!("<p class=\"standing\">{standing}</p>");
    if checked.remarks.is_empty() {
        return out;
    }
    out.push_str("<ul>");
    for remark in checked.remarks.iter().take(SHOWN) {
        let (line, column) = (remark.line, remark.column);
        let place = match remark.file == shown {
            true => format!("{line}:{column}"),
            false => format!("{}:{line}:{column}", remark.file),
        };
        let (class, word) = match remark.error {
            true => ("error", "Error"),
            false => ("warning", "Warning"),
        };
        let _ = write!(
            out,
            "<li class=\"{class}\"><strong>{word}</strong> <button type=\"button\" class=\"linkish\" data-do=\"go\" data-file=\"{}\" data-at=\"{line}\" data-column=\"{column}\">{}</button> {}",
            html::text(&remark.file),
            html::text(&place),
            html::text(&remark.message)
        );
        if let Some(mend) = &remark.mend {
            let _ = write!(out, "<p class=\"mend\">{}</p>", html::text(mend));
        }
        out.push_str("</li>");
    }
    out.push_str("</ul>");
    if checked.remarks.len() > SHOWN {
        let _ = write!(
            out,
            "<p class=\"quiet-text\">and {} more</p>",
            checked.remarks.len() - SHOWN
        );
    }
    out
}
