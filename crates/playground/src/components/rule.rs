//! The rule beside the result: its file, the lines in force, and what an edit changes.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

use super::rule_edit::RuleEdit;
use super::rule_text::RuleText;
use crate::desk::{Desk, DeskAction};
use crate::in_force::{InForce, line_key};
use crate::lit::Lit;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub desk: Desk,
    pub in_force: Rc<InForce>,
    pub lit: Rc<Lit>,
    pub reveal: u32,
    /// The button that copies a link to it.
    pub link: Html,
    pub on_desk: Callback<DeskAction>,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

#[component]
pub fn RulePane(props: &Props) -> Html {
    let desk = &props.desk;
    // A place in the text that a remark leads to: line, column, and a count of the jumps.
    let place = use_state_eq(|| (0u32, 0u32, 0u32));
    let bench = desk.bench.clone();
    let path = use_memo(
        (
            bench.clone(),
            desk.file.clone(),
            props.in_force.first().to_owned(),
        ),
        |(_, _, own)| desk.path(own),
    );
    let path = Option::clone(&path);
    let text = use_memo(
        (path.clone(), desk.version, bench.is_some()),
        |(path, ..)| {
            let path = path.as_ref()?;
            desk.text(path).map(AttrValue::from)
        },
    );
    let paths = use_memo(bench.clone(), |bench| {
        bench
            .as_ref()
            .map(|bench| bench.0.paths())
            .unwrap_or_default()
    });
    let close = props.on_desk.reform(|_: MouseEvent| DeskAction::Close);
    let Some(bench) = bench else {
        return html! {
            <>
                <div class="title"><h2 id="rule-title">{ "Rule" }</h2></div>
                <p class="empty">{ "The rules are in the part of the page that comes with the cloud." }</p>
            </>
        };
    };
    let in_force = props.in_force.files();
    let onchange = props.on_desk.reform(|event: Event| {
        DeskAction::Show(
            event.target_unchecked_into::<HtmlSelectElement>().value(),
            0,
        )
    });
    let editing = desk.editing;
    let toggle = props
        .on_desk
        .reform(move |_: MouseEvent| DeskAction::Editing(!editing));
    let edited = path
        .as_ref()
        .is_some_and(|path| desk.edits.contains_key(path));
    let reset = {
        let path = path.clone();
        props
            .on_desk
            .reform(move |_: MouseEvent| DeskAction::Reset(path.clone()))
    };
    let option = |file: &str| {
        let mark = match desk.edits.contains_key(file) {
            true => " (edited)",
            false => "",
        };
        html! { <option key={file} value={file.to_owned()} selected={path.as_deref() == Some(file)}>{ format!("{file}{mark}") }</option> }
    };
    // Lines of the last rule without errors are not those of the text that has some.
    let marked: Vec<u32> = match &path {
        Some(path) if !desk.broken => props.in_force.lines(path),
        _ => Vec::new(),
    };
    let standing = match marked.len() {
        _ if desk.broken => "lines in force show once the errors are mended".to_owned(),
        0 => "no line in force for this request".to_owned(),
        1 => "1 line in force".to_owned(),
        lines => format!("{lines} lines in force"),
    };
    let body = match path.clone().zip((*text).clone()) {
        None => html! {
            <p class="empty">{ "No rule translates this action. Choose a file above to read another rule." }</p>
        },
        Some((path, text)) => {
            let lit: Rc<Vec<u32>> = Rc::new(match desk.broken {
                true => Vec::new(),
                false => props.in_force.lit(&props.lit, &path).into_iter().collect(),
            });
            let key = |marked: &Rc<Vec<u32>>| {
                let (path, marked) = (path.clone(), marked.clone());
                move |line: Option<u32>| {
                    let line = line.filter(|line| marked.binary_search(line).is_ok())?;
                    Some(line_key(&path, line))
                }
            };
            let marked = Rc::new(marked);
            let on_line = props.on_pin.reform(key(&marked));
            let on_point = props.on_hover.reform(key(&marked));
            let on_edit = {
                let path = path.clone();
                props
                    .on_desk
                    .reform(move |text: String| DeskAction::Edit(path.clone(), text))
            };
            let jump = match place.2 {
                0 => (desk.line, 1, 0),
                _ => *place,
            };
            html! {
                <RuleText key={format!("{path} {} {editing}", desk.resets)} bench={bench.clone()} path={AttrValue::from(path.clone())} {text} {editing} {edited} {marked} {lit}
                    version={desk.version} broken={desk.broken} {jump} jumps={desk.jumps} reveal={props.reveal} {on_line} {on_point} {on_edit} />
            }
        }
    };
    let onclick = {
        let (place, on_desk, shown) = (place.clone(), props.on_desk.clone(), path.clone());
        Callback::from(move |event: MouseEvent| {
            let Some((file, line, column)) = place_under(&event) else {
                return;
            };
            if Some(&file) != shown.as_ref() {
                on_desk.emit(DeskAction::Show(file, line));
            }
            place.set((line, column, place.2 + 1));
        })
    };
    let at_work = editing || !desk.edits.is_empty();
    html! {
        <>
            <div class="title">
                <h2 id="rule-title">{ "Rule" }</h2>
                <label class="field">
                    <span class="unseen">{ "Rule file" }</span>
                    <select id="rule-file" {onchange}>
                        if path.is_none() { <option value="" selected=true disabled=true>{ "none for this action" }</option> }
                        <optgroup label="In force for this request">{ for in_force.iter().map(|file| option(file)) }</optgroup>
                        <optgroup label="All other files">{ for paths.iter().filter(|file| !in_force.contains(&file.as_str())).map(|file| option(file)) }</optgroup>
                    </select>
                </label>
                <span class="quiet-text">{ standing }</span>
                <span class="push" />
                if edited { <button type="button" class="quiet" onclick={reset}>{ "Reset to the original" }</button> }
                if path.is_some() { <button type="button" class="edit" aria-pressed={if editing { "true" } else { "false" }} onclick={toggle}>{ if editing { "Stop editing" } else { "Edit" } }</button> }
                { props.link.clone() }
                <button type="button" class="quiet close" onclick={close}>{ "Close" }</button>
            </div>
            <div class={classes!("rule-body", at_work.then_some("at-work"))}>
                { body }
                if at_work {
                    <div class="rule-side" {onclick}>
                        <RuleEdit {bench} version={desk.version} shown={path.unwrap_or_default()} usable={!desk.broken && !desk.edits.is_empty()} />
                    </div>
                }
            </div>
        </>
    }
}

/// The place that a pressed remark leads to.
fn place_under(event: &MouseEvent) -> Option<(String, u32, u32)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let button = target.closest("[data-do=go]").ok()??;
    let number = |name: &str| button.get_attribute(name)?.parse::<u32>().ok();
    Some((
        button.get_attribute("data-file")?,
        number("data-at")?,
        number("data-column")?,
    ))
}
