//! A trace as text for people: the request, the calls in order, the answer.

use translator::trace::{Answer, LedgerRow, LedgerState, Phase, Trace, TracedCall};

use super::paint::{Paint, harmless, shortened, wrapped};
use super::{fitting, indent};
use openstack_wire::Fault;

/// Width of the text.
const WIDTH: usize = 100;
/// Widest column of parameter names.
const KEYS: usize = 46;
/// Elements without a value that are named.
const UNFILLED: usize = 12;

/// The whole story.
pub fn text(trace: &Trace, dialect: &str, paint: Paint) -> String {
    let mut out = format!(
        "{}  {}\n",
        paint.bold(&harmless(&trace.action)),
        paint.dim(&format!("read as {dialect}"))
    );
    parameters(&mut out, &trace.ledger, paint);
    calls(&mut out, &trace.calls, paint);
    if let Some(given) = &trace.answer {
        answer(&mut out, given, paint);
    }
    out
}

fn name_of(state: LedgerState) -> &'static str {
    match state {
        LedgerState::Mapped => "mapped",
        LedgerState::Lossy => "lossy",
        LedgerState::Ignored => "ignored",
        LedgerState::Refused => "refused",
        LedgerState::Gap => "gap",
        LedgerState::Unknown => "unknown",
    }
}

fn coloured(state: LedgerState, text: &str, paint: Paint) -> String {
    match state {
        LedgerState::Mapped => paint.green(text),
        LedgerState::Ignored => paint.dim(text),
        LedgerState::Lossy => paint.yellow(text),
        LedgerState::Refused | LedgerState::Gap | LedgerState::Unknown => paint.red(text),
    }
}

/// "3 parameters: 2 mapped, 1 gap"
fn count_sentence(ledger: &[LedgerRow]) -> String {
    let mut states: Vec<(LedgerState, usize)> = Vec::new();
    for row in ledger {
        match states.iter_mut().find(|(state, _)| *state == row.state) {
            Some((_, count)) => *count += 1,
            None => states.push((row.state, 1)),
        }
    }
    let counts: Vec<String> = states
        .iter()
        .map(|(state, count)| format!("{count} {}", name_of(*state)))
        .collect();
    match ledger.len() {
        0 => "No parameters".into(),
        1 => format!("1 parameter: {}", name_of(ledger[0].state)),
        n => format!("{n} parameters: {}", counts.join(", ")),
    }
}

fn parameters(out: &mut String, ledger: &[LedgerRow], paint: Paint) {
    out.push_str(&format!("\n{}\n", paint.bold(&count_sentence(ledger))));
    let widest = ledger
        .iter()
        .map(|row| row.key.chars().count())
        .max()
        .unwrap_or(0)
        .min(KEYS);
    for row in ledger {
        let key = shortened(&harmless(&row.key), KEYS);
        let value = shortened(&harmless(&row.text), WIDTH.saturating_sub(14 + widest));
        let state = coloured(row.state, &format!("{:<8}", name_of(row.state)), paint);
        out.push_str(format!("  {state}  {key:<widest$}  {value}").trim_end());
        out.push('\n');
        let place = row
            .rule
            .as_ref()
            .map(|rule| format!("{}:{}", rule.file, rule.line));
        let note = [
            row.reason.clone(),
            row.gap.as_ref().map(|gap| format!("Gap {gap}.")),
            place.filter(|_| row.reason.is_some()),
        ];
        let note: Vec<String> = note.into_iter().flatten().collect();
        for line in wrapped(&harmless(&note.join("  ")), WIDTH - 12) {
            out.push_str(&format!("            {}\n", paint.dim(&line)));
        }
    }
}

