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
    /// What is copied, for whoever hears the button: `call 9`.
    pub label: AttrValue,
    /// What is said when it is done; without it, "Copied".
    #[prop_or_default]
    pub after: Option<Callback<(), String>>,
    /// What is on the button.
    #[prop_or(AttrValue::Static("Copy"))]
    pub caption: AttrValue,
}

#[component]
pub fn Copy(props: &Props) -> Html {
    let said = use_state_eq(|| None::<AttrValue>);
    let timer = use_mut_ref(|| None::<Timeout>);
    let onclick = {
        let (said, text, after) = (said.clone(), props.text.clone(), props.after.clone());
        Callback::from(move |_: MouseEvent| {
            said.set(Some(match (copy(&text.emit(())), &after) {
                (true, Some(after)) => after.emit(()).into(),
                (true, None) => "Copied".into(),
                (false, _) => "Not allowed here: select the text instead".into(),
            }));
            let later = said.clone();
            *timer.borrow_mut() = Some(Timeout::new(SAID, move || later.set(None)));
        })
    };
    html! {
        <span class="copy">
            <button type="button" class="quiet" aria-label={format!("{}: {}", props.caption, props.label)} {onclick}>{ props.caption.clone() }</button>
            <span class="said" role="status">{ (*said).clone().unwrap_or_default() }</span>
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
