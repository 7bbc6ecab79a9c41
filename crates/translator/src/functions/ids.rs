//! EC2 ids and OpenStack UUIDs: a pure function both ways, by the kinds table.

use ec2_wire::Ec2Error;
use sha2::{Digest, Sha256};

use super::jmespath::items;
use crate::eval::Eval;
use crate::value::{Data, Value};

/// Applies to one value, or to each item of a list.
fn each<'a>(eval: &Eval<'a>, value: Value<'a>, run: impl Fn(Value<'a>) -> Value<'a>) -> Value<'a> {
    match value.as_list() {
        Some(list) => eval.list(
            list.iter()
                .map(run)
                .filter(|made| !made.is_null())
                .collect::<Vec<_>>(),
        ),
        None if value.is_null() => Value::NULL,
        None => run(value),
    }
}

/// The 32 hexadecimal digits of a UUID, with or without hyphens.
fn digits(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    let mut at = 0;
    for byte in text.bytes() {
        let digit = match byte {
            b'0'..=b'9' | b'a'..=b'f' => byte,
            b'A'..=b'F' => byte.to_ascii_lowercase(),
            b'-' => continue,
            _ => return None,
        };
        *out.get_mut(at)? = digit;
        at += 1;
    }
    (at == 32).then_some(out)
}

pub(super) fn hex(bytes: &[u8], digits: usize) -> String {
    let mut text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    text.truncate(digits);
    text
}

/// `ec2_id(kind, x)`: the EC2 id of an OpenStack id. What is no UUID (a key pair's name) is digested.
pub fn ec2_id<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [kind, of] = args else { return Value::NULL };
    let Some(kind) = kind.as_str() else {
        return Value::NULL;
    };
    each(eval, *of, |of| {
        let Some(text) = of.scalar_text().filter(|text| !text.is_empty()) else {
            return Value::NULL;
        };
        let mut id = bumpalo::collections::String::with_capacity_in(kind.len() + 33, eval.arena);
        id.push_str(kind);
        id.push('-');
        match digits(&text) {
            Some(digits) => id.push_str(std::str::from_utf8(&digits).unwrap_or_default()),
            None => id.push_str(&hex(&Sha256::digest(text.as_bytes()), 32)),
        }
        eval.made(Data::Str(id.into_bump_str()).into(), &[of])
    })
}

/// `uuid(id)`: the UUID in an EC2 id. A malformed id, and one this gateway cannot have given, end the request.
pub fn uuid<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(of) = args.first() else {
        return Value::NULL;
    };
    each(eval, *of, |id| {
        let Some(text) = id.as_str() else {
            return Value::NULL;
        };
        let Some((prefix, rest)) = text.rsplit_once('-') else {
            return malformed(eval, text, None);
        };
        let Some(kind) = eval.rules.kinds.get(prefix) else {
            // A plain UUID stays what it is.
            return if digits(text).is_some() {
                id
            } else {
                malformed(eval, text, None)
            };
        };
        match digits(rest) {
            Some(d) => {
                let mut uuid = bumpalo::collections::String::with_capacity_in(36, eval.arena);
                for (at, digit) in d.iter().enumerate() {
                    if matches!(at, 8 | 12 | 16 | 20) {
                        uuid.push('-');
                    }
                    uuid.push(char::from(*digit));
                }
                eval.made(Data::Str(uuid.into_bump_str()).into(), &[id])
            }
            None if (rest.len() == 8 || rest.len() == 17)
                && rest.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                eval.stop(not_found(kind, text))
            }
            None => malformed(eval, text, Some(kind)),
        }
    })
}

/// The error for an id that names nothing.
pub fn not_found(kind: &rules::Kind, id: &str) -> Ec2Error {
    let message = match &kind.missing {
        Some(missing) => missing.replace("{id}", id),
        None => format!(
            "The {} ID '{id}' does not exist",
            kind.resource_type.replace('-', " ")
        ),
    };
    Ec2Error::client(kind.not_found.as_str(), message)
}

fn malformed<'a>(eval: &Eval<'a>, id: &str, kind: Option<&rules::Kind>) -> Value<'a> {
    let (code, hint) = match kind {
        Some(kind) => (
            kind.malformed.as_str(),
            format!(" (expecting \"{}-...\")", kind.prefix),
        ),
        None => ("InvalidParameterValue", String::new()),
    };
    eval.stop(Ec2Error::client(
        code,
        format!("Invalid id: \"{id}\"{hint}"),
    ))
}

/// `of_kind(ids, kinds)`: the ids with one of these prefixes.
pub fn of_kind<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [ids, kinds] = args else {
        return Value::NULL;
    };
    if ids.as_list().is_none() {
        return Value::NULL;
    }
    let kinds: Vec<&str> = items(*kinds).filter_map(|kind| kind.as_str()).collect();
    eval.list(items(*ids).filter(|id| {
        id.as_str()
            .and_then(|id| id.rsplit_once('-'))
            .is_some_and(|(prefix, _)| kinds.contains(&prefix))
    }))
}

/// `collection(id)`: Neutron's collection for an id, `routers`.
pub fn collection<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let prefix = args
        .first()
        .and_then(Value::as_str)
        .and_then(|id| id.rsplit_once('-'));
    let kind = prefix.and_then(|(prefix, _)| eval.rules.kinds.get(prefix));
    match kind.and_then(|kind| kind.collection.as_deref()) {
        Some(collection) => Data::Str(collection).into(),
        None => Value::NULL,
    }
}

/// `new_id(kind)`: an id from the context's seed; the same throughout one request.
pub fn new_id<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(kind) = args.first().and_then(Value::as_str) else {
        return Value::NULL;
    };
    eval.text(&drawn_id(eval.state.seed, kind))
}

/// The id of a kind that belongs to a seed.
pub fn drawn_id(seed: u64, kind: &str) -> String {
    let digest = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(kind.as_bytes())
        .finalize();
    format!("{kind}-{}", hex(&digest, 17))
}
