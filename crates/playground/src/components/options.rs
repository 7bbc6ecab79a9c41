//! Theme and keys.

use gloo_storage::{LocalStorage, Storage};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::browser;

/// Where the chosen theme is kept.
const THEME: &str = "stacklens.theme";

/// Theme and keys, behind one word.
#[component]
pub fn Options() -> Html {
    let theme = use_state_eq(|| LocalStorage::get::<String>(THEME).unwrap_or_default());
    use_effect_with((*theme).clone(), |theme| browser::set_theme(theme));
    let onchange = {
        let theme = theme.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            // Where storage is closed the choice holds for this visit.
            let _ = LocalStorage::set(THEME, &value);
            theme.set(value);
        })
    };
    let keys = [
        ("Ctrl+Enter", "Send to the cloud"),
        ("Alt+]", "Next mapping"),
        ("Alt+[", "Previous mapping"),
        ("Esc", "Let the highlight go"),
        ("Tab", "Leave the input"),
    ];
    html! {
        <details class="options">
            <summary>{ "Keys and theme" }</summary>
            <div>
                <dl>{ for keys.map(|(key, what)| html! { <><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></> }) }</dl>
                <label class="field">
                    <span>{ "Theme" }</span>
                    <select id="theme" {onchange}>
                        { for [("", "System"), ("light", "Light"), ("dark", "Dark")].map(|(value, name)| html! {
                            <option {value} selected={*theme == value}>{ name }</option>
                        }) }
                    </select>
                </label>
            </div>
        </details>
    }
}
