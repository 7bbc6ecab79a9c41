//! One call: what is sent, in the chosen form, and what came back.

use openstack_wire::render::Style;
use translator::trace::{Phase, TracedCall};
use yew::prelude::*;

use super::code::CodePane;
use super::copy::Copy;
use super::reply::ReplyPane;
use super::reply_editor::{Replies, ReplyEditor};
use crate::arrival;
use crate::keep::Typed;
use crate::rendering;
use crate::shared::Shared;
use crate::writing;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub call: Shared<TracedCall>,
    pub style: Style,
    pub open: bool,
    /// Which of the calls that are written alike.
    pub nth: u32,
    /// The reply that stands in for the cloud's.
    pub typed: Option<Typed>,
    pub replies: Replies,
    /// Lit places of the call: path, query and body.
    pub lit: Vec<String>,
    /// Lit places of its reply.
    pub lit_reply: Vec<String>,
    pub focus: Option<String>,
    pub reveal: u32,
    pub on_toggle: Callback<u32>,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

#[component]
pub fn CallCard(props: &Props) -> Html {
    let call = &props.call;
    let (phase, sign, word) = match call.phase {
        Phase::Read => ("read", "↓", "read"),
        Phase::Change => ("change", "△", "change"),
        Phase::Undo => ("undo", "↶", "undo"),
    };
    let status = call.reply.as_ref().map(|reply| reply.status);
    let failed = status.is_some_and(|status| !(200..400).contains(&status));
    let lit = !props.lit.is_empty() || !props.lit_reply.is_empty();
    let id = call.id;
    let toggle = props.on_toggle.reform(move |_: MouseEvent| id);
    let body = format!("call-{id}");
    html! {
        <li class={classes!("call", phase, lit.then_some("lit"))}>
            <h4>
                <button type="button" class="head" aria-expanded={if props.open { "true" } else { "false" }} aria-controls={body.clone()} onclick={toggle}>
                    <span class="number">{ id + 1 }</span>
                    <span class={classes!("phase", phase)}><span class="sign" aria-hidden="true">{ sign }</span>{ word }</span>
                    <span class="service">{ &call.call.service }</span>
                    <span class="mono request"><b>{ call.call.method.to_string() }</b>{ " " }{ &call.call.path }</span>
                    if props.typed.is_some() { <span class="quiet-text">{ "typed" }</span> }
                    <span class={classes!("status", failed.then_some("failed"))}>
                        { status.map_or_else(|| "no reply".to_owned(), |status| status.to_string()) }
                    </span>
                </button>
            </h4>
            if props.open {
                <div id={body}>
                    <Opened ..props.clone() />
                </div>
            }
        </li>
    }
}

impl Clone for Props {
    fn clone(&self) -> Self {
        Self {
            call: self.call.clone(),
            style: self.style,
            open: self.open,
            nth: self.nth,
            typed: self.typed.clone(),
            replies: self.replies.clone(),
            lit: self.lit.clone(),
            lit_reply: self.lit_reply.clone(),
            focus: self.focus.clone(),
            reveal: self.reveal,
            on_toggle: self.on_toggle.clone(),
            on_hover: self.on_hover.clone(),
            on_pin: self.on_pin.clone(),
        }
    }
}

/// The part below the head; its documents are made only when it is open.
#[component]
fn Opened(props: &Props) -> Html {
    let whole = arrival::here().is_some();
    let doc = use_memo(
        (props.call.clone(), props.style, whole),
        |(call, style, _)| Shared::new(rendering::layout(call, *style)),
    );
    let lit = doc.spots_of(&props.lit);
    let focus = props
        .focus
        .as_ref()
        .and_then(|key| doc.spots_of(std::slice::from_ref(key)).first().copied());
    let text = {
        let (call, style) = (props.call.clone(), props.style);
        Callback::from(move |()| writing::call(style, &call.call))
    };
    let call = &props.call;
    let taken = call.fault.as_deref().map(|fault| match fault {
        "nothing" => "The rule takes this error as: there is none.".to_owned(),
        "fine" => "The rule takes this error as success.".to_owned(),
        code => format!("Answered to the client as {code}."),
    });
    html! {
        <>
            <div class="bar">
                <code class="rule">{ format!("{} · {}:{}", call.name, call.rule.file, call.rule.line) }</code>
                <Copy {text} label={format!("call {}", call.id + 1)} />
            </div>
            <CodePane doc={Shared::clone(&doc)} label={format!("Call {}", call.id + 1)} {lit} {focus} reveal={props.reveal} class="sent"
                on_hover={props.on_hover.clone()} on_pin={props.on_pin.clone()} />
            if let Some(taken) = taken {
                <p class="quiet-text">{ taken }</p>
            }
            <ReplyEditor call={call.clone()} nth={props.nth} typed={props.typed.clone()} replies={props.replies.clone()} />
            if props.typed.is_none() {
            <ReplyPane call={call.clone()} lit={props.lit_reply.clone()} focus={props.focus.clone()} reveal={props.reveal}
                on_hover={props.on_hover.clone()} on_pin={props.on_pin.clone()} />
            }
        </>
    }
}
