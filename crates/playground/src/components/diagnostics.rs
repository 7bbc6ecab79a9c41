//! What cannot be read, where, and the mend.

use ingest::{Reading, Severity};
use yew::prelude::*;

use crate::position::excerpt;
use crate::shared::Shared;

/// Problems shown at once; the rest is counted.
const SHOWN: usize = 8;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub text: AttrValue,
    pub reading: Shared<Reading>,
    /// Puts the caret at a byte offset.
    pub on_go: Callback<usize>,
}

#[component]
pub fn Diagnostics(props: &Props) -> Html {
    let all = &props.reading.diagnostics;
    if all.is_empty() {
        return Html::default();
    }
    let rows = all.iter().take(SHOWN).map(|diagnostic| {
        let place = excerpt(&props.text, &diagnostic.span);
        let (class, word) = match diagnostic.severity {
            Severity::Error => ("error", "Error"),
            Severity::Warning => ("warning", "Warning"),
            Severity::Note => ("note", "Note"),
        };
        let start = diagnostic.span.start;
        let onclick = props.on_go.reform(move |_: MouseEvent| start);
        html! {
            <li class={class}>
                <p>
                    <strong>{ word }</strong>
                    { " " }
                    <button type="button" class="linkish" {onclick} aria-label={format!("{}:{}, go to line {}, column {}", place.line, place.column, place.line, place.column)}>
                        { format!("{}:{}", place.line, place.column) }
                    </button>
                    { " " }
                    { &diagnostic.message }
                </p>
                <pre aria-hidden="true">{ format!("{}\n{}", place.text, place.carets) }</pre>
                if let Some(mend) = &diagnostic.mend {
                    <p class="mend">{ mend }</p>
                }
            </li>
        }
    });
    let more = all.len().saturating_sub(SHOWN);
    html! {
        <div class="diagnostics">
            <ul id="diagnostics">{ for rows }</ul>
            if more > 0 {
                <p class="quiet-text">{ format!("and {more} more") }</p>
            }
        </div>
    }
}
