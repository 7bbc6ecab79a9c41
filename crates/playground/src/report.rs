//! A session as Markdown for a mail, a review or a bug report: short, or with everything that is on the page.
//!
//! Both are made of a session without secrets, and looked through once more: a cloud makes secrets of its own.

use translator::trace::{Phase, TracedCall};

use crate::dialects;
use crate::ledger::{sentence, word};
use crate::pretty::json;
use crate::session::Translated;
use crate::state::State;
use crate::writing;

/// The link with the request and the count of its parameters.
pub fn short(state: &State, link: &str) -> String {
    let mut out = String::new();
    head(&mut out, state);
    finished(&out, link)
}

/// Request, ledger, calls with their replies, and answer.
pub fn whole(state: &State, link: &str) -> String {
    let mut out = String::new();
    head(&mut out, state);
    if let Some(result) = &state.view.result {
        ledger(&mut out, result);
        calls(&mut out, state, result);
        answer(&mut out, result);
    }
    if let Some(pin) = state.kept().pin {
        out.push_str(&format!(
            "\nRule {}, version {}.\n",
            pin.action, pin.version
        ));
    }
    if state.session.is_edited() {
        out.push_str("\nTranslated with an edited rule; the link has it.\n");
    }
    finished(&out, link)
}

/// The link goes in last: what is packed in it has been looked through already.
fn finished(text: &str, link: &str) -> String {
    let title = "Open in Stacklens";
    format!("{}\n[{title}]({link})\n", scrub::scrub(text, &[]).text)
}

fn head(out: &mut String, state: &State) {
    let view = &state.view;
    let action = view
        .result
        .as_ref()
        .map_or("EC2 request", |result| &result.action);
    out.push_str(&format!("# {action}\n\n"));
    let dialect = view.reading.dialect;
    out.push_str(&format!("{}:\n\n", dialects::name(dialect)));
    fence(out, dialects::language(dialect), &view.text);
    if let Some(result) = &view.result {
        out.push_str(&format!("\n{}.\n", sentence(&result.ledger)));
    }
    for one in &view.taken.stand_ins {
        if let Some(used) = &one.used {
            out.push_str(&format!(
                "\nThe in-browser cloud has no `{}`; `{used}` stands in for it.\n",
                one.given
            ));
        }
    }
    for key in &view.taken.left_out {
        out.push_str(&format!("\nAs if {key} were not given.\n"));
    }
}

fn ledger(out: &mut String, result: &Translated) {
    if result.ledger.is_empty() {
        return;
    }
    out.push_str(
        "\n## Ledger\n\n| State | Parameter | Value | Why | Rule |\n|---|---|---|---|---|\n",
    );
    for row in result.ledger.iter() {
        let rule = row
            .rule
            .as_ref()
            .map(|rule| format!("{}:{}", rule.file, rule.line));
        let reason = match (&row.reason, &row.gap) {
            (Some(reason), Some(gap)) => format!("{reason} (gap {gap})"),
            (reason, gap) => reason.clone().or_else(|| gap.clone()).unwrap_or_default(),
        };
        let cells = [
            word(row.state),
            &row.key,
            &row.text,
            &reason,
            &rule.unwrap_or_default(),
        ];
        out.push_str(&format!("| {} |\n", cells.map(cell).join(" | ")));
    }
}

fn calls(out: &mut String, state: &State, result: &Translated) {
    out.push_str("\n## OpenStack calls\n");
    for call in result.calls.iter() {
        let phase = match call.phase {
            Phase::Read => "reads",
            Phase::Change => "changes",
            Phase::Undo => "takes back",
        };
        out.push_str(&format!(
            "\n### {}. {} {phase}, round {}\n\n",
            call.id + 1,
            call.name,
            call.round + 1
        ));
        fence(
            out,
            call_language(state),
            &writing::call(state.form, &call.call),
        );
        reply(out, call);
    }
}

fn reply(out: &mut String, call: &TracedCall) {
    let Some(reply) = &call.reply else {
        return;
    };
    out.push_str(&format!("\nReply {}", reply.status));
    if reply.body.is_empty() {
        out.push_str(", without a body.\n");
    } else {
        out.push_str(":\n\n");
        fence(out, "json", &json::layout(&reply.body, "r").text);
    }
}

fn answer(out: &mut String, result: &Translated) {
    let Some(view) = &result.answer else {
        return;
    };
    out.push_str(&format!(
        "\n## EC2 answer\n\nStatus {}\n\n",
        view.answer.status
    ));
    fence(out, "xml", &view.doc.text);
    if !view.answer.unfilled.is_empty() {
        out.push_str(&format!(
            "\nNot filled: {}.\n",
            view.answer.unfilled.join(", ")
        ));
    }
}

fn call_language(state: &State) -> &'static str {
    match state.form.file_ending() {
        "py" => "python",
        other => other,
    }
}

/// A block of code, fenced by more backticks than it holds itself.
fn fence(out: &mut String, language: &str, code: &str) {
    let longest = code
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    out.push_str(&format!(
        "{fence}{language}\n{}\n{fence}\n",
        code.trim_end_matches('\n')
    ));
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_cells_stay_where_they_are_put() {
        let mut out = String::new();
        fence(&mut out, "sh", "echo ```x```\n");
        assert_eq!(out, "````sh\necho ```x```\n````\n");
        assert_eq!(cell("a|b\nc"), "a\\|b c");
    }
}
