//! The calls of a request at a glance: rounds from top to bottom, what runs together side by side, and a line for
//! every id that a call takes from an earlier reply.

use translator::trace::{Phase, TracedCall};
use yew::prelude::*;

use crate::carried::Carried;
use crate::shared::Shared;

/// Calls drawn at most; a longer request is told by its list.
const MOST: usize = 60;
/// Between two rounds, and between two calls of a round.
const DOWN: i32 = 40;
const ACROSS: i32 = 28;
/// Half the size of a call's sign.
const HALF: i32 = 10;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub calls: Shared<Vec<Shared<TracedCall>>>,
    pub carried: Shared<Vec<Carried>>,
}

#[component]
pub fn Sequence(props: &Props) -> Html {
    let calls = &props.calls;
    if calls.len() < 2 || calls.len() > MOST {
        return html! {};
    }
    let mut places: Vec<(u32, i32, i32)> = Vec::new();
    let (mut round, mut column, mut row) = (None, -1, 0);
    let mut deepest = 0;
    for call in calls.iter() {
        if round == Some(call.round) {
            row += 1;
        } else {
            (round, column, row) = (Some(call.round), column + 1, 0);
        }
        deepest = deepest.max(row);
        places.push((call.id, row * ACROSS + HALF + 4, column * DOWN + HALF + 4));
    }
    let place = |id: u32| {
        places
            .iter()
            .find(|(of, ..)| *of == id)
            .map(|(_, x, y)| (*x, *y))
    };
    let width = deepest * ACROSS + 2 * HALF + 8;
    let height = column * DOWN + 2 * HALF + 8;
    let wires = props.carried.iter().filter_map(|one| {
        let ((x1, y1), (x2, y2)) = (place(one.from)?, place(one.to)?);
        // A line to the next round goes straight; a longer one swings, so that it is seen beside what it passes.
        let middle = (y1 + y2) / 2;
        let swing = match y2 - y1 > DOWN && x1 == x2 {
            true => ACROSS / 2,
            false => 0,
        };
        let path = format!(
            "M{x1},{} C{},{middle} {},{middle} {x2},{}",
            y1 + HALF,
            x1 + swing,
            x2 + swing,
            y2 - HALF
        );
        Some(html! { <path class="wire" d={path} /> })
    });
    let signs = calls.iter().filter_map(|call| {
        let (x, y) = place(call.id)?;
        let failed = call.reply.as_ref().is_some_and(|reply| !(200..400).contains(&reply.status));
        let (phase, round) = match call.phase {
            Phase::Read => ("read", HALF),
            Phase::Change => ("change", 3),
            Phase::Undo => ("undo", 0),
        };
        let size = (2 * HALF).to_string();
        Some(html! {
            <g class={classes!(phase, failed.then_some("failed"))}>
                <rect x={(x - HALF).to_string()} y={(y - HALF).to_string()} width={size.clone()} height={size} rx={round.to_string()} />
                <text x={x.to_string()} y={(y + 4).to_string()} text-anchor="middle">{ call.id + 1 }</text>
            </g>
        })
    });
    html! {
        <div class="sequence" tabindex="0" role="group" aria-label="Order of the calls">
            <svg class="picture" role="img" aria-label={told(calls, &props.carried)} width={width.to_string()} height={height.to_string()} viewBox={format!("0 0 {width} {height}")}>
                { for wires }
                { for signs }
            </svg>
        </div>
    }
}

/// The picture in words.
fn told(calls: &[Shared<TracedCall>], carried: &[Carried]) -> String {
    let rounds = calls.chunk_by(|a, b| a.round == b.round).count();
    let mut told = format!(
        "{} calls in {rounds} {}",
        calls.len(),
        if rounds == 1 { "round" } else { "rounds" }
    );
    for one in carried {
        told.push_str(&format!(
            "; call {} takes {} from reply {}",
            one.to + 1,
            one.values
                .iter()
                .map(|(name, _)| name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            one.from + 1
        ));
    }
    told.push('.');
    told
}
