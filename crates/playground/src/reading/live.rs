//! `#/live`: EC2 requests as they pass through the gateway that serves this page.

use std::cell::Cell;

use gloo_events::EventListener;
use serde::Deserialize;
use translator::trace::Trace;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{EventSource, MessageEvent};
use yew::prelude::*;

use super::fetch::{self, File};
use crate::route::Route;
use crate::state::{Action, State};

/// Where the gateway tells what passes.
const EVENTS: &str = "./live/events";
/// Where it tells one request whole.
const ONE: &str = "./live/";
/// Most rows; older ones leave.
const MOST: usize = 300;

/// One request that was answered, as the gateway tells it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Passed {
    /// Number of the event.
    pub id: u64,
    /// When, in milliseconds since the epoch.
    pub at: i64,
    /// EC2 action; none when the request was refused before it was read.
    pub action: Option<String>,
    /// The client.
    pub agent: Option<String>,
    /// Access key.
    pub access_key: Option<String>,
    /// HTTP status.
    pub status: u16,
    /// EC2 error code.
    pub error: Option<String>,
    /// From arrival to answer.
    pub milliseconds: f64,
    /// OpenStack calls made for it.
    pub calls: usize,
    /// Whether it can be opened.
    pub traced: bool,
}

/// A request with all that became of it.
#[derive(Deserialize)]
struct Whole {
    query: Option<String>,
    trace: Option<Trace>,
}

