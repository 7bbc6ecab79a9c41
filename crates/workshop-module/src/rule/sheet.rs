//! A rule file, line by line: numbers, colours, what is in force and what is wrong.

use std::fmt::Write as _;

use workshop::Remark;

use super::html;
use super::yaml;

/// The lines of a text. Lines in force, in order, are `marked`; with `buttons` their numbers can be pressed.
pub fn html(text: &str, marked: &[u32], buttons: bool, remarks: &[&Remark]) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    let mut first = true;
    for ((line, inks), number) in text.split('\n').zip(yaml::inks(text)).zip(1u32..) {
        let is_marked = marked.binary_search(&number).is_ok();
        let remark = remarks.iter().find(|remark| remark.line == number);
        let class = match (is_marked, remark.map(|remark| remark.error)) {
            (_, Some(true)) => "line bad",
            (true, Some(false)) => "line marked doubtful",
            (false, Some(false)) => "line doubtful",
            (true, None) => "line marked",
            (false, None) => "line",
        };
        let _ = write!(out, "<div class=\"{class}\" data-line=\"{number}\">");
        if is_marked && buttons {
            // The tab key leads to one of them, the arrow keys on from there.
            let stop = if std::mem::take(&mut first) { 0 } else { -1 };
            let _ = write!(
                out,
                "<button type=\"button\" class=\"number\" tabindex=\"{stop}\" aria-pressed=\"false\" aria-label=\"Line {number}, in force\">{number}</button>"
            );
        } else {
            let _ = write!(out, "<span class=\"number\">{number}</span>");
        }
        let mut at = 0;
        for mark in inks {
            let (before, own) = (line.get(at..mark.span.start), line.get(mark.span.clone()));
            let (Some(before), Some(own)) = (before, own) else {
                continue;
            };
            out.push_str(&html::text(before));
            let _ = write!(
                out,
                "<span class=\"ink-{}\">{}</span>",
                mark.ink,
                html::text(own)
            );
            at = mark.span.end;
        }
        out.push_str(&html::text(line.get(at..).unwrap_or_default()));
        if let Some(remark) = remark {
            let _ = write!(
                out,
                "<span class=\"said-of-it\">{}</span>",
                html::text(&said(remark))
            );
        }
        out.push_str("</div>");
    }
    out
}

fn said(remark: &Remark) -> String {
    match &remark.mend {
        Some(mend) => format!("{}: {mend}", remark.message),
        None => remark.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_force_can_be_pressed_and_wrong_ones_say_why() {
        let remark = Remark {
            file: "x".into(),
            line: 2,
            column: 1,
            error: true,
            message: "no key 'cals'".into(),
            mend: Some("did you mean 'calls'?".into()),
        };
        let made = html("action: X\ncals:\n  a: <b>", &[1, 3], true, &[&remark]);
        assert_eq!(made.matches("<button").count(), 2);
        assert_eq!(made.matches("tabindex=\"0\"").count(), 1);
        assert!(
            made.contains(
                "<div class=\"line bad\" data-line=\"2\"><span class=\"number\">2</span>"
            ),
            "{made}"
        );
        assert!(
            made.contains("no key &#39;cals&#39;: did you mean &#39;calls&#39;?"),
            "{made}"
        );
        assert!(
            made.contains("&lt;b&gt;") && !made.contains("<b>"),
            "{made}"
        );
        assert!(!html("a: 1", &[1], false, &[]).contains("<button"));
    }
}
