//! The packed columns that `build.rs` wrote, read in place.

/// One column of the table, in bytes.
pub(crate) struct Column {
    start: usize,
    length: usize,
}

#[allow(
    dead_code,
    reason = "the build script writes every column and flag, whoever reads it"
)]
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

    /// First record in the ascending column for which `compare` answers `Equal`.
    pub(crate) fn search(&self, compare: impl Fn(u16) -> std::cmp::Ordering) -> Option<u16> {
        let (mut low, mut high) = (0, self.records());
        while low < high {
            let middle = low + (high - low) / 2;
            match compare(self.number(middle)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// Number of a string in the pool.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) u16);

impl Text {
    /// The string itself.
    pub(crate) fn get(self) -> &'static str {
        let block = usize::from(self.0) / STRIDE;
        let from = OFFSETS.start + 4 * block;
        let Some(&[a, b, c, d]) = TABLE.get(from..from + 4) else {
            return "";
        };
        let mut start = u32::from_le_bytes([a, b, c, d]) as usize;
        let first = LENGTHS.start + block * STRIDE;
        let own = LENGTHS.start + usize::from(self.0);
        for length in TABLE.get(first..own).unwrap_or_default() {
            start += usize::from(*length);
        }
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
