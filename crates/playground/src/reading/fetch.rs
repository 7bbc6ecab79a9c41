//! Files of the page that are fetched when somebody wants to read them.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;
use yew::prelude::*;

/// A file on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum File {
    /// Asked for.
    Coming,
    /// Here.
    Here(AttrValue),
    /// There is no such file.
    Missing,
    /// It cannot be had now.
    Failed,
}

/// The text of a file of the page, fetched once for each address; nothing is fetched for an empty one.
#[hook]
pub fn use_file(address: AttrValue) -> File {
    let file = use_state_eq(|| File::Coming);
    let set = file.setter();
    // An answer that comes after the next question is thrown away.
    let turn = use_mut_ref(|| 0u32);
    use_effect_with(address, move |address| {
        *turn.borrow_mut() += 1;
        let mine = *turn.borrow();
        set.set(File::Coming);
        if !address.is_empty() {
            let address = address.clone();
            spawn_local(async move {
                let found = get(&address).await;
                if *turn.borrow() == mine {
                    set.set(found);
                }
            });
        }
    });
    (*file).clone()
}

/// Fetches a file once.
pub async fn get(address: &str) -> File {
    let Some(window) = web_sys::window() else {
        return File::Failed;
    };
    let Ok(response) = JsFuture::from(window.fetch_with_str(address)).await else {
        return File::Failed;
    };
    let Ok(response) = response.dyn_into::<Response>() else {
        return File::Failed;
    };
    if response.status() == 404 {
        return File::Missing;
    }
    let text = match response.text() {
        Ok(text) if response.ok() => JsFuture::from(text).await,
        _ => return File::Failed,
    };
    match text.ok().and_then(|text| text.as_string()) {
        Some(text) => File::Here(text.into()),
        None => File::Failed,
    }
}

/// The address of a text; the document names their folder on its root element, since the name carries a hash.
pub fn text(name: &str) -> String {
    let folder = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element())
        .and_then(|root| root.get_attribute("data-texts"))
        .unwrap_or_default();
    format!("{folder}/{name}")
}

/// What is shown while a file is not here.
pub fn standing(file: &File, missing: Html) -> Html {
    match file {
        File::Coming => html! { <p class="empty" role="status">{ "Loading." }</p> },
        File::Missing => missing,
        File::Failed => html! {
            <p class="empty" role="alert">{ "This could not be loaded. Check the connection and reload the page." }</p>
        },
        File::Here(_) => Html::default(),
    }
}
