//! A reply of OpenStack: status and body.

use translator::trace::TracedCall;
use yew::prelude::*;

use super::code::CodePane;
use crate::highlight::Lit;
use crate::pretty::{Doc, json};
use crate::shared::Shared;

/// Bodies beyond this many bytes are laid out when asked for.
const LARGE: usize = 64 * 1024;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub call: Shared<TracedCall>,
    /// Lit places of this reply.
    pub lit: Vec<String>,
    pub focus: Option<String>,
    pub reveal: u32,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

#[component]
pub fn ReplyPane(props: &Props) -> Html {
    let asked = use_state_eq(|| false);
    let size = props
        .call
        .reply
        .as_ref()
        .map_or(0, |reply| reply.body.len());
    let open = size <= LARGE || *asked;
    let doc = use_memo((props.call.clone(), open), |(call, open)| {
        let body = call
            .reply
            .as_ref()
            .filter(|_| *open)
            .map_or("", |reply| &reply.body);
        Shared::new(if body.is_empty() {
            Doc::default()
        } else {
            json::layout(body, &format!("r{}", call.id))
        })
    });
    let Some(reply) = &props.call.reply else {
        return html! { <p class="empty">{ "No reply yet." }</p> };
    };
    if reply.body.is_empty() {
        return html! { <p class="empty">{ format!("Reply {}, without a body.", reply.status) }</p> };
    }
    if !open {
        let onclick = Callback::from(move |_: MouseEvent| asked.set(true));
        return html! {
            <button type="button" class="more" {onclick}>{ format!("Show the reply: {} kB", size.div_ceil(1024)) }</button>
        };
    }
    let lit = doc.spots_of(&props.lit);
    let focus = props
        .focus
        .as_ref()
        .and_then(|key| doc.spots_of(std::slice::from_ref(key)).first().copied());
    html! {
        <CodePane doc={Shared::clone(&doc)} label={format!("Reply to call {}", props.call.id + 1)} {lit} {focus} reveal={props.reveal} class="reply"
            on_hover={props.on_hover.clone()} on_pin={props.on_pin.clone()} />
    }
}

/// The lit keys of one pane and the focus if it lies there.
pub fn part(lit: &Lit, pane: &str) -> (Vec<String>, Option<String>) {
    let keys = lit.of(pane);
    let focus = keys.iter().find(|key| **key == lit.focus).cloned();
    (keys, focus)
}
