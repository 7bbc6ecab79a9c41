//! The ledger: every parameter in one row, in one state.

use translator::trace::{LedgerRow, LedgerState};
use yew::prelude::*;

use super::rule_link::RuleLink;
use crate::highlight::Lit;
use crate::ledger::{STATES, meaning, sentence, sign, word};
use crate::shared::Shared;

/// Rows drawn before "show all".
const SHOWN: usize = 120;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub rows: Shared<Vec<LedgerRow>>,
    /// Lit parameters: keys that begin with `q`.
    pub lit: Vec<String>,
    pub focus: Option<String>,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

#[component]
pub fn Ledger(props: &Props) -> Html {
    let whole = use_state_eq(|| false);
    let show_all = {
        let whole = whole.clone();
        Callback::from(move |_: MouseEvent| whole.set(true))
    };
    let count = props.rows.len();
    let shown = if *whole { count } else { count.min(SHOWN) };
    let lit = Lit {
        focus: String::new(),
        keys: props.lit.clone(),
    };
    if count == 0 {
        return html! { <p class="empty">{ "This request has no parameters: nothing to account for." }</p> };
    }
    let states = STATES.iter().filter(|state| {
        **state != LedgerState::Mapped && props.rows.iter().any(|row| row.state == **state)
    });
    let legend: Vec<String> = states
        .map(|state| format!("{}: {}", word(*state), meaning(*state)))
        .collect();
    html! {
        <>
            <p class="sentence" id="ledger-sentence">{ sentence(&props.rows) }</p>
            if !legend.is_empty() {
                <p class="quiet-text">{ legend.join(" · ") }</p>
            }
            <table class="ledger" aria-describedby="ledger-sentence">
                <thead>
                    <tr><th scope="col">{ "State" }</th><th scope="col">{ "Parameter" }</th><th scope="col">{ "Value" }</th></tr>
                </thead>
                <tbody onmouseleave={props.on_hover.reform(|_: MouseEvent| None)}>
                    { for props.rows.iter().take(shown).enumerate().map(|(index, row)| draw(index, row, &lit, props)) }
                </tbody>
            </table>
            if shown < count {
                <button type="button" class="more" onclick={show_all}>{ format!("Show all {count} parameters") }</button>
            }
        </>
    }
}

fn draw(index: usize, row: &LedgerRow, lit: &Lit, props: &Props) -> Html {
    let key = row.pointer.as_ref().map(|pointer| format!("q{pointer}"));
    let is_lit = key.as_ref().is_some_and(|key| lit.holds(key));
    let focus = key.is_some() && key == props.focus;
    let name = word(row.state);
    let onmouseover = {
        let key = key.clone();
        props.on_hover.reform(move |_: MouseEvent| key.clone())
    };
    let onclick = props.on_pin.reform(move |_: MouseEvent| key.clone());
    html! {
        <tr key={index} class={classes!(name, is_lit.then_some("lit"), focus.then_some("focus"))} {onmouseover}>
            <td><span class={classes!("state", name)}><span class="sign" aria-hidden="true">{ sign(row.state) }</span>{ name }</span></td>
            <th scope="row">
                <button type="button" class="linkish mono" {onclick} aria-pressed={if focus { "true" } else { "false" }}>
                    { for row.key.split_inclusive('.').map(|part| html! { <>{ part }<wbr /></> }) }
                </button>
            </th>
            <td class="given mono">{ &row.text }</td>
            <td class="account">
                if let Some(reason) = &row.reason {
                    <span class="reason">{ reason }</span>
                    { " " }
                }
                if let Some(gap) = &row.gap {
                    <span class="gap-name">{ "gap " }<RuleLink file={format!("gaps/{gap}.yaml")} caption={AttrValue::from(gap.clone())} /></span>
                    { " " }
                }
                if let Some(rule) = &row.rule {
                    <RuleLink file={rule.file.clone()} line={rule.line} />
                }
            </td>
        </tr>
    }
}
