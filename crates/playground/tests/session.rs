//! The page without a browser: what it shows for a text, and what its cloud remembers.

use std::rc::Rc;

use playground::cloud_host::Here;
use playground::examples;
use playground::keep::{Kept, Second, Typed};
use playground::route::Route;
use playground::session::{Session, View};
use playground::state::{Action, State};
use playground::{link, part::Part};
use translator::Engine;
use yew::functional::Reducible;

const NOW: i64 = 1_795_000_000_000;

fn session() -> Session {
    Session::new(Rc::new(Engine::new(rules::Rules::built_in().clone())), NOW)
}

fn answer(view: &View) -> &str {
    view.result
        .as_ref()
        .and_then(|result| result.answer.as_ref())
        .map_or("", |answer| &answer.answer.xml)
}

fn between<'x>(text: &'x str, before: &str, after: &str) -> &'x str {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map_or("", |(inner, _)| inner)
}

#[test]
fn every_example_comes_to_the_answer_that_its_title_says() {
    let session = session();
    for (example, text) in examples::ALL.iter().zip(session.examples()) {
        assert!(
            !text.contains(&"0".repeat(32)),
            "{}: nothing in the cloud for it: {text}",
            example.title
        );
        let view = session.preview(text, None, NOW + 1_000, None);
        let result = view
            .result
            .as_ref()
            .unwrap_or_else(|| panic!("{}: {:?}", example.title, view.reading.diagnostics));
        let leaves = view
            .reading
            .request
            .as_ref()
            .map_or(0, |request| request.leaves.len());
        assert_eq!(
            result.ledger.len(),
            leaves,
            "{}: a row for every parameter",
            example.title
        );
        let answer = &result
            .answer
            .as_ref()
            .unwrap_or_else(|| panic!("{}: no answer", example.title))
            .answer;
        assert_eq!(
            answer.error.is_some(),
            example.title.contains("fails"),
            "{}: {:?}",
            example.title,
            answer.error
        );
        assert!(
            answer
                .leaves
                .iter()
                .all(|leaf| answer.xml.get(leaf.span.clone()).is_some()),
            "{}",
            example.title
        );
    }
}

#[test]
fn a_preview_changes_nothing_and_what_was_sent_is_remembered() {
    let session = session();
    let launch = session.examples()[0].clone();
    let count = |session: &Session| {
        let view = session.preview("Action=DescribeInstances", None, NOW + 9_000, None);
        answer(&view).matches("<instanceId>").count()
    };
    let before = count(&session);
    for _ in 0..3 {
        session.preview(&launch, None, NOW + 5_000, None);
    }
    assert_eq!(count(&session), before);
    let (session, view) = session.send(&launch, None, NOW + 5_000, None);
    assert_eq!(count(&session), before + 1, "{}", answer(&view));
    let id = between(answer(&view), "<instanceId>", "<");
    let view = session.preview(
        &format!("aws ec2 describe-instances --instance-ids {id}"),
        None,
        NOW + 60_000,
        None,
    );
    assert!(
        answer(&view).contains("<name>running</name>"),
        "{}",
        answer(&view)
    );
}

#[test]
fn a_kept_session_comes_back_with_the_same_ids() {
    let engine = Rc::new(Engine::new(rules::Rules::built_in().clone()));
    let session = Session::new(engine.clone(), NOW);
    let launch = session.examples()[0].clone();
    let (session, _) = session.send(&launch, None, NOW + 5_000, None);
    let kept = Kept {
        text: "x".into(),
        started: session.started(),
        sent: session.log().to_vec(),
        ..Kept::default()
    };
    let again = Session::replay(engine, &kept);
    let see = |session: &Session| {
        answer(&session.preview("Action=DescribeInstances", None, NOW + 9_000, None)).to_owned()
    };
    assert_eq!(see(&session), see(&again));
}

#[test]
fn a_parameter_lights_its_call_and_an_answer_its_reply() {
    let session = session();
    let view = session.preview(&session.examples()[0], None, NOW + 1_000, None);
    let result = view.result.unwrap();
    let lit = result.lit("q/ImageId");
    assert!(
        lit.keys.iter().any(|key| key.starts_with(['b', 'p', 'u'])),
        "{:?}",
        lit.keys
    );
    let lit = result.lit("a/Instances/0/InstanceId");
    assert!(
        lit.keys.iter().any(|key| key.starts_with('r')),
        "{:?}",
        lit.keys
    );
    for key in result.stops() {
        assert!(result.lit(&key).keys.contains(&key));
    }
    // Every element of the answer that has a leaf can be found in the document.
    let answer = result.answer.unwrap();
    let spots = answer.doc.spots.len();
    assert_eq!(spots, answer.answer.leaves.len());
}

