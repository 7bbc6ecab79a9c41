//! The menu of examples by task.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::examples::ALL;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The example whose text stands in the input.
    pub chosen: Option<usize>,
    pub on_choose: Callback<usize>,
}

#[component]
pub fn Examples(props: &Props) -> Html {
    let chosen = props.chosen;
    let onchange = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Ok(index) = value.parse() {
                on_choose.emit(index);
            }
        })
    };
    let mut tasks: Vec<&str> = ALL.iter().map(|example| example.task).collect();
    tasks.dedup();
    html! {
        <label class="field">
            <span>{ "Example" }</span>
            <select id="examples" {onchange}>
                <option value="" selected={chosen.is_none()} disabled=true>{ "Choose a task" }</option>
                { for tasks.into_iter().map(|task| html! {
                    <optgroup label={task} key={task}>
                        { for ALL.iter().enumerate().filter(|(_, example)| example.task == task).map(|(index, example)| html! {
                            <option value={index.to_string()} selected={chosen == Some(index)} key={index}>{ example.title }</option>
                        }) }
                    </optgroup>
                }) }
            </select>
        </label>
    }
}
