//! `#/action` and `#/action/NAME`: how each EC2 action is translated. The texts are made from the rules when the page
//! is built, and fetched when they are read.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::fetch::{File, standing, text, use_file};

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The action; without one, the list of all.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// The part to look at.
    #[prop_or_default]
    pub section: Option<AttrValue>,
}

#[component]
pub fn Documents(props: &Props) -> Html {
    let name = props.name.as_deref().unwrap_or("index");
    // Only names can be asked for, no ways through folders.
    let known = name
        .chars()
        .all(|character| character.is_ascii_alphanumeric());
    let address = if known {
        text(&format!("{name}.html"))
    } else {
        String::new()
    };
    let file = use_file(address.into());
    let file = if known { file } else { File::Missing };
    use_effect_with((file.clone(), props.section.clone()), |(file, section)| {
        if matches!(file, File::Here(_)) {
            look_at(section.as_deref());
        }
    });
    let missing = html! {
        <>
            <h2>{ name }</h2>
            <p>{ "There is no rule for this action, so there is nothing to tell about its translation." }</p>
        </>
    };
    html! {
        <main class={classes!("reading", "document", props.name.is_none().then_some("all"))} id="document">
            if props.name.is_some() {
                <p class="trail"><a href="#/action">{ "All actions" }</a></p>
            }
            if let File::Here(text) = &file {
                { Html::from_html_unchecked(text.clone()) }
            } else {
                { standing(&file, missing) }
            }
        </main>
    }
}

/// Brings a part of the text into view, and the keyboard with it.
fn look_at(section: Option<&str>) {
    let Some(window) = web_sys::window() else {
        return;
    };
    let Some(section) = section else {
        window.scroll_to_with_x_and_y(0.0, 0.0);
        return;
    };
    let found = window
        .document()
        .and_then(|document| document.get_element_by_id(section))
        .and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let Some(found) = found {
        found.scroll_into_view();
        // Headings of these texts take focus.
        let _ = found.focus();
    }
}
