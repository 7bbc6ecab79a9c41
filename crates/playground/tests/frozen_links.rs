//! Links that were given out open for ever: the same file is opened in a browser by `tests/browser`.

use std::rc::Rc;

use playground::link;
use playground::route::Route;
use playground::session::Session;
use playground::state::{Action, State};
use serde::Deserialize;
use translator::Engine;
use yew::functional::Reducible;

#[derive(Deserialize)]
struct Frozen {
    about: String,
    link: String,
    request: String,
    action: String,
    ledger: usize,
    status: String,
}

#[test]
fn every_link_that_was_given_out_opens() {
    let links: Vec<Frozen> =
        serde_json::from_str(include_str!("../../../tests/browser/frozen-links.json")).unwrap();
    assert!(links.len() >= 6);
    let engine = Rc::new(Engine::new(rules::Rules::built_in().clone()));
    let session = Session::new(engine, 1_795_900_000_000);
    for frozen in links {
        let about = &frozen.about;
        let kept =
            link::read(&Route::read(&frozen.link)).unwrap_or_else(|| panic!("{about}: no session"));
        let kept = kept.unwrap_or_else(|sentence| panic!("{about}: {sentence}"));
        let fresh = Rc::new(State::new(session.clone(), "", 1_795_900_000_000));
        let state = fresh.reduce(Action::Open(Rc::new(kept), 1_795_900_000_000));
        let result = state
            .view
            .result
            .as_ref()
            .unwrap_or_else(|| panic!("{about}: no result"));
        assert_eq!(*state.view.text, *frozen.request, "{about}");
        assert_eq!(&*result.action, frozen.action, "{about}");
        assert_eq!(result.ledger.len(), frozen.ledger, "{about}");
        let answer = result
            .answer
            .as_ref()
            .unwrap_or_else(|| panic!("{about}: no answer"));
        assert_eq!(answer.answer.status.to_string(), frozen.status, "{about}");
    }
}
