//! Calls in the forms that the first program does not write itself.

use openstack_wire::render::{self, Issued, Style};
use openstack_wire::{Call, Reply};
use wasm_bindgen::prelude::wasm_bindgen;

/// A call, given as JSON, in the style of that number in [`Style::ALL`].
#[wasm_bindgen]
pub fn write_call(style: usize, call: &str) -> Option<String> {
    let call: Call = serde_json::from_str(call).ok()?;
    Some(render::call(*Style::ALL.get(style)?, &call))
}

/// Calls, given as JSON lists of name, call, reply and the remarks on where its values come from, as a script.
#[wasm_bindgen]
pub fn write_script(style: usize, calls: &str) -> Option<String> {
    let calls: Vec<(String, Call, Option<Reply>, Vec<String>)> =
        serde_json::from_str(calls).ok()?;
    let issued: Vec<Issued<'_>> = calls
        .iter()
        .map(|(name, call, reply, origins)| Issued {
            name,
            call,
            reply: reply.as_ref(),
            origins,
        })
        .collect();
    Some(render::script(*Style::ALL.get(style)?, &issued))
}
