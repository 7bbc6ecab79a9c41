//! The pages beside the playground, and what the address bar may name.

use yew::prelude::*;

use crate::app::Held;
use crate::reading::course::Learn;
use crate::reading::documents::Documents;
use crate::reading::live::Live;
use crate::route::Route;

/// A page that stands in the row at the top.
pub struct Page {
    /// Its fragment.
    pub address: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What one does there.
    pub about: &'static str,
    holds: fn(&Route) -> bool,
}

impl Page {
    /// Whether an address belongs to it.
    pub fn holds(&self, route: &Route) -> bool {
        (self.holds)(route)
    }
}

/// The pages that there are, in the order of the row.
pub const PAGES: &[Page] = &[
    Page {
        address: "#/",
        name: "Playground",
        about: "Paste an EC2 request and see the OpenStack calls that fulfil it.",
        holds: Route::is_playground,
    },
    Page {
        address: "#/action",
        name: "Actions",
        about: "How each EC2 action is translated: parameters, answer, filters, errors, gaps.",
        holds: |route| matches!(route, Route::Actions | Route::Action(..)),
    },
    Page {
        address: "#/learn",
        name: "Learn",
        about: "Ten short lessons, and which concept stands for which.",
        holds: |route| matches!(route, Route::Lessons | Route::Lesson(_)),
    },
    Page {
        address: "#/live",
        name: "Live",
        about: "EC2 requests as they pass through the gateway that serves this page.",
        holds: |route| matches!(route, Route::Live),
    },
];

/// The title of the window at an address.
pub fn title(route: &Route) -> String {
    match PAGES.iter().find(|page| page.holds(route)) {
        None => "Not found: Stacklens".into(),
        Some(page) if page.address == "#/" => "Stacklens: EC2 requests as OpenStack calls".into(),
        Some(page) => match route {
            Route::Action(name, _) => format!("{name}: Stacklens"),
            _ => format!("{}: Stacklens", page.name),
        },
    }
}

/// Draws the page of an address.
pub fn draw(route: &Route, state: &Held) -> Html {
    let state = state.clone();
    match route {
        Route::Actions => html! { <Documents /> },
        Route::Action(name, section) => html! {
            <Documents name={AttrValue::from(name.clone())} section={section.clone().map(AttrValue::from)} />
        },
        Route::Lessons => html! { <Learn {state} /> },
        // A lesson begins anew, and so do its questions.
        Route::Lesson(name) => {
            html! { <Learn key={name.clone()} name={AttrValue::from(name.clone())} {state} /> }
        }
        Route::Live => html! { <Live /> },
        Route::Playground(_) | Route::Unknown(_) => unknown(route),
    }
}

/// An address that no page has: says what there is instead.
fn unknown(route: &Route) -> Html {
    html! {
        <main class="reading" id="not-found">
            <h2>{ "There is no such page" }</h2>
            <p><code>{ route.written() }</code>{ " leads nowhere. These pages exist:" }</p>
            <ul>
                { for PAGES.iter().map(|page| html! {
                    <li key={page.address}><a href={page.address}>{ page.name }</a>{ ": " }{ page.about }</li>
                }) }
            </ul>
        </main>
    }
}
