//! A JMESPath expression on its own, evaluated as rules are.

use bumpalo::Bump;
use rules::{At, Expression, Rules};
use serde_json::Value as Json;

use crate::eval::Eval;
use crate::plan::{empty, link_value};
use crate::run::State;
use crate::value::{Doc, Source, Value};

/// Evaluates an expression over a JSON value, with JMESPath's own strictness about types.
///
/// ```
/// let value = serde_json::json!({"servers": [{"id": "a"}, {"id": "b"}]});
/// assert_eq!(translator::query("servers[*].id", &value), Ok(serde_json::json!(["a", "b"])));
/// assert!(translator::query("servers[", &value).is_err());
/// ```
///
/// # Errors
/// A sentence: the expression cannot be parsed, names an unknown function, or a function is given the wrong type.
pub fn query(expression: &str, value: &Json) -> Result<Json, String> {
    let expression = Expression::parse_over_value(expression, At::default())
        .map_err(|problem| problem.message)?;
    let rules = Rules::default();
    let ex = link_value(&rules, &expression).map_err(|problems| problems.join("; "))?;
    let plan = empty().ok_or("the EC2 model is empty")?;
    let state = State::of(Doc::null(Source::Request));
    let doc = Doc::of(value, Source::Rule);
    let arena = Bump::new();
    let eval = Eval::new(&arena, &plan, &rules, &state, false).strictly();
    let result = eval.ex(&ex, Value::root(&doc));
    match eval.stopped() {
        Some(error) => Err(error.message),
        None => Ok(result.to_json()),
    }
}
