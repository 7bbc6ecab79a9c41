//! The request in another dialect, its values linked like everywhere.

use std::rc::Rc;

use ingest::Dialect;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::code::CodePane;
use super::copy::Copy;
use crate::dialects;
use crate::pretty::{Doc, Spot};
use crate::session::View;
use crate::shared::Shared;

#[derive(Properties)]
pub struct Props {
    pub view: Rc<View>,
    /// The dialect chosen; without one, another than that of the input.
    pub other: Option<Dialect>,
    /// Lit parameters: keys that begin with `q`.
    pub lit: Vec<String>,
    pub focus: Option<String>,
    pub reveal: u32,
    pub on_also: Callback<Dialect>,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        // Callbacks are made once by the page.
        Rc::ptr_eq(&self.view, &other.view)
            && self.other == other.other
            && self.lit == other.lit
            && self.focus == other.focus
    }
}

#[component]
pub fn Forms(props: &Props) -> Html {
    let own = props.view.reading.dialect;
    let shown = props.other.unwrap_or(match own {
        Dialect::Cli => Dialect::Boto3,
        _ => Dialect::Cli,
    });
    let doc = use_memo((props.view.reading.clone(), shown), |(reading, shown)| {
        reading.request.as_ref().map(|request| {
            let writer = ingest::Writer {
                region: reading.region.as_deref(),
                ..ingest::Writer::default()
            };
            Shared::new(linked(writer.write(request, *shown), *shown))
        })
    });
    let onchange = {
        let on_also = props.on_also.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let dialect = value
                .parse()
                .ok()
                .and_then(|index: usize| dialects::ALL.get(index).copied());
            if let Some(dialect) = dialect {
                on_also.emit(dialect);
            }
        })
    };
    let Some(doc) = &*doc else {
        return html! { <p class="empty">{ "A request that can be read is shown here as other clients write it." }</p> };
    };
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
                <label class="field">
                    <span>{ "Written as" }</span>
                    <select id="other" {onchange}>
                        { for dialects::ALL.iter().enumerate().map(|(index, dialect)| html! {
                            <option value={index.to_string()} selected={*dialect == shown} key={index}>{ dialects::name(*dialect) }</option>
                        }) }
                    </select>
                </label>
                <span class="push" />
                <Copy {text} label={format!("the request as {}", dialects::name(shown))} />
            </div>
            <CodePane doc={doc.clone()} label={format!("The request as {}", dialects::name(shown))} {lit} {focus} reveal={props.reveal}
                on_hover={props.on_hover.clone()} on_pin={props.on_pin.clone()} />
        </>
    }
}

/// A written request with its values as spots: its own reader knows where they stand.
fn linked(text: String, dialect: Dialect) -> Doc {
    let leaves = ingest::read(&text, Some(dialect))
        .request
        .map(|request| request.leaves)
        .unwrap_or_default();
    let spots = leaves
        .into_iter()
        .filter_map(|leaf| {
            Some(Spot {
                span: leaf.span?,
                key: format!("q{}", leaf.pointer?),
            })
        })
        .collect();
    Doc::new(text, Vec::new(), spots)
}
