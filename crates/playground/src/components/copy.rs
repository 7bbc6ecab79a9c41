//! A button that copies a text.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// How long the button says what happened, in milliseconds.
const SAID: u32 = 1_600;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Makes the text when it is asked for.
    pub text: Callback<(), String>,
    /// What is copied: `script`, `call`.
    pub label: AttrValue,
    /// What is on the button.
    #[prop_or(AttrValue::Static("Copy"))]
    pub caption: AttrValue,
}

#[component]
pub fn Copy(props: &Props) -> Html {
    let said = use_state_eq(|| None::<&'static str>);
    let timer = use_mut_ref(|| None::<Timeout>);
    let onclick = {
        let (said, text) = (said.clone(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            said.set(Some(if copy(&text.emit(())) {
                "Copied"
            } else {
                "Not allowed here: select the text instead"
            }));
            let later = said.clone();
            *timer.borrow_mut() = Some(Timeout::new(SAID, move || later.set(None)));
        })
    };
    html! {
        <span class="copy">
            <button type="button" class="quiet" aria-label={format!("Copy {}", props.label)} {onclick}>{ props.caption.clone() }</button>
            <span class="said" role="status">{ said.unwrap_or_default() }</span>
        </span>
    }
}

/// Pages that are neither https nor on this machine have no clipboard.
fn copy(text: &str) -> bool {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else {
        return false;
    };
    let there = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    if there {
        // A refusal shows as a rejected promise, which the browser reports; nothing here depends on it.
        let _ = navigator.clipboard().write_text(text);
    }
    there
}
