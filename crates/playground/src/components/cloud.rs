//! What the in-browser cloud holds: as a drawing, and as a list.

use simcloud::View;
use yew::prelude::*;

use super::drawing::CloudDrawing;
use crate::inventory::{Item, Shelf};
use crate::shared::Shared;
use crate::stage::CloudStage;

/// Things of a kind drawn before "and n more".
const SHOWN: usize = 20;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub shelves: Shared<Vec<Shelf>>,
    /// Everything there is, and the project that looks.
    pub seen: Shared<(View, String)>,
    /// Counts the changes of the cloud by requests.
    pub version: u32,
    pub on_put: Callback<String>,
    pub cloud: CloudStage,
    pub on_reset: Callback<()>,
}

#[component]
pub fn CloudPane(props: &Props) -> Html {
    if props.cloud != CloudStage::Here {
        return html! { <p class="empty">{ props.cloud.about() }</p> };
    }
    let onclick = props.on_reset.reform(|_: MouseEvent| ());
    let (full, empty): (Vec<&Shelf>, Vec<&Shelf>) = props
        .shelves
        .iter()
        .partition(|shelf| !shelf.items.is_empty());
    let none: Vec<&str> = empty.into_iter().map(|shelf| shelf.title).collect();
    html! {
        <>
            <div class="bar">
                <span class="quiet-text">{ "Remembers what you send." }</span>
                <span class="push" />
                <button type="button" class="quiet" {onclick}>{ "Reset the cloud" }</button>
            </div>
            <CloudDrawing seen={props.seen.clone()} version={props.version} on_put={props.on_put.clone()} />
            <details class="as-list">
                <summary>{ "The same as a list" }</summary>
                { for full.into_iter().map(draw) }
                if !none.is_empty() {
                    <p class="quiet-text">{ format!("None yet: {}", none.join(", ").to_ascii_lowercase()) }</p>
                }
            </details>
        </>
    }
}

fn draw(shelf: &Shelf) -> Html {
    let more = shelf.items.len().saturating_sub(SHOWN);
    html! {
        <table class="shelf" key={shelf.title}>
            <caption>{ format!("{} ({})", shelf.title, shelf.items.len()) }</caption>
            <thead class="unseen">
                <tr><th scope="col">{ "Name" }</th><th scope="col">{ "Status" }</th><th scope="col">{ "Detail" }</th><th scope="col">{ "Id" }</th></tr>
            </thead>
            <tbody>
                { for shelf.items.iter().take(SHOWN).map(row) }
                if more > 0 {
                    <tr><td colspan="4" class="quiet-text">{ format!("and {more} more") }</td></tr>
                }
            </tbody>
        </table>
    }
}

fn row(item: &Item) -> Html {
    html! {
        <tr key={item.id.as_str()}>
            <th scope="row">{ &item.name }</th>
            <td>{ &item.status }</td>
            <td>{ &item.detail }</td>
            <td class="mono id">{ &item.id }</td>
        </tr>
    }
}
