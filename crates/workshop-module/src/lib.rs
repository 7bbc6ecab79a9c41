//! The second program of the page, fetched once the first one answers key presses: the simulated cloud,
//! other forms of calls than HTTP, and rules under edit. It has its own memory; what crosses over is text, bytes and handles.
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod cloud;
mod rule;
mod writing;

pub use cloud::{HeldCloud, HeldReply, cloud};
pub use rule::{
    cases_go_on, cases_list, cases_sentence, edit_rules, make_patch, patch_file, patch_form,
    patch_text, rule_paths, rule_problems, rule_sheet, rule_text,
};
pub use writing::{write_call, write_script};

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn error(text: &str);
}

/// Makes the program ready.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| error(&panic.to_string())));
    let (table, names) = ec2_model::all();
    ec2_model::use_facts(table, names);
}

/// What EC2 says of every action: the table for `ec2_model::use_facts`.
#[wasm_bindgen]
pub fn facts() -> Vec<u8> {
    ec2_model::all().0.to_vec()
}

/// All rules, packed: the first program begins with few.
#[wasm_bindgen]
pub fn packed_rules() -> Vec<u8> {
    packed_rules::packed().to_vec()
}

/// The names that belong to [`facts`].
#[wasm_bindgen]
pub fn names() -> String {
    ec2_model::all().1.to_owned()
}
