//! Calls as text in their four forms. HTTP is written here; the other forms are written by the page's second program, for
//! their tables are large and nobody needs them before a click.

use openstack_wire::Call;
use openstack_wire::render::{self, Issued, Style};

/// What stands there until the second program does.
const LATER: &str =
    "This form is written by the part of the page that comes with the in-browser cloud.";

/// One call, without what a script declares around it.
pub fn call(style: Style, call: &Call) -> String {
    match style {
        Style::Http => render::http(call),
        style => elsewhere::write_call(style, call).unwrap_or_else(|| LATER.into()),
    }
}

/// A sequence of calls as a script that runs as it stands.
pub fn script(style: Style, calls: &[Issued<'_>]) -> String {
    match style {
        Style::Http => render::http_script(calls),
        style => elsewhere::write_script(style, calls).unwrap_or_else(|| LATER.into()),
    }
}

/// The page asks its second program; a native program is of one piece.
mod elsewhere {
    use super::{Call, Issued, Style, render};
    use crate::remote;

    pub fn write_call(style: Style, call: &Call) -> Option<String> {
        if cfg!(target_arch = "wasm32") {
            remote::write_call(style, call)
        } else {
            Some(render::call(style, call))
        }
    }

    pub fn write_script(style: Style, calls: &[Issued<'_>]) -> Option<String> {
        if cfg!(target_arch = "wasm32") {
            remote::write_script(style, calls)
        } else {
            Some(render::script(style, calls))
        }
    }
}
