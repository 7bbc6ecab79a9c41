//! The reference sections of the README, made from the tables that the program uses.

use std::fmt::Write as _;

use crate::format::{FORMS, Key, Takes};
use crate::functions::{FUNCTIONS, Function, JMESPATH};

/// Keys of every form, as Markdown.
pub fn keys() -> String {
    let mut out = String::new();
    for form in FORMS {
        let title = form
            .name
            .trim_start_matches("a ")
            .trim_start_matches("an ")
            .trim_start_matches("the ");
        let _ = writeln!(
            out,
            "\n### {}{}\n",
            title.get(..1).unwrap_or_default().to_uppercase(),
            title.get(1..).unwrap_or_default()
        );
        out.push_str("| key | holds | meaning |\n|---|---|---|\n");
        for key in form.keys {
            let must = if key.required { "**" } else { "" };
            let _ = writeln!(
                out,
                "| {must}`{}`{must} | {} | {} |",
                key.name,
                holds(key),
                key.about
            );
        }
    }
    out
}

fn holds(key: &Key) -> String {
    let bare = |name: &str| {
        name.trim_start_matches("a ")
            .trim_start_matches("an ")
            .trim_start_matches("the ")
            .to_owned()
    };
    match key.value {
        Takes::Text => "text".into(),
        Takes::Expression => "expression".into(),
        Takes::Template => "text with `{expressions}`".into(),
        Takes::Texts => "list of texts".into(),
        Takes::Expressions => "expression, or a list of them".into(),
        Takes::Tree => "value".into(),
        Takes::Trees => "names with values".into(),
        Takes::Constants => "constants".into(),
        Takes::Flag => "`true`".into(),
        Takes::Seconds => "`60 s`".into(),
        Takes::Loops => "`name in list`".into(),
        Takes::One(form) => bare(form.name),
        Takes::Many(form) => format!("list: {}", bare(form.name)),
        Takes::Named(form) => format!("names: {}", bare(form.name)),
        Takes::Undo => "`none`, a request line, or an undo".into(),
        Takes::Faults => "errors with their meaning".into(),
        Takes::Filters => "filters with a path or a note".into(),
        Takes::Rows => "rows".into(),
    }
}

/// Every function, as Markdown.
pub fn functions() -> String {
    let mut out = String::from("\n| function | gives |\n|---|---|\n");
    table(&mut out, FUNCTIONS);
    out.push_str("\nJMESPath's own:\n\n| function | gives |\n|---|---|\n");
    table(&mut out, JMESPATH);
    out
}

fn table(out: &mut String, functions: &[Function]) {
    for function in functions {
        let _ = writeln!(out, "| `{}` | {} |", function.signature(), function.about);
    }
}
