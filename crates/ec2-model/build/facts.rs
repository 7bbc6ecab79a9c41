//! The committed text as values.

use std::collections::BTreeMap;

/// Everything in `data`.
pub struct Facts<'a> {
    pub source: &'a str,
    pub actions: Vec<Action<'a>>,
    /// By name; the first is the empty structure of actions that take or give nothing.
    pub shapes: BTreeMap<&'a str, Shape<'a>>,
}

pub struct Action<'a> {
    pub name: &'a str,
    pub input: &'a str,
    pub output: &'a str,
    pub page: Option<Vec<&'a str>>,
    pub filters: Vec<&'a str>,
}

#[derive(Default)]
pub struct Shape<'a> {
    pub kind: &'a str,
    pub sensitive: bool,
    /// Shape and element name of a list's items.
    pub item: Option<(&'a str, &'a str)>,
    pub members: Vec<Member<'a>>,
    pub values: Vec<&'a str>,
    pub in_requests: bool,
    pub in_responses: bool,
}

pub struct Member<'a> {
    pub name: &'a str,
    pub required: bool,
    pub token: bool,
    pub shape: &'a str,
    pub location: Option<String>,
    pub query: Option<&'a str>,
}

pub fn parse<'a>(actions: &'a str, shapes: &'a str) -> Facts<'a> {
    let mut facts = Facts {
        source: "",
        actions: Vec::new(),
        shapes: BTreeMap::new(),
    };
    facts.shapes.insert(
        "",
        Shape {
            kind: "structure",
            ..Shape::default()
        },
    );
    for line in actions.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match (line.starts_with(' '), words.as_slice()) {
            (true, [filter]) => facts
                .actions
                .last_mut()
                .expect("an action before its filters")
                .filters
                .push(filter),
            (false, ["source", ..]) => facts.source = &line["source ".len()..],
            (false, ["action", name, input, output]) => facts.actions.push(Action {
                name,
                input: input.trim_matches('-'),
                output: output.trim_matches('-'),
                page: None,
                filters: Vec::new(),
            }),
            (false, ["page", keys @ ..]) => {
                facts
                    .actions
                    .last_mut()
                    .expect("an action before its pages")
                    .page = Some(keys.to_vec());
            }
            _ => panic!("data/actions.txt: what is \"{line}\""),
        }
    }
    let mut current = "";
    for line in shapes
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("source "))
    {
        if let Some(body) = line.strip_prefix("  ") {
            let shape = facts
                .shapes
                .get_mut(current)
                .expect("a shape before its members");
            if shape.kind == "structure" {
                shape.members.push(member(body))
            } else {
                shape.values.push(body)
            }
            continue;
        }
        let mut words: Vec<&str> = line.split_whitespace().collect();
        let sensitive = words.pop_if(|word| *word == "sensitive").is_some();
        let (kind, name, item) = match words.as_slice() {
            [kind, name] => (*kind, *name, None),
            [kind, name, item, element] => (*kind, *name, Some((*item, *element))),
            _ => panic!("data/shapes.txt: what is \"{line}\""),
        };
        current = name;
        facts.shapes.insert(
            name,
            Shape {
                kind,
                sensitive,
                item,
                ..Shape::default()
            },
        );
    }
    mark(&mut facts);
    facts
}

fn member(body: &str) -> Member<'_> {
    let words: Vec<&str> = body.split_whitespace().collect();
    let name = words[0].trim_end_matches(['!', '*']);
    let marks = &words[0][name.len()..];
    let location = words.get(2).map(|location| match *location {
        "~" => name[..1].to_ascii_lowercase() + &name[1..],
        literal => literal.to_owned(),
    });
    Member {
        name,
        required: marks.contains('!'),
        token: marks.contains('*'),
        shape: words[1],
        location,
        query: words.get(3).copied(),
    }
}

/// Notes which shapes requests and responses reach.
fn mark(facts: &mut Facts<'_>) {
    let inputs: Vec<&str> = facts.actions.iter().map(|action| action.input).collect();
    let outputs: Vec<&str> = facts.actions.iter().map(|action| action.output).collect();
    for (mut queue, request) in [(inputs, true), (outputs, false)] {
        while let Some(name) = queue.pop() {
            let shape = facts
                .shapes
                .get_mut(name)
                .unwrap_or_else(|| panic!("data/shapes.txt lacks {name}"));
            let seen = if request {
                &mut shape.in_requests
            } else {
                &mut shape.in_responses
            };
            if !std::mem::replace(seen, true) {
                queue.extend(shape.members.iter().map(|member| member.shape));
                queue.extend(shape.item.map(|(item, _)| item));
            }
        }
    }
}
