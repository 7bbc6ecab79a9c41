//! One scalar between text and the type that the model gives it.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ec2_model::{Kind, Shape};
use serde_json::{Number, Value};

use crate::decimal::decimal;

/// The value that `text` is for `shape`, or what was expected instead.
pub(crate) fn read(shape: Shape, text: &str) -> Result<Value, &'static str> {
    let value = match shape.kind() {
        Kind::String => Some(Value::from(text)),
        Kind::Integer => text.parse::<i32>().ok().map(Value::from),
        Kind::Long => text.parse::<i64>().ok().map(Value::from),
        Kind::Float | Kind::Double => float(text),
        Kind::Boolean => boolean(text).map(Value::from),
        Kind::Timestamp => crate::moment::read(text).map(Value::from),
        Kind::Blob => blob(text).map(Value::from),
        Kind::Structure | Kind::List | Kind::Map => None,
    };
    value.ok_or_else(|| expected(shape.kind()))
}

/// "an integer", for messages.
pub(crate) fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "a text",
        Kind::Integer => "an integer between -2147483648 and 2147483647",
        Kind::Long => "an integer",
        Kind::Float | Kind::Double => "a number",
        Kind::Boolean => "true or false",
        Kind::Timestamp => "a timestamp such as 2021-09-29T11:04:43Z",
        Kind::Blob => "base64 text",
        Kind::Structure => "a structure",
        Kind::List => "a list",
        Kind::Map => "a map",
    }
}

/// The text of a scalar on the wire; `None` for what is no scalar.
pub(crate) fn write(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Bool(truth) => Some((if *truth { "true" } else { "false" }).into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        word if word.eq_ignore_ascii_case("true") => Some(true),
        word if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn float(text: &str) -> Option<Value> {
    Number::from_f64(decimal(text)?).map(Value::Number)
}

/// Canonical base64 of what clients send: without padding, in the URL alphabet, wrapped in lines, or with `+` left
/// unescaped and so read as a space.
fn blob(text: &str) -> Option<String> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let joined: String = text
        .chars()
        .filter(|c| !matches!(c, '\r' | '\n' | '\t'))
        .map(|c| if c == ' ' { '+' } else { c })
        .collect();
    let alphabet = if joined.contains(['-', '_']) {
        &URL_SAFE
    } else {
        &STANDARD
    };
    let bytes = GeneralPurpose::new(alphabet, LENIENT).decode(joined).ok()?;
    Some(base64::engine::general_purpose::STANDARD.encode(bytes))
}
