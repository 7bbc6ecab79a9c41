//! A rule file, line by line; under edit, a textarea lies over the lines.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::browser;
use crate::desk::BenchRef;
use crate::position::{byte_of, units_of};

/// An edit that takes longer than this, in milliseconds, waits for a pause in typing.
const QUICK: f64 = 10.0;
/// That pause, in milliseconds.
const PAUSE: u32 = 150;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub bench: BenchRef,
    /// Path below the rules folder.
    pub path: AttrValue,
    pub text: AttrValue,
    pub editing: bool,
    /// The text differs from what it was.
    pub edited: bool,
    /// Counts the edits.
    pub version: u32,
    /// The edits have errors.
    pub broken: bool,
    /// Lines in force, in order.
    pub marked: Rc<Vec<u32>>,
    /// Lines that made what is lit, in order.
    pub lit: Rc<Vec<u32>>,
    /// Line and column to bring into view, and a count of such wishes; line 0 is none.
    pub jump: (u32, u32, u32),
    /// Counts the times that the rule was opened at a line.
    pub jumps: u32,
    pub reveal: u32,
    pub on_line: Callback<Option<u32>>,
    pub on_point: Callback<Option<u32>>,
    pub on_edit: Callback<String>,
}

#[component]
pub fn RuleText(props: &Props) -> Html {
    let pane = use_node_ref();
    let area = use_node_ref();
    let layer = use_node_ref();
    let placed = use_mut_ref(Vec::<String>::new);
    // What is in the textarea; the page follows.
    let draft = use_state_eq(|| None::<AttrValue>);
    let timer = use_mut_ref(|| None::<Timeout>);
    let slow = use_mut_ref(|| false);
    let text = draft.as_ref().unwrap_or(&props.text).clone();
    let sheet = use_memo(
        (
            text.clone(),
            props.marked.clone(),
            props.editing,
            (props.edited, props.version),
        ),
        |(text, marked, editing, (edited, _))| {
            let bench = &props.bench.0;
            AttrValue::from(bench.sheet(&props.path, text, marked, !editing, *edited || *editing))
        },
    );
    {
        // Only lines that changed are placed anew: a key press changes one of hundreds.
        let (layer, placed) = (layer.clone(), placed.clone());
        use_effect_with(sheet.clone(), move |sheet| {
            if let Some(layer) = layer.cast::<Element>() {
                place(&layer, &mut placed.borrow_mut(), sheet);
            }
        });
    }
    {
        let (pane, area, editing, text) = (pane.clone(), area.clone(), props.editing, text.clone());
        let first = props.lit.first().or_else(|| props.marked.first()).copied();
        use_effect_with(
            (props.jump, props.jumps),
            move |((line, column, wishes), _)| {
                if *line == 0 {
                    // Above the first line in force stands only what is for readers.
                    if let Some(line) = first {
                        show(&pane, line);
                    }
                    return;
                }
                show(&pane, *line);
                if let (true, true, Some(area)) =
                    (editing, *wishes > 0, area.cast::<HtmlTextAreaElement>())
                {
                    let units = units_of(&text, offset(&text, *line, *column)) as u32;
                    // A textarea always takes focus and a range.
                    let _ = area.focus();
                    let _ = area.set_selection_range(units, units);
                }
            },
        );
    }
    // The lines stay as they were written; only the light on them moves.
    {
        let pane = pane.clone();
        use_effect_with((props.lit.clone(), sheet.clone()), move |(lit, _)| {
            light(&pane, lit);
        });
    }
    {
        // What is lit comes into view, unless a line of it is there or somebody is typing.
        let (pane, lit, editing) = (pane.clone(), props.lit.clone(), props.editing);
        use_effect_with((props.reveal, props.lit.first().copied()), move |_| {
            if let (Some(line), false) = (lit.first(), editing) {
                show(&pane, *line);
            }
        });
    }

    let oninput = {
        let (timer, slow, draft, on_edit) = (
            timer.clone(),
            slow.clone(),
            draft.clone(),
            props.on_edit.clone(),
        );
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            draft.set(Some(value.clone().into()));
            let (on_edit, slow) = (on_edit.clone(), slow.clone());
            let pause = if *slow.borrow() { PAUSE } else { 0 };
            *timer.borrow_mut() = Some(Timeout::new(pause, move || {
                let begun = browser::milliseconds();
                on_edit.emit(value);
                *slow.borrow_mut() = browser::milliseconds() - begun > QUICK;
            }));
        })
    };
    let caret = {
        let (on_line, text) = (props.on_line.clone(), text.clone());
        move |area: HtmlTextAreaElement| {
            let units = area.selection_start().ok().flatten().unwrap_or(0) as usize;
            on_line.emit(Some(line_at(&text, byte_of(&text, units))));
        }
    };
    let onclick_area = {
        let caret = caret.clone();
        Callback::from(move |event: MouseEvent| caret(event.target_unchecked_into()))
    };
    let onkeyup = Callback::from(move |event: KeyboardEvent| {
        if matches!(
            event.key().as_str(),
            "ArrowUp" | "ArrowDown" | "PageUp" | "PageDown"
        ) {
            caret(event.target_unchecked_into());
        }
    });
    let onkeydown_area = Callback::from(|event: KeyboardEvent| {
        let plain =
            !event.ctrl_key() && !event.alt_key() && !event.meta_key() && !event.shift_key();
        if event.key() == "Enter" && plain && !event.is_composing() {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            let units = area.selection_start().ok().flatten().unwrap_or(0) as usize;
            let text = area.value();
            if browser::insert(&format!("\n{}", indent(&text, byte_of(&text, units)))) {
                event.prevent_default();
            }
        }
    });
    let onclick = {
        let on_line = props.on_line.clone();
        Callback::from(move |event: MouseEvent| on_line.emit(line_under(&event)))
    };
    let onmouseover = {
        let on_point = props.on_point.clone();
        Callback::from(move |event: MouseEvent| on_point.emit(line_under(&event)))
    };
    let onmousemove = {
        let on_point = props.on_point.clone();
        Callback::from(move |event: MouseEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            let lines = area.value().matches('\n').count() as f64 + 1.0;
            let height = f64::from(area.client_height().max(1));
            let line = f64::from(event.offset_y()) / height * lines;
            on_point.emit(Some(line as u32 + 1));
        })
    };
    let onmouseleave = props.on_point.reform(|_: MouseEvent| None);
    let onkeydown = {
        let pane = pane.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowDown" if step(&pane, 1) => event.prevent_default(),
            "ArrowUp" if step(&pane, -1) => event.prevent_default(),
            _ => {}
        })
    };
    let reading = !props.editing;
    html! {
        <div ref={pane} class={classes!("rule-text", props.editing.then_some("editing"))} role="group" aria-label={format!("Rule {}", props.path)}
            tabindex={reading.then_some("0")} onclick={reading.then_some(onclick)} onmouseover={reading.then_some(onmouseover)} {onmouseleave} onkeydown={reading.then_some(onkeydown)}>
            <div class="sheet">
                <div ref={layer} class="layer" aria-hidden={props.editing.then_some("true")} />
                if props.editing {
                    <textarea ref={area} id="rule-editor" aria-label={format!("Rule {}", props.path)} spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off"
                        aria-invalid={props.broken.then_some("true")} value={text} {oninput} {onkeyup} {onmousemove} onclick={onclick_area} onkeydown={onkeydown_area} />
                }
            </div>
        </div>
    }
}