#[test]
fn a_text_that_cannot_be_read_keeps_the_last_result_and_says_so() {
    let mut state = Rc::new(State::new(session(), "Action=DescribeVpcs", NOW));
    state = state.reduce(Action::Type("Action".into(), NOW));
    assert!(
        state.view.stale
            && state
                .view
                .result
                .as_ref()
                .is_some_and(|result| &*result.action == "DescribeVpcs")
    );
    assert!(!state.view.reading.diagnostics.is_empty());
    state = state.reduce(Action::Send(NOW));
    assert!(
        state
            .notice
            .as_deref()
            .is_some_and(|notice| notice.starts_with("Not sent"))
            && state.session.log().is_empty()
    );
    state = state.reduce(Action::Type(String::new(), NOW));
    assert!(state.view.result.is_none());
}

#[test]
fn actions_of_the_page_do_what_they_say() {
    let mut state = Rc::new(State::new(
        session(),
        "Action=DescribeVpcs&MaxResults=5",
        NOW,
    ));
    let unchanged = state.clone().reduce(Action::Hover(None));
    assert!(
        Rc::ptr_eq(&state, &unchanged),
        "nothing is drawn when nothing changes"
    );

    // An example takes the place of a person's text, which comes back when asked for.
    state = state.reduce(Action::Example(0, NOW));
    assert_eq!(
        state.replaced.as_deref(),
        Some("Action=DescribeVpcs&MaxResults=5")
    );
    state = state.reduce(Action::Example(1, NOW));
    assert_eq!(
        state.replaced.as_deref(),
        Some("Action=DescribeVpcs&MaxResults=5")
    );
    state = state.reduce(Action::Restore(NOW));
    assert_eq!(&*state.view.text, "Action=DescribeVpcs&MaxResults=5");
    assert_eq!(state.replaced, None);

    // Next and previous go around.
    state = state.reduce(Action::Step(1));
    assert_eq!(state.focus().map(|key| &**key), Some("q/MaxResults"));
    let first = state.steady.clone();
    state = state.reduce(Action::Step(-1));
    assert_ne!(state.steady, first);
    state = state.reduce(Action::Step(1));
    assert_eq!(state.steady, first);
    state = state.reduce(Action::Pin(None));
    assert!(state.focus().is_none() && state.lit().keys.is_empty());

    // Sending changes the cloud, resetting brings the first one back.
    let version = state.cloud_version;
    state = state.reduce(Action::Type(
        "Action=AllocateAddress&Domain=vpc".into(),
        NOW,
    ));
    state = state.reduce(Action::Send(NOW));
    assert!(
        state.sent && state.cloud_version > version && state.session.log().len() == 1,
        "{:?}",
        state.notice
    );
    state = state.reduce(Action::Reset(NOW));
    assert!(!state.sent && state.session.log().is_empty());
}

#[test]
fn equal_results_keep_their_identity_so_that_nothing_is_drawn_again() {
    let session = session();
    let text = "Action=DescribeVpcs";
    let one = session.preview(text, None, NOW, None);
    let two = session.preview(&format!("{text} "), None, NOW, Some(&one));
    let (one, two) = (one.result.unwrap(), two.result.unwrap());
    assert!(one.ledger == two.ledger && one.calls == two.calls && one.answer == two.answer);
}

#[test]
fn without_a_cloud_the_reading_and_the_first_calls_are_shown_and_replies_follow() {
    let engine = Rc::new(Engine::new(rules::Rules::built_in().clone()));
    let waiting = Session::waiting(engine, NOW);
    let text =
        "Action=RunInstances&ImageId=ami-7b1c2d3e4f5a46b7a8c9d0e1f2a3b4c5&MinCount=1&MaxCount=1";
    let early = waiting.preview(text, None, NOW, None);
    let result = early.result.as_ref().expect("the text is a request");
    assert!(!result.calls.is_empty());
    assert!(result.calls.iter().all(|call| call.reply.is_none()));
    assert!(result.answer.is_none());
    assert_eq!(result.ledger.len(), 3);
    assert_eq!(
        waiting.ask(playground::inventory::calls(), NOW),
        [],
        "nobody replies"
    );
    assert_eq!(waiting.look(NOW).0, simcloud::View::default());
    let (after, _) = waiting.send(text, None, NOW, None);
    assert_eq!(after.log(), [], "nothing was sent");

    let attached = waiting.attach(Here::host());
    let late = attached.preview(text, None, NOW, Some(&early));
    let direct = session().preview(text, None, NOW, None);
    assert_eq!(answer(&late), answer(&direct));
    assert!(!answer(&late).is_empty());
    let early = &early.result.expect("as above").calls;
    let late = &late.result.expect("as above").calls;
    for (early, late) in early.iter().zip(late.iter()) {
        assert_eq!(
            (&early.name, &early.call.path),
            (&late.name, &late.call.path)
        );
    }
    assert!(!attached.look(NOW).0.servers.is_empty());
}

