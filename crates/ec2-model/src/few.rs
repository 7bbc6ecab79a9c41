//! The facts of some actions: for a page that must be small before it is whole.
//!
//! All numbers stay what they are, and what belongs to other actions is empty; so a handle means the same whichever facts are in use.

use std::collections::BTreeSet;

use crate::action::{Action, actions};
use crate::shape::Shape;
use crate::table::{self, Column, Text};

/// What stays: strings and shapes by number.
#[derive(Default)]
struct Kept {
    texts: BTreeSet<u16>,
    shapes: BTreeSet<u16>,
}

impl Kept {
    fn shape(&mut self, shape: Shape) {
        let mut left = vec![shape];
        while let Some(shape) = left.pop() {
            if !self.shapes.insert(shape.0) {
                continue;
            }
            self.texts.insert(shape.0);
            self.texts.extend(shape.texts());
            left.extend(shape.members().map(crate::Member::shape));
            left.extend(shape.item());
        }
    }
}

/// The facts of the actions of these names, and of all others only that they exist; for [`crate::use_facts`].
///
/// ```
/// let (table, names) = ec2_model::few(&["StopInstances"]);
/// let (all, all_names) = ec2_model::all();
/// assert_eq!(table.len(), all.len());
/// assert!(names.len() < all_names.len() / 10);
/// ```
#[must_use]
pub fn few(names: &[&str]) -> (Vec<u8>, String) {
    let (chosen, others): (Vec<Action>, Vec<Action>) =
        actions().partition(|action| names.contains(&action.name()));
    let mut kept = Kept::default();
    kept.texts
        .extend((0..table::ACTION_INPUTS.records()).map(|at| table::FIRST_ACTION + at));
    for action in &chosen {
        kept.shape(action.input());
        kept.shape(action.output());
        kept.texts.extend(action.texts());
    }

    let (bytes, names) = table::all();
    let mut few = Few(bytes.to_vec());
    for shape in (0..table::SHAPE_KINDS.bytes()).filter(|number| !kept.shapes.contains(number)) {
        few.forget(Shape(shape));
    }
    for action in others {
        few.number(&table::ACTION_INPUTS, action.number(), table::NOT_HERE);
        few.number(&table::ACTION_OUTPUTS, action.number(), table::NOT_HERE);
        for page in table::PAGE_STARTS.range(action.number()) {
            few.number(&table::PAGES, page, 0);
        }
    }
    let mut pool = String::new();
    for text in 0..table::LENGTHS.bytes() {
        if usize::from(text) % table::STRIDE == 0 {
            let start = u32::try_from(pool.len()).unwrap_or(u32::MAX);
            few.bytes(
                &table::OFFSETS,
                4 * (usize::from(text) / table::STRIDE),
                &start.to_le_bytes(),
            );
        }
        if kept.texts.contains(&text) {
            pool.push_str(Text(text).of(names));
        } else {
            few.bytes(&table::LENGTHS, usize::from(text), &[0]);
        }
    }
    (few.0, pool)
}

/// A table being emptied.
struct Few(Vec<u8>);

impl Few {
    fn bytes(&mut self, column: &Column, at: usize, bytes: &[u8]) {
        let start = column.first() + at;
        if let Some(place) = self.0.get_mut(start..start + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    }

    fn number(&mut self, column: &Column, at: u16, number: u16) {
        self.bytes(column, 2 * usize::from(at), &number.to_le_bytes());
    }

    fn forget(&mut self, shape: Shape) {
        self.bytes(&table::SHAPE_KINDS, usize::from(shape.0), &[0]);
        for member in shape.member_range() {
            for column in [
                &table::MEMBER_NAMES,
                &table::MEMBER_SHAPES,
                &table::MEMBER_WIRES,
            ] {
                self.number(column, member, 0);
            }
            self.bytes(&table::MEMBER_FLAGS, usize::from(member), &[0]);
            if let Some(aside) = table::aside(member) {
                self.number(&table::ASIDE_NAMES, aside, 0);
            }
        }
        if let Some(list) = shape.list() {
            self.number(&table::ITEM_SHAPES, list, 0);
            self.number(&table::ITEM_NAMES, list, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use super::*;
    use crate::table::{Facts, tests::with};

    const SOME: [&str; 4] = [
        "DescribeInstances",
        "RunInstances",
        "DescribeKeyPairs",
        "AuthorizeSecurityGroupIngress",
    ];

    /// Everything that can be asked of an action.
    fn told(action: Action) -> String {
        let mut out = format!(
            "{action:?} {:?} {:?}\n",
            action.pagination(),
            action.filters().collect::<Vec<_>>()
        );
        let (mut seen, mut left) = (BTreeSet::new(), vec![action.input(), action.output()]);
        while let Some(shape) = left.pop() {
            if !seen.insert(shape) {
                continue;
            }
            let values: Vec<_> = shape.enum_values().collect();
            writeln!(
                out,
                "{shape:?} {} {} {values:?}",
                shape.sensitive(),
                shape.item_xml()
            )
            .unwrap();
            for member in shape.members() {
                let marks = (member.required(), member.idempotency_token());
                let names = (member.query_name(), member.xml_name());
                writeln!(out, "  {member:?} {names:?} {marks:?}").unwrap();
                left.push(member.shape());
            }
            left.extend(shape.item());
        }
        out
    }

    #[test]
    fn chosen_actions_are_told_whole_and_the_others_by_name() {
        let whole: Vec<String> = actions().map(told).collect();
        let (bytes, names) = few(&SOME);
        let facts = Facts {
            table: bytes.leak(),
            names: names.leak(),
        };
        with(facts, || {
            for (action, whole) in actions().zip(&whole) {
                let name = action.name();
                assert_eq!(whole.split(' ').next(), Some(name));
                assert_eq!(crate::action(name), Some(action));
                assert_eq!(action.has_facts(), SOME.contains(&name), "{name}");
                if action.has_facts() {
                    assert_eq!(told(action), *whole);
                } else {
                    assert_eq!(action.input().members().len(), 0, "{name}");
                    assert_eq!(action.filters().filter(|name| !name.is_empty()).count(), 0);
                    assert_eq!(action.pagination(), None);
                }
            }
        });
        assert!(actions().all(Action::has_facts));
    }
}
