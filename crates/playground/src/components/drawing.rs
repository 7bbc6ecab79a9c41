//! The simulated cloud as a picture whose things can be chosen.

use std::rc::Rc;

use simcloud::View;
use wasm_bindgen::JsCast;
use web_sys::SvgElement;
use yew::prelude::*;

use super::copy::Copy;
use crate::drawing::{self, Area, Kind, News, Thing, WIDTH};
use crate::shared::Shared;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// What there is, and the project that looks.
    pub seen: Shared<(View, String)>,
    /// Counts the changes of the cloud by requests.
    pub version: u32,
    /// Puts a request into the input.
    pub on_put: Callback<String>,
}

#[component]
pub fn CloudDrawing(props: &Props) -> Html {
    let news = use_news(&props.seen, props.version);
    let drawing = use_memo(props.seen.clone(), |seen| drawing::draw(&seen.0, &seen.1));
    // The thing that the tab key leads to, and the one whose details are shown.
    let here = use_state_eq(|| None::<String>);
    let chosen = use_state_eq(|| None::<String>);
    let picture = use_node_ref();

    let choose = {
        let (here, chosen) = (here.clone(), chosen.clone());
        Callback::from(move |id: String| {
            let open = chosen.as_ref() == Some(&id);
            here.set(Some(id.clone()));
            chosen.set((!open).then_some(id));
        })
    };
    let step = {
        let (here, drawing, picture) = (here.clone(), drawing.clone(), picture.clone());
        Callback::from(move |(id, by): (String, isize)| {
            let at = drawing
                .things
                .iter()
                .position(|thing| thing.id == id)
                .unwrap_or(0);
            let next = at
                .saturating_add_signed(by)
                .min(drawing.things.len().saturating_sub(1));
            let Some(thing) = drawing.things.get(next) else {
                return;
            };
            here.set(Some(thing.id.clone()));
            focus(&picture, next);
        })
    };
    let first = drawing.things.first().map(|thing| thing.id.clone());
    let known = |id: &Option<String>| {
        id.clone()
            .filter(|id| drawing.things.iter().any(|thing| thing.id == *id))
    };
    let stop = known(&here).or(first);
    let shown = drawing
        .things
        .iter()
        .find(|thing| Some(&thing.id) == chosen.as_ref());
    html! {
        <div class="drawing">
            <svg ref={picture} class="picture" role="group" aria-labelledby="drawing-title" aria-describedby="drawing-about"
                width={WIDTH.to_string()} height={drawing.height.to_string()} viewBox={format!("-1 -1 {} {}", WIDTH + 2, drawing.height + 2)}>
                <title id="drawing-title">{ "Drawing of the in-browser cloud" }</title>
                <desc id="drawing-about">{ format!("{}. Arrow keys go from thing to thing.", drawing.sentence) }</desc>
                { for drawing.frames.iter().map(|area| rectangle(*area, "frame")) }
                { for drawing.wires.iter().map(|points| wire(points)) }
                { for drawing.words.iter().map(|(x, y, text)| html! { <text class="words" x={x.to_string()} y={y.to_string()}>{ text }</text> }) }
                { for drawing.things.iter().enumerate().map(|(index, thing)| draw(index, thing, &news, stop.as_ref(), chosen.as_ref(), &choose, &step)) }
            </svg>
            <p class="quiet-text news">{ news.sentence() }</p>
            if let Some(thing) = shown {
                <Details thing={thing.clone()} on_put={props.on_put.clone()} />
            } else {
                <p class="quiet-text">{ "Choose a thing to see its ids in both clouds." }</p>
            }
        </div>
    }
}

/// What the last request made of the cloud: the first look after it is compared with the last one before.
#[hook]
fn use_news(seen: &Shared<(View, String)>, version: u32) -> Rc<News> {
    struct Looks {
        version: u32,
        before: Option<Shared<(View, String)>>,
        last: Option<Shared<(View, String)>>,
    }
    let looks = use_mut_ref(|| Looks {
        version,
        before: None,
        last: None,
    });
    use_memo((seen.clone(), version), |(seen, version)| {
        let mut looks = looks.borrow_mut();
        if looks.version != *version {
            looks.version = *version;
            looks.before = looks.last.take();
        }
        looks.last = Some(seen.clone());
        match &looks.before {
            Some(before) => News::between(&before.0, &seen.0),
            None => News::default(),
        }
    })
}

