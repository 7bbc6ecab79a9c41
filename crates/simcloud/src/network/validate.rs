//! Bodies against the attribute tables, refused in Neutron's words.

use serde_json::{Map, Value, json};

use super::{
    attributes::{Attribute, Kind},
    collections::Collection,
};
use crate::{fault::Fault, ids::is_uuid, python, query::truth, request::Request};

/// The attributes of a new object, in order, with every default filled in.
pub(crate) fn created(
    request: &Request,
    collection: &Collection,
    body: &Map<String, Value>,
) -> Result<Map<String, Value>, Fault> {
    for key in body.keys() {
        match collection.attribute(key) {
            None => return Err(Fault::bad(format!("Unrecognized attribute(s) '{key}'"))),
            Some(attribute) if !attribute.has('c') => {
                return Err(Fault::bad(format!("Attribute '{key}' not allowed in POST")));
            }
            Some(_) => {}
        }
    }
    let mut object = Map::new();
    for attribute in collection.attributes {
        let value = match body.get(attribute.0) {
            Some(given) => {
                let value = checked(attribute, given)?;
                if attribute.has('a') && !request.caller.admin && value != attribute.default() {
                    return Err(disallowed("create", collection.one, attribute.0));
                }
                value
            }
            None if attribute.has('r') => {
                return Err(Fault::bad(format!(
                    "Failed to parse request. Required attribute '{}' not specified",
                    attribute.0
                )));
            }
            None => attribute.default(),
        };
        object.insert(attribute.0.to_owned(), value);
    }
    Ok(object)
}

/// The attributes that an update changes, checked.
pub(crate) fn changed(
    request: &Request,
    collection: &Collection,
    body: &Map<String, Value>,
) -> Result<Map<String, Value>, Fault> {
    let mut changes = Map::new();
    for (key, given) in body {
        let Some(attribute) = collection.attribute(key) else {
            return Err(Fault::bad(format!("Unrecognized attribute(s) '{key}'")));
        };
        if !attribute.has('u') {
            return Err(Fault::bad(format!(
                "Cannot update read-only attribute {key}"
            )));
        }
        let value = checked(attribute, given)?;
        if attribute.has('a') && !request.caller.admin {
            return Err(disallowed("update", collection.one, key));
        }
        changes.insert(key.clone(), value);
    }
    Ok(changes)
}

/// Neutron's refusal of what the policy grants only to others.
pub(crate) fn disallowed(verb: &str, one: &str, attribute: &str) -> Fault {
    Fault::typed(
        403,
        "PolicyNotAuthorized",
        format!("(rule:{verb}_{one} and rule:{verb}_{one}:{attribute}) is disallowed by policy"),
    )
}

/// `Invalid input for X. Reason: …`
pub(crate) fn invalid(name: &str, reason: impl std::fmt::Display) -> Fault {
    Fault::bad(format!("Invalid input for {name}. Reason: {reason}."))
}

/// `Invalid input for operation: …`
pub(crate) fn invalid_operation(reason: impl std::fmt::Display) -> Fault {
    Fault::typed(
        400,
        "InvalidInput",
        format!("Invalid input for operation: {reason}."),
    )
}

fn checked(attribute: &Attribute, value: &Value) -> Result<Value, Fault> {
    let name = attribute.0;
    let shown = || python::repr(value);
    let text = |most: usize| match value.as_str() {
        None => Err(invalid(
            name,
            format!("'{}' is not a valid string", python::text(value)),
        )),
        Some(text) if text.chars().count() > most => Err(invalid(
            name,
            format!("'{text}' exceeds maximum length of {most}"),
        )),
        Some(text) => Ok(json!(text)),
    };
    let int = |least: i64, most: i64| {
        let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        match number {
            None => Err(invalid_operation(format!("{} is not an integer", shown()))),
            Some(n) if n < least => Err(invalid(
                name,
                format!("'{n}' is too small - must be at least '{least}'"),
            )),
            Some(n) if n > most => Err(invalid(
                name,
                format!("'{n}' is too large - must be no larger than '{most}'"),
            )),
            Some(n) => Ok(json!(n)),
        }
    };
    match attribute.1 {
        Kind::TextOrNull(_)
        | Kind::UuidOrNull
        | Kind::IntOrNull(..)
        | Kind::IpOrNull
        | Kind::ListOrNull
        | Kind::ObjectOrNull
            if value.is_null() =>
        {
            Ok(if attribute.1 == Kind::ListOrNull {
                json!([])
            } else {
                Value::Null
            })
        }
        Kind::Text(most) | Kind::TextOrNull(most) => text(most),
        Kind::Uuid | Kind::UuidOrNull => match value.as_str() {
            Some(id) if is_uuid(id) => Ok(json!(id)),
            _ => Err(invalid(name, format!("{} is not a valid UUID", shown()))),
        },
        Kind::Bool => {
            let flag =
                value
                    .as_bool()
                    .or_else(|| truth(value.as_str()?))
                    .or(match value.as_i64() {
                        Some(0) => Some(false),
                        Some(1) => Some(true),
                        _ => None,
                    });
            flag.map(Value::Bool).ok_or_else(|| {
                invalid_operation(format!(
                    "'{}' cannot be converted to boolean",
                    python::text(value)
                ))
            })
        }
        Kind::Int(least, most) | Kind::IntOrNull(least, most) => int(least, most),
        Kind::OneOf(words) => {
            let text = python::text(value);
            if words.contains(&text.as_str()) {
                let number = text.parse::<i64>().map(Value::from);
                return Ok(number.unwrap_or_else(|_| json!(text)));
            }
            Err(invalid(name, format!("{text} is not in valid_values")))
        }
        Kind::IpOrNull => match value.as_str().map(str::parse::<std::net::IpAddr>) {
            Some(Ok(address)) => Ok(json!(address.to_string())),
            _ => Err(invalid(
                name,
                format!("{} is not a valid IP address", shown()),
            )),
        },
        Kind::List | Kind::ListOrNull if value.is_array() => Ok(value.clone()),
        Kind::List | Kind::ListOrNull => Err(invalid(name, format!("{} is not a list", shown()))),
        Kind::ObjectOrNull if value.is_object() => Ok(value.clone()),
        Kind::ObjectOrNull => Err(invalid(name, format!("{} is not a dictionary", shown()))),
        Kind::Any => Ok(value.clone()),
    }
}

/// A list of tags as Neutron takes it: texts of at most 255 characters, each once.
pub(crate) fn tags(given: &Value) -> Result<Vec<String>, Fault> {
    let Some(list) = given.as_array() else {
        return Err(invalid_operation(format!(
            "{} is not a list",
            python::repr(given)
        )));
    };
    let mut tags: Vec<String> = Vec::new();
    for tag in list {
        match tag.as_str() {
            Some(text) if text.chars().count() > 255 => {
                return Err(invalid_operation(format!(
                    "'{text}' exceeds maximum length of 255"
                )));
            }
            Some(text) if tags.iter().any(|known| known == text) => {
                return Err(invalid_operation(format!(
                    "Duplicate items in the list: '{text}'"
                )));
            }
            Some(text) => tags.push(text.to_owned()),
            None => {
                return Err(invalid_operation(format!(
                    "'{}' is not a valid string",
                    python::text(tag)
                )));
            }
        }
    }
    Ok(tags)
}
