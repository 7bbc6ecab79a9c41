//! The page: paste an EC2 request, see what OpenStack does with it and the EC2 answer.
//!
//! Everything visible is drawn from plain data: [`session`] turns a text and a cloud into a [`session::View`], and the
//! components draw it. Only `browser`, `start`, `remote`, `app`, `pages`, `playground`, `habits` and `components` touch the browser; the rest runs and is tested natively.
#![deny(missing_docs)]

pub mod action;
pub mod arrival;
pub mod bench;
pub mod carried;
pub mod cli_answer;
pub mod cloud_host;
pub mod desk;
pub mod dialects;

pub mod drawing;
pub mod drive;
pub mod examples;
pub mod highlight;
pub mod in_force;
pub mod inventory;
pub mod keep;
pub mod ledger;
pub mod lessons;
pub mod link;
pub mod lit;
pub mod paint;
pub mod part;
pub mod pins;
pub mod position;
pub mod pretty;
pub mod rendering;
pub mod report;
pub mod route;
pub mod samples;
pub mod session;
pub mod shared;
pub mod stage;
pub mod stand_ins;
pub mod state;
pub mod undone;
pub mod unfilled;

mod app;
mod browser;
mod components;
mod habits;
mod pages;
mod playground;
mod reading;
mod remote;
mod remote_view;
mod start;
mod writing;

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes the page over from the static document.
#[wasm_bindgen(start)]
pub fn main() {
    start::start();
}

/// Takes the second program, `crates/workshop-module`, once it is there.
#[wasm_bindgen]
pub fn attach(module: remote::Module) {
    arrival::say(Some(remote::host(module)));
}

/// Is told that the second program does not come.
#[wasm_bindgen]
pub fn alone(fault: &wasm_bindgen::JsValue) {
    web_sys::console::warn_1(fault);
    arrival::say(None);
}
