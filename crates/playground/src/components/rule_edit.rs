//! What an edit changes: problems, cases, the patch. The second program writes it; here it is placed and run.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use serde_json::json;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::browser;
use crate::desk::BenchRef;

/// Quiet time after an edit before its cases run, in milliseconds.
const PAUSE: u32 = 250;
/// Time that cases may take before the page may draw and listen again, in milliseconds.
const SLICE: f64 = 5.0;
/// Pause between two slices, in milliseconds.
const BREATH: u32 = 4;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub bench: BenchRef,
    /// Counts the edits.
    pub version: u32,
    /// The file that is looked at.
    pub shown: String,
    /// There are edits, and they have no errors.
    pub usable: bool,
}

#[component]
pub fn RuleEdit(props: &Props) -> Html {
    let bench = &props.bench;
    let sentence = use_state_eq(AttrValue::default);
    let list = use_state_eq(AttrValue::default);
    let made = use_state_eq(AttrValue::default);
    // What is wrong with the rules as a whole is found while the cases run.
    let settled = use_state_eq(|| 0u32);
    let problems = use_memo(
        (
            bench.clone(),
            (props.version, *settled),
            props.shown.clone(),
        ),
        |(bench, _, shown)| AttrValue::from(bench.0.problems(shown)),
    );
    let form = use_memo(bench.clone(), |bench| AttrValue::from(bench.0.form()));
    {
        let (sentence, list, made) = (sentence.setter(), list.setter(), made.setter());
        let settled = settled.setter();
        use_effect_with((bench.clone(), props.version), move |(bench, version)| {
            made.set(AttrValue::default());
            sentence.set(bench.0.sentence().into());
            let timer = Rc::new(RefCell::new(None));
            let run = Run {
                bench: bench.clone(),
                sentence,
                list,
                settled,
                version: *version,
            };
            run.after(PAUSE, &timer);
            move || drop(timer.borrow_mut().take())
        });
    }
    use_effect_with(props.usable, |usable| {
        if *usable {
            fill_author();
        }
    });
    let onclick = {
        let (bench, made) = (bench.clone(), made.clone());
        Callback::from(move |event: MouseEvent| match deed(&event).as_deref() {
            Some("patch") => made.set(bench.0.make_patch(&letter()).into()),
            Some("download") => {
                let (file, text) = bench.0.patch();
                browser::download(&file, &text);
            }
            _ => {}
        })
    };
    html! {
        <>
            <h3>{ "Problems" }</h3>
            <div class="diagnostics" role="status">{ Html::from_html_unchecked((*problems).clone()) }</div>
            <div class="rule-cases">
                <h3>{ "Cases" }</h3>
                <p role="status" class="sentence">{ (*sentence).clone() }</p>
                { Html::from_html_unchecked((*list).clone()) }
            </div>
            if props.usable {
                <details class="rule-patch" {onclick}>
                    <summary>{ "Propose it as a patch" }</summary>
                    { Html::from_html_unchecked((*form).clone()) }
                    { Html::from_html_unchecked((*made).clone()) }
                </details>
            }
        </>
    }
}

/// The run of the cases for one edit.
struct Run {
    bench: BenchRef,
    sentence: UseStateSetter<AttrValue>,
    list: UseStateSetter<AttrValue>,
    settled: UseStateSetter<u32>,
    version: u32,
}

impl Run {
    /// Works for a slice after some time, shows how far it came, and goes on.
    fn after(self, time: u32, timer: &Rc<RefCell<Option<Timeout>>>) {
        let held = timer.clone();
        *timer.borrow_mut() = Some(Timeout::new(time, move || {
            let end = browser::milliseconds() + SLICE;
            let mut more = self.bench.0.go_on();
            while more && browser::milliseconds() < end {
                more = self.bench.0.go_on();
            }
            self.settled.set(self.version);
            self.sentence.set(self.bench.0.sentence().into());
            if more {
                self.after(BREATH, &held);
            } else {
                // Replaced as a whole, so that nothing that is read moves while cases run.
                self.list.set(self.bench.0.list().into());
            }
        }));
    }
}

fn deed(event: &MouseEvent) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-do]").ok()??.get_attribute("data-do")
}

/// Puts the author in that was asked before.
fn fill_author() {
    let (name, address) = browser::author();
    for (id, text) in [("patch-name", name), ("patch-address", address)] {
        if let Some(field) = browser::element::<HtmlInputElement>(id) {
            field.set_value(&text);
        }
    }
}

/// The letter as its fields say it now.
fn letter() -> String {
    let field = |id: &str| {
        browser::element::<HtmlInputElement>(id)
            .map(|field| field.value())
            .unwrap_or_default()
    };
    let body = browser::element::<HtmlTextAreaElement>("patch-body");
    let with_cases = browser::element::<HtmlInputElement>("patch-cases");
    let (name, address) = (field("patch-name"), field("patch-address"));
    browser::remember_author(&name, &address);
    json!({
        "name": name,
        "address": address,
        "subject": field("patch-subject"),
        "body": body.map(|field| field.value()).unwrap_or_default(),
        "date": browser::mail_date(),
        "rules_only": with_cases.is_some_and(|field| !field.checked()),
    })
    .to_string()
}
