//! The frame of every page: title, ways to other pages, and the page that the address names.

use std::rc::Rc;

use yew::prelude::*;

use crate::arrival;
use crate::browser;
use crate::components::examples::Examples;
use crate::components::help::Help;
use crate::components::share::Share;
use crate::habits::{skip, use_route};
use crate::pages;
use crate::playground::Playground;
use crate::reading::live::use_recorded;
use crate::route::Route;
use crate::stage::{CloudStage, Program};
use crate::state::{Action, State};

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The state to begin with.
    pub start: Start,
}

/// The first state; compares by identity.
#[derive(Clone)]
pub struct Start(pub Rc<State>);

impl PartialEq for Start {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The state as the pages get it. Never equal: whoever holds it is drawn whenever its holder is.
#[derive(Clone)]
pub struct Held(pub UseReducerHandle<State>);

impl PartialEq for Held {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

#[component]
pub fn App(props: &Props) -> Html {
    let start = props.start.clone();
    let state = use_reducer(move || State::clone(&start.0));
    let dispatch = use_memo((), |()| state.dispatcher());
    let route = use_route();
    let on_choose = use_callback((), {
        let d = dispatch.clone();
        move |index, ()| d.dispatch(Action::Example(index, browser::now()))
    });
    use_effect_with((), {
        let d = dispatch.clone();
        move |()| {
            arrival::when_known(move |second| {
                d.dispatch(Action::Arrived(Program(second), browser::now()));
            });
        }
    });
    use_effect_with(state.cloud, |cloud| {
        if *cloud != CloudStage::Coming {
            browser::set_ready();
        }
    });
    use_effect_with(route.clone(), |route| {
        browser::set_title(pages::title(route));
    });

    // A session in the address is opened when the address changes; what the program began with is open already.
    let seen = use_mut_ref(browser::fragment);
    use_effect_with(route.clone(), {
        let d = dispatch.clone();
        move |route| {
            let fragment = browser::fragment();
            if *seen.borrow() != fragment {
                *seen.borrow_mut() = fragment;
                if let Some(action) = browser::opening(route) {
                    d.dispatch(action);
                }
            }
        }
    });
    // An address that no longer says what is there is worse than none.
    use_effect_with(state.addressed, {
        let stale = matches!(&route, Route::Playground(pairs) if !pairs.is_empty());
        move |addressed| {
            if stale && !addressed {
                browser::set_fragment("#/");
            }
        }
    });
    use_recorded(&route, state.dispatcher());

    let restore = {
        let d = dispatch.clone();
        Callback::from(move |_: MouseEvent| d.dispatch(Action::Restore(browser::now())))
    };
    let put_away = {
        let d = dispatch.clone();
        Callback::from(move |_: MouseEvent| d.dispatch(Action::Warn(None)))
    };
    let at_playground = route.is_playground();
    let chosen = state
        .session
        .examples()
        .iter()
        .position(|example| **example == *state.view.text);
    let held = Held(state.clone());
    html! {
        <>
            <header class="top">
                if at_playground {
                    <a class="skip" href="#request" onclick={Callback::from(skip)}>{ "Skip to the request" }</a>
                }
                <h1>{ "Stacklens" }</h1>
                <p class="tagline">{ "EC2 requests as OpenStack calls, and the answer back" }</p>
                if pages::PAGES.len() > 1 {
                    <nav class="ways" aria-label="Pages">
                        { for pages::PAGES.iter().map(|page| html! {
                            <a key={page.address} href={page.address} aria-current={page.holds(&route).then_some("page")}>{ page.name }</a>
                        }) }
                    </nav>
                }
                <span class="push" />
                if at_playground {
                    <Examples {chosen} {on_choose} />
                    if state.replaced.is_some() {
                        <button type="button" class="quiet" onclick={restore}>{ "Back to my text" }</button>
                    }
                }
                if at_playground {
                    <Share state={held.clone()} />
                }
                <Help />
            </header>
            if let Some(warning) = &state.warning {
                <p class="warning" role="alert">
                    <span>{ &**warning }</span>
                    <button type="button" class="quiet" onclick={put_away}>{ "Close" }</button>
                </p>
            }
            if at_playground {
                <Playground state={held} />
            } else {
                { pages::draw(&route, &held) }
            }
        </>
    }
}
