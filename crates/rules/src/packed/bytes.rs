//! The bytes: numbers of variable length, texts by number, places as steps from the last one.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Number, Value};

use crate::At;

/// Deepest nesting; rules have far less, and other bytes must not exhaust the stack.
const DEEPEST: u32 = 250;

/// Something that can be written as bytes and read again.
pub(super) trait Packed: Sized {
    fn pack(&self, to: &mut Packer);
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self>;
}

/// Collects what is written.
#[derive(Default)]
pub(super) struct Packer {
    body: Vec<u8>,
    texts: Vec<u8>,
    known: BTreeMap<String, u64>,
    file: Arc<str>,
    line: u32,
}

impl Packer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.body.push(byte);
    }

    fn number(&mut self, number: u64) {
        write_number(&mut self.body, number);
    }

    fn text(&mut self, text: &str) {
        let number = match self.known.get(text) {
            Some(number) => *number,
            None => {
                let number = self.known.len() as u64;
                self.known.insert(text.to_owned(), number);
                write_number(&mut self.texts, text.len() as u64);
                self.texts.extend_from_slice(text.as_bytes());
                number
            }
        };
        self.number(number);
    }

    /// Layout, number of texts, texts, body.
    pub(super) fn finish(self, layout: u8) -> Vec<u8> {
        let mut bytes = vec![layout];
        write_number(&mut bytes, self.known.len() as u64);
        bytes.extend(self.texts);
        bytes.extend(self.body);
        bytes
    }
}

fn write_number(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Reads what a [`Packer`] wrote.
pub(super) struct Unpacker<'a> {
    rest: &'a [u8],
    texts: Vec<&'a str>,
    file: Arc<str>,
    line: u32,
    depth: u32,
}

impl<'a> Unpacker<'a> {
    pub(super) fn open(bytes: &'a [u8], layout: u8) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        if *first != layout {
            return None;
        }
        let mut from = Self {
            rest,
            texts: Vec::new(),
            file: Arc::default(),
            line: 0,
            depth: 0,
        };
        for _ in 0..from.number()? {
            let length = from.number()?.try_into().ok()?;
            let (text, rest) = from.rest.split_at_checked(length)?;
            from.texts.push(std::str::from_utf8(text).ok()?);
            from.rest = rest;
        }
        Some(from)
    }

    pub(super) fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let number = usize::try_from(self.number()?).ok()?;
        self.texts.get(number).copied()
    }

    /// How many things follow; each takes a byte at least, so a false number cannot ask for much memory.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.rest.len()).then_some(count)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let made = read(self);
        self.depth -= 1;
        made
    }
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

impl Packed for At {
    /// The step in lines from the last place; an odd number says that the file changes.
    fn pack(&self, to: &mut Packer) {
        let step = zigzag(i64::from(self.line) - i64::from(to.line)) << 1;
        let other = *self.file != *to.file;
        to.number(step | u64::from(other));
        if other {
            to.text(&self.file);
            to.file = self.file.clone();
        }
        to.line = self.line;
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let step = from.number()?;
        if step & 1 == 1 {
            from.file = from.text()?.into();
        }
        let line = i64::from(from.line).checked_add(unzigzag(step >> 1))?;
        from.line = u32::try_from(line).ok()?;
        Some(Self {
            file: from.file.clone(),
            line: from.line,
            column: 0,
        })
    }
}

impl Packed for bool {
    fn pack(&self, to: &mut Packer) {
        to.byte(u8::from(*self));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(from.byte()? == 1)
    }
}

impl Packed for u16 {
    fn pack(&self, to: &mut Packer) {
        to.number(u64::from(*self));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

impl Packed for u32 {
    fn pack(&self, to: &mut Packer) {
        to.number(u64::from(*self));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

impl Packed for i64 {
    fn pack(&self, to: &mut Packer) {
        to.number(zigzag(*self));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.number().map(unzigzag)
    }
}

impl Packed for String {
    fn pack(&self, to: &mut Packer) {
        to.text(self);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.text().map(str::to_owned)
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, to: &mut Packer) {
        to.byte(u8::from(self.is_some()));
        if let Some(some) = self {
            some.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(None),
            _ => T::unpack(from).map(Some),
        }
    }
}

impl<T: Packed> Packed for Box<T> {
    fn pack(&self, to: &mut Packer) {
        T::pack(self, to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.deeper(T::unpack).map(Self::new)
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, to: &mut Packer) {
        to.number(self.len() as u64);
        for one in self {
            one.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let count = from.count()?;
        from.deeper(|from| (0..count).map(|_| T::unpack(from)).collect())
    }
}

impl<T: Packed> Packed for BTreeMap<String, T> {
    fn pack(&self, to: &mut Packer) {
        to.number(self.len() as u64);
        for (name, one) in self {
            to.text(name);
            one.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        // One by one: collecting sorts, and a sort for each kind of thing is a lot of program.
        let mut all = Self::new();
        for _ in 0..from.count()? {
            all.insert(String::unpack(from)?, T::unpack(from)?);
        }
        Some(all)
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn pack(&self, to: &mut Packer) {
        self.0.pack(to);
        self.1.pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some((A::unpack(from)?, B::unpack(from)?))
    }
}

impl<A: Packed, B: Packed, C: Packed> Packed for (A, B, C) {
    fn pack(&self, to: &mut Packer) {
        self.0.pack(to);
        self.1.pack(to);
        self.2.pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some((A::unpack(from)?, B::unpack(from)?, C::unpack(from)?))
    }
}

impl Packed for Value {
    fn pack(&self, to: &mut Packer) {
        match self {
            Self::Null => to.byte(0),
            Self::Bool(false) => to.byte(1),
            Self::Bool(true) => to.byte(2),
            Self::Number(number) => match number.as_i64() {
                Some(whole) => {
                    to.byte(3);
                    whole.pack(to);
                }
                None => {
                    to.byte(4);
                    to.text(&number.to_string());
                }
            },
            Self::String(text) => {
                to.byte(5);
                to.text(text);
            }
            Self::Array(entries) => {
                to.byte(6);
                entries.pack(to);
            }
            Self::Object(members) => {
                to.byte(7);
                to.number(members.len() as u64);
                for (name, value) in members {
                    to.text(name);
                    value.pack(to);
                }
            }
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(match from.byte()? {
            0 => Self::Null,
            1 => Self::Bool(false),
            2 => Self::Bool(true),
            3 => Self::Number(i64::unpack(from)?.into()),
            4 => Self::Number(from.text()?.parse::<Number>().ok()?),
            5 => Self::String(String::unpack(from)?),
            6 => Self::Array(Vec::unpack(from)?),
            7 => {
                let count = from.count()?;
                let members: Option<Map<String, Self>> = from.deeper(|from| {
                    (0..count)
                        .map(|_| Some((String::unpack(from)?, Self::unpack(from)?)))
                        .collect()
                });
                Self::Object(members?)
            }
            _ => return None,
        })
    }
}