#[test]
fn what_was_sent_before_a_reload_is_sent_again_once_there_is_a_cloud() {
    let engine = Rc::new(Engine::new(rules::Rules::built_in().clone()));
    let (sent, _) = session().send("Action=AllocateAddress", None, NOW, None);
    let kept = Kept {
        text: String::new(),
        started: NOW,
        sent: sent.log().to_vec(),
        ..Kept::default()
    };
    let waiting = Session::waiting_for(engine, &kept);
    assert_eq!(waiting.log(), sent.log());
    let attached = waiting.attach(Here::host());
    assert_eq!(attached.log(), sent.log());
    assert_eq!(attached.look(NOW).0, sent.look(NOW).0);
}

/// The state that a link opens in a page that was just loaded, much later.
fn opened(link: &str) -> Rc<State> {
    let kept = link::read(&Route::read(link)).unwrap().unwrap();
    let fresh = Rc::new(State::new(
        session(),
        "Action=DescribeVpcs&MaxResults=7",
        NOW + 86_400_000,
    ));
    fresh.reduce(Action::Open(Rc::new(kept), NOW + 90_000_000))
}

#[test]
fn whoever_opens_a_link_sees_what_was_shared() {
    let mut state = Rc::new(State::new(session(), "", NOW));
    let launch = state.session.examples()[0].clone();
    for action in [
        Action::Type(launch, NOW + 1_000),
        Action::Send(NOW + 2_000),
        Action::Type("aws ec2 describe-instances".into(), NOW + 3_000),
        Action::Write(openstack_wire::render::Style::Sdk),
        Action::Unfold(vec![(0, true), (1, false)]),
        Action::Show(Part::Answer),
        Action::Step(-1),
        Action::Beside(Some(Second {
            text: "Action=DescribeInstances".into(),
            dialect: None,
        })),
    ] {
        state = state.reduce(action);
    }
    let there = opened(&link::written(&state.kept()));
    assert_eq!(there.kept(), state.kept());
    assert_eq!(answer(&there.view), answer(&state.view));
    assert_eq!(
        there.view.result.as_ref().unwrap().ledger.len(),
        state.view.result.as_ref().unwrap().ledger.len()
    );
    assert_eq!(there.focus(), state.focus());
    assert!(there.addressed && there.warning.is_none());
    // What stood there before is a click away, with its cloud.
    let back = there.reduce(Action::Restore(NOW + 91_000_000));
    assert_eq!(&*back.view.text, "Action=DescribeVpcs&MaxResults=7");
    assert!(back.session.log().is_empty() && !back.addressed && back.skew == 0);
}

#[test]
fn a_request_that_was_sent_is_shown_as_sent() {
    let mut state = Rc::new(State::new(
        session(),
        "Action=AllocateAddress&Domain=vpc",
        NOW,
    ));
    state = state.reduce(Action::Send(NOW + 5_000));
    let there = opened(&link::written(&state.kept()));
    assert!(there.sent && there.session.log().len() == 1);
    assert_eq!(answer(&there.view), answer(&state.view));
    assert_eq!(there.kept(), state.kept());
}

#[test]
fn a_link_of_another_rule_says_so_and_shows_the_result_of_today() {
    let state = State::new(session(), "Action=DescribeVpcs", NOW);
    let mut kept = state.kept();
    kept.pin.as_mut().unwrap().version = "0000aaaa".into();
    let there = opened(&link::written(&kept));
    let warning = there.warning.as_deref().unwrap_or_default();
    assert!(
        warning.contains("DescribeVpcs") && warning.contains("0000aaaa"),
        "{warning}"
    );
    assert_eq!(answer(&there.view), answer(&state.view));
}

