//! The EC2 answer: status, document, and what nothing fills.

use std::rc::Rc;

use yew::prelude::*;

use super::answer_form::AnswerForm;
use super::code::CodePane;
use super::copy::Copy;
use super::rule_link::RuleLink;
use crate::cli_answer;
use crate::session::AnswerView;
use crate::shared::Shared;
use crate::stage::CloudStage;
use crate::unfilled::Reason;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub action: Rc<str>,
    pub answer: Option<Shared<AnswerView>>,
    /// Why an element is not filled.
    pub why: Callback<String, Option<Reason>>,
    /// As the AWS CLI prints it, not as XML.
    pub printed: bool,
    pub on_print: Callback<bool>,
    pub cloud: CloudStage,
    /// Lit elements: keys that begin with `a`.
    pub lit: Vec<String>,
    pub focus: Option<String>,
    pub reveal: u32,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

#[component]
pub fn AnswerPane(props: &Props) -> Html {
    let printed = use_memo(
        (props.action.clone(), props.answer.clone(), props.printed),
        |(action, answer, printed)| {
            let view = answer.as_ref().filter(|_| *printed)?;
            Some(Shared::new(cli_answer::layout(action, view)))
        },
    );
    let Some(view) = &props.answer else {
        if props.cloud != CloudStage::Here {
            return html! { <p class="empty awaited">{ props.cloud.about() }</p> };
        }
        return html! { <p class="empty">{ "No answer: the calls did not come to an end. The last call shows where they stopped." }</p> };
    };
    let doc = Option::clone(&printed).unwrap_or_else(|| view.doc.clone());
    let answer = &view.answer;
    let lit = doc.spots_of(&props.lit);
    let focus = props
        .focus
        .as_ref()
        .and_then(|key| doc.spots_of(std::slice::from_ref(key)).first().copied());
    let text = {
        let doc = doc.clone();
        Callback::from(move |()| doc.text.clone())
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
                <AnswerForm printed={props.printed} on_print={props.on_print.clone()} />
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
            if doc.text.is_empty() {
                <p class="empty">{ "The AWS CLI prints nothing for this answer." }</p>
            }
            <CodePane {doc} label="EC2 answer" {lit} {focus} reveal={props.reveal} class="answer"
                on_hover={props.on_hover.clone()} on_pin={props.on_pin.clone()} />
            if !answer.unfilled.is_empty() {
                <details class="unfilled">
                    <summary>{ format!("Not filled: {}", elements(answer.unfilled.len())) }</summary>
                    <p class="quiet-text">{ "EC2 defines these elements for this answer; no rule fills them. Where the rules say why, it stands beside." }</p>
                    { unfilled(&answer.unfilled, &props.why) }
                </details>
            }
        </>
    }
}

/// Elements with a reason, those of one reason together; then the others.
fn unfilled(paths: &[String], why: &Callback<String, Option<Reason>>) -> Html {
    let mut known: Vec<(Reason, Vec<&str>)> = Vec::new();
    let mut others: Vec<&str> = Vec::new();
    for path in paths {
        match why.emit(path.clone()) {
            None => others.push(path),
            Some(reason) => match known.iter_mut().find(|(other, _)| *other == reason) {
                Some((_, of)) => of.push(path),
                None => known.push((reason, vec![path])),
            },
        }
    }
    html! {
        <>
            <dl class="reasons">
                { for known.into_iter().map(|(reason, of)| html! {
                    <>
                        <dt class="mono">{ of.join(", ") }</dt>
                        <dd>
                            { reason.words }
                            if let Some(gap) = &reason.gap {
                                <span class="gap-name">{ " gap " }<RuleLink file={format!("gaps/{gap}.yaml")} caption={AttrValue::from(gap.clone())} /></span>
                            }
                        </dd>
                    </>
                }) }
            </dl>
            <ul class="mono">{ for others.into_iter().map(|path| html! { <li key={path}>{ path }</li> }) }</ul>
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
