//! The rules that come with the program, embedded when it is built.

use std::sync::OnceLock;

use crate::Rules;

include!(concat!(env!("OUT_DIR"), "/files.rs"));

impl Rules {
    /// The rules that come with the program, read once.
    ///
    /// A problem in them is found by this crate's tests, so it is not reported here; [`Rules::built_in_files`] gives
    /// the texts to load them anew.
    pub fn built_in() -> &'static Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| Rules::load(FILES.iter().copied()).0)
    }

    /// Path below the rules folder, and text, of every file that comes with the program.
    pub fn built_in_files() -> &'static [(&'static str, &'static str)] {
        FILES
    }
}
