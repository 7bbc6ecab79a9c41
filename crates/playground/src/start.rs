//! How the program takes the page over from the static document.
//!
//! The document shows its first example whole: calls, replies, answer. The program could draw only half of it before the
//! cloud is there, so it waits for the cloud, unless a person does something first or something else is to be shown.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use translator::Engine;
use web_sys::Document;
use yew::functional::Reducible;

use crate::app::{App, Props, Start};
use crate::arrival;
use crate::browser::{self, document, input};
use crate::keep::Kept;
use crate::route::Route;
use crate::session::Session;
use crate::state::{Action, State};

/// What a person does that the static document cannot answer.
const DEEDS: [&str; 4] = ["input", "keydown", "pointerdown", "change"];

/// Starts the page on what stands in the document.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        browser::show_fault(&panic.to_string().into());
    }));
    let (table, names) = packed_rules::first_facts();
    ec2_model::use_facts(table, names);
    let engine = Rc::new(Engine::new(packed_rules::first()));
    let kept = browser::kept();
    let Some(document) = document() else { return };
    let as_drawn = kept.is_none()
        && matches!(browser::fragment().as_str(), "" | "#" | "#/")
        && input(&document).is_some_and(|area| untouched(&area));
    let mount = move || mount(engine, kept.as_ref());
    browser::mark("answers-keys");
    if as_drawn {
        hold(&document, mount);
    } else {
        mount();
    }
}

/// Mounts when the cloud is there, or when a person does something.
fn hold(document: &Document, mount: impl FnOnce() + 'static) {
    let mount = Rc::new(RefCell::new(Some(mount)));
    let mount = Rc::new(move || {
        let mount = mount.borrow_mut().take();
        if let Some(mount) = mount {
            mount();
        }
    });
    let listen = |target: &web_sys::EventTarget, deed| {
        let mount = mount.clone();
        EventListener::once(target, deed, move |_| {
            // After the deed has had its effect on the document that is there.
            Timeout::new(0, move || mount()).forget();
        })
        .forget();
    };
    for deed in DEEDS {
        listen(document, deed);
    }
    if let Some(window) = web_sys::window() {
        listen(&window, "hashchange");
    }
    arrival::when_known(move |_| mount());
}

fn mount(engine: Rc<Engine>, kept: Option<&Kept>) {
    let Some(document) = document() else { return };
    let Some(root) = document.get_element_by_id("app") else {
        return;
    };
    let area = input(&document);
    let stood = area
        .as_ref()
        .and_then(|area| area.default_value().ok())
        .unwrap_or_default();
    let typed = area
        .as_ref()
        .filter(|area| !untouched(area))
        .map(|area| area.value())
        .filter(|text| !text.is_empty());
    let held = area.as_ref().is_some_and(|area| {
        document
            .active_element()
            .is_some_and(|active| active.is_same_node(Some(area)))
    });
    let selection =
        area.and_then(|area| Some((area.selection_start().ok()??, area.selection_end().ok()??)));

    let now = browser::now();
    let more = arrival::here().and_then(|host| host.rules());
    let engine = more.map_or(engine, |rules| Rc::new(Engine::new(rules)));
    let session = match kept {
        Some(kept) => Session::waiting_for(engine, kept),
        None => Session::waiting(engine, now),
    };
    let session = match arrival::here() {
        Some(host) => session.attach(host),
        None => session,
    };
    let example = session.examples().first().cloned();
    let example = example.filter(|_| session.has_cloud()).unwrap_or(stood);
    let mut state = match kept {
        Some(kept) => State::of(session, kept, now),
        None => State::new(session, &example, now),
    };
    // What a person typed meanwhile goes before what was kept, and that before the example that stood there.
    if let Some(text) = typed {
        state = State::clone(&Rc::new(state).reduce(Action::Type(text, now)));
    }
    if let Some(action) = browser::opening(&Route::read(&browser::fragment())) {
        state = State::clone(&Rc::new(state).reduce(action));
    }
    yew::Renderer::<App>::with_root_and_props(
        root,
        Props {
            start: Start(Rc::new(state)),
        },
    )
    .render();

    if held {
        // Whoever was typing goes on typing; the program draws in a task of its own.
        Timeout::new(0, move || {
            if let Some(area) = input(&document) {
                let _ = area.focus();
                if let Some((start, end)) = selection {
                    let _ = area.set_selection_range(start, end);
                }
            }
        })
        .forget();
    }
}

/// Whether the input holds what the document was written with.
fn untouched(area: &web_sys::HtmlTextAreaElement) -> bool {
    area.default_value()
        .is_ok_and(|written| written == area.value())
}
