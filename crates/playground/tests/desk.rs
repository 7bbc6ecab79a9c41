//! Rules under edit: the result follows, mistakes do not reach it, links carry the edits.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use playground::action::Action;
use playground::bench::Bench;
use playground::cloud_host::{CloudHost, Here, HostedCloud};
use playground::desk::DeskAction;
use playground::in_force::{InForce, line_key};
use playground::link;
use playground::route::Route;
use playground::session::Session;
use playground::state::State;
use rules::Rules;
use translator::Engine;
use workshop::Workshop;
use yew::functional::Reducible;

const NOW: i64 = 1_768_478_400_000;
const FILE: &str = "volume/CreateVolume.yaml";
const CREATE: &str = "Action=CreateVolume&AvailabilityZone=nova&Size=8";

/// A bench in this program; what it would show is not looked at here.
struct InPlace(RefCell<Workshop>);

impl Bench for InPlace {
    fn paths(&self) -> Vec<String> {
        let files = Rules::built_in_files().iter();
        files.map(|(path, _)| (*path).to_owned()).collect()
    }

    fn text(&self, path: &str) -> Option<String> {
        self.0.borrow().original(path).map(str::to_owned)
    }

    fn edit(&self, edits: &BTreeMap<String, String>) -> Option<Rules> {
        let mut workshop = self.0.borrow_mut();
        let usable = workshop.edit_all(edits).usable;
        // As it crosses over in the page.
        usable.then(|| Rules::unpack(&workshop.edited_rules().pack()))?
    }

    fn sheet(&self, _: &str, _: &str, _: &[u32], _: bool, _: bool) -> String {
        String::new()
    }

    fn problems(&self, _: &str) -> String {
        String::new()
    }

    fn go_on(&self) -> bool {
        false
    }

    fn sentence(&self) -> String {
        String::new()
    }

    fn list(&self) -> String {
        String::new()
    }

    fn form(&self) -> String {
        String::new()
    }

    fn make_patch(&self, _: &str) -> String {
        String::new()
    }

    fn patch(&self) -> (String, String) {
        Default::default()
    }
}

struct WithBench(Rc<InPlace>);

impl CloudHost for WithBench {
    fn cloud(&self, seed: u64, now: i64) -> Box<dyn HostedCloud> {
        Here.cloud(seed, now)
    }

    fn bench(&self) -> Option<Rc<dyn Bench>> {
        Some(self.0.clone())
    }
}

fn session() -> Session {
    let workshop = Workshop::new(Rules::built_in_files().iter().copied(), []);
    let host = Rc::new(WithBench(Rc::new(InPlace(RefCell::new(workshop)))));
    let engine = Rc::new(Engine::new(Rules::built_in().clone()));
    Session::on(engine, host, NOW)
}

fn page() -> State {
    State::new(session(), CREATE, NOW)
}

fn act(state: State, action: Action) -> State {
    State::clone(&Rc::new(state).reduce(action))
}

fn edit(state: State, from: &str, to: &str) -> State {
    let text = state.desk.text(FILE).unwrap();
    assert!(text.contains(from), "{FILE} has no {from}");
    let text = text.replacen(from, to, 1);
    let action = DeskAction::Edit(FILE.into(), text);
    act(state, Action::Desk(action, NOW))
}

/// The body of the call that changes something.
fn sent(state: &State) -> String {
    let result = state.view.result.as_ref().unwrap();
    let calls = result.calls.iter().rev();
    calls
        .filter_map(|call| call.call.body.as_ref())
        .map(ToString::to_string)
        .next()
        .unwrap_or_default()
}

const MADE: (&str, &str) = (
    "size: Size ",
    "description: \"'made by EC2'\"\n        size: Size ",
);

#[test]
fn the_result_follows_an_edit_and_its_return() {
    let state = page();
    assert!(!sent(&state).contains("made by EC2"));
    let state = edit(state, MADE.0, MADE.1);
    assert!(sent(&state).contains("made by EC2"), "{}", sent(&state));
    assert!(state.session.is_edited() && !state.desk.broken);
    let state = act(state, Action::Desk(DeskAction::Reset(None), NOW));
    assert!(!sent(&state).contains("made by EC2") && !state.session.is_edited());
}