fn draw(
    index: usize,
    thing: &Thing,
    news: &News,
    stop: Option<&String>,
    chosen: Option<&String>,
    choose: &Callback<String>,
    step: &Callback<(String, isize)>,
) -> Html {
    let Area {
        x,
        y,
        width,
        height,
    } = thing.area;
    let word = news.word(&thing.id);
    let is_chosen = chosen == Some(&thing.id);
    let kind = match thing.kind {
        Kind::External => "external",
        Kind::Router => "router",
        Kind::Subnet => "subnet",
        Kind::Server => "server",
        Kind::Volume => "volume",
        Kind::Address => "address",
        Kind::Port => "port",
    };
    let onclick = {
        let id = thing.id.clone();
        choose.reform(move |_: MouseEvent| id.clone())
    };
    let onkeydown = {
        let (id, choose, step) = (thing.id.clone(), choose.clone(), step.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            match event.key().as_str() {
                "Enter" | " " => choose.emit(id.clone()),
                "ArrowDown" | "ArrowRight" => step.emit((id.clone(), 1)),
                "ArrowUp" | "ArrowLeft" => step.emit((id.clone(), -1)),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let label = match word {
        Some(word) => format!("{}, {word}", thing.label()),
        None => thing.label(),
    };
    let tall = height > 30;
    let sign = thing.sign();
    let middle = y + if tall { 16 } else { height / 2 + 4 };
    let left = x + 8;
    let right = x + width - 8;
    html! {
        <g key={thing.id.as_str()} class={classes!("thing", kind, word, is_chosen.then_some("chosen"))} role="button" data-index={index.to_string()}
            tabindex={if stop == Some(&thing.id) { "0" } else { "-1" }} aria-pressed={if is_chosen { "true" } else { "false" }} aria-label={label}
            {onclick} {onkeydown}>
            <rect x={x.to_string()} y={y.to_string()} width={width.to_string()} height={height.to_string()} rx={if thing.kind == Kind::Address { "12" } else { "4" }} />
            <text aria-hidden="true" class="title" x={left.to_string()} y={middle.to_string()}>
                if !sign.is_empty() { <tspan class="sign">{ sign }</tspan>{ " " } }
                { &thing.title }
            </text>
            if tall {
                <text aria-hidden="true" class="note" x={left.to_string()} y={(y + 32).to_string()}>{ &thing.note }</text>
            } else {
                <text aria-hidden="true" class="note" x={right.to_string()} y={middle.to_string()} text-anchor="end">{ &thing.note }</text>
            }
            if let Some(word) = word {
                // On the upper edge, where nothing of the thing itself stands.
                <text aria-hidden="true" class="word" x={right.to_string()} y={(y + 4).to_string()} text-anchor="end">{ word }</text>
            }
        </g>
    }
}

fn rectangle(area: Area, class: &'static str) -> Html {
    html! {
        <rect {class} x={area.x.to_string()} y={area.y.to_string()} width={area.width.to_string()} height={area.height.to_string()} rx="4" />
    }
}

fn wire(points: &[(i32, i32)]) -> Html {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    html! { <polyline class="wire" points={points.join(" ")} /> }
}

fn focus(picture: &NodeRef, index: usize) {
    let found = picture.cast::<web_sys::Element>().and_then(|picture| {
        picture
            .query_selector(&format!("[data-index='{index}']"))
            .ok()
            .flatten()
    });
    if let Some(thing) = found.and_then(|found| found.dyn_into::<SvgElement>().ok()) {
        // A thing always takes focus.
        let _ = thing.focus();
    }
}

#[derive(Properties, PartialEq)]
struct DetailsProps {
    thing: Thing,
    on_put: Callback<String>,
}

/// The ids of a thing in both clouds, and a way to ask for it.
#[component]
fn Details(props: &DetailsProps) -> Html {
    let thing = &props.thing;
    let id = |text: String, label: &'static str| {
        let copied = text.clone();
        html! {
            <dd class="mono">{ text }{ " " }<Copy text={Callback::from(move |()| copied.clone())} label={AttrValue::from(label)} /></dd>
        }
    };
    let describe = thing.request().map(|request| {
        let onclick = props.on_put.reform(move |_: MouseEvent| request.clone());
        html! { <button type="button" class="describe" {onclick}>{ "Describe it in the input" }</button> }
    });
    html! {
        <div class="details">
            <h3>{ format!("{} {}", thing.kind.word(), thing.name) }if !thing.status.is_empty() { <span class="status">{ &thing.status }</span> }</h3>
            <dl>
                if let Some((word, text)) = thing.ec2() {
                    <dt>{ format!("EC2 {word}") }</dt>
                    { id(text, "the EC2 id") }
                } else {
                    <dt>{ "EC2" }</dt><dd>{ "has no such thing" }</dd>
                }
                <dt>{ "OpenStack" }</dt>
                { id(thing.id.clone(), "the OpenStack id") }
                { for thing.facts.iter().map(|(name, text)| html! { <><dt>{ *name }</dt><dd>{ text }</dd></> }) }
            </dl>
            { for describe }
        </div>
    }
}
