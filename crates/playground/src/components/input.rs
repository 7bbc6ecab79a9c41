//! The input: a textarea over a layer that shows what was understood, both the same box in the same font.

use std::rc::Rc;

use ec2_wire::Leaf;
use ingest::{Dialect, Severity};
use translator::trace::LedgerRow;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::diagnostics::Diagnostics;
use crate::highlight::Lit;
use crate::paint::{self, Piece};
use crate::position::{byte_of, units_of};
use crate::session::View;
use crate::shared::Shared;
use crate::{dialects, ledger};

#[derive(Properties)]
pub struct Props {
    pub view: Rc<View>,
    pub chosen: Option<Dialect>,
    /// Lit parameters: keys that begin with `q`.
    pub lit: Vec<String>,
    pub focus: Option<String>,
    pub on_type: Callback<String>,
    pub on_read: Callback<Option<Dialect>>,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        // Callbacks are made once by the page.
        Rc::ptr_eq(&self.view, &other.view)
            && self.chosen == other.chosen
            && self.lit == other.lit
            && self.focus == other.focus
    }
}

#[component]
pub fn Input(props: &Props) -> Html {
    let area = use_node_ref();
    let view = props.view.clone();
    let text = AttrValue::from(view.text.clone());
    let reading = view.reading.clone();

    let caret = {
        let (view, on_pin) = (view.clone(), props.on_pin.clone());
        move |area: HtmlTextAreaElement| {
            let units = area.selection_start().ok().flatten().unwrap_or(0) as usize;
            on_pin.emit(key_of(
                &view,
                paint::leaf_at(leaves(&view), byte_of(&view.text, units)),
            ));
        }
    };
    let oninput = {
        let on_type = props.on_type.clone();
        Callback::from(move |event: InputEvent| {
            on_type.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value())
        })
    };
    let onkeyup = {
        let caret = caret.clone();
        Callback::from(move |event: KeyboardEvent| {
            // Only keys that move the caret; the page's own shortcuts keep what they lit.
            if !event.alt_key()
                && !event.ctrl_key()
                && event.key() != "Tab"
                && event.key() != "Escape"
            {
                caret(event.target_unchecked_into());
            }
        })
    };
    let onclick = Callback::from(move |event: MouseEvent| caret(event.target_unchecked_into()));
    let onmousemove = {
        let (view, on_hover) = (view.clone(), props.on_hover.clone());
        Callback::from(move |event: MouseEvent| on_hover.emit(key_of(&view, leaf_under(&event))))
    };
    let onmouseleave = props.on_hover.reform(|_: MouseEvent| None);
    let onchange = {
        let on_read = props.on_read.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            on_read.emit(
                value
                    .parse()
                    .ok()
                    .and_then(|index: usize| dialects::ALL.get(index).copied()),
            );
        })
    };
    let on_go = {
        let (area, text) = (area.clone(), text.clone());
        Callback::from(move |byte: usize| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                let units = units_of(&text, byte) as u32;
                // A textarea always takes focus and a range.
                let _ = area.focus();
                let _ = area.set_selection_range(units, units);
            }
        })
    };
    let lit = Lit {
        focus: String::new(),
        keys: props.lit.clone(),
    };
    let found = dialects::name(reading.dialect);
    let invalid = reading.has_errors();
    let rows = view
        .result
        .as_ref()
        .filter(|_| !view.stale)
        .map(|result| result.ledger.clone());
    html! {
        <>
            <div class="bar">
                <label class="field">
                    <span>{ "Read as" }</span>
                    <select id="dialect" {onchange}>
                        <option value="" selected={props.chosen.is_none()}>{ format!("found: {found}") }</option>
                        { for dialects::ALL.iter().enumerate().map(|(index, dialect)| html! {
                            <option value={index.to_string()} selected={props.chosen == Some(*dialect)}>{ dialects::name(*dialect) }</option>
                        }) }
                    </select>
                </label>
            </div>
            <div class="editor">
                <div class="sheet">
                    <pre class="layer" aria-hidden="true">
                        { for paint::pieces(&view.text, &reading).into_iter().map(|piece| draw(&piece, &view, rows.as_ref(), &lit, props)) }
                        { "\u{200b}" }
                    </pre>
                    <textarea id="request" ref={area} aria-labelledby="request-title" aria-describedby="diagnostics" aria-invalid={invalid.then_some("true")}
                        spellcheck="false" autocomplete="off" autocapitalize="off" wrap="soft"
                        placeholder="Paste an EC2 request: an aws ec2 or curl command, a boto3 call, JSON, a Query string, a URL or raw HTTP"
                        value={text.clone()} {oninput} {onkeyup} {onclick} {onmousemove} {onmouseleave} />
                </div>
            </div>
            if !view.text.trim().is_empty() {
                <Diagnostics {text} {reading} {on_go} />
            }
        </>
    }
}

fn leaves(view: &View) -> &[Leaf] {
    view.reading
        .request
        .as_ref()
        .map_or(&[], |request| &request.leaves)
}

fn key_of(view: &View, leaf: Option<usize>) -> Option<String> {
    let pointer = leaves(view).get(leaf?)?.pointer.as_ref()?;
    Some(format!("q{pointer}"))
}

/// The parameter under the mouse: the textarea lies on top, so the layer below it is asked.
fn leaf_under(event: &MouseEvent) -> Option<usize> {
    let document = web_sys::window()?.document()?;
    let stack = document.elements_from_point(event.client_x() as f32, event.client_y() as f32);
    let leaf = stack
        .iter()
        .filter_map(|element| element.dyn_into::<Element>().ok())
        .find_map(|element| element.get_attribute("data-leaf"));
    leaf?.parse().ok()
}

fn draw(
    piece: &Piece<'_>,
    view: &View,
    rows: Option<&Shared<Vec<LedgerRow>>>,
    lit: &Lit,
    props: &Props,
) -> Html {
    let leaf = piece.value.or(piece.key);
    if leaf.is_none() && piece.token.is_none() && piece.problem.is_none() {
        return html! { { piece.text } };
    }
    let token = piece
        .token
        .and_then(|token| view.reading.tokens.get(token))
        .map(|token| dialects::ink(token.kind));
    let state = piece
        .value
        .and_then(|leaf| rows?.get(leaf))
        .map(|row| format!("value {}", ledger::word(row.state)));
    let key = key_of(view, piece.value);
    let lit = key.as_ref().is_some_and(|key| lit.holds(key));
    let focus = key.is_some() && key == props.focus;
    let problem = piece
        .problem
        .and_then(|problem| view.reading.diagnostics.get(problem))
        .map(|problem| match problem.severity {
            Severity::Error => "problem",
            Severity::Warning | Severity::Note => "doubt",
        });
    let class = classes!(
        token,
        state,
        lit.then_some("lit"),
        focus.then_some("focus"),
        problem
    );
    html! { <span {class} data-leaf={leaf.map(|leaf| leaf.to_string())}>{ piece.text }</span> }
}