fn calls(out: &mut String, calls: &[TracedCall], paint: Paint) {
    let rounds = calls
        .iter()
        .map(|call| call.round)
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    let sentence = match (calls.len(), rounds) {
        (0, _) => "No OpenStack calls".to_owned(),
        (1, _) => "1 OpenStack call".to_owned(),
        (n, 1) => format!("{n} OpenStack calls, together"),
        (n, rounds) => format!("{n} OpenStack calls in {rounds} rounds"),
    };
    out.push_str(&format!("\n{}\n", paint.bold(&sentence)));
    let first = calls.first().map_or(0, |call| call.round);
    let mut round = None;
    for traced in calls {
        let number = if round == Some(traced.round) {
            String::new()
        } else {
            (traced.round.saturating_sub(first) + 1).to_string()
        };
        round = Some(traced.round);
        call(out, traced, &number, paint);
    }
}

fn call(out: &mut String, traced: &TracedCall, number: &str, paint: Paint) {
    let call = &traced.call;
    let service = match &call.microversion {
        Some(version) => format!("{} {version}", call.service),
        None => call.service.clone(),
    };
    let target = harmless(&call.target());
    let room = WIDTH - 40;
    let mut lines = pieces(&target, room).into_iter();
    let first = lines.next().unwrap_or_default();
    let status = match &traced.reply {
        None => paint.dim("  —"),
        Some(reply) if reply.status < 400 && reply.status > 0 => {
            paint.green(&reply.status.to_string())
        }
        Some(reply) => paint.red(&reply.status.to_string()),
    };
    let method = if traced.phase == Phase::Read {
        format!("{:<6}", call.method)
    } else {
        paint.bold(&format!("{:<6}", call.method))
    };
    out.push_str(&format!(
        "  {number:>3}  {method}  {:<19}  {first:<room$} {status}\n",
        shortened(&harmless(&service), 19)
    ));
    for line in lines {
        out.push_str(&format!("{}{line}\n", " ".repeat(36)));
    }
    if traced.phase == Phase::Undo {
        out.push_str(&format!(
            "       {}\n",
            paint.yellow("takes an earlier change back")
        ));
    }
    if let Some(body) = &call.body {
        out.push_str(&format!("       {}\n", fitting::json(body, 7, WIDTH)));
    }
    if let Some(fault) = traced.reply.as_ref().and_then(Fault::of) {
        let taken = traced
            .fault
            .as_ref()
            .map(|taken| format!("  → {taken}"))
            .unwrap_or_default();
        for line in wrapped(&harmless(&format!("{fault}{taken}")), WIDTH - 7) {
            out.push_str(&format!("       {}\n", paint.yellow(&line)));
        }
    }
}

/// A text without spaces in pieces of at most `width` characters, cut before `&` and `/` where that is possible.
fn pieces(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut part = String::new();
    let flush = |part: &mut String, lines: &mut Vec<String>| {
        for cut in wrapped(part, width) {
            match lines.last_mut() {
                Some(line) if line.chars().count() + cut.chars().count() <= width => {
                    line.push_str(&cut)
                }
                _ => lines.push(cut),
            }
        }
        part.clear();
    };
    for c in text.chars() {
        if matches!(c, '&' | '/' | '?') {
            flush(&mut part, &mut lines);
        }
        part.push(c);
    }
    flush(&mut part, &mut lines);
    lines
}

fn answer(out: &mut String, answer: &Answer, paint: Paint) {
    let heading = match &answer.error {
        Some(error) => format!("Answer: {} {}", answer.status, harmless(&error.code)),
        None => format!("Answer: {}", answer.status),
    };
    out.push_str(&format!("\n{}\n", paint.bold(&heading)));
    for line in indent::xml(&answer.xml).lines() {
        out.push_str(&format!("  {}\n", harmless(line)));
    }
    for left in &answer.left_behind {
        for line in wrapped(&harmless(&format!("Left behind: {left}")), WIDTH - 2) {
            out.push_str(&format!("  {}\n", paint.red(&line)));
        }
    }
    if !answer.unfilled.is_empty() {
        let named: Vec<&str> = answer
            .unfilled
            .iter()
            .take(UNFILLED)
            .map(String::as_str)
            .collect();
        let further = answer.unfilled.len().saturating_sub(UNFILLED);
        let further = if further > 0 {
            format!(" and {further} more")
        } else {
            String::new()
        };
        let sentence = format!(
            "{} elements of the answer have nothing behind them: {}{further}.",
            answer.unfilled.len(),
            named.join(", ")
        );
        out.push('\n');
        for line in wrapped(&harmless(&sentence), WIDTH - 2) {
            out.push_str(&format!("  {}\n", paint.dim(&line)));
        }
    }
}

