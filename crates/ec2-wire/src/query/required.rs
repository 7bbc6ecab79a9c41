//! What a request lacks.

use ec2_model::{Kind, Shape};
use serde_json::Value;

use super::MAX_DEPTH;
use super::encode::extend;
use crate::{Ec2Error, Ec2Request};

/// The error for the first required parameter that the request lacks, named as on the wire; `None` if it lacks none.
///
/// An empty list counts as lacking: Query cannot express it.
///
/// ```
/// let request = ec2_wire::decode_query("Action=TerminateInstances").request;
/// let error = ec2_wire::check_required(&request).unwrap();
/// assert_eq!(error.to_string(), "MissingParameter: The request must contain the parameter InstanceId");
/// ```
#[must_use]
pub fn check_required(request: &Ec2Request) -> Option<Ec2Error> {
    let action = ec2_model::action(&request.action)?;
    let mut key = String::new();
    missing(&mut key, action.input(), &request.parameters, 0).then(|| {
        Ec2Error::client(
            "MissingParameter",
            format!("The request must contain the parameter {key}"),
        )
    })
}

/// Whether something is missing; `key` then names it.
fn missing(key: &mut String, shape: Shape, value: &Value, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let length = key.len();
    match (shape.kind(), value) {
        (Kind::Structure, Value::Object(object)) => {
            for member in shape.members() {
                let given = object.get(member.name());
                let lacks = match given {
                    None | Some(Value::Null) => true,
                    Some(Value::Array(items)) => items.is_empty(),
                    Some(_) => false,
                };
                extend(key, member.query_name());
                if lacks && member.required() {
                    return true;
                }
                if given.is_some_and(|given| missing(key, member.shape(), given, depth + 1)) {
                    return true;
                }
                key.truncate(length);
            }
            false
        }
        (Kind::List, Value::Array(items)) => {
            let Some(item) = shape.item().filter(|item| !item.kind().is_scalar()) else {
                return false;
            };
            for (at, value) in items.iter().enumerate() {
                extend(key, &(at + 1).to_string());
                if missing(key, item, value, depth + 1) {
                    return true;
                }
                key.truncate(length);
            }
            false
        }
        _ => false,
    }
}
