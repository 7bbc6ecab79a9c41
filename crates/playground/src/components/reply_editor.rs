//! A reply typed by hand, or taken from a sample, in the place of the cloud's.

use translator::trace::TracedCall;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::drive;
use crate::keep::Typed;
use crate::position::excerpt;
use crate::pretty::json;
use crate::samples::Sample;
use crate::shared::Shared;

#[derive(Clone, PartialEq)]
pub struct Replies {
    /// Makes the samples of a call.
    pub samples: Callback<Shared<TracedCall>, Vec<Sample>>,
    /// Puts a reply in the place of the cloud's.
    pub on_answer: Callback<Typed>,
    /// Lets the cloud reply again.
    pub on_unanswer: Callback<(String, u32)>,
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub call: Shared<TracedCall>,
    /// Which of the calls that are written alike.
    pub nth: u32,
    /// The reply that stands in, if one does.
    pub typed: Option<Typed>,
    pub replies: Replies,
}

/// The row above a reply, and the fields below it when it is not the cloud's.
#[component]
pub fn ReplyEditor(props: &Props) -> Html {
    let call = &props.call;
    let title = drive::title(&call.call);
    let typed = |status: u16, body: String| Typed {
        call: drive::title(&props.call.call),
        nth: props.nth,
        status,
        body,
    };
    // The menu is filled when it is first looked at: most never are.
    let samples = use_state_eq(|| None::<Vec<Sample>>);
    let fill = {
        let (samples, call, make) = (samples.clone(), call.clone(), props.replies.samples.clone());
        move || {
            if samples.is_none() {
                let made = make.emit(call.clone());
                samples.set(Some(made));
            }
        }
    };
    let onfocus = {
        let fill = fill.clone();
        Callback::from(move |_: FocusEvent| fill())
    };
    let onmouseover = Callback::from(move |_: MouseEvent| fill());
    let onchange = {
        let (samples, on_answer, make) = (
            samples.clone(),
            props.replies.on_answer.clone(),
            typed(0, String::new()),
        );
        Callback::from(move |event: Event| {
            let menu = event.target_unchecked_into::<HtmlSelectElement>();
            let index: Option<usize> = menu.value().parse().ok();
            if let Some(sample) = index.and_then(|index| samples.as_ref()?.get(index)) {
                on_answer.emit(Typed {
                    status: sample.status,
                    body: sample.body.clone(),
                    ..make.clone()
                });
            }
            menu.set_value("");
        })
    };
    let edit = {
        let on_answer = props.replies.on_answer.clone();
        let reply = call.reply.as_ref();
        let body = reply.map(|reply| json::layout(&reply.body, "r").text);
        let typed = typed(
            reply.map_or(200, |reply| reply.status),
            body.unwrap_or_default(),
        );
        Callback::from(move |_: MouseEvent| on_answer.emit(typed.clone()))
    };
    let back = {
        let (on_unanswer, title, nth) = (props.replies.on_unanswer.clone(), title, props.nth);
        Callback::from(move |_: MouseEvent| on_unanswer.emit((title.clone(), nth)))
    };
    let number = call.id + 1;
    html! {
        <>
            <div class="bar">
                <span class="quiet-text">{ if props.typed.is_some() { "Reply typed in" } else { "Reply of the cloud" } }</span>
                <span class="push" />
                <select class="small" aria-label={format!("Reply to call {number} with a sample")} {onchange} {onfocus} {onmouseover}>
                    <option value="" selected=true>{ "What if it answers…" }</option>
                    { for samples.iter().flatten().enumerate().map(|(index, sample)| html! {
                        <option value={index.to_string()} key={index}>{ &sample.label }</option>
                    }) }
                </select>
                if props.typed.is_some() {
                    <button type="button" class="quiet" onclick={back} aria-label={format!("Back to the cloud's reply: call {number}")}>{ "Back to the cloud's reply" }</button>
                } else {
                    <button type="button" class="quiet" onclick={edit} aria-label={format!("Edit: reply to call {number}")}>{ "Edit" }</button>
                }
            </div>
            if let Some(typed) = &props.typed {
                <Fields typed={typed.clone()} {number} on_answer={props.replies.on_answer.clone()} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FieldsProps {
    typed: Typed,
    number: u32,
    on_answer: Callback<Typed>,
}

#[component]
fn Fields(props: &FieldsProps) -> Html {
    let typed = &props.typed;
    let on_status = {
        let (typed, on_answer) = (typed.clone(), props.on_answer.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            if let Some(status) = text
                .parse()
                .ok()
                .filter(|status| (100..600).contains(status))
            {
                let typed = typed.clone();
                on_answer.emit(Typed { status, ..typed });
            }
        })
    };
    let on_body = {
        let (typed, on_answer) = (typed.clone(), props.on_answer.clone());
        Callback::from(move |event: InputEvent| {
            let body = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            let typed = typed.clone();
            on_answer.emit(Typed { body, ..typed });
        })
    };
    let fault = fault(&typed.body);
    let lines = typed.body.lines().count().clamp(3, 16).to_string();
    let (status_id, body_id) = (
        format!("status-{}", props.number),
        format!("body-{}", props.number),
    );
    html! {
        <div class="typed">
            <label class="field" for={status_id.clone()}><span>{ "Status" }</span></label>
            <input id={status_id} type="number" min="100" max="599" value={typed.status.to_string()} oninput={on_status} />
            <label class="whole" for={body_id.clone()}>{ "Body" }</label>
            <textarea id={body_id} class="mono" rows={lines} spellcheck="false" autocomplete="off" value={typed.body.clone()} oninput={on_body}
                aria-invalid={fault.is_some().then_some("true")} />
            if let Some((sentence, place)) = fault {
                <div class="diagnostics"><ul><li class="warning">
                    <p><strong>{ "Not JSON" }</strong>{ format!(" {}:{} {sentence}", place.line, place.column) }</p>
                    <pre aria-hidden="true">{ format!("{}\n{}", place.text, place.carets) }</pre>
                    <p class="mend">{ "It is used as it stands, like the page of a proxy that failed." }</p>
                </li></ul></div>
            }
        </div>
    }
}

/// Why a body is not JSON, and where.
fn fault(body: &str) -> Option<(String, crate::position::Excerpt)> {
    if body.trim().is_empty() {
        return None;
    }
    let error = serde_json::from_str::<serde::de::IgnoredAny>(body).err()?;
    let start: usize = body
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let at = start + error.column().saturating_sub(1);
    let words = error.to_string();
    let sentence = words.split(" at line ").next().unwrap_or_default();
    let mut sentence: String = sentence.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Some((format!("{sentence}."), excerpt(body, &(at..at))))
}
