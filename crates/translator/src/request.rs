//! OpenStack calls made from a plan.

use ec2_wire::Ec2Error;
use openstack_wire::{Call, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::eval::Eval;
use crate::filter::has_wildcard;
use crate::plan::{CallPlan, PiecePlan, RequestPlan};
use crate::trace::{Link, Place, RuleLine};
use crate::value::{Data, Kind, List, Value, places};

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A call with what each part of it was made from.
pub struct Made {
    /// The call.
    pub call: Call,
    /// Links, with the number of the call still to be filled in.
    pub links: Vec<Link>,
}

/// The line of a place in a rule.
pub fn line(at: &rules::At) -> RuleLine {
    RuleLine {
        file: at.file.to_string(),
        line: at.line,
    }
}

/// Makes a call; `Ok(None)` if its path needs a value that is not there.
///
/// # Errors
/// The EC2 error that evaluating it ended with.
pub fn make<'a>(
    eval: &Eval<'a>,
    call: Option<&'a CallPlan>,
    request: &'a RequestPlan,
    id: u32,
) -> Result<Option<Made>, Ec2Error> {
    let mut links = Vec::new();
    let mut link = |to: Place, value: Value<'a>, at: &rules::At| {
        if eval.tracing {
            let (from, row) = places(value);
            links.push(Link {
                to,
                from,
                rule: line(row.unwrap_or(at)),
            });
        }
    };
    let mut path = String::new();
    for piece in &request.path {
        match piece {
            PiecePlan::Literal(literal) => path.push_str(literal),
            PiecePlan::Ex(ex) => {
                let value = eval.ex(ex, Value::NULL);
                if let Some(error) = eval.stopped() {
                    return Err(error);
                }
                let Some(text) = value.scalar_text() else {
                    return Ok(None);
                };
                // An empty segment would ask for the whole collection.
                if text.is_empty() {
                    let message = format!("A value is empty that {}… needs.", path);
                    return Err(Ec2Error::client("InvalidParameterValue", message));
                }
                let start = path.len();
                path.extend(utf8_percent_encode(&text, SEGMENT));
                link(
                    Place::Path {
                        call: id,
                        span: start..path.len(),
                    },
                    value,
                    &request.at,
                );
            }
        }
    }
    let mut query: Vec<(String, String)> = Vec::new();
    for (key, tree) in &request.query {
        let value = eval.tree(tree);
        for item in eval.items(value).iter() {
            if let Some(text) = item.scalar_text() {
                link(
                    Place::Query {
                        call: id,
                        index: query.len(),
                    },
                    item_of(eval, value, item),
                    &request.at,
                );
                query.push((key.clone(), text.into_owned()));
            }
        }
    }
    for push in call.into_iter().flat_map(|call| &call.push) {
        for value in pushed(eval, push) {
            if let Some(text) = value.scalar_text() {
                link(
                    Place::Query {
                        call: id,
                        index: query.len(),
                    },
                    value,
                    &push.at,
                );
                query.push((push.key.clone(), text.into_owned()));
            }
        }
    }
    let body = request.body.as_ref().map(|body| {
        let value = eval.tree(body);
        body_json(
            value,
            &mut String::new(),
            None,
            &mut |pointer, value, row| {
                link(
                    Place::Body {
                        call: id,
                        pointer: pointer.to_owned(),
                    },
                    value,
                    row.unwrap_or(&request.at),
                );
            },
        )
    });
    if let Some(error) = eval.stopped() {
        return Err(error);
    }
    let microversion = request
        .microversion
        .clone()
        .or_else(|| eval.rules.microversions.get(&request.service).cloned());
    let patch = request.method == Method::Patch && request.service == "image";
    let call = Call {
        method: request.method,
        service: request.service.clone(),
        path,
        query,
        microversion,
        body,
        content_type: patch.then(|| "application/openstack-images-v2.1-json-patch".to_owned()),
        headers: Vec::new(),
    };
    Ok(Some(Made { call, links }))
}

fn item_of<'a>(eval: &Eval<'a>, list: Value<'a>, item: Value<'a>) -> Value<'a> {
    Value {
        data: item.data,
        origin: eval.both(item.origin, list.origin),
    }
}

/// Values of a filter that the call can apply too; none where it could lose what EC2 would keep.
fn pushed<'a>(eval: &Eval<'a>, push: &'a crate::plan::PushPlan) -> Vec<Value<'a>> {
    let filters = eval.member(Value::root(&eval.state.request), "Filters");
    let wanted = filters
        .as_list()
        .into_iter()
        .flat_map(List::iter)
        .find_map(|filter| {
            let name = eval.member(filter, "Name");
            let text = name.as_str()?;
            match push.filter.strip_suffix('*') {
                Some(head) => text
                    .strip_prefix(head)
                    .map(|key| (filter, eval.made(Data::Str(key).into(), &[name]))),
                None => (text == push.filter).then_some((filter, name)),
            }
        });
    let Some((filter, key)) = wanted else {
        return Vec::new();
    };
    let values: Vec<Value<'a>> = eval
        .member(filter, "Values")
        .as_list()
        .into_iter()
        .flat_map(List::iter)
        .collect();
    let exact = values
        .iter()
        .all(|value| value.as_str().is_some_and(|text| !has_wildcard(text)));
    if !exact || values.is_empty() || (values.len() > 1 && !push.many) {
        return Vec::new();
    }
    let mut sent = Vec::new();
    for value in values {
        eval.set(push.value, value);
        eval.set(push.tag_key, key);
        let made = push
            .send
            .as_ref()
            .map_or(value, |send| eval.ex(send, Value::NULL));
        // A value that cannot be told to OpenStack must not narrow the others' answer either.
        match made.kind() {
            Kind::Null => return Vec::new(),
            Kind::List(list) if push.many => sent.extend(list.iter()),
            Kind::List(list) if list.len() == 1 => sent.extend(list.iter()),
            Kind::List(_) => return Vec::new(),
            Kind::Object(_) => sent.push(eval.text(&made.to_json().to_string())),
            _ => sent.push(made),
        }
    }
    sent
}

/// The JSON of a body; tells each leaf with its pointer.
fn body_json<'a>(
    value: Value<'a>,
    pointer: &mut String,
    row: Option<&'a rules::At>,
    tell: &mut dyn FnMut(&str, Value<'a>, Option<&'a rules::At>),
) -> serde_json::Value {
    use serde_json::Value as Json;
    let row = match value.origin {
        Some(crate::value::Origin::Row(at, _)) => Some(*at),
        _ => row,
    };
    let mark = pointer.len();
    match value.kind() {
        Kind::Object(object) => {
            let mut made = serde_json::Map::new();
            for (key, member) in object.iter() {
                if matches!(member.data, Data::Null) {
                    continue;
                }
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                made.insert(key.to_owned(), body_json(member, pointer, row, tell));
                pointer.truncate(mark);
            }
            Json::Object(made)
        }
        Kind::List(list) => {
            let mut made = Vec::with_capacity(list.len());
            for (at, item) in list.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&at.to_string());
                made.push(body_json(item, pointer, row, tell));
                pointer.truncate(mark);
            }
            Json::Array(made)
        }
        _ => {
            tell(pointer, value, row);
            value.to_json()
        }
    }
}
