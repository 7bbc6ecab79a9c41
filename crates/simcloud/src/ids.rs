//! Identifiers from a seed and a counter: the same calls on the same seed give the same ids.

use serde::{Deserialize, Serialize};

/// Source of every identifier, address and secret that the cloud makes up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ids {
    seed: u64,
    counter: u64,
    macs: u32,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            counter: 0,
            macs: 0,
        }
    }

    /// SplitMix64 over the counter; good enough to look random, and reproducible.
    pub(crate) fn number(&mut self) -> u64 {
        self.counter = self.counter.wrapping_add(1);
        let mut z = self
            .seed
            .wrapping_add(self.counter.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A version 4 UUID with dashes.
    pub(crate) fn uuid(&mut self) -> String {
        let high = (self.number() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000;
        let low = (self.number() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xFFFF,
            high & 0xFFFF,
            low >> 48,
            low & 0xFFFF_FFFF_FFFF
        )
    }

    /// 32 hexadecimal digits, as Keystone writes its ids.
    pub(crate) fn hex(&mut self) -> String {
        self.uuid().replace('-', "")
    }

    /// A MAC address under Neutron's default prefix; never repeated.
    pub(crate) fn mac(&mut self) -> String {
        self.macs = self.macs.wrapping_add(1);
        let n = self.macs.wrapping_mul(0x9E_3779) & 0xFF_FFFF;
        format!(
            "fa:16:3e:{:02x}:{:02x}:{:02x}",
            n >> 16,
            (n >> 8) & 0xFF,
            n & 0xFF
        )
    }

    /// `length` lower-case letters and digits.
    pub(crate) fn word(&mut self, length: usize) -> String {
        const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        (0..length)
            .map(|_| {
                LETTERS
                    .get((self.number() % 36) as usize)
                    .map_or('a', |b| *b as char)
            })
            .collect()
    }
}

/// Whether the text is a UUID, with or without dashes.
pub(crate) fn is_uuid(text: &str) -> bool {
    let digits = text.chars().filter(|c| *c != '-').count();
    digits == 32 && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_well_formed_distinct_and_reproducible() {
        let (mut a, mut b) = (Ids::new(7), Ids::new(7));
        let first: Vec<String> = (0..1000).map(|_| a.uuid()).collect();
        assert!(
            first
                .iter()
                .all(|id| is_uuid(id) && id.len() == 36 && id.as_bytes()[14] == b'4')
        );
        assert_eq!(first, (0..1000).map(|_| b.uuid()).collect::<Vec<_>>());
        let distinct: std::collections::BTreeSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), 1000);
    }

    #[test]
    fn macs_do_not_repeat() {
        let mut ids = Ids::new(1);
        let macs: std::collections::BTreeSet<_> = (0..20_000).map(|_| ids.mac()).collect();
        assert_eq!(macs.len(), 20_000);
    }
}
