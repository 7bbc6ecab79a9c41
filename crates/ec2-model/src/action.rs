//! Actions, their paging and their filters.

use crate::shape::Shape;
use crate::table::{self, Text};

/// One of EC2's actions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Action(u16);

/// The action of that name, spelled exactly.
///
/// ```
/// assert!(ec2_model::action("DescribeInstances").is_some());
/// assert!(ec2_model::action("describeinstances").is_none());
/// ```
#[must_use]
pub fn action(name: &str) -> Option<Action> {
    table::search(table::ACTION_INPUTS.records(), |number| {
        Action(number).name().cmp(name)
    })
    .map(Action)
}

/// Every action, by name.
pub fn actions() -> impl ExactSizeIterator<Item = Action> {
    (0..table::ACTION_INPUTS.records()).map(Action)
}

impl Action {
    /// `RunInstances`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Text(table::FIRST_ACTION + self.0).get()
    }

    /// What a request holds: a structure, empty if the action takes nothing.
    #[must_use]
    pub fn input(self) -> Shape {
        here(table::ACTION_INPUTS.number(self.0))
    }

    /// What a response holds: a structure, empty if the action answers only that it succeeded.
    #[must_use]
    pub fn output(self) -> Shape {
        here(table::ACTION_OUTPUTS.number(self.0))
    }

    /// Whether more than its name is known now. Always, but in a page that is not whole yet: see [`crate::use_facts`].
    #[must_use]
    pub fn has_facts(self) -> bool {
        table::ACTION_INPUTS.number(self.0) != table::NOT_HERE
    }

    pub(crate) fn number(self) -> u16 {
        self.0
    }

    /// Its strings beside its name, by number.
    pub(crate) fn texts(self) -> impl Iterator<Item = u16> {
        let filters = table::FILTER_STARTS.range(self.0);
        let pages = table::PAGE_STARTS.range(self.0);
        filters
            .map(|at| table::FIRST_FILTER + at)
            .chain(pages.map(|at| table::PAGES.number(at)))
    }

    /// How the action pages, if it does.
    #[must_use]
    pub fn pagination(self) -> Option<Pagination> {
        let std::ops::Range { start, end } = table::PAGE_STARTS.range(self.0);
        (start < end && self.has_facts()).then_some(Pagination { start, end })
    }

    /// Filter names that the action documents, `tag:<key>` standing for a tag of any key; none if it takes no filters
    /// or documents none.
    ///
    /// ```
    /// let filters: Vec<_> = ec2_model::action("DescribeKeyPairs").unwrap().filters().collect();
    /// assert_eq!(filters, ["key-pair-id", "fingerprint", "key-name", "tag-key", "tag:<key>"]);
    /// ```
    pub fn filters(self) -> impl ExactSizeIterator<Item = &'static str> {
        table::FILTER_STARTS
            .range(self.0)
            .map(|at| Text(table::FIRST_FILTER + at).get())
    }
}

fn here(number: u16) -> Shape {
    Shape(if number == table::NOT_HERE { 0 } else { number })
}

impl std::fmt::Debug for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// How an action pages; all names are boto3 member names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    start: u16,
    end: u16,
}

impl Pagination {
    /// Request member that takes the token: `NextToken`.
    #[must_use]
    pub fn input_token(self) -> &'static str {
        Text(table::PAGES.number(self.start)).get()
    }

    /// Response member that gives the token: `NextToken`.
    #[must_use]
    pub fn output_token(self) -> &'static str {
        Text(table::PAGES.number(self.start + 1)).get()
    }

    /// Request member that bounds the page: `MaxResults`.
    #[must_use]
    pub fn limit_key(self) -> Option<&'static str> {
        Some(Text(table::PAGES.number(self.start + 2)).get()).filter(|key| !key.is_empty())
    }

    /// Response members whose items a page holds: `Reservations`.
    pub fn result_keys(self) -> impl ExactSizeIterator<Item = &'static str> {
        (self.start + 3..self.end).map(|at| Text(table::PAGES.number(at)).get())
    }
}

impl std::fmt::Debug for Pagination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pagination")
            .field("input_token", &self.input_token())
            .field("output_token", &self.output_token())
            .field("limit_key", &self.limit_key())
            .field("result_keys", &self.result_keys().collect::<Vec<_>>())
            .finish()
    }
}
