//! A second request beside the first: the same, or what differs.

use std::ops::Range;
use std::rc::Rc;

use ingest::{Comparison, Difference, Reading, Severity, Side};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::dialects;
use crate::keep::Second;
use crate::session::View;

/// Differences listed; more are counted.
const LISTED: usize = 60;

#[derive(Properties)]
pub struct Props {
    pub view: Rc<View>,
    pub second: Option<Rc<Second>>,
    pub on_beside: Callback<Option<Second>>,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        // Callbacks are made once by the page.
        Rc::ptr_eq(&self.view, &other.view) && self.second == other.second
    }
}

#[component]
pub fn Compare(props: &Props) -> Html {
    // The difference pointed at, by number.
    let pointed = use_state_eq(|| None::<usize>);
    let read = use_memo(
        (props.view.reading.clone(), props.second.clone()),
        |(first, second)| {
            let second = second.as_ref()?;
            let reading = ingest::read(&second.text, second.dialect);
            let comparison = match (&first.request, &reading.request) {
                (Some(first), Some(second)) => Some(ingest::compare(first, second)),
                _ => None,
            };
            Some((reading, comparison))
        },
    );
    let begin = props
        .on_beside
        .reform(|_: MouseEvent| Some(Second::default()));
    let (Some(second), Some((reading, comparison))) = (&props.second, &*read) else {
        return html! { <button type="button" class="more" onclick={begin}>{ "Compare with another request" }</button> };
    };
    let end = props.on_beside.reform(|_: MouseEvent| None);
    let oninput = {
        let (on_beside, dialect) = (props.on_beside.clone(), second.dialect);
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            on_beside.emit(Some(Second { text, dialect }));
        })
    };
    let differences = comparison
        .as_ref()
        .map_or(&[][..], |comparison| &comparison.differences);
    let blank = second.text.trim().is_empty();
    html! {
        <div class="compare">
            <div class="bar">
                <label for="second"><strong>{ "Second request" }</strong></label>
                if !blank { <span class="quiet-text">{ format!("found: {}", dialects::name(reading.dialect)) }</span> }
                <span class="push" />
                <button type="button" class="quiet" onclick={end}>{ "Stop comparing" }</button>
            </div>
            <div class="editor">
                <div class="sheet">
                    <pre class="layer" aria-hidden="true">{ for layer(&second.text, differences, *pointed) }{ "\u{200b}" }</pre>
                    <textarea id="second" aria-describedby="compared" spellcheck="false" autocomplete="off" autocapitalize="off"
                        placeholder="Paste the other request, in any form" value={second.text.clone()} {oninput} />
                </div>
            </div>
            <div id="compared">
                { outcome(props, reading, comparison.as_ref(), blank, &pointed) }
            </div>
        </div>
    }
}

fn outcome(
    props: &Props,
    reading: &Reading,
    comparison: Option<&Comparison>,
    blank: bool,
    pointed: &UseStateHandle<Option<usize>>,
) -> Html {
    let Some(comparison) = comparison else {
        if blank {
            return html! { <p class="empty">{ "Paste the other request: it may be in another form." }</p> };
        }
        return match reading
            .diagnostics
            .iter()
            .find(|remark| remark.severity == Severity::Error)
        {
            Some(remark) => {
                html! { <p class="failure">{ format!("{} {}", remark.message, remark.mend.as_deref().unwrap_or_default()) }</p> }
            }
            None => {
                html! { <p class="empty">{ "Both texts must be requests that can be read." }</p> }
            }
        };
    };
    let equal = match comparison.equal {
        1 => "1 parameter is equal".to_owned(),
        count => format!("{count} parameters are equal"),
    };
    let sentence = if comparison.same {
        format!("The same request: {equal}.")
    } else if comparison.actions.0 != comparison.actions.1 {
        format!(
            "Two actions: {} and {}.",
            comparison.actions.0, comparison.actions.1
        )
    } else {
        match comparison.differences.len() {
            1 => format!("1 parameter differs, {equal}."),
            count => format!("{count} parameters differ, {equal}."),
        }
    };
    let leave = {
        let (pointed, on_hover) = (pointed.clone(), props.on_hover.clone());
        Callback::from(move |_: MouseEvent| {
            pointed.set(None);
            on_hover.emit(None);
        })
    };
    html! {
        <>
            <p class="sentence" role="status">{ sentence }</p>
            if !comparison.differences.is_empty() {
                <table class="differences" onmouseleave={leave}>
                    <thead><tr><th scope="col">{ "Parameter" }</th><th scope="col">{ "First" }</th><th scope="col">{ "Second" }</th></tr></thead>
                    <tbody>
                        { for comparison.differences.iter().take(LISTED).enumerate().map(|(index, difference)| row(props, index, difference, pointed)) }
                    </tbody>
                </table>
            }
            if comparison.differences.len() > LISTED {
                <p class="quiet-text">{ format!("and {} more", comparison.differences.len() - LISTED) }</p>
            }
        </>
    }
}

fn row(
    props: &Props,
    index: usize,
    difference: &Difference,
    pointed: &UseStateHandle<Option<usize>>,
) -> Html {
    let key = |side: &Option<Side>| side.as_ref().map(|side| side.key.clone());
    let (first, second) = (key(&difference.first), key(&difference.second));
    let name = match (&first, &second) {
        (Some(first), Some(second)) if first != second => format!("{first} / {second}"),
        (first, second) => first.clone().or_else(|| second.clone()).unwrap_or_default(),
    };
    let lit = difference
        .first
        .as_ref()
        .and_then(|side| side.pointer.as_ref())
        .map(|pointer| format!("q{pointer}"));
    let point = {
        let (pointed, on_hover, lit) = (pointed.clone(), props.on_hover.clone(), lit.clone());
        Callback::from(move |_: MouseEvent| {
            pointed.set(Some(index));
            on_hover.emit(lit.clone());
        })
    };
    let pin = {
        let (pointed, on_pin) = (pointed.clone(), props.on_pin.clone());
        Callback::from(move |_: MouseEvent| {
            pointed.set(Some(index));
            on_pin.emit(lit.clone());
        })
    };
    let value = |side: &Option<Side>| match side {
        Some(side) => html! { <td class="mono">{ &side.text }</td> },
        None => html! { <td class="quiet-text">{ "not there" }</td> },
    };
    html! {
        <tr key={index} class={(**pointed == Some(index)).then_some("lit")} onmouseover={point}>
            <th scope="row"><button type="button" class="linkish mono" onclick={pin}>{ name }</button></th>
            { value(&difference.first) }
            { value(&difference.second) }
        </tr>
    }
}

/// The second text with the places that differ.
fn layer(text: &str, differences: &[Difference], pointed: Option<usize>) -> Vec<Html> {
    let mut places: Vec<(Range<usize>, bool)> = differences
        .iter()
        .enumerate()
        .filter_map(|(index, difference)| {
            let side = difference.second.as_ref()?;
            Some((
                side.span.clone().or_else(|| side.key_span.clone())?,
                pointed == Some(index),
            ))
        })
        .collect();
    places.sort_by_key(|(span, _)| span.start);
    let mut pieces = Vec::new();
    let mut at = 0;
    for (span, lit) in places {
        let (Some(before), Some(inner)) = (text.get(at..span.start), text.get(span.clone())) else {
            continue;
        };
        pieces.push(html! { { before } });
        pieces.push(
            html! { <span class={classes!("differs", lit.then_some("focus"))}>{ inner }</span> },
        );
        at = span.end;
    }
    pieces.push(html! { { text.get(at..).unwrap_or_default() } });
    pieces
}
