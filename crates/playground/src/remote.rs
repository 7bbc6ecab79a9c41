//! What is asked of the page's second program, `crates/workshop-module`: clouds, and other forms of calls than HTTP.
//!
//! A fault over there is an exception here: the page is told of it, and the call is answered as by a service that is down.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use openstack_wire::render::{Issued, Style};
use openstack_wire::{Call, Reply};
use rules::Rules;
use simcloud::View;
use wasm_bindgen::prelude::*;

use crate::bench::Bench;
use crate::browser;
use crate::cloud_host::{CloudHost, HostedCloud};
use crate::remote_view;

#[wasm_bindgen]
extern "C" {
    /// The second program's module.
    pub type Module;

    #[wasm_bindgen(method, catch)]
    fn cloud(this: &Module, seed: u32, now: f64) -> Result<Held, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn write_call(this: &Module, style: usize, call: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn write_script(this: &Module, style: usize, calls: &str) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn facts(this: &Module) -> Result<Vec<u8>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn packed_rules(this: &Module) -> Result<Vec<u8>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn names(this: &Module) -> Result<String, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn rule_paths(this: &Module) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn rule_text(this: &Module, path: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn rule_sheet(
        this: &Module,
        path: &str,
        text: &str,
        marked: &[u32],
        buttons: bool,
        edited: bool,
    ) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn edit_rules(this: &Module, edits: &str) -> Result<Option<Vec<u8>>, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn rule_problems(this: &Module, shown: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cases_go_on(this: &Module) -> Result<bool, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cases_sentence(this: &Module) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cases_list(this: &Module) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn patch_form(this: &Module) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn make_patch(this: &Module, letter: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn patch_file(this: &Module) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn patch_text(this: &Module) -> Result<String, JsValue>;

    /// A cloud over there.
    type Held;

    #[wasm_bindgen(method, catch)]
    fn fork(this: &Held) -> Result<Held, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn free(this: &Held) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn handle(this: &Held, call: &str, now: f64) -> Result<HeldReply, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn token(this: &Held, user: &str, project: &str, now: f64) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn owner(this: &Held, access_key: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn set_quota(
        this: &Held,
        project: &str,
        service: &str,
        name: &str,
        limit: i32,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn view(this: &Held) -> Result<String, JsValue>;

    /// A reply over there.
    type HeldReply;

    #[wasm_bindgen(method, catch)]
    fn free(this: &HeldReply) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn status(this: &HeldReply) -> Result<u16, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn headers(this: &HeldReply) -> Result<String, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn body(this: &HeldReply) -> Result<Vec<u8>, JsValue>;
}

/// The second program as a host of clouds. The facts that only it has are put to use here as well.
pub fn host(module: Module) -> Rc<dyn CloudHost> {
    if let (Some(table), Some(names)) = (told(module.facts()), told(module.names())) {
        ec2_model::use_facts(table.leak(), names.leak());
    }
    let module = Rc::new(module);
    MODULE.set(Some(module.clone()));
    let bench = Rc::new(RemoteBench(module.clone()));
    Rc::new(Remote(module, bench))
}

thread_local! {
    static MODULE: RefCell<Option<Rc<Module>>> = const { RefCell::new(None) };
}

/// A call in a form that the second program writes; `None` while it is not there.
pub fn write_call(style: Style, call: &Call) -> Option<String> {
    let module = MODULE.with_borrow(Clone::clone)?;
    let call = serde_json::to_string(call).ok()?;
    told(module.write_call(number(style), &call))?
}

/// The same for a script.
pub fn write_script(style: Style, calls: &[Issued<'_>]) -> Option<String> {
    let module = MODULE.with_borrow(Clone::clone)?;
    let calls: Vec<_> = calls
        .iter()
        .map(|issued| (issued.name, issued.call, issued.reply, issued.origins))
        .collect();
    let calls = serde_json::to_string(&calls).ok()?;
    told(module.write_script(number(style), &calls))?
}

fn number(style: Style) -> usize {
    Style::ALL
        .iter()
        .position(|known| *known == style)
        .unwrap_or_default()
}

struct Remote(Rc<Module>, Rc<RemoteBench>);

impl CloudHost for Remote {
    fn cloud(&self, seed: u64, now: i64) -> Box<dyn HostedCloud> {
        // Seeds of the page are small.
        Box::new(RemoteCloud(told(self.0.cloud(seed as u32, now as f64))))
    }

    fn rules(&self) -> Option<Rules> {
        Rules::unpack(&told(self.0.packed_rules())?)
    }

    fn bench(&self) -> Option<Rc<dyn Bench>> {
        Some(self.1.clone())
    }
}

/// Rules are edited over there.
struct RemoteBench(Rc<Module>);

impl Bench for RemoteBench {
    fn paths(&self) -> Vec<String> {
        let paths = told(self.0.rule_paths()).unwrap_or_default();
        paths.lines().map(str::to_owned).collect()
    }

    fn text(&self, path: &str) -> Option<String> {
        told(self.0.rule_text(path))?
    }

    fn edit(&self, edits: &BTreeMap<String, String>) -> Option<Rules> {
        let edits = serde_json::to_string(edits).ok()?;
        Rules::unpack(&told(self.0.edit_rules(&edits))??)
    }

    fn sheet(&self, path: &str, text: &str, marked: &[u32], buttons: bool, edited: bool) -> String {
        told(self.0.rule_sheet(path, text, marked, buttons, edited)).unwrap_or_default()
    }

    fn problems(&self, shown: &str) -> String {
        told(self.0.rule_problems(shown)).unwrap_or_default()
    }

    fn go_on(&self) -> bool {
        told(self.0.cases_go_on()).unwrap_or_default()
    }

    fn sentence(&self) -> String {
        told(self.0.cases_sentence()).unwrap_or_default()
    }

    fn list(&self) -> String {
        told(self.0.cases_list()).unwrap_or_default()
    }

    fn form(&self) -> String {
        told(self.0.patch_form()).unwrap_or_default()
    }

    fn make_patch(&self, letter: &str) -> String {
        told(self.0.make_patch(letter)).unwrap_or_default()
    }

    fn patch(&self) -> (String, String) {
        let file = told(self.0.patch_file()).unwrap_or_default();
        (file, told(self.0.patch_text()).unwrap_or_default())
    }
}

/// `None` once the program over there has failed.
struct RemoteCloud(Option<Held>);

impl RemoteCloud {
    fn ask<T>(&self, question: impl FnOnce(&Held) -> Result<T, JsValue>) -> Option<T> {
        self.0.as_ref().and_then(|held| told(question(held)))
    }
}

impl Drop for RemoteCloud {
    fn drop(&mut self) {
        self.ask(Held::free);
    }
}

impl HostedCloud for RemoteCloud {
    fn fork(&self) -> Box<dyn HostedCloud> {
        Box::new(Self(self.ask(Held::fork)))
    }

    fn handle(&mut self, call: &Call, now: i64) -> Reply {
        let call = serde_json::to_string(call).unwrap_or_default();
        let reply = self.ask(|held| {
            let reply = held.handle(&call, now as f64)?;
            let taken = Reply {
                status: reply.status()?,
                headers: serde_json::from_str(&reply.headers()?).unwrap_or_default(),
                body: String::from_utf8(reply.body()?).unwrap_or_default(),
            };
            reply.free()?;
            Ok(taken)
        });
        reply.unwrap_or_else(|| Reply {
            status: 503,
            headers: Vec::new(),
            body: "The in-browser cloud met a fault of its own; reload the page.".into(),
        })
    }

    fn token(&mut self, user: &str, project: &str, now: i64) -> String {
        self.ask(|held| held.token(user, project, now as f64))
            .unwrap_or_default()
    }

    fn owner(&self, access_key: &str) -> (String, String) {
        let owner = self.ask(|held| held.owner(access_key)).unwrap_or_default();
        let (user, project) = owner.split_once(' ').unwrap_or_default();
        (user.into(), project.into())
    }

    fn set_quota(&mut self, project: &str, service: &str, name: &str, limit: i64) {
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        self.ask(|held| held.set_quota(project, service, name, limit));
    }

    fn view(&self) -> View {
        self.ask(Held::view)
            .map(|view| remote_view::read(&view))
            .unwrap_or_default()
    }
}

/// What was answered; a fault is told to the reader of the page.
fn told<T>(answer: Result<T, JsValue>) -> Option<T> {
    answer.inspect_err(browser::show_fault).ok()
}
