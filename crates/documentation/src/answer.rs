//! Where every element of the answer comes from, and which elements nothing fills.

use ec2_model::{Action, Kind, Shape};
use rules::{ActionRule, Key, Rules, Tree};
use serde::Serialize;

use crate::paths::inner;
use crate::written;

/// Views inside views inside views: no rule goes as deep.
const DEEPEST: usize = 12;

/// An element of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Element {
    /// boto3's names, dotted, `[]` after lists.
    pub name: String,
    /// The expression that gives it.
    pub from: String,
    /// Under which condition or for each of what.
    pub when: Option<String>,
    /// The view that says so.
    pub view: Option<String>,
    /// File and 1-based line.
    pub file: String,
    /// 1-based line in it.
    pub line: u32,
}

/// The elements that the rule fills, and those that EC2 documents and nothing fills.
pub fn all(rules: &Rules, rule: &ActionRule, action: Action) -> (Vec<Element>, Vec<String>) {
    let mut filler = Filler {
        rules,
        out: Vec::new(),
    };
    filler.tree(&rule.answer, "", None, None, 0);
    let filled: Vec<String> = filler
        .out
        .iter()
        .map(|element| element.name.replace("[]", ""))
        .collect();
    let mut absent = Vec::new();
    lacking(action.output(), "", &filled, &mut Vec::new(), &mut absent);
    (filler.out, absent)
}

struct Filler<'r> {
    rules: &'r Rules,
    out: Vec<Element>,
}

impl<'r> Filler<'r> {
    fn tree(
        &mut self,
        tree: &'r Tree,
        place: &str,
        when: Option<String>,
        view: Option<&str>,
        depth: usize,
    ) {
        match tree {
            Tree::Expression(expression) => {
                let at = &expression.at;
                self.push(
                    place,
                    expression.text.clone(),
                    when,
                    view,
                    (&at.file, at.line),
                );
            }
            Tree::Constant(value, at) => {
                self.push(
                    place,
                    written::constant(value),
                    when,
                    view,
                    (&at.file, at.line),
                );
            }
            Tree::Object(members, _) => {
                for (key, tree) in members {
                    match key {
                        Key::Name(name) => {
                            let place = written::below(place, name);
                            self.tree(tree, &place, when.clone(), view, depth);
                        }
                        Key::Merge => self.tree(tree, place, when.clone(), view, depth),
                    }
                }
            }
            Tree::List(entries, _) => {
                let place = listed(place);
                for entry in entries {
                    self.tree(entry, &place, when.clone(), view, depth);
                }
            }
            Tree::Block(block) => {
                let mut notes: Vec<String> = when.into_iter().collect();
                if !block.each.is_empty() {
                    notes.push(format!("for each {}", written::loops(&block.each)));
                }
                if let Some((one, by)) = &block.group {
                    let by: Vec<&str> = by.iter().map(|by| by.text.as_str()).collect();
                    notes.push(format!("for each {} of {}", by.join(", "), one.list.text));
                }
                notes.extend(
                    block
                        .when
                        .as_ref()
                        .map(|when| format!("when {}", when.text)),
                );
                let when = (!notes.is_empty()).then(|| notes.join(", "));
                let many = !block.each.is_empty() || block.group.is_some();
                let place = if many {
                    listed(place)
                } else {
                    place.to_owned()
                };
                if let Some(item) = &block.item {
                    self.tree(item, &place, when.clone(), view, depth);
                }
                let seen = block
                    .view
                    .as_ref()
                    .and_then(|name| self.rules.views.get(name));
                if let Some(seen) = seen.filter(|_| depth < DEEPEST) {
                    self.tree(&seen.fields, &place, when, Some(&seen.view), depth + 1);
                }
            }
        }
    }

    fn push(
        &mut self,
        place: &str,
        from: String,
        when: Option<String>,
        view: Option<&str>,
        at: (&str, u32),
    ) {
        let known = |element: &Element| {
            element.name == place && element.from == from && element.when == when
        };
        if !self.out.iter().any(known) {
            self.out.push(Element {
                name: place.to_owned(),
                from,
                when,
                view: view.map(str::to_owned),
                file: at.0.to_owned(),
                line: at.1,
            });
        }
    }
}

fn listed(place: &str) -> String {
    if place.is_empty() || place.ends_with("[]") {
        place.to_owned()
    } else {
        format!("{place}[]")
    }
}

/// A branch that nothing fills is one row.
fn lacking(
    shape: Shape,
    prefix: &str,
    filled: &[String],
    open: &mut Vec<Shape>,
    out: &mut Vec<String>,
) {
    for member in shape.members() {
        let name = written::below(prefix, member.name());
        let below = format!("{name}.");
        if filled.contains(&name) {
            continue;
        }
        let core = inner(member.shape());
        let touched = filled.iter().any(|filled| filled.starts_with(&below));
        if !touched {
            let branch = core.kind() == Kind::Structure && core.members().len() > 0;
            out.push(if branch { format!("{name}.*") } else { name });
        } else if core.kind() == Kind::Structure && !open.contains(&core) {
            open.push(core);
            lacking(core, &name, filled, open, out);
            open.pop();
        }
    }
}
