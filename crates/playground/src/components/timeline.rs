//! The calls in order, those issued together side by side in one round.

use std::collections::BTreeMap;
use std::rc::Rc;

use openstack_wire::render::Style;
use translator::trace::{LedgerRow, Phase, TracedCall};
use yew::prelude::*;

use super::call::CallCard;
use super::copy::Copy;
use super::reply_editor::Replies;
use super::sequence::Sequence;
use crate::carried::{self, Carried};
use crate::drive;
use crate::highlight::Lit;
use crate::keep::Typed;
use crate::rendering;
use crate::shared::Shared;

/// Calls drawn before "show all".
const SHOWN: usize = 40;
/// Up to so many calls are all open from the start; of more, only those that change something or failed.
const FEW: usize = 4;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub calls: Shared<Vec<Shared<TracedCall>>>,
    /// The answer is an error.
    pub refused: bool,
    /// What the request says, for the remarks of scripts.
    pub ledger: Shared<Vec<LedgerRow>>,
    pub style: Style,
    pub lit: Rc<Lit>,
    pub reveal: u32,
    /// Calls opened or closed by hand, by number.
    pub opened: Rc<BTreeMap<u32, bool>>,
    pub on_open: Callback<Vec<(u32, bool)>>,
    /// Replies that stand in for the cloud's.
    pub typed: Rc<Vec<Typed>>,
    pub replies: Replies,
    pub on_unanswer_all: Callback<()>,
    pub on_write: Callback<Style>,
    /// How a call is taken back, in words.
    pub undone: Callback<Shared<TracedCall>, Option<AttrValue>>,
    /// The button that copies a link to a call.
    pub link: Callback<u32, Html>,
    pub on_hover: Callback<Option<String>>,
    pub on_pin: Callback<Option<String>>,
}

