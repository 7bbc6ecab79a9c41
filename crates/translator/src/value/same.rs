//! Values as keys of sets.

use super::{Kind, Value};

/// Equal for equal values: texts are compared in place, all else by its JSON.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Same<'a> {
    /// A text.
    Text(&'a str),
    /// The JSON of anything else.
    Json(String),
}

impl<'a> From<Value<'a>> for Same<'a> {
    fn from(value: Value<'a>) -> Self {
        match value.kind() {
            Kind::Str(text) => Self::Text(text),
            _ => Self::Json(value.to_json().to_string()),
        }
    }
}
