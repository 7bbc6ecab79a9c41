//! Rules as bytes, for programs that carry them ready to use: no YAML to read, no expression to parse.
//!
//! What only readers of a rule want stays behind: the files, reasonings, the text of expressions, columns, and the long
//! texts of gaps. The bytes belong to the version of this crate that made them; nothing keeps them.

mod bytes;
mod model;

use bytes::{Packer, Unpacker};

use crate::Rules;

/// First byte: another number is another layout.
const LAYOUT: u8 = 1;

impl Rules {
    /// The rules as bytes for [`Rules::unpack`].
    pub fn pack(&self) -> Vec<u8> {
        let mut to = Packer::default();
        bytes::Packed::pack(self, &mut to);
        to.finish(LAYOUT)
    }

    /// The rules that [`Rules::pack`] wrote; `None` for other bytes.
    ///
    /// ```
    /// use rules::Rules;
    /// let packed = Rules::built_in().pack();
    /// let rules = Rules::unpack(&packed).expect("they were packed by this program");
    /// assert!(rules.actions.contains_key("RunInstances"));
    /// assert_eq!(Rules::unpack(b"something else").map(|rules| rules.actions.len()), None);
    /// ```
    pub fn unpack(bytes: &[u8]) -> Option<Rules> {
        let mut from = Unpacker::open(bytes, LAYOUT)?;
        let rules = bytes::Packed::unpack(&mut from)?;
        from.at_end().then_some(rules)
    }
}
