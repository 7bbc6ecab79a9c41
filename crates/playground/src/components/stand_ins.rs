//! Says what stands in for values that the in-browser cloud does not have, and what was left out.

use std::rc::Rc;

use yew::prelude::*;

use crate::stand_ins::{StandIn, Taken, Wish};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub taken: Rc<Taken>,
    pub wish: Wish,
    pub on_wish: Callback<Wish>,
}

#[component]
pub fn StandIns(props: &Props) -> Html {
    let Props { taken, wish, .. } = props;
    if taken.stand_ins.is_empty() {
        return Html::default();
    }
    let one = taken.stand_ins.len() == 1;
    let all = taken.stand_ins.iter();
    let (sentence, button) = match (wish.as_given, one) {
        (false, true) => (
            "This cloud does not have it; something else stands in.",
            "Use it as given",
        ),
        (false, false) => (
            "This cloud does not have these; others stand in.",
            "Use them as given",
        ),
        (true, true) => (
            "This cloud does not have it; it is used as given.",
            "Let something stand in",
        ),
        (true, false) => (
            "This cloud does not have these; they are used as given.",
            "Let others stand in",
        ),
    };
    let onclick = {
        let wish = Wish {
            as_given: !wish.as_given,
            ..*wish
        };
        props.on_wish.reform(move |_: MouseEvent| wish)
    };
    html! {
        <div class="stand-ins">
            <p>{ sentence }{ " " }<button type="button" class="linkish" {onclick}>{ button }</button></p>
            <ul>{ for all.map(draw) }</ul>
        </div>
    }
}

fn draw(one: &StandIn) -> Html {
    html! {
        <li>
            <code>{ &one.given }</code>
            if let Some(used) = &one.used {
                { " is " }
                if one.name.is_empty() {
                    <code>{ used }</code>
                } else {
                    <span title={used.clone()}>{ &one.name }</span>
                }
            }
        </li>
    }
}

/// What a refused request would do without the parameters that it is refused for, or what it does so.
#[component]
pub fn LeftOut(props: &Props) -> Html {
    let Props { taken, wish, .. } = props;
    let (text, button) = match (taken.left_out.as_slice(), taken.refused) {
        ([], false) => return Html::default(),
        ([], true) => (
            "The request is refused for one parameter.".to_owned(),
            "Show the rest without it",
        ),
        (keys, _) => (
            format!(
                "As if {} were not given; a request with it is refused.",
                keys.join(" and ")
            ),
            "Show the refusal",
        ),
    };
    let onclick = {
        let wish = Wish {
            without_refused: taken.left_out.is_empty(),
            ..*wish
        };
        props.on_wish.reform(move |_: MouseEvent| wish)
    };
    html! {
        <p class="stale">{ text }{ " " }<button type="button" class="linkish" {onclick}>{ button }</button></p>
    }
}
