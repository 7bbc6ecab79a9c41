//! EC2 filters: values of one filter are alternatives, filters are conditions that must all hold.

use ec2_wire::Ec2Error;
use rules::NoteState;

use crate::eval::Eval;
use crate::plan::{FilterTarget, Plan};
use crate::value::{List, Value};

/// Whether a text agrees with a filter value: `*` is any text, `?` any character, `\` takes the next one as it is.
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<Token> = tokens(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(Token::Any) => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(Token::One) => {
                p += 1;
                t += 1;
                continue;
            }
            Some(Token::Char(c)) if text.get(t) == Some(c) => {
                p += 1;
                t += 1;
                continue;
            }
            _ => {}
        }
        // Let the last star take one character more.
        let Some((at, from)) = star else { return false };
        star = Some((at, from + 1));
        p = at + 1;
        t = from + 1;
    }
    pattern
        .get(p..)
        .is_none_or(|rest| rest.iter().all(|token| matches!(token, Token::Any)))
}

enum Token {
    Any,
    One,
    Char(char),
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Any,
            '?' => Token::One,
            '\\' => Token::Char(chars.next().unwrap_or('\\')),
            c => Token::Char(c),
        });
    }
    tokens
}

/// Whether a filter value has wildcards.
pub fn has_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?', '\\'])
}

/// A filter of the request, found in the plan.
pub struct Wanted<'a> {
    /// Alternatives.
    pub values: Vec<&'a str>,
    target: Target<'a>,
}

enum Target<'a> {
    Plan(&'a FilterTarget),
    Tag(&'a str),
    TagKey,
    TagValue,
    /// OpenStack has no such concept, so nothing can agree.
    Never,
}

/// The request's filters.
pub struct Filters<'a> {
    wanted: Vec<Wanted<'a>>,
    has_holder: bool,
}

impl<'a> Filters<'a> {
    /// Reads the request's filters and finds what each looks at.
    ///
    /// # Errors
    /// `InvalidParameterValue` for a filter that EC2 does not document or that cannot be honoured.
    pub fn read(eval: &Eval<'a>) -> Result<Self, Ec2Error> {
        let filters = eval.member(Value::root(&eval.state.request), "Filters");
        let mut wanted = Vec::new();
        for filter in filters.as_list().into_iter().flat_map(List::iter) {
            let Some(name) = eval.member(filter, "Name").as_str() else {
                return Err(Ec2Error::client(
                    "MissingParameter",
                    "A filter needs a Name.",
                ));
            };
            let values: Vec<&'a str> = eval
                .member(filter, "Values")
                .as_list()
                .into_iter()
                .flat_map(List::iter)
                .filter_map(|v| v.as_str())
                .collect();
            if values.is_empty() {
                return Err(Ec2Error::client(
                    "InvalidParameterValue",
                    format!("The filter '{name}' has no values"),
                ));
            }
            // One left out is left out for a reason that the ledger gives.
            wanted.extend(target(eval.plan, name)?.map(|target| Wanted { values, target }));
        }
        Ok(Self {
            wanted,
            has_holder: has_holder(&eval.plan.answer),
        })
    }

    /// Whether the request has none.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Whether the filters that look at an item let it through.
    pub fn keep_item(&self, eval: &Eval<'a>, item: Value<'a>) -> bool {
        self.wanted.iter().all(|wanted| match &wanted.target {
            Target::Plan(FilterTarget::Item(path)) => any(wanted, eval.ex(path, item)),
            Target::Plan(FilterTarget::Holder(path)) if !self.has_holder => {
                any(wanted, eval.ex(path, item))
            }
            Target::Plan(_) => true,
            Target::Never => false,
            Target::Tag(key) => tags(eval, item)
                .any(|(k, v)| k == *key && wanted.values.iter().any(|w| matches(w, v))),
            Target::TagKey => {
                tags(eval, item).any(|(k, _)| wanted.values.iter().any(|w| matches(w, k)))
            }
            Target::TagValue => {
                tags(eval, item).any(|(_, v)| wanted.values.iter().any(|w| matches(w, v)))
            }
        })
    }

    /// Whether the filters that look at what holds the items let it through.
    pub fn keep_holder(&self, eval: &Eval<'a>, holder: Value<'a>) -> bool {
        self.wanted.iter().all(|wanted| match &wanted.target {
            Target::Plan(FilterTarget::Holder(path)) => any(wanted, eval.ex(path, holder)),
            _ => true,
        })
    }
}

fn target<'a>(plan: &'a Plan, name: &'a str) -> Result<Option<Target<'a>>, Ec2Error> {
    if let Some(found) = plan.filters.iter().find(|filter| filter.name == name) {
        return match &found.target {
            FilterTarget::Note {
                state: NoteState::Ignored,
                ..
            } => Ok(None),
            FilterTarget::Note {
                state: NoteState::Gap,
                ..
            } => Ok(Some(Target::Never)),
            FilterTarget::Note { reason, .. } => Err(Ec2Error::client(
                "InvalidParameterValue",
                format!("The filter '{name}' cannot be honoured: {reason}"),
            )),
            path => Ok(Some(Target::Plan(path))),
        };
    }
    match name.split_once(':') {
        Some(("tag", key)) => return Ok(Some(Target::Tag(key))),
        _ if name == "tag-key" => return Ok(Some(Target::TagKey)),
        _ if name == "tag-value" => return Ok(Some(Target::TagValue)),
        _ => {}
    }
    let hint = ec2_model::closest(name, plan.filters.iter().map(|filter| filter.name.as_str()))
        .map(|near| format!("; did you mean '{near}'?"))
        .unwrap_or_default();
    Err(Ec2Error::client(
        "InvalidParameterValue",
        format!("The filter '{name}' is invalid{hint}"),
    ))
}

fn any(wanted: &Wanted<'_>, value: Value<'_>) -> bool {
    match value.as_list() {
        Some(list) => list.iter().any(|item| any(wanted, item)),
        None => value.scalar_text().is_some_and(|text| {
            let time = crate::time::ec2_time(&text);
            wanted
                .values
                .iter()
                .any(|w| matches(w, &text) || time.as_ref().is_some_and(|time| matches(w, time)))
        }),
    }
}

/// The tags of an item; where the items are tags themselves (DescribeTags), each is its own.
fn tags<'a>(eval: &Eval<'a>, item: Value<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let list = eval.member(item, "Tags").as_list();
    let own = list.is_none().then_some(item);
    list.into_iter()
        .flat_map(List::iter)
        .chain(own)
        .filter_map(move |tag| {
            let object = tag.as_object()?;
            Some((
                object.get("Key")?.as_str()?,
                object
                    .get("Value")
                    .and_then(|value| value.as_str())
                    .unwrap_or_default(),
            ))
        })
}

fn has_holder(tree: &crate::plan::Tree) -> bool {
    use crate::plan::{Part, Tree};
    match tree {
        Tree::Ex(..) | Tree::Constant(..) => false,
        Tree::Object(members) => members.iter().any(|(_, tree)| has_holder(tree)),
        Tree::List(entries) => entries.iter().any(has_holder),
        Tree::Block(block) => block.part == Part::Holder,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("web", "web", true),
            ("web", "web1", false),
            ("web*", "web1", true),
            ("*b*1", "web-01", true),
            ("w?b", "web", true),
            ("w?b", "wb", false),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("*", "", true),
            ("", "", true),
            (
                "a*a*a*a*a*a*a*a*b",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                false,
            ),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