/// Byte offset of a line and column, both from 1.
fn offset(text: &str, line: u32, column: u32) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text.get(start..).and_then(|rest| rest.find('\n')) {
            Some(at) => start += at + 1,
            None => break,
        }
    }
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.split('\n').next().unwrap_or_default();
    let column = column.saturating_sub(1) as usize;
    start
        + rest
            .char_indices()
            .nth(column)
            .map_or(rest.len(), |(at, _)| at)
}

fn line_at(text: &str, byte: usize) -> u32 {
    let before = text.get(..byte).unwrap_or(text);
    before.matches('\n').count() as u32 + 1
}

/// The indent of the line that holds a byte offset, deeper by a step where the line opens something.
fn indent(text: &str, byte: usize) -> String {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let depth = line.len() - line.trim_start_matches(' ').len();
    let opens = line.trim_end().ends_with([':', '|']);
    " ".repeat(depth + if opens { 2 } else { 0 })
}

fn line_under(event: &MouseEvent) -> Option<u32> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let line = target.closest("[data-line]").ok()??;
    line.get_attribute("data-line")?.parse().ok()
}

/// Makes the lines of a layer those of the HTML, each a `div` without others in it.
fn place(layer: &Element, placed: &mut Vec<String>, html: &str) {
    const END: &str = "</div>";
    let new: Vec<&str> = html.split_inclusive(END).collect();
    let (old_count, new_count) = (placed.len(), new.len());
    let same = placed.iter().zip(&new).take_while(|(a, b)| a == *b).count();
    let most = old_count.min(new_count) - same;
    let after = placed
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(most)
        .take_while(|(a, b)| a == *b)
        .count();
    let lines = layer.children();
    for _ in same..old_count - after {
        if let Some(line) = lines.item(same as u32) {
            line.remove();
        }
    }
    let fresh = new
        .get(same..new_count - after)
        .unwrap_or_default()
        .concat();
    // The position is a known one and the lines have a parent, so neither call can fail.
    let _ = match lines.item(same as u32) {
        Some(line) => line.insert_adjacent_html("beforebegin", &fresh),
        None => layer.insert_adjacent_html("beforeend", &fresh),
    };
    *placed = new.into_iter().map(str::to_owned).collect();
}

