//! What is shared: a link, Markdown, or a report; and what is taken out of it first.

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::copy::Copy;
use crate::app::Held;
use crate::browser;
use crate::desk;
use crate::keep::{Kept, TakenOut};
use crate::link;
use crate::part::Part;
use crate::report;
use crate::state::State;

/// Links beyond this many characters are cut by some programs.
const LONG: usize = 8_000;
/// Secrets listed; more are counted.
const LISTED: usize = 20;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub state: Held,
}

/// What is shared of a session: the session without secrets, what was taken out, and its link.
struct Parcel {
    kept: Kept,
    taken: Vec<TakenOut>,
    link: String,
    /// Bytes of edited rules that were too many for a link.
    left_out: usize,
}

impl Parcel {
    fn of(kept: Kept) -> Self {
        let (mut kept, taken) = kept.scrubbed();
        let mut left_out = kept.edited.values().map(String::len).sum();
        match left_out > desk::LARGEST {
            true => kept.edited.clear(),
            false => left_out = 0,
        }
        let link = format!("{}{}", browser::address(), link::written(&kept));
        Self {
            kept,
            taken,
            link,
            left_out,
        }
    }

    /// The page as whoever opens the link sees it.
    fn opened(&self, state: &State) -> State {
        // The session has the edited rules already.
        let kept = Kept {
            edited: Default::default(),
            ..self.kept.clone()
        };
        State::of(state.session.again(&kept), &kept, browser::now())
    }
}

/// The button and its dialog.
#[component]
pub fn Share(props: &Props) -> Html {
    let dialog = use_node_ref();
    let open = use_state_eq(|| false);
    let onclick = {
        let (dialog, open) = (dialog.clone(), open.clone());
        Callback::from(move |_: MouseEvent| {
            open.set(true);
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // A dialog that is open already stays open.
                let _ = dialog.show_modal();
            }
        })
    };
    let onclose = {
        let open = open.clone();
        Callback::from(move |_: Event| open.set(false))
    };
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    html! {
        <>
            <button type="button" class="quiet" {onclick} aria-haspopup="dialog">{ "Share" }</button>
            <dialog ref={dialog} class="share" aria-labelledby="share-title" {onclose}>
                <div class="bar">
                    <h2 id="share-title">{ "Share what you see" }</h2>
                    <span class="push" />
                    <button type="button" class="quiet" onclick={close}>{ "Close" }</button>
                </div>
                if *open {
                    { contents(&props.state) }
                }
            </dialog>
        </>
    }
}

fn contents(state: &Held) -> Html {
    let parcel = Rc::new(Parcel::of(state.0.kept()));
    let copied = |make: fn(&State, &str) -> String| {
        let (state, parcel) = (state.clone(), parcel.clone());
        Callback::from(move |()| make(&parcel.opened(&state.0), &parcel.link))
    };
    let text = {
        let parcel = parcel.clone();
        Callback::from(move |()| parcel.link.clone())
    };
    let length = parcel.link.chars().count();
    html! {
        <>
            <p>{ "Everything stands in the link itself, behind the #, which browsers send to nobody. " }{ amount(&parcel.kept) }</p>
            { taken_out(&parcel.taken) }
            if parcel.left_out > 0 {
                <p class="failure">{ format!("The edited rules are not in the link: they have {} kB, and a link takes {}. Share them as a patch.", parcel.left_out.div_ceil(1024), desk::LARGEST / 1024) }</p>
            }
            <label class="whole" for="share-link">{ format!("Link, {length} characters") }</label>
            <textarea id="share-link" class="mono" readonly=true rows="3" value={parcel.link.clone()} />
            if length > LONG {
                <p class="quiet-text">{ "Some programs cut links of this length. The report holds everything without it." }</p>
            }
            <div class="bar">
                <Copy {text} label="the link" caption="Copy link" />
                <Copy text={copied(report::short)} label="link and request as Markdown" caption="Copy as Markdown" />
                <Copy text={copied(report::whole)} label="the full report as Markdown" caption="Copy full report" />
            </div>
            <p class="quiet-text">{ "The full report has the request, its ledger, the calls with their replies, and the EC2 answer." }</p>
        </>
    }
}

/// What the link holds, in a sentence.
fn amount(kept: &Kept) -> String {
    let many = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(format!("{count} {many}")),
    };
    let parts = [
        Some("the request and how you look at it".to_owned()),
        many(
            kept.sent.len(),
            "one request sent before",
            "requests sent before",
        ),
        many(
            kept.replies.len(),
            "one reply in the place of the cloud's",
            "replies in the place of the cloud's",
        ),
        kept.second
            .as_ref()
            .map(|_| "the second request".to_owned()),
        many(
            kept.edited.len(),
            "one edited rule file",
            "edited rule files",
        ),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("It holds {}.", parts.join(", "))
}

fn taken_out(taken: &[TakenOut]) -> Html {
    if taken.is_empty() {
        return html! {
            <p class="quiet-text">{ "No secret was found in it. A secret that looks like any other word cannot be found: look the text through." }</p>
        };
    }
    let count = match taken.len() {
        1 => "1 secret is".to_owned(),
        count => format!("{count} secrets are"),
    };
    html! {
        <div class="taken">
            <p><strong>{ format!("{count} replaced by {} before anything is shared:", scrub::PLACEHOLDER) }</strong></p>
            <ul>
                { for taken.iter().take(LISTED).map(|one| html! {
                    <li>
                        { format!("{} in {}, line {}", one.kind.name(), one.of, one.line) }
                        <pre>{ &one.now }</pre>
                    </li>
                }) }
            </ul>
            if taken.len() > LISTED {
                <p>{ format!("and {} more", taken.len() - LISTED) }</p>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct HereProps {
    pub state: Held,
    pub part: Part,
    /// A call to be open.
    #[prop_or_default]
    pub call: Option<u32>,
}

/// A button that copies a link to one part of the page.
#[component]
pub fn LinkHere(props: &HereProps) -> Html {
    let parcel = {
        let (state, part, call) = (props.state.clone(), props.part, props.call);
        move || {
            let mut kept = state.0.kept();
            kept.part = part;
            kept.opened.extend(call.map(|call| (call, true)));
            Parcel::of(kept)
        }
    };
    let text = {
        let parcel = parcel.clone();
        Callback::from(move |()| parcel().link)
    };
    let after = Callback::from(move |()| match parcel().taken.len() {
        0 => "Link copied".to_owned(),
        1 => "Link copied; 1 secret replaced".to_owned(),
        count => format!("Link copied; {count} secrets replaced"),
    });
    let label = match props.call {
        Some(call) => format!("call {}", call + 1),
        None => props.part.name().to_owned(),
    };
    html! { <Copy {text} {after} {label} caption="Link" /> }
}
