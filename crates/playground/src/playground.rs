//! The playground: the request, what becomes of it, the calls, the answer and the cloud.

use std::rc::Rc;

use translator::trace::{Phase, TracedCall};
use yew::prelude::*;

use crate::app::Held;
use crate::browser;
use crate::components::answer::AnswerPane;
use crate::components::cloud::CloudPane;
use crate::components::compare::Compare;
use crate::components::forms::Forms;
use crate::components::input::Input;
use crate::components::ledger::Ledger;
use crate::components::reply::part;
use crate::components::reply_editor::Replies;
use crate::components::rule::RulePane;
use crate::components::rule_link::OpenRule;
use crate::components::share::LinkHere;
use crate::components::stand_ins::{LeftOut, StandIns};
use crate::components::timeline::Timeline;
use crate::desk::DeskAction;
use crate::habits::{reveal_lit, use_aloud, use_keeping, use_settling, use_shortcuts};
use crate::in_force::InForce;
use crate::inventory;
use crate::ledger::sentence;
use crate::part::Part;
use crate::samples;
use crate::shared::Shared;
use crate::stage::CloudStage;
use crate::state::Action;
use crate::undone;
use crate::unfilled;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub state: Held,
}

#[component]
pub fn Playground(props: &Props) -> Html {
    let state = &props.state.0;
    let dispatch = use_memo((), |()| state.dispatcher());
    let act = |make: fn(i64) -> Action| {
        let dispatch = dispatch.clone();
        move || dispatch.dispatch(make(browser::now()))
    };

    let view = state.view.clone();
    // Made once, so that panes whose data did not change are not drawn again.
    let on_hover = use_callback((), {
        let d = dispatch.clone();
        move |place: Option<String>, ()| d.dispatch(Action::Hover(place))
    });
    let on_pin = use_callback((), {
        let d = dispatch.clone();
        move |place: Option<String>, ()| d.dispatch(Action::Pin(place))
    });
    let on_type = use_callback((), {
        let d = dispatch.clone();
        move |text: String, ()| d.dispatch(Action::Type(text, browser::now()))
    });
    let on_read = use_callback((), {
        let d = dispatch.clone();
        move |dialect, ()| d.dispatch(Action::Read(dialect, browser::now()))
    });
    let on_put = use_callback((), {
        let d = dispatch.clone();
        move |text, ()| d.dispatch(Action::Put(text, browser::now()))
    });
    let on_write = use_callback((), {
        let d = dispatch.clone();
        move |style, ()| d.dispatch(Action::Write(style))
    });
    let on_open = use_callback((), {
        let d = dispatch.clone();
        move |calls, ()| d.dispatch(Action::Unfold(calls))
    });
    let engine = state.session.engine().clone();
    let samples = use_callback(Rc::as_ptr(&engine), move |call: Shared<TracedCall>, _| {
        samples::of(engine.rules(), &call)
    });
    let on_answer = use_callback((), {
        let d = dispatch.clone();
        move |typed, ()| d.dispatch(Action::Answer(typed, browser::now()))
    });
    let on_unanswer = use_callback((), {
        let d = dispatch.clone();
        move |call, ()| d.dispatch(Action::Unanswer(Some(call), browser::now()))
    });
    let on_unanswer_all = use_callback((), {
        let d = dispatch.clone();
        move |(), ()| d.dispatch(Action::Unanswer(None, browser::now()))
    });
    let on_print = use_callback((), {
        let d = dispatch.clone();
        move |printed, ()| d.dispatch(Action::Print(printed))
    });
    let on_also = use_callback((), {
        let d = dispatch.clone();
        move |dialect, ()| d.dispatch(Action::Also(dialect))
    });
    let on_beside = use_callback((), {
        let d = dispatch.clone();
        move |second, ()| d.dispatch(Action::Beside(second))
    });
    let on_wish = use_callback((), {
        let d = dispatch.clone();
        move |wish, ()| d.dispatch(Action::Wish(wish, browser::now()))
    });
    let wish = state.session.wish();
    let on_desk = use_callback((), {
        let d = dispatch.clone();
        move |action, ()| d.dispatch(Action::Desk(action, browser::now()))
    });
    let open_rule = use_memo((), |()| {
        let d = dispatch.clone();
        OpenRule(Callback::from(move |(file, line)| {
            d.dispatch(Action::Show(Part::Rule));
            d.dispatch(Action::Desk(DeskAction::Show(file, line), browser::now()));
        }))
    });
    let engine = state.session.engine().clone();
    let undone = use_callback(Rc::as_ptr(&engine), move |call: Shared<TracedCall>, _| {
        undone::words(engine.rules(), &call).map(AttrValue::from)
    });
    let link = {
        let state = props.state.clone();
        Callback::from(
            move |call| html! { <LinkHere state={state.clone()} part={Part::Calls} call={call} /> },
        )
    };
    let engine = state.session.engine().clone();
    let action = view.result.as_ref().map(|result| result.action.clone());
    let why = use_callback(
        (Rc::as_ptr(&engine), action),
        move |element: String, (_, action)| {
            unfilled::reason(engine.rules(), action.as_deref()?, &element)
        },
    );
    let replies = Replies {
        samples,
        on_answer,
        on_unanswer,
    };
    let typed = use_memo(state.session.replies().to_vec(), Vec::clone);
    let on_reset = use_callback((), {
        let d = dispatch.clone();
        move |(), ()| d.dispatch(Action::Reset(browser::now()))
    });

    let lit = use_memo((state.focus().cloned(), Rc::as_ptr(&view)), |_| {
        Rc::new(state.lit())
    });
    let clock = use_state_eq(|| 0u32);
    let shelves = use_memo((state.cloud_version, *clock), |_| {
        Shared::new(inventory::read(
            &state
                .session
                .ask(inventory::calls(), state.time(browser::now())),
        ))
    });
    let seen = use_memo((state.cloud_version, *clock), |_| {
        Shared::new(state.session.look(state.time(browser::now())))
    });
    // Lines in force are looked for only while somebody sees them.
    let rule = state.desk.open || state.part == Part::Rule;
    let in_force = use_memo((Rc::as_ptr(&view), rule), |(_, rule)| {
        let result = view.result.as_ref().filter(|_| *rule);
        result.map(InForce::new).unwrap_or_default()
    });
    use_settling(&shelves, &clock);
    use_shortcuts(dispatch.clone());
    use_effect_with(state.reveal, |reveal| {
        if *reveal > 0 {
            reveal_lit();
        }
    });
    use_keeping(state);

    let result = view.result.clone();
    let count = result
        .as_ref()
        .filter(|_| !view.stale)
        .map(|result| sentence(&result.ledger))
        .unwrap_or_default();
    let linked: AttrValue = if lit.focus.is_empty() {
        AttrValue::default()
    } else {
        lit.sentence().into()
    };
    let aloud = use_aloud(state, &count, &linked);
    let (lit_request, focus_request) = part(&lit, "q");
    let (lit_forms, focus_forms) = (lit_request.clone(), focus_request.clone());
    let (lit_answer, focus_answer) = part(&lit, "a");
    let changes = result.as_ref().is_some_and(|result| result.changes());
    let cloud = state.cloud;
    let answer = result.as_ref().and_then(|result| result.answer.as_ref());
    let refused = !changes && answer.is_some_and(|view| view.answer.error.is_some());
    let standing = match () {
        () if cloud == CloudStage::Coming => "The in-browser cloud is on its way.",
        () if cloud == CloudStage::Missing => "There is no cloud to send it to.",
        () if view.stale => "Nothing to send yet.",
        () if !view.can_be_sent() => "Mend the errors to send it.",
        () if state.sent => "Sent. Edit the request to preview again.",
        () if refused => "It is refused: sending it changes nothing.",
        () if changes => "Preview on a copy. The cloud changes when you send.",
        () => "This request only reads.",
    };
    let stale = (view.stale && result.is_some()).then(|| {
        html! { <p class="stale">{ "From the last request that could be read." }</p> }
    });
    let waiting = || match view.unchecked {
        true => html! { <p class="empty">{ cloud.about() }</p> },
        false => html! { <p class="empty">{ "Paste an EC2 request, or choose an example." }</p> },
    };
    let onsubmit = {
        let send = act(Action::Send);
        Callback::from(move |_: MouseEvent| send())
    };
    let show = |part: Part| {
        let d = dispatch.clone();
        Callback::from(move |_: MouseEvent| d.dispatch(Action::Show(part)))
    };
    let toggle_rule = on_desk.reform(move |_: MouseEvent| match rule {
        true => DeskAction::Close,
        false => DeskAction::Show(String::new(), 0),
    });
    let take_back = on_desk.reform(|_: MouseEvent| DeskAction::Reset(None));
    let edited = state.session.is_edited().then(|| {
        html! {
            <p class="stale edited">
                { "Translated with your edit of " }
                { state.desk.edits.keys().map(String::as_str).collect::<Vec<_>>().join(", ") }
                { ". " }
                <button type="button" class="linkish" onclick={take_back}>{ "Take it back" }</button>
            </p>
        }
    });
    let step = |by: isize| {
        let d = dispatch.clone();
        Callback::from(move |_: MouseEvent| d.dispatch(Action::Step(by)))
    };
    html! {
        <ContextProvider<OpenRule> context={(*open_rule).clone()}>
            <nav class="parts" aria-label="Parts of the page">
                { for Part::ALL.map(|part| html! {
                    <button type="button" key={part.id()} aria-current={(part == state.part).then_some("true")} onclick={show(part)}>
                        { part.name() }
                        if lit.in_part(part) && part != state.part { <span class="here" title="Linked values here"><span class="unseen">{ ", linked values" }</span></span> }
                    </button>
                }) }
            </nav>
            <main class={classes!("page", rule.then_some("with-rule"))} data-part={state.part.id()}>
                <div class="column first">
                    <section class="panel request" id="input" aria-labelledby="request-title">
                        <div class="title"><h2 id="request-title">{ "EC2 request" }</h2><span class="push" /><LinkHere state={props.state.clone()} part={Part::Request} /></div>
                        <Input view={view.clone()} chosen={state.chosen} lit={lit_request.clone()} focus={focus_request.clone()}
                            {on_type} {on_read} on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        <StandIns taken={view.taken.clone()} {wish} on_wish={on_wish.clone()} />
                        <div class="bar send">
                            <button type="button" class="main" onclick={onsubmit} disabled={!view.can_be_sent() || cloud != CloudStage::Here} aria-keyshortcuts="Control+Enter">
                                { "Send to the cloud" }
                            </button>
                            <span class="quiet-text">{ standing }</span>
                        </div>
                    </section>
                    <section class="panel" id="ledger" tabindex="-1" aria-labelledby="ledger-title">
                        <div class="title"><h2 id="ledger-title">{ "Ledger" }</h2><span class="push" /><LinkHere state={props.state.clone()} part={Part::Ledger} /></div>
                        { stale.clone() }
                        if view.unchecked {
                            <p class="stale">{ "What is known of this action comes with the in-browser cloud." }</p>
                        }
                        if let Some(result) = &result {
                            <Ledger rows={result.ledger.clone()} lit={lit_request} focus={focus_request} on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        } else {
                            { waiting() }
                        }
                    </section>
                    <section class="panel" id="forms" tabindex="-1" aria-labelledby="forms-title">
                        <div class="title"><h2 id="forms-title">{ "The same request elsewhere" }</h2></div>
                        <Forms view={view.clone()} other={state.other} lit={lit_forms} focus={focus_forms} reveal={state.reveal} {on_also}
                            on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        <Compare view={view.clone()} second={state.second.clone()} {on_beside} on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                    </section>
                </div>
                <div class="column second">
                    <section class="panel" id="calls" tabindex="-1" aria-labelledby="calls-title">
                        <div class="title"><h2 id="calls-title">
                            { "OpenStack calls" }
                            if let Some(result) = &result { <span class="count">{ told(&result.calls) }</span> }
                        </h2><span class="push" /><LinkHere state={props.state.clone()} part={Part::Calls} /></div>
                        { stale.clone() }
                        { for edited }
                        if cloud == CloudStage::Missing && result.is_some() {
                            <p class="stale">{ "Calls up to the first reply: what comes after depends on it." }</p>
                        }
                        if !view.stale {
                            <LeftOut taken={view.taken.clone()} {wish} {on_wish} />
                        }
                        if let Some(result) = &result {
                            <Timeline calls={result.calls.clone()} ledger={result.ledger.clone()} {refused} style={state.form} lit={(*lit).clone()} reveal={state.reveal}
                                opened={state.opened.clone()} {on_open} {typed} {replies} {on_unanswer_all} {on_write} {undone} {link}
                                on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        } else {
                            { waiting() }
                        }
                    </section>
                </div>
                <div class="column third">
                    <section class="panel" id="answer" tabindex="-1" aria-labelledby="answer-title">
                        <div class="title"><h2 id="answer-title">
                            { "EC2 answer" }
                            if let Some(result) = &result {
                                <a class="count" href={format!("#/action/{}", result.action)} title="How this action is translated">{ &*result.action }</a>
                            }
                        </h2><span class="push" /><LinkHere state={props.state.clone()} part={Part::Answer} /></div>
                        { stale }
                        if let Some(result) = &result {
                            <AnswerPane {why} action={result.action.clone()} answer={result.answer.clone()} {cloud} printed={state.printed} {on_print} lit={lit_answer} focus={focus_answer} reveal={state.reveal}
                                on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                        } else {
                            { waiting() }
                        }
                    </section>
                    <section class="panel" id="cloud" tabindex="-1" aria-labelledby="cloud-title">
                        <div class="title"><h2 id="cloud-title">{ "In-browser cloud" }</h2><span class="push" /><LinkHere state={props.state.clone()} part={Part::Cloud} /></div>
                        <CloudPane shelves={Shared::clone(&shelves)} seen={Shared::clone(&seen)} version={state.cloud_version} {cloud} {on_put} {on_reset} />
                    </section>
                </div>
                if rule {
                    <section class="panel rule-pane" id="rule" tabindex="-1" aria-labelledby="rule-title">
                        <RulePane desk={state.desk.clone()} in_force={Rc::clone(&in_force)} lit={(*lit).clone()} reveal={state.reveal}
                            link={html! { <LinkHere state={props.state.clone()} part={Part::Rule} /> }}
                            {on_desk} on_hover={on_hover.clone()} on_pin={on_pin.clone()} />
                    </section>
                }
            </main>
            <footer class="strip">
                <button type="button" class="quiet" onclick={step(-1)} aria-keyshortcuts="Alt+[">{ "Previous mapping" }</button>
                <button type="button" class="quiet" onclick={step(1)} aria-keyshortcuts="Alt+]">{ "Next mapping" }</button>
                <button type="button" class="quiet" id="show-rule" onclick={toggle_rule} aria-expanded={if rule { "true" } else { "false" }}>{ "Rule" }</button>
                <span class={classes!("linked", linked.is_empty().then_some("hint"))}>{ if linked.is_empty() { "Point at a value to see where it comes from and where it goes.".into() } else { linked } }</span>
                <span class="push" />
                <span class="notice">{ state.notice.as_deref().unwrap_or_default().to_owned() }</span>
            </footer>
            <p class="unseen" role="status">{ aloud }</p>
        </ContextProvider<OpenRule>>
    }
}

/// How many calls there are, and how many of them change something.
fn told(calls: &[Shared<TracedCall>]) -> String {
    let all = calls.len();
    match calls
        .iter()
        .filter(|call| call.phase == Phase::Change)
        .count()
    {
        0 => all.to_string(),
        1 => format!("{all}, 1 changes the cloud"),
        changes => format!("{all}, {changes} change the cloud"),
    }
}