fn line_of(pane: &Element, line: u32) -> Option<Element> {
    pane.query_selector(&format!("[data-line='{line}']"))
        .ok()
        .flatten()
}

/// Lights lines, and no others.
fn light(pane: &NodeRef, lit: &[u32]) {
    let Some(pane) = pane.cast::<Element>() else {
        return;
    };
    let set = |line: &Element, lit: bool| {
        // The names are valid, so neither call can fail.
        let _ = line.class_list().toggle_with_force("lit", lit);
        if let Ok(Some(button)) = line.query_selector("button") {
            let _ = button.set_attribute("aria-pressed", if lit { "true" } else { "false" });
        }
    };
    while let Ok(Some(line)) = pane.query_selector(".line.lit") {
        set(&line, false);
    }
    for line in lit {
        if let Some(line) = line_of(&pane, *line) {
            set(&line, true);
        }
    }
}

/// Brings a line into view without moving anything but the pane.
fn show(pane: &NodeRef, line: u32) {
    let Some(pane) = pane.cast::<HtmlElement>() else {
        return;
    };
    let Some(found) = line_of(&pane, line) else {
        return;
    };
    let (outer, inner) = (
        pane.get_bounding_client_rect(),
        found.get_bounding_client_rect(),
    );
    let above = inner.top() - outer.top();
    if above < 0.0 || above + inner.height() > outer.height() {
        let wanted = f64::from(pane.scroll_top()) + above - outer.height() / 3.0;
        pane.set_scroll_top(wanted.max(0.0) as i32);
    }
}

/// Moves the focus to the next or previous line in force; whether there is one.
fn step(pane: &NodeRef, by: i32) -> bool {
    let Some(pane) = pane.cast::<Element>() else {
        return false;
    };
    let active = browser::document().and_then(|document| document.active_element());
    let Some(here) = active.and_then(|active| active.closest("[data-line]").ok().flatten()) else {
        return false;
    };
    let mut line = here;
    while let Some(next) = match by {
        1 => line.next_element_sibling(),
        _ => line.previous_element_sibling(),
    } {
        line = next;
        let button = line.query_selector("button").ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            // The tab key comes back to where one was.
            if let Ok(Some(old)) = pane.query_selector("button.number[tabindex='0']") {
                let _ = old.set_attribute("tabindex", "-1");
            }
            let _ = button.set_attribute("tabindex", "0");
            let _ = button.focus();
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lines_and_indents_are_found_in_any_text() {
        let text = "a: é\n  b:\n\n  - c";
        for (line, column, byte) in [
            (1, 1, 0),
            (1, 4, 3),
            (1, 5, 5),
            (1, 99, 5),
            (2, 3, 8),
            (4, 3, 14),
            (9, 1, 12),
        ] {
            assert_eq!(offset(text, line, column), byte, "{line}:{column}");
        }
        for (byte, line) in [(0, 1), (5, 1), (6, 2), (11, 3), (99, 4)] {
            assert_eq!(line_at(text, byte), line, "{byte}");
        }
        assert_eq!(
            (
                indent(text, 10).len(),
                indent(text, 5).len(),
                indent("x:\n  y", 6).len()
            ),
            (4, 0, 2)
        );
    }
}
