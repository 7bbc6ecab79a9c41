//! The functions of the rule language: JMESPath's own and a closed set named for the domain.
//!
//! A null argument gives null, and a null value matches nothing, so that a rule needs no guards. The JMESPath functions
//! are strict about types only when [`Eval::strict`] asks for it, as JMESPath's own compliance suite does.

mod asked_tags;
mod ids;
pub use ids::{drawn_id, not_found};
mod jmespath;
mod lists;
mod networks;
mod permissions;
mod tags;
mod values;

use crate::eval::Eval;
use crate::plan::Ex;
use crate::value::Value;

/// A function of the rule language.
#[derive(Clone, Copy)]
pub struct Function(&'static Entry);

/// How a function is called.
enum Run {
    /// With its arguments' values.
    Plain(for<'a> fn(&Eval<'a>, &[Value<'a>]) -> Value<'a>),
    /// With its arguments unevaluated: `if`, and those that take an `&expression`.
    Lazy(for<'a> fn(&Eval<'a>, &'a [Ex], Value<'a>) -> Value<'a>),
}

struct Entry {
    name: &'static str,
    least: usize,
    most: usize,
    run: Run,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name)
    }
}

impl Function {
    /// Whether it can be called with so many arguments.
    pub fn takes(self, count: usize) -> bool {
        (self.0.least..=self.0.most).contains(&count)
    }

    /// The number of arguments in words.
    pub fn arity_text(self) -> String {
        match (self.0.least, self.0.most) {
            (1, 1) => "1 argument".to_owned(),
            (a, b) if a == b => format!("{a} arguments"),
            (a, usize::MAX) => format!("at least {a} arguments"),
            (a, b) => format!("{a} to {b} arguments"),
        }
    }

    /// Calls it.
    pub fn run<'a>(self, eval: &Eval<'a>, arguments: &'a [Ex], current: Value<'a>) -> Value<'a> {
        match self.0.run {
            Run::Lazy(run) => run(eval, arguments, current),
            Run::Plain(run) => {
                let mut values = [Value::NULL; 4];
                match values.get_mut(..arguments.len()) {
                    Some(values) => {
                        for (value, argument) in values.iter_mut().zip(arguments) {
                            *value = eval.ex(argument, current);
                        }
                        run(eval, values)
                    }
                    None => {
                        let values: Vec<Value<'a>> = arguments
                            .iter()
                            .map(|argument| eval.ex(argument, current))
                            .collect();
                        run(eval, &values)
                    }
                }
            }
        }
    }
}

const fn plain(
    name: &'static str,
    least: usize,
    most: usize,
    run: for<'a> fn(&Eval<'a>, &[Value<'a>]) -> Value<'a>,
) -> Entry {
    Entry {
        name,
        least,
        most,
        run: Run::Plain(run),
    }
}

const fn lazy(
    name: &'static str,
    least: usize,
    most: usize,
    run: for<'a> fn(&Eval<'a>, &'a [Ex], Value<'a>) -> Value<'a>,
) -> Entry {
    Entry {
        name,
        least,
        most,
        run: Run::Lazy(run),
    }
}

const MANY: usize = usize::MAX;

static FUNCTIONS: &[Entry] = &[
    plain("abs", 1, 1, jmespath::abs),
    plain("ago", 1, 1, values::ago),
    plain("avg", 1, 1, jmespath::avg),
    plain("base64", 1, 1, values::base64),
    plain("canonical_cidr", 1, 1, networks::canonical_cidr),
    plain("ceil", 1, 1, jmespath::ceil),
    plain("collection", 1, 1, ids::collection),
    plain("contains", 2, 2, jmespath::contains),
    plain("digest", 1, 1, values::digest),
    plain("ec2_id", 2, 2, ids::ec2_id),
    plain("ec2_port", 2, 2, permissions::ec2_port),
    plain("ec2_time", 1, 1, values::ec2_time),
    plain("ends_with", 2, 2, jmespath::ends_with),
    lazy("except", 2, 2, lists::except),
    plain("filter_allows", 2, 2, values::filter_allows),
    plain("find", 3, 3, lists::find),
    plain("floor", 1, 1, jmespath::floor),
    plain("free_addresses", 2, 2, networks::free_addresses),
    plain("from_json", 1, 1, values::from_json),
    plain("given", 1, 1, lists::given),
    plain("host_name", 1, 1, networks::host_name),
    lazy("if", 2, 3, values::if_),
    plain("is_ascii", 1, 1, networks::is_ascii),
    plain("join", 2, 2, jmespath::join),
    plain("json_patch", 2, 2, values::json_patch),
    plain("keys", 1, 1, jmespath::keys),
    plain("launch_index", 1, 1, tags::launch_index),
    plain("length", 1, 1, jmespath::length),
    lazy("map", 2, 2, jmespath::map),
    plain("mark", 2, 2, tags::mark),
    plain("marked", 2, 2, tags::marked),
    plain("marks", 1, 1, tags::marks),
    plain("match_rules", 2, 2, permissions::match_rules),
    plain("max", 1, 1, jmespath::max),
    lazy("max_by", 2, 2, jmespath::max_by),
    plain("merge", 0, MANY, jmespath::merge),
    plain("min", 1, 1, jmespath::min),
    lazy("min_by", 2, 2, jmespath::min_by),
    plain("new_id", 1, 1, ids::new_id),
    plain("not_null", 1, MANY, jmespath::not_null),
    plain("numbers", 1, 1, values::numbers),
    plain("of_kind", 2, 2, ids::of_kind),
    plain("permissions", 1, 1, permissions::permissions),
    plain("position", 3, 3, lists::position),
    plain("prefix_length", 1, 1, networks::prefix_length),
    plain("reservation_id", 1, 1, tags::reservation_id),
    plain("reverse", 1, 1, jmespath::reverse),
    plain("sort", 1, 1, jmespath::sort),
    lazy("sort_by", 2, 2, jmespath::sort_by),
    plain("starts_with", 2, 2, jmespath::starts_with),
    plain("sum", 1, 1, jmespath::sum),
    plain("table", 2, 3, values::table),
    plain("tag_keys", 2, 2, tags::tag_keys),
    plain("tag_list", 1, 1, asked_tags::tag_list),
    plain("tag_metadata", 1, 1, asked_tags::tag_metadata),
    plain("tag_specification", 2, 2, asked_tags::tag_specification),
    plain("tagged", 2, 2, tags::tagged),
    plain("tags", 1, 1, tags::tags),
    plain("to_array", 1, 1, jmespath::to_array),
    plain("to_number", 1, 1, jmespath::to_number),
    plain("to_string", 1, 1, jmespath::to_string),
    plain("type", 1, 1, jmespath::type_),
    plain("unbase64", 1, 1, values::unbase64),
    plain("unique", 1, 2, lists::unique),
    plain("uuid", 1, 1, ids::uuid),
    plain("values", 1, 1, jmespath::values),
    plain("where", 3, 3, lists::where_),
    plain("with_tags", 2, 2, asked_tags::with_tags),
    plain("within", 2, 2, networks::within),
];

/// A function by its name.
pub fn find(name: &str) -> Option<Function> {
    let at = FUNCTIONS
        .binary_search_by(|entry| entry.name.cmp(name))
        .ok()?;
    FUNCTIONS.get(at).map(Function)
}

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, find};

    #[test]
    fn every_function_is_found_by_its_name() {
        for entry in FUNCTIONS {
            assert_eq!(
                format!("{:?}", find(entry.name)),
                format!("Some({})", entry.name)
            );
        }
    }
}
