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

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/table.bin"));
static POOL: &str = include_str!(concat!(env!("OUT_DIR"), "/pool.txt"));

impl Column {
    /// Number of 16-bit records.
    pub(crate) const fn records(&self) -> u16 {
        (self.length / 2) as u16
    }

    /// Byte `at`; 0 past the end.
    #[inline]
    pub(crate) fn byte(&self, at: u16) -> u8 {
        TABLE
            .get(self.start + usize::from(at))
            .copied()
            .unwrap_or_default()
    }

    /// 16-bit record `at`; 0 past the end.
    #[inline]
    pub(crate) fn number(&self, at: u16) -> u16 {
        let from = self.start + 2 * usize::from(at);
        match TABLE.get(from..from + 2) {
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
        let Some(&[a, b, c, d]) = TABLE.get(from..from + 4) else {
            return 0;
        };
        let before = TABLE
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
        let start = LENGTHS.start(&OFFSETS, self.0);
        POOL.get(start..start + self.len()).unwrap_or_default()
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
