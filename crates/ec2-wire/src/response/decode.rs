//! An answer's XML to a value, as boto3 would read it.

use ec2_model::{Action, Kind, Member, Shape};
use serde_json::{Map, Number, Value};

use super::reader::{Malformed, Piece, Pieces};

/// The answer as an object with boto3's names; `requestId` and elements that the model does not know are left out.
///
/// Timestamps and blobs stay the text they are. A text that is not of the model's type stays text.
///
/// # Errors
/// When the XML is not well-formed or is no answer of `action`.
pub fn decode_response(action: Action, xml: &str) -> Result<Value, Malformed> {
    let mut pieces = Pieces::new(xml);
    loop {
        match pieces.next()? {
            Piece::Start(root) => {
                let name = root.strip_suffix("Response");
                if name != Some(action.name()) {
                    return Err(pieces.fail(format!(
                        "expected <{}Response>, found <{root}>",
                        action.name()
                    )));
                }
                return value(&mut pieces, action.output());
            }
            Piece::Done => {
                return Err(pieces.fail(format!(
                    "expected <{}Response>, found nothing",
                    action.name()
                )));
            }
            Piece::End | Piece::Text(_) => {}
        }
    }
}

/// The list or structure that an element opened.
enum Frame {
    Structure {
        shape: Shape,
        object: Map<String, Value>,
        last: Option<Member>,
    },
    List {
        item: Shape,
        items: Vec<Value>,
    },
}

impl Frame {
    fn new(shape: Shape) -> Self {
        match shape.item() {
            Some(item) => Self::List {
                item,
                items: Vec::new(),
            },
            None => Self::Structure {
                shape,
                object: Map::new(),
                last: None,
            },
        }
    }

    /// What an element in it is, if the model knows it.
    fn child(&mut self, element: &str) -> Option<Shape> {
        match self {
            Self::List { item, .. } => Some(*item),
            Self::Structure { shape, last, .. } => {
                *last = Some(shape.member_by_xml_after(*last, element)?);
                last.map(Member::shape)
            }
        }
    }

    fn add(&mut self, value: Value) {
        match self {
            Self::List { items, .. } => items.push(value),
            Self::Structure { object, last, .. } => {
                if let Some(member) = last {
                    object.insert(member.name().to_owned(), value);
                }
            }
        }
    }

    fn finish(self) -> Value {
        match self {
            Self::List { items, .. } => Value::Array(items),
            Self::Structure { object, .. } => Value::Object(object),
        }
    }
}

/// Reads the element just started, to its end.
fn value(pieces: &mut Pieces<'_>, shape: Shape) -> Result<Value, Malformed> {
    let mut stack = Vec::new();
    let mut frame = Frame::new(shape);
    loop {
        match pieces.next()? {
            Piece::Start(element) => match frame.child(&element) {
                Some(shape) if shape.kind().is_scalar() => {
                    let text = pieces.own_text()?;
                    frame.add(typed(shape.kind(), text));
                }
                Some(shape) => stack.push(std::mem::replace(&mut frame, Frame::new(shape))),
                None => drop(pieces.own_text()?),
            },
            Piece::End => match stack.pop() {
                Some(mut outer) => {
                    outer.add(std::mem::replace(&mut frame, Frame::new(shape)).finish());
                    frame = outer;
                }
                None => return Ok(frame.finish()),
            },
            Piece::Text(_) => {}
            Piece::Done => return Err(pieces.fail("the document ends inside an element")),
        }
    }
}

fn typed(kind: Kind, text: String) -> Value {
    let read = match kind {
        Kind::Integer | Kind::Long => text.trim().parse::<i64>().ok().map(Value::from),
        Kind::Float | Kind::Double => text
            .trim()
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number),
        Kind::Boolean => match text.trim() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    };
    read.unwrap_or(Value::String(text))
}
