//! The packed columns that `build.rs` wrote, read in place.

/// One column of the table, in bytes.
pub(crate) struct Column {
    start: usize,
    length: usize,
}

mod layout {
    use super::Column;
    include!(concat!(env!("OUT_DIR"), "/layout.rs"));
}

pub(crate) use layout::*;

/// Facts that lookups read.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    pub(crate) table: &'static [u8],
    pub(crate) names: &'static str,
}

static ALL: Facts = Facts {
    table: include_bytes!(concat!(env!("OUT_DIR"), "/table.bin")),
    names: include_str!(concat!(env!("OUT_DIR"), "/pool.txt")),
};

/// Stands for the input and the output of an action whose facts are not here.
pub(crate) const NOT_HERE: u16 = u16::MAX;

/// Every fact: the table and the names in it.
pub(crate) fn all() -> (&'static [u8], &'static str) {
    (ALL.table, ALL.names)
}

/// A native program has all facts.
#[cfg(not(target_arch = "wasm32"))]
#[inline]
fn facts() -> Facts {
    #[cfg(test)]
    if let Some(facts) = tests::INSTEAD.get() {
        return facts;
    }
    ALL
}

/// The page begins with few and is handed the others; so they must not be part of it.
#[cfg(target_arch = "wasm32")]
mod chosen {
    use std::sync::OnceLock;

    use super::Facts;

    static FIRST: OnceLock<Facts> = OnceLock::new();
    static SECOND: OnceLock<Facts> = OnceLock::new();

    pub(super) fn facts() -> Facts {
        const NONE: Facts = Facts {
            table: &[],
            names: "",
        };
        SECOND
            .get()
            .or_else(|| FIRST.get())
            .copied()
            .unwrap_or(NONE)
    }

    pub(crate) fn choose(facts: Facts) {
        if let Err(facts) = FIRST.set(facts) {
            // What comes third is what came second.
            let _ = SECOND.set(facts);
        }
    }
}

#[cfg(target_arch = "wasm32")]
use chosen::facts;

/// Looks up in these from now on.
pub(crate) fn choose(table: &'static [u8], names: &'static str) {
    #[cfg(target_arch = "wasm32")]
    chosen::choose(Facts { table, names });
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (table, names);
}

impl Column {
    /// Number of bytes.
    pub(crate) const fn bytes(&self) -> u16 {
        self.length as u16
    }

    /// Where in the table it starts.
    pub(crate) const fn first(&self) -> usize {
        self.start
    }

    /// Number of 16-bit records.
    pub(crate) const fn records(&self) -> u16 {
        (self.length / 2) as u16
    }

    /// Byte `at`; 0 past the end.
    #[inline]
    pub(crate) fn byte(&self, at: u16) -> u8 {
        facts()
            .table
            .get(self.start + usize::from(at))
            .copied()
            .unwrap_or_default()
    }

    /// 16-bit record `at`; 0 past the end.
    #[inline]
    pub(crate) fn number(&self, at: u16) -> u16 {
        let from = self.start + 2 * usize::from(at);
        match facts().table.get(from..from + 2) {
            Some(&[low, high]) => u16::from_le_bytes([low, high]),
            _ => 0,
        }
    }

    /// Records `at` and the one after it, as a range.
    pub(crate) fn range(&self, at: u16) -> std::ops::Range<u16> {
        self.number(at)..self.number(at.saturating_add(1))
    }

    /// Where thing `at` starts, this being the column of its kind's lengths and `starts` that of every [`STRIDE`]th start.
    #[inline]
    pub(crate) fn start(&self, starts: &Column, at: u16) -> usize {
        let block = usize::from(at) / STRIDE;
        let from = starts.start + 4 * block;
        let table = facts().table;
        let Some(&[a, b, c, d]) = table.get(from..from + 4) else {
            return 0;
        };
        let before = table
            .get(self.start + block * STRIDE..self.start + usize::from(at))
            .unwrap_or_default();
        let start = u32::from_le_bytes([a, b, c, d]) as usize;
        before
            .iter()
            .fold(start, |start, length| start + usize::from(*length))
    }
}

/// The number below `count` for which `compare` answers `Equal`, if the answers ascend.
pub(crate) fn search(count: u16, compare: impl Fn(u16) -> std::cmp::Ordering) -> Option<u16> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(middle) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// Number of a string in the pool.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) u16);

impl Text {
    /// The string itself.
    pub(crate) fn get(self) -> &'static str {
        self.of(facts().names)
    }

    pub(crate) fn of(self, names: &'static str) -> &'static str {
        let start = LENGTHS.start(&OFFSETS, self.0);
        names.get(start..start + self.len()).unwrap_or_default()
    }

    #[inline]
    fn len(self) -> usize {
        usize::from(LENGTHS.byte(self.0))
    }

    /// Whether this is `text`; cheap when the lengths differ.
    #[inline]
    pub(crate) fn is(self, text: &str) -> bool {
        self.len() == text.len() && self.get() == text
    }
}

/// Number of a member among those whose query name stands aside.
pub(crate) fn aside(member: u16) -> Option<u16> {
    search(ASIDE_MEMBERS.records(), |at| {
        ASIDE_MEMBERS.number(at).cmp(&member)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::Facts;

    thread_local! {
        pub(super) static INSTEAD: Cell<Option<Facts>> = const { Cell::new(None) };
    }

    /// Runs with other facts than all.
    pub(crate) fn with(facts: Facts, run: impl FnOnce()) {
        INSTEAD.set(Some(facts));
        run();
        INSTEAD.set(None);
    }
}
