//! A value to the XML that EC2's clients read.

use ec2_model::{Action, Kind, Member, Shape};
use serde_json::Value;

use super::tree::{Places, Segment, Tree, View};
use crate::moment;
use crate::xml::Writer;

/// No answer of EC2 is deeper; deeper values are left out.
const MAX_DEPTH: usize = 64;

/// The answer of `action` as EC2 writes it; members that the model does not know are left out.
///
/// An action whose answer says only that it succeeded gets `<return>true</return>`.
///
/// ```
/// let action = ec2_model::action("DeleteVolume").unwrap();
/// let xml = ec2_wire::encode_response(action, "req-1", &serde_json::json!({}));
/// assert!(xml.ends_with("<requestId>req-1</requestId><return>true</return></DeleteVolumeResponse>"));
/// ```
#[must_use]
pub fn encode_response(action: Action, request_id: &str, value: &Value) -> String {
    encode_response_with(action, request_id, value, &mut ())
}

/// As [`encode_response`], for any value tree, telling `places` where each leaf stands.
///
/// ```
/// let action = ec2_model::action("CreateKeyPair").unwrap();
/// let value = serde_json::json!({"KeyName": "mine"});
/// let mut places: Vec<(std::ops::Range<usize>, String)> = Vec::new();
/// let xml = ec2_wire::encode_response_with(action, "req-1", &value, &mut places);
/// let (range, pointer) = places.remove(0);
/// assert_eq!((&xml[range], pointer.as_str()), ("mine", "/KeyName"));
/// ```
#[must_use]
pub fn encode_response_with<'a, T: Tree<'a>>(
    action: Action,
    request_id: &str,
    value: T,
    places: &mut impl Places<'a, T>,
) -> String {
    let mut encoder = Encoder {
        xml: Writer::with_capacity(places.room()),
        members: Members(vec![None; PLACES]),
        path: Vec::new(),
        places,
    };
    let root = format!("{}Response", action.name());
    encoder.xml.declaration();
    encoder.xml.start_in(&root, ec2_model::NAMESPACE);
    encoder.xml.element("requestId", request_id);
    let output = action.output();
    let success = if output.members().len() == 0 {
        Some("return")
    } else {
        output.member("Return").map(Member::xml_name)
    };
    let mut answered = false;
    match value.view() {
        View::Object(entries) => {
            let watched = entries.inspect(|(name, value)| {
                answered |= *name == "Return" && !matches!(value.view(), View::Null);
            });
            encoder.members(output, watched, 0);
        }
        View::Null => {}
        _ => encoder.dropped(value),
    }
    if let Some(element) = success.filter(|_| !answered) {
        encoder.xml.element(element, "true");
    }
    encoder.xml.end(&root);
    encoder.xml.finish()
}

/// A member of the model, found by its name.
#[derive(Clone, Copy)]
struct Found<'a> {
    name: &'a str,
    of: Shape,
    member: Member,
    element: &'static str,
    shape: Shape,
}

/// Members found before. Values made by a rule name the same member of every item with the very same text, so that where
/// the text stands tells most lookups apart; what stands elsewhere is looked up again.
struct Members<'a>(Vec<Option<Found<'a>>>);

const PLACES: usize = 256;

impl<'a> Members<'a> {
    fn find(&mut self, of: Shape, last: Option<Member>, name: &'a str) -> Option<Found<'a>> {
        let at = name.as_ptr() as usize;
        let place = self.0.get_mut((at ^ at >> 8 ^ name.len()) % PLACES)?;
        if let Some(found) = place
            && std::ptr::eq(found.name, name)
            && found.of == of
        {
            return Some(*found);
        }
        let member = of.member_after(last, name)?;
        let found = Found {
            name,
            of,
            member,
            element: member.xml_name(),
            shape: member.shape(),
        };
        *place = Some(found);
        Some(found)
    }
}

struct Encoder<'a, 'p, P> {
    xml: Writer,
    members: Members<'a>,
    path: Vec<Segment<'a>>,
    places: &'p mut P,
}

impl<'a, P> Encoder<'a, '_, P> {
    fn members<T: Tree<'a>>(
        &mut self,
        shape: Shape,
        entries: impl Iterator<Item = (&'a str, T)>,
        depth: usize,
    ) where
        P: Places<'a, T>,
    {
        let mut last = None;
        for (name, value) in entries {
            if P::WANTED {
                self.path.push(Segment::Name(name));
            }
            match self.members.find(shape, last, name) {
                Some(found) => {
                    last = Some(found.member);
                    self.value(found.element, found.shape, value, depth);
                }
                None => self.dropped(value),
            }
            if P::WANTED {
                self.path.pop();
            }
        }
    }

    fn value<T: Tree<'a>>(&mut self, element: &str, shape: Shape, value: T, depth: usize)
    where
        P: Places<'a, T>,
    {
        let kind = shape.kind();
        match (kind, value.view()) {
            (_, View::Null) => {}
            _ if depth >= MAX_DEPTH => self.dropped(value),
            (Kind::Structure, View::Object(entries)) => {
                self.xml.start(element);
                self.members(shape, entries, depth + 1);
                self.xml.end(element);
            }
            (Kind::List, View::List(items)) => self.list(element, shape, items, depth),
            (Kind::Structure | Kind::List | Kind::Map, _)
            | (_, View::Object(_) | View::List(_)) => self.dropped(value),
            (_, view) => {
                self.xml.start(element);
                let start = self.xml.len();
                self.scalar(kind, &view);
                if P::WANTED {
                    self.places.leaf(start..self.xml.len(), &self.path, value);
                }
                self.xml.end(element);
            }
        }
    }

    fn list<T: Tree<'a>>(&mut self, element: &str, shape: Shape, items: T::Items, depth: usize)
    where
        P: Places<'a, T>,
    {
        let Some(item) = shape.item() else { return };
        let name = shape.item_xml();
        let mut items = items.enumerate().peekable();
        if items.peek().is_none() {
            self.xml.empty(element);
            return;
        }
        self.xml.start(element);
        for (index, value) in items {
            if P::WANTED {
                self.path.push(Segment::Index(index));
            }
            self.value(name, item, value, depth + 1);
            if P::WANTED {
                self.path.pop();
            }
        }
        self.xml.end(element);
    }

    fn scalar<I, E>(&mut self, kind: Kind, view: &View<'a, I, E>) {
        match view {
            View::Text(text) if kind == Kind::Timestamp => moment::write(self.xml.out(), text),
            View::Text(text) => self.xml.text(text),
            View::Integer(seconds) if kind == Kind::Timestamp => {
                moment::write_seconds(self.xml.out(), *seconds as f64);
            }
            View::Float(seconds) if kind == Kind::Timestamp => {
                moment::write_seconds(self.xml.out(), *seconds)
            }
            View::Boolean(truth) => self.xml.plain(truth),
            View::Integer(number) if kind == Kind::Boolean => self.xml.plain(*number != 0),
            View::Integer(number) => self.xml.plain(number),
            View::Float(number) => self.xml.plain(number),
            View::Null | View::List(_) | View::Object(_) => {}
        }
    }

    fn dropped<T>(&mut self, value: T)
    where
        P: Places<'a, T>,
    {
        if P::WANTED {
            self.places.dropped(&self.path, value);
        }
    }
}
