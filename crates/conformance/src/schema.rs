//! JSON Schemas of the files, made from the types that read them.

use schemars::schema_for;

use crate::format::{Needs, Scenario, UndoTable};

/// File name and text of each schema.
#[must_use]
pub fn schemas() -> Vec<(&'static str, String)> {
    let text = |schema: schemars::Schema| {
        let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        text.push('\n');
        text
    };
    vec![
        ("scenario.schema.json", text(schema_for!(Scenario))),
        ("needs.schema.json", text(schema_for!(Needs))),
        ("undo.schema.json", text(schema_for!(UndoTable))),
    ]
}
