//! One call: what is sent, in the chosen form, and what came back.

use openstack_wire::render::Style;
use translator::trace::{Phase, TracedCall};
use yew::prelude::*;

use super::code::CodePane;
use super::copy::Copy;
use super::reply::ReplyPane;
use super::reply_editor::{Replies, ReplyEditor};
use super::rule_link::RuleLink;
use crate::arrival;
use crate::carried::Carried;
use crate::keep::Typed;
use crate::rendering;
use crate::shared::Shared;
use crate::writing;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub call: Shared<TracedCall>,
    /// What it takes from earlier replies.
    pub takes: Vec<Carried>,
    /// What later calls take from its reply.
    pub gives: Vec<Carried>,
    /// How it is taken back if a later call fails.
    pub undone: Option<AttrValue>,
    /// The button that copies a link to it.
    pub link: Html,
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
            if !props.takes.is_empty() || !props.gives.is_empty() {
                <ul class="carried" aria-label={format!("Values carried to and from call {}", id + 1)}>
                    { for props.takes.iter().map(|one| chip(one, "takes ", format!(" from {}", one.from + 1), props)) }
                    { for props.gives.iter().map(|one| chip(one, "", format!(" → {}", one.to + 1), props)) }
                </ul>
            }
            if props.open {
                <div id={body}>
                    <Opened ..props.clone() />
                </div>
            }
        </li>
    }
}

/// Values that go from a reply to a call; pressed, the first of them lights up with all that it became.
fn chip(one: &Carried, before: &'static str, behind: String, props: &Props) -> Html {
    let key = one.values.first().map(|(_, key)| key.clone());
    let names: Vec<&str> = one.values.iter().map(|(name, _)| name.as_str()).collect();
    let names = match names.as_slice() {
        [first, second, _, ..] => format!("{first}, {second} and {} more", names.len() - 2),
        names => names.join(", "),
    };
    let lit = key
        .as_ref()
        .is_some_and(|key| props.lit_reply.contains(key));
    let onmouseover = {
        let key = key.clone();
        props.on_hover.reform(move |_: MouseEvent| key.clone())
    };
    let onmouseleave = props.on_hover.reform(|_: MouseEvent| None);
    let onclick = props.on_pin.reform(move |_: MouseEvent| key.clone());
    html! {
        <li><button type="button" class={classes!("linkish", lit.then_some("lit"))} {onclick} {onmouseover} {onmouseleave}>{ before }<code>{ names }</code>{ behind }</button></li>
    }
}

impl Clone for Props {
    fn clone(&self) -> Self {
        Self {
            call: self.call.clone(),
            takes: self.takes.clone(),
            gives: self.gives.clone(),
            undone: self.undone.clone(),
            link: self.link.clone(),
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
                <span class="rule"><code>{ &call.name }</code>{ " · " }<RuleLink file={call.rule.file.clone()} line={call.rule.line} /></span>
                <span class="push" />
                { props.link.clone() }
                <Copy {text} label={format!("call {}", call.id + 1)} />
            </div>
            if let Some(undone) = &props.undone {
                <p class="quiet-text">{ undone }</p>
            }
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
