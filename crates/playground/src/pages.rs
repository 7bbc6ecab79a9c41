//! The pages beside the playground, and what the address bar may name.

use yew::prelude::*;

use crate::app::Held;
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
pub const PAGES: &[Page] = &[Page {
    address: "#/",
    name: "Playground",
    about: "Paste an EC2 request and see the OpenStack calls that fulfil it.",
    holds: Route::is_playground,
}];

/// The title of the window at an address.
pub fn title(route: &Route) -> String {
    match PAGES.iter().find(|page| page.holds(route)) {
        None => "Not found: Stacklens".into(),
        Some(page) if page.address == "#/" => "Stacklens: EC2 requests as OpenStack calls".into(),
        Some(page) => format!("{}: Stacklens", page.name),
    }
}

/// Draws the page of an address.
pub fn draw(route: &Route, _: &Held) -> Html {
    unknown(route)
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
