//! The places that light up together, and what they are called.

use crate::part::Part;

/// The places that are lit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lit {
    /// The place looked at.
    pub focus: String,
    /// All lit places, sorted; holds the focus too.
    pub keys: Vec<String>,
}

impl Lit {
    /// Whether a leaf is lit: it or what holds it.
    pub fn holds(&self, leaf: &str) -> bool {
        let mut holder = leaf;
        loop {
            if self
                .keys
                .binary_search_by(|key| key.as_str().cmp(holder))
                .is_ok()
            {
                return true;
            }
            match holder.rfind('/') {
                Some(at) => holder = holder.get(..at).unwrap_or_default(),
                None => return false,
            }
        }
    }

    /// The lit keys of one pane, by the part of the key before the first slash: `b2`, `r2`, `a`.
    pub fn of(&self, pane: &str) -> Vec<String> {
        self.keys
            .iter()
            .filter(|key| key.split('/').next() == Some(pane))
            .cloned()
            .collect()
    }

    /// Whether something is lit in a part of the page.
    pub fn in_part(&self, part: Part) -> bool {
        self.keys.iter().any(|key| part.shows(key))
    }

    /// What is lit, in words: `ImageId: 2 call fields, 1 answer element`.
    pub fn sentence(&self) -> String {
        let count = |panes: &[char]| {
            self.keys
                .iter()
                .filter(|key| key.starts_with(panes) && **key != self.focus)
                .count()
        };
        let parts: Vec<String> = [
            (count(&['q']), "parameter", "parameters"),
            (count(&['b', 'u', 'p']), "call field", "call fields"),
            (count(&['r']), "reply field", "reply fields"),
            (count(&['a']), "answer element", "answer elements"),
            (
                count(&['c']),
                "value of the context",
                "values of the context",
            ),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
        let linked = if parts.is_empty() {
            "linked to nothing".to_owned()
        } else {
            parts.join(", ")
        };
        format!("{}: {linked}", name(&self.focus))
    }
}

/// A place in words: `ImageId in the request`.
pub fn name(key: &str) -> String {
    if let Some((line, file)) = crate::in_force::line_of(key) {
        return format!("line {line} of {file}");
    }
    let (pane, path) = key.split_once('/').unwrap_or((key, ""));
    let path = path.replace("~1", "/").replace("~0", "~");
    let call = pane
        .get(1..)
        .and_then(|id| id.parse::<u32>().ok())
        .map_or(0, |id| id + 1);
    match pane.chars().next() {
        Some('q') => format!("{path} in the request"),
        Some('b') => format!("{path} in call {call}"),
        Some('u') => format!("a query value of call {call}"),
        Some('p') => format!("a path segment of call {call}"),
        Some('r') => format!("{path} in reply {call}"),
        Some('a') => format!("{path} in the answer"),
        _ => format!("{path} of the context"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(keys: &[&str]) -> Lit {
        Lit {
            focus: "q/Tags/0/Key".into(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        }
    }

    #[test]
    fn an_object_that_is_lit_lights_its_leaves_but_not_what_holds_it() {
        let lit = lit(&["b1/volume/metadata", "q/Tags/0/Key"]);
        assert!(lit.holds("b1/volume/metadata/Name") && lit.holds("b1/volume/metadata"));
        assert!(!lit.holds("b1/volume") && !lit.holds("b1/volume/metadata-2"));
        assert_eq!(lit.of("b1"), ["b1/volume/metadata"]);
        assert!(lit.of("b").is_empty());
    }

    #[test]
    fn what_is_lit_is_said_in_words() {
        let sentence = lit(&["a/X", "a/Y", "b1/volume/metadata", "q/Tags/0/Key"]).sentence();
        assert_eq!(
            sentence,
            "Tags/0/Key in the request: 1 call field, 2 answer elements"
        );
        assert_eq!(
            lit(&["q/Tags/0/Key"]).sentence(),
            "Tags/0/Key in the request: linked to nothing"
        );
        assert_eq!(name("r0/a~1b"), "a/b in reply 1");
    }
}
