//! The floating-point number nearest to a decimal one.
//!
//! The standard library does the same faster, with a table of ten kilobytes that the page would carry for the few
//! parameters of EC2 that are fractions.

use std::cmp::Ordering;

/// Digits that decide; of all beyond, only whether one is not zero.
const DECISIVE: usize = 800;
/// Powers of ten up to this one are exact.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// `digits` times ten to the power of `exponent`; `None` beyond the largest number.
pub(super) fn nearest(digits: impl Iterator<Item = u8>, exponent: i64) -> Option<f64> {
    let (mut kept, mut exponent) = (Vec::new(), exponent);
    let mut more = false;
    for digit in digits.skip_while(|digit| *digit == 0) {
        if kept.len() < DECISIVE {
            kept.push(digit);
        } else {
            exponent = exponent.saturating_add(1);
            more |= digit != 0;
        }
    }
    if more {
        kept.push(1);
        exponent = exponent.saturating_sub(1);
    }
    while kept.last() == Some(&0) {
        kept.pop();
        exponent = exponent.saturating_add(1);
    }
    let top = exponent.saturating_add(kept.len() as i64);
    if kept.is_empty() || top < -330 {
        return Some(0.0);
    }
    if top > 310 {
        return None;
    }
    let power = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
    if let (true, Some(ten)) = (kept.len() <= 15, EXACT.get(power)) {
        let whole = kept
            .iter()
            .fold(0.0, |all, digit| all * 10.0 + f64::from(*digit));
        return Some(if exponent < 0 {
            whole / ten
        } else {
            whole * ten
        });
    }
    let mut over = Whole::default();
    for digit in kept {
        over.times_and(10, u32::from(digit));
    }
    let mut under = Whole(vec![1]);
    let scaled = if exponent < 0 { &mut under } else { &mut over };
    (0..power).for_each(|_| scaled.times_and(10, 0));
    let number = quotient(over, under);
    number.is_finite().then_some(number)
}

/// One by another, neither zero, rounded to the nearest number and between two to the even one.
fn quotient(mut over: Whole, mut under: Whole) -> f64 {
    // Both are brought to one length, then the quotient is at least one half and less than two.
    let mut exponent = over.bits() - under.bits();
    if exponent > 0 {
        under.double(exponent);
    } else {
        over.double(-exponent);
    }
    if over.cmp(&under) == Ordering::Less {
        over.double(1);
        exponent -= 1;
    }
    // Numbers near zero have fewer digits.
    let digits = 53 - (-1022 - exponent).max(0);
    if digits < 0 {
        return 0.0;
    }
    let mut mantissa = 0_u64;
    for _ in 0..digits {
        let fits = over.cmp(&under) != Ordering::Less;
        mantissa = mantissa << 1 | u64::from(fits);
        if fits {
            over.minus(&under);
        }
        over.double(1);
    }
    mantissa += match over.cmp(&under) {
        Ordering::Greater => 1,
        Ordering::Equal => mantissa & 1,
        Ordering::Less => 0,
    };
    // Exact in two steps: each power is a number of its own, and so is the result.
    let exponent = exponent + 1 - digits;
    let half = exponent / 2;
    mantissa as f64 * power_of_two(half) * power_of_two(exponent - half)
}

/// For exponents of numbers with all their digits.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((exponent + 1023).clamp(0, 2047) as u64) << 52)
}

/// A whole number: 32 bits a piece, the lowest first, the last one not zero.
#[derive(Default)]
struct Whole(Vec<u32>);

impl Whole {
    fn times_and(&mut self, factor: u32, mut carry: u32) {
        for piece in &mut self.0 {
            let product = u64::from(*piece) * u64::from(factor) + u64::from(carry);
            *piece = product as u32;
            carry = (product >> 32) as u32;
        }
        if carry > 0 {
            self.0.push(carry);
        }
    }

    fn bits(&self) -> i64 {
        let top = self.0.last().map_or(0, |top| 32 - top.leading_zeros());
        32 * (self.0.len() as i64 - 1) + i64::from(top)
    }

    /// Doubles so many times.
    fn double(&mut self, times: i64) {
        let times = usize::try_from(times).unwrap_or_default();
        for _ in 0..times % 32 {
            self.times_and(2, 0);
        }
        self.0.splice(0..0, std::iter::repeat_n(0, times / 32));
    }

    /// Takes away one that is not greater.
    fn minus(&mut self, other: &Self) {
        let mut borrowed = false;
        let others = other.0.iter().copied().chain(std::iter::repeat(0));
        for (piece, other) in self.0.iter_mut().zip(others) {
            let (left, one) = piece.overflowing_sub(other);
            let (left, two) = left.overflowing_sub(u32::from(borrowed));
            (*piece, borrowed) = (left, one || two);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::decimal;

    fn same(text: &str) {
        let standard: Option<f64> = text.parse().ok().filter(|number: &f64| number.is_finite());
        assert_eq!(
            decimal(text).map(f64::to_bits),
            standard.map(f64::to_bits),
            "{text}"
        );
    }

    #[test]
    fn what_lies_between_two_numbers_is_rounded_as_the_standard_library_does() {
        for text in [
            "9007199254740993",
            "9007199254740993.00000000000000000001",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "4.9406564584124654e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "123456789012345678901234567890e-5",
            "1e-99999999999999999999",
            "0e99999999999999999999",
            "1e99999999999999999999",
        ] {
            same(text);
        }
        same(&format!("1.{}1e300", "0".repeat(900)));
        same(&format!("9007199254740993.{}1", "0".repeat(1_000)));
    }

    proptest! {
        #[test]
        fn any_number_is_read_as_the_standard_library_reads_it(
            bits in any::<u64>(),
            digits in "[0-9]{1,25}(\\.[0-9]{0,25})?",
            exponent in -345_i32..320,
        ) {
            same(&format!("{digits}e{exponent}"));
            let number = f64::from_bits(bits);
            if number.is_finite() {
                same(&format!("{number:e}"));
            }
        }
    }
}
