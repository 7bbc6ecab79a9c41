//! EC2 tags and marks on OpenStack objects.
//!
//! A tag is kept under the key `ec2:tag:KEY`: as metadata (Nova, Cinder), as a property (Glance), or as the text
//! `ec2:tag:KEY=VALUE` (Neutron's tags). A mark, which is what EC2 knows of an object and OpenStack has no field for, is
//! kept likewise without the `tag:`. Nova's and Cinder's metadata keys allow only letters, digits and `-_:. `; every
//! other byte of a key is written `:2F`, everywhere.

use super::jmespath::items;
use crate::eval::Eval;
use crate::value::{Data, Value};

const PREFIX: &str = "ec2:";
pub(super) const TAG: &str = "ec2:tag:";

/// The stored form of a tag's key.
pub fn escape_key(key: &str) -> String {
    escape(key, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b' ')
    })
}

/// The stored form of a value inside a tag text: only what would end or confuse it.
pub(super) fn escape_value(value: &str) -> String {
    escape(value, |byte| {
        !matches!(byte, b':' | b',') && !byte.is_ascii_control()
    })
}

fn escape(text: &str, plain: impl Fn(u8) -> bool) -> String {
    let mut out = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(byte) {
            out.push(byte);
        } else {
            out.extend(format!(":{byte:02X}").bytes());
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

/// The text behind a stored form; what was not written by `escape` stays as it is.
pub fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b':').then(|| after.get(..2)).flatten();
        let decoded = code
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        match decoded {
            Some(decoded) => {
                out.push(decoded);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// One stored tag or mark.
struct Stored<'a> {
    /// As stored: a metadata key, a property, or a whole Neutron tag.
    stored: Value<'a>,
    /// Key without prefix, as stored.
    key: &'a str,
    /// Value as stored.
    value: Value<'a>,
    /// Whether key and value stand in one text.
    text: bool,
}

/// Everything stored under the prefix: metadata first, then properties, then tag texts.
fn stored<'a>(eval: &Eval<'a>, object: Value<'a>, run: &mut dyn FnMut(Stored<'a>)) {
    let metadata = eval.member(object, "metadata");
    let members = metadata
        .as_object()
        .into_iter()
        .chain(object.as_object())
        .flat_map(|object| object.with_prefix(PREFIX));
    for (name, value) in members {
        run(Stored {
            stored: Data::Str(name).into(),
            key: name.get(PREFIX.len()..).unwrap_or_default(),
            value,
            text: false,
        });
    }
    for tag in items(eval.member(object, "tags")) {
        let Some(rest) = tag.as_str().and_then(|text| text.strip_prefix(PREFIX)) else {
            continue;
        };
        let (key, text) = rest.split_once('=').unwrap_or((rest, ""));
        let value = Value {
            data: Data::Str(text),
            origin: eval.origin(tag),
        };
        run(Stored {
            stored: tag,
            key,
            value,
            text: true,
        });
    }
}

fn plain<'a>(eval: &Eval<'a>, text: &'a str) -> Value<'a> {
    if text.contains(':') {
        eval.text(&unescape(text))
    } else {
        Data::Str(text).into()
    }
}

fn plain_value<'a>(eval: &Eval<'a>, stored: &Stored<'a>) -> Value<'a> {
    match stored.value.as_str() {
        Some(text) if stored.text => eval.made(plain(eval, text), &[stored.value]),
        _ => stored.value,
    }
}

fn each_tag<'a>(
    eval: &Eval<'a>,
    object: Value<'a>,
    run: &mut dyn FnMut(Value<'a>, Value<'a>, &Stored<'a>),
) {
    stored(eval, object, &mut |found| {
        if let Some(key) = found.key.strip_prefix("tag:") {
            let from = if found.text {
                found.stored
            } else {
                found.value
            };
            run(
                eval.made(plain(eval, key), &[from]),
                plain_value(eval, &found),
                &found,
            );
        }
    });
}

/// `tags(object)`: its EC2 tags.
pub fn tags<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(object) = args.first().filter(|object| !object.is_null()) else {
        return Value::NULL;
    };
    let mut found = Vec::new();
    each_tag(eval, *object, &mut |key, value, _| {
        found.push(eval.object([("Key", key), ("Value", value)]))
    });
    eval.list(found)
}

/// `tagged(kind, list)`: the EC2 tags of all objects of a list, with ResourceId and ResourceType.
pub fn tagged<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [kind, list] = args else {
        return Value::NULL;
    };
    let Some(row) = kind.as_str().and_then(|kind| eval.rules.kinds.get(kind)) else {
        return Value::NULL;
    };
    let mut found = Vec::new();
    for object in items(*list) {
        let id = super::ids::ec2_id(eval, &[*kind, eval.member(object, "id")]);
        let resource_type = Data::Str(row.resource_type.as_str()).into();
        each_tag(eval, object, &mut |key, value, _| {
            found.push(eval.object([
                ("ResourceId", id),
                ("ResourceType", resource_type),
                ("Key", key),
                ("Value", value),
            ]));
        });
    }
    eval.list(found)
}

