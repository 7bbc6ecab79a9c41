//! The page as a whole: what goes where, the keys, and what is said aloud.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::browser;
use crate::components::answer::AnswerPane;
use crate::components::cloud::CloudPane;
use crate::components::examples::Examples;
use crate::components::input::Input;
use crate::components::ledger::Ledger;
use crate::components::options::Options;
use crate::components::reply::part;
use crate::components::timeline::Timeline;
use crate::inventory;
use crate::ledger::sentence;
use crate::shared::Shared;
use crate::state::{Action, State};

/// Quiet time after the last change before it is said aloud, in milliseconds.
const ALOUD: u32 = 600;
/// Quiet time after the last change before the session is kept, in milliseconds.
const PAUSE: u32 = 300;
/// How often the list of the cloud is read again while something in it is still on its way, in milliseconds.
const SETTLING: u32 = 1_500;

/// The parts of the page by id, for the row of jumps where they stand below each other.
const PARTS: [(&str, &str); 5] = [
    ("input", "Request"),
    ("ledger", "Ledger"),
    ("calls", "Calls"),
    ("answer", "Answer"),
    ("cloud", "Cloud"),
];

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The state to begin with.
    pub start: Start,
}

/// The first state; compares by identity.
#[derive(Clone)]
pub struct Start(pub Rc<State>);

impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[component]
pub fn App(props: &Props) -> Html {
    let start = props.start.clone();
    let state = use_reducer(move || State::clone(&start.0));
    let dispatch = use_memo((), |()| state.dispatcher());
    let act = |make: fn(i64) -> Action| {
        let dispatch = dispatch.clone();
        move || dispatch.dispatch(make(browser::now()))
    };

    // Made once, so that panes whose data did not change are not drawn again.
    let on_hover = use_callback((), {
        let d = dispatch.clone();
        move |place: Option<String>, ()| d.dispatch(Action::Hover(place))
    });
    let on_pin = use_callback((), {
        let d = dispatch.clone();
        move |place: Option<String>, ()| d.dispatch(Action::Pin(place))
    });
    let on_type = use_callback((), {
        let d = dispatch.clone();
        move |text: String, ()| d.dispatch(Action::Type(text, browser::now()))
    });
    let on_read = use_callback((), {
        let d = dispatch.clone();
        move |dialect, ()| d.dispatch(Action::Read(dialect, browser::now()))
    });
    let on_write = use_callback((), {
        let d = dispatch.clone();
        move |style, ()| d.dispatch(Action::Write(style))
    });
    let on_choose = use_callback((), {
        let d = dispatch.clone();
        move |index, ()| d.dispatch(Action::Example(index, browser::now()))
    });
    let on_reset = use_callback((), {
        let d = dispatch.clone();
        move |(), ()| d.dispatch(Action::Reset(browser::now()))
    });

    let view = state.view.clone();
    let lit = use_memo((state.focus().cloned(), Rc::as_ptr(&view)), |_| {
        Rc::new(state.lit())
    });
    let clock = use_state_eq(|| 0u32);
    let shelves = use_memo((state.cloud_version, *clock), |_| {
        Shared::new(inventory::read(
            &state.session.ask(inventory::calls(), browser::now()),
        ))
    });
    use_settling(&shelves, &clock);
    use_shortcuts(dispatch.clone());
    use_effect_with((), |()| browser::set_ready());
    use_effect_with(state.reveal, |reveal| {
        if *reveal > 0 {
            reveal_lit();
        }
    });
    use_keeping(&state);

    let result = view.result.clone();
    let count = result
        .as_ref()
        .filter(|_| !view.stale)
        .map(|result| sentence(&result.ledger))
        .unwrap_or_default();
    let linked: AttrValue = if lit.focus.is_empty() {
        AttrValue::default()
    } else {
        lit.sentence().into()
    };
    let aloud = use_aloud(&state, &count, &linked);
    let (lit_request, focus_request) = part(&lit, "q");
    let (lit_answer, focus_answer) = part(&lit, "a");
    let changes = result.as_ref().is_some_and(|result| result.changes());
    let standing = match () {
        () if view.stale => "Nothing to send yet.",
        () if !view.can_be_sent() => "Mend the errors to send it.",
        () if state.sent => "Sent. Edit the request to preview again.",
        () if changes => "Preview on a copy. The cloud changes when you send.",
        () => "This request only reads.",
    };
    let stale = (view.stale && result.is_some()).then(|| {
        html! { <p class="stale">{ "From the last request that could be read." }</p> }
    });
    let waiting = || html! { <p class="empty">{ "Paste an EC2 request on the left, or choose an example." }</p> };
    let onsubmit = {
        let send = act(Action::Send);
        Callback::from(move |_: MouseEvent| send())
    };
    let restore = {
        let restore = act(Action::Restore);
        Callback::from(move |_: MouseEvent| restore())
    };
    let step = |by: isize| {
        let d = dispatch.clone();
        Callback::from(move |_: MouseEvent| d.dispatch(Action::Step(by)))
    };
    let chosen = state
        .session
        .examples()
        .iter()
        .position(|example| **example == *view.text);

    html! {
        <>
            <a class="skip" href="#request" onclick={Callback::from(skip)}>{ "Skip to the request" }</a>
            <header class="top">
                <h1>{ "Stacklens" }</h1>
                <p class="tagline">{ "EC2 requests as OpenStack calls, and the answer back" }</p>
                <span class="push" />
                <Examples {chosen} {on_choose} />
                if state.replaced.is_some() {
                    <button type="button" class="quiet" onclick={restore}>{ "Back to my text" }</button>
                }
                <Options />
            </header>
            <nav class="jumps" aria-label="Parts of the page">
                { for PARTS.map(|(id, name)| html! {
                    <button type="button" class="quiet" key={id} onclick={Callback::from(move |_: MouseEvent| jump(id))}>{ name }</button>
                }) }
            </nav>
            <main class="page">
                <div class="column first">
                    <section class="panel request" id="input" aria-labelledby="request-title">
                        <h2 id="request-title">{ "EC2 request" }</h2>
                        <Input view={view.clone()} chosen={state.chosen} lit={lit_request.clone()} focus={focus_request.clone()}
                            {on_type} {on_read} on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        <div class="bar send">
                            <button type="button" class="main" onclick={onsubmit} disabled={!view.can_be_sent()} aria-keyshortcuts="Control+Enter">
                                { "Send to the cloud" }
                            </button>
                            <span class="quiet-text">{ standing }</span>
                        </div>
                    </section>
                    <section class="panel" id="ledger" aria-labelledby="ledger-title">
                        <h2 id="ledger-title">{ "Ledger" }</h2>
                        { stale.clone() }
                        if let Some(result) = &result {
                            <Ledger rows={result.ledger.clone()} lit={lit_request} focus={focus_request} on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        } else {
                            { waiting() }
                        }
                    </section>
                </div>
                <div class="column second">
                    <section class="panel" id="calls" aria-labelledby="calls-title">
                        <h2 id="calls-title">
                            { "OpenStack calls" }
                            if let Some(result) = &result { <span class="count">{ result.calls.len() }</span> }
                        </h2>
                        { stale.clone() }
                        if let Some(result) = &result {
                            <Timeline calls={result.calls.clone()} style={state.form} lit={(*lit).clone()} reveal={state.reveal} {on_write}
                                on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        } else {
                            { waiting() }
                        }
                    </section>
                </div>
                <div class="column third">
                    <section class="panel" id="answer" aria-labelledby="answer-title">
                        <h2 id="answer-title">
                            { "EC2 answer" }
                            if let Some(result) = &result { <span class="count">{ &*result.action }</span> }
                        </h2>
                        { stale }
                        if let Some(result) = &result {
                            <AnswerPane answer={result.answer.clone()} lit={lit_answer} focus={focus_answer} reveal={state.reveal}
                                on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        } else {
                            { waiting() }
                        }
                    </section>
                    <section class="panel" id="cloud" aria-labelledby="cloud-title">
                        <h2 id="cloud-title">{ "In-browser cloud" }</h2>
                        <CloudPane shelves={Shared::clone(&shelves)} {on_reset} />
                    </section>
                </div>
            </main>
            <footer class="strip">
                <button type="button" class="quiet" onclick={step(-1)} aria-keyshortcuts="Alt+[">{ "Previous mapping" }</button>
                <button type="button" class="quiet" onclick={step(1)} aria-keyshortcuts="Alt+]">{ "Next mapping" }</button>
                <span class={classes!("linked", linked.is_empty().then_some("hint"))}>{ if linked.is_empty() { "Point at a value to see where it comes from and where it goes.".into() } else { linked } }</span>
                <span class="push" />
                <span class="notice">{ state.notice.as_deref().unwrap_or_default().to_owned() }</span>
            </footer>
            <p class="unseen" role="status">{ aloud }</p>
        </>
    }
}

