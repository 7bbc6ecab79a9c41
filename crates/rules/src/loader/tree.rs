//! Bodies, answers, `let`: expressions, constants, structures and blocks.

use serde_json::Value;

use super::reader::{Over, Reader};
use crate::format::BLOCK;
use crate::yaml::{Content, Scalar, Yaml};
use crate::{At, Block, Key, Let, Tree};

impl Reader<'_> {
    pub(super) fn tree(&mut self, yaml: &Yaml) -> Tree {
        match &yaml.content {
            Content::Scalar(scalar) => self.leaf(scalar),
            Content::List(entries) => Tree::List(
                entries.iter().map(|entry| self.tree(entry)).collect(),
                yaml.at.clone(),
            ),
            Content::Map(entries) if is_block(entries) => Tree::Block(Box::new(self.block(yaml))),
            Content::Map(_) => self.structure(yaml),
        }
    }

    /// An object that is never a block: an answer, the fields of a view.
    pub(super) fn structure(&mut self, yaml: &Yaml) -> Tree {
        let entries = self.entries(yaml, "a structure");
        let members = entries
            .iter()
            .map(|(key, value)| {
                let name = match key.text.as_str() {
                    "*" => Key::Merge,
                    name => Key::Name(name.to_owned()),
                };
                (name, self.tree(value))
            })
            .collect();
        Tree::Object(members, yaml.at.clone())
    }

    fn leaf(&mut self, scalar: &Scalar) -> Tree {
        if scalar.is_blank() {
            self.error(
                &scalar.at,
                "a value is missing here",
                "write null to send JSON null, {} for an empty object",
            );
        }
        match scalar.constant() {
            Some(constant) => Tree::Constant(constant, scalar.at.clone()),
            None => Tree::Expression(self.scalar_expression(scalar, Over::Scope)),
        }
    }

    fn block(&mut self, yaml: &Yaml) -> Block {
        let fields = self.fields(yaml, &BLOCK);
        let group = fields.get("group").and_then(|group| {
            let mut loops = self.loops(&fields, "group");
            if loops.len() > 1 {
                self.error(
                    &group.at,
                    "a group is made of one list",
                    "nest with each inside the item",
                );
            }
            (!loops.is_empty()).then(|| loops.remove(0))
        });
        let by = self.expressions(&fields, "by", Over::Scope);
        match (&group, by.is_empty()) {
            (Some(_), true) => self.error(
                &yaml.at,
                "a group needs the key 'by'",
                "by: what makes the key",
            ),
            (None, false) => {
                self.error(&fields.key_at("by"), "'by' stands beside 'group' only", "")
            }
            _ => {}
        }
        let block = Block {
            at: yaml.at.clone(),
            when: self.optional_expression(&fields, "when", Over::Scope),
            each: self.loops(&fields, "each"),
            group: group.map(|group| (group, by)),
            of: self.optional_expression(&fields, "of", Over::Scope),
            with: self.lets(fields.get("with")),
            lets: self.lets(fields.get("let")),
            item: fields.get("item").map(|item| self.tree(item)),
            view: self.optional_words(&fields, "view"),
        };
        if block.item.is_some() && block.view.is_some() {
            self.error(
                &fields.key_at("view"),
                "a block has an item or a view, not both",
                "",
            );
        }
        if !block.each.is_empty() && block.group.is_some() {
            self.error(
                &fields.key_at("group"),
                "a block repeats by each or by group, not both",
                "nest one in the other",
            );
        }
        if block.view.is_none() && (block.of.is_some() || !block.with.is_empty()) {
            let key = if block.of.is_some() { "of" } else { "with" };
            self.error(
                &fields.key_at(key),
                format!("'{key}' stands beside 'view' only"),
                "",
            );
        }
        if let Some(view) = &block.view
            && block.item.is_none()
        {
            let seen = usize::from(block.of.is_some())
                + usize::from(!block.each.is_empty())
                + usize::from(block.group.is_some());
            if seen == 0 {
                self.error(
                    &yaml.at,
                    format!("nothing says what is seen as {view}"),
                    "add of: one thing, or each: name in list",
                );
            } else if block.of.is_some()
                && seen > 1
                && block.group.is_none()
                && block.each.is_empty()
            {
                self.error(
                    &fields.key_at("of"),
                    "a view sees one thing, or each of a list",
                    "",
                );
            }
        }
        block
    }

    /// Names, each with a tree.
    pub(super) fn lets(&mut self, yaml: Option<&Yaml>) -> Vec<Let> {
        let Some(yaml) = yaml else { return vec![] };
        self.entries(yaml, "let")
            .iter()
            .map(|(key, value)| {
                if !is_name(&key.text) {
                    self.error(
                        &key.at,
                        format!("'{}' is no name", key.text),
                        "letters, digits and _, not beginning with a digit",
                    );
                }
                Let {
                    name: key.text.clone(),
                    at: key.at.clone(),
                    value: self.tree(value),
                }
            })
            .collect()
    }

    /// Keys of any spelling, each with a tree.
    pub(super) fn pairs(&mut self, yaml: Option<&Yaml>, what: &str) -> Vec<(String, Tree, At)> {
        let Some(yaml) = yaml else { return vec![] };
        self.entries(yaml, what)
            .iter()
            .map(|(key, value)| (key.text.clone(), self.tree(value), key.at.clone()))
            .collect()
    }

    /// Keys of any spelling, each with a constant.
    pub(super) fn constants(
        &mut self,
        yaml: Option<&Yaml>,
        what: &str,
    ) -> Vec<(String, Value, At)> {
        let Some(yaml) = yaml else { return vec![] };
        self.entries(yaml, what)
            .iter()
            .map(|(key, value)| (key.text.clone(), self.constant(value), key.at.clone()))
            .collect()
    }
}

fn is_block(entries: &[(Scalar, Yaml)]) -> bool {
    let has = |name: &str| entries.iter().any(|(key, _)| key.text == name);
    // An OpenStack object may have a member called item or view: it then has members no block has, or stands alone.
    has("item") || (has("view") && (has("of") || has("each") || has("group") || entries.len() == 1))
}

/// Whether an expression can name it without quotes.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
