//! A code pane: lines of a [`Doc`], only those in view where there are many.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::pretty::Doc;
use crate::shared::Shared;

/// Documents up to this many lines are drawn whole.
const WHOLE: usize = 240;
/// Lines drawn above and below those in view.
const MARGIN: usize = 40;
/// Deepest indentation, in steps of two columns, that wrapped lines follow.
const DEEPEST: usize = 12;
/// Lines drawn before the height of the pane is known.
const VIEW: usize = 60;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub doc: Shared<Doc>,
    /// What the pane holds, for screen readers.
    pub label: AttrValue,
    /// Lit spots.
    #[prop_or_default]
    pub lit: Vec<usize>,
    /// The spot looked at.
    #[prop_or_default]
    pub focus: Option<usize>,
    /// Brings the first lit spot into view when it changes.
    #[prop_or_default]
    pub reveal: u32,
    #[prop_or_default]
    pub class: Classes,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

#[component]
pub fn CodePane(props: &Props) -> Html {
    let pane = use_node_ref();
    let top = use_state_eq(|| 0usize);
    let height = use_mut_ref(|| 18.0f64);
    let doc = &props.doc;
    let count = doc.lines.len();
    let whole = count <= WHOLE;
    let first = if whole {
        0
    } else {
        top.saturating_sub(MARGIN).min(count)
    };
    let last = if whole {
        count
    } else {
        (*top + VIEW + MARGIN).min(count)
    };

    // Style attributes are closed to us by the content security policy; the object model is not.
    {
        let (pane, height) = (pane.clone(), height.clone());
        use_effect_with(
            (props.doc.clone(), first, last),
            move |(doc, first, last)| {
                if let Some(pane) = pane.cast::<Element>() {
                    if let Some(line) = pane.query_selector(".line").ok().flatten() {
                        *height.borrow_mut() = line.get_bounding_client_rect().height().max(1.0);
                    }
                    let rest = doc.lines.len() - last;
                    set_height(&pane, ".above", *first as f64 * *height.borrow());
                    set_height(&pane, ".below", rest as f64 * *height.borrow());
                }
            },
        );
    }
    {
        let (pane, height, lit) = (pane.clone(), height.clone(), props.lit.first().copied());
        let doc = props.doc.clone();
        use_effect_with(props.reveal, move |_| {
            let (Some(pane), Some(lit)) = (pane.cast::<Element>(), lit) else {
                return;
            };
            let Some(spot) = doc.spots.get(lit) else {
                return;
            };
            if doc.lines.len() > WHOLE {
                let at = doc.line_of(spot.span.start) as f64 * *height.borrow();
                let (from, view) = (
                    f64::from(pane.scroll_top()),
                    f64::from(pane.client_height()),
                );
                if at < from || at > from + view - 2.0 * *height.borrow() {
                    pane.set_scroll_top((at - view / 2.0).max(0.0) as i32);
                }
            }
        });
    }

    let onscroll = {
        let (top, height) = (top.clone(), height.clone());
        Callback::from(move |event: Event| {
            if whole {
                return;
            }
            if let Some(pane) = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
            {
                let line = (f64::from(pane.scroll_top()) / *height.borrow()) as usize;
                // In steps, so that scrolling by a few lines draws nothing.
                top.set(line - line % (MARGIN / 2));
            }
        })
    };
    let key_at = {
        let doc = props.doc.clone();
        move |event: &MouseEvent| {
            let element = event
                .target()?
                .dyn_into::<Element>()
                .ok()?
                .closest("[data-spot]")
                .ok()??;
            let spot: usize = element.get_attribute("data-spot")?.parse().ok()?;
            doc.spots.get(spot).map(|spot| spot.key.clone())
        }
    };
    let onmouseover = {
        let (key_at, on_hover) = (key_at.clone(), props.on_hover.clone());
        Callback::from(move |event: MouseEvent| on_hover.emit(key_at(&event)))
    };
    let onmouseleave = props.on_hover.reform(|_: MouseEvent| None);
    let onclick = {
        let on_pin = props.on_pin.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(key) = key_at(&event) {
                on_pin.emit(Some(key));
            }
        })
    };

    let lines = (first..last).map(|line| {
        let runs = doc.runs(line).into_iter().map(|run| {
            let ink = run.ink.map(|ink| ink.class());
            match run.spot {
                None => match ink {
                    None => html! { { run.text } },
                    Some(ink) => html! { <span class={ink}>{ run.text }</span> },
                },
                Some(spot) => {
                    let lit = props.lit.binary_search(&spot).is_ok();
                    let focus = props.focus == Some(spot);
                    html! {
                        <span data-spot={spot.to_string()} class={classes!("spot", ink, lit.then_some("lit"), focus.then_some("focus"))}>
                            { run.text }
                        </span>
                    }
                }
            }
        });
        // Wrapped lines hang under their own beginning; a style attribute is not allowed, so there is a class per depth.
        let depth = doc.indent(line).min(DEEPEST * 2) / 2;
        html! { <div class={classes!("line", whole.then(|| format!("in{depth}")))} key={line}>{ for runs }</div> }
    });
    html! {
        <div ref={pane} class={classes!("code", (!whole).then_some("long"), props.class.clone())} tabindex="0" role="group"
            aria-label={props.label.clone()} {onscroll} {onmouseover} {onmouseleave} {onclick}>
            <div class="above" aria-hidden="true" />
            <div class="lines">{ for lines }</div>
            <div class="below" aria-hidden="true" />
        </div>
    }
}

fn set_height(pane: &Element, selector: &str, height: f64) {
    if let Some(element) = pane
        .query_selector(selector)
        .ok()
        .flatten()
        .and_then(|found| found.dyn_into::<HtmlElement>().ok())
    {
        // The property exists and the value is a length, so this cannot fail.
        let _ = element
            .style()
            .set_property("height", &format!("{height}px"));
    }
}