#[test]
fn a_reply_typed_by_hand_takes_the_place_of_the_clouds() {
    let mut state = Rc::new(State::new(
        session(),
        "Action=AllocateAddress&Domain=vpc",
        NOW,
    ));
    let call = state
        .view
        .result
        .as_ref()
        .unwrap()
        .calls
        .iter()
        .find(|call| call.phase != translator::trace::Phase::Read)
        .map(|call| playground::drive::title(&call.call))
        .unwrap();
    let typed = Typed {
        call: call.clone(),
        nth: 0,
        status: 409,
        body: r#"{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: ['floatingip'].", "detail": ""}}"#.into(),
    };
    let plain = answer(&state.view).to_owned();
    state = state.reduce(Action::Answer(typed, NOW));
    assert!(
        answer(&state.view).contains("AddressLimitExceeded"),
        "{}",
        answer(&state.view)
    );
    let there = opened(&link::written(&state.kept()));
    assert_eq!(answer(&there.view), answer(&state.view));
    // The cloud was not asked, so it has nothing of it; and it replies again when told to.
    let sent = state.clone().reduce(Action::Send(NOW));
    assert_eq!(sent.session.log()[0].replies.len(), 1);
    state = state.reduce(Action::Unanswer(Some((call, 0)), NOW));
    assert_eq!(answer(&state.view), plain);
}

#[test]
fn a_link_with_only_a_text_is_about_the_cloud_that_is_there() {
    let mut state = Rc::new(State::new(
        session(),
        "Action=AllocateAddress&Domain=vpc",
        NOW,
    ));
    state = state.reduce(Action::Send(NOW));
    let kept = link::read(&Route::read("#/?text=Action=DescribeAddresses"))
        .unwrap()
        .unwrap();
    state = state.reduce(Action::Open(Rc::new(kept), NOW + 1));
    assert_eq!(
        answer(&state.view).matches("<allocationId>").count(),
        // That of the furniture, and the one that was sent.
        2,
        "{}",
        answer(&state.view)
    );
    assert_eq!(state.skew, 0);
}

#[test]
fn a_reply_that_is_typed_as_the_cloud_gave_it_changes_nothing() {
    let mut state = Rc::new(State::new(session(), "", NOW));
    let launch = state.session.examples()[0].clone();
    state = state.reduce(Action::Type(launch, NOW));
    let plain = answer(&state.view).to_owned();
    let calls = state.view.result.as_ref().unwrap().calls.clone();
    let change = calls
        .iter()
        .find(|call| call.phase != translator::trace::Phase::Read)
        .unwrap();
    let reply = change.reply.clone().unwrap();
    let typed = Typed {
        call: playground::drive::title(&change.call),
        nth: 0,
        status: reply.status,
        body: reply.body,
    };
    state = state.reduce(Action::Answer(typed, NOW));
    assert_eq!(answer(&state.view), plain);
}

#[test]
fn what_a_gateway_recorded_is_shown_as_it_was_with_places_of_the_shown_text() {
    let session = session();
    let volumes = "Action=DescribeVolumes&MaxResults=7&Version=2016-11-15";
    let trace = session
        .preview("aws ec2 describe-volumes --max-results 7", None, NOW, None)
        .result
        .map(|result| translator::trace::Trace {
            action: result.action.to_string(),
            ledger: result.ledger.to_vec(),
            calls: result.calls.iter().map(|call| (**call).clone()).collect(),
            answer: result.answer.as_ref().map(|answer| answer.answer.clone()),
        })
        .unwrap();
    let view = session.recorded(volumes, trace.clone(), None);
    let shown = view.result.unwrap();
    assert_eq!(shown.calls.len(), trace.calls.len());
    assert_eq!(
        shown.answer.as_ref().map(|answer| &answer.answer),
        trace.answer.as_ref()
    );
    let row = shown
        .ledger
        .iter()
        .find(|row| row.key == "MaxResults")
        .unwrap();
    let span = row.span.clone().unwrap();
    assert_eq!(&volumes[span.start..span.end], "7");
}

/// The page begins with few rules; what it shows then must be what the others would show.
#[test]
fn the_first_rules_tell_the_same_before_the_cloud() {
    let waiting = |rules: rules::Rules| Session::waiting(Rc::new(Engine::new(rules)), NOW);
    let (first, all) = (
        waiting(packed_rules::first()),
        waiting(rules::Rules::built_in().clone()),
    );
    let known: Vec<&String> = first.engine().rules().actions.keys().collect();
    for text in first.examples() {
        let reading = ingest::read(text, None);
        let action = reading.request.map(|request| request.action);
        if !known.iter().any(|known| Some(*known) == action.as_ref()) {
            continue;
        }
        let told = |session: &Session| {
            let view = session.preview(text, None, NOW, None);
            view.result.map(|result| {
                let calls: Vec<_> = result.calls.iter().map(|call| call.call.clone()).collect();
                (result.ledger.to_vec(), calls)
            })
        };
        assert_eq!(told(&first), told(&all), "{text}");
    }
}
