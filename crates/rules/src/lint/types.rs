//! What the linter knows of a value: whether it comes from the request, and from which member.

use std::collections::BTreeSet;
use std::rc::Rc;

use ec2_model::{Kind, Shape};

/// What is known of a value.
#[derive(Clone, Debug)]
pub(super) enum Type {
    /// Nothing: an OpenStack reply, mostly.
    Unknown,
    Null,
    Boolean,
    Number,
    Text,
    /// The whole request.
    Request,
    /// A value of the request, with its dotted path.
    Input(Shape, Rc<str>),
    /// An object whose members are known.
    Object(Rc<Vec<(String, Type)>>),
    /// A list of such.
    List(Rc<Type>),
    /// One of these.
    Either(Rc<Vec<Type>>),
}

impl Type {
    pub fn either(mut types: Vec<Type>) -> Type {
        types.retain(|one| !matches!(one, Type::Null));
        match types.len() {
            0 => Type::Null,
            1 => types.remove(0),
            _ => Type::Either(Rc::new(types)),
        }
    }

    pub fn list_of(self) -> Type {
        match self {
            // A list of scalars stays the member of the request that it is.
            Type::Unknown => Type::Unknown,
            item => Type::List(Rc::new(item)),
        }
    }

    /// An item, where the value is a list.
    pub fn item(&self) -> Type {
        match self {
            Type::Input(shape, path) => match shape.item() {
                Some(item) => Type::Input(item, path.clone()),
                None => Type::Unknown,
            },
            Type::List(item) => (**item).clone(),
            Type::Either(types) => Type::either(types.iter().map(Type::item).collect()),
            _ => Type::Unknown,
        }
    }

    /// One level flattened, as `[]` does.
    pub fn flattened(&self) -> Type {
        match self {
            Type::List(item) => match &**item {
                Type::List(_) => (**item).clone(),
                Type::Input(shape, _) if shape.kind() == Kind::List => (**item).clone(),
                Type::Either(types) => Type::either(
                    types
                        .iter()
                        .map(|one| Type::List(Rc::new(one.clone())).flattened())
                        .collect(),
                ),
                _ => self.clone(),
            },
            Type::Either(types) => Type::either(types.iter().map(Type::flattened).collect()),
            other => other.clone(),
        }
    }

    pub fn is_boolean(&self) -> bool {
        match self {
            Type::Boolean => true,
            Type::Input(shape, _) => shape.kind() == Kind::Boolean,
            Type::Either(types) => types.iter().all(Type::is_boolean),
            _ => false,
        }
    }
}

/// Whether a member of the request is read as soon as it is named: a scalar, or a list of scalars.
pub(super) fn is_leaf(shape: Shape) -> bool {
    match shape.kind() {
        Kind::Structure => false,
        Kind::List => shape.item().is_none_or(is_leaf),
        _ => true,
    }
}

/// The dotted paths of all leaves of a shape.
pub(super) fn leaves(shape: Shape, path: &str, found: &mut BTreeSet<String>) {
    descend(shape, path, found, 0);
}

fn descend(shape: Shape, path: &str, found: &mut BTreeSet<String>, depth: usize) {
    // The EC2 model has a few structures that hold themselves; nobody writes them this deep.
    if depth > 12 {
        return;
    }
    if is_leaf(shape) {
        if !path.is_empty() {
            found.insert(path.to_owned());
        }
    } else if let Some(item) = shape.item() {
        descend(item, path, found, depth + 1);
    } else {
        for member in shape.members() {
            descend(
                member.shape(),
                &joined(path, member.name()),
                found,
                depth + 1,
            );
        }
    }
}

pub(super) fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The structure in a list of lists of structures.
pub(super) fn innermost(mut shape: Shape) -> Shape {
    while let Some(item) = shape.item() {
        shape = item;
    }
    shape
}
