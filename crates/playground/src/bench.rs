//! Where rules are edited: the page asks a [`Bench`] and does not know whose memory the files and cases lie in.
//!
//! Texts, loader, linter and cases are much of what the page would weigh, so the built page holds them in its second
//! program, which also writes what is to be seen of them, as HTML.

use std::collections::BTreeMap;

use rules::Rules;

/// The rule files and the cases, and what edits do to them.
pub trait Bench {
    /// Paths of all rule files.
    fn paths(&self) -> Vec<String>;

    /// A rule file as it came.
    fn text(&self, path: &str) -> Option<String>;

    /// Takes these texts in place of those that came, and all others as they came. The rules with them; `None` if they
    /// have errors.
    fn edit(&self, edits: &BTreeMap<String, String>) -> Option<Rules>;

    /// The lines of a file with this text as HTML. Lines in force are `marked`; with `buttons` their numbers can be
    /// pressed; in an `edited` one what is wrong stands beside its line.
    fn sheet(&self, path: &str, text: &str, marked: &[u32], buttons: bool, edited: bool) -> String;

    /// What is wrong with the edits, as HTML; `shown` is the file that is looked at.
    fn problems(&self, shown: &str) -> String;

    /// Does the next piece of the work on the cases; `false` once all is done.
    fn go_on(&self) -> bool;

    /// How far the cases have come, in a sentence.
    fn sentence(&self) -> String;

    /// The cases that come out differently, as HTML.
    fn list(&self) -> String;

    /// The fields of a patch's letter, as HTML.
    fn form(&self) -> String;

    /// Makes a patch of the edits with a letter, given as JSON; what came of it, as HTML.
    fn make_patch(&self, letter: &str) -> String;

    /// File name and text of the patch that was made last; empty if none was.
    fn patch(&self) -> (String, String);
}
