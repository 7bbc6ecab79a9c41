//! The picture of the page's cloud, before and after requests.

use std::rc::Rc;

use rules::Rules;
use translator::Engine;

use super::*;
use crate::session::Session;

const NOW: i64 = 1_768_478_400_000;

fn session() -> Session {
    Session::new(Rc::new(Engine::new(Rules::built_in().clone())), NOW)
}

fn picture(session: &Session, now: i64) -> (View, Drawing) {
    let (view, project) = session.look(now);
    let drawing = draw(&view, &project);
    (view, drawing)
}

fn find<'d>(drawing: &'d Drawing, kind: Kind, name: &str) -> &'d Thing {
    let found = drawing
        .things
        .iter()
        .find(|thing| thing.kind == kind && thing.name == name);
    found.unwrap_or_else(|| panic!("no {} {name} in {:#?}", kind.word(), drawing.things))
}

/// Nothing leaves the picture, and no two things lie on each other.
fn is_sound(drawing: &Drawing) {
    for (index, thing) in drawing.things.iter().enumerate() {
        let Area {
            x,
            y,
            width,
            height,
        } = thing.area;
        assert!(
            x >= 0 && y >= 0 && width > 0 && x + width <= WIDTH && y + height <= drawing.height,
            "{thing:?}"
        );
        for other in drawing.things.iter().skip(index + 1) {
            let a = other.area;
            let apart =
                x + width <= a.x || a.x + a.width <= x || y + height <= a.y || a.y + a.height <= y;
            assert!(apart, "{thing:?} lies on {other:?}");
        }
    }
}

#[test]
fn the_first_cloud_is_drawn_with_its_furniture() {
    let (_, drawing) = picture(&session(), NOW);
    is_sound(&drawing);
    let server = find(&drawing, Kind::Server, "first");
    assert_eq!((server.status.as_str(), server.sign()), ("ACTIVE", "●"));
    assert!(server.note.contains('.'), "an address: {server:?}");
    assert_eq!(find(&drawing, Kind::Volume, "data").note, "4 GiB");
    find(&drawing, Kind::External, "public");
    find(&drawing, Kind::Subnet, "10.9.1.0/24");
    assert_eq!(
        find(&drawing, Kind::Router, "router1").note,
        "way out: public"
    );
    assert_eq!(drawing.wires.len(), 1, "only one router has a way out");
    assert!(
        drawing
            .sentence
            .contains("1 server, 1 volume, 1 floating IP"),
        "{}",
        drawing.sentence
    );
}

#[test]
fn what_is_chosen_can_be_described() {
    let session = session();
    let (_, drawing) = picture(&session, NOW);
    for thing in drawing
        .things
        .iter()
        .filter(|thing| thing.kind != Kind::Port)
    {
        let Some(request) = thing.request() else {
            assert_eq!(thing.kind, Kind::External);
            continue;
        };
        let view = session.preview(&request, None, NOW, None);
        let answer = view.result.unwrap().answer.unwrap();
        assert_eq!(answer.answer.error, None, "{request}");
        let (_, id) = thing.ec2().unwrap();
        assert!(answer.doc.text.contains(&id), "{request}");
    }
}

#[test]
fn a_sent_request_shows_and_moves_nothing_that_stood_above_it() {
    let session = session();
    let (before, old) = picture(&session, NOW);
    let image = session.examples()[0].clone();
    let (session, _) = session.send(&image, None, NOW + 1_000, None);
    let (after, drawing) = picture(&session, NOW + 60_000);
    is_sound(&drawing);
    let news = News::between(&before, &after);
    let server = drawing
        .things
        .iter()
        .find(|thing| thing.kind == Kind::Server && news.word(&thing.id) == Some("new"));
    assert!(server.is_some(), "{news:?}");
    assert!(news.sentence().contains("new"), "{}", news.sentence());
    assert!(News::between(&after, &after).sentence().is_empty());
    assert_eq!(News::between(&after, &before).gone.len(), news.new.len());
    // The order of what was there is the order of before.
    let order = |drawing: &Drawing| -> Vec<String> {
        let known = drawing
            .things
            .iter()
            .filter(|thing| old.things.iter().any(|one| one.id == thing.id));
        known.map(|thing| thing.id.clone()).collect()
    };
    assert_eq!(order(&drawing), order(&old));
    let first = find(&old, Kind::Router, "router1").area;
    assert_eq!(find(&drawing, Kind::Router, "router1").area, first);
}

#[test]
fn attached_volumes_and_associated_addresses_stand_at_their_server() {
    let mut session = session();
    let mut now = NOW;
    let ids = |session: &Session, kind: Kind, name: &str| {
        let (_, drawing) = picture(session, NOW);
        find(&drawing, kind, name).ec2().unwrap().1
    };
    let (server, volume) = (
        ids(&session, Kind::Server, "first"),
        ids(&session, Kind::Volume, "data"),
    );
    for text in [
        format!("Action=AttachVolume&Device=/dev/sdf&InstanceId={server}&VolumeId={volume}"),
        "Action=AllocateAddress".to_owned(),
    ] {
        now += 10_000;
        let (next, view) = session.send(&text, None, now, None);
        assert_eq!(
            view.result.unwrap().answer.unwrap().answer.error,
            None,
            "{text}"
        );
        session = next;
    }
    let (_, drawing) = picture(&session, now + 10_000);
    is_sound(&drawing);
    let (server, volume) = (
        find(&drawing, Kind::Server, "first"),
        find(&drawing, Kind::Volume, "data"),
    );
    assert_eq!(volume.area.y, server.area.y + server.area.height);
    let address = drawing
        .things
        .iter()
        .find(|thing| thing.kind == Kind::Address)
        .unwrap();
    assert_eq!(address.note, "free");
}

#[test]
fn a_crowd_is_counted() {
    let session = session();
    let launch = session.examples()[0].replace("--count 1", "--count 40");
    let (session, view) = session.send(&launch, None, NOW + 1_000, None);
    assert_eq!(view.result.unwrap().answer.unwrap().answer.error, None);
    let (_, drawing) = picture(&session, NOW + 60_000);
    is_sound(&drawing);
    assert!(drawing.things.len() < 60);
    assert!(
        drawing
            .words
            .iter()
            .any(|(_, _, text)| text.starts_with("and ") && text.ends_with(" more servers")),
        "{:?}",
        drawing.words
    );
}
