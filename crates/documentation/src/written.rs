//! Parts of a rule as the words that stand in the file.

use rules::{Key, Loop, Piece, Text, Tree, Value};

/// A text with expressions in braces.
pub fn text(text: &Text) -> String {
    let mut out = String::new();
    for piece in &text.pieces {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Expression(expression) => {
                out.push('{');
                out.push_str(&expression.text);
                out.push('}');
            }
        }
    }
    out
}

/// `x in list, y in f(x)`.
pub fn loops(loops: &[Loop]) -> String {
    let each: Vec<String> = loops
        .iter()
        .map(|one| format!("{} in {}", one.name, one.list.text))
        .collect();
    each.join(", ")
}

/// The scalars of a tree: dotted place, and what stands there. Lists do not show in a place, conditions and loops do in
/// what stands there.
pub fn leaves(tree: &Tree) -> Vec<(String, String)> {
    let mut out = Vec::new();
    collect(tree, "", "", &mut out);
    out
}

fn collect(tree: &Tree, place: &str, note: &str, out: &mut Vec<(String, String)>) {
    match tree {
        Tree::Expression(expression) => {
            out.push((place.to_owned(), format!("{}{note}", expression.text)));
        }
        Tree::Constant(value, _) => {
            out.push((place.to_owned(), format!("{}{note}", constant(value))))
        }
        Tree::Object(members, _) if members.is_empty() => {
            out.push((place.to_owned(), format!("{{}}{note}")));
        }
        Tree::Object(members, _) => {
            for (key, tree) in members {
                let name = match key {
                    Key::Name(name) => name.as_str(),
                    Key::Merge => "*",
                };
                collect(tree, &below(place, name), note, out);
            }
        }
        Tree::List(entries, _) => {
            let place = format!("{place}[]");
            for entry in entries {
                collect(entry, &place, note, out);
            }
        }
        Tree::Block(block) => {
            let mut note = note.to_owned();
            if !block.each.is_empty() {
                note.push_str(&format!("  (for each {})", loops(&block.each)));
            }
            if let Some((one, _)) = &block.group {
                note.push_str(&format!(
                    "  (for each group of {} in {})",
                    one.name, one.list.text
                ));
            }
            if let Some(when) = &block.when {
                note.push_str(&format!("  (when {})", when.text));
            }
            if let Some(item) = &block.item {
                collect(item, place, &note, out);
            }
            if let Some(view) = &block.view {
                let of = block.of.as_ref().map_or("each", |of| of.text.as_str());
                out.push((place.to_owned(), format!("view {view} of {of}{note}")));
            }
        }
    }
}

/// `a.b`, without the dot at the top.
pub fn below(place: &str, name: &str) -> String {
    if place.is_empty() {
        name.to_owned()
    } else {
        format!("{place}.{name}")
    }
}

/// A constant as JSON, which is also YAML.
pub fn constant(value: &Value) -> String {
    value.to_string()
}
