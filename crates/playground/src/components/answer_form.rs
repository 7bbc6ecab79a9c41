//! How the EC2 answer is written.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// As the AWS CLI prints it, not as XML.
    pub printed: bool,
    pub on_print: Callback<bool>,
}

#[component]
pub fn AnswerForm(props: &Props) -> Html {
    html! {
        <fieldset class="choice">
            <legend class="unseen">{ "Write the answer as" }</legend>
            { for [(false, "XML"), (true, "AWS CLI")].map(|(printed, name)| html! {
                <label key={name}>
                    <input type="radio" name="answer-form" checked={printed == props.printed} onchange={props.on_print.reform(move |_: Event| printed)} />
                    <span>{ name }</span>
                </label>
            }) }
        </fieldset>
    }
}
