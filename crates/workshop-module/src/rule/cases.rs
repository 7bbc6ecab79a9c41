//! The cases that an edit concerns, run piece by piece, so that the page stays free in between.

use std::fmt::Write as _;

use workshop::{Checked, Concerned, Line, Outcome, Part, Ran, Section, Side, Workshop};

use super::html;

/// Changed cases listed in each part; more are counted.
const SHOWN: usize = 60;
/// Lines of a difference; more are counted.
const LINES: usize = 400;

/// How far the cases have come.
#[derive(Default)]
pub struct Progress {
    begun: bool,
    /// Cases whose heads were read.
    warmed: usize,
    concerned: Option<Vec<Concerned>>,
    ran: Vec<Ran>,
}

impl Progress {
    /// Does the next piece of the work: reads what a case is about, or runs one. `false` once nothing is left. Cases run
    /// only with rules that can be used.
    pub fn go_on(&mut self, workshop: &mut Workshop, usable: bool) -> bool {
        self.begun = true;
        if workshop.warm(self.warmed) {
            self.warmed += 1;
            return true;
        }
        if !usable {
            return false;
        }
        let concerned = self.concerned.get_or_insert_with(|| workshop.concerned());
        let Some(next) = concerned.get(self.ran.len()) else {
            return false;
        };
        self.ran.push(workshop.run(&next.path));
        self.ran.len() < concerned.len()
    }

    /// Whether any work was done.
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    fn other(&self) -> impl Iterator<Item = (&Concerned, &Ran)> {
        let concerned = self.concerned.iter().flatten();
        let both = concerned.zip(&self.ran);
        both.filter(|(_, ran)| ran.outcome != Outcome::Same)
    }

    /// How far it came, in a sentence.
    pub fn sentence(&self, checked: &Checked) -> String {
        if !checked.changed {
            return String::new();
        }
        if !checked.usable {
            return "They run when the errors are mended.".into();
        }
        let done = self.ran.len();
        match self.concerned.as_ref().map(Vec::len) {
            None => "Looking for the cases that the edit concerns.".into(),
            Some(0) => "No case is concerned.".into(),
            Some(total) if done < total => format!(
                "Changes {} of {done} cases so far; {} to run.",
                self.other().count(),
                total - done
            ),
            Some(total) => format!(
                "Changes {} of {}.",
                self.other().count(),
                html::count(total, "case", "cases")
            ),
        }
    }

    /// The cases that come out differently, each with its difference.
    pub fn list(&self) -> String {
        let mut out = String::new();
        for (part, title) in [
            (Part::Request, "About this action"),
            (Part::Preparation, "Prepared by this action"),
        ] {
            let of = || self.other().filter(move |(case, _)| case.part == part);
            if of().next().is_none() {
                continue;
            }
            let _ = write!(out, "<h4>{title}</h4><ul>");
            for (case, ran) in of().take(SHOWN) {
                one(&mut out, case, ran);
            }
            out.push_str("</ul>");
            let more = of().count().saturating_sub(SHOWN);
            if more > 0 {
                let _ = write!(
                    out,
                    "<p class=\"quiet-text\">and {more} more; the patch has all</p>"
                );
            }
        }
        out
    }
}

fn one(out: &mut String, case: &Concerned, ran: &Ran) {
    let (title, path) = (html::text(&case.title), html::text(&case.path));
    match &ran.outcome {
        Outcome::Same => {}
        Outcome::Fails { why } => {
            let _ = write!(
                out,
                "<li><details class=\"case\"><summary><span class=\"state refused\"><span class=\"sign\" aria-hidden=\"true\">×</span>cannot be run</span> {title}</summary><p class=\"mono path\">{path}</p><p>{}</p></details></li>",
                html::text(why)
            );
        }
        Outcome::Changed { sections } => {
            let counts: Vec<String> = sections
                .iter()
                .map(|section| format!("{} +{} −{}", section.name, section.added, section.removed))
                .collect();
            let _ = write!(
                out,
                "<li><details class=\"case\"><summary>{title} <span class=\"quiet-text\">{}</span></summary><p class=\"mono path\">{path}</p>",
                html::text(&counts.join(", "))
            );
            for section in sections {
                difference(out, section, &title);
            }
            out.push_str("</details></li>");
        }
    }
}

/// The lines that differ; a sign says what the colour says.
fn difference(out: &mut String, section: &Section, title: &str) {
    let _ = write!(
        out,
        "<h5>{0}</h5><div class=\"difference\" role=\"group\" tabindex=\"0\" aria-label=\"What differs in {0} of {title}\">",
        html::text(&section.name)
    );
    for line in section.lines.iter().take(LINES) {
        let (class, sign, text) = told(line);
        let _ = write!(
            out,
            "<div class=\"{class}\"><span class=\"sign\">{sign}</span>{}</div>",
            html::text(&text)
        );
    }
    if section.lines.len() > LINES {
        let _ = write!(
            out,
            "<div class=\"between\"><span class=\"sign\">…</span>and {} more lines</div>",
            section.lines.len() - LINES
        );
    }
    out.push_str("</div>");
}

fn told(line: &Line) -> (&'static str, &'static str, String) {
    match line.side {
        Side::Both => ("both", " ", line.text.clone()),
        Side::Old => ("old", "−", line.text.clone()),
        Side::New => ("new", "+", line.text.clone()),
        Side::Between if line.text == "1" => ("between", "…", "1 line".into()),
        Side::Between => ("between", "…", format!("{} lines", line.text)),
    }
}
