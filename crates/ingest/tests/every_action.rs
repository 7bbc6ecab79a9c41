//! A request of every action, with members of every kind, is the same after it was written in any dialect and read again.

use ec2_model::{Kind, Shape};
use ingest::{Dialect, read, write};
use serde_json::{Map, Value, json};

/// Texts that one dialect or another has to quote.
const TEXTS: [&str; 14] = [
    "web",
    "a b",
    "it's",
    "say \"a\"",
    "a,b=c",
    "é 😀",
    "line\nline",
    "\\",
    "true",
    "-1",
    "file://x",
    "$HOME",
    "[x]{y}",
    "100%+&",
];
/// Structures are nested in themselves; deeper ones get no further structure.
const DEEPEST: usize = 5;

/// What RunInstances takes for its only interface.
const OF_THE_INTERFACE: [&str; 6] = [
    "SubnetId",
    "PrivateIpAddress",
    "SecurityGroupIds",
    "EnablePrimaryIpv6",
    "Ipv6AddressCount",
    "Ipv6Addresses",
];

/// Numbers that look drawn, the same ones in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// `None` for a structure that has nothing to say.
    fn value(&mut self, shape: Shape, depth: usize) -> Option<Value> {
        Some(match shape.kind() {
            Kind::Structure => return self.structure(shape, depth),
            Kind::List => {
                let item = shape.item()?;
                let items: Vec<Value> = (0..=self.below(2))
                    .filter_map(|_| self.value(item, depth + 1))
                    .collect();
                if items.is_empty() {
                    return None;
                }
                Value::Array(items)
            }
            Kind::Map => return None,
            Kind::String => {
                let known: Vec<&str> = shape.enum_values().collect();
                json!(if known.is_empty() {
                    self.one(&TEXTS)
                } else {
                    self.one(&known)
                })
            }
            Kind::Integer | Kind::Long => json!(self.below(4000)),
            Kind::Float | Kind::Double => json!(self.one(&[0.5, 1.25, 8.0])),
            Kind::Boolean => json!(self.below(2) == 0),
            Kind::Timestamp => json!("2026-01-31T12:00:00Z"),
            Kind::Blob => json!("AAH/"),
        })
    }

    fn structure(&mut self, shape: Shape, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        for member in shape.members() {
            let nests = !member.shape().kind().is_scalar();
            if !member.required() && ((nests && depth >= DEEPEST) || self.below(depth + 2) > 0) {
                continue;
            }
            // Clients make base64 of user data themselves, and cannot send any other text.
            let value = if member.name() == "UserData" && !nests {
                Some(json!("aGVsbG8="))
            } else {
                self.value(member.shape(), depth + 1)
            };
            members.extend(value.map(|value| (member.name().to_owned(), value)));
        }
        // Something must be said of a structure that is there.
        if members.is_empty() {
            let said = shape.members().find_map(|member| {
                let value = self.value(member.shape(), depth + 1)?;
                Some((member.name().to_owned(), value))
            });
            members.extend(said);
        }
        (!members.is_empty()).then_some(Value::Object(members))
    }
}

#[test]
fn every_action_is_the_same_in_every_dialect() {
    let mut chance = Chance(20_260_131);
    let mut compared = 0;
    let mut wrong = Vec::new();
    for action in ec2_model::actions() {
        let mut parameters = chance
            .structure(action.input(), 0)
            .unwrap_or_else(|| json!({}));
        // The AWS CLI moves these into the first interface; EC2 takes only one of both.
        if parameters.get("NetworkInterfaces").is_some()
            && let Some(members) = parameters.as_object_mut()
        {
            members.retain(|name, _| !OF_THE_INTERFACE.contains(&name.as_str()));
        }
        let mut request =
            ec2_wire::from_parameters(action.name(), &parameters, |_| (None, None)).request;
        request.version = Some(ec2_model::VERSION.to_owned());
        assert_eq!(request.parameters, parameters, "{}", action.name());
        for dialect in Dialect::ALL {
            let text = write(&request, dialect);
            let reading = read(&text, None);
            compared += 1;
            let again = reading.request.as_ref();
            if reading.dialect != dialect
                || reading.has_errors()
                || again.is_none_or(|again| {
                    again.action != request.action || again.parameters != request.parameters
                })
            {
                wrong.push(format!(
                    "{} as {dialect:?}, read as {:?}: {:?}\n{text}\n{parameters}\n{:?}",
                    action.name(),
                    reading.dialect,
                    reading.diagnostics,
                    again.map(|again| again.parameters.to_string())
                ));
            }
        }
    }
    assert!(compared > 4000, "{compared} requests");
    assert!(
        wrong.is_empty(),
        "{} of {compared}\n{}",
        wrong.len(),
        wrong.into_iter().take(10).collect::<Vec<_>>().join("\n\n")
    );
}