#[test]
fn a_rule_with_errors_leaves_the_last_good_result() {
    let state = edit(page(), MADE.0, MADE.1);
    let state = edit(state, "size: Size ", "size: Sise ");
    assert!(state.desk.broken);
    assert!(sent(&state).contains("made by EC2"));
    let state = edit(state, "size: Sise ", "size: Size ");
    assert!(!state.desk.broken && sent(&state).contains("made by EC2"));
}

#[test]
fn lines_and_values_light_each_other() {
    let state = page();
    let result = state.view.result.as_ref().unwrap();
    let in_force = InForce::new(result);
    assert_eq!(in_force.first(), FILE);
    let size = state.desk.text(FILE).unwrap();
    let size = size.lines().position(|line| line.contains("size: Size "));
    let size = size.unwrap() as u32 + 1;
    assert!(in_force.lines(FILE).contains(&size));
    let lit = result.lit("q/Size");
    assert!(in_force.lit(&lit, FILE).contains(&size));
    let back = result.lit(&line_key(FILE, size));
    assert!(
        back.keys.iter().any(|key| key.ends_with("/volume/size")),
        "{:?}",
        back.keys
    );
    assert_eq!(in_force.lit(&back, FILE), [size].into());
}

#[test]
fn a_link_carries_the_edit_without_its_secrets() {
    let state = edit(page(), MADE.0, MADE.1);
    let state = edit(
        state,
        "action: CreateVolume",
        "# password: PLANTEDkQz\naction: CreateVolume",
    );
    let state = act(state, Action::Send(NOW + 1_000));
    let (kept, taken) = state.kept().scrubbed();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(taken[0].of, FILE);
    assert!(kept.sent[0].edited);
    let address = link::written(&kept);
    let opened = link::read(&Route::read(&address)).unwrap().unwrap();

    // Where the page has all it needs, and where the rest comes later.
    let here = State::of(session(), &opened, NOW + 5_000);
    let later = {
        let engine = Rc::new(Engine::new(Rules::built_in().clone()));
        let waiting = Session::waiting_for(engine, &opened);
        let state = State::of(waiting, &opened, NOW + 5_000);
        assert!(!state.session.is_edited());
        let workshop = Workshop::new(Rules::built_in_files().iter().copied(), []);
        let host: Rc<dyn CloudHost> = Rc::new(WithBench(Rc::new(InPlace(RefCell::new(workshop)))));
        act(
            state,
            Action::Arrived(playground::stage::Program(Some(host)), NOW + 6_000),
        )
    };
    for state in [here, later] {
        assert!(state.session.is_edited() && state.sent);
        assert!(sent(&state).contains("made by EC2"));
        assert!(state.desk.open && state.desk.editing);
        assert!(
            state
                .desk
                .text(FILE)
                .unwrap()
                .starts_with("# password: REPLACED")
        );
        assert_eq!(state.warning, None);
    }
}

#[test]
fn what_a_link_takes_the_place_of_comes_back() {
    let mine = act(
        page(),
        Action::Type(format!("{CREATE}&Encrypted=false"), NOW),
    );
    let mine = edit(
        mine,
        "action: CreateVolume",
        "# Mine.\naction: CreateVolume",
    );
    let theirs = edit(page(), MADE.0, MADE.1).kept();
    let opened = act(mine, Action::Open(Rc::new(theirs), NOW));
    assert!(sent(&opened).contains("made by EC2"));
    let back = act(opened, Action::Restore(NOW));
    assert!(!sent(&back).contains("made by EC2"));
    assert!(back.desk.text(FILE).unwrap().starts_with("# Mine."));
}

#[test]
fn an_edit_of_a_file_that_is_not_there_is_told() {
    let mut kept = page().kept();
    kept.edited = BTreeMap::from([("volume/NoSuch.yaml".into(), "x".into())]);
    let state = State::of(session(), &kept, NOW);
    assert!(state.warning.unwrap().contains("volume/NoSuch.yaml"));
    assert!(!state.session.is_edited());
}
