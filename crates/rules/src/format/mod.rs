//! The keys of every form a rule file can hold: one table for the loader, the JSON Schema and the reference.

mod action;
mod data;

pub use action::{ACTION, ALREADY, BLOCK, CALL, MEANING, NOTE, PAGING, PUSH, REFUSAL, UNDO, VIEW};
pub use data::{ACTIONS, FAMILY, FAULT, FAULTS, GAP, KIND, KINDS, TABLE};

/// An object with known keys.
#[derive(Debug)]
pub struct Form {
    /// What a reader calls it: `an action`.
    pub name: &'static str,
    /// Its keys, in the order they are best written.
    pub keys: &'static [Key],
}

/// One key of a form.
#[derive(Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What stands behind it.
    pub value: Takes,
    /// Whether the form makes no sense without it.
    pub required: bool,
    /// What it means, in a sentence.
    pub about: &'static str,
}

/// What may stand behind a key.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// A word or sentence, as it stands.
    Text,
    /// A JMESPath expression.
    Expression,
    /// A text with expressions in braces.
    Template,
    /// A list of words.
    Texts,
    /// One expression or a list of them.
    Expressions,
    /// An expression, constant, structure or block.
    Tree,
    /// Names, each with a tree.
    Trees,
    /// Names, each with a constant.
    Constants,
    /// `true` or `false`.
    Flag,
    /// `60 s`.
    Seconds,
    /// `name in list`, several with commas.
    Loops,
    /// A form.
    One(&'static Form),
    /// A list of forms.
    Many(&'static Form),
    /// Names, each with a form.
    Named(&'static Form),
    /// `none`, a request line, or a form.
    Undo,
    /// HTTP errors, each with its meaning.
    Faults,
    /// EC2 filters, each with a path or a note.
    Filters,
    /// Rows of a table.
    Rows,
}

const fn must(name: &'static str, value: Takes, about: &'static str) -> Key {
    Key {
        name,
        value,
        required: true,
        about,
    }
}

const fn may(name: &'static str, value: Takes, about: &'static str) -> Key {
    Key {
        name,
        value,
        required: false,
        about,
    }
}

/// Every form, for the reference and the schema.
pub static FORMS: &[&Form] = &[
    &ACTION, &VIEW, &CALL, &UNDO, &PUSH, &REFUSAL, &ALREADY, &PAGING, &NOTE, &MEANING, &BLOCK,
    &TABLE, &GAP, &KINDS, &KIND, &FAULTS, &FAULT, &ACTIONS, &FAMILY,
];
