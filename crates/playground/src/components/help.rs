//! Keys, what the signs mean, and the theme.

use gloo_storage::{LocalStorage, Storage};
use web_sys::{HtmlDialogElement, HtmlSelectElement};
use yew::prelude::*;

use crate::browser;
use crate::ledger::{STATES, meaning, sign, word};

/// Where the chosen theme is kept.
const THEME: &str = "stacklens.theme";
/// The id by which the key finds the dialog.
const ID: &str = "help";

/// Every key with what it does; all of them need Alt or Ctrl in the input, so that typing stays typing.
const KEYS: [(&[&str], &str); 8] = [
    (&["Ctrl", "Enter"], "Send to the cloud"),
    (&["Alt", "]"], "Next mapping"),
    (&["Alt", "["], "Previous mapping"),
    (&["Esc"], "Let the highlight go, close a dialog"),
    (
        &["Alt", "1"],
        "Go to the request; 2 to 6 to ledger, calls, answer, cloud and rule",
    ),
    (&["Tab"], "Leave the input, go on to the next control"),
    (&["Shift", "Tab"], "Go back"),
    (&["?"], "This help, outside of the input"),
];

/// The button and its dialog.
#[component]
pub fn Help() -> Html {
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
    let close = Callback::from(|_: MouseEvent| {
        if let Some(dialog) = browser::element::<HtmlDialogElement>(ID) {
            dialog.close();
        }
    });
    html! {
        <>
            <button type="button" class="quiet" onclick={Callback::from(|_: MouseEvent| show())} aria-haspopup="dialog" aria-keyshortcuts="?">{ "Help" }</button>
            <dialog id={ID} aria-labelledby="help-title">
                <div class="bar">
                    <h2 id="help-title">{ "Help" }</h2>
                    <span class="push" />
                    <button type="button" class="quiet" onclick={close}>{ "Close" }</button>
                </div>
                <p>{ "Paste an EC2 request in any form. Every value is linked: point at it, put the caret in it or walk with the keys, and where it comes from and goes to lights up. Nothing leaves the page." }</p>
                <h3>{ "Keys" }</h3>
                <dl class="keys">
                    { for KEYS.iter().map(|(keys, what)| html! {
                        <>
                            <dt>{ for keys.iter().enumerate().map(|(at, key)| html! { <>if at > 0 { { "+" } }<kbd>{ *key }</kbd></> }) }</dt>
                            <dd>{ *what }</dd>
                        </>
                    }) }
                </dl>
                <h3>{ "What becomes of a parameter" }</h3>
                <dl class="keys">
                    { for STATES.iter().map(|state| html! {
                        <>
                            <dt><span class={classes!("state", word(*state))}><span class="sign" aria-hidden="true">{ sign(*state) }</span>{ word(*state) }</span></dt>
                            <dd>{ meaning(*state) }</dd>
                        </>
                    }) }
                </dl>
                <label class="field">
                    <span>{ "Theme" }</span>
                    <select id="theme" {onchange}>
                        { for [("", "System"), ("light", "Light"), ("dark", "Dark")].map(|(value, name)| html! {
                            <option {value} selected={*theme == value}>{ name }</option>
                        }) }
                    </select>
                </label>
            </dialog>
        </>
    }
}

/// Opens the help.
pub fn show() {
    if let Some(dialog) = browser::element::<HtmlDialogElement>(ID) {
        // One that is open already stays open.
        let _ = dialog.show_modal();
    }
}
