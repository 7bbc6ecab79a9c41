//! What the page does by itself: keep, speak, follow the cloud, listen to keys, bring things into view.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::browser;
use crate::components::help;
use crate::inventory;
use crate::part::Part;
use crate::route::Route;
use crate::shared::Shared;
use crate::state::{Action, State};

/// Quiet time after the last change before it is said aloud, in milliseconds.
const ALOUD: u32 = 600;
/// Quiet time after the last change before the session is kept, in milliseconds.
const PAUSE: u32 = 300;
/// How often the list of the cloud is read again while something in it is still on its way, in milliseconds.
const SETTLING: u32 = 1_500;

/// The page that the address names, followed as it changes.
#[hook]
pub fn use_route() -> Route {
    let route = use_state_eq(|| Route::read(&browser::fragment()));
    let set = route.setter();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "hashchange", move |_| {
                set.set(Route::read(&browser::fragment()));
            })
        });
        move || drop(listener)
    });
    (*route).clone()
}

/// Keeps the session once typing pauses; storage is slow beside a key press.
#[hook]
pub fn use_keeping(state: &State) {
    let state = state.clone();
    let changes = (
        Rc::as_ptr(&state.view),
        state.cloud_version,
        state.desk.version,
    );
    use_effect_with(changes, move |_| {
        let timer = Timeout::new(PAUSE, move || browser::keep(&state));
        move || drop(timer)
    });
}

/// What changed last, said once typing pauses.
#[hook]
pub fn use_aloud(state: &State, count: &str, linked: &AttrValue) -> AttrValue {
    let said = use_state_eq(AttrValue::default);
    let timer = use_mut_ref(|| None::<Timeout>);
    let set = said.setter();
    let news: AttrValue = match &state.notice {
        Some(notice) => format!("{notice} {count}").into(),
        None => count.to_owned().into(),
    };
    {
        let (timer, set) = (timer.clone(), set.clone());
        use_effect_with(news, move |news| {
            let news = news.clone();
            *timer.borrow_mut() = Some(Timeout::new(ALOUD, move || set.set(news)));
        });
    }
    let linked = linked.clone();
    use_effect_with(state.reveal, move |reveal| {
        if *reveal > 0 {
            *timer.borrow_mut() = None;
            set.set(linked);
        }
    });
    (*said).clone()
}

/// Reads the cloud again while something in it is still on its way.
#[hook]
pub fn use_settling(shelves: &Shared<Vec<inventory::Shelf>>, clock: &UseStateHandle<u32>) {
    let clock = clock.clone();
    use_effect_with(shelves.clone(), move |shelves| {
        let on_its_way = |status: &str| {
            matches!(
                status,
                "BUILD" | "creating" | "attaching" | "detaching" | "deleting" | "REBOOT" | "RESIZE"
            )
        };
        let due = shelves
            .iter()
            .flat_map(|shelf| &shelf.items)
            .any(|item| on_its_way(&item.status));
        let timer = due.then(|| Timeout::new(SETTLING, move || clock.set(*clock + 1)));
        move || drop(timer)
    });
}

#[hook]
pub fn use_shortcuts(dispatch: Rc<yew::functional::UseReducerDispatcher<State>>) {
    use_effect_with((), move |()| {
        let listener = web_sys::window()
            .and_then(|window| window.document())
            .map(|document| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&document, "keydown", options, move |event| {
                    let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                        return;
                    };
                    // A dialog has keys of its own.
                    if dialog_is_open() {
                        return;
                    }
                    let plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key();
                    if event.key() == "?" && plain && !is_typing(event) {
                        event.prevent_default();
                        help::show();
                        return;
                    }
                    if let Some(part) = part_of(event) {
                        event.prevent_default();
                        dispatch.dispatch(Action::Show(part));
                        go_to(part);
                        return;
                    }
                    let action = match (event.code().as_str(), event.key().as_str()) {
                        (_, "Enter") if event.ctrl_key() || event.meta_key() => {
                            Action::Send(browser::now())
                        }
                        // By position as well as by sign: on many layouts brackets need Alt themselves.
                        ("BracketRight", _) | (_, "]") if event.alt_key() => Action::Step(1),
                        ("BracketLeft", _) | (_, "[") if event.alt_key() => Action::Step(-1),
                        (_, "Escape") => Action::Pin(None),
                        _ => return,
                    };
                    event.prevent_default();
                    dispatch.dispatch(action);
                })
            });
        move || drop(listener)
    });
}

/// Whether the key goes into a field.
fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "TEXTAREA" | "INPUT" | "SELECT")
    })
}

/// The part that Alt and a digit ask for.
fn part_of(event: &KeyboardEvent) -> Option<Part> {
    let digit: usize = event.code().strip_prefix("Digit")?.parse().ok()?;
    let alone = event.alt_key() && !event.ctrl_key() && !event.meta_key() && !event.shift_key();
    Part::ALL
        .get(digit.checked_sub(1)?)
        .copied()
        .filter(|_| alone)
}

/// Moves the focus to a part, or into the request. What a narrow screen hides is shown first.
fn go_to(part: Part) {
    Timeout::new(0, move || {
        let id = if part == Part::Request {
            "request"
        } else {
            part.id()
        };
        if let Some(element) = browser::element::<HtmlElement>(id) {
            // Both take focus: the parts have a tabindex.
            let _ = element.focus();
        }
    })
    .forget();
}

fn dialog_is_open() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document
        .and_then(|document| document.query_selector("dialog[open]").ok())
        .flatten()
        .is_some()
}

/// Brings what is lit into view in each column, or only what is looked at where the columns stand below each other.
pub fn reveal_lit() {
    let Some(window) = web_sys::window() else {
        return;
    };
    let Some(document) = window.document() else {
        return;
    };
    let wide = window
        .inner_width()
        .ok()
        .and_then(|width| width.as_f64())
        .is_some_and(|width| width >= 900.0);
    let selectors: &[&str] = if wide {
        &[
            ".request .lit",
            "#ledger .lit",
            "#calls .code .lit",
            "#answer .lit",
        ]
    } else {
        &["main .focus"]
    };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    for selector in selectors {
        if let Some(element) = document.query_selector(selector).ok().flatten() {
            Element::scroll_into_view_with_scroll_into_view_options(&element, &options);
        }
    }
}

/// Moves the focus into the request without touching the address.
pub fn skip(event: MouseEvent) {
    event.prevent_default();
    let request = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("request"));
    if let Some(request) = request.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // A textarea always takes focus.
        let _ = request.focus();
    }
}