/// Brings a request of the gateway into the playground when the address names one.
#[hook]
pub fn use_recorded(route: &Route, dispatch: UseReducerDispatcher<State>) {
    let id = route.value("live").and_then(|id| id.parse::<u64>().ok());
    use_effect_with(id, move |id| {
        let Some(id) = *id else { return };
        spawn_local(async move {
            let whole = match fetch::get(&format!("{ONE}{id}")).await {
                File::Here(text) => serde_json::from_str::<Whole>(&text).ok(),
                _ => None,
            };
            dispatch.dispatch(match whole {
                Some(Whole {
                    query: Some(query),
                    trace: Some(trace),
                }) => Action::Recorded(id, query, Box::new(trace)),
                _ => Action::Tell(format!(
                    "Request {id} is no longer kept by the gateway, or this page is not served by it."
                )),
            });
        });
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Opening,
    Open,
    /// The gateway went away; the browser tries again by itself.
    Broken,
    /// Nobody tells events at this address.
    Absent,
}

#[derive(Clone, Default, PartialEq)]
struct Rows(Vec<Passed>);

enum Change {
    Came(Passed),
    Clear,
}

impl Reducible for Rows {
    type Action = Change;

    fn reduce(self: std::rc::Rc<Self>, change: Change) -> std::rc::Rc<Self> {
        let mut rows = self.0.clone();
        match change {
            Change::Clear => rows.clear(),
            // After a pause of the line the gateway tells some of them again.
            Change::Came(passed) if rows.iter().any(|known| known.id == passed.id) => return self,
            Change::Came(passed) => {
                rows.insert(0, passed);
                rows.truncate(MOST);
            }
        }
        Self(rows).into()
    }
}

#[component]
pub fn Live() -> Html {
    let rows = use_reducer_eq(Rows::default);
    let line = use_state_eq(|| Line::Opening);
    let lost = use_state_eq(|| 0u64);
    {
        let (rows, line, lost) = (rows.dispatcher(), line.setter(), lost.setter());
        use_effect_with((), move |()| {
            let source = EventSource::new(EVENTS).ok();
            let listeners = source
                .as_ref()
                .map(|source| listen(source, rows, line, lost));
            move || {
                drop(listeners);
                if let Some(source) = source {
                    source.close();
                }
            }
        });
    }
    let clear = {
        let rows = rows.dispatcher();
        Callback::from(move |_: MouseEvent| rows.dispatch(Change::Clear))
    };
    let standing = match *line {
        Line::Opening => "Connecting to the gateway.",
        Line::Open if rows.0.is_empty() => "Connected. Requests appear here as they pass.",
        Line::Open => "Connected.",
        Line::Broken => "The gateway does not answer. Trying again.",
        Line::Absent => "No gateway here to watch.",
    };
    html! {
        <main class="reading live" id="live">
            <h2>{ "Live" }</h2>
            <p role="status">{ standing }</p>
            if *lost > 0 {
                <p class="quiet-text">{ format!("{} requests passed too fast to be told.", *lost) }</p>
            }
            if *line == Line::Absent {
                <p class="empty">{ "This copy of the page comes from a plain web server. The program serves the page and the gateway together; open the address that it prints:" }</p>
                <pre tabindex="0"><code>{ "stacklens serve" }</code></pre>
            } else if rows.0.is_empty() {
                <p class="empty">{ "Send something, with the keys that the program printed when it started:" }</p>
                <pre tabindex="0"><code>{ example() }</code></pre>
            } else {
                <p><button type="button" onclick={clear}>{ "Clear the list" }</button></p>
                <div class="wide" role="region" aria-label="Requests that passed through the gateway" tabindex="0">
                    <table>
                        <caption>{ "Requests that passed through the gateway, newest first" }</caption>
                        <thead><tr>
                            { for ["Request", "Answer", "Calls", "Time", "At", "Client"].map(|head| html! { <th scope="col">{ head }</th> }) }
                        </tr></thead>
                        <tbody>{ for rows.0.iter().map(row) }</tbody>
                    </table>
                </div>
            }
        </main>
    }
}

fn listen(
    source: &EventSource,
    rows: UseReducerDispatcher<Rows>,
    line: UseStateSetter<Line>,
    lost: UseStateSetter<u64>,
) -> [EventListener; 4] {
    let data = |event: &Event| {
        event
            .dyn_ref::<MessageEvent>()
            .and_then(|event| event.data().as_string())
    };
    let opened = line.clone();
    let total = Cell::new(0);
    [
        EventListener::new(source, "open", move |_| opened.set(Line::Open)),
        EventListener::new(source, "error", move |event| {
            let given_up = event
                .target()
                .and_then(|target| target.dyn_into::<EventSource>().ok())
                .is_none_or(|source| source.ready_state() == EventSource::CLOSED);
            line.set(if given_up { Line::Absent } else { Line::Broken });
        }),
        EventListener::new(source, "request", move |event| {
            let passed = data(event).and_then(|text| serde_json::from_str(&text).ok());
            if let Some(passed) = passed {
                rows.dispatch(Change::Came(passed));
            }
        }),
        EventListener::new(source, "lost", move |event| {
            let told =
                data(event).and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
            let count = told
                .and_then(|told| told.get("count")?.as_u64())
                .unwrap_or_default();
            total.set(total.get() + count);
            lost.set(total.get());
        }),
    ]
}

fn row(passed: &Passed) -> Html {
    let name = passed.action.clone().unwrap_or_else(|| "not read".into());
    let time = js_sys::Date::new(&(passed.at as f64).into());
    let clock = time.to_locale_time_string("en-GB");
    html! {
        <tr key={passed.id}>
            <th scope="row">
                if passed.traced {
                    <a href={Route::Playground(vec![("live".into(), passed.id.to_string())]).written()}>{ name }</a>
                } else {
                    { name }
                }
            </th>
            <td>
                <span class={classes!("status", (passed.status >= 400).then_some("failed"))}>{ passed.status }</span>
                if let Some(error) = &passed.error {
                    { " " }<code>{ error }</code>
                }
            </td>
            <td class="number">{ passed.calls }</td>
            <td class="number">{ format!("{:.0} ms", passed.milliseconds) }</td>
            <td>{ String::from(clock) }</td>
            <td class="agent">{ passed.agent.clone().unwrap_or_default() }</td>
        </tr>
    }
}

fn example() -> String {
    let origin = web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default();
    format!("aws --endpoint-url {origin} ec2 describe-instances")
}
