//! What the page takes from the browser: the clock, the address, storage, the theme.

use std::rc::Rc;

use gloo_storage::{LocalStorage, SessionStorage, Storage};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlTextAreaElement};

use crate::keep::Kept;
use crate::link;
use crate::route::Route;
use crate::stage::CloudStage;
use crate::state::{Action, State};

/// Where the session is kept.
const KEPT: &str = "stacklens.session";
/// Stands while a kept session is being brought back; if it is still there at the next start, that went wrong.
const TRYING: &str = "stacklens.trying";

/// Where the author of patches is remembered: name and address, one a line.
const AUTHOR: &str = "stacklens.author";

/// Milliseconds since the epoch.
pub fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// What stands behind `#` in the address.
pub fn fragment() -> String {
    web_sys::window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

/// Puts another fragment into the address, without a new entry in the history.
pub fn set_fragment(fragment: &str) {
    let Some(window) = web_sys::window() else {
        return;
    };
    // A document that may not change its address keeps a stale one, which only its reader can see.
    let _ = window
        .history()
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(fragment)));
    if let Ok(event) = web_sys::Event::new("hashchange") {
        // Nobody cancels it.
        let _ = window.dispatch_event(&event);
    }
}

/// The address of the page without its fragment.
pub fn address() -> String {
    let href = web_sys::window()
        .and_then(|window| window.location().href().ok())
        .unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// What an address asks for; `None` if it says nothing of a session.
pub fn opening(route: &Route) -> Option<Action> {
    Some(match link::read(route)? {
        Ok(kept) => Action::Open(Rc::new(kept), now()),
        Err(sentence) => Action::Warn(Some(sentence)),
    })
}

/// The title of the window.
pub fn set_title(title: String) {
    if let Some(document) = document() {
        document.set_title(&title);
    }
}

/// Milliseconds of a clock that only goes forward, for measuring.
pub fn milliseconds() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// The date as mail writes it.
pub fn mail_date() -> String {
    let date = String::from(js_sys::Date::new_0().to_utc_string());
    date.replace("GMT", "+0000")
}

/// Name and address of whoever made a patch here before.
pub fn author() -> (String, String) {
    let kept = LocalStorage::raw().get_item(AUTHOR).ok().flatten();
    let kept = kept.unwrap_or_default();
    let (name, address) = kept.split_once('\n').unwrap_or_default();
    (name.into(), address.into())
}

/// Remembers who makes patches, if it is what it should be.
pub fn remember_author(name: &str, address: &str) {
    let author = format!("{name}\n{address}");
    if author.len() < 200 && scrub::is_clean(&author) {
        // Where storage is full or closed, the author is asked again.
        let _ = LocalStorage::raw().set_item(AUTHOR, &author);
    }
}

/// Hands a text out as a file.
pub fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let address = web_sys::Blob::new_with_str_sequence(&parts)
        .and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob));
    let link = document().and_then(|document| document.create_element("a").ok());
    let link = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let (Ok(address), Some(link)) = (address, link) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
        // The address was made above, so it can be given back.
        let _ = web_sys::Url::revoke_object_url(&address);
    }
}

/// Types a text at the caret, as a key would, so that undo knows of it; whether the browser can.
pub fn insert(text: &str) -> bool {
    let Some(document) = document() else {
        return false;
    };
    let command = js_sys::Reflect::get(&document, &"execCommand".into());
    let Some(command) = command
        .ok()
        .and_then(|command| command.dyn_into::<js_sys::Function>().ok())
    else {
        return false;
    };
    command
        .call3(&document, &"insertText".into(), &false.into(), &text.into())
        .is_ok_and(|done| done.is_truthy())
}

/// Light, dark, or for anything else what the system says.
pub fn set_theme(theme: &str) {
    let Some(root) = document().and_then(|document| document.document_element()) else {
        return;
    };
    // The attribute's name is valid, so neither call can fail.
    let _ = match theme {
        "light" | "dark" => root.set_attribute("data-theme", theme),
        _ => root.remove_attribute("data-theme"),
    };
}

/// Keeps the session for this tab; called only after a translation that came to its end.
pub fn keep(state: &State) {
    // What was sent is only sent again once there is a cloud; until then the attempt is not over.
    if state.cloud == CloudStage::Coming {
        return;
    }
    SessionStorage::delete(TRYING);
    if state.view.stale {
        return;
    }
    let mut kept = state.kept();
    if state.skew == 0 {
        // Only a link's time stands still.
        kept.at = 0;
    }
    match kept.written() {
        // Where storage is full or closed, the session lasts as long as the page.
        Some(written) => drop(SessionStorage::raw().set_item(KEPT, &written)),
        None => SessionStorage::delete(KEPT),
    }
}

/// Notes a moment for measurements.
pub fn mark(name: &str) {
    if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
        // Only measurements read the mark.
        let _ = performance.mark(name);
    }
}

/// Says to tests and style sheets that the page is whole: the program has taken over and the cloud replies, or will not.
pub fn set_ready() {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // The attribute's name is valid, so this cannot fail.
        let _ = root.set_attribute("data-ready", "yes");
    }
    mark("first-translation");
}

/// Tells the reader that the page met a fault of its own.
pub fn show_fault(fault: &JsValue) {
    web_sys::console::error_1(fault);
    if let Some(notice) = document().and_then(|document| document.get_element_by_id("fault")) {
        // Removing an attribute that may be absent cannot fail.
        let _ = notice.remove_attribute("hidden");
    }
}

/// The kept session, unless the address asks for a clean start or the last attempt did not end.
pub fn kept() -> Option<Kept> {
    let route = Route::read(&fragment());
    let failed = SessionStorage::raw()
        .get_item(TRYING)
        .ok()
        .flatten()
        .is_some();
    if failed || route.value("safe").is_some() {
        SessionStorage::delete(KEPT);
        SessionStorage::delete(TRYING);
        return None;
    }
    let kept = Kept::read(&SessionStorage::raw().get_item(KEPT).ok()??)?;
    SessionStorage::raw().set_item(TRYING, "1").ok()?;
    Some(kept)
}

/// The input, of the static page or of the program.
pub fn input(document: &Document) -> Option<HtmlTextAreaElement> {
    document.get_element_by_id("request")?.dyn_into().ok()
}

/// The element of an id, as what it is.
pub fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The document.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}
