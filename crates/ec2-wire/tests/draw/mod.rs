//! Draws a value of a shape from a stream of numbers, so that proptest can shrink it.

use ec2_model::{Action, Kind, Shape};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// An action and the numbers and texts to draw its values from.
pub fn drawn() -> impl Strategy<Value = (Action, Draw)> {
    let count = ec2_model::actions().len();
    let numbers = prop::collection::vec(any::<u32>(), 0..60);
    let texts = prop::collection::vec(any::<String>(), 1..4);
    (0..count, numbers, texts).prop_map(|(at, numbers, texts)| {
        let action = ec2_model::actions().nth(at).expect("in range");
        (action, Draw { numbers, texts })
    })
}

/// What values are drawn from; draws zeros when it is used up.
#[derive(Clone, Debug)]
pub struct Draw {
    numbers: Vec<u32>,
    texts: Vec<String>,
}

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.number() as usize % bound.max(1)
    }

    fn number(&mut self) -> u32 {
        self.numbers.pop().unwrap_or_default()
    }

    /// A value of the shape with no empty list or structure inside; `None` if that is all there was.
    pub fn value(&mut self, shape: Shape, depth: usize) -> Option<Value> {
        Some(match shape.kind() {
            Kind::Structure => {
                let members: Vec<_> = shape.members().collect();
                let mut object = Map::new();
                let wanted = if depth > 6 || members.is_empty() {
                    0
                } else {
                    1 + self.below(4)
                };
                for _ in 0..wanted {
                    let member = members[self.below(members.len())];
                    if let Some(value) = self.value(member.shape(), depth + 1) {
                        object.insert(member.name().to_owned(), value);
                    }
                }
                return (!object.is_empty()).then_some(Value::Object(object));
            }
            Kind::List => {
                let wanted = if depth > 6 { 0 } else { 1 + self.below(3) };
                let item = shape.item()?;
                let items: Vec<Value> = (0..wanted)
                    .filter_map(|_| self.value(item, depth + 1))
                    .collect();
                return (!items.is_empty()).then_some(Value::Array(items));
            }
            Kind::Map => return None,
            Kind::String => {
                let at = self.below(self.texts.len());
                Value::from(self.texts[at].clone())
            }
            Kind::Integer => json!(self.number() as i32),
            Kind::Long => json!((i64::from(self.number()) << 32) - i64::from(self.number())),
            Kind::Float | Kind::Double => json!(f64::from(self.number() as i32) / 1024.0),
            Kind::Boolean => json!(self.number() % 2 == 1),
            Kind::Timestamp => {
                let second = self.number();
                json!(format!(
                    "20{:02}-11-22T10:{:02}:59.{:03}Z",
                    second % 100,
                    second % 60,
                    second % 1000
                ))
            }
            Kind::Blob => json!(["", "aGk=", "/+8=", "AAAA"][self.below(4)]),
        })
    }
}
