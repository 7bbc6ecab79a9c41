//! The rule beside the result, as the first program reaches it.
//!
//! This program has the texts, the loader, the linter and the cases; the first one has the page. So what is to be seen is
//! written here as HTML, and what is to be used crosses over as packed rules. In the HTML, `data-line` says which line of
//! the rule an element stands for and `data-do` what pressing it does.

mod cases;
mod html;
mod patch;
mod problems;
mod sheet;
mod yaml;

use std::cell::RefCell;
use std::collections::BTreeMap;

use rules::Rules;
use wasm_bindgen::prelude::wasm_bindgen;
use workshop::{Checked, Patch, Workshop};

/// What lies on the bench.
struct Bench {
    workshop: Workshop,
    checked: Checked,
    cases: cases::Progress,
    patch: Option<Patch>,
}

thread_local! {
    /// Read when somebody first edits: most visitors never do.
    static BENCH: RefCell<Bench> = RefCell::new(Bench {
        workshop: Workshop::new(Rules::built_in_files().iter().copied(), ::cases::files().iter().copied()),
        checked: Checked { usable: true, ..Checked::default() },
        cases: cases::Progress::default(),
        patch: None,
    });
}

/// Paths of all rule files, one a line.
#[wasm_bindgen]
pub fn rule_paths() -> String {
    let paths: Vec<&str> = Rules::built_in_files()
        .iter()
        .map(|(path, _)| *path)
        .collect();
    paths.join("\n")
}

/// A rule file as it came.
#[wasm_bindgen]
pub fn rule_text(path: &str) -> Option<String> {
    let files = Rules::built_in_files();
    let found = files.iter().find(|(known, _)| *known == path);
    found.map(|(_, text)| (*text).to_owned())
}

/// The lines of a rule file with this text, those in force marked, and what is wrong with them.
#[wasm_bindgen]
pub fn rule_sheet(path: &str, text: &str, marked: &[u32], buttons: bool, edited: bool) -> String {
    let remarks = match edited {
        true => BENCH.with_borrow(|bench| bench.checked.remarks.clone()),
        false => Vec::new(),
    };
    let own: Vec<_> = remarks
        .iter()
        .filter(|remark| remark.file == path)
        .collect();
    sheet::html(text, marked, buttons, &own)
}

/// Takes texts by path, as JSON, in place of those that came; the rules with them, packed, unless they have errors.
#[wasm_bindgen]
pub fn edit_rules(edits: &str) -> Option<Vec<u8>> {
    let edits: BTreeMap<String, String> = serde_json::from_str(edits).unwrap_or_default();
    BENCH.with_borrow_mut(|bench| {
        bench.checked = bench.workshop.edit_all(&edits);
        bench.cases = cases::Progress::default();
        bench.patch = None;
        let usable = bench.checked.usable;
        usable.then(|| bench.workshop.edited_rules().pack())
    })
}

/// What is wrong with the edits; `shown` is the file that is looked at.
#[wasm_bindgen]
pub fn rule_problems(shown: &str) -> String {
    BENCH.with_borrow(|bench| problems::html(&bench.checked, shown))
}

/// Does the next piece of the work on the cases; `false` once all is done.
#[wasm_bindgen]
pub fn cases_go_on() -> bool {
    BENCH.with_borrow_mut(|bench| {
        if !bench.cases.has_begun() {
            bench.checked = bench.workshop.look_at_all();
        }
        let usable = bench.checked.usable && bench.checked.changed;
        bench.cases.go_on(&mut bench.workshop, usable)
    })
}

/// How far the cases have come, in a sentence.
#[wasm_bindgen]
pub fn cases_sentence() -> String {
    BENCH.with_borrow(|bench| bench.cases.sentence(&bench.checked))
}

/// The cases that come out differently.
#[wasm_bindgen]
pub fn cases_list() -> String {
    BENCH.with_borrow(|bench| bench.cases.list())
}

/// The fields of a patch's letter.
#[wasm_bindgen]
pub fn patch_form() -> String {
    patch::FORM.to_owned()
}

/// Makes a patch of the edits with a letter, given as JSON; what came of it.
#[wasm_bindgen]
pub fn make_patch(letter: &str) -> String {
    BENCH.with_borrow_mut(|bench| {
        let made = patch::make(&mut bench.workshop, letter);
        let html = patch::html(&made);
        bench.patch = made.ok();
        html
    })
}

/// The name of the patch's file; empty if none was made.
#[wasm_bindgen]
pub fn patch_file() -> String {
    BENCH.with_borrow(|bench| {
        bench
            .patch
            .as_ref()
            .map_or(String::new(), |patch| patch.file.clone())
    })
}

/// The patch; empty if none was made.
#[wasm_bindgen]
pub fn patch_text() -> String {
    BENCH.with_borrow(|bench| {
        bench
            .patch
            .as_ref()
            .map_or(String::new(), |patch| patch.text.clone())
    })
}