#[cfg(test)]
mod tests {
    use openstack_wire::{Call, Method, Reply};
    use serde_json::json;
    use translator::trace::RuleLine;

    use super::*;

    fn rule() -> RuleLine {
        RuleLine {
            file: "volume/CreateVolume.yaml".into(),
            line: 7,
        }
    }

    fn row(
        key: &str,
        text: &str,
        state: LedgerState,
        reason: Option<&str>,
        gap: Option<&str>,
    ) -> LedgerRow {
        LedgerRow {
            pointer: None,
            key: key.into(),
            text: text.into(),
            span: None,
            state,
            reason: reason.map(str::to_owned),
            gap: gap.map(str::to_owned),
            rule: Some(rule()),
        }
    }

    fn traced(
        id: u32,
        round: u32,
        phase: Phase,
        call: Call,
        status: u16,
        body: &str,
        fault: Option<&str>,
    ) -> TracedCall {
        TracedCall {
            id,
            name: "c".into(),
            round,
            phase,
            call,
            reply: Some(Reply {
                status,
                headers: vec![],
                body: body.into(),
            }),
            fault: fault.map(str::to_owned),
            links: vec![],
            rule: rule(),
        }
    }

    #[test]
    fn a_story_reads_well() {
        let make = Call {
            microversion: Some("3.59".into()),
            ..Call::new(Method::Post, "block-storage", "/volumes")
                .with_body(json!({"volume": {"size": 8}}))
        };
        let trace = Trace {
            action: "CreateVolume".into(),
            ledger: vec![
                row("Size", "8", LedgerState::Mapped, None, None),
                row(
                    "Iops",
                    "3000",
                    LedgerState::Gap,
                    Some("Cinder sets the rate per volume type."),
                    Some("iops-per-volume"),
                ),
            ],
            calls: vec![
                traced(
                    0,
                    0,
                    Phase::Read,
                    Call::new(Method::Get, "block-storage", "/types"),
                    200,
                    "{}",
                    None,
                ),
                traced(
                    1,
                    1,
                    Phase::Change,
                    make,
                    413,
                    r#"{"overLimit": {"message": "Too many volumes."}}"#,
                    Some("VolumeLimitExceeded"),
                ),
            ],
            answer: Some(Answer {
                status: 400,
                xml: "<Response><Errors/></Response>".into(),
                ..Answer::default()
            }),
        };
        let expected = "\
CreateVolume  read as query

2 parameters: 1 mapped, 1 gap
  mapped    Size  8
  gap       Iops  3000
            Cinder sets the rate per volume type. Gap iops-per-volume. volume/CreateVolume.yaml:7

2 OpenStack calls in 2 rounds
    1  GET     block-storage        /types                                                       200
    2  POST    block-storage 3.59   /volumes                                                     413
       { \"volume\": { \"size\": 8 } }
       413: Too many volumes. → VolumeLimitExceeded

Answer: 400
  <Response>
    <Errors/>
  </Response>
";
        assert_eq!(text(&trace, "query", Paint(false)), expected);
    }

    #[test]
    fn no_line_is_wider_than_the_page() {
        let long = "x".repeat(300);
        let call = Call::new(Method::Get, "network", format!("/v2.0/{long}"))
            .with_query("id", &long)
            .with_query("tags", "a");
        let trace = Trace {
            action: "A".into(),
            ledger: vec![row(
                &long,
                &long,
                LedgerState::Unknown,
                Some(&long),
                Some(&long),
            )],
            calls: vec![traced(0, 0, Phase::Read, call, 500, &long, None)],
            answer: None,
        };
        for line in text(&trace, "query", Paint(false)).lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }
}