/// Keeps the session once typing pauses; storage is slow beside a key press.
#[hook]
fn use_keeping(state: &State) {
    let state = state.clone();
    use_effect_with((Rc::as_ptr(&state.view), state.cloud_version), move |_| {
        let timer = Timeout::new(PAUSE, move || browser::keep(&state));
        move || drop(timer)
    });
}

/// What changed last, said once typing pauses.
#[hook]
fn use_aloud(state: &State, count: &str, linked: &AttrValue) -> AttrValue {
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
fn use_settling(shelves: &Shared<Vec<inventory::Shelf>>, clock: &UseStateHandle<u32>) {
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
fn use_shortcuts(dispatch: Rc<yew::functional::UseReducerDispatcher<State>>) {
    use_effect_with((), move |()| {
        let listener = web_sys::window()
            .and_then(|window| window.document())
            .map(|document| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&document, "keydown", options, move |event| {
                    let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                        return;
                    };
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

/// Brings what is lit into view in each column, or only what is looked at where the columns stand below each other.
fn reveal_lit() {
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

/// Scrolls to a part; links would write into the fragment, which is the page's address.
fn jump(id: &str) {
    let part = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id));
    if let Some(part) = part {
        part.scroll_into_view();
    }
}

fn skip(event: MouseEvent) {
    event.prevent_default();
    let request = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("request"));
    if let Some(request) = request.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // A textarea always takes focus.
        let _ = request.focus();
    }
}