#[component]
pub fn Timeline(props: &Props) -> Html {
    let whole = use_state_eq(|| false);
    let chosen = props.opened.clone();
    let carried = use_memo(props.calls.clone(), |calls| {
        Shared::new(carried::carried(calls))
    });
    let calls = &props.calls;
    if calls.is_empty() {
        let reason = if props.refused {
            "Refused before any OpenStack call; the answer says why."
        } else {
            "No OpenStack call is needed for this request."
        };
        return html! { <p class="empty">{ reason }</p> };
    }
    let few = calls.len() <= FEW;
    let is_open = |call: &TracedCall| {
        chosen
            .get(&call.id)
            .copied()
            .unwrap_or(few || stands_out(call))
    };
    let all_open = calls.iter().take(SHOWN).all(|call| is_open(call));
    let on_toggle = {
        let (chosen, calls, on_open) = (chosen.clone(), calls.clone(), props.on_open.clone());
        Callback::from(move |id: u32| {
            let call = calls.iter().find(|call| call.id == id);
            let open = chosen
                .get(&id)
                .copied()
                .unwrap_or(few || call.is_some_and(|call| stands_out(call)));
            on_open.emit(vec![(id, !open)]);
        })
    };
    let toggle_all = {
        let (on_open, calls) = (props.on_open.clone(), calls.clone());
        Callback::from(move |_: MouseEvent| {
            on_open.emit(calls.iter().map(|call| (call.id, !all_open)).collect())
        })
    };
    let show_all = {
        let whole = whole.clone();
        Callback::from(move |_: MouseEvent| whole.set(true))
    };
    let script = {
        let (calls, ledger, style) = (calls.clone(), props.ledger.clone(), props.style);
        Callback::from(move |()| rendering::script(&calls, &ledger, style))
    };
    let shown = if *whole {
        calls.len()
    } else {
        calls.len().min(SHOWN)
    };
    let drawn = calls.get(..shown).unwrap_or_default();
    let rounds = drawn.chunk_by(|a, b| a.round == b.round).enumerate().map(|(index, round)| {
        let number = index + 1;
        let together = if round.len() == 1 { String::new() } else { format!(", {} calls together", round.len()) };
        let undo = if round.iter().all(|call| call.phase == Phase::Undo) { ": takes back what was done" } else { "" };
        html! {
            <li class={classes!("round", (round.len() > 1).then_some("together"))} key={number}>
                <h3>{ format!("Round {number}{together}{undo}") }</h3>
                <ol>
                    { for round.iter().map(|call| {
                        let pane = |prefix: &str| props.lit.of(&format!("{prefix}{}", call.id));
                        let lit = ["p", "u", "b"].into_iter().flat_map(pane).collect::<Vec<_>>();
                        let lit_reply = pane("r");
                        let takes: Vec<Carried> = carried.iter().filter(|one| one.to == call.id).cloned().collect();
                        let gives: Vec<Carried> = carried.iter().filter(|one| one.from == call.id).cloned().collect();
                        let own = lit.iter().chain(&lit_reply).any(|key| *key == props.lit.focus);
                        // Two calls may be written alike; which one this is, only a typed reply must know.
                        let open = is_open(call);
                        let nth = if open || !props.typed.is_empty() { twins_before(calls, call) } else { 0 };
                        let typed = if props.typed.is_empty() { None } else { typed_for(&props.typed, call, nth) };
                        html! {
                            <CallCard key={call.id} {takes} {gives} undone={(props.undone).emit(call.clone())} link={props.link.emit(call.id)} call={call.clone()} style={props.style} {open} {nth} {typed} replies={props.replies.clone()} {lit} {lit_reply}
                                focus={own.then(|| props.lit.focus.clone())} reveal={props.reveal} on_toggle={on_toggle.clone()}
                                on_hover={props.on_hover.clone()} on_pin={props.on_pin.clone()} />
                        }
                    }) }
                </ol>
            </li>
        }
    });
    html! {
        <>
            <div class="bar">
                <fieldset class="choice">
                    <legend class="unseen">{ "Write calls as" }</legend>
                    { for Style::ALL.into_iter().map(|style| html! {
                        <label key={style.label()}>
                            <input type="radio" name="style" checked={style == props.style} onchange={props.on_write.reform(move |_: Event| style)} />
                            <span>{ style.label() }</span>
                        </label>
                    }) }
                </fieldset>
                <span class="push" />
                <button type="button" class="quiet" onclick={toggle_all}>{ if all_open { "Close all" } else { "Open all" } }</button>
                <Copy text={script} label="all calls" caption="Copy script" />
            </div>
            if !props.typed.is_empty() {
                <div class="bar standing-in">
                    <span>{ standing_in(props.typed.len()) }</span>
                    <span class="push" />
                    <button type="button" class="quiet" onclick={props.on_unanswer_all.reform(|_: MouseEvent| ())}>{ "Let the cloud reply" }</button>
                </div>
            }
            <Sequence calls={calls.clone()} carried={Shared::clone(&carried)} />
            <ol class="rounds">{ for rounds }</ol>
            if shown < calls.len() {
                <button type="button" class="more" onclick={show_all}>{ format!("Show all {} calls", calls.len()) }</button>
            }
        </>
    }
}

fn standing_in(count: usize) -> String {
    match count {
        1 => "1 reply stands in for the cloud's.".to_owned(),
        count => format!("{count} replies stand in for the cloud's."),
    }
}

/// How many calls before this one are written as it is.
fn twins_before(calls: &[Shared<TracedCall>], call: &TracedCall) -> u32 {
    let same = |other: &&Shared<TracedCall>| {
        other.call.path == call.call.path
            && other.call.method == call.call.method
            && other.call.service == call.call.service
    };
    let before = calls.iter().take_while(|other| other.id != call.id);
    before.filter(same).count() as u32
}

fn typed_for(all: &[Typed], call: &TracedCall, nth: u32) -> Option<Typed> {
    let title = drive::title(&call.call);
    all.iter()
        .find(|typed| typed.nth == nth && typed.call == title)
        .cloned()
}

/// Whether a call is worth seeing before anybody asks.
fn stands_out(call: &TracedCall) -> bool {
    call.phase != Phase::Read
        || call
            .reply
            .as_ref()
            .is_some_and(|reply| !(200..400).contains(&reply.status))
}