/// `tag_keys(object, tags)`: the stored keys that agree; a tag without a value agrees by its key, no tags with all.
pub fn tag_keys<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [object, wanted] = args else {
        return Value::NULL;
    };
    if object.is_null() {
        return Value::NULL;
    }
    let all = wanted.as_list().is_none_or(|list| list.is_empty());
    let mut found = Vec::new();
    each_tag(eval, *object, &mut |key, value, stored| {
        let agrees = |tag: Value<'a>| {
            let asked = eval.member(tag, "Value");
            eval.member(tag, "Key").same(&key) && (asked.is_null() || asked.same(&value))
        };
        if all || items(*wanted).any(agrees) {
            found.push(eval.made(stored.stored, &[*wanted]));
        }
    });
    eval.list(found)
}

/// `mark(name, value)`: `ec2:name=value`, as it stands in a list of tags.
pub fn mark<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [name, value] = args else {
        return Value::NULL;
    };
    match (name.as_str(), value.scalar_text()) {
        (Some(name), Some(text)) => {
            // A server tag holds neither a comma nor a slash.
            let text = escape(&text, |byte| {
                !matches!(byte, b':' | b',' | b'/') && !byte.is_ascii_control()
            });
            eval.made(
                eval.text(&format!("{PREFIX}{}={text}", escape_key(name))),
                &[*value],
            )
        }
        _ => Value::NULL,
    }
}

/// `marks(object)`: all that EC2 keeps on an object, by name.
pub fn marks<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(object) = args.first().filter(|object| !object.is_null()) else {
        return Value::NULL;
    };
    let mut found = Vec::new();
    stored(eval, *object, &mut |stored| {
        if !stored.key.starts_with("tag:") {
            let name: &'a str = if stored.key.contains(':') {
                eval.arena.alloc_str(&unescape(stored.key))
            } else {
                stored.key
            };
            found.push((name, plain_value(eval, &stored)));
        }
    });
    eval.object(found)
}

/// `marked(object, name)`: all values of a mark that an object may have several times.
pub fn marked<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let [object, name] = args else {
        return Value::NULL;
    };
    let Some(name) = name.as_str().filter(|_| !object.is_null()) else {
        return Value::NULL;
    };
    let key = escape_key(name);
    let mut found = Vec::new();
    stored(eval, *object, &mut |stored| {
        if stored.key == key {
            found.push(plain_value(eval, &stored));
        }
    });
    eval.list(found)
}

/// `reservation_id(server)`: its mark, else the description that a deleted server keeps, else made from its id.
pub fn reservation_id<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(server) = args.first().filter(|server| !server.is_null()) else {
        return Value::NULL;
    };
    let marked = eval.member(marks(eval, &[*server]), "reservation");
    if !marked.is_null() {
        return marked;
    }
    let description = eval.member(*server, "description");
    let is_reservation = |text: &str| {
        text.strip_prefix("r-").is_some_and(|rest| {
            (8..=32).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric())
        })
    };
    if description.as_str().is_some_and(is_reservation) {
        return description;
    }
    let id = eval.member(*server, "id");
    let digits: String = id
        .as_str()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(17)
        .collect();
    if digits.is_empty() {
        Value::NULL
    } else {
        eval.made(
            eval.text(&format!("r-{}", digits.to_ascii_lowercase())),
            &[id],
        )
    }
}

/// `launch_index(server)`: Nova numbers the names of one launch from 1; anything else is the first of its launch.
pub fn launch_index<'a>(eval: &Eval<'a>, args: &[Value<'a>]) -> Value<'a> {
    let Some(server) = args.first().filter(|server| !server.is_null()) else {
        return Value::NULL;
    };
    let marks = marks(eval, &[*server]);
    let stored = eval.member(marks, "launch-index");
    if let Some(index) = stored.as_str().and_then(|text| text.parse::<i64>().ok()) {
        return eval.made(Data::Int(index).into(), &[stored]);
    }
    let name = eval.member(*server, "name");
    let several = eval
        .member(marks, "count")
        .as_str()
        .and_then(|text| text.parse::<i64>().ok())
        .is_some_and(|n| n > 1);
    let number = name
        .as_str()
        .and_then(|name| name.rsplit_once('-'))
        .and_then(|(_, n)| n.parse::<i64>().ok());
    match number.filter(|n| several && *n >= 1) {
        Some(number) => eval.made(Data::Int(number - 1).into(), &[name]),
        None => Data::Int(0).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{escape_key, escape_value, unescape};

    #[test]
    fn what_is_stored_comes_back() {
        for text in [
            "Name",
            "kubernetes.io/cluster",
            "a=b,c:d",
            "Größe",
            "50% off",
            "",
            ":2F",
            "x y\tz",
        ] {
            assert_eq!(unescape(&escape_key(text)), text);
            assert_eq!(unescape(&escape_value(text)), text);
        }
        assert_eq!(
            escape_key("kubernetes.io/cluster"),
            "kubernetes.io:2Fcluster"
        );
    }
}
