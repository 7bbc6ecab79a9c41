//! The EC2 answer: status, document, and what nothing fills.

use yew::prelude::*;

use super::code::CodePane;
use super::copy::Copy;
use crate::session::AnswerView;
use crate::shared::Shared;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub answer: Option<Shared<AnswerView>>,
    /// Lit elements: keys that begin with `a`.
    pub lit: Vec<String>,
    pub focus: Option<String>,
    pub reveal: u32,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

#[component]
pub fn AnswerPane(props: &Props) -> Html {
    let Some(view) = &props.answer else {
        return html! { <p class="empty">{ "No answer: the calls did not come to an end. The last call shows where they stopped." }</p> };
    };
    let answer = &view.answer;
    let lit = view.doc.spots_of(&props.lit);
    let focus = props.focus.as_ref().and_then(|key| {
        view.doc
            .spots_of(std::slice::from_ref(key))
            .first()
            .copied()
    });
    let text = {
        let view = view.clone();
        Callback::from(move |()| view.doc.text.clone())
    };
    html! {
        <>
            <div class="bar">
                <span class={classes!("status", answer.error.is_some().then_some("failed"))}>{ answer.status }</span>
                if let Some(error) = &answer.error {
                    <strong class="mono">{ &error.code }</strong>
                } else {
                    <span class="quiet-text">{ amount(answer.leaves.len()) }</span>
                }
                <span class="push" />
                <Copy {text} label="the EC2 answer" />
            </div>
            if let Some(error) = &answer.error {
                <p class="failure">{ &error.message }</p>
            }
            if !answer.left_behind.is_empty() {
                <div class="failure">
                    <p>{ "Could not be taken back:" }</p>
                    <ul>{ for answer.left_behind.iter().map(|words| html! { <li>{ words }</li> }) }</ul>
                </div>
            }
            <CodePane doc={view.doc.clone()} label="EC2 answer" {lit} {focus} reveal={props.reveal} class="answer"
                on_hover={props.on_hover.clone()} on_pin={props.on_pin.clone()} />
            if !answer.unfilled.is_empty() {
                <details class="unfilled">
                    <summary>{ format!("Not filled: {}", elements(answer.unfilled.len())) }</summary>
                    <p class="quiet-text">{ "EC2 defines these elements for this answer; no rule fills them." }</p>
                    <ul class="mono">{ for answer.unfilled.iter().map(|path| html! { <li key={path.as_str()}>{ path }</li> }) }</ul>
                </details>
            }
        </>
    }
}

fn amount(leaves: usize) -> String {
    if leaves == 1 {
        "1 value".into()
    } else {
        format!("{leaves} values")
    }
}

fn elements(count: usize) -> String {
    if count == 1 {
        "1 element".into()
    } else {
        format!("{count} elements")
    }
}
